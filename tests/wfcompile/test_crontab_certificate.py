"""The lines of a crontab against a reference: every minute that is meant is started.

The reference reads the expression by itself and looks at each minute of the days around each
change of a clock, with `zoneinfo` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from wfcompile import ir
from wfcompile.crontab.shift import shift_expression
from wfcompile.crontab.uncovered import changes, further_lines, times_of
from wfcompile.crontab.zones import differences

YEAR = 2024
MINUTE = timedelta(minutes=1)
# all but the last one restrict minutes and hours to a few, so that a gap or a repeat takes some
EXPRESSIONS = (
    *("30 2 * * *", "0 0 * * *", "15 1,3 * * *", "59 23 * * *", "0 3 * * SUN"),
    *("30 1 25-31 * *", "5,35 2 * 3,10,11 *", "45 0 1 * *", "0-40/20 2 * * *"),
    *("*/20 2 * * *", "10 */3 * * *", "0 2 29 * 0", "30 2 * * * 2026-2028"),
)
POLICIES = tuple(product(("next", "skip"), ("first", "both")))
DAY_NAMES = {"SUN": 0}


def values(text: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first == "*" else DAY_NAMES.get(first, -1)
        begin = int(first) if begin < 0 else begin
        end = high if first == "*" else int(last or begin)
        found.update(range(begin, end + 1, int(step or 1)))
    return found


class Reference:
    """When an expression means a minute of a clock."""

    def __init__(self, expression: str, day_match: str = "any") -> None:
        texts = expression.split()
        bounds = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6), (1990, 2100))
        fields = zip(texts, bounds, strict=False)
        parsed = [values(text, low, high) for text, (low, high) in fields]
        self.minutes, self.hours, self.days, self.months, self.weekdays = parsed[:5]
        self.years = parsed[5] if len(parsed) > 5 else set(range(1990, 2101))
        self.combine = any if "*" not in (texts[2], texts[4]) else all
        self.combine = all if day_match == "all" else self.combine
        self.is_star = texts[0].startswith("*") or texts[1].startswith("*")

    def means(self, shown: datetime) -> bool:
        if shown.minute not in self.minutes or shown.hour not in self.hours:
            return False
        weekday = (shown.weekday() + 1) % 7
        fits = self.combine((shown.day in self.days, weekday in self.weekdays))
        return fits and shown.month in self.months and shown.year in self.years


@cache
def windows(zone: str, host: str) -> tuple[tuple[datetime, datetime, datetime], ...]:
    """Each minute near a change, with what the two clocks show."""
    found = {}
    inner, outer = ZoneInfo(zone), ZoneInfo(host)
    for change in {*changes(zone, YEAR), *changes(host, YEAR)}:
        for minutes in range(-6 * 60, 6 * 60):
            minute = change + minutes * MINUTE
            found[minute] = (minute.astimezone(inner), minute.astimezone(outer))
    return tuple((minute, *found[minute]) for minute in sorted(found))


def intended(
    reference: Reference, zone: str, host: str, gap: str, fold: str
) -> Iterator[tuple[datetime, datetime]]:
    """The minutes, with what the host's clock shows."""
    before: datetime | None = None
    for minute, local, host_local in windows(zone, host):
        shown = local.replace(tzinfo=None, fold=0)
        is_counted = reference.is_star or fold == "both" or not local.fold
        means = reference.means(shown) and is_counted
        if before is not None and gap == "next" and not reference.is_star:
            left_out, is_near = before + MINUTE, shown - before < timedelta(hours=3)
            while is_near and left_out < shown and not means:
                means = reference.means(left_out)
                left_out += MINUTE
        before = shown
        if means:
            yield minute, host_local


def is_started(lines: list[Reference], host_local: datetime) -> bool:
    """As Debian's cron: lines with fixed times do not run in the second showing."""
    return any(
        line.means(host_local) and (line.is_star or not host_local.fold)
        for line in lines
    )


@cache
def zones_with_changes() -> tuple[str, ...]:
    """One of the zones that change at the same moments by as much."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    found: dict[tuple[object, ...], str] = {}
    for zone in listed:
        moments = changes(zone, YEAR)
        key = tuple(
            (each, each.astimezone(ZoneInfo(zone)).utcoffset()) for each in moments
        )
        if key:
            found.setdefault(key, zone)
    return tuple(found.values())


def lost_and_doubled(
    expression: str, zone: str, host: str, gap: str, fold: str, day_match: str = "any"
) -> tuple[list[datetime], list[datetime]]:
    """Meant and not started or refused; run by the module and not meant."""
    schedule = ir.Schedule(
        expression.replace("SUN", "0"), zone, (), gap, fold, day_match  # type: ignore[arg-type]
    )
    shifts = differences(zone, host, YEAR)
    first = shift_expression(schedule.expression, shifts, day_match=schedule.day_match)
    lines = [line.fields for line in first.lines]
    lines += further_lines(schedule, lines, host, YEAR)
    started = [Reference(line) for line in lines]
    reference = Reference(schedule.expression, day_match)
    meant = list(intended(reference, zone, host, gap, fold))
    times = times_of(schedule)
    lost = [
        m for m, local in meant if not (is_started(started, local) and times.has(m))
    ]
    known = {minute for minute, _ in meant}
    spans = changes(zone, YEAR)
    doubled = [
        minute
        for change in spans
        for minute in _runs(
            times, change - timedelta(hours=5), change + timedelta(hours=5)
        )
        if minute not in known
    ]
    return lost, doubled


def _runs(times: object, begin: datetime, end: datetime) -> Iterator[datetime]:
    for minute in times.since(begin):  # type: ignore[attr-defined]
        if minute >= end:
            return
        yield minute


@pytest.mark.parametrize("part", range(4))
def test_no_minute_is_lost_and_none_runs_twice(part: int) -> None:
    zones = zones_with_changes()
    assert len(zones) > 30
    for zone in zones[part::4]:
        for expression in EXPRESSIONS:
            is_star = "*" in (expression[0], expression.split()[1][0])
            for gap, fold in POLICIES[:1] if is_star else POLICIES:
                found = lost_and_doubled(expression, zone, "UTC", gap, fold)
                assert found == ([], []), (zone, expression, gap, fold)


@pytest.mark.parametrize(
    "host", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
)
def test_no_minute_is_lost_on_a_host_whose_own_clock_changes(host: str) -> None:
    for zone in ("UTC", "Europe/Berlin", "America/Chicago", "America/New_York"):
        for expression in EXPRESSIONS:
            found = lost_and_doubled(expression, zone, host, "next", "first")
            assert found == ([], []), (zone, expression)


def test_both_day_fields() -> None:
    for zone in ("Europe/Berlin", "America/Nuuk"):
        found = lost_and_doubled(
            "30 2 25-31 * SUN", zone, "UTC", "next", "first", "all"
        )
        assert found == ([], []), zone
