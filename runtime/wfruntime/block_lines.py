"""Where in the YAML the lines of a `run:` block stand; needed only when one has failed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType
    from typing import Any


class BlockLines:
    """The lines of one block, which are those of its function and of what is nested there.

    Args:
        source: The YAML file.
        stage: The line of it in which the stage begins.
        lines: See `Workflow.blocks`.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        source: str,
        stage: int,
        lines: Mapping[int, int],
    ) -> None:
        code = function.__code__
        self._file = code.co_filename
        self._before = code.co_firstlineno - 1
        self._last = _last_line(code)
        self._source = source
        self._lines = {at: stage + below for at, below in lines.items()}

    def line_of(self, filename: str, line: int | None) -> int | None:
        """The line of the YAML; None where the place is not in the block."""
        if filename != self._file or line is None or line > self._last:
            return None
        at = line - self._before
        known = [start for start in self._lines if start <= at]
        return self._lines[known[-1]] + at - known[-1] if known else None

    def place_of(self, filename: str, line: int | None) -> str:
        """As `conf/x.yml:40`; "" where the place is not in the block."""
        found = self.line_of(filename, line)
        return "" if found is None else f"{self._source}:{found}"

    def failed_at(self, error: BaseException) -> int | None:
        """The line of the YAML of the statement that failed, the innermost one."""
        found = None
        trace = error.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            line = self.line_of(filename, trace.tb_lineno)
            found = found if line is None else line
            trace = trace.tb_next
        return found


def _last_line(code: CodeType) -> int:
    lines = [line for _, _, line in code.co_lines() if line is not None]
    inner = [each for each in code.co_consts if hasattr(each, "co_lines")]
    return max([code.co_firstlineno, *lines, *map(_last_line, inner)])
