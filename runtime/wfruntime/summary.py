"""The end of a run as lines: the table of its jobs, and its errors with their places.

An error is told once, where it arose: a stage that failed because a stage inside it did
is left out, as is a job whose stage failed, and equal errors of several items or
strategies are one. Messages are masked before they are cut into lines.
"""

from __future__ import annotations

import os

from . import terminal
from .progress import WAITING, duration, message_of, parents, variant
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .graph import Workflow
    from .progress import Progress

    Failure = tuple[str, Mapping[str, Any]]

MAX_ERRORS = 20
MAX_NAME = 60
STATUS_WIDTH, TIME_WIDTH = 7, 6
NOT_RUN = "not run"
TITLES = ("STATUS", "JOB", "TIME", "")
INDENT = "    "
OF_ITS_JOBS = "WorkflowError"  # says again what the errors of the stages have said


def table(progress: Progress, *, colours: bool, columns: int) -> list[str]:
    """A line of titles, then one a job in the YAML's order, cut to the terminal.

    No lines at all when no job was begun or skipped.
    """
    end = progress.ended or 0.0
    jobs = list(progress.jobs.values())
    if all(job.status == WAITING for job in jobs):
        return []
    rows = [TITLES]
    for job in jobs:
        status = NOT_RUN if job.status == WAITING else job.status
        time = duration(job.seconds(end))
        rows.append((status, terminal.plain(job.job), time, job.reason))
    width = min(max(terminal.width(name) for _, name, _, _ in rows), MAX_NAME)
    lines = []
    for status, name, time, reason in rows:
        named = f"{terminal.padded(name, width)}  {time:>{TIME_WIDTH}}"
        line = f"{status:{STATUS_WIDTH}}  {named}  {terminal.plain(mask(reason))}"
        line = terminal.cut(line.rstrip(), columns - 1)
        lines.append(terminal.with_status(line, status) if colours else line)
    return lines


def error_lines(
    workflow: Workflow[Any],
    progress: Progress,
    failures: Sequence[Failure],
    errors: Mapping[str, str] | None,
) -> list[str]:
    """The errors, each: where, what, and the frames of the user's own code.

    Args:
        failures: (path, fields) of the events of what ended FAILED, as they came.
        errors: What the run as a whole failed with.
    """
    groups = _told(progress, failures)
    lines = [line for alike in groups[:MAX_ERRORS] for line in _error(workflow, alike)]
    if len(groups) > MAX_ERRORS:
        lines.append(f"and {len(groups) - MAX_ERRORS} more errors; the journal has all")
    if errors is not None and not (groups and errors["name"] == OF_ITS_JOBS):
        lines += _run_error(workflow, errors)
    return lines


def _told(progress: Progress, failures: Sequence[Failure]) -> list[list[Failure]]:
    """The failures that are told, equal ones together.

    Left out are those of a job that went well in a later try.
    """
    outer = {parent for path, _ in failures for parent in parents(path)}
    groups: dict[tuple[str, str, int | None], list[Failure]] = {}
    for path, fields in failures:
        job = progress.jobs.get(path.partition("/")[0])
        if path not in outer and job is not None and job.status == "FAILED":
            key = (path, message_of(fields), fields.get("error_line"))
            alike = groups.setdefault(key, [])
            alike.append((path, fields))
    return list(groups.values())


def _error(workflow: Workflow[Any], alike: Sequence[Failure]) -> Iterator[str]:
    path, fields = alike[0]
    line = fields.get("error_line", workflow.lines.get(path))
    place = workflow.source if line is None else f"{workflow.source}:{line}"
    first, *rest = mask(message_of(fields)).splitlines()
    yield terminal.plain(mask(f"{place}: {path}{variant(fields)}: {first}"))
    for text in [*rest, *_frames(mask(fields.get("traceback", "")))]:
        yield INDENT + terminal.plain(text)
    if len(alike) > 1:
        yield f"{INDENT}and {len(alike) - 1} more like this"


def _frames(traceback: str) -> list[str]:
    """A traceback without its end, which says the error again; frames are indented."""
    lines = traceback.splitlines()
    while lines and not lines[-1].startswith("  "):
        lines.pop()
    return lines


def _run_error(workflow: Workflow[Any], errors: Mapping[str, str]) -> Iterator[str]:
    if errors["name"] == "EnvError":
        from .stages import unset

        for name, line in workflow.env.items():
            if name not in os.environ:
                yield f"{workflow.source}:{line}: {unset(name, '')}"
        return
    first, *rest = mask(message_of({"errors": errors})).splitlines()
    yield terminal.plain(f"{workflow.source}: {first}")
    for text in rest:
        yield INDENT + terminal.plain(text)
