"""Calls in other threads: several at a time, and one that may be left behind.

No thread of Python can be stopped from outside. So what has a timeout or can be cancelled
runs in a thread that nobody has to wait for: when it does not end by itself some time after
its stop was set, it is abandoned. Its daemon thread goes on until the process ends, and
nothing that it does counts any more: see `Abandoned`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque

from .cancel import wait_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from .cancel import Stop

    T = TypeVar("T")

ABANDON_AFTER_S = 10.0  # more than the grace of processes, which end by themselves
UNWIND_S = 1.0  # for what has abandoned something to leave its records


class Abandoned(BaseException):
    """Raised where a thread that was abandoned tells of its work: it unwinds the thread."""


def is_debugged() -> bool:
    """Whether a debugger follows this thread alone; what measures coverage follows all.

    Everything stays in this thread then, one after the other: pdb would not see it
    elsewhere. Timeouts do not end what a person looks at.
    """
    return sys.gettrace() is not None and threading.gettrace() is None


def is_quit(error: BaseException) -> bool:
    """Whether a person has left the debugger, who wants nothing more to be done."""
    debugger = sys.modules.get("bdb")
    return debugger is not None and isinstance(error, debugger.BdbQuit)


def run_abandonable(
    call: Callable[[], None], stop: Stop, *, timeout: float | None, reason: str
) -> bool:
    """Call it in a thread of its own and wait for it, but not for ever.

    Args:
        timeout: Seconds, after which the stop is set for the reason; None: never.

    Ctrl-C sets the stop of the run.

    Returns:
        Whether it has ended; if not, it is abandoned.

    Raises:
        KeyboardInterrupt: Ctrl-C came once more; the call may not have ended.
        BaseException: What the call has raised.
    """
    if is_debugged():
        call()
        return True
    raised: list[BaseException] = []
    ended = threading.Event()
    woken = threading.Event()
    over = threading.Event()

    def body() -> None:
        try:
            call()
        except BaseException as error:
            raised.append(error)
        finally:
            ended.set()
            woken.set()

    longest = None if timeout is None else min(timeout, threading.TIMEOUT_MAX)
    begin = time.monotonic()
    stop.add(woken.set)
    stop.begin_wait(over)
    try:
        threading.Thread(target=body, name="wf-run", daemon=True).start()
        try:
            in_time = wait_for(woken, longest)
            if not in_time or (longest and time.monotonic() - begin >= longest):
                stop.set(reason, is_late=True)
            in_order = has_ended(ended, stop)
        except KeyboardInterrupt as interrupt:
            stop.interrupt(interrupt)
            in_order = has_ended(ended, stop)
    finally:
        stop.discard(woken.set)
        stop.end_wait(over)
    if raised:
        raise raised[0]
    return in_order


def has_ended(ended: threading.Event, stop: Stop) -> bool:
    """Wait, but not for ever, for what was stopped.

    Waits inside it have begun at the same moment and would be over at the same moment:
    so they are let go first, and each stuck stage is abandoned by the innermost one.
    """
    inside = set(stop.waits)
    if wait_for(ended, ABANDON_AFTER_S):
        return True
    # one of them may have begun, another be over, in the meantime
    inside |= set(stop.waits)
    for wait in inside:
        wait_for(wait)
    return wait_for(ended, UNWIND_S if inside else 0)


def fan_out(
    items: Sequence[T], limit: int, call: Callable[[T], None], stop: Stop
) -> None:
    """Call for each item, at most `limit` at a time, begun in their order.

    This thread does its part; there are no others if it can do all alone. What a call
    raises is raised here, after all calls have ended; then no further item begins.

    Raises:
        KeyboardInterrupt: Ctrl-C came in a call of this thread, or calls of others do not
            end after it. The stop of the run is set. Where Ctrl-C came during the wait
            for others, and these end, the stop alone tells of it.
    """
    waiting = deque(items)
    raised: list[BaseException] = []

    def work() -> None:
        while not raised:
            try:
                item = waiting.popleft()
            except IndexError:
                return
            try:
                call(item)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                raised.append(error)

    # `Thread.join` takes a thread for ended that Ctrl-C has come into the wait for
    count = 0 if is_debugged() else min(limit, len(items)) - 1
    others = deque(range(count))
    ended = threading.Event()

    def help() -> None:
        try:
            work()
        finally:
            others.pop()
            if not others:
                ended.set()

    for _ in range(count):
        threading.Thread(target=help, name="wf-work", daemon=True).start()
    if count < 1:
        ended.set()
    try:
        work()
    except KeyboardInterrupt as interrupt:
        stop.interrupt(interrupt)
        has_ended(ended, stop)
        raise
    try:
        wait_for(ended)
    except KeyboardInterrupt as interrupt:
        stop.interrupt(interrupt)
        if not has_ended(ended, stop):
            raise
    if raised:
        raise raised[0]
