"""Where each job of a run is, made of the run's events; their fields in words.

Not thread-safe: the display that owns it holds its own lock. Times are of the monotonic
clock and come from outside.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

WAITING, RUNNING = "WAITING", "RUNNING"


class JobProgress:
    """One job; `status` is WAITING, RUNNING, or what it ended with."""

    __slots__ = ("ended", "job", "reason", "running", "started", "status")

    def __init__(self, job: str) -> None:
        self.job = job
        self.status = WAITING
        self.started: float | None = None
        self.ended: float | None = None
        self.reason = ""
        """Why it was skipped or cancelled."""
        self.running: dict[str, int] = {}
        """Path of a running stage below the job -> how many of it run (items, matrix)."""

    def seconds(self, now: float) -> float | None:
        """How long it has run; None: it did not start."""
        if self.started is None:
            return None
        return (now if self.ended is None else self.ended) - self.started

    def leaves(self) -> list[str]:
        """The paths of the running stages that have no running one inside."""
        return [
            path
            for path in self.running
            if not any(other.startswith(path + "/") for other in self.running)
        ]

    def stage(self) -> str:
        """The stage that started last, and how many others run with it."""
        leaves = self.leaves()
        if not leaves:
            return ""
        more = sum(self.running[path] for path in leaves) - 1
        return leaves[-1] + (f" and {more} more" if more else "")


class Progress:
    """All jobs, in the YAML's order."""

    def __init__(self, jobs: Iterable[str]) -> None:
        self.jobs = {job: JobProgress(job) for job in jobs}
        self.started: float | None = None
        self.ended: float | None = None
        self.reason = ""
        """Why the run was skipped or cancelled."""

    def seconds(self) -> float | None:
        """How long the run took; None: it has not begun, or not ended."""
        if self.started is None or self.ended is None:
            return None
        return self.ended - self.started

    def event(
        self, kind: str, path: str, fields: Mapping[str, Any], now: float
    ) -> None:
        """Take one event of the runner in."""
        if kind == "run.start":
            self.started = now
        elif kind == "run.end":
            self.ended = now
            self.reason = _reason(fields)
        job_id, _, stage = path.partition("/")
        job = self.jobs.get(job_id)
        if job is None:
            return
        if kind == "job.start":
            job.status, job.started = RUNNING, now
        elif kind == "job.end":
            job.status, job.ended = str(fields["status"]), now
            job.reason = _reason(fields)
            job.running.clear()
        elif kind == "stage.start":
            job.running[stage] = job.running.get(stage, 0) + 1
        elif kind == "stage.end":
            left = job.running.pop(stage, 0) - 1
            if left > 0:
                job.running[stage] = left

    def running(self) -> list[str]:
        """The stages that run, as `job/stage`; of those with others inside, these."""
        return [
            f"{job.job}/{path}" for job in self.jobs.values() for path in job.leaves()
        ]

    def counts(self) -> dict[str, int]:
        """Status -> how many jobs have it."""
        counts: dict[str, int] = {}
        for job in self.jobs.values():
            counts[job.status] = counts.get(job.status, 0) + 1
        return counts


def duration(seconds: float | None) -> str:
    """
    >>> duration(0.34), duration(75), duration(3661), duration(None)
    ('0.3s', '1m15s', '1h01m', '')
    """
    if seconds is None:
        return ""
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{rest:02}s"
    return f"{minutes // 60}h{minutes % 60:02}m"


def _reason(fields: Mapping[str, Any]) -> str:
    """Why something did not run to its end; failures are told elsewhere."""
    if fields["status"] == "CANCEL" and "errors" in fields:
        return str(fields["errors"]["message"])
    return str(fields.get("reason", ""))


def variant(fields: Mapping[str, Any]) -> str:
    """What tells an event from others of its path; begins with a blank, or is empty.

    >>> variant({"matrix": {"layer": "raw"}, "item": 3})
    " (layer='raw', item=3)"
    """
    from .wording import shown

    parts = [f"{key}={shown(item)}" for key, item in fields.get("matrix", {}).items()]
    if "item" in fields:
        parts.append(f"item={shown(fields['item'])}")
    return f" ({', '.join(parts)})" if parts else ""


def message_of(fields: Mapping[str, Any]) -> str:
    """The error of an event: its class and text."""
    errors = fields.get("errors") or {}
    name, message = errors.get("name", "failed"), errors.get("message", "")
    return f"{name}: {message}" if message else str(name)


def parents(path: str) -> Iterator[str]:
    """What is around it, from inside to outside.

    >>> list(parents("job/each/copy"))
    ['job/each', 'job']
    """
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
