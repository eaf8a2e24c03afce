"""A cron expression in one zone -> the crontab lines that mean it in another zone.

The two zones differ by a number of minutes, or by several over a year. A line that is right at
some of these differences only is told from one that always is, and no two lines that this module
gives for one expression fire in the same minute, but where they are said to be `wider`.

Day of month and weekday, both restricted, mean either, as cron has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

from wfcompile.resolve.cron_values import (
    DAYS,
    HOURS,
    MINUTES,
    MONTHS,
    WEEKDAYS,
    Fields,
    read_fields,
    spelled,
)

DAY_MINUTES = 24 * 60
LENGTH_BY_MONTH = {
    month: 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    for month in MONTHS
}
LEAP_DAY = (2, 29)
LEAP_YEAR = [
    (month, day) for month in MONTHS for day in range(1, LENGTH_BY_MONTH[month] + 1)
]
OTHER_YEAR = [date for date in LEAP_YEAR if date != LEAP_DAY]

Day: TypeAlias = "None | int | tuple[int, int] | str"
"""A part of the days: None every day, a weekday, a (month, day), or three fields as they are."""
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Line:
    """Attributes:
    fields: the five fields of a crontab line.
    shifts: the differences in minutes at which the line is right.
    """

    fields: str
    shifts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Shifted:
    """Attributes:
    lines: by the time of the day.
    wider: some line fires on days that are not meant, or twice: cron cannot say it better.
    """

    lines: tuple[Line, ...]
    wider: bool


def shift_expression(
    expression: str,
    shifts: Collection[int],
    *,
    day_match: Literal["any", "all"] = "any",
) -> Shifted:
    """The lines for a clock that is ahead by one of `shifts` minutes (below zero: behind).

    A year as the sixth field is left out. When all of two restricted day fields must fit, the
    lines have that one of them which fires on fewer days.

    >>> [line.fields for line in shift_expression("30 23 * * 1-5", [60]).lines]
    ['30 0 * * 2-6']
    """
    fields, wider = read_fields(expression), False
    day, weekday = expression.split()[2], expression.split()[4]
    if day_match == "all" and "*" not in (day, weekday):
        fields, wider = _one_day_field(fields), True
    moments: dict[tuple[frozenset[int], frozenset[Day]], set[int]] = defaultdict(set)
    for origins, same_origin in _moments(fields, shifts).items():
        days_by_shifts, inexact = _days_by_shifts(fields, origins)
        wider = wider or inexact
        for right_at, days in days_by_shifts.items():
            moments[right_at, days].update(same_origin)
    lines = [
        line
        for (right_at, days), when in moments.items()
        for line in _lines(when, days, right_at)
    ]
    return Shifted(tuple(line for _, line in sorted(lines, key=_by_time)), wider)


def _one_day_field(fields: Fields) -> Fields:
    if len(fields.days) * 12 <= len(fields.weekdays) * 52:
        return replace(fields, weekdays=frozenset(WEEKDAYS))
    return replace(fields, days=frozenset(DAYS))


def _by_time(timed: tuple[int, Line]) -> tuple[int, str]:
    return timed[0], timed[1].fields


# --- shifting ---


def _moments(
    fields: Fields, shifts: Collection[int]
) -> Mapping[frozenset[tuple[int, int]], frozenset[int]]:
    """Minutes of the shifted day by their origins: pairs of a shift and the days carried over."""
    origins: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for hour in fields.hours:
        for minute in fields.minutes:
            for shift in shifts:
                carry, moment = divmod(hour * 60 + minute + shift, DAY_MINUTES)
                origins[moment].add((shift, carry))
    return _inverted(origins)


def _days_by_shifts(
    fields: Fields, origins: Iterable[tuple[int, int]]
) -> tuple[Mapping[frozenset[int], frozenset[Day]], bool]:
    """The days by the shifts at which they are right, and whether they are wider than meant."""
    shifts_by_day: dict[Day, set[int]] = defaultdict(set)
    carries, wider = set(), False
    for shift, carry in origins:
        days, inexact = _shifted_days(fields, carry)
        wider = wider or inexact
        carries.add(carry)
        for day in days:
            shifts_by_day[day].add(shift)
    # texts may name one day twice; what is split into single days never does
    twice = len(carries) > 1 and any(isinstance(day, str) for day in shifts_by_day)
    return _inverted(shifts_by_day), wider or twice


def _shifted_days(fields: Fields, carry: int) -> tuple[frozenset[Day], bool]:
    every_date = fields.days == set(DAYS) and fields.months == set(MONTHS)
    if fields.weekdays != set(WEEKDAYS):
        weekdays = frozenset((weekday + carry) % 7 for weekday in fields.weekdays)
        if every_date:
            return frozenset[Day](weekdays), False
        return _days_or_weekdays(fields, weekdays, carry)
    if every_date:
        return frozenset([None]), False
    dates, inexact = _shifted_dates(fields, carry)
    return frozenset[Day](dates), inexact


def _shifted_dates(
    fields: Fields, carry: int
) -> tuple[frozenset[tuple[int, int]], bool]:
    """The dates of leap years and of others together; inexact when the two disagree."""
    dates = {
        (month, day)
        for month in fields.months
        for day in fields.days
        if day <= LENGTH_BY_MONTH[month]
    }
    leap_year = _carried(dates, carry, LEAP_YEAR)
    other_year = _carried(dates - {LEAP_DAY}, carry, OTHER_YEAR)
    both = leap_year | other_year
    return frozenset(both), both != leap_year or both - {LEAP_DAY} != other_year


def _carried(
    dates: Iterable[tuple[int, int]], carry: int, year: Sequence[tuple[int, int]]
) -> set[tuple[int, int]]:
    place = {date: index for index, date in enumerate(year)}
    return {year[(place[date] + carry) % len(year)] for date in dates}


def _days_or_weekdays(
    fields: Fields, weekdays: Collection[int], carry: int
) -> tuple[frozenset[Day], bool]:
    """Weekdays beside days of the month or months: as texts, one for the months that agree.

    A weekday that is carried into another month takes all of that month in.
    """
    weekday = spelled(weekdays, WEEKDAYS)
    if not carry:
        day, month = spelled(fields.days, DAYS), spelled(fields.months, MONTHS)
        return frozenset([f"{day} {month} {weekday}"]), False
    every_day, _ = _shifted_dates(replace(fields, days=frozenset(DAYS)), carry)
    days_by_month: dict[int, set[int]] = {month: set() for month, _ in every_day}
    is_restricted = fields.months != set(MONTHS)
    if fields.days == set(DAYS):
        return frozenset([f"* {spelled(days_by_month, MONTHS)} {weekday}"]), True
    dates, inexact = _shifted_dates(fields, carry)
    for date in dates:
        days_by_month[date[0]].add(date[1])
    texts = [
        f"{spelled(days, DAYS) if days else '*'} {spelled(months, MONTHS)} {weekday}"
        for days, months in _inverted(days_by_month).items()
    ]
    return frozenset(texts), inexact or is_restricted


def _inverted(
    values_by_key: Mapping[K, Iterable[V]],
) -> dict[frozenset[V], frozenset[K]]:
    """A set of values -> the keys that have just these."""
    keys: dict[frozenset[V], set[K]] = defaultdict(set)
    for key, values in values_by_key.items():
        keys[frozenset(values)].add(key)
    return {values: frozenset(found) for values, found in keys.items()}


# --- printing ---


def _lines(
    moments: Iterable[int], days: Collection[Day], right_at: frozenset[int]
) -> Iterator[tuple[int, Line]]:
    """Lines with their first minute of the day."""
    minutes_by_hour: dict[int, set[int]] = defaultdict(set)
    for moment in moments:
        hour, minute = divmod(moment, 60)
        minutes_by_hour[hour].add(minute)
    for minutes, hours in _inverted(minutes_by_hour).items():
        time = f"{spelled(minutes, MINUTES)} {spelled(hours, HOURS)}"
        for when in _day_fields(days):
            yield min(hours) * 60 + min(minutes), Line(f"{time} {when}", right_at)


def _day_fields(days: Collection[Day]) -> list[str]:
    """Day of month, month and weekday; all `days` are of one kind."""
    if None in days:
        return ["* * *"]
    weekdays = {day for day in days if isinstance(day, int)}
    if weekdays:
        return [f"* * {spelled(weekdays, WEEKDAYS)}"]
    dates = {day for day in days if isinstance(day, tuple)}
    texts = {day for day in days if isinstance(day, str)}
    return [*sorted(texts), *_date_fields(dates)]


def _date_fields(dates: Collection[tuple[int, int]]) -> Iterator[str]:
    """As few lines as there are lists of days.

    A list describes a month that has no other of its days: 30 and 31 mean the 30th alone in
    April, and nothing in February.
    """
    by_month = {
        month: {day for of_month, day in dates if of_month == month} for month in MONTHS
    }
    left = {month for month in MONTHS if by_month[month]}
    empty = set(MONTHS) - left
    while left:
        listed = max(
            (_listed(month, by_month[month]) for month in sorted(left)), key=len
        )
        fitting = {
            month
            for month in left | empty
            if {day for day in listed if day <= LENGTH_BY_MONTH[month]}
            == by_month[month]
        }
        # months without any of the days only make the field shorter
        months = fitting if len(fitting) == len(MONTHS) else fitting & left
        yield f"{spelled(listed, DAYS)} {spelled(months, MONTHS)} *"
        left -= months


def _listed(month: int, days: Collection[int]) -> Collection[int]:
    """A whole month is every day, so that it goes with longer months."""
    return DAYS if len(days) == LENGTH_BY_MONTH[month] else days
