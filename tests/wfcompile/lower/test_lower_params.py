"""Params: their fields, and what is said of defaults that do not fit."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import lowered
from wfcompile import ir
from wfcompile.lower.moments import read_date, read_datetime
from wfcompile.types import FLOAT, STR, annotation


def workflow(*params: str) -> str:
    lines = "".join(f"    {line}\n" for line in params)
    return f"w:\n  type: Workflow\n  params:\n{lines}  jobs: {{}}\n"


@pytest.mark.parametrize(
    ("written", "type_", "default"),
    [
        ("{type: str, default: 12}", "str", "12"),
        ("{type: str, default: true}", "str", "True"),
        ("{type: str, default: null}", "str | None", None),
        ("{type: int, default: ' 1_000 '}", "int", 1000),
        ("{type: float, default: 1}", "float", 1.0),
        ("{type: float, default: '0.126', precision: 2}", "float", 0.13),
        ("{type: decimal, default: 10.005, precision: 2}", "Decimal", Decimal("10.00")),
        ("{type: decimal, default: 0.1}", "Decimal", Decimal("0.100000")),
        ("{type: date, default: '20240305'}", "date", date(2024, 3, 5)),
        ("{type: date, default: 2024-03-05T10:00:00}", "date", date(2024, 3, 5)),
        ("{type: datetime, default: 2024-03-05}", "datetime", datetime(2024, 3, 5, tzinfo=timezone.utc)),
        ("{type: datetime, default: '2024-03-05T10:00+02:00'}", "datetime", datetime(2024, 3, 5, 8, tzinfo=timezone.utc)),
        ("{type: choice, options: [a, b], default: b}", 'Literal["a", "b"]', "b"),
        ("{type: choice, options: [1, 2], default: 1}", "Literal[1, 2]", 1),
        ("{type: map, default: ''}", "dict[str, Any]", {}),
        ("{type: map, default: {a: [1, {b: null}]}}", "dict[str, Any]", {"a": [1, {"b": None}]}),
        ("{type: array, default: '[1, \"a\"]'}", "list[Any]", [1, "a"]),
    ],
)  # fmt: skip
def test_defaults_are_converted(
    tmp_path: Path, written: str, type_: str, default: object
) -> None:
    found = lowered(tmp_path, workflow(f"a: {written}"))
    assert found.messages == []
    (parameter,) = found.only.parameters
    assert (annotation(parameter.type), parameter.has_default) == (type_, True)
    assert (parameter.default, type(parameter.default)) == (default, type(default))


def test_what_the_field_does_not_say_is_in_its_metadata(tmp_path: Path) -> None:
    text = workflow(
        "a-b: {type: float, desc: How much., required: true, precision: 2}",
        "a_c: {type: float, precision: 6, required: false}",
        "date: str",
    )
    assert lowered(tmp_path, text).only.parameters == (
        ir.Parameter(
            "a-b",
            "a_b",
            FLOAT,
            False,
            None,
            (("desc", "How much."), ("required", True), ("precision", 2)),
        ),
        ir.Parameter("a_c", "a_c", FLOAT, False, None, (("name", "a_c"),)),
        ir.Parameter("date", "date_", STR, False, None, (("name", "date"),)),
    )


@pytest.mark.parametrize(
    ("params", "messages"),
    [
        (["a: {type: int, default: x}"], ['WF350 4:29: default of param "a" is "x", expected an int (write a whole number, such as 3, or declare "a" as str)']),
        (["a: {type: int, default: 1.5}"], ['WF350 4:29: default of param "a" is "1.5", expected an int (write a whole number, such as 3, or declare "a" as float)']),
        (["a: {type: int, default: true}"], ['WF350 4:29: default of param "a" is "true", expected an int (write a whole number, such as 3)']),
        (["a: {type: float, default: x}"], ['WF350 4:31: default of param "a" is "x", expected a float (write a number, such as 0.5, or declare "a" as str)']),
        (["a: {type: decimal, default: [1]}"], ['WF350 4:33: default of param "a" is a list, expected a decimal (write a number, such as 0.5, or declare "a" as array)']),
        (["a: {type: date, default: '2024-13-01'}"], ['WF350 4:30: default of param "a" is "2024-13-01", expected a date such as 2024-01-31 (write a day, such as 2024-01-31, or declare "a" as str)']),
        (["a: {type: date, default: 2024/1/31}"], ['WF350 4:30: default of param "a" is "2024/1/31", expected a date such as 2024-01-31 (write 2024-01-31, or declare "a" as str)']),
        (["a: {type: date, default: '2023-02-29'}"], ['WF350 4:30: default of param "a" is "2023-02-29", expected a date such as 2024-01-31 (write a day of 2023-02, which has 28, or declare "a" as str)']),
        (["a: {type: date, default: '0000-02-29'}"], ['WF350 4:30: default of param "a" is "0000-02-29", expected a date such as 2024-01-31 (write a day, such as 2024-01-31, or declare "a" as str)']),
        (["a: {type: datetime, default: 5}"], ['WF350 4:34: default of param "a" is "5", expected a datetime such as 2024-01-31T02:30 (write a day and a time, such as 2024-01-31T02:30, or declare "a" as int)']),
        (["a: {type: choice, options: [1, 2], default: '1'}"], ['WF350 4:49: default of param "a" is "1", expected one of 1, 2 (did you mean "1"?)']),
        (["a: {type: map, default: [1]}"], ['WF350 4:29: default of param "a" is a list, expected a mapping (write a mapping, such as {key: value}, or declare "a" as array)']),
        (["a: {type: array, default: '[1'}"], ['WF350 4:31: default of param "a" is "[1", expected a list (write a list, such as [first, second], or declare "a" as str)']),
        (["a: {type: str, default: {b: 1}}"], ['WF350 4:29: default of param "a" is a mapping, expected text (write a text, or declare "a" as map)']),
        (["a: {type: str, default: '${{ params.b }}'}"], ['WF351 4:29: default of param "a" holds a template, expected a constant (write the template where the param is used)']),
        (["a: {type: array, default: [{b: '${{ c }}'}]}"], ['WF351 4:31: default of param "a" holds a template, expected a constant (write the template where the param is used)']),
        (["a-b: str", "c: int", "a_b: int"], ['WF352 6:5: params "a-b" and "a_b" would both be "a_b" in Python (rename one of them) [the other one is here]']),
        (["a: {type: str, default: 'in ${HOME}'}"], ['WF353 4:33: default of param "a" holds "${HOME}", which stays as it is written (read the variable where the param is used)']),
    ],
)  # fmt: skip
def test_what_does_not_fit(
    tmp_path: Path, params: list[str], messages: list[str]
) -> None:
    assert lowered(tmp_path, workflow(*params)).messages == messages


@pytest.mark.parametrize("text", ["2024-03-05", "20240305", "2024-W10-2", "2024W102"])
def test_dates(text: str) -> None:
    assert read_date(text) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", datetime(2024, 3, 5)),
        ("2024-03-05 10:20", datetime(2024, 3, 5, 10, 20)),
        ("20240305T102030,5", datetime(2024, 3, 5, 10, 20, 30, 500000)),
        ("2024-03-05T10:20:30.123456789Z", datetime(2024, 3, 5, 10, 20, 30, 123456, timezone.utc)),
        ("2024-03-05T10-0530", datetime(2024, 3, 5, 10, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ],
)  # fmt: skip
def test_datetimes(text: str, expected: datetime) -> None:
    found = read_datetime(text)
    assert (found, found.tzinfo) == (expected, expected.tzinfo)


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-03", "2024-0305", "2024-02-30", "٢٠٢٤-03-05"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text)
    with pytest.raises(ValueError):
        read_datetime(text)


def test_a_choice_without_options_is_told_once(tmp_path: Path) -> None:
    # "type" is misspelt: that it is a choice is known from its name alone
    stage = "{name: s, case: '${{ params.a }}', match: [{case: x, stages: []}]}"
    text = workflow("a: {ype: choice}").replace(
        "jobs: {}", f"jobs: {{j: {{stages: [{stage}]}}}}"
    )
    found = lowered(tmp_path, text).diagnostics
    assert [each.code for each in found] == ["WF105", "WF104"]
