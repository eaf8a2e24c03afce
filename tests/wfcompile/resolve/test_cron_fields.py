"""Cron text -> values -> normal form: exact places, and the same values as croniter's."""

from __future__ import annotations

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.reader import read
from wfcompile.resolve.cron_fields import UNITS, CronField, read_cron
from wfcompile.source import SourceFile


def scalar_of(cron: str) -> Scalar:
    node = read(SourceFile("conf/x.yml", f"cronjob: '{cron}'\n"), Diagnostics())
    assert isinstance(node, MappingNode)
    value = node.get("cronjob")
    assert isinstance(value, Scalar)
    return value


def fields_of(cron: str) -> tuple[CronField, ...]:
    diagnostics = Diagnostics()
    fields = read_cron(scalar_of(cron), diagnostics)
    assert list(diagnostics) == []
    assert fields is not None
    return fields


def normal(cron: str) -> str:
    return " ".join(map(str, fields_of(cron)))


def said(cron: str) -> list[str]:
    """`source column-column: code message (help)`."""
    diagnostics = Diagnostics()
    assert read_cron(scalar_of(cron), diagnostics) is None
    shown = []
    for each in diagnostics:
        span = each.span
        source = span.file.text[span.start : span.end]
        help = f" ({each.help})" if each.help else ""
        shown.append(
            f"{span.first.column} `{source}`: {each.code} {each.message}{help}"
        )
    return shown


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("*/5 * * * *", "*/5 * * * *"),
        ("  5   4 * * sun ", "5 4 * * 0"),
        ("0 0 * * MON-FRI", "0 0 * * 1-5"),
        ("0 0 * JAN,mar *", "0 0 * 1,3 *"),
        ("0 6 ? * 1", "0 6 * * 1"),
        ("0 6 1 * ?", "0 6 1 * *"),
        ("0 0 * * 5-7", "0 0 * * 0,5-6"),
        ("0 0 * * FRI-SUN", "0 0 * * 0,5-6"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("0 0 * * 0-7", "0 0 * * *"),
        ("0-59 0-23 1-31 1-12 0-6", "* * * * *"),
        ("00 01 * * *", "0 1 * * *"),
        # a star at the beginning means real time where the clock changes
        ("0,30 */12 * * *", "0,30 */12 * * *"),
        ("*/40 */24 * * *", "*/40 */24 * * *"),
        ("*/30,10 0-22/2 * * *", "*/60,10,30 0-22/2 * * *"),
        ("0,20,40 5 * * *", "0-40/20 5 * * *"),
        ("1,2,3,5 * * * *", "1-3,5 * * * *"),
        ("0-10/5,30 1-2 * * *", "0,5,10,30 1-2 * * *"),
        ("5-59/15 2-20/6 * * *", "5-50/15 2-20/6 * * *"),
        ("0 0 */2 * 1", "0 0 */2 * 1"),
        ("0 0 1 1 * 2026", "0 0 1 1 * 2026"),
        ("0 0 1 1 * *", "0 0 1 1 * *"),
        ("0 0 1 1 * 2026-2030/2,2031", "0 0 1 1 * 2026,2028,2030-2031"),
    ],
)
def test_the_normal_form(cron: str, expected: str) -> None:
    assert normal(cron) == expected


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        (
            "* * * *",
            "10 `'* * * *'`: WF330 the cron expression has 4 fields, expected 5, or 6 with a"
            " year (write minute, hour, day of the month, month, day of the week)",
        ),
        (
            "",
            "10 `''`: WF330 the cron expression has 0 fields, expected 5, or 6 with a year"
            " (write minute, hour, day of the month, month, day of the week)",
        ),
        (
            "@daily",
            "10 `'@daily'`: WF331 \"@daily\" is not known, expected the fields of a cron"
            ' expression (write "0 0 * * *")',
        ),
        (
            "@reboot",
            "10 `'@reboot'`: WF331 \"@reboot\" is not known, expected the fields of a cron"
            ' expression (write them out: "0 0 * * *")',
        ),
        (
            "a 1 * * *",
            '11 `a`: WF332 "a" is no minute, expected 0 to 59'
            ' (write numbers, ranges "a-b", lists "a,b", steps "*/n")',
        ),
        (
            "0 0 * * MONDAY",
            '19 `MONDAY`: WF332 "MONDAY" is no day of the week, expected 0 to 6 or SUN to SAT'
            ' (did you mean "MON"?)',
        ),
        (
            "0 0 L * *",
            '15 `L`: WF332 "L" is no day of the month, expected 1 to 31'
            " (L, W, H and # are not known here: write the days out)",
        ),
        (
            "0 1-2-3 * * *",
            '15 `2-3`: WF332 "2-3" is no hour, expected 0 to 23'
            ' (write numbers, ranges "a-b", lists "a,b", steps "*/n")',
        ),
        (
            "1,,2 0 * * *",
            "13 ``: WF332 the minute is missing, expected 0 to 59"
            ' (write numbers, ranges "a-b", lists "a,b", steps "*/n")',
        ),
        (
            "0 3- * * *",
            "15 ``: WF332 the hour is missing, expected 0 to 23"
            ' (write numbers, ranges "a-b", lists "a,b", steps "*/n")',
        ),
        (
            "5,61 1 * * *",
            "13 `61`: WF333 the minute 61 is out of range, expected 0 to 59",
        ),
        (
            "0 24 * * *",
            '13 `24`: WF333 the hour 24 is out of range, expected 0 to 23 (write "0")',
        ),
        (
            "0 0 * * 8",
            "19 `8`: WF333 the day of the week 8 is out of range, expected 0 to 6 or SUN"
            " to SAT",
        ),
        (
            "0 0 1 1 * 1989",
            "21 `1989`: WF333 the year 1989 is out of range, expected 1990 to 2100",
        ),
        (
            "0 0 * * FRI-MON",
            '19 `FRI-MON`: WF334 the range "FRI-MON" runs backwards (write "5-6,0-1")',
        ),
        (
            "*/0 * * * *",
            '13 `0`: WF335 "0" is no step, expected a number from 1 on'
            ' (write "*" for each one, or a step such as "*/5")',
        ),
        (
            "*/x * * * *",
            '13 `x`: WF335 "x" is no step, expected a number from 1 on'
            ' (write "*" for each one, or a step such as "*/5")',
        ),
        (
            "0/15 * * * *",
            '11 `0/15`: WF335 "0/15" has a step but no range (write "*/15")',
        ),
        (
            "7,5/15 * * * *",
            '13 `5/15`: WF335 "5/15" has a step but no range (write "5-59/15")',
        ),
        (
            "? 0 1 * *",
            '11 `?`: WF336 "?" is no minute'
            ' ("?" stands alone, for the day of the month or of the week)',
        ),
        (
            "0 0 ? * ?",
            '19 `?`: WF336 both day fields are "?" (write "*" for every day)',
        ),
    ],
)
def test_a_mistake(cron: str, expected: str) -> None:
    assert said(cron) == [expected]


