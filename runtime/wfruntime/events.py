"""The events of a run: each is a line of the journal, then told to the observer.

What has a start and an end is a span. An end counts only while its span is open: when a
thread is abandoned, `abandon` closes its spans in its place, and whatever the thread tells
later is refused with `Abandoned`.
"""

from __future__ import annotations

import threading
import time
from _json import encode_basestring_ascii as quote

from .result import CANCEL
from .stored import entries
from .threads import Abandoned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from .journal import Journal

    class Observer(Protocol):
        def event(self, kind: str, path: str, fields: Mapping[str, Any]) -> None: ...

    class Unfinished(Protocol):
        """Holds something back that a span has to tell before its end."""

        def finish(self, events: Events, span: Span) -> None: ...


NO_FIELDS: Mapping[str, object] = {}
LEAVE_S = 0.2

_running: dict[Events, None] = {}
"""Those whose runs have not ended."""


def leave_all(reason: str) -> None:
    """End the journals of all runs as cancelled, as far as that is possible at once."""
    # those of triggered runs first: they tell the observer through the run around them
    for events in reversed(tuple(_running)):
        events.leave(reason)


class Span:
    """A job, strategy or stage that runs, once.

    Args:
        fields: What tells it from others of the same path: matrix, item, branch ...
        text: The fields as `entries` gives them.
        line: In the YAML.

    Attributes:
        head: What all lines of the journal about it have in common.
        started: Seconds since the epoch.
        clock: The same moment on a clock that never jumps.
    """

    __slots__ = ("clock", "fields", "head", "kind", "line", "parent", "path", "started")

    def __init__(
        self,
        kind: str,
        path: str,
        parent: Span | None,
        fields: Mapping[str, object] = NO_FIELDS,
        text: str = "",
        line: int | None = None,
    ) -> None:
        self.kind = kind
        self.path = path
        self.line = line
        self.fields = fields
        self.parent = parent
        at = "" if line is None else f',"line":{line}'
        self.head = f'"path":{quote(path)}{at}{text}'
        self.started = time.time()
        self.clock = time.perf_counter()

    def is_inside(self, outer: Span) -> bool:
        span: Span | None = self
        while span is not None:
            if span is outer:
                return True
            span = span.parent
        return False


