"""The work of a check in this process: read -> parse -> resolve -> lower, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from wfcompile.checks import check_style, check_workflow
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
        lowered = []
        for done, each in enumerate(chosen):
            if progress is not None:
                progress(done, len(chosen), each.name)
            lowered.append(self._lower(each, project, schedules))
        return lowered

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

    def _lower(
        self, chosen: Chosen, project: Project, schedules: Mapping[str, Schedule]
    ) -> Lowered:
        held = self.models(chosen.path)
        own, own_project = Diagnostics(), replace(project, needed={})
        workflow = held.workflows[chosen.name]
        module = lower_workflow(workflow, held.source, own_project, schedules, own)
        if module is not None:
            check_workflow(workflow, module, own)
            check_style(workflow, module, own_project, self._settings.style, own)
        report_own_imports(own_project.needed, own)
        needed = own_project.needed.items()
        return Lowered(
            None if module is None else module.search_path,
            tuple(Needed(top, by.name, by.line(1)) for top, by in needed),
            tuple(own),
            module,
        )


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
