"""What a caller's `result.trace` does with its messages: each is an event of its stage."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Trace:
    """Log messages of one stage; the `a` names are for async callers.

    Args:
        sink: Takes level and message; left out, messages are printed to standard error.
    """

    __slots__ = ("_sink",)

    def __init__(self, sink: Callable[[str, str], None] | None = None) -> None:
        self._sink = sink or _print

    def debug(self, message: object) -> None:
        self._sink("DEBUG", str(message))

    def info(self, message: object) -> None:
        self._sink("INFO", str(message))

    def warning(self, message: object) -> None:
        self._sink("WARNING", str(message))

    def error(self, message: object) -> None:
        self._sink("ERROR", str(message))

    def exception(self, message: object) -> None:
        """An error with the traceback of the exception that is being handled."""
        text = str(message)
        error = sys.exc_info()[1]
        if error is not None:
            from .failures import traceback_text

            text = f"{text}\n{traceback_text(error)}".rstrip()
        self._sink("ERROR", text)

    async def adebug(self, message: object) -> None:
        self.debug(message)

    async def ainfo(self, message: object) -> None:
        self.info(message)

    async def awarning(self, message: object) -> None:
        self.warning(message)

    async def aerror(self, message: object) -> None:
        self.error(message)

    async def aexception(self, message: object) -> None:
        self.exception(message)


def _print(level: str, message: str) -> None:
    from .secrets import mask

    print(mask(f"{level} {message}"), file=sys.stderr)
