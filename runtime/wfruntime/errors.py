"""What the runtime raises, and what callers raise to skip or cancel their stage.

All of these are children of `RunError`, one step deep: catching one never catches another.
A caller's own exceptions keep their type; none of them is wrapped.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class RunError(Exception):
    """The root."""


class ConfigurationError(RunError):
    """The run cannot begin as it was asked for, or its state cannot be written."""


class ParamError(RunError):
    """The params of a run do not fit their declaration."""


class EnvError(RunError):
    """An environment variable without a default is not set."""


class OutputError(RunError, KeyError):
    """What a stage reads from another one is not there; a block may catch KeyError."""

    __str__ = Exception.__str__  # a KeyError shows the repr of its message


class StageError(RunError):
    """A stage has failed.

    Args:
        outputs: What the stage has put out all the same; kept in its record.
    """

    def __init__(
        self, message: str = "", *, outputs: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.outputs: Mapping[str, object] = outputs or {}


class StageSkipError(RunError):
    """Raised in a stage: the stage is SKIP, the job goes on.

    Args:
        outputs: What the stage has put out all the same; kept in its record.
    """

    def __init__(
        self, message: str = "", *, outputs: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.outputs: Mapping[str, object] = outputs or {}


class StageCancelError(RunError):
    """Raised in a stage: the stage is CANCEL, and so is its job.

    Args:
        outputs: What the stage has put out until then; kept in its record.
    """

    def __init__(
        self, message: str = "", *, outputs: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.outputs: Mapping[str, object] = outputs or {}


class StageTimeoutError(RunError, TimeoutError):
    """A stage took longer than its timeout; `retry: {on: [TimeoutError]}` covers it."""


class JobError(RunError):
    """A job has failed."""


class JobCancelError(RunError):
    """A job was cancelled."""


class JobTimeoutError(RunError):
    """A job took longer than its timeout."""


class WorkflowError(RunError):
    """A run has failed because of its jobs."""


class WorkflowCancelError(RunError):
    """A run was cancelled."""


class WorkflowTimeoutError(RunError):
    """A run took longer than its timeout."""
