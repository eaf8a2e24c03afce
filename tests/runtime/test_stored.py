"""Values in the journal: they come back as they were, or as their masked text."""

from __future__ import annotations

import enum
import json
import math
from collections import OrderedDict, namedtuple
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wfruntime import secrets
from wfruntime.callers import CallerSecret
from wfruntime.stored import restored, stored_text


def back(value: object) -> Any:
    return restored(json.loads(stored_text(value)))


def unfolded(value: Any) -> Any:
    """Without the mark of the second of two equal clock times, which ISO text lacks."""
    return value.replace(fold=0)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.none() | st.just(timezone.utc)).map(unfolded)
    | st.dates()
    | st.times().map(unfolded)
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.uuids(),
    lambda inner: st.lists(inner)
    | st.tuples(inner, inner)
    | st.dictionaries(st.text() | st.integers() | st.just("$date"), inner),
)


@given(VALUES)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    found = back(value)
    assert (found, repr(found)) == (value, repr(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ü\n\ud800", '"\\u00fc\\n\\ud800"'),
        (math.inf, '{"$float":"inf"}'),
        ((1, "a"), '{"$tuple":[1,"a"]}'),
        ({"b", "a"}, '{"$set":["a","b"]}'),
        (frozenset([2, 10]), '{"$frozenset":[10,2]}'),
        (b"\xff", '{"$bytes":"/w=="}'),
        (date(2024, 1, 2), '{"$date":"2024-01-02"}'),
        (datetime(2024, 1, 2), '{"$datetime":"2024-01-02T00:00:00"}'),
        (time(1, 2), '{"$time":"01:02:00"}'),
        (timedelta(hours=25), '{"$timedelta":[1,3600,0]}'),
        (Decimal("1.50"), '{"$decimal":"1.50"}'),
        (Path("a/b"), '{"$path":"a/b"}'),
        (UUID(int=0), '{"$uuid":"00000000-0000-0000-0000-000000000000"}'),
        ({1: 2}, '{"$map":[[1,2]]}'),
        ({"$date": 1}, '{"$map":[["$date",1]]}'),
        (OrderedDict(a=1), '{"a":1}'),
    ],
)
def test_forms(value: object, text: str) -> None:
    assert stored_text(value) == text
    assert back(value) == value


def test_nan_comes_back() -> None:
    assert math.isnan(back(math.nan))


class Colour(enum.Enum):
    RED = 1


class Broken:
    def __str__(self) -> str:
        raise ValueError


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Colour.RED, "Colour.RED"),
        (Broken(), "a Broken"),
        (Point(1, 2), "Point(x=1, y=2)"),
        (CallerSecret("hidden-value"), secrets.MASK),
        (int, "<class 'int'>"),
    ],
)
def test_what_cannot_come_back_is_its_text(value: object, text: str) -> None:
    assert json.loads(stored_text([value])) == [{"$str": text}]
    assert back(value) == text


def test_a_set_of_what_has_no_text_is_a_set() -> None:
    assert json.loads(stored_text({Broken()})) == {"$set": [{"$str": "a Broken"}]}


def test_a_circle_and_a_huge_number_and_a_deep_list_are_their_text() -> None:
    circle: list[object] = []
    circle.append(circle)
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert json.loads(stored_text(circle)) == {"$str": "[[...]]"}
    assert json.loads(stored_text(10**10_000)) == {"$str": "a int"}
    assert json.loads(stored_text(deep)) == {"$str": "a list"}


def test_secrets_are_masked_in_keys_and_values_and_bytes() -> None:
    secrets.register("s3cr3t-one")
    value = {"s3cr3t-one": ["a s3cr3t-one", b"s3cr3t-one", ("s3cr3t-one",)]}
    text = stored_text(value)
    assert "s3cr3t" not in text
    assert text.count(secrets.MASK) == 4
