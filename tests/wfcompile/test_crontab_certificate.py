"""The lines of a crontab against a reference: every minute that is meant is started.

The reference of the certificate is itself held against one that looks at each minute near each
change of a clock, and against croniter where that is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import islice, product
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter

from wfcompile import ir
from wfcompile.crontab.certificate import certify
from wfcompile.crontab.reference import Span, minutes_of, numbers, pieces
from wfcompile.crontab.shift import shift_expression
from wfcompile.crontab.uncovered import changes, further_lines
from wfcompile.crontab.zones import differences

YEAR = 2024
SPAN = Span(YEAR, 10)
MINUTE = timedelta(minutes=1)
# all but the last one restrict minutes and hours to a few, so that a gap or a repeat takes some
EXPRESSIONS = (
    *("30 2 * * *", "0 0 * * *", "15 1,3 * * *", "59 23 * * *", "0 3 * * 0"),
    *("30 1 25-31 * *", "5,35 2 * 3,10,11 *", "45 0 1 * *", "0-40/20 2 * * *"),
    *("*/20 2 * * *", "10 */3 * * *", "0 2 29 * 0", "30 2 * * * 2026-2028"),
)
POLICIES = tuple(product(("next", "skip"), ("first", "both")))


def values(text: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first == "*" else int(first)
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
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """Of the lines that the block has, in ten years."""
    schedule = ir.Schedule(
        expression, zone, (), gap, fold, day_match  # type: ignore[arg-type]
    )
    shifts = differences(zone, host, YEAR)
    first = shift_expression(expression, shifts, day_match=schedule.day_match)
    lines = [line.fields for line in first.lines]
    lines += further_lines(schedule, lines, host, YEAR)
    found = certify(schedule, lines, host, SPAN)
    assert found.intended == found.covered > 0
    return found.lost, found.doubled


def policies_of(expression: str) -> Iterator[tuple[str, str, str]]:
    """All that make a difference."""
    minute, hour, day, _, weekday = expression.split()[:5]
    is_star = minute.startswith("*") or hour.startswith("*")
    for gap, fold in POLICIES[:1] if is_star else POLICIES:
        yield gap, fold, "any"
        if "*" not in (day, weekday):
            yield gap, fold, "all"


@pytest.mark.parametrize("part", range(4))
def test_no_minute_is_lost_and_none_runs_twice(part: int) -> None:
    zones = zones_with_changes()
    assert len(zones) > 30
    for zone in zones[part::4]:
        for expression in EXPRESSIONS:
            for policies in policies_of(expression):
                found = lost_and_doubled(expression, zone, "UTC", *policies)
                assert found == ((), ()), (zone, expression, policies)


@pytest.mark.parametrize(
    "host", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
)
def test_no_minute_is_lost_on_a_host_whose_own_clock_changes(host: str) -> None:
    for zone in ("UTC", "Europe/Berlin", "America/Chicago", "America/New_York"):
        for expression in EXPRESSIONS:
            found = lost_and_doubled(expression, zone, host, "next", "first")
            assert found == ((), ()), (zone, expression)


def test_what_the_lines_lack_is_lost() -> None:
    schedule = ir.Schedule("30 2 * * *", "Europe/Berlin")
    found = certify(schedule, ["30 0 * * *", "30 1 * * *"], "UTC", SPAN)
    gaps = [each for each in changes("Europe/Berlin", YEAR) if each.month == 3]
    end = SPAN.moment(SPAN.minutes)
    assert list(found.lost) == [each for each in gaps if each < end]
    found = certify(schedule, ["30 0 * * *", "*/30 1 * * *"], "UTC", SPAN)
    assert (found.lost, found.doubled, found.intended) == ((), (), 3653)


# --- the reference ---


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "America/Nuuk", "Antarctica/Troll", "Australia/Lord_Howe"]
    + ["America/Havana", "Africa/Casablanca", "Atlantic/Azores"],
)
def test_the_reference_is_right_around_changes(zone: str) -> None:
    clock, end = pieces(zone, SPAN), SPAN.moment(SPAN.minutes)
    near = [minute for minute, *_ in windows(zone, "UTC") if minute < end]
    looked_at = sum(1 << (minute - SPAN.begin) // MINUTE for minute in near)
    for expression in EXPRESSIONS:
        for gap, fold, day_match in policies_of(expression):
            row = minutes_of(
                expression, clock, SPAN, gap=gap, fold=fold, day_match=day_match
            )
            reference = Reference(expression, day_match)
            meant = [m for m, _ in intended(reference, zone, "UTC", gap, fold)]
            expected = [each for each in meant if each < end]
            assert [SPAN.moment(n) for n in numbers(row & looked_at)] == expected


@pytest.mark.parametrize("expression", [e for e in EXPRESSIONS if len(e.split()) == 5])
def test_the_reference_is_as_croniter_in_utc(expression: str) -> None:
    row = minutes_of(expression, pieces("UTC", SPAN), SPAN, gap="next", fold="first")
    dates = croniter(expression, SPAN.begin - MINUTE)
    expected = [dates.get_next(datetime) for _ in range(min(row.bit_count(), 1000))]
    assert list(islice(map(SPAN.moment, numbers(row)), 1000)) == expected
