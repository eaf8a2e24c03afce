"""D15, D16, D19: how often and how long, and how many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import JobPlace, WorkflowPlace, scalars_in
from wfcompile.doctor.rules.known import Known
from wfcompile.nodes import Entry, MappingNode, Scalar

_RETRIED = frozenset(("bash", "run", "uses", "trigger"))
"""Actions that the interpreter retries; `retry` is no key of the other stages there."""


def retries(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D15: `retry` of jobs and stages, unless it is 0."""
    for job in workflow.jobs:
        entry = _retry(job.node)
        if entry is not None:
            yield _finding(entry, f'a retry of job "{job.id}" {_of_job(job, entry)}')
        for stage in job.all_stages:
            entry = _retry(stage.node)
            if entry is not None:
                yield _finding(entry, _of_stage(stage.action, entry))


def _retry(node: MappingNode) -> Entry | None:
    entry = node.entry("retry")
    if entry is None or isinstance(entry.value, Scalar) and not entry.value.value:
        return None
    return entry


def _of_job(job: JobPlace, entry: Entry) -> str:
    if isinstance(entry.value, MappingNode):
        return "has options; the interpreter cannot load them"
    if isinstance(job.node.get("strategy"), MappingNode):
        return (
            "replaces what the try before has left; "
            "the interpreter keeps the errors of all tries"
        )
    return "works; the interpreter loses the record of the job"


def _of_stage(action: str | None, entry: Entry) -> str:
    if action in _RETRIED and isinstance(entry.value, MappingNode):
        return (
            "the stage is retried with these options; "
            "the interpreter makes a stage of it that does nothing"
        )
    if action not in _RETRIED:
        return "the stage is retried; the interpreter does not know this retry"
    return (
        "a retry waits between the tries; the interpreter waits after the last one too"
    )


def _finding(entry: Entry, message: str) -> Finding:
    return differs(
        "D15", message, entry.key.span, help="keep it if the stages may run twice"
    )


def timeouts(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D16: a key that the interpreter does not have."""
    nodes = [workflow.node, *(job.node for job in workflow.jobs)]
    nodes += [stage.node for stage in workflow.stages]
    for node in nodes:
        entry = node.entry("timeout")
        if entry is not None:
            yield differs(
                "D16",
                '"timeout" stops what takes longer; the interpreter ignores it',
                entry.key.span,
                help="look whether the number of seconds is enough",
            )


def computed_workers(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D19: `max-parallel` of a template, which may be less than 1."""
    for job in workflow.jobs:
        strategy = job.node.get("strategy")
        entry = strategy.entry("max-parallel") if _is_mapping(strategy) else None
        for scalar in scalars_in(entry.value) if entry else ():
            if "${" in scalar.text:
                yield differs(
                    "D19",
                    f'job "{job.id}" is FAILED when this is less than 1; '
                    "the interpreter leaves it without a record, and the jobs that need "
                    "it wait",
                    scalar.span,
                    help="keep it",
                )


def _is_mapping(node: object) -> TypeGuard[MappingNode]:
    return isinstance(node, MappingNode)
