"""The passes in order: a project's YAML in, checked workflows and module texts out.

Diagnostics of all files are collected; a broken file or workflow hides no other one's errors and
stops no other one's build.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wfcompile.credentials.hiding import hide_credentials
from wfcompile.diagnostics import Diagnostics, Note, shortened
from wfcompile.discovery import find_files
from wfcompile.names import module_name
from wfcompile.resolve.circles import Links
from wfcompile.resolve.hidden_modules import HiddenModules
from wfcompile.resolve.schedule_names import defined_twice
from wfcompile.resolve.triggers import report_cycles
from wfcompile.settings import Settings
from wfcompile.shellcheck import CODE as SHELLCHECK
from wfcompile.source import Span
from wfcompile.suppressions import ignore_warnings
from wfcompile.work.facts import (
    Chosen,
    FileFacts,
    Lowered,
    Needed,
    Neighbours,
    Progress,
    Work,
    WorkflowFacts,
)

if TYPE_CHECKING:
    from wfcompile import ir
    from wfcompile.models import Workflow

_LONGEST_NAME = 200
"""Bytes of a module's name: a file name holds 255, and the one beside it while it is written."""


@dataclass(frozen=True, slots=True)
class CheckedWorkflow:
    """A workflow that was looked at.

    `ir` and `search_path` are None when it has errors, `ir` and `workflow` also where another
    process has them.
    """

    name: str
    module: str
    source: str
    ir: ir.Module | None
    search_path: tuple[str, ...] | None = None
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
    work: Work | None = None,
) -> Compilation:
    """Everything up to the text of the modules; writes nothing.

    Args:
        work: as of `check_project`; this process alone.

    Raises:
        SettingsError: as `check_project`.
    """
    checked = check_project(settings, diagnostics, progress=progress, work=work)
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


def check_project(
    settings: Settings,
    diagnostics: Diagnostics,
    *,
    progress: Progress | None = None,
    with_ignored: bool = False,
    work: Work | None = None,
) -> list[CheckedWorkflow]:
    """read -> parse -> resolve -> lower (types) for every workflow of the project.

    Args:
        with_ignored: keep the warnings that a comment ignores, and say nothing of the comments.
        work: who reads and lowers; only what this process does itself has the IR.

    Raises:
        SettingsError: a folder or `.confignore` that cannot be read, a module of filters that the
            settings name and that is not there, a shellcheck that cannot be run.
    """
    work = _local(settings) if work is None else work
    # read and parse: text -> nodes -> models, file by file
    paths = find_files(settings.conf, diagnostics)
    files = work.read(paths)
    for file in files:
        _tell(file, diagnostics)
    others = work.read(_other_paths(paths, settings))
    # resolve: names that the whole project shares
    kept = _unique(files, diagnostics)
    _report_schedules(files, diagnostics)
    neighbours = _neighbours(files, others, [workflow for _, workflow in kept])
    triggers = [_links(workflow) for _, workflow in kept]
    in_circles = report_cycles(triggers, diagnostics)
    # lower: every value is resolved, typed, and put into the IR
    chosen = [Chosen(file.path, each.name, each.is_alone) for file, each in kept]
    lowered = work.lower(chosen, neighbours, progress)
    for each in lowered:
        diagnostics.extend(each.found)
    diagnostics.extend(work.found_in_filters())
    checked = _checked(kept, lowered, in_circles)
    # only now it is known which modules the callers need
    hiding = _report_hiding_callers(kept, _needed(lowered), diagnostics)
    hiding |= _report_hidden_modules(kept, checked, settings, diagnostics)
    sound = [_broken(each) if each.module in hiding else each for each in checked]
    texts = [file.text for file in files if file.text is not None]
    hide_credentials(texts, diagnostics)
    if not with_ignored:
        ignore_warnings(
            texts,
            diagnostics,
            is_whole=neighbours.is_whole,
            style=settings.style,
            unasked=() if settings.shellcheck else (SHELLCHECK,),
        )
    elsewhere = {module_name(each.name) for file in others for each in file.workflows}
    return _with_targets(sound, elsewhere)


def _local(settings: Settings) -> Work:
    # the compiler itself: a check whose files have not changed does without
    from wfcompile.work.local import Local  # noqa: PLC0415

    return Local(settings)


def _tell(file: FileFacts, diagnostics: Diagnostics) -> None:
    diagnostics.extend(file.read)
    for found in file.read:
        diagnostics.settle(found.span)
    diagnostics.extend(file.parsed)


def _other_paths(paths: Iterable[Path], settings: Settings) -> list[Path]:
    """The rest of the project where only a part of it is asked for: its names count."""
    if settings.conf_folder is None:
        return []
    own = {os.path.abspath(path) for path in paths}
    return [
        path
        for path in find_files(settings.conf_folder)
        if os.path.abspath(path) not in own
    ]


def _report_schedules(files: Iterable[FileFacts], diagnostics: Diagnostics) -> None:
    """Adds WF349 (a name in two files)."""
    first: dict[str, Span] = {}
    for name in (each for file in files for each in file.schedules):
        if first.setdefault(name.text, name.span) is not name.span:
            diagnostics.add(defined_twice(name.text, first[name.text], name.span))


