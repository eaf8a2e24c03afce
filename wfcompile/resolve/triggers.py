"""Which workflows trigger which: the names that are written out, and circles of them.

Source: language.md section 6, trigger; differences D11 (an unknown workflow) and D12 (a circle,
which the interpreter follows without end). A name with a template is bounded when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.resolve.graph import cycles_of, reached_from
from wfcompile.source import Span


@dataclass(frozen=True, slots=True)
class Triggers:
    """A workflow as far as this matters: `targets` are workflows with the place of each name."""

    name: str
    span: Span
    targets: tuple[tuple[str, Span], ...]


def report_cycles(
    workflows: Sequence[Triggers], diagnostics: Diagnostics
) -> frozenset[str]:
    """The names of all workflows that are part of a circle; adds WF384."""
    by_name = {each.name: each for each in workflows}
    graph = {
        each.name: [name for name, _ in each.targets if name in by_name]
        for each in workflows
    }
    cycles = cycles_of(graph)
    for cycle in cycles:
        _report(cycle, by_name, diagnostics)
    # one cycle stands for a knot of them
    return frozenset(name for name in graph if cycles and _is_in_circle(name, graph))


def _is_in_circle(name: str, graph: Mapping[str, Sequence[str]]) -> bool:
    return any(
        target == name or name in reached_from(target, graph) for target in graph[name]
    )


def _report(
    cycle: Sequence[str], by_name: Mapping[str, Triggers], diagnostics: Diagnostics
) -> None:
    chain = " -> ".join([*cycle, cycle[0]])
    last = by_name[cycle[-1]]
    message = (
        f'workflow "{cycle[0]}" triggers itself'
        if len(cycle) == 1
        else f"workflows trigger each other in a circle: {chain}"
    )
    diagnostics.error(
        "WF384",
        message,
        next(span for name, span in last.targets if name == cycle[0]),
        notes=[
            Note(f'workflow "{name}" is defined here', by_name[name].span)
            for name in cycle[:-1]
        ],
        help="remove it" if len(cycle) == 1 else "remove one trigger of the circle",
    )
