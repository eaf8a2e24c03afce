"""D1, D2, D3: when a job runs, by how its needs have ended."""

from __future__ import annotations

from collections.abc import Iterator

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import JobPlace, WorkflowPlace
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.rules.outcomes import (
    COUNTED,
    Ending,
    Outcomes,
    is_met,
    is_met_there,
)
from wfcompile.source import Span


def unmet_rules(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D1: a rule that may be unmet; told with the ending that changes most."""
    outcomes = Outcomes(workflow)
    for job in workflow.jobs:
        for ending in outcomes.endings(job):
            is_all_skipped = set(ending.values()) == {"skipped"}
            if not is_all_skipped and not is_met(job.trigger_rule, ending):
                yield _unmet(job, ending)
                break


def _unmet(job: JobPlace, ending: Ending) -> Finding:
    # with a failed need the run is FAILED in both, but here the other jobs still run
    result = "the interpreter fails the whole workflow"
    if "failed" in ending.values():
        result = "the interpreter starts no further job of the workflow"
    return differs(
        "D1",
        f'job "{job.id}" is skipped when {_told(ending)}; {result}',
        _rule_span(job),
        help='read the status of the jobs where you relied on that; a job with "all_done" '
        "runs in any case",
    )


def counted_rules(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D2: `one_success` and `one_failed` where two needs may end so."""
    outcomes = Outcomes(workflow)
    for job in workflow.jobs:
        for ending in outcomes.endings(job) if job.trigger_rule in COUNTED else ():
            if is_met(job.trigger_rule, ending) and not is_met_there(
                job.trigger_rule, ending
            ):
                yield differs(
                    "D2",
                    f'job "{job.id}" runs when {_told(ending)}; '
                    "the interpreter wants exactly one and fails the whole workflow",
                    _rule_span(job),
                    help='keep it: "at least one" is what its documentation says',
                )
                break


def skipped_needs(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D3: `all_done` where all needs may be skipped."""
    outcomes = Outcomes(workflow)
    for job in workflow.jobs:
        for ending in outcomes.endings(job) if job.trigger_rule == "all_done" else ():
            if set(ending.values()) == {"skipped"}:
                yield differs(
                    "D3",
                    f'job "{job.id}" runs when {_told(ending)}; '
                    "the interpreter skips it then",
                    _rule_span(job),
                    help='add an "if" when it has nothing to do then',
                )
                break


def _told(ending: Ending) -> str:
    """
    >>> _told({"a": "success", "b": "failed"})
    '"a" is success and "b" is failed'
    """
    return " and ".join(f'"{need}" is {status}' for need, status in ending.items())


def _rule_span(job: JobPlace) -> Span:
    entry = job.node.entry("trigger-rule") or job.node.entry("needs")
    return entry.key.span if entry else job.key.span
