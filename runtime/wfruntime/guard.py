"""Whether a start of the command line begins its run: only once, and never two at a time.

A scheduled start decides of its slot, the minute that is due, under the lock of the log of
starts; whatever was decided of a slot stays. A run that others of its group exclude holds
the lock of the group until its end. The lock of the log is held for moments only, also by
those that wait for the group: they look for the slot before, and again when their turn has
come. A run is checked behind the lock, since the run before may have changed what it finds.
"""

from __future__ import annotations

import threading
import time

from .cancel import LOOK_S, wait_for
from .graph import Concurrency
from .groups import GroupLock
from .signals import SIGNALS
from .starts import StartsLog, slot_text
from .wording import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable
    from datetime import datetime
    from types import FrameType
    from typing import Any

    from .graph import Workflow
    from .groups import Holder
    from .runner import WorkflowRun
else:
    import _signal  # `signal` loads `enum` for its names

NOTHING_DUE = "the schedule has no minute that is due"


class LeftWait(BaseException):
    """A signal has ended the wait for another run."""

    def __init__(self, number: int, awaited: str) -> None:
        super().__init__(f"{SIGNALS[number]} ended the wait for {awaited}")
        self.number = number


class Guard:
    """Decides of one start; to be closed when its runs have ended.

    Args:
        due: The minute that is due, of a scheduled start; None: there is none.
        checked: Makes a run for a slot that can begin as it is asked for, or raises.
        tell: Shows a line.

    Attributes:
        reason: Why nothing is run, where `begin` gives no run.
    """

    def __init__(
        self,
        workflow: Workflow[Any],
        due: datetime | None,
        *,
        is_scheduled: bool,
        checked: Callable[[datetime | None], WorkflowRun],
        tell: Callable[[str], None],
    ) -> None:
        self.reason = ""
        self._workflow = workflow
        self._due = due
        self._slot = due  # the one that is next
        self._later: list[datetime] = []  # those behind it, which were missed as well
        self._has_turn = False
        self._is_scheduled = is_scheduled
        self._checked = checked
        self._tell = tell
        asked = workflow.concurrency or Concurrency()
        self._policy = asked.policy
        self._group = asked.group or workflow.name
        self._lock: GroupLock | None = None
        self._waited: float | None = None
        self._cancelled: set[tuple[int, str]] = set()

    def begin(self) -> WorkflowRun | None:
        """The run that may begin now; None: none may.

        Raises:
            ConfigurationError: Locks or the log of starts cannot be used.
            LeftWait: It has waited, and was told to end.
        """
        if not self._is_scheduled:
            return self._by_hand()
        if self._workflow.missed is not None:
            with StartsLog(self._workflow) as log:
                self._look_for_missed(log)
        if self._slot is None:
            self.reason = NOTHING_DUE
            with StartsLog(self._workflow) as log:
                log.append(time.time(), None, "skip", NOTHING_DUE, None)
            return None
        return self._scheduled()

    def next(self) -> WorkflowRun | None:
        """The run after the one that has ended: of a slot that was missed, or has come since.

        Raises:
            ConfigurationError: As with `begin`.
        """
        if self._workflow.missed is None or not self._has_turn:
            return None
        with StartsLog(self._workflow) as log:
            return self._next(log)

    def close(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # --- both kinds of starts ---

    def _by_hand(self) -> WorkflowRun | None:
        lock = self._opened_lock()
        if lock is not None and not lock.try_acquire():
            if self._policy == "skip":
                self.reason, _ = self._busy(lock)
                return None
            first = self._checked(self._slot)  # a usage error is told before the wait
            if first.skip is not None:
                return first
            self._wait(lock)
        return self._announced(self._checked(self._slot))

    def _scheduled(self) -> WorkflowRun | None:
        with StartsLog(self._workflow) as log:
            if self._is_decided(log):
                return None
            lock = self._opened_lock()
            if lock is None or lock.try_acquire():
                return self._decided_to_run(log)
            if self._policy == "skip":
                self._let_pass(log, lock)
                return None
        if self._checked(self._slot).skip is not None:  # nothing to wait for
            self.close()
            with StartsLog(self._workflow) as log:
                return None if self._is_decided(log) else self._decided_to_run(log)
        try:
            may_run = self._wait(lock)
        except LeftWait as left:
            self._record_left(left)
            raise
        if not may_run:
            return None
        with StartsLog(self._workflow) as log:
            if not self._is_decided(log):
                return self._decided_to_run(log)
            self._has_turn = True
            return self._next(log)

    def _opened_lock(self) -> GroupLock | None:
        if self._policy != "allow":
            self._lock = GroupLock(self._workflow, self._group)
        return self._lock

    def _announced(self, run: WorkflowRun) -> WorkflowRun:
        if self._waited is not None:
            run.told_by_guard["waited"] = round(self._waited, 3)
        if self._lock is not None:
            is_due = self._slot == self._due
            self._lock.announce(run.run_id, is_catching_up=not is_due)
        is_alone = self._lock is not None or self._policy == "allow"
        self._has_turn = self._is_scheduled and is_alone
        return run

    def _busy(self, lock: GroupLock) -> tuple[str, str | None]:
        """Why the lock is not free, and the id of the run that has it."""
        holder = lock.holder()
        if holder is None:
            return f"another start of the group {quoted([self._group])} is first", None
        return f"{holder.text(self._workflow.name)} goes on", holder.run_id or None

    def _let_pass(self, log: StartsLog, lock: GroupLock) -> None:
        """Run nothing, since another run goes on; that decides of the slot that is due.

        It does not where that run is of a start that runs what was missed: it looks for
        more at its end.
        """
        self.reason, run_id = self._busy(lock)
        holder = lock.holder()
        slot = self._due
        if holder is not None and holder.is_catching_up_of(self._workflow.name):
            self.reason += ", and what is due comes behind it"
            slot = None
        log.append(time.time(), slot, "skip", self.reason, run_id)

    # --- the slots ---

    def _look_for_missed(self, log: StartsLog) -> bool:
        """Take the slots that are to be run now, if there are any."""
        from datetime import datetime, timezone

        from .missed import open_slots
        from .release import due

        now = datetime.now(timezone.utc)
        if self._has_turn:
            self._due = due(self._workflow, now)
        found = open_slots(self._workflow, log, now, self._due)
        if not found:
            return False
        if self._has_turn:
            self._later = found
        else:
            self._slot, *self._later = found
        self._tell_missed(found)
        return True

    def _next(self, log: StartsLog) -> WorkflowRun | None:
        if self._workflow.missed is not None:
            while self._later or self._look_for_missed(log):
                self._slot = self._later.pop(0)
                if log.decided(self._slot) is None:
                    return self._decided_to_run(log)
        # under the log's lock: a start that leaves its slot to this one came before
        self.close()
        return None

    def _tell_missed(self, found: list[datetime]) -> None:
        missed = [slot_text(each) for each in found if each != self._due]
        if missed:
            behind = f" and {len(missed) - 1} more" * (len(missed) > 1)
            self._tell(f"catches up what was missed: {missed[0]}{behind}")

    def _is_decided(self, log: StartsLog) -> bool:
        """Whether another start has decided of the slot; this one leaves a line then."""
        assert self._slot is not None
        earlier = log.decided(self._slot)
        if earlier is None:
            return False
        slot, run_id = slot_text(self._slot), earlier.get("run")
        if earlier.get("decision") == "run":
            self.reason = f"run {run_id} has begun {slot} already"
        else:
            self.reason = f"{slot} was skipped already: {earlier.get('reason')}"
        log.append(time.time(), self._slot, "skip", self.reason, run_id)
        return True

    def _decided_to_run(self, log: StartsLog) -> WorkflowRun:
        assert self._slot is not None
        run = self._checked(self._slot)
        now = time.time()
        if run.skip is None:
            reason = "it was missed"
            if self._slot == self._due:
                reason = (
                    "its turn has come" if self._waited is not None else "it is due"
                )
            log.append(now, self._slot, "run", reason, run.run_id)
        else:  # a start by hand has done the release; the journal says the same
            log.append(now, self._slot, "skip", run.skip, run.run_id)
        late = max(0.0, now - self._slot.timestamp())
        run.told_by_guard |= {"slot": slot_text(self._slot), "late": round(late, 3)}
        # not before the line: who cancels the run has to know which slot it is for
        return self._announced(run)

    def _record_left(self, left: LeftWait) -> None:
        """A line that decides of no slot: another start may still run it."""
        assert self._slot is not None
        reason = f"{left}, {slot_text(self._slot)} is not begun"
        with StartsLog(self._workflow) as log:
            log.append(time.time(), None, "skip", reason, None)

    # --- the wait ---

    def _wait(self, lock: GroupLock) -> bool:
        """Wait for the lock; False: another start has decided of the slot meanwhile."""
        began = time.monotonic()
        awaited = self._awaited(lock.holder())
        with _Leaving(awaited):
            turn = lock.queue_up()
            if self._policy == "queue":
                self._tell(f"waits for {awaited}")
                wait_for(turn)
            else:
                if not self._wait_and_cancel(lock, turn):
                    return False
            lock.check()
        self._waited = time.monotonic() - began
        return True

    def _awaited(self, holder: Holder | None) -> str:
        if holder is None:
            return f"the group {quoted([self._group])}"
        return holder.text(self._workflow.name)

    def _wait_and_cancel(self, lock: GroupLock, turn: threading.Event) -> bool:
        """Cancel the run that goes on, and each that came before and begins meanwhile."""
        while True:
            if not self._is_scheduled:
                self._cancel(lock)
            else:
                # no start can begin a slot meanwhile, so its run is not cancelled for it
                with StartsLog(self._workflow) as log:
                    if self._is_decided(log):
                        return False
                    self._cancel(lock)
            if wait_for(turn, LOOK_S):
                return True

    def _cancel(self, lock: GroupLock) -> None:
        holder = lock.holder()
        if holder is None or (holder.pid, holder.run_id) in self._cancelled:
            return
        self._cancelled.add((holder.pid, holder.run_id))
        self._tell(f"cancels {holder.text(self._workflow.name)}, and waits for its end")
        lock.end(holder)


class _Leaving:
    """While entered, the first signal of those that cancel a run raises `LeftWait`."""

    def __init__(self, awaited: str) -> None:
        self._awaited = awaited
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if _signal.getsignal(number) not in (_signal.SIG_IGN, None):
                    self._previous[number] = _signal.signal(number, self._receive)

    def __exit__(self, *exception: object) -> None:
        for number, previous in self._previous.items():
            _signal.signal(number, previous)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        raise LeftWait(number, self._awaited)
