"""The events of a run: each is a line of the journal, then told to the observer.

What has a start and an end is a span. An end counts only while its span is open: when a
thread is abandoned, `abandon` closes its spans in its place, and whatever the thread tells
later is refused with `Abandoned`.
"""

from __future__ import annotations

import threading
import time
from _json import encode_basestring_ascii as quote

from .stored import entries
from .threads import Abandoned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from .journal import Journal

    class Observer(Protocol):
        def event(self, kind: str, path: str, fields: Mapping[str, Any]) -> None: ...


NO_FIELDS: Mapping[str, object] = {}


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
        # guards the open spans, and keeps journal and observer in one order
        self._lock = threading.Lock()

    def start(self, span: Span, fields: Mapping[str, object] = NO_FIELDS) -> None:
        """Open a span.

        Raises:
            Abandoned: The span around it is closed already.
        """
        with self._lock:
            if span.parent is not None and span.parent not in self._open:
                raise Abandoned
            self._open[span] = None
            self._tell(f"{span.kind}.start", span, fields)

    def end(
        self,
        span: Span,
        status: str,
        fields: Mapping[str, object] = NO_FIELDS,
        commit: Callable[[float], None] | None = None,
    ) -> float:
        """Close a span.

        Args:
            commit: Called with the duration just before, if the span is still open.

        Returns:
            How long it was open, in seconds.

        Raises:
            Abandoned: It is closed already.
        """
        duration = time.perf_counter() - span.clock
        with self._lock:
            if span not in self._open:
                raise Abandoned
            del self._open[span]
            if commit is not None:
                commit(duration)
            self._tell_end(span, status, fields, duration)
        return duration

    def note(self, span: Span, status: str, fields: Mapping[str, object]) -> None:
        """The end of what never began."""
        with self._lock:
            if span.parent in self._open:
                self._tell_end(span, status, fields, 0.0)

    def log(self, span: Span, level: str, message: str, **more: object) -> None:
        """A message of a span; of one that is closed it is dropped."""
        with self._lock:
            if span in self._open:
                fields = {"level": level, "message": message, **more}
                self._tell("log", span, fields)

    def abandon(
        self, outer: Span, status: str, fields: Mapping[str, object]
    ) -> list[Span]:
        """Close all open spans inside the outer one; those that began last first."""
        now = time.perf_counter()
        with self._lock:
            inner = [s for s in self._open if s is not outer and s.is_inside(outer)]
            for span in reversed(inner):
                del self._open[span]
                self._tell_end(span, status, fields, now - span.clock)
        return inner

    def close(self) -> None:
        """Close the journal; what is told from now on is lost."""
        with self._lock:
            self._open.clear()
            self._journal.close()

    def _tell_end(
        self, span: Span, status: str, fields: Mapping[str, object], duration: float
    ) -> None:
        """`fields` without the two that each end has: status and duration."""
        text = f',"status":"{status}"{entries(fields)},"duration":{duration:.6f}'
        kind = f"{span.kind}.end"
        self._write(kind, span, text, span.started + duration)
        if self._observer is not None:
            ending = {"status": status, **fields, "duration": round(duration, 6)}
            self._show(kind, span, ending)

    def _tell(self, kind: str, span: Span, fields: Mapping[str, object]) -> None:
        self._write(kind, span, entries(fields) if fields else "", time.time())
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
            self._tell("log", span, {"level": "ERROR", "message": message})
