"""What a run is asked for, and whether it can be done."""

from __future__ import annotations

from .errors import ConfigurationError
from .wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from threading import Event
    from typing import Any

MAX_PARALLEL = 2
SETTINGS: dict[str, type] = {
    "stage_default_id": bool,
    "max_job_parallel": int,
    "enable_write_audit": bool,
    "trace_handlers": list,
}
"""Extras that change the run."""


class Asked:
    """What `run` was asked for."""

    __slots__ = (
        "audit_excluded",
        "cancel",
        "extras",
        "log_name",
        "max_parallel",
        "mode",
        "params",
        "release",
        "timeout",
    )

    def __init__(
        self,
        params: Any,
        *,
        release: datetime | None = None,
        mode: str = "normal",
        timeout: float | None = None,
        max_parallel: int | None = None,
        cancel: Event | None = None,
        extras: Mapping[str, object] | None = None,
        audit_excluded: Sequence[str] = (),
        log_name: str | None = None,
    ) -> None:
        self.params = {} if params is None else params
        self.release = release
        self.mode = mode
        self.timeout = timeout
        self.max_parallel = max_parallel
        self.cancel = cancel
        self.extras: Mapping[str, object] = {} if extras is None else extras
        self.audit_excluded = audit_excluded
        self.log_name = log_name

    def checked_limit(self, extras: Mapping[str, Any]) -> int:
        """How many jobs run at a time.

        Raises:
            ConfigurationError: Something that is asked for cannot be.
        """
        for name, kind in SETTINGS.items():
            value = extras.get(name)
            if name in extras and type(value) is not kind:
                raise ConfigurationError(
                    f'extras "{name}" is {shown(value)}, expected {kind.__name__}'
                )
        limit = self.max_parallel
        if limit is None:
            limit = extras.get("max_job_parallel", MAX_PARALLEL)
        if type(limit) is not int or limit < 1:
            raise ConfigurationError(
                f"max_parallel is a number from 1, not {shown(limit)}"
            )
        if self.timeout is not None and not _is_time(self.timeout):
            raise ConfigurationError(
                f"timeout is a number of seconds, not {shown(self.timeout)}"
            )
        return limit


def _is_time(seconds: object) -> bool:
    """Whether one can wait so long; 0 is over at once."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return False
    return 0 <= seconds < float("inf")
