"""What signals do to a run of the command line.

The first one of SIGINT, SIGTERM and SIGHUP cancels the run, which ends in order then: the
stages that run are waited for, shells are stopped. A later SIGINT leaves at once: it kills
the shells, ends the journal if that takes no time, and ends the process. While hooks are
called, so does any later signal.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from types import FrameType
    from typing import Any

    from .console import Console
    from .result import RunResult
else:
    import _signal  # `signal` loads `enum` for its names

SIGNALS: dict[int, str] = {
    _signal.SIGINT: "SIGINT",
    _signal.SIGTERM: "SIGTERM",
    _signal.SIGHUP: "SIGHUP",
}
TELL_S = 0.5
LEFT = "the run was left at once"


class Cancelling:
    """While entered, SIGINT, SIGTERM, SIGHUP cancel the run; a further SIGINT exits."""

    def __init__(self, console: Console) -> None:
        from .cancel import CancelEvent

        self.event = CancelEvent()
        self.received: int | None = None
        self._console = console
        self._previous: dict[int, Any] = {}  # signal -> its handler
        self._pid = os.getpid()
        self._is_leaving = False

    def __enter__(self) -> Cancelling:
        import threading

        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                # ignored by nohup, or by a shell that runs us in the background;
                # None: handled by what is not Python
                if _signal.getsignal(number) not in (_signal.SIG_IGN, None):
                    self._previous[number] = _signal.signal(number, self._receive)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, previous in self._previous.items():
            _signal.signal(number, previous)

    def exit_code(self, result: RunResult) -> int:
        """128 + the signal's number after one, unless all had ended well all the same."""
        if self.received is None or result.exit_code == 0:
            return result.exit_code
        return 128 + self.received

    def _receive(self, number: int, frame: FrameType | None) -> None:
        import _thread

        if os.getpid() != self._pid:  # a caller's fork, and the run is not the fork's
            _signal.signal(number, self._previous[number])
            os.kill(os.getpid(), number)
        elif self.received is None:
            self.received = number
            # in another thread: this one may hold any lock just now
            _thread.start_new_thread(self._cancel, (SIGNALS[number],))
        elif number == _signal.SIGINT or _are_hooks_called():
            self._leave(number)

    def _cancel(self, name: str) -> None:
        """Cancel, soon even if a terminal takes no output."""
        import threading

        again = "press Ctrl-C again" if name == "SIGINT" else "send SIGINT"
        way_out = f"{again} to leave at once"
        teller = threading.Thread(
            target=self._console.cancel,
            args=(self.event.set, name, way_out),
            daemon=True,
        )
        teller.start()
        teller.join(TELL_S)
        self.event.set()

    def _leave(self, number: int) -> None:
        """Exit in the middle of the run, and leave no shell behind."""
        if not self._is_leaving:
            self._is_leaving = True  # the next signal does not wait for this one
            from .events import leave_all

            _kill_shells()
            leave_all(LEFT)
            _kill_shells()
            self._console.leave()
        os._exit(128 + number)


def _are_hooks_called() -> bool:
    """Whether the run is over, and only what it tells others is waited for."""
    hooks = sys.modules.get(f"{__package__}.hooks")
    return hooks is not None and bool(hooks.are_called())


def _kill_shells() -> None:
    """Loads nothing: where no shell was started, there is none."""
    processes = sys.modules.get(f"{__package__}.processes")
    if processes is not None:
        processes.kill_groups()
