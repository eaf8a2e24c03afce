"""One process of a shell stage, with all that it starts, from its begin to its end.

It leads a process group of its own. When it must stop, the group gets SIGTERM and, a grace
later, SIGKILL. Its outputs are read while it runs, so that none can fill up and block it.
A background process that outlives it and still holds an output is waited for only shortly;
what that writes later is lost.
"""

from __future__ import annotations

import codecs
import os
import select
import signal
import threading
import time

from .cancel import LOOK_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .cancel import Stop

GRACE_S = 5.0  # between SIGTERM and SIGKILL
DRAIN_S = 1.0  # for outputs that are still open when the process has ended
CHUNK = 65536
SCRIPT_DESCRIPTOR = 3
FIRST_DESCRIPTOR = 3  # the lower ones are the standard streams, even if ours are closed

_groups: set[int] = set()
"""The groups of what runs; none of their leaders is reaped, so each id is still ours."""


def kill_groups() -> None:
    """End all that runs; without a lock, since a signal handler calls it."""
    for group in tuple(_groups):
        _send(group, signal.SIGKILL)


class Output:
    """One output of a process: its whole text, held once, and its lines as they come.

    Args:
        on_lines: Takes one or more whole lines, without the last line's end.
    """

    def __init__(self, on_lines: Callable[[str], None]) -> None:
        self._on_lines = on_lines
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._texts: list[str] = []
        self._line: list[str] = []  # the parts of a line whose end has not come yet

    def take(self, data: bytes) -> None:
        """Take what was read; b"" means that there is no more."""
        text = self._decoder.decode(data, final=not data)
        self._texts.append(text)
        lines, newline, rest = text.rpartition("\n")
        if newline:
            self._on_lines("".join([*self._line, lines]))
            self._line = []
        if rest:
            self._line.append(rest)
        if not data and self._line:
            self._on_lines("".join(self._line))
            self._line = []

    def text(self) -> str:
        """What has come, without line breaks at its ends; it is held here no more."""
        parts, self._texts = self._texts, []
        # the ends are cut before the parts are joined: after it they would be one more copy
        for index, cut in ((0, str.lstrip), (-1, str.rstrip)):
            while parts:
                parts[index] = cut(parts[index], "\n")
                if parts[index]:
                    break
                del parts[index]
        return "".join(parts)


