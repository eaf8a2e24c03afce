"""The `needs` graph: unknown needs, cycles, an order to work in, and what a job may refer to.

Source of the rules: ddeutil-workflow, Job, `needs`; differences D12 (a cycle is an error) and D28
(a job sees the jobs that it needs, directly or through others, and no other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wfcompile.diagnostics import (
    Diagnostics,
    Note,
    close_match,
    did_you_mean,
    listing,
)
from wfcompile.source import Span


@dataclass(frozen=True, slots=True)
class JobNeeds:
    """A job as far as the graph needs it: `needs` with the place of each."""

    id: str
    span: Span
    needs: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class NeedsGraph:
    """Attributes:
    order: job ids, every job after the jobs it needs, else in YAML order.
    upstream: job id -> all jobs that it needs, directly or through others; also those that it
        names in a circle, or meant by a misspelt need, so that no reference to them is told of
        as well.
    """

    order: tuple[str, ...]
    upstream: Mapping[str, frozenset[str]]


def resolve_needs(jobs: Sequence[JobNeeds], diagnostics: Diagnostics) -> NeedsGraph:
    """Adds WF301 (unknown need), WF302 (cycle), WF303 (a need twice).

    A need that was reported is left out of the order, so that the rest can be checked.
    """
    needs = _known_needs(jobs, diagnostics)
    cycles = cycles_of(needs)
    for cycle in cycles:
        _report_cycle(cycle, jobs, diagnostics)
        needs[cycle[-1]] = [need for need in needs[cycle[-1]] if need != cycle[0]]
    order = _order(needs)
    if cycles or any(need not in needs for job in jobs for need, _ in job.needs):
        return NeedsGraph(tuple(order), _meant_upstream(jobs))
    upstream: dict[str, frozenset[str]] = {}
    for job in order:
        direct = needs[job]
        upstream[job] = frozenset(direct).union(*(upstream[need] for need in direct))
    return NeedsGraph(tuple(order), upstream)


def _meant_upstream(jobs: Sequence[JobNeeds]) -> dict[str, frozenset[str]]:
    """With circles as they are, and unknown needs as they are written and as they were meant."""
    ids = {job.id for job in jobs}
    meant: dict[str, list[str]] = {}
    for job in jobs:
        written = [need for need, _ in job.needs]
        near = (close_match(need, ids) for need in written if need not in ids)
        meant[job.id] = [*written, *filter(None, near)]
    return {id: reached_from(id, meant) for id in meant}


def reached_from(job: str, needs: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """What a job needs, directly or through others, without itself."""
    reached: set[str] = set()
    waiting = [job]
    while waiting:
        new = set(needs.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return frozenset(reached - {job})


def _known_needs(
    jobs: Sequence[JobNeeds], diagnostics: Diagnostics
) -> dict[str, list[str]]:
    ids = [job.id for job in jobs]
    known: dict[str, list[str]] = {}
    for job in jobs:
        first_place: dict[str, Span] = {}
        for need, span in job.needs:
            if need not in ids:
                diagnostics.error(
                    "WF301",
                    f'job "{job.id}" needs "{need}", which is no job of this workflow',
                    span,
                    help=_help_for(need, [id for id in ids if id != job.id]),
                )
            elif need in first_place:
                diagnostics.warning(
                    "WF303",
                    f'job "{job.id}" names its need "{need}" twice',
                    span,
                    notes=[Note("the first one is here", first_place[need])],
                    help="remove one of them",
                )
            else:
                first_place[need] = span
        known[job.id] = list(first_place)
    return known


def _help_for(need: str, others: list[str]) -> str:
    return (
        did_you_mean(need, others)
        or listing("the other jobs are", others)
        or "remove it, or write the job"
    )


def cycles_of(needs: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """One cycle per strongly connected knot, each from its first job in YAML order.

    A cycle `[a, b, c]` reads: c needs a, a needs b, b needs c ... written so that
    `cycle[-1]` needs `cycle[0]`.
    """
    found: list[list[str]] = []
    state: dict[str, int] = {}
    for root in needs:
        if root in state:
            continue
        path: list[str] = []
        stack = [(root, iter(needs[root]))]
        state[root] = 1
        path.append(root)
        while stack:
            job, rest = stack[-1]
            for need in rest:
                if state.get(need) == 1:
                    found.append(path[path.index(need) :])
                elif need not in state:
                    state[need] = 1
                    path.append(need)
                    stack.append((need, iter(needs[need])))
                    break
            else:
                state[job] = 2
                path.pop()
                stack.pop()
    return found


def _report_cycle(
    cycle: Sequence[str], jobs: Sequence[JobNeeds], diagnostics: Diagnostics
) -> None:
    by_id = {job.id: job for job in jobs}
    chain = " -> ".join([*cycle, cycle[0]])
    back = by_id[cycle[-1]]
    span = next(span for need, span in back.needs if need == cycle[0])
    message = (
        f'job "{cycle[0]}" needs itself'
        if len(cycle) == 1
        else f"jobs need each other in a circle: {chain}"
    )
    diagnostics.error(
        "WF302",
        message,
        span,
        notes=[
            Note(f'job "{id}" is defined here', by_id[id].span) for id in cycle[:-1]
        ],
        help="remove it" if len(cycle) == 1 else "remove one need of the circle",
    )


def _order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Depth first over an acyclic graph, iterative: chains may have thousands of jobs."""
    order: list[str] = []
    seen: set[str] = set()
    for root in needs:
        stack = [(root, iter(needs[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            job, rest = stack[-1]
            for need in rest:
                if need not in seen:
                    seen.add(need)
                    stack.append((need, iter(needs[need])))
                    break
            else:
                order.append(job)
                stack.pop()
    return order
