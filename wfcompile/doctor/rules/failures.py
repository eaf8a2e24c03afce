"""D36: what a failure ends beside its own stage or job."""

from __future__ import annotations

from collections.abc import Iterator

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import JobPlace, WorkflowPlace
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.rules.outcomes import can_fail
from wfcompile.models.values import flag_value
from wfcompile.nodes import MappingNode
from wfcompile.source import Span


def wide_failures(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D36: with other jobs in the workflow, which the interpreter cancels."""
    if len(workflow.jobs) < 2:
        return
    for job in workflow.jobs:
        if not any(map(can_fail, job.all_stages)):
            continue
        for what, span in _places(job):
            yield differs(
                "D36",
                f"{what} that fails ends no other job; the interpreter cancels the "
                "whole workflow",
                span,
                help="let the jobs that must not run then need this one",
            )


def _places(job: JobPlace) -> Iterator[tuple[str, Span]]:
    strategy = job.node.get("strategy")
    if isinstance(strategy, MappingNode):
        entry = strategy.entry("fail-fast")
        if entry is not None and flag_value(entry.value):
            yield "a row of the matrix", entry.key.span
    for stage in job.all_stages:
        if stage.action == "foreach":
            yield "an item", stage.action_span