class Process:
    """A process before, while and after it runs; `run` is called once.

    It is started in the thread that waits for its end: Ctrl-C comes to the main thread
    alone, so it cannot come between the start and the knowledge of what was started.

    Args:
        argv: The program, looked up in PATH, and its arguments.
        environment: The whole environment of the process.
        outputs: What takes descriptors 1 and 2.
        script: Becomes `SCRIPT_DESCRIPTOR` of the process.
    """

    def __init__(
        self,
        argv: list[str],
        environment: Mapping[bytes, bytes],
        outputs: Sequence[Output],
        *,
        script: int | None = None,
    ) -> None:
        self._argv = argv
        self._environment = environment
        self._script = script
        pipes = [_pipe() for _ in outputs]
        self._write_ends = [end for _, end in pipes]
        self._outputs = {
            end: output for (end, _), output in zip(pipes, outputs, strict=True)
        }
        self._wake_read, self._wake_write = _pipe()
        self.pid = 0  # not started
        self._failure: BaseException | None = None
        self._has_begun = threading.Event()  # or has failed to
        # guards the four below, the wake pipe, and the group: no signal after the reaping
        self._lock = threading.Lock()
        self._has_ended = False
        self._is_reaped = False
        self.was_stopped = False  # before its end
        self._kill_at: float | None = None
        self._status: int | None = None  # if the watcher has had to take it
        self._watcher = threading.Thread(
            target=self._watch, name="wf-wait", daemon=True
        )

    def run(self, stop: Stop | None) -> int:
        """Start it, and read until its end, or its stop.

        Returns:
            The exit code; negative: the signal that has ended it.

        Raises:
            ChildProcessError: Somebody else has taken its exit code.
            OSError: It could not be started.
        """
        try:
            self._watcher.start()
            self._has_begun.wait()
            if self._failure is None:
                if stop is not None:
                    stop.add(self.terminate)
                self._read()
        except BaseException:
            if self._watcher.ident is None:  # the system gives no thread
                self._close_write_ends()
            else:
                self._has_begun.wait(DRAIN_S)
            self._kill()
            raise
        finally:
            if stop is not None:
                stop.discard(self.terminate)
            code = self._reap()
        if self._failure is not None:
            raise self._failure
        return code

    def terminate(self) -> None:
        """Ask the group to end, and see to it that it does; from any thread."""
        with self._lock:
            if not (self.was_stopped or self._is_reaped):
                self.was_stopped = True
                self._kill_at = time.monotonic() + GRACE_S
                _send(self.pid, signal.SIGTERM)
                os.write(self._wake_write, b"t")

    def _read(self) -> None:
        """Until the process has ended and its outputs are closed, or were waited for."""
        poll = select.poll()
        for descriptor in (*self._outputs, self._wake_read):
            poll.register(descriptor, select.POLLIN)
        end_at: float | None = None
        while self._outputs or not self._has_ended:
            for descriptor, _ in poll.poll(_until(self._kill_at, end_at)):
                if descriptor == self._wake_read:
                    os.read(self._wake_read, CHUNK)
                elif self._take(descriptor):
                    poll.unregister(descriptor)
            now = time.monotonic()
            if self._kill_at is not None and now >= self._kill_at:
                self._kill()
            if self._has_ended and self._kill_at is None and end_at is None:
                end_at = now + DRAIN_S
            if end_at is not None and now >= end_at:
                break
        if self.was_stopped:
            self._kill()

    def _take(self, descriptor: int) -> bool:
        """Read once; whether the output is at its end."""
        data = os.read(descriptor, CHUNK)
        output = self._outputs[descriptor]
        if not data:
            del self._outputs[descriptor]
            os.close(descriptor)
        output.take(data)
        return not data

    def _kill(self) -> None:
        with self._lock:
            self._kill_at = None
            if self.pid:
                _send(self.pid, signal.SIGKILL)

    def _watch(self) -> None:
        """Start it, and wait for its end."""
        try:
            self.pid = _spawn(
                self._argv, self._environment, self._write_ends, self._script
            )
            _groups.add(self.pid)
        except BaseException as error:
            self._failure = error
            return
        finally:
            self._close_write_ends()
            self._has_begun.set()
        try:
            self._await_end()
        finally:
            with self._lock:
                self._has_ended = True
                os.write(self._wake_write, b"e")

    def _close_write_ends(self) -> None:
        for end in self._write_ends:
            os.close(end)

    def _await_end(self) -> None:
        """Wait for the end without taking it: the pid stays ours until the reaping.

        That needs `waitid`, which macOS has from Python 3.13 on. Elsewhere the end is
        taken here; the group's id stays ours as long as anything in the group runs.
        """
        try:
            if hasattr(os, "waitid"):
                os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            else:
                _, self._status = os.waitpid(self.pid, 0)
        except ChildProcessError:  # somebody else has taken it
            return

    def _reap(self) -> int:
        """Its exit code; 0 if it was never started."""
        if self._watcher.ident is not None:
            self._watcher.join()
        _groups.discard(self.pid)
        status = self._status
        try:
            if status is None:
                _, status = os.waitpid(self.pid, 0) if self.pid else (0, 0)
        finally:
            with self._lock:
                self._is_reaped = True
                os.close(self._wake_read)
                os.close(self._wake_write)
            for descriptor, output in self._outputs.items():
                os.close(descriptor)
                output.take(b"")
        return os.waitstatus_to_exitcode(status)


def _send(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # it has ended, or changed its user
        return


def _until(*moments: float | None) -> float:
    """Milliseconds until the first of the moments, but not more than `LOOK_S`."""
    now = time.monotonic()
    given = [moment for moment in moments if moment is not None]
    return max(0.0, min([*given, now + LOOK_S]) - now) * 1000


def _spawn(
    argv: list[str],
    environment: Mapping[bytes, bytes],
    outputs: Sequence[int],
    script: int | None,
) -> int:
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_DUP2, descriptor, number)
        for number, descriptor in enumerate(outputs, 1)
    ]
    if script is not None:
        actions.append((os.POSIX_SPAWN_DUP2, script, SCRIPT_DESCRIPTOR))
    actions.append((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
    return os.posix_spawnp(
        argv[0],
        argv,
        environment,
        file_actions=actions,
        setsid=True,
        setsigmask=(),
        # Python ignores these, and a process inherits what is ignored
        setsigdef=(signal.SIGPIPE, signal.SIGXFSZ),
    )


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are none of the standard streams."""
    read, write = os.pipe()
    return above_standard_streams(read), above_standard_streams(write)


def above_standard_streams(descriptor: int) -> int:
    """The descriptor, or one for the same that is above the standard streams."""
    if descriptor >= FIRST_DESCRIPTOR:
        return descriptor
    from fcntl import F_DUPFD_CLOEXEC, fcntl

    higher = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR)
    os.close(descriptor)
    return higher
