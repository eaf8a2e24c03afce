"""`wfc cron next`: the next runs of the project's schedules, on three clocks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from heapq import merge
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from wfcompile import ir, pipeline
from wfcompile.commands.project import open_to_build, refusing_settings, report
from wfcompile.commands.refusal import Refusal
from wfcompile.crontab.uncovered import times_of
from wfcompile.crontab.zones import UnknownZone, check_zone, host_zone
from wfcompile.diagnostics import Diagnostics
from wfcompile.terminal import say, visible, width

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class _Run:
    """One minute of one entry."""

    minute: datetime
    workflow: str
    expression: str
    zone: str
    note: str


@refusing_settings()
def show_next(
    conf: Path | None, *, count: int, begin: datetime | None, zone: str | None
) -> int:
    """The exit code: 0, or 1 when a workflow has errors, whose runs are then not told.

    Args:
        begin: the first minute that counts; naive means the zone of the first column.
        zone: that of the first column; None is the host's.

    Raises:
        Refusal: the zone is not known.
    """
    settings = open_to_build(conf, None)
    clock = ZoneInfo(_zone(zone))
    diagnostics = Diagnostics()
    checked = pipeline.check_project(settings, diagnostics)
    report(diagnostics, sys.stderr)
    first = begin or datetime.now(clock)
    if first.tzinfo is None:
        first = first.replace(tzinfo=clock)
    modules = [each.ir for each in checked if each.ir]
    runs = [
        _runs(module.name, schedule, first)
        for module in modules
        for schedule in module.schedules
    ]
    rows = [_row(run, clock) for run in islice(merge(*runs), count)]
    if rows:
        say(_table([_head(clock), *rows]), sys.stdout)
    else:
        what = "no run is to come" if runs else "no workflow has a schedule"
        say(f"{what}\n", sys.stderr)
    return 1 if diagnostics.has_errors else 0


def _zone(zone: str | None) -> str:
    year = datetime.now(timezone.utc).year
    try:
        return check_zone(zone) if zone else host_zone(os.environ, year)
    except UnknownZone as error:
        raise Refusal(str(error), error.help) from error


def _runs(workflow: str, schedule: ir.Schedule, first: datetime) -> Iterator[_Run]:
    clock = ZoneInfo(schedule.timezone)
    without_gaps = times_of(replace(schedule, gap="skip"))
    for minute in times_of(schedule).since(first - _MINUTE):
        note = _twice(minute.astimezone(clock))
        if not without_gaps.has(minute):
            note = "its time is left out by the clock"
        yield _Run(minute, workflow, schedule.expression, schedule.timezone, note)


def _twice(local: datetime) -> str:
    other = local.replace(fold=1 - local.fold)
    if other.utcoffset() == local.utcoffset():
        return ""
    # a time that is left out has two offsets too, but no minute of UTC shows one
    return f"the {'second' if local.fold else 'first'} time that the clock shows it"


# --- printing ---


def _head(clock: ZoneInfo) -> Sequence[str]:
    return (clock.key, "in the schedule's zone", "UTC", "workflow", "schedule", "")


def _row(run: _Run, clock: ZoneInfo) -> Sequence[str]:
    zones = (clock, ZoneInfo(run.zone))
    shown = [f"{run.minute.astimezone(zone):%a %Y-%m-%d %H:%M}" for zone in zones]
    what = f"{run.expression} ({run.zone})"
    utc = f"{run.minute:%Y-%m-%dT%H:%M}"
    return (*shown, utc, visible(run.workflow), visible(what), run.note)


def _table(rows: Iterable[Sequence[str]]) -> str:
    listed = list(rows)
    widths = [max(map(width, column)) for column in zip(*listed, strict=True)]
    lines = [
        "  ".join(
            text + " " * (most - width(text))
            for text, most in zip(row, widths, strict=True)
        )
        for row in listed
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)
