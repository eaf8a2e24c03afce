"""Stopping what runs: a tree of `Stop`s, from the run down to a single stage.

Who does not wait asks `is_set` before it goes on. Who waits, or has started a process,
adds a callback, which the thread that sets the stop calls at once: nothing polls. A stop
is set once and stays so, with the reason that was first.
"""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

RUN_CANCELLED = "the run was cancelled"
INTERRUPTED = "the run was interrupted"
END_OF_WATCH_S = 1.0


class CancelEvent(threading.Event):
    """An event that calls back when it is set; a run needs no thread to watch this one."""

    def __init__(self) -> None:
        super().__init__()
        self._callbacks: list[Callable[[], None]] = []

    def set(self) -> None:
        super().set()
        for callback in tuple(self._callbacks):
            callback()

    def subscribe(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)
        if self.is_set():
            callback()

    def unsubscribe(self, callback: Callable[[], None]) -> None:
        self._callbacks.remove(callback)


class Stop:
    """Whether, and why, a part of the run must end.

    Args:
        parent: The stop of the part around this one; when it is set, so is this.
    """

    __slots__ = ("_callbacks", "_event", "_lock", "_parent", "reason")

    def __init__(self, parent: Stop | None = None) -> None:
        self.reason: str | None = None
        """Why this very stop was set; a parent's reason is not here but in `why`."""
        self._parent = parent
        self._event: threading.Event | None = None
        self._callbacks: dict[Callable[[], None], None] = {}
        # guards the callbacks and reasons of a whole tree
        self._lock: threading.Lock = (
            threading.Lock() if parent is None else parent._lock
        )

    def is_set(self) -> bool:
        if self.reason is not None:
            return True
        if self._parent is not None:
            return self._parent.is_set()
        return self._event is not None and self._event.is_set()

    def why(self) -> str:
        """The reason; of several the outermost."""
        outer = "" if self._parent is None else self._parent.why()
        if not outer and self._event is not None and self._event.is_set():
            outer = RUN_CANCELLED
        return outer or self.reason or ""

    def set(self, reason: str) -> None:
        with self._lock:
            if self.reason is not None:
                return
            self.reason = reason
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def add(self, callback: Callable[[], None]) -> None:
        """Call it when this is set, or at once; it may be called more than once."""
        with self._lock:
            for stop in self._line():
                stop._callbacks[callback] = None
        if self.is_set():
            callback()

    def discard(self, callback: Callable[[], None]) -> None:
        with self._lock:
            for stop in self._line():
                stop._callbacks.pop(callback, None)

    def wait(self, seconds: float) -> bool:
        """Sleep, but not longer than until this is set; whether it is."""
        woken = threading.Event()
        self.add(woken.set)
        try:
            woken.wait(seconds)
        finally:
            self.discard(woken.set)
        return self.is_set()

    def follow(self, event: threading.Event) -> Callable[[], None]:
        """Set this when the event is set, until the returned function is called."""
        self._event = event

        def cancel() -> None:
            self.set(RUN_CANCELLED)

        if isinstance(event, CancelEvent):
            event.subscribe(cancel)
            return lambda: event.unsubscribe(cancel)
        left = threading.Event()

        def watch() -> None:
            # an event wakes who waits for it only by being set, and this one is not ours
            # to set: so the thread looks now and then whether the run has ended
            while not event.wait(END_OF_WATCH_S):
                if left.is_set():
                    return
            cancel()

        threading.Thread(target=watch, name="wf-cancel", daemon=True).start()
        return left.set

    def _line(self) -> list[Stop]:
        """This stop and those around it."""
        line = [self]
        while line[-1]._parent is not None:
            line.append(line[-1]._parent)
        return line
