"""Names that are made of several choices, and are not all there; adds WF548.

What one choice makes of a name has to be there, and is told as an error where names are looked up.
Of several choices that belong together nobody asks for each pair; only a condition can say so.
"""

from __future__ import annotations

from collections.abc import Iterable

from wfcompile import ir
from wfcompile.checks.places import JobPlace, StagePlace
from wfcompile.checks.truth import parts_of, possible_values
from wfcompile.diagnostics import Diagnostics, Note, listing
from wfcompile.models import CallStage, TriggerStage


def report_choices(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    for job in places:
        for stage in job.all_stages():
            _report(stage, diagnostics)


def _report(stage: StagePlace, diagnostics: Diagnostics) -> None:
    match stage.ir.body, stage.model:
        case ir.DispatchBody(key=key, calls=calls), CallStage(uses=node):
            name, there = "uses", {each for each, _ in calls}
        case ir.TriggerTableBody(key=key, table=table), TriggerStage(trigger=node):
            name, there = "trigger", {each for each, _ in table}
        case _:
            return
    choices = {each for each in parts_of(key) if isinstance(each, ir.Param)}
    if len(choices) < 2:
        return
    own = stage.ir.condition
    guards = stage.guards if own is None else (*stage.guards, own)
    values = possible_values(key, guards, stage.domain) or ()
    missing = [str(each) for each in values if each not in there]
    if missing:
        others = listing("there is none of", missing[1:])
        diagnostics.warning(
            "WF548",
            f'the choices in "{name}" can make "{missing[0]}" of it, which there is not',
            node.span,
            notes=[Note(others)] if others else [],
            help="make one choice of them, with the names that there are as its options",
        )
