"""How a part of a run has ended, on its way from what ran it to its record."""

from __future__ import annotations

from .failures import error_record, one_line
from .result import CANCEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Outcome:
    """How a stage, a list of stages or a job has ended.

    Attributes:
        outputs: Of a stage; of a job what its record holds besides.
        errors: For the record: name and message, or those of each item or branch.
        cause: One line for the message of what is around it; "" when nothing went wrong.
        error: What was raised at the bottom of it.
        is_nested: The error was raised, and told, by something inside.
    """

    __slots__ = ("cause", "error", "errors", "is_nested", "outputs", "status")

    def __init__(
        self,
        status: str,
        outputs: dict[str, Any] | None = None,
        *,
        errors: dict[Any, Any] | None = None,
        cause: str = "",
        inner: Outcome | None = None,
    ) -> None:
        self.status = status
        self.outputs: dict[str, Any] = {} if outputs is None else outputs
        self.errors = errors
        self.cause = cause
        self.error: BaseException | None = None if inner is None else inner.error
        self.is_nested = inner is not None


def raised(
    status: str, error: BaseException, outputs: Mapping[str, Any] | None = None
) -> Outcome:
    """The outcome of what has raised an error, whatever it has put out before."""
    errors = error_record(error)
    kept = dict(outputs) if outputs else {}
    outcome = Outcome(status, kept, errors=errors, cause=one_line(errors))
    outcome.error = error
    return outcome


def left_out(own: Mapping[str, Any], reason: str, kind: type[Exception]) -> Any:
    """The record of a part that a failure has kept from beginning; `own` names the part.

    Only the first one of those has a record, as in the interpreter.
    """
    error = error_record(kind(f"stopped before it began: {reason}"))
    return {"status": CANCEL, **own, "stages": {}, "errors": error}
