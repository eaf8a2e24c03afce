"""What the code of a run prints, while the command line runs it.

`Printed` stands in for `sys.stdout` or `sys.stderr`. A line that a stage prints becomes a
`log` event of that stage, as the lines of its shells are: masked, in the journal, shown as
the console shows such. The thread tells which stage it is. What is printed outside any
stage is masked and goes on at once. What writes to a descriptor gets past this, as do the
processes that a stage starts.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from codecs import utf_8_decode

from .context import current
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TextIO

    from .events import Events, Span

    PassOn = Callable[[TextIO | None, str], None]


class Printed(io.TextIOBase):
    """Stands in for a stream; no terminal, whatever is behind it.

    Args:
        name: Of the stream, in the events.
        target: Where goes what is printed outside any stage.
        pid: Of the process that has the run; in a fork of it nothing is an event.
    """

    def __init__(
        self, name: str, target: TextIO | None, pass_on: PassOn, *, pid: int
    ) -> None:
        self._name = name
        self._target = target
        self._pass_on = pass_on
        self._pid = pid
        self._lines: dict[Span | None, Line] = {}  # None: outside any stage
        # guards the lines
        self._lock = threading.Lock()
        self.buffer = PrintedBytes(self)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() takes a str, not {type(text).__name__}")
        context = current()
        span = None if context is None else context._span
        events = None if context is None else context._scope.run.events
        if self._is_forked():
            if self._target is not None:
                self._target.write(mask(text))
        elif span is None or events is None:
            whole = self._take(None, text)
            if whole is not None:
                self._pass_on(self._target, f"{whole}\n")
        else:
            whole = self._take(span, text)
            events.unfinished.setdefault(span, {})[self] = None
            if whole is not None:
                events.log(span, "INFO", whole, stream=self._name)
        return len(text)

    def flush(self) -> None:
        """Pass on what is printed outside any stage; the lines of stages stay whole."""
        if self._is_forked():
            if self._target is not None:
                self._target.flush()
            return
        rest = self._rest(None)
        if rest:
            self._pass_on(self._target, rest)

    def finish(self, events: Events, span: Span) -> None:
        """Tell the begin of a line to which the stage has printed no end."""
        rest = self._rest(span)
        if rest:
            events.log(span, "INFO", rest, stream=self._name)

    def close(self) -> None:
        """Leave it open: it is not the stage's, and the next one may print."""

    def fileno(self) -> int:
        if self._target is None:
            raise io.UnsupportedOperation("fileno")
        return self._target.fileno()

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self._target, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "replace"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def _is_forked(self) -> bool:
        """A fork has nothing of the run, and whatever lock was held stays so."""
        return os.getpid() != self._pid

    def _take(self, span: Span | None, text: str) -> str | None:
        with self._lock:
            return self._lines.setdefault(span, Line()).take(text)

    def _rest(self, span: Span | None) -> str:
        with self._lock:
            line = self._lines.pop(span, None)
        return "" if line is None else line.shown()


class PrintedBytes(io.BufferedIOBase):
    """The stand-in's `buffer`: bytes are text in UTF-8."""

    def __init__(self, text: Printed) -> None:
        self._text = text
        self._rests = Rest()

    def write(self, data: Any) -> int:
        taken = bytes(data)
        text, used = utf_8_decode(self._rests.data + taken, "replace", False)
        self._rests.data = (self._rests.data + taken)[used:]
        self._text.write(text)
        return len(taken)

    def flush(self) -> None:
        self._text.flush()

    def close(self) -> None:
        """Leave it open, as the text."""

    def fileno(self) -> int:
        return self._text.fileno()

    def writable(self) -> bool:
        return True


class Rest(threading.local):
    """The bytes of a character that this thread has begun to write."""

    data = b""


class Line:
    """A line whose end has not come yet.

    A carriage return begins it anew, as on a terminal: of a progress bar the last state
    is kept.
    """

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: list[str] = []

    def take(self, text: str) -> str | None:
        """Take more; the lines that are whole with it, without the last one's end."""
        head, newline, tail = text.rpartition("\n")
        whole = "".join([*self._parts, head]) if newline else None
        if whole is not None:
            self._parts.clear()
            if "\r" in whole:
                whole = "\n".join(map(_visible, whole.split("\n")))
        self._parts.append(tail)
        if "\r" in tail:
            line = "".join(self._parts)
            # one at the end is not obeyed yet: a line break may follow
            self._parts = [_visible(line) + "\r" * line.endswith("\r")]
        return whole

    def shown(self) -> str:
        return _visible("".join(self._parts))


def _visible(line: str) -> str:
    """
    >>> _visible("10%\\r20%\\r"), _visible("a\\r")
    ('20%', 'a')
    """
    return line.rstrip("\r").rpartition("\r")[2]


def turn_logs(streams: Sequence[object], instead: object) -> None:
    """Let what logs to one of the streams log to the other; callers set this up early."""
    logging: Any = sys.modules["logging"]
    for logger in (logging.root, *logging.root.manager.loggerDict.values()):
        for handler in getattr(logger, "handlers", ()):
            stream = getattr(handler, "stream", None)
            if stream is not None and any(stream is each for each in streams):
                handler.setStream(instead)
