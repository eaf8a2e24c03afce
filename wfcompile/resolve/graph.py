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
from wfcompile.resolve.circles import (
    Links,
    Words,
    closed_late,
    cycles_of,
    reached_from,
    report_circle,
)
from wfcompile.source import Span

_WORDS = Words("WF302", "job", "needs itself", "need each other", "need")


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


def resolve_needs(jobs: Sequence[Links], diagnostics: Diagnostics) -> NeedsGraph:
    """Jobs are linked to what they need. Adds WF301 (unknown need), WF302 (cycle), WF303 (a need twice).

    A need that was reported is left out of the order, so that the rest can be checked.
    """
    needs = _known_needs(jobs, diagnostics)
    by_id = {job.name: job for job in jobs}
    cycles = [closed_late(cycle, list(by_id)) for cycle in cycles_of(needs)]
    for cycle in cycles:
        report_circle(cycle, by_id, _WORDS, diagnostics)
        needs[cycle[-1]] = [need for need in needs[cycle[-1]] if need != cycle[0]]
    order = _order(needs)
    if cycles or any(need not in needs for job in jobs for need, _ in job.targets):
        return NeedsGraph(tuple(order), _meant_upstream(jobs))
    upstream: dict[str, frozenset[str]] = {}
    for job in order:
        direct = needs[job]
        upstream[job] = frozenset(direct).union(*(upstream[need] for need in direct))
    return NeedsGraph(tuple(order), upstream)


def _meant_upstream(jobs: Sequence[Links]) -> dict[str, frozenset[str]]:
    """With circles as they are, and unknown needs as they are written and as they were meant."""
    ids = {job.name for job in jobs}
    meant: dict[str, list[str]] = {}
    for job in jobs:
        written = [need for need, _ in job.targets]
        near = (close_match(need, ids) for need in written if need not in ids)
        meant[job.name] = [*written, *filter(None, near)]
    return {id: reached_from(id, meant) for id in meant}


def _known_needs(
    jobs: Sequence[Links], diagnostics: Diagnostics
) -> dict[str, list[str]]:
    ids = [job.name for job in jobs]
    known: dict[str, list[str]] = {}
    for job in jobs:
        first_place: dict[str, Span] = {}
        for need, span in job.targets:
            if need not in ids:
                diagnostics.error(
                    "WF301",
                    f'job "{job.name}" needs "{need}", which is no job of this workflow',
                    span,
                    help=_help_for(need, [id for id in ids if id != job.name]),
                )
            elif need in first_place:
                diagnostics.warning(
                    "WF303",
                    f'job "{job.name}" names its need "{need}" twice',
                    span,
                    notes=[Note("the first one is here", first_place[need])],
                    help="remove one of them",
                )
            else:
                first_place[need] = span
        known[job.name] = list(first_place)
    return known


def _help_for(need: str, others: list[str]) -> str:
    return (
        did_you_mean(need, others)
        or listing("the other jobs are", others)
        or "remove it, or write the job"
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
