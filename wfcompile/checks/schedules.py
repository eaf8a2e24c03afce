"""Schedules that get in each other's way: WF543 (two fire at one time), WF544 (one fires again
while its run must still be going).

All schedules of a workflow are in one time zone, so their fields can be compared as they are.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from wfcompile import ir
from wfcompile.checks.places import JobPlace, in_order_of_needs
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.models import Workflow
from wfcompile.resolve.cron_fields import MONTH_NAMES, WEEKDAY_NAMES
from wfcompile.resolve.cron_values import Fields, read_fields
from wfcompile.resolve.schedules import place_of
from wfcompile.source import Span

_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ALL_KINDS_OF_YEARS = 28
"""After so many years each day has been each day of the week."""

Day = tuple[int, int, int]
"""Month, day, day of the week; Sunday is 0."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """`years` is None for all."""

    expression: str
    fields: Fields
    years: frozenset[int] | None
    span: Span


def report_schedules(
    workflow: Workflow,
    module: ir.Module,
    jobs: Sequence[JobPlace],
    diagnostics: Diagnostics,
) -> None:
    entries = _entries(workflow, module)
    for second in range(1, len(entries)):
        _report_first_overlap(entries[second], entries[:second], diagnostics)
    least = _least_seconds(in_order_of_needs(jobs))
    for entry in entries:
        _report_too_frequent(entry, least, diagnostics)


def schedule_gaps(
    workflow: Workflow, module: ir.Module
) -> Iterator[tuple[str, Span, int | None]]:
    """Each schedule with its place and the fewest minutes that it waits; see `_shortest_gap`."""
    for entry in _entries(workflow, module):
        yield entry.expression, entry.span, _shortest_gap(entry)


def _entries(workflow: Workflow, module: ir.Module) -> list[_Entry]:
    return [
        _entry(lowered.expression, place_of(schedule))
        for schedule, lowered in zip(workflow.schedules, module.schedules, strict=True)
    ]


def _entry(expression: str, span: Span) -> _Entry:
    fields = read_fields(expression)
    # the fields of a crontab have no year
    year = expression.split()[5:]
    return _Entry(expression, fields, _years(*year), span)


def _years(field: str = "*") -> frozenset[int] | None:
    if field == "*":
        return None
    years: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low, high = (1990, 2100) if first == "*" else (int(first), int(last or first))
        years.update(range(low, high + 1, int(step or 1)))
    return frozenset(years)


# --- two at one time ---


def _report_first_overlap(
    entry: _Entry, others: Iterable[_Entry], diagnostics: Diagnostics
) -> None:
    for other in others:
        common = _common_time(entry, other)
        if common is not None:
            diagnostics.warning(
                "WF543",
                f'the schedules "{other.expression}" and "{entry.expression}" '
                f"both fire {common}",
                entry.span,
                notes=[Note("the other one is here", other.span)],
                help="take the common times out of one of them",
            )
            return


def _common_time(one: _Entry, other: _Entry) -> str | None:
    """The first time of the day, and a day if they are not both on each, in words."""
    minutes = one.fields.minutes & other.fields.minutes
    hours = one.fields.hours & other.fields.hours
    if not minutes or not hours or one.expression == other.expression:
        return None
    day = next(_common_days(one, other), None)
    if day is None:
        return None
    clock = f"at {min(hours):02}:{min(minutes):02}"
    if all(_is_daily(each) for each in (one, other)):
        return clock
    month, number, weekday = day
    has_weekdays = any(len(each.fields.weekdays) < 7 for each in (one, other))
    name = f"{WEEKDAY_NAMES[weekday]} " if has_weekdays else ""
    return f"{clock}, as on {name}{number} {MONTH_NAMES[month - 1]}"


def _common_days(one: _Entry, other: _Entry) -> Iterator[Day]:
    months = one.fields.months & other.fields.months
    for day in _days(one.years, other.years):
        if day[0] in months and _has(one, day) and _has(other, day):
            yield day


def _days(*years: frozenset[int] | None) -> Iterator[Day]:
    """Those of the years that all have."""
    written = [each for each in years if each is not None]
    common = frozenset.intersection(*written) if written else None
    if common is None or len(common) >= _ALL_KINDS_OF_YEARS:
        for month, length in enumerate(_LENGTHS, 1):
            for day in range(1, length + 1):
                yield from ((month, day, weekday) for weekday in range(7))
        return
    for year in sorted(common):
        for month, length in enumerate(_LENGTHS, 1):
            for day in range(1, length + 1 - (month == 2 and not isleap(year))):
                yield month, day, date(year, month, day).isoweekday() % 7


def _has(entry: _Entry, day: Day) -> bool:
    """Both day fields restricted mean either (differences D22)."""
    _, number, weekday = day
    in_month = number in entry.fields.days
    in_week = weekday in entry.fields.weekdays
    is_either = len(entry.fields.days) < 31 and len(entry.fields.weekdays) < 7
    return (in_month or in_week) if is_either else (in_month and in_week)


def _is_daily(entry: _Entry) -> bool:
    fields = entry.fields
    counts = len(fields.days), len(fields.months), len(fields.weekdays)
    return counts == (31, 12, 7) and entry.years is None


# --- one before its run is over ---


def _report_too_frequent(entry: _Entry, least: float, diagnostics: Diagnostics) -> None:
    gap = _shortest_gap(entry)
    if gap is None or gap * 60 >= least:
        return
    after = "a minute" if gap == 1 else f"{gap} minutes"
    diagnostics.warning(
        "WF544",
        f'the schedule "{entry.expression}" fires again after {after}, '
        f"and a run sleeps for {least:g} seconds",
        entry.span,
        help="let it fire less often, or sleep less",
    )


def _shortest_gap(entry: _Entry) -> int | None:
    """In minutes, within a day and over a midnight; None when it fires once a day at most."""
    times = sorted(
        hour * 60 + minute
        for hour in entry.fields.hours
        for minute in entry.fields.minutes
    )
    gaps = [after - before for before, after in pairwise(times)]
    if _is_daily(entry):
        gaps.append(times[0] + 24 * 60 - times[-1])
    return min(gaps, default=None)


def _least_seconds(jobs: Mapping[str, JobPlace]) -> float:
    """What a run in which nothing fails sleeps for sure, one job behind the other."""
    slept: dict[str, float] = {}
    sure: set[str] = set()
    for id, job in jobs.items():
        needs = job.ir.needs
        if _comes(job, all(need in sure for need in needs)):
            sure.add(id)
        before = max((slept[need] for need in needs), default=0.0)
        slept[id] = before + (_sleep(job) if id in sure else 0.0)
    return max(slept.values(), default=0.0)


def _comes(job: JobPlace, needs_are_sure: bool) -> bool:
    rule = job.ir.trigger_rule
    is_for_failures = rule in ("all_failed", "one_failed") and job.ir.needs
    has_its_turn = needs_are_sure or rule == "all_done"
    return job.ir.condition is None and has_its_turn and not is_for_failures


def _sleep(job: JobPlace) -> float:
    """Of the stages that are no parts of others, and have no condition."""
    bodies = (each.ir.body for each in job.stages if each.ir.condition is None)
    sleeps = (each.sleep for each in bodies if isinstance(each, ir.EchoBody))
    return sum(_seconds(each.value) for each in sleeps if isinstance(each, ir.Const))


def _seconds(value: ir.Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
