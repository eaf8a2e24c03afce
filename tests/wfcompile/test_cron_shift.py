"""Cron expressions in another zone: the lines fire just when the expression is meant to."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wfcompile.crontab.shift import Line, shift_expression


def lines(expression: str, *shifts: int) -> list[str]:
    return [line.fields for line in shift_expression(expression, shifts).lines]


@pytest.mark.parametrize(
    ("expression", "shifts", "expected"),
    [
        ("*/5 * * * *", [0], ["*/5 * * * *"]),
        ("*/5 * * * *", [-60, -120], ["*/5 * * * *"]),
        ("0,30 9-17 * * 1-5", [0], ["0,30 9-17 * * 1-5"]),
        ("15 3 * * ? 2026", [0], ["15 3 * * *"]),
        ("0 0 */2 * 1", [0], ["0 0 1-31/2 * 1"]),
        ("0 0 * * 7", [0], ["0 0 * * 0"]),
        ("30 23 * * 1-5", [60], ["30 0 * * 2-6"]),
        ("30 1 * * 0", [-120], ["30 23 * * 6"]),
        ("15 3 * * *", [330], ["45 8 * * *"]),
        ("50 9,23 * * *", [15], ["5 0,10 * * *"]),
        (
            "*/20 22-23 * * 5",
            [90],
            ["30,50 23 * * 5", "10-50/20 0 * * 6", "10 1 * * 6"],
        ),
        ("0 12 1 * *", [-60], ["0 11 1 * *"]),
        ("0 0 15 * *", [-60], ["0 23 14 * *"]),
        ("0 0 31 * *", [-60], ["0 23 30 1,3,5,7,8,10,12 *"]),
        ("0 23 31 12 *", [60], ["0 0 1 1 *"]),
    ],
)
def test_lines(expression: str, shifts: list[int], expected: list[str]) -> None:
    assert sorted(lines(expression, *shifts)) == sorted(expected)


def test_lines_tell_when_they_are_right() -> None:
    assert shift_expression("0 1,2 * * *", [-60, -120]).lines == (
        Line("0 0 * * *", frozenset({-60, -120})),
        Line("0 1 * * *", frozenset({-60})),
        Line("0 23 * * *", frozenset({-120})),
    )


def test_no_minute_is_in_two_lines_over_midnight() -> None:
    assert shift_expression("30 0,23 * * 1-5", [-60, -120]).lines == (
        Line("30 21 * * 1-5", frozenset({-120})),
        Line("30 22 * * 0", frozenset({-120})),
        Line("30 22 * * 1-4", frozenset({-60, -120})),
        Line("30 22 * * 5", frozenset({-60})),
        Line("30 23 * * 0-4", frozenset({-60})),
    )


@pytest.mark.parametrize(
    ("expression", "is_wider"),
    [
        ("0 0 2-28 * *", False),
        ("0 0 2-31 * *", True),  # the 28th of February, in leap years alone
        ("0 0 1 * *", True),  # the last of February
        ("0 0 * 3 1", True),  # the Mondays of March, on the Sundays before them
        ("0 2 * 3 1", False),
    ],
)
def test_what_cron_cannot_say_is_wider(expression: str, is_wider: bool) -> None:
    assert shift_expression(expression, [-60]).wider is is_wider


# --- by a clock of its own, minute by minute ---

DATES = [date(2023, 1, 1) + timedelta(days=n) for n in range(365 + 366)]
ALLOWED = [range(60), range(24), range(1, 32), range(1, 13), range(7)]


def firings(expression: str) -> Counter[datetime]:
    """The minutes of an ordinary year and a leap year in which a plain cron starts the line."""
    fields = expression.split()
    minutes, hours, days, months, weekdays = (
        {value for part in field.split(",") for value in plain_values(part, allowed)}
        for field, allowed in zip(fields, ALLOWED, strict=True)
    )
    # as cron has it, what is written as a range is a restriction, even if it is all there is
    either = not (fields[2].startswith("*") or fields[4].startswith("*"))
    found: Counter[datetime] = Counter()
    for day in DATES:
        by_day, by_weekday = day.day in days, day.isoweekday() % 7 in weekdays
        meant = by_day or by_weekday if either else by_day and by_weekday
        if meant and day.month in months:
            start = datetime(day.year, day.month, day.day)
            found.update(
                start + timedelta(hours=h, minutes=m) for h in hours for m in minutes
            )
    return found


def all_firings(lines: Iterable[str], shift: int = 0) -> Counter[datetime]:
    """Of all lines together, on a clock that is ahead; the first and last days left out."""
    found: Counter[datetime] = Counter()
    for line in lines:
        found.update(firings(line))
    ahead = timedelta(minutes=shift)
    return Counter(
        {
            minute + ahead: number
            for minute, number in found.items()
            if DATES[1] < (minute + ahead).date() < DATES[-2]
        }
    )


def plain_values(part: str, allowed: range) -> range:
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    if span == "*":
        return allowed[:: int(step or 1)]
    return range(int(first), int(last or first) + 1, int(step or 1))


def some(allowed: range) -> st.SearchStrategy[str]:
    values = st.sets(st.sampled_from(allowed), min_size=1, max_size=3)
    return st.one_of(
        st.just("*"),
        values.map(lambda chosen: ",".join(map(str, sorted(chosen)))),
        st.tuples(st.sampled_from(allowed), st.sampled_from(allowed)).map(
            lambda pair: f"{min(pair)}-{max(pair)}"
        ),
    )


def few(allowed: range) -> st.SearchStrategy[str]:
    values = st.sets(st.sampled_from(allowed), min_size=1, max_size=3)
    return values.map(lambda chosen: ",".join(map(str, sorted(chosen))))


EXPRESSIONS = st.tuples(
    few(ALLOWED[0]), few(ALLOWED[1]), *(some(allowed) for allowed in ALLOWED[2:])
).map(" ".join)
SHIFTS = st.sets(
    st.sampled_from([-720, -480, -120, -60, 0, 60, 120, 330, 345, 840]),
    min_size=1,
    max_size=2,
)


@settings(max_examples=80, deadline=None)
@given(EXPRESSIONS, SHIFTS)
@example("30 0,23 29 2 *", {60, 120})
@example("0 0,23 1,28-31 * 1", {-60, -120})
@example("0 19 1 1 0-2", {330})
@example("0 0 1-1 * 0-6", {-720})
def test_lines_fire_when_they_should(expression: str, shifts: set[int]) -> None:
    shifted = shift_expression(expression, shifts)
    for shift in shifts:
        right = [line.fields for line in shifted.lines if shift in line.shifts]
        fired, meant = all_firings(right), all_firings([expression], shift)
        assert meant.keys() <= fired.keys()
        if not shifted.wider:
            assert fired == meant


@settings(max_examples=40, deadline=None)
@given(EXPRESSIONS, SHIFTS)
@example("30 0,23 * * 1-5", {-60, -120})
def test_no_minute_is_in_two_lines(expression: str, shifts: set[int]) -> None:
    shifted = shift_expression(expression, shifts)
    fired = all_firings(line.fields for line in shifted.lines)
    assert shifted.wider or max(fired.values(), default=1) == 1
