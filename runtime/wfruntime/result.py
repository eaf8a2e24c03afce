"""The statuses, what a caller sees of its run, and what a run gives back.

Statuses are plain texts, in the result context, in expressions and in everything written.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timezone
    from typing import Any

    from .trace import Trace
else:
    # the same classes; `datetime` loads their slow twins in Python besides
    from _datetime import datetime, timezone

SUCCESS, FAILED, SKIP, CANCEL, WAIT = "SUCCESS", "FAILED", "SKIP", "CANCEL", "WAIT"


def combine(statuses: Iterable[str]) -> str:
    """The status of what consists of parts with these (the language, section 8).

    >>> combine(["SUCCESS", "SKIP"]), combine(["SKIP", "SKIP"]), combine([])
    ('SUCCESS', 'SKIP', 'SUCCESS')
    """
    found = set(statuses)
    for status in (FAILED, CANCEL, WAIT):
        if status in found:
            return status
    return SKIP if found == {SKIP} else SUCCESS


def timing(started: float, latency: float) -> dict[str, object]:
    """The `info` of a record.

    Args:
        started: Seconds since the epoch.
        latency: Seconds, of a clock that never jumps.
    """
    return {
        "exec_start": datetime.fromtimestamp(started, timezone.utc),
        "exec_end": datetime.fromtimestamp(started + latency, timezone.utc),
        "exec_latency": latency,
    }


class Result:
    """The run as a caller sees it that has a parameter `result`.

    Without arguments it is one for a caller's unit test: its trace prints.
    """

    __slots__ = ("extras", "parent_run_id", "run_id", "status", "trace")

    def __init__(
        self,
        *,
        run_id: str = "",
        parent_run_id: str | None = None,
        status: str = WAIT,
        extras: dict[str, Any] | None = None,
        trace: Trace | None = None,
    ) -> None:
        self.run_id = run_id
        self.parent_run_id = parent_run_id
        self.status = status
        self.extras: dict[str, Any] = {} if extras is None else extras
        if trace is None:
            from .trace import Trace

            trace = Trace()
        self.trace = trace

    def gen_trace(self) -> Trace:
        """The trace, as the interpreter's callers ask for it."""
        return self.trace


class RunResult:
    """How a run ended.

    Attributes:
        context: The result context, plain data: status, params, jobs, info, errors.
        journal: The path of the run's journal; None when it could not be written.
        exit_code: 0 success or skip, 1 failed or cancelled, 2 it was asked for wrongly.
    """

    __slots__ = ("context", "exit_code", "journal", "run_id", "status")

    def __init__(
        self,
        *,
        status: str,
        context: dict[str, Any],
        run_id: str,
        journal: str | None,
        exit_code: int,
    ) -> None:
        self.status = status
        self.context = context
        self.run_id = run_id
        self.journal = journal
        self.exit_code = exit_code
