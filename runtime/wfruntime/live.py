"""The live display of a terminal: one line a job, redrawn in place, log lines above it.

A thread redraws four times a second while a run lasts, so that times move; events redraw
at once, but not more often than `MIN_INTERVAL_S`, since a run may have thousands.
"""

from __future__ import annotations

import threading
import time

from . import terminal
from .progress import RUNNING, WAITING, duration
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from .progress import JobProgress, Progress

INTERVAL_S = 0.25
MIN_INTERVAL_S = 0.05
MIN_JOBS = 3
LOG_LINES = 6  # of the terminal stay free for what is printed above
STATUS_WIDTH, TIME_WIDTH = 7, 6


class LiveDisplay:
    """Draws on a terminal between `start` and `stop`."""

    def __init__(self, name: str, progress: Progress, stream: TextIO) -> None:
        self.name = name
        self.progress = progress
        self.stream = stream
        self.colours = terminal.has_colours(stream)
        # guards the terminal and what is known to be on it; the progress too
        self.lock = threading.RLock()
        self._drawn: list[int] = []  # the widths of the lines on the terminal
        self._drawn_at = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._refresh, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self.draw()

    def stop(self) -> None:
        """Take the display off the terminal; may be called again."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        with self.lock:
            self._write(self._erasure())

    def print(self, lines: Iterable[str]) -> None:
        """Print lines above the display; colours in them are kept."""
        with self.lock:
            text = "".join(f"{line}\n" for line in lines)
            if not self._stopping.is_set():
                self._write(self._erasure() + text + self._frame())
            else:
                self._write(text)

    def draw(self, *, at_once: bool = True) -> None:
        with self.lock:
            soon = time.monotonic() - self._drawn_at < MIN_INTERVAL_S
            if not self._stopping.is_set() and (at_once or not soon):
                self._write(self._erasure(clear=False) + self._frame())

    def _refresh(self) -> None:
        while not self._stopping.wait(INTERVAL_S):
            self.draw()

    def _erasure(self, *, clear: bool = True) -> str:
        """Move to the display's first line; what a resize has wrapped counts more."""
        if not self._drawn:
            return ""
        columns, _ = terminal.size(self.stream)
        rows = sum(max(1, -(-width // columns)) for width in self._drawn)
        self._drawn = []
        up = f"\x1b[{rows - 1}A" if rows > 1 else ""
        return f"\r{up}" + ("\x1b[J" if clear else "")

    def _frame(self) -> str:
        columns, lines = terminal.size(self.stream)
        frame = frame_of(self.name, self.progress, columns, lines, time.monotonic())
        self._drawn = [terminal.width(line) for line, _ in frame]
        self._drawn_at = time.monotonic()
        drawn = [
            terminal.with_status(line, status) if self.colours and status else line
            for line, status in frame
        ]
        return "\x1b[K\n".join(drawn) + "\x1b[K\x1b[J"

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):  # the terminal is gone; the run goes on
            self._stopping.set()


def frame_of(
    name: str, progress: Progress, columns: int, lines: int, now: float
) -> list[tuple[str, str]]:
    """(line, the status that it shows) of each line, the whole run's last.

    Jobs keep the YAML's order; where the terminal is too low, those that run or have
    failed stay, then those that ended last.
    """
    room = columns - 1
    jobs = list(progress.jobs.values())
    shown = _most_telling(jobs, max(lines - LOG_LINES, MIN_JOBS))
    name_width = min(max((terminal.width(j.job) for j in shown), default=0), room // 2)
    frame = [
        (terminal.cut(_job_line(job, name_width, now), room), job.status)
        for job in shown
    ]
    if len(shown) < len(jobs):
        hidden = len(jobs) - len(shown)
        frame.append(
            (terminal.cut(f"{'':{STATUS_WIDTH}}  and {hidden} more", room), "")
        )
    counts = [f"{count} {status}" for status, count in progress.counts().items()]
    since = None if progress.started is None else now - progress.started
    last = f"{name}: {', '.join(counts)} {duration(since)}".rstrip()
    return [*frame, (terminal.cut(terminal.plain(last), room), "")]


def _job_line(job: JobProgress, name_width: int, now: float) -> str:
    parts = [
        f"{job.status:{STATUS_WIDTH}}",
        terminal.padded(terminal.plain(job.job), name_width),
        f"{duration(job.seconds(now)):>{TIME_WIDTH}}",
        terminal.plain(mask(job.stage())),
    ]
    return "  ".join(parts).rstrip()


def _most_telling(jobs: list[JobProgress], count: int) -> list[JobProgress]:
    if len(jobs) <= count:
        return jobs
    rank = {RUNNING: 0, "FAILED": 1, "CANCEL": 1, WAITING: 3}
    order = sorted(
        range(len(jobs)),
        key=lambda i: (rank.get(jobs[i].status, 2), -(jobs[i].ended or 0.0), i),
    )
    # one line less: it says how many are not shown
    return [jobs[i] for i in sorted(order[: count - 1])]
