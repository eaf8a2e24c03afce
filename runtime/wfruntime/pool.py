"""Hands out the jobs whose needs have ended to a few workers.

A worker that ends a job runs one of its successors that has become ready itself; others
are left to whoever waits, or to a new thread while there may be more. Nobody polls, and a
graph that is a line needs no thread but that which calls `work`.
"""

from __future__ import annotations

import threading
from heapq import heapify, heappop, heappush

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
        run: Runs a job; raises nothing but `Abandoned`.
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
        # guards the five above; waited on by workers without a job
        self._changed = threading.Condition(threading.Lock())

    def work(self) -> None:
        """Run jobs until all have ended; other threads may do most of them."""
        with self._changed:
            self._share(len(self._ready) - 1)
        self._work()

    def _work(self) -> None:
        node = self._take()
        try:
            while node is not None:
                self._run(node)
                node = self._count_off(node) or self._take()
        except Abandoned:
            return

    def _take(self) -> JobNode | None:
        """Wait for a job that is ready; None: all have ended."""
        with self._changed:
            while not self._ready and self._left:
                self._idle += 1
                self._changed.wait()
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
            if not self._left:
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
            threading.Thread(target=self._work, name="wf-job", daemon=True).start()
