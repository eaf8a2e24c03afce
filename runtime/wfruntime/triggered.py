"""A workflow inside a stage of another one: what `Context.trigger` gives and shows of it.

It is a run of its own, with its own journal, which ends when the stage must stop. What its
stages log is shown as the stage's, and stands in its own journal alone.
"""

from __future__ import annotations

from .errors import StageCancelError, StageError, StageSkipError
from .result import CANCEL, FAILED, SKIP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypedDict

    from .context import Context
    from .graph import Workflow
    from .result import RunResult

    class TriggerOutputs(TypedDict):
        """The context of the run: its params by their names, and a record for each job."""

        params: dict[str, Any]
        jobs: dict[str, Any]

else:

    class TriggerOutputs(dict):
        """The context of the run: its params by their names, and a record for each job."""


MAX_DEPTH = 20


def refuse_endless(context: Context[Any], workflow: Workflow[Any]) -> None:
    """
    Raises:
        StageError: Too many runs are inside each other; the message shows the innermost.
    """
    chain = (*context._scope.run.triggered, workflow.name)
    if len(chain) > MAX_DEPTH:
        shown = " -> ".join(chain[-4:])
        raise StageError(
            f"workflows trigger each other more than {MAX_DEPTH} deep: ... -> {shown}"
        )


def outputs_of(workflow: Workflow[Any], result: RunResult) -> TriggerOutputs:
    """What a run is to the stage that has triggered it; see `Context.trigger`."""
    told = result.context
    outputs: TriggerOutputs = {
        "params": told.get("params", {}),
        "jobs": told.get("jobs", {}),
    }
    if result.status == SKIP:
        reason = f'workflow "{workflow.name}" was skipped'
        raise StageSkipError(reason, outputs=outputs)
    if result.status in (FAILED, CANCEL):
        ending = "failed" if result.status == FAILED else "was cancelled"
        kind = StageError if result.status == FAILED else StageCancelError
        why = told["errors"]["message"]
        raise kind(f'workflow "{workflow.name}" {ending}: {why}', outputs=outputs)
    return outputs


class Relay:
    """Shows what the stages of the run log, and where they have failed."""

    def __init__(self, context: Context[Any]) -> None:
        self._events = context._scope.run.events
        self._span = context._span

    def event(self, kind: str, path: str, fields: Mapping[str, Any]) -> None:
        if self._events is None or self._span is None:
            return
        if kind == "log":
            self._events.relay(self._span, kind, fields)
        elif kind == "stage.end" and "traceback" in fields:
            told = {"level": "ERROR", "message": f"{path}: {fields['traceback']}"}
            self._events.relay(self._span, "log", told)