class Events:
    """Takes the events of a run from all its threads.

    Args:
        on_broken: Called once when a line could not be written; later lines are lost.

    Attributes:
        unfinished: Span -> what it has to tell before its end.
    """

    def __init__(
        self,
        journal: Journal,
        observer: Observer | None,
        on_broken: Callable[[OSError], None],
    ) -> None:
        self._journal = journal
        self._observer = observer
        self._on_broken = on_broken
        self._is_broken = False
        self._open: dict[Span, None] = {}
        self.unfinished: dict[Span, dict[Unfinished, None]] = {}
        # guards the open spans, and keeps journal and observer in one order; a thread may
        # take it twice: an item's __repr__ that the observer shows may print
        self._lock = threading.RLock()
        _running[self] = None

    def start(self, span: Span, fields: Mapping[str, object] = NO_FIELDS) -> None:
        """Open a span.

        Raises:
            Abandoned: The span around it is closed already.
        """
        text = entries(fields) if fields else ""
        with self._lock:
            if span.parent is not None and span.parent not in self._open:
                raise Abandoned
            self._open[span] = None
            self._tell(f"{span.kind}.start", span, fields, text)

    def end(
        self,
        span: Span,
        status: str,
        fields: Mapping[str, object] = NO_FIELDS,
        commit: Callable[[float], None] | None = None,
        *,
        stored: Mapping[str, object] = NO_FIELDS,
    ) -> float:
        """Close a span.

        Args:
            commit: Called with the duration just before, if the span is still open.
            stored: Fields that the journal alone has.

        Returns:
            How long it was open, in seconds.

        Raises:
            Abandoned: It is closed already.
        """
        text = entries({**fields, **stored}) if fields or stored else ""
        if self.unfinished:
            self._finish(span)
        duration = time.perf_counter() - span.clock
        with self._lock:
            if span not in self._open:
                raise Abandoned
            del self._open[span]
            if commit is not None:
                commit(duration)
            self._tell_end(span, status, fields, text, duration)
        return duration

    def note(
        self,
        span: Span,
        status: str,
        fields: Mapping[str, object],
        *,
        stored: Mapping[str, object] = NO_FIELDS,
    ) -> None:
        """The end of what never began."""
        text = entries({**fields, **stored})
        with self._lock:
            if span.parent in self._open:
                self._tell_end(span, status, fields, text, 0.0)

    def log(self, span: Span, level: str, message: str, **more: object) -> None:
        """A message of a span; of one that is closed it is dropped."""
        fields = {"level": level, "message": message, **more}
        text = entries(fields)
        with self._lock:
            if span in self._open:
                self._tell("log", span, fields, text)

    def hook(self, span: Span, fields: Mapping[str, object]) -> None:
        """What a hook of the run has done, for the journal; the span is closed already."""
        text = entries(fields)
        with self._lock:
            self._write("hook", span, text, time.time())

    def relay(self, span: Span, kind: str, fields: Mapping[str, object]) -> None:
        """Tell the observer of what another journal has; of a closed span nothing."""
        with self._lock:
            if span in self._open and self._observer is not None:
                self._show(kind, span, fields)

    def abandon(
        self, outer: Span, status: str, fields: Mapping[str, object]
    ) -> list[Span]:
        """Close all open spans inside the outer one; those that began last first."""
        now = time.perf_counter()
        text = entries(fields)
        with self._lock:
            inner = [s for s in self._open if s is not outer and s.is_inside(outer)]
            for span in reversed(inner):
                self._finish(span)
                del self._open[span]
                self._tell_end(span, status, fields, text, now - span.clock)
        return inner

    def close(self) -> None:
        """Close the journal; what is told from now on is lost."""
        with self._lock:
            _running.pop(self, None)
            self._open.clear()
            self._journal.close()

    def leave(self, reason: str) -> None:
        """End the journal in the middle of the run, since this process ends now.

        A signal handler calls this, whoever holds the lock: so it waits a moment only.
        """
        if not self._lock.acquire(timeout=LEAVE_S):
            return
        # never released: nobody may tell anything after the end
        self._observer = None
        now = time.perf_counter()
        errors = {"errors": {"name": "WorkflowCancelError", "message": reason}}
        text = entries(errors)
        for span in reversed(self._open):
            self._tell_end(span, CANCEL, errors, text, now - span.clock)

    def _finish(self, span: Span) -> None:
        for each in self.unfinished.pop(span, ()):
            each.finish(self, span)

    def _tell_end(
        self,
        span: Span,
        status: str,
        fields: Mapping[str, object],
        text: str,
        duration: float,
    ) -> None:
        """`fields` without the two that each end has, status and duration; as text too."""
        kind = f"{span.kind}.end"
        line = f',"status":"{status}"{text},"duration":{duration:.6f}'
        self._write(kind, span, line, span.started + duration)
        if self._observer is not None:
            ending = {"status": status, **fields, "duration": round(duration, 6)}
            self._show(kind, span, ending)

    def _tell(
        self, kind: str, span: Span, fields: Mapping[str, object], text: str
    ) -> None:
        self._write(kind, span, text, time.time())
        if self._observer is not None:
            self._show(kind, span, fields)

    def _write(self, kind: str, span: Span, text: str, moment: float) -> None:
        if self._is_broken:
            return
        try:
            self._journal.write(
                f'{{"ts":{moment:.6f},"event":"{kind}",{span.head}{text}}}\n'
            )
        except OSError as error:
            self._is_broken = True
            self._on_broken(error)

    def _show(self, kind: str, span: Span, fields: Mapping[str, object]) -> None:
        assert self._observer is not None
        line = {} if span.line is None else {"line": span.line}
        try:
            self._observer.event(kind, span.path, {**line, **span.fields, **fields})
        except Exception as error:  # what looks on may not end the run
            self._observer = None
            message = f"the observer has failed: {type(error).__name__}: {error}"
            told = {"level": "ERROR", "message": message}
            self._tell("log", span, told, entries(told))
