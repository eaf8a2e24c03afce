"""Stopping what runs: a tree of `Stop`s, from the run down to a single stage.

Who does not wait asks `is_set` before it goes on. Who waits, or has started a process,
adds a callback, which the thread that sets the stop calls at once: nothing polls. A stop
is set once and stays so, with the reason that was first.
"""

from __future__ import annotations

import _thread
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable
    from types import FrameType
else:
    import _signal  # `signal` loads `enum` for its names

RUN_CANCELLED = "the run was cancelled"
INTERRUPTED = "the run was interrupted"
END_OF_WATCH_S = 1.0
LOOK_S = 1.0  # for a signal that no wait was interrupted by
PYTHONS_OWN = _signal.default_int_handler


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


def wait_for(event: threading.Event, seconds: float | None = None) -> bool:
    """Wait for the event; in the main thread, look for signals now and then.

    A signal that comes just before the wait begins does not interrupt it, and Python
    handles signals in the main thread alone.
    """
    if threading.current_thread() is not threading.main_thread():
        return event.wait(seconds)
    end = None if seconds is None else time.monotonic() + seconds
    while not event.wait(
        LOOK_S if end is None else min(LOOK_S, end - time.monotonic())
    ):
        if end is not None and time.monotonic() >= end:
            return event.is_set()
    return True


class CtrlC:
    """While entered, Ctrl-C sets a stop, and raises KeyboardInterrupt as ever.

    The exception alone might get lost: in a callback of the garbage collector, or inside
    the wait for a lock. A handler that is not Python's own stays; so does any handler where
    this is not the main thread.
    """

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._is_set = False

    def __enter__(self) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and _signal.getsignal(_signal.SIGINT) is PYTHONS_OWN:
            _signal.signal(_signal.SIGINT, self._receive)
            self._is_set = True

    def __exit__(self, *exception: object) -> None:
        if self._is_set:
            _signal.signal(_signal.SIGINT, PYTHONS_OWN)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        interrupt = KeyboardInterrupt()
        self._stop.note(interrupt)
        # in another thread: this one may hold any lock just now
        _thread.start_new_thread(self._stop.interrupt, (interrupt,))
        raise interrupt


class HeldCtrlC(CtrlC):
    """While entered, the first Ctrl-C is noted alone, so that a record gets whole.

    The run raises it at its end. Who does not want to wait for that presses again. Of a
    triggered run nothing is held: that around it goes on.
    """

    def __enter__(self) -> None:
        if self._stop.is_outermost:
            super().__enter__()

    def _receive(self, number: int, frame: FrameType | None) -> None:
        is_first = self._stop.interrupted is None
        interrupt = KeyboardInterrupt()
        self._stop.note(interrupt)
        if not is_first:
            raise interrupt


class Stop:
    """Whether, and why, a part of the run must end.

    Args:
        parent: The stop of the part around this one; when it is set, so is this.

    Attributes:
        is_late: This very stop was set because a time was over.
        waits: What waits inside for calls that it would abandon; each is set at its end.
    """

    __slots__ = (
        "_callbacks",
        "_event",
        "_interrupt",
        "_lock",
        "_parent",
        "is_late",
        "reason",
        "waits",
    )

    def __init__(self, parent: Stop | None = None) -> None:
        self.reason: str | None = None
        """Why this very stop was set; a parent's reason is not here but in `why`."""
        self.is_late = False
        self.waits: dict[threading.Event, None] = {}
        self._parent = parent
        self._event: threading.Event | None = None
        self._interrupt: KeyboardInterrupt | None = None  # of the outermost stop
        self._callbacks: dict[Callable[[], None], None] = {}
        # guards the callbacks, reasons and waits of a whole tree
        self._lock: threading.Lock = (
            threading.Lock() if parent is None else parent._lock
        )

    @property
    def is_outermost(self) -> bool:
        return self._parent is None

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

    def set(self, reason: str, *, is_late: bool = False) -> None:
        with self._lock:
            if self.reason is not None:
                return
            self.reason = reason
            self.is_late = is_late
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def interrupt(self, interrupt: KeyboardInterrupt) -> None:
        """Ctrl-C, where no signal handler cancels the run: set the outermost stop.

        The run raises it at its end.
        """
        self.note(interrupt)
        self._line()[-1].set(INTERRUPTED)

    def note(self, interrupt: KeyboardInterrupt) -> None:
        """Let `interrupted` tell of Ctrl-C; takes no lock."""
        outermost = self._line()[-1]
        outermost._interrupt = outermost._interrupt or interrupt

    @property
    def interrupted(self) -> KeyboardInterrupt | None:
        return self._line()[-1]._interrupt

    def begin_wait(self, wait: threading.Event) -> None:
        """Let the stops around this one know of a wait inside them."""
        with self._lock:
            for stop in self._line()[1:]:
                stop.waits[wait] = None

    def end_wait(self, wait: threading.Event) -> None:
        with self._lock:
            for stop in self._line()[1:]:
                stop.waits.pop(wait, None)
        wait.set()

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
            wait_for(woken, seconds)
        except KeyboardInterrupt as interrupt:
            self.interrupt(interrupt)
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
