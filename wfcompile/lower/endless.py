"""Conditions of `until` that give the same answer in each round; adds WF521."""

from __future__ import annotations

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_condition
from wfcompile.lower.shell_values import paths_of
from wfcompile.nodes import Node, Scalar

_SAME = frozenset(("params", "jobs", "matrix", "release", "branch", "case"))
"""Roots whose values stay what they are while the rounds go on."""


def report_endless(until: Node, diagnostics: Diagnostics) -> None:
    """For a condition that is no constant `true`."""
    if not isinstance(until, Scalar) or isinstance(until.value, bool):
        return
    tree = parse_condition(until, Diagnostics())
    roots = {path.segments[0].name for path in paths_of(tree)}
    if tree is not None and roots <= _SAME:
        diagnostics.warning(
            "WF521",
            "the condition has the same answer in each round: "
            "it reads neither item nor loop",
            until.span,
            help="compare ${{ item }} or ${{ loop }}",
        )
