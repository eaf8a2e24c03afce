"""Calls in other threads: several at a time, and one that may be left behind.

No thread of Python can be stopped from outside. So what has a timeout or can be cancelled
runs in a thread that nobody has to wait for: when it does not end by itself some time after
its stop was set, it is abandoned. Its daemon thread goes on until the process ends, and
nothing that it does counts any more: see `Abandoned`.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from .cancel import INTERRUPTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from .cancel import Stop

    T = TypeVar("T")

ABANDON_AFTER_S = 10.0  # more than the grace of processes, which end by themselves


class Abandoned(BaseException):
    """Raised where a thread that was abandoned tells of its work: it unwinds the thread."""


def run_abandonable(
    call: Callable[[], None], stop: Stop, *, timeout: float | None, reason: str
) -> bool:
    """Call it in a thread of its own and wait for it, but not for ever.

    Args:
        timeout: Seconds, after which the stop is set for the reason; None: never.

    Returns:
        Whether it has ended; if not, it is abandoned.

    Raises:
        KeyboardInterrupt: As it came; the stop is set, and the call has ended or not.
        BaseException: What the call has raised.
    """
    raised: list[BaseException] = []
    ended = threading.Event()
    woken = threading.Event()

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
    try:
        threading.Thread(target=body, name="wf-run", daemon=True).start()
        in_time = woken.wait(longest)
        if not in_time or (longest and time.monotonic() - begin >= longest):
            stop.set(reason)
        has_ended = ended.wait(ABANDON_AFTER_S)
    except KeyboardInterrupt:
        stop.set(INTERRUPTED)
        ended.wait(ABANDON_AFTER_S)
        raise
    finally:
        stop.discard(woken.set)
    if raised:
        raise raised[0]
    return has_ended


def fan_out(items: Sequence[T], limit: int, call: Callable[[T], None]) -> None:
    """Call for each item, at most `limit` at a time, begun in their order.

    This thread does its part; there are no others if it can do all alone. What a call
    raises is raised here, after all calls have ended; then no further item begins.
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
            except BaseException as error:
                raised.append(error)

    others = [
        threading.Thread(target=work, name="wf-work", daemon=True)
        for _ in range(min(limit, len(items)) - 1)
    ]
    for thread in others:
        thread.start()
    work()
    for thread in others:
        thread.join()
    if raised:
        raise raised[0]
