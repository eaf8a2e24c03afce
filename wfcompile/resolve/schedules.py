"""`on` entries -> cron expressions in normal form with their time zones.

Source: language.md section 9; differences D22 (intervals, both day fields, `?`, named schedules).
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wfcompile.diagnostics import (
    Diagnostics,
    Note,
    close_match,
    did_you_mean,
    shortened,
)
from wfcompile.models import Schedule
from wfcompile.models.trigger import DayMatch, Fold, Gap
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.resolve.cron_fields import (
    DAY,
    MONTH,
    MONTH_NAMES,
    WEEKDAY,
    WEEKDAY_NAMES,
    YEAR,
    CronField,
    read_cron,
)
from wfcompile.source import Span

_MOST = 10
_INTERVALS = ("daily", "weekly", "monthly")
_WEEKDAYS = (
    *("sunday", "monday", "tuesday", "wednesday"),
    *("thursday", "friday", "saturday"),
)
_TIME = re.compile(r"(\d\d?):(\d\d)")
_OTHER_TIME = re.compile(
    r"(?P<hour>\d\d?)(?:[:.h](?P<minute>\d\d)(?::00)?)?\s*(?P<half>am|pm)?", re.ASCII
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class ResolvedSchedule:
    """Attributes:
    expression: 5 or 6 fields in normal form, without names and `?`.
    timezone: a name that is known.
    params: the values that it gives to params of the workflow.
    gap, fold, day_match: as `models.Schedule` has them, with their defaults.
    span: the entry: its cron expression, its interval, or the name it refers to.
    zone_span: where its time zone is written, else the entry.
    """

    expression: str
    timezone: str
    params: MappingNode | None
    span: Span
    zone_span: Span
    gap: Gap = "next"
    fold: Fold = "first"
    day_match: DayMatch = "any"


def resolve_schedules(
    schedules: Sequence[Schedule],
    named: Mapping[str, Schedule],
    diagnostics: Diagnostics,
) -> tuple[ResolvedSchedule, ...]:
    """The entries that can be resolved, in order.

    Adds WF330 to WF339, WF341 to WF347 and WF356.

    Args:
        named: name -> schedule, for entries that are a name.
    """
    resolved = []
    for schedule in schedules:
        entry = _resolve(schedule, named, diagnostics)
        if entry is not None:
            resolved.append(entry)
    _compare(resolved, schedules, diagnostics)
    return tuple(resolved)


def _resolve(
    schedule: Schedule, named: Mapping[str, Schedule], diagnostics: Diagnostics
) -> ResolvedSchedule | None:
    reference = schedule.reference
    if reference is None:
        return _resolve_entry(schedule, None, diagnostics)
    target = named.get(reference.text)
    if target is None:
        diagnostics.error(
            "WF343",
            f'no schedule is called "{shortened(reference.text)}"',
            reference.span,
            help=did_you_mean(reference.text, named)
            or "write cronjob: and an expression, or add an entry of type Crontab",
        )
        return None
    # told already; here they say that the workflow has errors too
    diagnostics.extend(target.mistakes)
    return _resolve_entry(target, reference.span, diagnostics)


def _resolve_entry(
    schedule: Schedule, reference: Span | None, diagnostics: Diagnostics
) -> ResolvedSchedule | None:
    zone = _zone(schedule.timezone, diagnostics)
    expression, scalar = None, schedule.cronjob or schedule.interval
    if schedule.cronjob is not None:
        expression = _cron(schedule, schedule.cronjob, diagnostics)
    elif schedule.interval is not None:
        expression = _interval(schedule, schedule.interval, diagnostics)
    if expression is None or zone is None or scalar is None:
        return None
    span = reference or scalar.span
    written = schedule.timezone if reference is None else None
    _warn_without_effect(schedule, expression, zone, diagnostics)
    return ResolvedSchedule(
        expression,
        zone,
        schedule.params,
        span,
        written.span if written else span,
        gap=schedule.gap or "next",
        fold=schedule.fold or "first",
        day_match=schedule.day_match or "any",
    )


def _warn_without_effect(
    schedule: Schedule, expression: str, zone: str, diagnostics: Diagnostics
) -> None:
    """Adds WF356 (a policy that changes nothing)."""
    node = schedule.node
    assert isinstance(node, MappingNode), node
    minute, hour, day, _, weekday = expression.split()[:5]
    no_clock = None
    if zone == "UTC":
        no_clock = "the clock of UTC never changes"
    elif minute.startswith("*") or hour.startswith("*"):
        no_clock = 'a minute or hour that begins with "*" follows real time'
    no_days = "only one of the two day fields is restricted"
    reasons = {
        "gap": no_clock,
        "fold": no_clock,
        "day-match": no_days if "*" in (day, weekday) else None,
    }
    for key, reason in reasons.items():
        entry = node.entry(key) if reason else None
        if entry is not None:
            diagnostics.warning(
                "WF356",
                f'"{key}" changes nothing here: {reason}',
                entry.key.span,
                help="remove it",
            )


# --- cron expressions ---


def _cron(schedule: Schedule, scalar: Scalar, diagnostics: Diagnostics) -> str | None:
    """Adds WF337 (never fires), WF338 (both day fields)."""
    fields = read_cron(scalar, diagnostics)
    if fields is None:
        return None
    if not fields[WEEKDAY].is_restricted or schedule.day_match == "all":
        if not _comes(fields):
            _refuse_date(fields, diagnostics)
            return None
    elif fields[DAY].is_restricted and schedule.day_match is None:
        weekdays = ", ".join(WEEKDAY_NAMES[day] for day in fields[WEEKDAY].values)
        _warn_either(str(fields[DAY]), weekdays, fields[WEEKDAY].span, diagnostics)
    return " ".join(map(str, fields))


def _comes(fields: Sequence[CronField]) -> bool:
    """Whether the day and the month meet in some year."""
    days, months = fields[DAY].values, fields[MONTH].values
    years = fields[YEAR].values if len(fields) > YEAR else range(2000, 2001)
    has_leap_year = any(map(isleap, years))
    return any(
        days[0] <= _DAYS[month - 1] - (month == 2 and not has_leap_year)
        for month in months
    )


def _refuse_date(fields: Sequence[CronField], diagnostics: Diagnostics) -> None:
    months = ", ".join(MONTH_NAMES[month - 1] for month in fields[MONTH].values)
    year = f" {fields[YEAR]}" if len(fields) > YEAR else ""
    diagnostics.error(
        "WF337",
        f"day {fields[DAY]} never comes in {months}{year}",
        fields[DAY].span,
        help="write a day that the month has",
    )


def _warn_either(day: str, weekdays: str, span: Span, diagnostics: Diagnostics) -> None:
    diagnostics.warning(
        "WF338",
        f"the schedule fires on day {day} of the month and also on each {weekdays}, "
        "not only where both meet",
        span,
        help='write "day-match: all" if both must meet, or "day-match: any"',
    )


# --- intervals ---


def _interval(
    schedule: Schedule, interval: Scalar, diagnostics: Diagnostics
) -> str | None:
    """Adds WF347 (unknown interval), WF341 (its day), WF342 (its time)."""
    if interval.text not in _INTERVALS:
        diagnostics.error(
            "WF347",
            f'interval "{interval.text}" is not known, expected one of '
            + ", ".join(_INTERVALS),
            interval.span,
            help=did_you_mean(interval.text.lower(), _INTERVALS)
            or "write a cronjob instead",
        )
        return None
    clock = _clock(schedule.time, diagnostics)
    weekday = _weekday(schedule.day, interval, diagnostics)
    if clock is None or weekday is None:
        return None
    has_two = interval.text == "monthly" and schedule.day is not None
    if has_two and schedule.day is not None and schedule.day_match is None:
        name = WEEKDAY_NAMES[int(weekday)]
        _warn_either("1", name, schedule.day.span, diagnostics)
    day = "1" if interval.text == "monthly" else "*"
    return f"{clock} {day} * {weekday}"


def _clock(time: Scalar | None, diagnostics: Diagnostics) -> str | None:
    """`minute hour`, or None."""
    if time is None:
        return "0 0"
    match = _TIME.fullmatch(time.text)
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return f"{int(match[2])} {int(match[1])}"
    diagnostics.error(
        "WF342",
        f'time is "{time.text}", expected a time from "00:00" to "23:59"',
        time.span,
        help=_meant_time(time.text)
        or 'write hours and minutes, such as "02:30"; midnight is "00:00"',
    )
    return None


def _meant_time(text: str) -> str | None:
    """A time of another form: `2.30`, `2:30 pm`, `24:00`, `02:30:00`."""
    found = _OTHER_TIME.fullmatch(text.strip().lower())
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    elif found["minute"] is None or (hour == 24 and minute):
        return None
    if hour > 24 or minute > 59:
        return None
    return f'write "{hour % 24:02}:{minute:02}"'


def _weekday(
    day: Scalar | None, interval: Scalar, diagnostics: Diagnostics
) -> str | None:
    """The weekday field of the interval, or None."""
    if day is None:
        return "1" if interval.text == "weekly" else "*"
    if interval.text == "daily":
        diagnostics.error(
            "WF341",
            'a daily interval has no "day"',
            day.span,
            help="remove it, or write interval: weekly",
        )
        return None
    text = day.text.lower()
    for number, name in enumerate(_WEEKDAYS):
        if text in (name, name[:3]):
            return str(number)
    diagnostics.error(
        "WF341",
        f'day is "{day.text}", expected a day of the week',
        day.span,
        help=did_you_mean(text, _WEEKDAYS) or f"write one of {', '.join(_WEEKDAYS)}",
    )
    return None


# --- time zones ---


def _zone(scalar: Scalar | None, diagnostics: Diagnostics) -> str | None:
    """Adds WF339 (unknown zone)."""
    if scalar is None:
        return "UTC"
    if scalar.text in _zones():
        return scalar.text
    near = _near_zone(scalar.text)
    diagnostics.error(
        "WF339",
        f'time zone "{scalar.text}" is not known',
        scalar.span,
        help=f'did you mean "{near}"?' if near else "write a name as in Europe/Berlin",
    )
    return None


@cache
def _zones() -> frozenset[str]:
    """The names of the IANA data that is installed with the compiler.

    Not those of the machine, which differ, and hold `localtime`.
    """
    text = files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(text.split())


def _near_zone(text: str) -> str | None:
    """Another case, a city without its continent, or a slip."""
    zones = {zone.lower(): zone for zone in sorted(_zones())}
    cities = {lower.rpartition("/")[2]: zone for lower, zone in zones.items()}
    name = text.strip().lower().replace(" ", "_")
    near = zones.get(name) or cities.get(name)
    # CEST is not EST, though it is close
    places = [each for each in zones if "/" in each or each == "utc"]
    return near or zones.get(close_match(name, places) or "")


# --- several entries ---


def _compare(
    resolved: Sequence[ResolvedSchedule],
    schedules: Sequence[Schedule],
    diagnostics: Diagnostics,
) -> None:
    """Adds WF344 (one time twice), WF345 (too many), WF346 (two zones)."""
    first: dict[str, ResolvedSchedule] = {}
    for entry in resolved:
        if entry.expression in first:
            diagnostics.error(
                "WF344",
                f'the schedule "{entry.expression}" is there twice',
                entry.span,
                notes=[Note("the first one is here", first[entry.expression].span)],
                help="remove one of them",
            )
        first.setdefault(entry.expression, entry)
    for entry in resolved:
        if entry.timezone != resolved[0].timezone:
            diagnostics.error(
                "WF346",
                f'the time zone is "{entry.timezone}", but "{resolved[0].timezone}" '
                "before: a workflow has one",
                entry.zone_span,
                notes=[Note("the first one is here", resolved[0].zone_span)],
                help="write all schedules of the workflow in one time zone",
            )
    for schedule in schedules[_MOST : _MOST + 1]:
        diagnostics.error(
            "WF345",
            f"the workflow has {len(schedules)} schedules, expected at most {_MOST}",
            place_of(schedule),
            help='join some of them: "0,30 * * * *" fires twice an hour',
        )


def place_of(schedule: Schedule) -> Span:
    scalar = schedule.reference or schedule.cronjob or schedule.interval
    return scalar.span if scalar else schedule.node.span
