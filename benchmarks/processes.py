"""Whole processes, measured side by side: A B A B ..., so that a busy machine slows all alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end; `peak_mb` is its largest resident set."""

    wall_s: float
    cpu_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of the runs of one command."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measure(
    commands: Mapping[str, Sequence[str]],
    *,
    runs: int,
    environment: Mapping[str, str],
    warm_up: int = 2,
) -> dict[str, Figures]:
    """Name -> medians; the commands take turns.

    Raises:
        RuntimeError: a command fails; its time would mean nothing.
    """
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(warm_up + runs):
        for name, command in commands.items():
            run = run_once(command, environment)
            if number >= warm_up:
                found[name].append(run)
    return {name: _figures(each) for name, each in found.items()}


def run_once(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {told!r}")
    # Linux counts in KiB, macOS in bytes
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def _figures(runs: Sequence[Run]) -> Figures:
    return Figures(
        median(run.wall_s for run in runs),
        median(run.cpu_s for run in runs),
        median(run.peak_mb for run in runs),
    )
