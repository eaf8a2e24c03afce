"""Hands out the jobs whose needs have ended to a few workers.

A worker that ends a job runs one of its successors that has become ready itself; others
are left to whoever waits, or to a new thread while there may be more. A worker that waits
looks up once a second, for Ctrl-C. A graph that is a line needs no thread but that which
calls `work`.
"""

from __future__ import annotations

import threading
from heapq import heapify, heappop, heappush

from .cancel import LOOK_S
from .threads import Abandoned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .plan import JobNode, Plan


class Pool:
    """The jobs of one run, until all have ended.

    Args:
        limit: How many jobs run at a time. With 1 they keep the YAML's order among those
            that are ready.
        run: Runs a job; raises nothing but `Abandoned` and `KeyboardInterrupt`, after
            which no worker begins another job.
    """

    def __init__(self, plan: Plan, limit: int, run: Callable[[JobNode], None]) -> None:
        self._jobs = plan.jobs
        self._limit = limit
        self._run = run
        self._counts = [len(node.needs) for node in plan.jobs]
        self._ready = [node.index for node in plan.jobs if not node.needs]
        heapify(self._ready)
        self._left = len(plan.jobs)
        self._workers = 1
        self._idle = 0
        self._over = threading.Event()  # no worker is left
        # guards the five above; waited on by workers without a job
        self._changed = threading.Condition(threading.Lock())

    def work(self) -> None:
        """Run jobs until all have ended; other threads may do most of them.

        Raises:
            KeyboardInterrupt: Ctrl-C came; other threads may still run a job.
        """
        with self._changed:
            self._share(len(self._ready) - 1)
        self._work()

    def leave(self) -> threading.Event:
        """Begin no further job; the event is set when none runs any more."""
        with self._changed:
            self._ready.clear()
            self._left = 0
            self._changed.notify_all()
        return self._over

    def _help(self) -> None:
        try:
            self._work()
        except KeyboardInterrupt:  # the thread that waits for all knows of it
            return

    def _work(self) -> None:
        try:
            node = self._take()
            while node is not None:
                self._run(node)
                node = self._count_off(node) or self._take()
        except Abandoned:
            return
        finally:
            with self._changed:
                self._workers -= 1
                if not self._workers:
                    self._over.set()

    def _take(self) -> JobNode | None:
        """Wait for a job that is ready; None: all have ended."""
        with self._changed:
            while not self._ready and self._left > 0:
                self._idle += 1
                try:
                    self._changed.wait(LOOK_S)
                finally:
                    self._idle -= 1
            return self._jobs[heappop(self._ready)] if self._ready else None

    def _count_off(self, ended: JobNode) -> JobNode | None:
        """A successor for this worker, if one has become ready."""
        with self._changed:
            self._left -= 1
            mine = None
            for index in ended.successors:
                self._counts[index] -= 1
                if self._counts[index]:
                    continue
                if mine is None and self._limit > 1:
                    mine = self._jobs[index]
                else:
                    heappush(self._ready, index)
            if self._left <= 0:
                self._changed.notify_all()
            elif self._ready:
                self._share(len(self._ready) - (mine is None))
        return mine

    def _share(self, count: int) -> None:
        """See to it that so many further workers come for what is ready."""
        if self._workers == self._limit and not self._idle:
            return
        if self._idle:
            self._changed.notify(count)
        for _ in range(min(count - self._idle, self._limit - self._workers)):
            self._workers += 1
            threading.Thread(target=self._help, name="wf-job", daemon=True).start()