def _neighbours(
    files: Sequence[FileFacts],
    others: Sequence[FileFacts],
    kept: Sequence[WorkflowFacts],
) -> Neighbours:
    found = [(file.path, each) for file in others for each in file.workflows]
    own = {
        each.name_span.file.path: file.path for file in files for each in file.workflows
    }
    found += [(own[each.name_span.file.path], each) for each in kept]
    # of the others it is not known what they take and give
    paths = {each.name: path for path, each in found if each.is_whole}
    names = frozenset().union(*(file.names for file in (*files, *others)))
    return Neighbours(
        paths,
        tuple(file.path for file in files if file.schedules),
        tuple(file.path for file in others if file.schedules),
        names - set(paths),
        all(file.is_sound for file in (*files, *others)),
    )


def _links(workflow: WorkflowFacts) -> Links:
    targets = tuple((each.text, each.span) for each in workflow.targets)
    return Links(workflow.name, workflow.name_span, targets)


def _checked(
    kept: Sequence[tuple[FileFacts, WorkflowFacts]],
    lowered: Sequence[Lowered],
    in_circles: Container[str],
) -> list[CheckedWorkflow]:
    checked = []
    for (file, workflow), found in zip(kept, lowered, strict=True):
        module = module_name(workflow.name)
        each = CheckedWorkflow(
            workflow.name,
            module,
            file.source,
            found.ir,
            found.search_path,
            found.workflow,
        )
        is_sound = file.is_sound and workflow.name not in in_circles
        checked.append(each if is_sound else _broken(each))
    return checked


def _broken(workflow: CheckedWorkflow) -> CheckedWorkflow:
    return replace(workflow, ir=None, search_path=None)


def _needed(lowered: Iterable[Lowered]) -> dict[str, Needed]:
    """By top-level name; of several the module of that name itself, the last one that was met."""
    found: dict[str, Needed] = {}
    for each in (needed for one in lowered for needed in one.needed):
        if each.is_own:
            found[each.top] = each
        else:
            found.setdefault(each.top, each)
    return found


def _with_targets(
    checked: Sequence[CheckedWorkflow], elsewhere: set[str]
) -> list[CheckedWorkflow]:
    """A workflow is built when those that it triggers are: its module imports theirs."""
    found = list(checked)
    while True:
        built = {each.module for each in found if each.ir is not None} | elsewhere
        kept = [
            _broken(each) if each.ir and each.ir.triggered - built else each
            for each in found
        ]
        if kept == found:
            return found
        found = kept


def _unique(
    files: Iterable[FileFacts], diagnostics: Diagnostics
) -> list[tuple[FileFacts, WorkflowFacts]]:
    """The workflows without those whose module cannot be written.

    Adds WF304 (a name twice, differences D24), WF305 (two names, one module), WF306 (a module
    that would hide another one), WF308 (a name too long for a file).
    """
    by_module: dict[str, list[tuple[FileFacts, WorkflowFacts]]] = {}
    for file in files:
        for workflow in file.workflows:
            module = module_name(workflow.name)
            by_module.setdefault(module, []).append((file, workflow))
    kept: list[tuple[FileFacts, WorkflowFacts]] = []
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
    workflow: WorkflowFacts, first: WorkflowFacts, module: str, diagnostics: Diagnostics
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


def _report_hiding(
    workflow: WorkflowFacts, module: str, diagnostics: Diagnostics
) -> None:
    diagnostics.error(
        "WF306",
        f'workflow "{workflow.name}" would become "{module}.py", '
        "which hides the Python module of that name",
        workflow.name_span,
        help=f'call it "{workflow.name}-workflow"',
    )


def _report_long(workflow: WorkflowFacts, diagnostics: Diagnostics) -> None:
    diagnostics.error(
        "WF308",
        f'workflow "{shortened(workflow.name)}" has a name of '
        f"{len(workflow.name.encode())} bytes, expected at most {_LONGEST_NAME}",
        workflow.name_span,
        help='give it a shorter one, and say the rest in "desc"',
    )


def _report_hiding_callers(
    kept: Iterable[tuple[FileFacts, WorkflowFacts]],
    needed: Mapping[str, Needed],
    diagnostics: Diagnostics,
) -> set[str]:
    """Adds WF307: Python and mypy could not tell the two modules apart."""
    hiding = set()
    for _, workflow in kept:
        module = module_name(workflow.name)
        if module in needed:
            hiding.add(module)
            by = needed[module]
            hidden = (
                "the caller module of that name"
                if by.is_own
                else f'a module that "{by.module}" imports'
            )
            diagnostics.error(
                "WF307",
                f'workflow "{workflow.name}" would become "{module}.py", '
                f"which hides {hidden}",
                workflow.name_span,
                notes=[Note("the caller module is here", by.place)],
                help=f'call it "{workflow.name}-workflow"',
            )
    return hiding


def _report_hidden_modules(
    kept: Iterable[tuple[FileFacts, WorkflowFacts]],
    checked: Iterable[CheckedWorkflow],
    settings: Settings,
    diagnostics: Diagnostics,
) -> set[str]:
    """The modules that a file beside their callers would break; adds WF415."""
    spans = {workflow.name: workflow.name_span for _, workflow in kept}
    hidden = HiddenModules.behind(diagnostics)
    broken = set()
    for each in checked:
        paths = each.search_path or ()
        folders = [Path(os.path.normpath(settings.build / path)) for path in paths]
        if hidden.report(folders, spans[each.name], diagnostics):
            broken.add(each.module)
    return broken
