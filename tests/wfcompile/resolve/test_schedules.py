"""`resolve_schedules`: intervals, zones, names of schedules, and what entries say together."""

from __future__ import annotations

import pytest

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import plain_value
from wfcompile.parse import parse_file, parse_schedules
from wfcompile.reader import read
from wfcompile.resolve.schedules import ResolvedSchedule, resolve_schedules
from wfcompile.source import SourceFile

NAMED = 'five: {type: Crontab, cronjob: "*/5 * * * *", tz: Asia/Bangkok}\n'


def resolve(
    on: str, named: str = ""
) -> tuple[tuple[ResolvedSchedule, ...], Diagnostics]:
    text = f"wf: {{type: Workflow, on: {on}}}\n{named}"
    file, diagnostics = SourceFile("conf/x.yml", text), Diagnostics()
    node = read(file, diagnostics)
    assert node is not None
    (workflow,) = parse_file(node, file, diagnostics)
    references = parse_schedules(node, file, diagnostics)
    assert list(diagnostics) == []
    return resolve_schedules(workflow.schedules, references, diagnostics), diagnostics


def resolved(on: str, named: str = "") -> list[tuple[str, str]]:
    """Expression and zone of entries without a mistake."""
    schedules, diagnostics = resolve(on, named)
    assert list(diagnostics) == []
    return [(each.expression, each.timezone) for each in schedules]


def said(on: str, named: str = "") -> list[str]:
    """`line "source": code message (help) [note: its source]`."""
    shown = []
    for each in resolve(on, named)[1]:
        text = each.span.file.text
        notes = "".join(
            f" [{note.message}: {text[note.span.start : note.span.end]}]"
            for note in each.notes
            if note.span
        )
        severity = "" if each.severity == "error" else "warning "
        help = f" ({each.help})" if each.help else ""
        source = text[each.span.start : each.span.end]
        shown.append(
            f"{each.span.line} `{source}`: {severity}{each.code} {each.message}{help}{notes}"
        )
    return shown


def entry(cron: str, more: str = "") -> str:
    return f'{{cronjob: "{cron}"{more}}}'


def test_an_expression_with_params() -> None:
    (only,), _ = resolve('[{cronjob: "0 1 * * MON", timezone: UTC, params: {a: b}}]')
    assert only.params is not None
    text = only.span.file.text[only.span.start : only.span.end]
    assert (only.expression, only.timezone, plain_value(only.params), text) == (
        *("0 1 * * 1", "UTC", {"a": "b"}),
        '"0 1 * * MON"',
    )


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("{interval: daily}", "0 0 * * *"),
        ('{interval: daily, time: "02:30"}', "30 2 * * *"),
        ("{interval: weekly}", "0 0 * * 1"),
        ('{interval: weekly, day: Friday, time: "18:05"}', "5 18 * * 5"),
        ("{interval: weekly, day: sun}", "0 0 * * 0"),
        ('{interval: monthly, time: "00:10"}', "10 0 1 * *"),
    ],
)
def test_intervals(interval: str, expected: str) -> None:
    assert resolved(f"[{interval}]") == [(expected, "UTC")]


def test_the_zone_of_all_entries() -> None:
    first, second = entry("0 1 * * *", ", tz: Asia/Tokyo"), "{interval: weekly, "
    assert resolved(f"[{first}, {second}timezone: Asia/Tokyo}}]") == [
        ("0 1 * * *", "Asia/Tokyo"),
        ("0 0 * * 1", "Asia/Tokyo"),
    ]


@pytest.mark.parametrize("on", ["five", "[five]", "{schedule: [five]}"])
def test_a_named_schedule(on: str) -> None:
    assert resolved(on, NAMED) == [("*/5 * * * *", "Asia/Bangkok")]


def test_the_place_of_a_named_schedule_is_where_it_is_named() -> None:
    (only,), _ = resolve("[five]", NAMED)
    assert only.span.line == 1


