"""How the jobs of a workflow may end, as far as their text tells: success, failed, skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Final, Literal, TypeAlias

from wfcompile.doctor.places import JobPlace, StagePlace, WorkflowPlace, text_of
from wfcompile.nodes import Scalar

Status: TypeAlias = Literal["success", "failed", "skipped"]
Ending: TypeAlias = "dict[str, Status]"
"""Need -> how it ended."""

COUNTED: Final[Mapping[str, Status]] = {
    "one_success": "success",
    "one_failed": "failed",
}
"""The rules that count (differences D2)."""
_MOST = 5_000


def is_met(rule: str, ending: Ending) -> bool:
    """Whether the job runs here (language.md 7.2 with D2 and D3)."""
    ends = list(ending.values())
    if set(ends) == {"skipped"}:
        return rule == "all_done"
    match rule:
        case "all_failed":
            return set(ends) == {"failed"}
        case "one_success":
            return "success" in ends
        case "one_failed":
            return "failed" in ends
        case "none_failed":
            return "failed" not in ends
        case "none_skipped":
            return "skipped" not in ends
        case "all_done":
            return True
    return set(ends) <= {"success"}


def is_met_there(rule: str, ending: Ending) -> bool:
    """The same for the interpreter, where not all needs were skipped."""
    counted = COUNTED.get(rule)
    if counted is not None:
        return [status == counted for status in ending.values()].count(True) == 1
    return is_met(rule, ending)


class Outcomes:
    """Of one workflow, as the interpreter would get there: a job is looked at only when no job
    before it has failed the whole workflow by its rule. Circles have no outcomes.
    """

    def __init__(self, workflow: WorkflowPlace) -> None:
        self._jobs: Mapping[str, JobPlace] = {job.id: job for job in workflow.jobs}

    def endings(self, job: JobPlace) -> list[Ending]:
        """The ways in which its needs may have ended; those with a failed one come last."""
        needs = tuple(dict.fromkeys(job.needs))
        before = self._before(job)
        if not needs or before is None:
            return []
        choices = [tuple(dict.fromkeys(_own_ends(each))) for each in before]
        found: dict[tuple[Status, ...], None] = {}
        for chosen in islice(product(*choices), _MOST):
            statuses = _run(before, chosen)
            if statuses is not None:
                found[tuple(statuses[need] for need in needs)] = None
        ordered = sorted(found, key=lambda ends: "failed" in ends)
        return [dict(zip(needs, each, strict=True)) for each in ordered]

    def _before(self, job: JobPlace) -> list[JobPlace] | None:
        """The jobs that it needs, directly or not, each behind those that it needs itself."""
        ordered: dict[str, JobPlace] = {}
        open_ids: list[str] = [job.id]

        def visit(id: str) -> bool:
            needed = self._jobs.get(id)
            if id in ordered:
                return True
            if needed is None or id in open_ids:
                return False
            open_ids.append(id)
            if not all(map(visit, needed.needs)):
                return False
            ordered[id] = needed
            return True

        return list(ordered.values()) if all(map(visit, job.needs)) else None


def _run(jobs: list[JobPlace], chosen: tuple[Status, ...]) -> dict[str, Status] | None:
    """How the jobs end when those that run end as chosen; None when the workflow is over."""
    statuses: dict[str, Status] = {}
    for job, end in zip(jobs, chosen, strict=True):
        ending: Ending = {need: statuses[need] for need in job.needs}
        if ending and set(ending.values()) == {"skipped"}:
            statuses[job.id] = "skipped"
        elif ending and not is_met_there(job.trigger_rule, ending):
            return None
        else:
            statuses[job.id] = end
    return statuses


def _own_ends(job: JobPlace) -> Iterator[Status]:
    """How it may end once its rule is met; one that has no stages is skipped."""
    if job.node.get("if") is not None or all(map(_may_skip, job.stages)):
        yield "skipped"
    if any(map(can_fail, job.stages)) or job.node.get("if") is not None:
        yield "failed"
    if job.stages and not any(map(_always_fails, job.stages)):
        yield "success"


def can_fail(stage: StagePlace) -> bool:
    """Constant texts that are only said fail never."""
    if stage.action in (None, "echo", "sleep"):
        scalars = (stage.text(key) for key in ("echo", "if"))
        return any(scalar and "${" in scalar.text for scalar in scalars)
    return True


def _may_skip(stage: StagePlace) -> bool:
    condition = stage.node.get("if")
    if isinstance(condition, Scalar) and condition.value in (None, True, ""):
        condition = None
    if condition is not None:
        return True
    # a container is skipped when all that is in it is, a trigger when the other workflow is
    return stage.action not in (None, "echo", "sleep", "bash", "run", "raise")


def _always_fails(stage: StagePlace) -> bool:
    return text_of(stage.node, "raise") is not None and stage.node.get("if") is None
