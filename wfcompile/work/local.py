"""The work of a check in this process: read -> parse -> resolve -> lower, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from wfcompile.checks import check_style, check_workflow
from wfcompile.credentials.written import report_credentials
from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.lower import Project, depends_on_others, lower_workflow, triggers_of
from wfcompile.models import Schedule, Workflow
from wfcompile.parse import names_in, parse_file, parse_schedules
from wfcompile.reader import load, read
from wfcompile.resolve.callers import CallerRegistry, CallerRoot
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.resolve.imports import ImportGraph
from wfcompile.resolve.named_schedules import join_schedules
from wfcompile.resolve.own_imports import report_own_imports
from wfcompile.resolve.seen import Seen
from wfcompile.settings import Settings, SettingsError, caller_roots
from wfcompile.shellcheck import SETTINGS as SHELLCHECK
from wfcompile.shellcheck.texts import ShellText
from wfcompile.source import SourceFile, relative
from wfcompile.work.facts import (
    Chosen,
    FileFacts,
    Lowered,
    Name,
    Needed,
    Neighbours,
    Progress,
    WorkflowFacts,
)


@dataclass(frozen=True, slots=True)
class _Models:
    """What one file holds."""

    source: str
    text: SourceFile | None = None
    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)


class Local:
    """One use, for one state of the project."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._models: dict[Path, _Models] = {}
        self._in_filters = Diagnostics()

    def read(self, paths: Sequence[Path]) -> list[FileFacts]:
        return [self._read(path) for path in paths]

    def lower(
        self,
        chosen: Sequence[Chosen],
        neighbours: Neighbours,
        progress: Progress | None,
    ) -> list[Lowered]:
        project = replace(
            self._project,
            workflows=_Workflows(neighbours.workflows, self),
            unread=neighbours.unread,
            is_whole=neighbours.is_whole,
        )
        schedules = self._schedules(neighbours)
        by_name = {each.name: each for each in chosen}
        lowered: dict[str, tuple[Lowered, Sequence[ShellText]]] = {}
        for path, name in self._targets_first(chosen, neighbours):
            if progress is not None:
                progress(len(lowered.keys() & by_name), len(chosen), name)
            # of those that are only triggered the types of their outputs are wanted
            lowered[name] = self._lower(path, name, project, schedules)
        return self._with_shellcheck([lowered[each.name] for each in chosen])

    def found_in_filters(self) -> Sequence[Diagnostic]:
        return tuple(self._in_filters)

    @property
    def seen(self) -> Seen:
        """What was looked at beside the YAML files."""
        return self._project.callers.sources.seen

    def models(self, path: Path) -> _Models:
        if path not in self._models:
            # what is wrong with it was told where it was read first
            self._read(path)
        return self._models[path]

    def shown(self, path: Path) -> str:
        """As diagnostics print it."""
        return relative(path, Path.cwd())

    def text(self, path: Path) -> SourceFile | None:
        return self.models(path).text

    # --- files ---

    def _read(self, path: Path) -> FileFacts:
        source = relative(path, self._settings.root)
        own, parsed = Diagnostics(), Diagnostics()
        file = load(path, self.shown(path), own)
        self._models[path] = _Models(source, file)
        node = None if file is None else read(file, own)
        if file is not None:
            report_credentials(file, node, own)
        workflows: list[Workflow] = []
        names: frozenset[str] = frozenset()
        if file is not None and node is not None:
            workflows = parse_file(node, file, parsed)
            schedules = parse_schedules(node, file, parsed)
            names = names_in(node, file)
            by_name = {each.name: each for each in workflows}
            self._models[path] = _Models(source, file, by_name, schedules)
        return FileFacts(
            path,
            source,
            file,
            tuple(map(self._facts_of, workflows)),
            tuple(_names_of(self._models[path].schedules)),
            names,
            not own.has_errors,
            tuple(own),
            tuple(parsed),
            () if file is None else file.hidden,
        )

    def _facts_of(self, workflow: Workflow) -> WorkflowFacts:
        return WorkflowFacts(
            workflow.name,
            workflow.name_span,
            tuple(Name(name, span) for name, span in triggers_of(workflow).targets),
            # a matter of style is also who triggers it
            not (self._settings.style or depends_on_others(workflow)),
            workflow.is_whole,
        )

    # --- workflows ---

    @cached_property
    def _project(self) -> Project:
        settings = self._settings
        roots = [CallerRoot(folder, name) for folder, name in caller_roots(settings)]
        callers = CallerRegistry(roots)
        filters = FilterRegistry(
            roots, settings.filters, self._in_filters, sources=callers.sources
        )
        for name, place in settings.filter_places:
            if not filters.has_module(name):
                raise SettingsError(
                    f'there is no module of filters "{name}" ({place})',
                    "name a module below a folder of the callers",
                )
        return Project(
            build=settings.build,
            roots=tuple(root.folder for root in roots),
            callers=callers,
            filters=filters,
            imports=ImportGraph(callers.sources),
        )

    def _schedules(self, neighbours: Neighbours) -> dict[str, Schedule]:
        elsewhere = (self.models(path).schedules for path in neighbours.elsewhere)
        found = {name: each for held in elsewhere for name, each in held.items()}
        own = (self.models(path).schedules for path in neighbours.schedules)
        # the pipeline tells of those that are there twice
        return found | join_schedules(own, Diagnostics())

    def _targets_first(
        self, chosen: Sequence[Chosen], neighbours: Neighbours
    ) -> list[tuple[Path, str]]:
        """The workflows, each behind those that it triggers by a name that is written out."""
        paths = {**neighbours.workflows, **{each.name: each.path for each in chosen}}
        ordered: dict[str, Path] = {}
        met: set[str] = set()
        todo = [(each.name, False) for each in reversed(chosen)]
        while todo:
            name, is_done = todo.pop()
            if is_done:
                ordered[name] = paths[name]
            elif name in paths and name not in met:
                met.add(name)
                todo.append((name, True))
                links = triggers_of(self.models(paths[name]).workflows[name])
                todo += [(target, False) for target, _ in reversed(links.targets)]
        return [(path, name) for name, path in ordered.items()]

    def _lower(
        self,
        path: Path,
        name: str,
        project: Project,
        schedules: Mapping[str, Schedule],
    ) -> tuple[Lowered, Sequence[ShellText]]:
        """With its scripts."""
        held, own = self.models(path), Diagnostics()
        own_project = replace(project, needed={}, shell_texts=[])
        workflow = held.workflows[name]
        module = lower_workflow(workflow, held.source, own_project, schedules, own)
        if module is not None:
            check_workflow(workflow, module, own)
            check_style(workflow, module, own_project, self._settings.style, own)
        report_own_imports(own_project.needed, own)
        needed = own_project.needed.items()
        lowered = Lowered(
            None if module is None else module.search_path,
            tuple(Needed(top, by.name, by.line(1)) for top, by in needed),
            tuple(own),
            module,
            workflow,
        )
        return lowered, own_project.shell_texts

    def _with_shellcheck(
        self, lowered: Sequence[tuple[Lowered, Sequence[ShellText]]]
    ) -> list[Lowered]:
        """It is asked once, about all scripts."""
        if not self._settings.shellcheck:
            return [each for each, _ in lowered]
        # it loads what a check without it does not need
        from wfcompile.shellcheck.findings import check_texts  # noqa: PLC0415
        from wfcompile.shellcheck.process import ShellcheckError  # noqa: PLC0415

        root = self._settings.root
        self.seen.is_file(root / SHELLCHECK)
        try:
            told = check_texts([texts for _, texts in lowered], root)
        except ShellcheckError as error:
            raise SettingsError(str(error), error.help) from error
        return [
            replace(each, found=(*each.found, *more))
            for (each, _), more in zip(lowered, told, strict=True)
        ]


class _Workflows(Mapping[str, Workflow]):
    """Those that can be triggered; a file is read when one of its workflows is."""

    def __init__(self, paths: Mapping[str, Path], work: Local) -> None:
        self._paths = paths
        self._work = work

    def __getitem__(self, name: str) -> Workflow:
        return self._work.models(self._paths[name]).workflows[name]

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _names_of(schedules: Mapping[str, Schedule]) -> Iterator[Name]:
    for name, schedule in schedules.items():
        assert schedule.key is not None, name
        yield Name(name, schedule.key.span)
