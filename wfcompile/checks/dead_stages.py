"""Stages that no run comes to, since one before them always fails; adds WF542."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wfcompile import ir
from wfcompile.checks.places import JobPlace, StagePlace
from wfcompile.diagnostics import Diagnostics, Note


def always_fails(stage: StagePlace) -> bool:
    if stage.ir.condition is not None:
        return False
    body = stage.ir.body
    return isinstance(body, ir.RaiseBody) or (
        isinstance(body, ir.BlockBody) and not body.completes
    )


def report_dead_stages(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    for place in places:
        for stages in place.lists:
            _report(stages, diagnostics)


def _report(stages: Sequence[StagePlace], diagnostics: Diagnostics) -> None:
    """One for a list: what comes behind the first one is dead as well."""
    for stage, following in zip(stages, stages[1:], strict=False):
        if always_fails(stage):
            diagnostics.warning(
                "WF542",
                f'stage "{following.model.name}" never runs: '
                "the one before it always fails",
                following.model.name_node.span,
                notes=[Note("it fails here", stage.model.name_node.span)],
                help='remove it, or write an "if" at the one before it',
            )
            return
