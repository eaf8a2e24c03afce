"""The user's crontab by the program `crontab`: read, and replaced in one piece."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NONE = ("no crontab", "no such file")
"""What a cron says when the user has none: Debian's and cronie's, busybox's."""


class NoTable(Exception):
    """The crontab can be neither read nor written; `help` is an order to follow."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


def read_table() -> str:
    """The text; "" when the user has none. Bytes that are no UTF-8 come back as they were.

    Raises:
        NoTable: there is no program `crontab`, or it refuses.
    """
    done = _run(["crontab", "-l"])
    said = _said(done)
    if done.returncode and any(each in said.lower() for each in _NONE):
        return ""
    if done.returncode:
        raise NoTable(f'"crontab -l" failed: {said}')
    return os.fsdecode(done.stdout)


def write_table(text: str, *, expected: str) -> None:
    """Replaces the crontab, which must still be what was read; the program does so at once.

    Raises:
        NoTable: the program refuses, the crontab has changed meanwhile, or is not what was given.
    """
    if read_table() != expected:
        raise NoTable(
            "the crontab has changed since it was read, and nothing was written",
            "call it again",
        )
    done = _run(["crontab", "-"], os.fsencode(text))
    if done.returncode:
        raise NoTable(
            f'"crontab -" failed, and the crontab is as it was: {_said(done)}'
        )
    if read_table() != text:
        raise NoTable(
            'the crontab is not what was written to "crontab -"',
            "look at it with: crontab -l",
        )


@contextmanager
def alone() -> Iterator[None]:
    """One of the user's processes at a time; the lock ends with the process."""
    name = f"wfc-crontab-{os.getuid()}.lock"
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    lock = os.open(Path(tempfile.gettempdir()) / name, flags, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _run(
    command: list[str], given: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(
            command, input=given, capture_output=True, env=environment, check=False
        )
    except (FileNotFoundError, NotADirectoryError):
        raise NoTable(
            "there is no program crontab here",
            "install a cron, or put what wfc cron show prints where it belongs",
        ) from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """One line of what the program said."""
    said = os.fsdecode(done.stderr).strip() or f"exit {done.returncode}"
    return "; ".join(line.strip() for line in said.splitlines())
