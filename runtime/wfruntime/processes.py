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
    """One output of a process: its whole text, and its lines as they come.

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
        return "".join(self._texts)


class Process:
    """A running process; `run` must follow.

    Args:
        argv: The program, looked up in PATH, and its arguments.
        environment: The whole environment of the process.
        outputs: What takes descriptors 1 and 2.
        script: Becomes `SCRIPT_DESCRIPTOR` of the process.

    Raises:
        OSError: It could not be started.
    """

    def __init__(
        self,
        argv: list[str],
        environment: Mapping[bytes, bytes],
        outputs: Sequence[Output],
        *,
        script: int | None = None,
    ) -> None:
        pipes = [_pipe() for _ in outputs]
        try:
            self.pid = _spawn(argv, environment, [end for _, end in pipes], script)
        except BaseException:
            for end, _ in pipes:
                os.close(end)
            raise
        finally:
            for _, end in pipes:
                os.close(end)
        _groups.add(self.pid)
        self._outputs = {
            end: output for (end, _), output in zip(pipes, outputs, strict=True)
        }
        self._wake_read, self._wake_write = _pipe()
        # guards the four below, the wake pipe, and the group: no signal after the reaping
        self._lock = threading.Lock()
        self._has_ended = False
        self._is_reaped = False
        self.was_stopped = False  # before its end
        self._kill_at: float | None = None
        threading.Thread(target=self._watch, name="wf-wait", daemon=True).start()

    def run(self, stop: Stop | None) -> int:
        """Read until its end, or its stop.

        Returns:
            The exit code; negative: the signal that has ended it.

        Raises:
            ChildProcessError: Somebody else has taken its exit code.
        """
        if stop is not None:
            stop.add(self.terminate)
        try:
            self._read()
        except BaseException:
            self._kill()
            raise
        finally:
            if stop is not None:
                stop.discard(self.terminate)
            code = self._reap()
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
            _send(self.pid, signal.SIGKILL)

    def _watch(self) -> None:
        """Wait for the end without taking it: the pid stays ours until the reaping."""
        try:
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            self._tell_end()  # somebody else has taken it
        else:
            self._tell_end()

    def _tell_end(self) -> None:
        with self._lock:
            self._has_ended = True
            if not self._is_reaped:
                os.write(self._wake_write, b"e")

    def _reap(self) -> int:
        _groups.discard(self.pid)
        try:
            _, status = os.waitpid(self.pid, 0)
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


def _until(*moments: float | None) -> float | None:
    """Milliseconds until the first of the moments; None: for ever."""
    given = [moment for moment in moments if moment is not None]
    if not given:
        return None
    return max(0.0, min(given) - time.monotonic()) * 1000


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
