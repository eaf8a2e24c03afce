"""Which workflows trigger which: the names that are written out, and circles of them.

Source: language.md section 6, trigger; differences D11 (an unknown workflow) and D12 (a circle,
which the interpreter follows without end). A name with a template is bounded when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.circles import (
    Links,
    Words,
    cycles_of,
    reached_from,
    report_circle,
)

_WORDS = Words("WF384", "workflow", "triggers itself", "trigger each other", "trigger")


def report_cycles(
    workflows: Sequence[Links], diagnostics: Diagnostics
) -> frozenset[str]:
    """The names of all workflows that are part of a circle; adds WF384."""
    by_name = {each.name: each for each in workflows}
    graph = {
        each.name: [name for name, _ in each.targets if name in by_name]
        for each in workflows
    }
    cycles = cycles_of(graph)
    for cycle in cycles:
        report_circle(cycle, by_name, _WORDS, diagnostics)
    # one cycle stands for a knot of them
    return frozenset(name for name in graph if cycles and _is_in_circle(name, graph))


def _is_in_circle(name: str, graph: Mapping[str, Sequence[str]]) -> bool:
    return any(
        target == name or name in reached_from(target, graph) for target in graph[name]
    )
