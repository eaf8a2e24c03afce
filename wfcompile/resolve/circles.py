"""Circles in what points to its like: jobs that need jobs, workflows that trigger workflows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.source import Span


@dataclass(frozen=True, slots=True)
class Links:
    """A job or workflow as far as this matters: `targets` with the place of each name."""

    name: str
    span: Span
    targets: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """How a circle is told: job, needs itself, need each other, need."""

    code: str
    kind: str
    alone: str
    together: str
    link: str


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


def closed_late(cycle: list[str], order: Sequence[str]) -> list[str]:
    """The same circle, its last link the one against the order in which they are written.

    Where one job alone needs what stands below it, that need is likely the mistake.
    """
    place = {name: at for at, name in enumerate(order)}
    late = [at for at, name in enumerate(cycle) if place[cycle[at - 1]] < place[name]]
    return cycle[late[0] :] + cycle[: late[0]] if len(late) == 1 else cycle


def reached_from(job: str, needs: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """What a job needs, directly or through others, without itself."""
    reached: set[str] = set()
    waiting = [job]
    while waiting:
        new = set(needs.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return frozenset(reached - {job})


def report_circle(
    cycle: Sequence[str],
    by_name: Mapping[str, Links],
    words: Words,
    diagnostics: Diagnostics,
) -> None:
    """At the link that closes it."""
    is_alone = len(cycle) == 1
    chain = " -> ".join([*cycle, cycle[0]])
    message = (
        f'{words.kind} "{cycle[0]}" {words.alone}'
        if is_alone
        else f"{words.kind}s {words.together} in a circle: {chain}"
    )
    diagnostics.error(
        words.code,
        message,
        next(span for name, span in by_name[cycle[-1]].targets if name == cycle[0]),
        notes=[
            Note(f'{words.kind} "{name}" is defined here', by_name[name].span)
            for name in cycle[:-1]
        ],
        help="remove it" if is_alone else f"remove one {words.link} of the circle",
    )