def test_every_field_is_read() -> None:
    assert [each.split(":")[0] for each in said("a 61 0 13 FRI-MON")] == [
        *("11 `a`", "13 `61`", "16 `0`", "18 `13`", "21 `FRI-MON`"),
    ]


def test_a_number_of_very_many_digits() -> None:
    digits = "9" * 70_000
    assert said(f"{digits} 0 * * *") == [
        f'11 `{digits}`: WF332 "{"9" * 37}..." is no minute, expected 0 to 59'
        ' (write numbers, ranges "a-b", lists "a,b", steps "*/n")'
    ]


# --- against another reader ---


@st.composite
def parts(draw: st.DrawFn, low: int, high: int) -> str:
    # croniter takes a range of one weekday for the whole week
    first = draw(st.integers(low, high - 1))
    last = draw(st.integers(first + 1, high))
    step = draw(st.integers(1, high))
    forms = ["*", f"*/{step}", f"{first}", f"{first}-{last}", f"{first}-{last}/{step}"]
    return draw(st.sampled_from(forms))


def field(low: int, high: int) -> st.SearchStrategy[str]:
    return st.lists(parts(low, high), min_size=1, max_size=3).map(",".join)


crons = st.tuples(*(field(unit.low, unit.high) for unit in UNITS[:5])).map(" ".join)


@given(crons)
def test_the_values_are_those_of_croniter(cron: str) -> None:
    fields = fields_of(cron)
    expanded, _ = croniter.expand(cron)
    theirs = [
        tuple(unit.all) if "*" in values else tuple(sorted(map(int, values)))
        for unit, values in zip(UNITS, expanded, strict=False)
    ]
    assert [field.values for field in fields] == theirs


@given(crons)
def test_the_normal_form_means_the_same_and_is_its_own(cron: str) -> None:
    again = fields_of(normal(cron))
    assert [field.values for field in again] == [
        field.values for field in fields_of(cron)
    ]
    assert normal(normal(cron)) == normal(cron)
