"""The work of a check by several processes, for many files.

Each process has a part of the files: it reads them and keeps their models, and lowers their
workflows when it is known what the whole project shares. The order of what comes back is that of
the files, whoever was quicker. A process that fails leaves its part to this one, where what is
wrong with it shows.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from wfcompile.diagnostics import Diagnostic
from wfcompile.resolve.seen import Seen
from wfcompile.settings import Settings
from wfcompile.work.codec import (
    Files,
    Reader,
    plain_diagnostics,
    plain_facts,
    plain_lowered,
)
from wfcompile.work.facts import Chosen, FileFacts, Lowered, Neighbours, Progress
from wfcompile.work.local import Local

_WORTH = 48
"""So many files a process: below that a second one costs more than it brings."""
_MOST = 8


class Shared:
    """One use, for one state of the project; `close` ends the other processes.

    Args:
        is_alone: there are none, so all models and the IR are in this process.
    """

    def __init__(
        self, settings: Settings, files: Files, *, is_alone: bool = False
    ) -> None:
        self._local = Local(settings)
        self._is_alone = is_alone
        self._files = files
        self._helpers: list[_Helper] = []
        self._owners: dict[Path, int] = {}  # 0 is this process
        self._found: list[Diagnostic] = []

    def read(self, paths: Sequence[Path]) -> list[FileFacts]:
        self._start(len(paths))
        parts = self._parts(paths)
        for helper, part in zip(self._helpers, parts[1:], strict=True):
            helper.ask("read", part)
        read = {each.path: each for each in self._local.read(parts[0])}
        for facts in read.values():
            if facts.text is not None:
                self._files.put(facts.text)
        for number, part in enumerate(parts[1:]):
            read |= self._read_by(number, part)
        return [read[path] for path in paths]

    def _read_by(self, number: int, part: Sequence[Path]) -> dict[Path, FileFacts]:
        try:
            told = self._helpers[number].answer()
        except (EOFError, OSError):
            return {each.path: each for each in self._local.read(part)}
        return {
            path: Reader(shown, self._files).facts(path, source, plain)
            for path, (source, shown, plain) in zip(part, told, strict=True)
        }

    def lower(
        self,
        chosen: Sequence[Chosen],
        neighbours: Neighbours,
        progress: Progress | None,
    ) -> list[Lowered]:
        self._start(len(chosen))
        owners = self._parts([each.path for each in chosen])
        by_path = {path: number for number, part in enumerate(owners) for path in part}
        parts = [
            [each for each in chosen if by_path[each.path] == number]
            for number in range(len(self._helpers) + 1)
        ]
        for helper, part in zip(self._helpers, parts[1:], strict=True):
            helper.ask("lower", part, neighbours)
        lowered = dict(
            zip(
                parts[0], self._local.lower(parts[0], neighbours, progress), strict=True
            )
        )
        self._found += self._local.found_in_filters()
        for number, part in enumerate(parts[1:]):
            lowered |= self._lowered_by(number, part, neighbours)
        return [lowered[each] for each in chosen]

    def _lowered_by(
        self, number: int, part: Sequence[Chosen], neighbours: Neighbours
    ) -> dict[Chosen, Lowered]:
        try:
            told, found, files, folders = self._helpers[number].answer()
        except (EOFError, OSError):
            return dict(
                zip(part, self._local.lower(part, neighbours, None), strict=True)
            )
        self.seen.add(files, folders)
        self._found += Reader("", self._files).diagnostics(found)
        return {
            each: Reader(shown, self._files).lowered(plain)
            for each, (shown, plain) in zip(part, told, strict=True)
        }

    def found_in_filters(self) -> Sequence[Diagnostic]:
        return self._found

    @property
    def seen(self) -> Seen:
        return self._local.seen

    def close(self) -> None:
        for helper in self._helpers:
            helper.close()
        self._helpers = []

    def _start(self, files: int) -> None:
        """The helpers, once, when there is work enough for them."""
        if self._is_alone or self._helpers or not hasattr(os, "fork"):
            return
        processes = min(_MOST, len(os.sched_getaffinity(0)), files // _WORTH)
        if processes > 1:
            # what is there already is not looked at again, in no process
            gc.freeze()
            self._helpers = [_Helper(self._local) for _ in range(processes - 1)]

    def _parts(self, paths: Sequence[Path]) -> list[list[Path]]:
        """One part for each process: what it has read before, and of the rest a fair share."""
        parts: list[list[Path]] = [[] for _ in range(len(self._helpers) + 1)]
        different = list(dict.fromkeys(paths))
        for number, path in enumerate(different):
            share = number * len(parts) // len(different)
            owner = self._owners.setdefault(path, share)
            parts[owner].append(path)
        return parts


class _Helper:
    """Another process with the same work, which is done with files of its own."""

    def __init__(self, local: Local) -> None:
        context = get_context("fork")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, local), daemon=True)
        self._process.start()
        other.close()

    def ask(self, what: str, *arguments: object) -> None:
        with suppress(OSError):  # told when the answer is read
            self._connection.send((what, arguments))

    def answer(self) -> Any:
        """
        Raises:
            EOFError, OSError: the process has failed.
        """
        return self._connection.recv()

    def close(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.join()


def _serve(connection: Connection, local: Local) -> None:
    # who interrupts the command means the process that started it, which ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers: dict[str, Callable[..., Any]] = {"read": _read, "lower": _lower}
    try:
        while True:
            what, arguments = connection.recv()
            connection.send(answers[what](local, *arguments))
    except BaseException:
        # the other side does this part itself, and meets the same
        os._exit(1)


def _read(local: Local, paths: Sequence[Path]) -> Any:
    return [
        (each.source, local.shown(each.path), plain_facts(each))
        for each in local.read(paths)
    ]


def _lower(local: Local, chosen: Sequence[Chosen], neighbours: Neighbours) -> Any:
    lowered = local.lower(chosen, neighbours, None)
    told = [
        (local.shown(each.path), plain_lowered(found, local.text(each.path)))
        for each, found in zip(chosen, lowered, strict=True)
    ]
    found = plain_diagnostics(local.found_in_filters(), None)
    return told, found, local.seen.files, local.seen.folders
