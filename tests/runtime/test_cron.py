"""Cron expressions: against croniter over years and zones, and where we differ."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from croniter import CroniterBadDateError, croniter
from hypothesis import given, settings
from hypothesis import strategies as st
from wfruntime.cron import MONTHS, WEEKDAYS, Times, slot
from wfruntime.errors import ConfigurationError
from wfruntime.graph import Cron

ZONES = ["UTC", "Asia/Bangkok", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]
ZONES += ["Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"]
ZONES += ["America/Nuuk", "America/Havana", "Africa/Casablanca", "Antarctica/Troll"]
CHANGES = ("2010-11-07T04:00", "2011-12-30T12:00", "2024-03-31T01:00")
CHANGES += ("2024-11-03T05:00", "2026-10-25T01:00", "2026-03-08T06:00")


def matches(expression: str, zone: str, moment: datetime) -> bool:
    return Times(Cron(expression, timezone=zone)).has(moment)


def following(expression: str, zone: str, moment: datetime) -> datetime | None:
    return Times(Cron(expression, timezone=zone)).after(moment)


@st.composite
def fields(
    draw: st.DrawFn, first: int, last: int, names: list[str] | None = None
) -> str:
    """A list of values, ranges and steps, or a star."""

    def value(low: int = first) -> tuple[int, str]:
        number = draw(st.integers(low, last))
        named = names and draw(st.booleans())
        return number, names[number - first] if named and names else str(number)

    parts = []
    for kind in draw(st.lists(st.sampled_from("vr/s"), min_size=1, max_size=3)):
        low, text = value()
        step = draw(st.integers(1, last))
        if kind == "v" or low == last:
            parts.append(text)
        elif kind == "s":
            parts.append(f"{text}/{step}")
        else:
            # croniter takes a range of one value for all values
            tail = f"/{step}" if kind == "/" else ""
            parts.append(f"{text}-{value(low + 1)[1]}{tail}")
    return draw(
        st.sampled_from(["*", f"*/{draw(st.integers(1, last))}", ",".join(parts)])
    )


@st.composite
def any_expressions(draw: st.DrawFn) -> str:
    day = draw(st.one_of(st.just("?"), fields(1, 31)))
    weekday = draw(st.one_of(st.just("?"), fields(0, 6, WEEKDAYS)))
    parts = [draw(fields(0, 59)), draw(fields(0, 23)), day]
    return " ".join([*parts, draw(fields(1, 12, MONTHS)), weekday])


def has_plain_days(expression: str) -> bool:
    """No day field names all days: croniter takes that for a star sometimes."""
    texts, (values, _) = expression.split(), croniter.expand(expression)
    return all(
        texts[i] in ("*", "?") or (len(values[i]) < days and values[i] != ["*"])
        for i, days in ((2, 31), (4, 7))
    )


expressions = any_expressions().filter(has_plain_days)
moments = st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=timezone.utc)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def next_of_croniter(expression: str, moment: datetime) -> datetime | None:
    try:
        dates = croniter(expression, moment, max_years_between_matches=120)
        found = dates.get_next(datetime)
    except CroniterBadDateError:
        return None
    assert isinstance(found, datetime)
    return found


@settings(max_examples=300, deadline=None)
@given(expressions, st.sampled_from(ZONES), moments)
def test_matches_as_croniter_does(expression: str, zone: str, moment: datetime) -> None:
    # croniter reads the zone's clock here, without the zone: they differ at its changes
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert matches(expression, zone, moment) is croniter.match(
        expression, local.replace(second=0, microsecond=0)
    )


@settings(max_examples=300, deadline=None)
@given(expressions, moments)
def test_fires_next_when_croniter_does(expression: str, moment: datetime) -> None:
    expected = next_of_croniter(expression, moment)
    assert following(expression, "UTC", moment) == expected
    assert expected is None or matches(expression, "UTC", expected)


@settings(max_examples=200, deadline=None)
@given(expressions, st.integers(1995, 2080), st.integers(0, 12), moments)
def test_fires_in_its_years_only(
    expression: str, first: int, more: int, moment: datetime
) -> None:
    years = f"{first}-{first + more}" if more else f"{first}"
    # the sixth field of croniter is the second
    expected = next_of_croniter(f"{expression} 0 {years}", moment)
    assert following(f"{expression} {years}", "UTC", moment) == expected


@settings(max_examples=100, deadline=None)
@given(expressions, st.sampled_from(ZONES), moments)
def test_the_next_moment_of_a_zone(
    expression: str, zone: str, moment: datetime
) -> None:
    found = following(expression, zone, moment)
    if found is None:
        assert next_of_croniter(expression, moment) is None
    else:
        assert matches(expression, zone, found)
        assert found > moment and found == slot(found)


@pytest.mark.parametrize(
    ("expression", "moment", "fires"),
    [
        ("30 2 * * *", "2024-03-31T00:30", False),  # 01:30, then the clock jumps
        ("30 2 * * *", "2024-03-31T01:00", True),  # 03:00, right behind the jump
        ("30 2 * * *", "2024-03-31T01:30", False),  # 03:30
        ("30 3 * * *", "2024-03-31T01:30", True),
        ("30 2 * * *", "2024-10-27T00:30", True),  # 02:30 the first time
        ("30 2 * * *", "2024-10-27T01:30", False),  # and once more
        ("30 * * * *", "2024-10-27T01:30", True),  # each hour
        ("30 2 * * *", "2024-10-27T02:30", False),
        ("30 2 * * *", "2024-01-31T01:30:59", True),  # seconds do not count
        ("0 0 1 * MON", "2024-06-30T22:00", True),  # Monday, the first
        ("0 0 1 * MON", "2024-07-07T22:00", True),  # Monday
        ("0 0 1 * MON", "2024-07-31T22:00", True),  # the first
        ("0 0 1 * MON", "2024-07-08T22:00", False),
        ("0 0 ? * 7", "2024-07-06T22:00", True),  # Sunday
        ("0 0 * * FRI-SUN", "2024-07-06T22:00", True),
        ("0 0 * * 5-7/2", "2024-07-06T22:00", True),
        ("0 0 * * 5-7/2", "2024-07-05T22:00", False),
        ("0 0 29 feb * 2028", "2028-02-28T23:00", True),
        ("0 0 29 feb * 2028", "2024-02-28T23:00", False),
    ],
)
def test_matches_in_berlin(expression: str, moment: str, fires: bool) -> None:
    assert matches(expression, "Europe/Berlin", utc(moment)) is fires


@pytest.mark.parametrize(
    ("expression", "zone", "moment", "expected"),
    [
        ("0 8 * * *", "Asia/Bangkok", "2024-03-04T08:00", "2024-03-05T01:00"),
        ("30 2 * * *", "Europe/Berlin", "2024-03-30T12:00", "2024-03-31T01:00"),
        ("30 2 * * *", "Europe/Berlin", "2024-10-27T00:30", "2024-10-28T01:30"),
        # the clock jumps at midnight, and goes back over it
        ("30 23 * * *", "America/Nuuk", "2024-03-30T12:00", "2024-03-31T01:00"),
        ("15 0 * * *", "America/Havana", "2024-11-03T03:00", "2024-11-03T04:15"),
        ("15 0 * * *", "America/Havana", "2024-11-03T04:15", "2024-11-04T05:15"),
        ("0,15 0 * * *", "America/St_Johns", "2010-11-07T02:00", "2010-11-07T02:30"),
        ("0 0 29 2 *", "UTC", "2096-03-01T00:00", "2104-02-29T00:00"),
        ("0 0 1 1 * 2090", "UTC", "1999-01-01T00:00", "2090-01-01T00:00"),
        ("0 0 1 1 * 2020", "UTC", "2020-01-01T00:00", None),
        ("0 0 31 2 *", "UTC", "2024-01-01T00:00", None),
        ("* * * * *", "Asia/Bangkok", "9999-12-31T23:59", None),
    ],
)
def test_following(
    expression: str, zone: str, moment: str, expected: str | None
) -> None:
    wanted = None if expected is None else utc(expected)
    assert following(expression, zone, utc(moment)) == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-31T02:30:59.123", "2024-01-31T02:30:00+00:00"),
        ("2024-01-31T02:30:10+02:00", "2024-01-31T00:30:00+00:00"),
        ("2024-01-31T02:30:10+00:00:30", "2024-01-31T02:29:00+00:00"),
    ],
)
def test_slot(text: str, expected: str) -> None:
    assert slot(datetime.fromisoformat(text)).isoformat() == expected


@pytest.mark.parametrize(
    ("expression", "zone", "message"),
    [
        ("* * * *", "UTC", 'cron expression "* * * *" has 4 fields, not 5 or 6'),
        ("@daily", "UTC", 'cron expression "@daily" has 1 fields, not 5 or 6'),
        (
            "60 * * * *",
            "UTC",
            'cron expression "60 * * * *": minute has "60", which is not from 0 to 59',
        ),
        (
            "? * * * *",
            "UTC",
            'cron expression "? * * * *": minute has "?", which is not from 0 to 59',
        ),
        (
            "0 0 1,,2 * *",
            "UTC",
            'cron expression "0 0 1,,2 * *": '
            'day of month has "", which is not from 1 to 31',
        ),
        (
            "0 0 * MON *",
            "UTC",
            'cron expression "0 0 * MON *": month has "MON", which is not from 1 to 12',
        ),
        (
            "*/0 * * * *",
            "UTC",
            'cron expression "*/0 * * * *": '
            'minute has the step "0", which is no number from 1 on',
        ),
        (
            "0 20-8 * * *",
            "UTC",
            'cron expression "0 20-8 * * *": '
            'hour has the range "20-8", which runs backwards',
        ),
        (
            "0 0 * * * 1989",
            "UTC",
            'cron expression "0 0 * * * 1989": '
            'year has "1989", which is not from 1990 to 2100',
        ),
        (
            "* * * * *",
            "Asia/Bangkock",
            'time zone "Asia/Bangkock" is not known here; '
            "if it exists, install the package tzdata",
        ),
        (
            "* * * * *",
            "../etc/passwd",
            'time zone "../etc/passwd" is not known here; '
            "if it exists, install the package tzdata",
        ),
    ],
)
def test_mistakes(expression: str, zone: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        matches(expression, zone, utc("2024-01-01T00:00"))
    assert str(caught.value) == message


BERLIN = "Europe/Berlin"


def fired(cron: Cron, first: str, last: str) -> list[str]:
    """The minutes of a span in UTC, by each of the two ways, which agree."""
    minute, found = utc(first), []
    times = Times(cron)
    while minute <= utc(last):
        if times.has(minute):
            found.append(minute)
        minute += timedelta(minutes=1)
    before = utc(first) - timedelta(minutes=1)
    assert list(takewhile(lambda each: each <= utc(last), times.since(before))) == found
    return [f"{each:%H:%M}" for each in found]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        (Cron("30 2 * * *", timezone=BERLIN), ["01:00"]),
        (Cron("30 2 * * *", timezone=BERLIN, gap="skip"), []),
        # several times that are left out are one
        (Cron("5,35 2 * * *", timezone=BERLIN), ["01:00"]),
        (Cron("0 2,3 * * *", timezone=BERLIN), ["01:00"]),
        (Cron("0-59/20 2 * * *", timezone=BERLIN), ["01:00"]),
        (Cron("*/20 2 * * *", timezone=BERLIN), []),
        (Cron("0 * * * *", timezone=BERLIN), ["00:00", "01:00", "02:00"]),
    ],
)
def test_a_time_that_the_clock_leaves_out(cron: Cron, expected: list[str]) -> None:
    assert fired(cron, "2024-03-31T00:00", "2024-03-31T02:00") == expected


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        (Cron("30 2 * * *", timezone=BERLIN), ["00:30"]),
        (Cron("30 2 * * *", timezone=BERLIN, fold="both"), ["00:30", "01:30"]),
        (Cron("30 */2 * * *", timezone=BERLIN), ["00:30", "01:30"]),
        (Cron("*/30 2 * * *", timezone=BERLIN), ["00:00", "00:30", "01:00", "01:30"]),
        (
            Cron("*/60,30 2 * * *", timezone=BERLIN, fold="first"),
            ["00:00", "00:30", "01:00", "01:30"],
        ),
    ],
)
def test_a_time_that_the_clock_shows_twice(cron: Cron, expected: list[str]) -> None:
    assert fired(cron, "2024-10-27T00:00", "2024-10-27T02:00") == expected


def test_both_day_fields() -> None:
    both = Times(Cron("0 0 13 * FRI", day_match="all"))
    found = islice(both.since(utc("2026-01-01T00:00")), 4)
    assert [f"{each:%Y-%m-%d}" for each in found] == [
        "2026-02-13",
        "2026-03-13",
        "2026-11-13",
        "2027-08-13",
    ]


@settings(max_examples=150, deadline=None)
@given(
    expressions,
    st.sampled_from(ZONES),
    st.sampled_from(["next", "skip"]),
    st.sampled_from(["first", "both"]),
    st.sampled_from([*CHANGES]),
)
def test_both_ways_agree_around_changes(
    expression: str, zone: str, gap: Any, fold: Any, change: str
) -> None:
    day = timedelta(hours=30)
    cron = Cron(expression, timezone=zone, gap=gap, fold=fold)
    times, begin = Times(cron), utc(change) - day
    minutes = [begin + timedelta(minutes=n + 1) for n in range(60 * 60)]
    found = takewhile(lambda each: each <= minutes[-1], times.since(begin))
    assert list(found) == [each for each in minutes if times.has(each)]