def test_a_day_that_comes_in_leap_years_only() -> None:
    assert resolved(f"[{entry('0 0 29 2 *')}]") == [("0 0 29 2 *", "UTC")]
    assert resolved(f"[{entry('0 0 29 2 * 2027-2028')}]") == [
        ("0 0 29 2 * 2027-2028", "UTC")
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (
            entry("61 1 * * *"),
            "1 `61`: WF333 the minute 61 is out of range, expected 0 to 59",
        ),
        (
            entry("0 0 31 2 *"),
            "1 `31`: WF337 day 31 never comes in FEB"
            " (write a day that the month has)",
        ),
        (
            entry("0 0 31 4,6,FEB *"),
            "1 `31`: WF337 day 31 never comes in FEB, APR, JUN"
            " (write a day that the month has)",
        ),
        (
            entry("0 0 29 2 * 2025-2027"),
            "1 `29`: WF337 day 29 never comes in FEB 2025-2027"
            " (write a day that the month has)",
        ),
        (
            entry("0 1 * * *", ", tz: asia/bangkok"),
            '1 `asia/bangkok`: WF339 time zone "asia/bangkok" is not known'
            ' (did you mean "Asia/Bangkok"?)',
        ),
        (
            entry("0 1 * * *", ", tz: Bangkok"),
            '1 `Bangkok`: WF339 time zone "Bangkok" is not known'
            ' (did you mean "Asia/Bangkok"?)',
        ),
        (
            entry("0 1 * * *", ", tz: Europe/Brelin"),
            '1 `Europe/Brelin`: WF339 time zone "Europe/Brelin" is not known'
            ' (did you mean "Europe/Berlin"?)',
        ),
        (
            entry("0 1 * * *", ", tz: localtime"),
            '1 `localtime`: WF339 time zone "localtime" is not known'
            " (write a name as in Europe/Berlin)",
        ),
        (
            "{interval: hourly}",
            '1 `hourly`: WF347 interval "hourly" is not known, expected one of daily,'
            " weekly, monthly (write a cronjob instead)",
        ),
        (
            "{interval: Daily}",
            '1 `Daily`: WF347 interval "Daily" is not known, expected one of daily,'
            ' weekly, monthly (did you mean "daily"?)',
        ),
        (
            "{interval: daily, day: monday}",
            '1 `monday`: WF341 a daily interval has no "day"'
            " (remove it, or write interval: weekly)",
        ),
        (
            "{interval: weekly, day: mondya}",
            '1 `mondya`: WF341 day is "mondya", expected a day of the week'
            ' (did you mean "monday"?)',
        ),
        (
            "{interval: weekly, day: x}",
            '1 `x`: WF341 day is "x", expected a day of the week (write one of sunday,'
            " monday, tuesday, wednesday, thursday, friday, saturday)",
        ),
        (
            '{interval: daily, time: "25:00"}',
            '1 `"25:00"`: WF342 time is "25:00", expected a time from "00:00" to "23:59"'
            ' (write hours and minutes, such as "02:30"; midnight is "00:00")',
        ),
        *(
            (
                f'{{interval: daily, time: "{text}"}}',
                f'1 `"{text}"`: WF342 time is "{text}", expected a time from "00:00" to'
                f' "23:59" (write "{meant}")',
            )
            for text, meant in [
                ("24:00", "00:00"),
                ("2.30", "02:30"),
                ("02:30:00", "02:30"),
                ("12:15 am", "00:15"),
                ("2pm", "14:00"),
            ]
        ),
        *(
            (
                f'{{interval: daily, time: "{text}"}}',
                f'1 `"{text}"`: WF342 time is "{text}", expected a time from "00:00" to'
                ' "23:59" (write hours and minutes, such as "02:30"; midnight is'
                ' "00:00")',
            )
            for text in ("24:30", "7", "14:00 pm", "10:75", "noon")
        ),
        (
            '{cronjob: "0 1 * * *", timezone: CEST}',
            '1 `CEST`: WF339 time zone "CEST" is not known (write a name as in'
            " Europe/Berlin)",
        ),
        (
            "[fiev]",
            '1 `fiev`: WF343 no schedule is called "fiev" (did you mean "five"?)',
        ),
        (
            "weekdays",
            '1 `weekdays`: WF343 no schedule is called "weekdays"'
            " (write cronjob: and an expression, or add an entry of type Crontab)",
        ),
        (
            f"[{entry('0 1 * * *')}, {entry('00 01 * * *')}]",
            '1 `"00 01 * * *"`: WF344 the schedule "0 1 * * *" is there twice'
            ' (remove one of them) [the first one is here: "0 1 * * *"]',
        ),
        (
            f"[{', '.join(entry(f'{minute} 1 * * *') for minute in range(12))}]",
            '1 `"10 1 * * *"`: WF345 the workflow has 12 schedules, expected at most 10'
            ' (join some of them: "0,30 * * * *" fires twice an hour)',
        ),
        (
            f"[{entry('0 1 * * *')}, {entry('0 2 * * *', ', tz: Asia/Tokyo')}]",
            '1 `Asia/Tokyo`: WF346 the time zone is "Asia/Tokyo", but "UTC" before: a'
            " workflow has one (write all schedules of the workflow in one time zone)"
            ' [the first one is here: "0 1 * * *"]',
        ),
    ],
)
def test_a_mistake(on: str, expected: str) -> None:
    assert said(on, NAMED) == [expected]


