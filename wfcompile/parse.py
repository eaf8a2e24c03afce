"""Node tree -> models: the entries of a file, and what pydantic found wrong with them.

A workflow with errors of shape is returned too, without what could not be read, so that what is
left of it is checked. Names that other places must know (needs, callers, params in templates) are
not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from wfcompile.diagnostics import Diagnostic, Diagnostics, close_match
from wfcompile.models import Job, Schedule, Workflow
from wfcompile.models.base import NodeModel
from wfcompile.models.job import TWICE
from wfcompile.models.shape_error import ShapeError, found, place
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, unread_scalar
from wfcompile.source import SourceFile, Span

_M = TypeVar("_M", bound=NodeModel)

_SCHEDULE_TYPES = ("Crontab", "CronJob", "CrontabValue", "CrontabYear")
_OF_WORKFLOWS = frozenset(("jobs", "on", "params", "stages"))


def parse_file(
    node: Node, file: SourceFile, diagnostics: Diagnostics
) -> list[Workflow]:
    """The workflows of a file, in file order, also those that are not whole.

    Adds WF101 to WF121. Entries of another type than `Workflow` are left alone.
    """
    workflows = []
    told: dict[tuple[str, Span, str], Diagnostic] = {}
    for entry in _entries(node, file, diagnostics):
        typed = _as_workflow(entry, diagnostics)
        if typed is not None:
            workflow, mistakes = _validated(Workflow, typed)
            for mistake in mistakes:
                # an anchor brings it to many, each of which is its subject
                what = (mistake.code, mistake.span, mistake.clause)
                first = told.setdefault(what, _diagnostic(mistake))
                diagnostics.add(replace(first, notes=mistake.notes))
            _warn(workflow, diagnostics)
            jobs = tuple(_with_own_ids(workflow.jobs))
            is_whole = typed is entry and not mistakes and jobs == workflow.jobs
            changes = {"is_whole": is_whole, "jobs": jobs}
            workflows.append(workflow.model_copy(update=changes))
    return workflows


def _with_own_ids(jobs: Iterable[Job]) -> Iterator[Job]:
    """A job with the id of another one, which has been told, gets one that nobody can write."""
    met: set[str] = set()
    for job in jobs:
        id = job.id
        while id in met:
            id += TWICE
        met.add(id)
        if id == job.id:
            yield job
        else:
            key = replace(job.key, value=id, text=id)
            yield job.model_copy(update={"key": key})


def names_in(node: Node, file: SourceFile) -> frozenset[str]:
    """The names of all workflows of a file, also of entries that `parse_file` has refused."""
    own = Diagnostics()
    return frozenset(
        entry.key.text
        for entry in _entries(node, file, own)
        if isinstance(entry.value, MappingNode)
        and _type_of(entry.value) not in _SCHEDULE_TYPES
    )


def parse_schedules(
    node: Node, file: SourceFile, diagnostics: Diagnostics
) -> dict[str, Schedule]:
    """The named schedules of a file: name -> schedule, for `on` entries that are a name.

    Says nothing about the entries that `parse_file` looks at.
    """
    schedules = {}
    for entry in _entries(node, file, Diagnostics()):
        body, name = entry.value, entry.key.value
        if not isinstance(body, MappingNode) or not isinstance(name, str):
            continue
        if _type_of(body) in _SCHEDULE_TYPES:
            # type and name say what it is, not when it runs
            rest = tuple(
                each
                for each in body
                if each.key.value != "type" and each.value is not entry.key
            )
            bare = Entry(entry.key, MappingNode(rest, body.span))
            schedule, mistakes = _validated(Schedule, bare)
            found = tuple(map(_diagnostic, mistakes))
            diagnostics.extend(found)
            schedules[name] = Schedule.broken(bare, found) if found else schedule
    return schedules


# --- the entries of a file ---


def _entries(
    node: Node, file: SourceFile, diagnostics: Diagnostics
) -> tuple[Entry, ...]:
    """The top-level entries; a file with a `name` is one entry (language.md section 1.3)."""
    if isinstance(node, MappingNode):
        name = node.get("name")
        return (Entry(name, node),) if isinstance(name, Scalar) else node.entries
    if not (isinstance(node, Scalar) and node.value is None):
        diagnostics.error(
            "WF101",
            f'file "{file.path}" is {found(node)}, expected a mapping of workflows',
            place(node),
            help="write the name of the workflow as a key, and its body below it",
        )
    return ()


def _as_workflow(entry: Entry, diagnostics: Diagnostics) -> Entry | None:
    """The entry when it is a workflow, with the right type when that is missing or misspelt.

    Adds WF101 (no mapping), WF102 (no type), WF103 (a misspelt type).
    """
    subject, body = f'entry "{entry.key.text}"', entry.value
    if not isinstance(body, MappingNode):
        message = f"{subject} is {found(body)}, expected a mapping with a type"
        help = "write type: Workflow below it, and what it does"
        diagnostics.error("WF101", message, place(body), help=help)
        return None
    node = body.get("type")
    type_ = _type_of(body)
    if node is None:
        return _without_type(entry, body, diagnostics)
    if type_ is None:
        message = f"the type of {subject} is {found(node)}, expected text"
        diagnostics.error("WF106", message, place(node), help="write type: Workflow")
    elif type_ != "Workflow" and close_match(type_.title(), ["Workflow"]):
        message = f'{subject} is of type "{type_}", which is not known'
        diagnostics.error(
            "WF103", message, place(node), help='did you mean "Workflow"?'
        )
        return Entry(entry.key, _typed(body, body.entry("type")))
    return entry if type_ == "Workflow" else None


def _typed(body: MappingNode, wrong: Entry | None) -> MappingNode:
    """The body of a workflow with its type in the place of a wrong one."""
    span = wrong.key.span if wrong else body.span
    key, value = unread_scalar(span), unread_scalar(span)
    right = Entry(replace(key, value="type", text="type"), value)
    return MappingNode((right, *(e for e in body if e is not wrong)), body.span)


def _type_of(body: MappingNode) -> str | None:
    node = body.get("type")
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.text
    return None


def _without_type(
    entry: Entry, body: MappingNode, diagnostics: Diagnostics
) -> Entry | None:
    slip = next((each for each in body if close_match(each.key.text, ["type"])), None)
    if slip is None and _OF_WORKFLOWS.isdisjoint(each.key.text for each in body):
        return None  # values for others to refer to, by an anchor
    diagnostics.error(
        "WF102",
        f'entry "{entry.key.text}" has no "type"',
        slip.key.span if slip else entry.key.span,
        help='did you mean "type"?' if slip else "add type: Workflow",
    )
    return Entry(entry.key, _typed(body, slip))


def _warn(workflow: Workflow, diagnostics: Diagnostics) -> None:
    """Adds WF121: rows for a matrix that is not there; the interpreter ignores them too."""
    for job in workflow.jobs:
        strategy = job.strategy
        if strategy is None or strategy.matrix:
            continue
        for row in (*strategy.include, *strategy.exclude)[:1]:
            diagnostics.warning(
                "WF121",
                f'the strategy of job "{job.id}" has rows but no matrix, so they do nothing',
                place(row.node),
                help='add a "matrix", or remove them',
            )


# --- mistakes ---


def _validated(model: type[_M], entry: Entry) -> tuple[_M, list[ShapeError]]:
    mistakes: list[ShapeError] = []
    return model.model_validate(entry, context=mistakes), mistakes


def _diagnostic(error: ShapeError) -> Diagnostic:
    message = f"{error.subject} {error.clause}"
    return Diagnostic(error.code, "error", message, error.span, error.notes, error.help)
