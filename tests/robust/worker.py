"""A process that checks one mutant after the other, and says what became of each.

It is forked, so that it has the compiler loaded; it is replaced when it hangs or dies.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from tests.robust.seeds import Seed
from tests.robust.yardstick import slowness
from wfcompile.commands import check as checking
from wfcompile.commands import fix as fixing

SLOWEST_S = 1.4
"""Of processor time, for a check in a process that has started: a start takes the rest of 2 s.

On a machine that does nothing else: see `yardstick`.
"""
MOST_MB = 500
_HANGS_S = 16.0
"""Of processor time, after which the process is ended."""
_PATIENCE_S = 110.0
"""Of any time: the machine may have other things to do."""
_ROOM = 1 << 31
"""Bytes of memory after which Python itself says no, so that the machine survives."""
_LIFE = 1000
"""So many checks by one process."""


@dataclass(frozen=True)
class Trial:
    """A mutant: the text of the seed's file, and what is asked of the command."""

    seed: int
    text: str
    format: str
    is_cache_used: bool = False


@dataclass(frozen=True)
class Outcome:
    """Attributes:
    cause: what is wrong in a few words that are the same for the same mistake, "" for nothing.
    said: more of it.
    """

    cause: str
    said: str = ""
    cpu_s: float = 0.0
    peak_mb: float = 0.0


class Worker:
    """Entered around the trials; `folder` is for the projects of the seeds."""

    def __init__(self, seeds: Sequence[Seed], folder: Path) -> None:
        self._folder = folder
        self._files = [
            seed.copied_to(folder / str(number)) for number, seed in enumerate(seeds)
        ]
        self._connection: Connection | None = None
        self._process: contextlib.ExitStack = contextlib.ExitStack()
        self._left = 0

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close()

    def try_out(self, trial: Trial) -> Outcome:
        if not self._left:
            self._restart()
        self._left -= 1
        assert self._connection is not None
        try:
            self._connection.send(trial)
            if self._connection.poll(_PATIENCE_S):
                outcome: Outcome = self._connection.recv()
            else:
                self._left = 0
                outcome = Outcome("hangs", f"no answer in {_PATIENCE_S:.0f} s")
        except (EOFError, OSError):
            self._left = 0
            outcome = Outcome("died", f"or was ended after {_HANGS_S:.0f} s")
        if outcome.cause:
            # a peak counts for all that follows
            self._left = 0
        return outcome

    def _restart(self) -> None:
        self._process.close()
        context = get_context("fork")
        self._connection, other = context.Pipe()
        process = context.Process(target=_serve, args=(other, self._files), daemon=True)
        process.start()
        other.close()
        self._process.callback(process.join)
        self._process.callback(process.kill)
        self._process.callback(self._connection.close)
        self._left = _LIFE


def _serve(connection: Connection, files: Sequence[Path]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM, _ROOM))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # the objects of all the tests, which the collector would walk through during a check
    gc.freeze()
    with contextlib.suppress(EOFError):
        while True:
            trial: Trial = connection.recv()
            connection.send(_outcome(trial, files[trial.seed]))


def _outcome(trial: Trial, file: Path) -> Outcome:
    before = file.read_bytes()
    file.write_bytes(trial.text.encode("utf-8", "surrogatepass"))
    signal.setitimer(signal.ITIMER_VIRTUAL, _HANGS_S)
    start = time.process_time()
    try:
        cause, said = _checked(file, trial)
    finally:
        file.write_bytes(before)
    cpu_s = time.process_time() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if not cause and cpu_s > SLOWEST_S and cpu_s > SLOWEST_S * slowness():
        cause, said = (
            "slow",
            f"{cpu_s:.1f} s, and {slowness():.1f} times slow a machine",
        )
    if not cause and peak_mb > MOST_MB:
        cause, said = "memory", f"{peak_mb:.0f} MB"
    return Outcome(cause, said, cpu_s, peak_mb)


def _checked(file: Path, trial: Trial) -> tuple[str, str]:
    project = next(each for each in file.parents if each.name == "conf").parent
    os.chdir(project)
    try:
        with _unheard():
            if trial.format == "diff":
                code = fixing.show(None)
            else:
                asked = checking.Asked(trial.format, is_cache_used=trial.is_cache_used)
                code = checking.check(None, asked)
    except BaseException as error:
        return _cause(error), traceback.format_exc(limit=-12)
    return ("", "") if code in (0, 1) else (f"exit {code}", "")


def _cause(error: BaseException) -> str:
    """The kind of the exception, and where in the compiler it came from."""
    places = [
        f"{Path(frame.filename).name}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "wfcompile" in frame.filename
    ]
    return f"{type(error).__name__} in {places[-1] if places else '?'}"


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
