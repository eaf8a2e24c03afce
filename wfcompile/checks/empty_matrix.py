"""A matrix that `exclude` has emptied, where nothing reads it; adds WF551.

Where a value of it is read, that is an error (WF361).
"""

from __future__ import annotations

from collections.abc import Iterable

from wfcompile.checks.places import JobPlace
from wfcompile.diagnostics import Diagnostics
from wfcompile.lower.matrix import combinations, emptying_row


def report_empty_matrices(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    for job in places:
        strategy = job.model.strategy
        if strategy is None or not strategy.matrix or combinations(strategy):
            continue
        diagnostics.warning(
            "WF551",
            f'"exclude" leaves no combination of the matrix, so job "{job.model.id}" '
            "runs once, without any",
            emptying_row(strategy).node.span,
            help="leave fewer of them out, or remove the strategy",
        )
