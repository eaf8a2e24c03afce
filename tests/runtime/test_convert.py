"""rt.to against pydantic's lax mode; text, literal, dump, pick, call_async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from wfruntime.convert import call_async, dump, literal, pick, text, to
from wfruntime.errors import StageError

TYPES: list[type] = [int, float, bool, str, date, datetime, Decimal, Path]
ADAPTERS = {type_: TypeAdapter(type_) for type_ in TYPES}
PLUS_2 = timezone(timedelta(hours=2))

VALUES: list[object] = [
    *(None, True, False, 0, 1, 2, -1, 10**30, [1], {}, (), object),
    *(0.0, -0.0, 0.5, 1.0, 1.5, 1e18, 1e19, float("inf"), float("-inf"), 10**400),
    *(Decimal("1"), Decimal("1.0"), Decimal("1.5"), Decimal("1e5"), Decimal("inf")),
    *("", " ", "a", "1", "+1", "-1", " 1 ", "\n1\n", "- 1", "+-1", "--1", "1\x00"),
    *("1_000", "_1", "1_", "1__0", "0_1", "+_1", "007", "-007", "-0", "9" * 30),
    *("1.0", "1.000", "1.", ".0", "1.5", "1_0.0", "1.0_0", "1e3", "0x1", "١"),
    *("inf", "nan", "-Infinity", "infinity", "1e5", "1_000.5", "x", "1e400"),
    *("off", "f", "false", "n", "no", "on", "t", "true", "y", "yes", "TRUE", "tRuE"),
    *(" true ", "0", "0.0", b"1", b"true", b"ab", b"2024-01-02", b"\xff"),
    bytearray(b"x"),
    *("NaN", "1.1", " 1.1 ", "1_0", "1e-3"),
    *(Path("a"), "a/b", "."),
    *(date(2024, 1, 2), datetime(2024, 1, 2), datetime(2024, 1, 2, 3)),
    *(datetime(2024, 1, 2, tzinfo=PLUS_2), timedelta(1)),
    *("2024-01-02", "20240102", "2024-1-2", " 2024-01-02", "2024-01-02 ", "2024-02-30"),
    *("2024-01-02T00:00", "2024-01-02T00:00:00", "2024-01-02T00:00:00Z"),
    *("2024-01-02T00:00:00+02:00", "2024-01-02T10:00", "2024-01-02t03:04:05"),
    *("2024-01-02 03:04:05", "2024-01-02_03:04:05", "2024-01-02X03:04"),
    *("2024-01-02T03:04:05.1", "2024-01-02T03:04:05.1234567", "2024-01-02T03:04:05,5"),
    *("2024-01-02T03:04Z", "2024-01-02T03:04z", "2024-01-02T03:04+02:00"),
    *("2024-01-02T03:04+0200", "2024-01-02T03:04+02", "2024-01-02T03:04-02:30"),
    *("2024-01-02T03:04−02:30", "2024-01-02T03:04 +02:00", "2024-01-02T03"),
    *("2024-01-02T24:00", "2024-01-02T03:04:60", "2024-01-02T030405"),
    *("2024-01-02T03:04:05+24:00", "2024-01-02T03:04:05+23:60"),
    *("2024-01-02T03:04:05+23:59", "2024-01-02T03:04:05-00:00"),
    *("2024-01-02T03:04:05+02:00:30", "2024-01-02T03:04.5", "2024-01-02T03:04:05."),
    *("0000-01-01", "0001-01-01", "1704153600", "1704153600.5", "86400", "-86400"),
    *("1704153600.123456789", ".5", "-.5", "1.5", "+86400.0"),
    *(1704153600, 1704153601, 1704153600.0, 1704153600.5, 1704153600000),
    *(20_000_000_000, 20_000_000_001, -20_000_000_001, 1e300, -1.5, 0.1234567),
    Decimal("1704153600.5"),
]


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.__name__)
def test_to_is_pydantics_lax_mode(type_: type) -> None:
    differing = [
        (value, ours, theirs)
        for value in VALUES
        if (ours := by_us(type_, value)) != (theirs := by_pydantic(type_, value))
    ]
    assert differing == []


@given(st.sampled_from(TYPES), st.text("0123456789+-_.:TZ eEinf", max_size=24))
def test_to_reads_text_like_pydantic(type_: type, value: str) -> None:
    assert by_us(type_, value) == by_pydantic(type_, value)


@given(st.datetimes(timezones=st.none() | st.just(PLUS_2)), st.sampled_from("T _t"))
def test_to_reads_moments_like_pydantic(moment: datetime, separator: str) -> None:
    value = moment.isoformat(separator)
    assert by_us(datetime, value) == by_pydantic(datetime, value)
    assert by_us(date, value) == by_pydantic(date, value)


def by_us(type_: type, value: object) -> object:
    try:
        return comparable(to(type_, value))
    except StageError:
        return "refused"


def by_pydantic(type_: type, value: object) -> object:
    try:
        return comparable(ADAPTERS[type_].validate_python(value))
    except ValidationError:
        return "refused"


def comparable(value: Any) -> object:
    """The type counts; NaN equals itself; a zone is its offset."""
    offset = value.utcoffset() if isinstance(value, datetime) else None
    return type(value), str(value) if isinstance(value, float) else value, offset


CONTAINERS = [list[int], list[str], list[list[float]], dict[str, int]]
HELD: list[Any] = [
    *([], ["1", 2], ("3", 4.0), [[1], ["2"]], {}, {"a": "1"}, {1: 1}, {"a": "x"}),
    *(["x"], [None], None, "12", 5, {1, 2}, frozenset([3]), [{"a": 1}], {"a": [1]}),
    *({1: "2"}.keys(), {1: "2"}.values(), {1: "2"}.items(), range(2), b"1"),
]


@pytest.mark.parametrize("type_", CONTAINERS, ids=str)
def test_to_is_pydantics_lax_mode_inside_lists_and_maps(type_: Any) -> None:
    def refused_or(read: Callable[[object], object], value: object) -> object:
        try:
            return read(value)
        except (StageError, ValidationError):
            return "refused"

    assert [repr(refused_or(lambda each: to(type_, each), held)) for held in HELD] == [
        repr(refused_or(TypeAdapter(type_).validate_python, held)) for held in HELD
    ]


def test_to_tells_the_value_and_the_type() -> None:
    with pytest.raises(StageError) as caught:
        to(int, "12a")
    assert str(caught.value) == "'12a' (str) does not fit int"
    with pytest.raises(StageError) as caught:
        to(dict, [1])
    assert str(caught.value) == "[1] (list) does not fit dict"
    with pytest.raises(StageError) as caught:
        to(dict[str, int], [1])
    assert str(caught.value) == "[1] (list) does not fit dict[str, int]"
    assert to(list, [1]) == [1]


def test_text() -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert [text(v) for v in (None, 1, "a", moment, {"k": [1]})] == [
        "None",
        "1",
        "a",
        "2024-01-02 03:04:05+00:00",
        "{'k': [1]}",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", 1),
        (" 1", 1),
        ("'1'", "1"),
        ("None", None),
        ("True", True),
        ("{'a': [1, 2.5]}", {"a": [1, 2.5]}),
        ("eu-west", "eu-west"),
        ("", ""),
        ("__import__('os').getcwd()", "__import__('os').getcwd()"),
        ("{[]: 1}", "{[]: 1}"),
        ("(" * 5000, "(" * 5000),
        ("a\x00b", "a\x00b"),
        ("\ud800", "\ud800"),
        (5, 5),
        (None, None),
        ([1], [1]),
    ],
)
def test_literal(value: object, expected: object) -> None:
    assert literal(value) == expected


class Out(BaseModel):
    total: int
    label: str = Field(alias="theLabel")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    out: Out


class Pair(NamedTuple):
    left: int
    right: Row


OUT = Out(total=1, theLabel="a")
DUMPED = {"total": 1, "theLabel": "a"}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (OUT, DUMPED),
        ({"one": OUT, "many": [OUT], 3: (OUT, 1)}, None),
        (Row("x", OUT), {"name": "x", "out": DUMPED}),
        (Pair(1, Row("x", OUT)), {"left": 1, "right": {"name": "x", "out": DUMPED}}),
        ({"plain": {1, 2}, "type": Row}, {"plain": {1, 2}, "type": Row}),
    ],
)
def test_dump(model: object, expected: dict[str, object] | None) -> None:
    expected = expected or {"one": DUMPED, "many": [DUMPED], 3: (DUMPED, 1)}  # type: ignore[dict-item]
    assert dump(model) == expected


@pytest.mark.parametrize("model", [5, None, "text", [OUT], Out])
def test_dump_of_what_is_no_outputs(model: object) -> None:
    with pytest.raises(StageError, match="a caller returns a mapping or a model, not"):
        dump(model)


def test_pick() -> None:
    table = {"full": 1, "delta": 2}
    assert pick(table, "delta") == 2
    for key, message in [
        ("ful", '\'ful\' is not one of "full", "delta"; did you mean "full"?'),
        (7, '7 is not one of "full", "delta"'),
        (["full"], '[\'full\'] is not one of "full", "delta"'),
    ]:
        with pytest.raises(StageError) as caught:
            pick(table, key)
        assert str(caught.value).startswith(message)


async def twice(number: int) -> int:
    await asyncio.sleep(0)
    if number < 0:
        raise KeyError(number)
    return 2 * number


def test_call_async() -> None:
    result: int = call_async(twice(21))
    assert result == 42
    with pytest.raises(KeyError):
        call_async(twice(-1))


def test_call_async_in_a_thread_that_runs_a_loop() -> None:
    async def outer() -> int:
        return call_async(twice(21))

    assert asyncio.run(outer()) == 42
