"""The passes in order: a project's YAML in, checked workflows and module texts out.

Diagnostics of all files are collected; a broken file or workflow hides no other one's errors and
stops no other one's build.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wfcompile import ir
from wfcompile.checks import check_style, check_workflow
from wfcompile.credentials.written import hide_credentials, report_credentials
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.discovery import find_files
from wfcompile.lower import Project, lower_workflow, triggers_of
from wfcompile.models import Schedule, Workflow
from wfcompile.models.shape_error import shortened
from wfcompile.names import module_name
from wfcompile.parse import names_in, parse_file, parse_schedules
from wfcompile.reader import load, read
from wfcompile.resolve.callers import CallerRegistry, CallerRoot
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.resolve.hidden_modules import HiddenModules
from wfcompile.resolve.imports import ImportGraph
from wfcompile.resolve.modules import SourceModule
from wfcompile.resolve.named_schedules import join_schedules
from wfcompile.resolve.own_imports import report_own_imports
from wfcompile.resolve.triggers import report_cycles
from wfcompile.settings import Settings, SettingsError, caller_roots
from wfcompile.shellcheck.texts import CODE as SHELLCHECK
from wfcompile.source import SourceFile
from wfcompile.suppressions import ignore_warnings

_LONGEST_NAME = 200
"""Bytes of a module's name: a file name holds 255, and the one beside it while it is written."""

Progress = Callable[[int, int, str], None]
"""Called as `progress(done, total, what)`."""


@dataclass(frozen=True, slots=True)
class CheckedWorkflow:
    """A workflow that was looked at; `ir` is None when it has errors."""

    name: str
    module: str
    source: str
    ir: ir.Module | None
    workflow: Workflow | None = None


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """A clean workflow with the text of its module."""

    name: str
    module: str
    source: str
    ir: ir.Module
    text: str
    workflow: Workflow | None = None


@dataclass(frozen=True, slots=True)
class Compilation:
    """Attributes:
    workflows: the clean ones, in the order of their files.
    broken: module names of workflows with errors: what was built of them before stays.
    checked: how many workflows were looked at.
    """

    workflows: tuple[CompiledWorkflow, ...]
    broken: tuple[str, ...]
    checked: int


def compile_project(
    settings: Settings,
    diagnostics: Diagnostics,
    *,
    progress: Progress | None = None,
    shellcheck: bool = False,
) -> Compilation:
    """Everything up to the text of the modules; writes nothing.

    Args:
        shellcheck: as of `check_project`.

    Raises:
        SettingsError: as `check_project`.
    """
    checked = check_project(
        settings, diagnostics, progress=progress, shellcheck=shellcheck
    )
    # black and Jinja2 cost more than a whole check
    from wfcompile.emit import emit_modules  # noqa: PLC0415

    clean = [(each, each.ir) for each in checked if each.ir is not None]
    texts = emit_modules([module for _, module in clean], progress)
    compiled = tuple(
        CompiledWorkflow(
            each.name,
            each.module,
            each.source,
            module,
            texts[each.module],
            each.workflow,
        )
        for each, module in clean
    )
    broken = tuple(each.module for each in checked if each.ir is None)
    return Compilation(compiled, broken, len(checked))


@dataclass(frozen=True, slots=True)
class _File:
    """What one YAML file holds; `is_sound` False when a part of it could not be read.

    `names` are those of its workflows, of entries that were refused, too.
    """

    source: str
    text: SourceFile | None = None
    workflows: Sequence[Workflow] = ()
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    is_sound: bool = True


def check_project(
    settings: Settings,
    diagnostics: Diagnostics,
    *,
    progress: Progress | None = None,
    with_ignored: bool = False,
    shellcheck: bool = False,
) -> list[CheckedWorkflow]:
    """read -> parse -> resolve -> lower (types) for every workflow of the project.

    Args:
        with_ignored: keep the warnings that a comment ignores, and say nothing of the comments.
        shellcheck: ask it about the shell text.

    Raises:
        SettingsError: a folder or `.confignore` that cannot be read, a module of filters that the
            settings name and that is not there, a shellcheck that cannot be run.
    """
    # read and parse: text -> nodes -> models, file by file
    paths = find_files(settings.conf, diagnostics)
    files = [_read_file(path, settings.root, diagnostics) for path in paths]
    others = _other_files(paths, settings)
    # resolve: names that the whole project shares
    kept = _unique(files, diagnostics)
    joined = join_schedules((file.schedules for file in files), diagnostics)
    schedules = {name: each for file in others for name, each in file.schedules.items()}
    schedules |= joined
    found = [each for file in others for each in file.workflows]
    found += [workflow for _, workflow in kept]
    # of the others it is not known what they take and give
    workflows = {each.name: each for each in found if each.is_whole}
    names = frozenset().union(*(file.names for file in (*files, *others)))
    project = replace(
        _project(settings, diagnostics),
        workflows=workflows,
        unread=names - set(workflows),
        is_whole=all(file.is_sound for file in (*files, *others)),
    )
    triggers = [triggers_of(workflow) for _, workflow in kept]
    in_circles = report_cycles(triggers, diagnostics)
    own = {workflow.name for _, workflow in kept}
    triggered = [
        (file, each)
        for file in others
        for each in file.workflows
        if each.name not in own
    ]
    ordered = _targets_first(kept, triggered)
    checked = _lower(
        ordered,
        kept,
        project,
        schedules,
        diagnostics,
        progress,
        in_circles,
        settings.style,
    )
    if shellcheck:
        _ask_shellcheck(project, settings.root, diagnostics)
    # only now it is known which modules the callers need
    hiding = _report_hiding_callers(kept, project.needed, diagnostics)
    hiding |= _report_hidden_modules(kept, checked, settings, diagnostics)
    report_own_imports(project.needed, diagnostics)
    sound = [
        replace(each, ir=None) if each.module in hiding else each for each in checked
    ]
    texts = [file.text for file in files if file.text is not None]
    hide_credentials(texts, diagnostics)
    if not with_ignored:
        ignore_warnings(
            texts,
            diagnostics,
            is_whole=project.is_whole,
            style=settings.style,
            unasked=() if shellcheck else (SHELLCHECK,),
        )
    elsewhere = {module_name(each.name) for file in others for each in file.workflows}
    return _with_targets(sound, elsewhere)


