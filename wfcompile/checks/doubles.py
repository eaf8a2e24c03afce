"""Combinations of a matrix that are there twice; adds WF547."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wfcompile.checks.places import JobPlace
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.lower.matrix import combinations
from wfcompile.models import MatrixKey, Strategy
from wfcompile.nodes import Node, SequenceNode
from wfcompile.resolve.misfits import constant_in_words


def report_doubles(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    for job in places:
        strategy = job.model.strategy
        if strategy is None or not strategy.matrix:
            continue
        for key in strategy.matrix:
            _report_values(key, diagnostics)
        for row in _idle_rows(strategy):
            diagnostics.warning(
                "WF547",
                "the row adds nothing: the matrix has this combination already",
                row.span,
                help="remove it, or change a value of it",
            )


def _report_values(key: MatrixKey, diagnostics: Diagnostics) -> None:
    nodes: Sequence[Node] = ()
    if isinstance(key.node, SequenceNode):
        nodes = key.node.items
    first: dict[str | int, Node] = {}
    values: Sequence[str | int] = key.values
    for value, node in zip(values, nodes, strict=True):
        if value in first:
            diagnostics.warning(
                "WF547",
                f'matrix key "{key.name}" has the value {constant_in_words(value)} twice, '
                "and its combinations run once",
                node.span,
                notes=[Note("the first one is here", first[value].span)],
                help="remove one of them",
            )
        first.setdefault(value, node)


def _idle_rows(strategy: Strategy) -> Iterator[Node]:
    """Those of `include` that are combinations of the matrix, or rows before them."""
    rows = combinations(strategy.model_copy(update={"include": ()}))
    for row in strategy.include:
        if row.values in rows:
            yield row.node
        else:
            rows.append(row.values)