def test_a_mistake_in_a_named_schedule_is_told_there() -> None:
    named = 'five: {type: Crontab, cronjob: "*/5 * * *"}\n'
    assert said("[five, five]", named) == [
        '2 `"*/5 * * *"`: WF330 the cron expression has 4 fields, expected 5, or 6 with'
        " a year (write minute, hour, day of the month, month, day of the week)"
    ]


@pytest.mark.parametrize(
    ("on", "source", "day", "weekdays"),
    [
        (entry("0 0 13 * 5"), "5", "13", "FRI"),
        (entry("0 0 1,15 * SUN,MON"), "SUN,MON", "1,15", "SUN, MON"),
        ("{interval: monthly, day: tuesday}", "tuesday", "1", "TUE"),
    ],
)
def test_both_day_fields_mean_either(
    on: str, source: str, day: str, weekdays: str
) -> None:
    assert said(on) == [
        f"1 `{source}`: warning WF338 the schedule fires on day {day} of the month and"
        f" also on each {weekdays}, not only where both meet (write "
        '"day-match: all" if both must meet, or "day-match: any")'
    ]


def test_either_day_makes_a_date_possible() -> None:
    (only,), _ = resolve(f"[{entry('0 0 31 2 MON')}]")
    assert only.expression == "0 0 31 2 1"


def test_what_is_wrong_hides_nothing() -> None:
    schedules, diagnostics = resolve(
        f"[{entry('x 1 * * *', ', tz: Mars/Base')}, {entry('0 2 * * *')}, no]"
    )
    assert [each.expression for each in schedules] == ["0 2 * * *"]
    assert [each.code for each in diagnostics] == ["WF332", "WF339", "WF343"]


@pytest.mark.parametrize("written", ["all", "any"])
def test_both_day_fields_may_be_said_to_be_meant(written: str) -> None:
    day = f'{{cronjob: "0 0 13 * 5", day-match: {written}}}'
    (only,), diagnostics = resolve(f"[{day}]")
    assert (only.day_match, list(diagnostics)) == (written, [])


def test_policies_of_the_clock() -> None:
    berlin = 'cronjob: "30 2 * * *", timezone: Europe/Berlin'
    (plain, other), _ = resolve(
        f"[{{{berlin}}}, {{{berlin.replace('30 2', '30 3')}, gap: skip, fold: both}}]"
    )
    assert (plain.gap, plain.fold) == ("next", "first")
    assert (other.gap, other.fold) == ("skip", "both")