def _lower(
    ordered: Sequence[tuple[_File, Workflow]],
    kept: Sequence[tuple[_File, Workflow]],
    project: Project,
    schedules: Mapping[str, Schedule],
    diagnostics: Diagnostics,
    progress: Progress | None,
    in_circles: Container[str],
    style: Collection[str],
) -> list[CheckedWorkflow]:
    """Every value is resolved, typed, and put into the IR.

    Args:
        ordered: these workflows, and others of the project that they trigger, of which only the
            types of their outputs are wanted.
    """
    checked: dict[str, CheckedWorkflow] = {}
    own = {workflow.name for _, workflow in kept}
    aside = replace(project, needed={})
    for done, (file, workflow) in enumerate(ordered):
        if workflow.name not in own:
            lower_workflow(workflow, file.source, aside, schedules, Diagnostics())
            continue
        if progress is not None:
            progress(min(done, len(kept)), len(kept), workflow.name)
        module = lower_workflow(workflow, file.source, project, schedules, diagnostics)
        if module is not None:
            check_workflow(workflow, module, diagnostics)
            check_style(workflow, module, project, style, diagnostics)
        checked[workflow.name] = CheckedWorkflow(
            workflow.name,
            module_name(workflow.name),
            file.source,
            module if file.is_sound and workflow.name not in in_circles else None,
            workflow,
        )
    return [checked[workflow.name] for _, workflow in kept]


def _targets_first(
    kept: Sequence[tuple[_File, Workflow]], others: Sequence[tuple[_File, Workflow]]
) -> list[tuple[_File, Workflow]]:
    """The workflows, each behind those that it triggers by a name that is written out.

    Of the others, those that are triggered.
    """
    by_name = {each[1].name: each for each in (*others, *kept)}
    ordered: dict[str, tuple[_File, Workflow]] = {}
    met: set[str] = set()
    todo = [(workflow.name, False) for _, workflow in reversed(kept)]
    while todo:
        name, is_done = todo.pop()
        if is_done:
            ordered[name] = by_name[name]
        elif name in by_name and name not in met:
            met.add(name)
            todo.append((name, True))
            targets = triggers_of(by_name[name][1]).targets
            todo += [(target, False) for target, _ in reversed(targets)]
    return list(ordered.values())


def _ask_shellcheck(project: Project, root: Path, diagnostics: Diagnostics) -> None:
    # it loads what a check without it does not need
    from wfcompile.shellcheck.findings import check_texts  # noqa: PLC0415
    from wfcompile.shellcheck.process import ShellcheckError  # noqa: PLC0415

    try:
        check_texts(project.shell_texts, root, diagnostics)
    except ShellcheckError as error:
        raise SettingsError(str(error), error.help) from error


def _other_files(paths: Iterable[Path], settings: Settings) -> list[_File]:
    """The rest of the project where only a part of it is asked for: its names count."""
    if settings.conf_folder is None:
        return []
    own = {os.path.abspath(path) for path in paths}
    return [
        _read_file(path, settings.root, Diagnostics())
        for path in find_files(settings.conf_folder)
        if os.path.abspath(path) not in own
    ]


def _with_targets(
    checked: Sequence[CheckedWorkflow], elsewhere: set[str]
) -> list[CheckedWorkflow]:
    """A workflow is built when those that it triggers are: its module imports theirs."""
    found = list(checked)
    while True:
        built = {each.module for each in found if each.ir is not None} | elsewhere
        kept = [
            replace(each, ir=None) if each.ir and each.ir.triggered - built else each
            for each in found
        ]
        if kept == found:
            return found
        found = kept


