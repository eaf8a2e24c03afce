"""Which run of a group goes on, and who waits for it: locks that die with their process.

`<group>.lock` is locked by the run that goes on, and says which one it is. That lock belongs
to the open file, which no child inherits. Whoever reads or copies the file inside the run
does not open the lock, as would be so with one that belongs to the process.

`<group>.queue` stays empty; its locks belong to processes, so the system tells whose they
are. Byte 0 is that of the run that goes on: a cancel is sent to the process that has it,
and to no number in a file. Each that waits has the byte of the time at which it came; its
turn comes when all bytes before are free. So there is no list to be kept, and no turn of a
process that was killed.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from .errors import ConfigurationError
from .journal import FOLDER_VARIABLE, runs_folder
from .wording import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from typing import Any

    from .graph import Workflow
else:
    import _signal  # `signal` loads `enum` for its names

FOLDER = ".groups"
"""Beside the folders of the workflows, which share the groups."""
HOLDER, FIRST_TURN = 0, 1
MAX_NAME = 120
MAX_TOLD = 65_536
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
# type, whence, start, length, process; BSD and macOS have the first two at the end
IS_LINUX = sys.platform.startswith("linux")
FLOCK = "hhqqi0q" if IS_LINUX else "qqihhi"


class Holder:
    """The process whose run goes on.

    Attributes:
        run_id, workflow, since: Empty where the file says nothing of this process.
    """

    __slots__ = ("_is_catching_up", "pid", "run_id", "since", "workflow")

    def __init__(
        self,
        pid: int,
        run_id: str,
        workflow: str,
        since: str,
        *,
        is_catching_up: bool = False,
    ) -> None:
        self.pid = pid
        self.run_id = run_id
        self.workflow = workflow
        self.since = since
        self._is_catching_up = is_catching_up

    def is_catching_up_of(self, workflow: str) -> bool:
        """Whether its run is for a slot of this workflow that was missed."""
        return self._is_catching_up and self.workflow == workflow

    def text(self, workflow: str) -> str:
        """
        >>> Holder(7, "R1", "load", "2026-03-08T07:30:02Z").text("report")
        'run R1 of "load" (pid 7, since 2026-03-08T07:30:02Z)'
        """
        if not self.run_id:
            return f"a run (pid {self.pid})"
        other = f" of {quoted([self.workflow])}" if self.workflow != workflow else ""
        return f"run {self.run_id}{other} (pid {self.pid}, since {self.since})"


class GroupLock:
    """The lock of a group, of which one run at a time goes on.

    Raises:
        ConfigurationError: A file cannot be made or locked.
    """

    def __init__(self, workflow: Workflow[Any], group: str) -> None:
        self._workflow = workflow
        root = os.path.dirname(runs_folder(workflow))
        self._path = os.path.join(root, FOLDER, _file_name(group))
        self._failure: OSError | None = None
        self._lock = self._queue = -1
        # guards the two below: a wait that is left keeps the files open, and closes them
        self._waits = threading.Lock()
        self._is_waiting = self._is_left = False
        flags = os.O_RDWR | os.O_CREAT
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            self._lock = os.open(f"{self._path}.lock", flags, 0o600)
            self._queue = os.open(f"{self._path}.queue", flags, 0o600)
        except OSError as error:
            self.release()
            raise self._unusable(error) from error
        # a caller's fork without an exec has it otherwise, and may outlive the run
        os.register_at_fork(after_in_child=self._close)

    def try_acquire(self) -> bool:
        """Take the lock, unless it is taken or others wait for it."""
        from fcntl import LOCK_EX, LOCK_NB, flock

        try:
            if self._owner(FIRST_TURN, 0) is not None:
                return False
            flock(self._lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise self._unusable(error) from error
        return True

    def queue_up(self) -> threading.Event:
        """Wait in a thread for the lock, which may be left there; the event tells its end.

        A signal that comes just before a wait of the main thread would not end it.
        """
        turn = self._take_turn()
        self._is_waiting = True
        has_come = threading.Event()
        threading.Thread(target=self._wait, args=(turn, has_come), daemon=True).start()
        return has_come

    def check(self) -> None:
        """That the wait has not failed."""
        if self._failure is not None:
            raise self._unusable(self._failure) from self._failure

    def announce(self, run_id: str, *, is_catching_up: bool = False) -> None:
        """Tell which run has the lock; from now on it can be cancelled."""
        from fcntl import LOCK_EX, lockf

        from .jsontext import json_text

        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        told = {
            "pid": os.getpid(),
            "run": run_id,
            "workflow": self._workflow.name,
            "since": since,
            "catching_up": is_catching_up,
        }
        data = json_text(told).encode("utf-8", "backslashreplace")
        try:
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, data, 0)
            # the system may free the two locks of a process that ends one after the other
            lockf(self._queue, LOCK_EX, 1, HOLDER)
        except OSError as error:
            raise self._unusable(error) from error

    def holder(self) -> Holder | None:
        """None: nobody has announced a run."""
        pid = self._owner(HOLDER, 1)
        if pid is None:
            return None
        told = self._told()
        if told.get("pid") != pid:
            told = {}
        words = [str(told.get(key, "")) for key in ("run", "workflow", "since")]
        is_catching_up = told.get("catching_up") is True
        return Holder(pid, *words, is_catching_up=is_catching_up)

    def _told(self) -> dict[str, Any]:
        from json import loads

        try:
            told = loads(os.pread(self._lock, MAX_TOLD, 0))
        except ValueError:  # it is being written
            return {}
        return told if isinstance(told, dict) else {}

    def end(self, holder: Holder) -> None:
        """Send SIGTERM to the holder, if it is that still.

        Raises:
            ConfigurationError: It is the process of another user.
        """
        try:
            handle = _handle(holder.pid)
            try:
                # behind the opening: the handle is that of no later process of this number
                if self._owner(HOLDER, 1) == holder.pid:
                    _terminate(handle, holder.pid)
            finally:
                if handle is not None:
                    os.close(handle)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise ConfigurationError(
                f"{holder.text(self._workflow.name)} cannot be cancelled: "
                f"{error.strerror}"
            ) from error

    def release(self) -> None:
        """Give up the lock, or the wait for it."""
        with self._waits:
            self._is_left = True
            if not self._is_waiting:
                self._close()

    def _close(self) -> None:
        """In a child of this process, too: there it gives up nothing."""
        for descriptor in (self._lock, self._queue):
            if descriptor >= 0:
                os.close(descriptor)
        self._lock = self._queue = -1

    # --- the queue ---

    def _take_turn(self) -> int:
        from fcntl import LOCK_EX, LOCK_NB, lockf

        while True:
            turn = time.monotonic_ns()
            try:
                lockf(self._queue, LOCK_EX | LOCK_NB, 1, turn)
            except BlockingIOError:  # one that came later was faster
                continue
            except PermissionError:  # what POSIX lets a system say instead
                continue
            except OSError as error:
                raise self._unusable(error) from error
            return turn

    def _wait(self, turn: int, has_come: threading.Event) -> None:
        from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock, lockf

        lock, queue = self._lock, self._queue
        try:
            lockf(queue, LOCK_SH, turn - FIRST_TURN, FIRST_TURN)
            flock(lock, LOCK_EX)
            lockf(queue, LOCK_UN, 0, FIRST_TURN)
        except OSError as error:
            self._failure = error
        with self._waits:
            self._is_waiting = False
            if self._is_left:
                self._close()
        has_come.set()

    def _owner(self, start: int, length: int) -> int | None:
        """The process that has locked one of these bytes of the queue; never this one."""
        from fcntl import F_GETLK, F_UNLCK, F_WRLCK, fcntl
        from struct import pack, unpack

        where = (os.SEEK_SET, start, length, 0)
        if IS_LINUX:
            asked = pack(FLOCK, F_WRLCK, *where)
            kind, _, _, _, pid = unpack(FLOCK, fcntl(self._queue, F_GETLK, asked))
        else:
            asked = pack(FLOCK, start, length, 0, F_WRLCK, os.SEEK_SET, 0)
            _, _, pid, kind, _, _ = unpack(FLOCK, fcntl(self._queue, F_GETLK, asked))
        return None if kind == F_UNLCK else int(pid)

    def _unusable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"the lock {self._path}.lock cannot be used: {error.strerror}; "
            f"{FOLDER_VARIABLE} sets another folder"
        )


def _file_name(group: str) -> str:
    """One of its own for each group, whatever is in its name.

    >>> _file_name("a/b"), _file_name("a_b")
    ('a%2Fb', 'a_b')
    """
    data = group.encode("utf-8", "surrogatepass")
    name = "".join(chr(each) if chr(each) in PLAIN else f"%{each:02X}" for each in data)
    if len(name) <= MAX_NAME:
        return name
    from hashlib import sha256

    # a % behind which no digits stand: no shorter name has one
    return f"{name[:MAX_NAME // 2]}%.{sha256(data).hexdigest()}"


def _handle(pid: int) -> int | None:
    """A descriptor that means this process for ever; None where the system has none."""
    opened = getattr(os, "pidfd_open", None)
    if opened is None or not hasattr(_signal, "pidfd_send_signal"):
        return None
    try:
        return int(opened(pid))
    except (ProcessLookupError, PermissionError):
        raise
    except OSError:  # a system call that is not there, or is not allowed here
        return None


def _terminate(handle: int | None, pid: int) -> None:
    if handle is None:
        os.kill(pid, _signal.SIGTERM)
    else:
        _signal.pidfd_send_signal(handle, _signal.SIGTERM)
