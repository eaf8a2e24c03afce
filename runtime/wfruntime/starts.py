"""The scheduled starts of a workflow and what was decided of each: `starts.jsonl`.

One line a start, in the order of the decisions. Whoever decides holds the lock of the log
from the look-up to the line, so that a slot, the scheduled minute, is decided once. The
lock is the system's own: however a process ends, it leaves none behind. What cannot be
locked or written is an error: a start that nobody can see might be the second one.

The look-up reads from the end. `ts` alone cannot say where to stop, for a clock may have
been set back. So a line that is behind the furthest moment that was ever seen has that
moment as `ahead`: above a line whose own is before the slot, nothing is about the slot.
"""

from __future__ import annotations

import os
from _json import encode_basestring_ascii as quote
from errno import ENOSPC

from .errors import ConfigurationError
from .journal import FOLDER_VARIABLE, runs_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any, BinaryIO, Literal

    from .graph import Workflow

    Decision = Literal["run", "skip"]
    Record = dict[str, Any]

FILE, OLD_FILE, LOCK = "starts.jsonl", "starts.1.jsonl", "starts.lock"
MAX_BYTES = 1_000_000
"""A file that would be larger becomes the old one; one old one is kept."""
BLOCK = 16_384


class StartsLog:
    """The log of a workflow; while entered, no other process reads or writes it.

    Raises:
        ConfigurationError: It cannot be locked, read or written.
    """

    def __init__(self, workflow: Workflow[Any]) -> None:
        self._folder = runs_folder(workflow)
        self._path = os.path.join(self._folder, FILE)
        self._old_path = os.path.join(self._folder, OLD_FILE)
        self._descriptor = -1

    def __enter__(self) -> StartsLog:
        from fcntl import LOCK_EX, flock

        try:
            os.makedirs(self._folder, exist_ok=True)
            path = os.path.join(self._folder, LOCK)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            flock(self._descriptor, LOCK_EX)
        except OSError as error:
            self._close()
            raise self._unusable(error) from error
        except BaseException:  # Ctrl-C
            self._close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def decided(self, slot: datetime) -> Record | None:
        """The line that decided of the slot: that of its run, or else its first one."""
        about, earliest = (
            f',"slot":{quote(slot_text(slot))},'.encode(),
            slot.timestamp(),
        )
        first: Record | None = None
        try:
            for line in self._newest_first():
                record = _record(line) if about in line else None
                if record is not None:
                    first = record
                    if record.get("decision") == "run":
                        break
                furthest = _furthest(line)
                if furthest is not None and furthest < earliest:
                    break
        except OSError as error:
            raise self._unusable(error) from error
        return first

    def decided_since(self, slot: datetime) -> set[str]:
        """The slots from this one on that lines have decided, as texts."""
        earliest = slot.timestamp()
        found: set[str] = set()
        try:
            for line in self._newest_first():
                furthest = _furthest(line)
                if furthest is None:
                    continue
                text = line.partition(b',"slot":"')[2].partition(b'"')[0]
                if text:
                    found.add(text.decode("ascii", "replace"))
                if furthest < earliest:
                    break
        except OSError as error:
            raise self._unusable(error) from error
        return found

    def append(
        self,
        now: float,
        slot: datetime | None,
        decision: Decision,
        reason: str,
        run_id: str | None,
    ) -> None:
        """Write a line. After one that decides to run, even a power cut forgets nothing.

        Args:
            now: Seconds since the epoch.
            slot: None: the start decides of none.
            run_id: Of the run that begins or, of a skip, the run that is its reason.
        """
        due = None if slot is None else slot.timestamp()
        fields = {
            "slot": "null" if slot is None else quote(slot_text(slot)),
            "decision": quote(decision),
            "reason": quote(reason),
            "run": "null" if run_id is None else quote(run_id),
            "late": "null" if due is None else f"{max(0.0, now - due):.3f}",
        }
        text = "".join(f',"{name}":{value}' for name, value in fields.items())
        try:
            furthest = max(self._last_furthest(), now if due is None else max(now, due))
            ahead = f',"ahead":{furthest:.3f}' if furthest > now else ""
            line = f'{{"ts":{now:.3f}{ahead}{text}}}\n'.encode("ascii")
            self._write(line, is_final=decision == "run")
        except OSError as error:
            raise self._unusable(error) from error

    def _write(self, line: bytes, *, is_final: bool) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self._path, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and size + len(line) > MAX_BYTES:
                os.replace(self._path, self._old_path)
                os.close(descriptor)
                descriptor = os.open(self._path, flags, 0o600)
                size = 0
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # of a process that was killed in the middle
            if os.write(descriptor, line) < len(line):
                os.ftruncate(descriptor, size)
                raise OSError(ENOSPC, os.strerror(ENOSPC))
            if is_final:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _newest_first(self) -> Iterator[bytes]:
        for path in (self._path, self._old_path):
            try:
                with open(path, "rb") as file:
                    yield from _lines_from_the_end(file)
            except FileNotFoundError:
                continue

    def _last_furthest(self) -> float:
        for line in self._newest_first():
            furthest = _furthest(line)
            if furthest is not None:
                return furthest
        return 0.0

    def _unusable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"the log of scheduled starts {self._path} cannot be used: "
            f"{error.strerror}; {FOLDER_VARIABLE} sets another folder"
        )


def slot_text(slot: datetime) -> str:
    """The minute, of a moment in UTC, as the log has it."""
    return f"{slot:%Y-%m-%dT%H:%M}Z"


def _lines_from_the_end(file: BinaryIO) -> Iterator[bytes]:
    begin = file.seek(0, os.SEEK_END)
    rest = b""
    while begin:
        end, begin = begin, max(0, begin - BLOCK)
        file.seek(begin)
        rest, *lines = (file.read(end - begin) + rest).split(b"\n")
        yield from reversed(lines)
    yield rest


def _furthest(line: bytes) -> float | None:
    """The furthest moment that was seen when the line was written; None: it is torn."""
    head, _, rest = line.partition(b',"slot":')
    if not head.startswith(b'{"ts":') or not rest.endswith(b"}"):
        return None
    try:
        return float(head.rpartition(b":")[2])
    except ValueError:
        return None


def _record(line: bytes) -> Record | None:
    from json import loads

    try:
        record = loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