def _project(settings: Settings, diagnostics: Diagnostics) -> Project:
    roots = [CallerRoot(folder, package) for folder, package in caller_roots(settings)]
    callers = CallerRegistry(roots)
    filters = FilterRegistry(
        roots, settings.filters, diagnostics, sources=callers.sources
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


def _read_file(path: Path, root: Path, diagnostics: Diagnostics) -> _File:
    source = _relative(path, root)
    own = Diagnostics()
    file = load(path, _relative(path, Path.cwd()), own)
    node = None if file is None else read(file, own)
    if file is not None:
        report_credentials(file, node, own)
    diagnostics.extend(own)
    for found in own:
        diagnostics.settle(found.span)
    if file is None or node is None:
        return _File(source, file, is_sound=not own.has_errors)
    return _File(
        source,
        file,
        parse_file(node, file, diagnostics),
        parse_schedules(node, file, diagnostics),
        names_in(node, file),
        is_sound=not own.has_errors,
    )


def _relative(path: Path, base: Path) -> str:
    """With `/`, relative when `path` is below `base` or beside it, the same on every machine."""
    return os.path.relpath(path, base).replace(os.sep, "/")


def _unique(
    files: Iterable[_File], diagnostics: Diagnostics
) -> list[tuple[_File, Workflow]]:
    """The workflows without those whose module cannot be written.

    Adds WF304 (a name twice, differences D24), WF305 (two names, one module), WF306 (a module
    that would hide another one), WF308 (a name too long for a file).
    """
    by_module: dict[str, list[tuple[_File, Workflow]]] = {}
    for file in files:
        for workflow in file.workflows:
            module = module_name(workflow.name)
            by_module.setdefault(module, []).append((file, workflow))
    kept: list[tuple[_File, Workflow]] = []
    for module, ((file, first), *others) in by_module.items():
        for _, other in others:
            _report_twice(other, first, module, diagnostics)
        hides = module in sys.stdlib_module_names or module == "wfruntime"
        is_long = len(module.encode()) > _LONGEST_NAME
        if hides:
            _report_hiding(first, module, diagnostics)
        elif is_long:
            _report_long(first, diagnostics)
        # it is still looked at, but not built
        is_sound = file.is_sound and not (others or hides or is_long)
        kept.append((replace(file, is_sound=is_sound), first))
    return kept


def _report_twice(
    workflow: Workflow, first: Workflow, module: str, diagnostics: Diagnostics
) -> None:
    same = first.name == workflow.name
    diagnostics.error(
        "WF304" if same else "WF305",
        (
            f'workflow "{workflow.name}" is defined twice'
            if same
            else f'workflows "{first.name}" and "{workflow.name}" would both be "{module}.py"'
        ),
        workflow.name_span,
        notes=[Note("the other one is here", first.name_span)],
        help="rename one of them",
    )


def _report_hiding(workflow: Workflow, module: str, diagnostics: Diagnostics) -> None:
    diagnostics.error(
        "WF306",
        f'workflow "{workflow.name}" would become "{module}.py", '
        "which hides the Python module of that name",
        workflow.name_span,
        help=f'call it "{workflow.name}-workflow"',
    )


def _report_long(workflow: Workflow, diagnostics: Diagnostics) -> None:
    diagnostics.error(
        "WF308",
        f'workflow "{shortened(workflow.name)}" has a name of '
        f"{len(workflow.name.encode())} bytes, expected at most {_LONGEST_NAME}",
        workflow.name_span,
        help='give it a shorter one, and say the rest in "desc"',
    )


def _report_hiding_callers(
    kept: Iterable[tuple[_File, Workflow]],
    needed: Mapping[str, SourceModule],
    diagnostics: Diagnostics,
) -> set[str]:
    """Adds WF307: Python and mypy could not tell the two modules apart."""
    hiding = set()
    for _, workflow in kept:
        module = module_name(workflow.name)
        if module in needed:
            hiding.add(module)
            by = needed[module]
            is_own = by.name.partition(".")[0] == module
            hidden = (
                "the caller module of that name"
                if is_own
                else f'a module that "{by.name}" imports'
            )
            diagnostics.error(
                "WF307",
                f'workflow "{workflow.name}" would become "{module}.py", '
                f"which hides {hidden}",
                workflow.name_span,
                notes=[Note("the caller module is here", by.line(1))],
                help=f'call it "{workflow.name}-workflow"',
            )
    return hiding


def _report_hidden_modules(
    kept: Iterable[tuple[_File, Workflow]],
    checked: Iterable[CheckedWorkflow],
    settings: Settings,
    diagnostics: Diagnostics,
) -> set[str]:
    """The modules that a file beside their callers would break; adds WF415."""
    spans = {workflow.name: workflow.name_span for _, workflow in kept}
    hidden = HiddenModules.behind(diagnostics)
    broken = set()
    for each in checked:
        paths = each.ir.search_path if each.ir is not None else ()
        folders = [Path(os.path.normpath(settings.build / path)) for path in paths]
        if hidden.report(folders, spans[each.name], diagnostics):
            broken.add(each.module)
    return broken
