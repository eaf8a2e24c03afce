"""Jobs that no run comes to: what they need cannot end as their trigger rules ask for; adds WF541.

And trigger rules of jobs that need nothing; adds WF550.

Runs are played through with the ways in which jobs can end (the rules are those of
`wfruntime.rules`). What is said holds for every run: where there are too many ways to try, nothing
is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from wfcompile.checks.conditions import answer
from wfcompile.checks.dead_stages import always_fails
from wfcompile.checks.places import JobPlace, StagePlace, in_order_of_needs
from wfcompile.diagnostics import Diagnostics, Note

_SUCCESS, _FAILED, _SKIP = "SUCCESS", "FAILED", "SKIP"
_MOST_TRIED = 6
"""Of so many jobs above one all ways to end are tried: up to 729."""

_SHOWN = 5
"""So many jobs are named that never run because of another one."""
_OF_SOME_NEED = frozenset(["all_failed", "one_failed", "one_success"])
"""What the others ask for holds where there is no need."""

Ends = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeadJobs:
    """Attributes:
    found: never run, whatever happens before.
    because: a job whose `if` never holds, or one that is found -> those that never run either.
    """

    found: list[JobPlace] = field(default_factory=list)
    because: dict[str, list[JobPlace]] = field(default_factory=dict)

    def notes(self) -> dict[str, list[Note]]:
        return {id: list(_followers(jobs)) for id, jobs in self.because.items()}


def _followers(jobs: Sequence[JobPlace]) -> Iterator[Note]:
    for job in jobs[:_SHOWN]:
        yield Note(f'job "{job.model.id}" never runs then', job.model.id_span)
    more = len(jobs) - _SHOWN
    if more > 0:
        yield Note(f"nor {'does' if more == 1 else 'do'} {more} more")


def find_dead_jobs(places: Sequence[JobPlace]) -> DeadJobs:
    jobs = in_order_of_needs(places)
    dead = DeadJobs()
    told: dict[str, str] = {}  # a job -> the one because of which it never runs
    ends: dict[str, Collection[str]] = {}
    usual = _play(jobs.values(), {id: _ends(job)[0] for id, job in jobs.items()})
    for id, place in jobs.items():
        if _never_asked_for(place):
            told[id] = id
            ends[id] = (_SKIP,)
        elif id in usual.ran or _can_run(id, jobs, ends):
            ends[id] = {*_ends(place), *((_SKIP,) if place.ir.needs else ())}
        else:
            ends[id] = (_SKIP,)
            _sort_in(place, told, dead)
    return dead


def _sort_in(place: JobPlace, told: dict[str, str], dead: DeadJobs) -> None:
    """A job that never runs, where it is told; nobody misses one without stages."""
    above = [told[need] for need in place.ir.needs if need in told]
    if above or place.stages:
        told[place.model.id] = above[0] if above else place.model.id
    if above and place.stages:
        dead.because.setdefault(above[0], []).append(place)
    elif place.stages:
        dead.found.append(place)


# --- how a run may go ---


@dataclass(frozen=True, slots=True)
class _Run:
    """How jobs have ended, and which of them have run."""

    ended: dict[str, str] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)


def _play(jobs: Iterable[JobPlace], ends: Ends) -> _Run:
    """A run in which the jobs, in the order of their needs, end as `ends` says if they run."""
    run = _Run()
    for job in jobs:
        id = job.model.id
        needed = [run.ended[need] for need in job.ir.needs]
        if not needed or _is_met(job.ir.trigger_rule, needed):
            run.ran.add(id)
            run.ended[id] = ends[id]
        else:
            run.ended[id] = _SKIP
    return run


def _is_met(rule: str, ended: Sequence[str]) -> bool:
    found = set(ended)
    match rule:
        case "all_done":
            return True
        case _ if found == {_SKIP}:
            return False
        case "all_success":
            return found == {_SUCCESS}
        case "all_failed":
            return found == {_FAILED}
        case "one_success":
            return _SUCCESS in found
        case "one_failed":
            return _FAILED in found
        case "none_failed":
            return _FAILED not in found
    return _SKIP not in found


def _ends(job: JobPlace) -> list[str]:
    """How a job that may run can end, the usual way first."""
    if _never_asked_for(job) or all(map(_is_skipped, job.stages)):
        return [_SKIP]
    has_if = job.ir.condition is not None
    may_skip = has_if or all(each.ir.condition is not None for each in job.stages)
    ends = [_SUCCESS, _FAILED, *([_SKIP] if may_skip else [])]
    if any(map(always_fails, job.stages)):
        ends.remove(_SUCCESS)
    return ends


def _never_asked_for(job: JobPlace) -> bool:
    found = answer(job.model.if_, job.ir.condition, job.domain)
    return found is not None and found.holds is False


def _is_skipped(stage: StagePlace) -> bool:
    found = answer(stage.model.if_, stage.ir.condition, stage.domain)
    return found is not None and found.holds is False


def _can_run(
    id: str, jobs: Mapping[str, JobPlace], ends: Mapping[str, Collection[str]]
) -> bool:
    """Whether it runs in some run, or not all runs can be tried.

    Args:
        ends: how each of the jobs before can end, by itself.
    """
    job = jobs[id]
    if not _may_be_met(job.ir.trigger_rule, [ends[need] for need in job.ir.needs]):
        return False
    above = _above(id, jobs)
    if len(above) > _MOST_TRIED:
        return True
    tried = [jobs[each] for each in (*above, id)]
    ways = product(*(_ends(jobs[each]) for each in above))
    return any(
        id in _play(tried, dict(zip((*above, id), (*way, _SUCCESS), strict=True))).ran
        for way in ways
    )


def _may_be_met(rule: str, ends: Sequence[Collection[str]]) -> bool:
    """As `_is_met`, where each need ends in one of several ways, whatever the others do."""
    match rule:
        case "all_success":
            return all(_SUCCESS in each for each in ends)
        case "all_failed":
            return all(_FAILED in each for each in ends)
        case "one_success":
            return any(_SUCCESS in each for each in ends)
        case "one_failed":
            return any(_FAILED in each for each in ends)
        case "none_failed":
            return all({*each} - {_FAILED} for each in ends) and any(
                _SUCCESS in each for each in ends
            )
        case "none_skipped":
            return all({*each} - {_SKIP} for each in ends)
    return True


def _above(id: str, jobs: Mapping[str, JobPlace]) -> list[str]:
    """What it needs, directly or through others, in the order of `jobs`."""
    found: set[str] = set()
    waiting = list(jobs[id].ir.needs)
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += jobs[need].ir.needs
    return [each for each in jobs if each in found]


# --- what is said ---


def report_dead_jobs(
    dead: DeadJobs, places: Iterable[JobPlace], diagnostics: Diagnostics
) -> None:
    """Adds WF541."""
    jobs = {place.model.id: place for place in places}
    notes = dead.notes()
    for job in dead.found:
        needs = [jobs[need] for need in dict.fromkeys(job.ir.needs)]
        rule = job.ir.trigger_rule
        diagnostics.warning(
            "WF541",
            f'job "{job.model.id}" never runs: '
            f'its trigger rule "{rule}" can never be met',
            job.model.id_span,
            notes=[*_reasons(needs), *notes.get(job.model.id, ())],
            help=_way_out(needs),
        )


def _reasons(needs: Iterable[JobPlace]) -> Iterator[Note]:
    for need in needs:
        ends = _ends(need)
        what = f'job "{need.model.id}"'
        if not need.stages:
            yield Note(
                f"{what} has no stages: it is always skipped", need.model.id_span
            )
        elif ends == [_SKIP]:
            yield Note(f"{what} is always skipped", need.model.id_span)
        elif _SUCCESS not in ends:
            yield Note(f"{what} never succeeds", need.model.id_span)


def _way_out(needs: Iterable[JobPlace]) -> str:
    empty = next((need.model.id for need in needs if not need.stages), None)
    if empty is not None:
        return f'give "{empty}" a stage, and be it an echo'
    return 'write another "trigger-rule", or remove the job'


def report_idle_rules(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    """Adds WF550: a job that needs nothing runs, whatever its trigger rule asks for."""
    for job in places:
        rule = job.ir.trigger_rule
        if job.ir.needs or rule not in _OF_SOME_NEED:
            continue
        entry = job.model.node.entry("trigger-rule")
        diagnostics.warning(
            "WF550",
            f'trigger rule "{rule}" has no effect: '
            f'job "{job.model.id}" needs nothing, so it always runs',
            job.model.id_span if entry is None else entry.value.span,
            help='write in "needs" which jobs the rule is about, or remove it',
        )
