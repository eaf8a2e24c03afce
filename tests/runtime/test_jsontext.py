"""A result context as JSON: what `json` writes, of values that `json` does not know."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from wfruntime import secrets
from wfruntime.callers import CallerSecret
from wfruntime.jsontext import json_text, plain, write_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Colour(str, Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Model(BaseModel):
    rows: int = Field(alias="rowCount")


@dataclass
class Point:
    x: int


class Pair(NamedTuple):
    a: int
    b: str


class Broken:
    def __str__(self) -> str:
        raise ValueError("no")


class Misleading:
    """It has the names of a map's methods."""

    keys = items = ()

    def __str__(self) -> str:
        return "misleading"


@given(JSON_VALUES.filter(lambda value: "Infinity" not in json.dumps(value)))
def test_writes_what_json_writes(value: object) -> None:
    assert json_text(value) == json.dumps(value, indent=2, ensure_ascii=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2024, 1, 31), "2024-01-31"),
        (datetime(2024, 1, 31, tzinfo=timezone.utc), "2024-01-31T00:00:00+00:00"),
        (Decimal("1.50"), "1.50"),
        (Path("/tmp/x"), "/tmp/x"),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Model(rowCount=3), {"rowCount": 3}),
        (Point(1), {"x": 1}),
        (Pair(1, "b"), [1, "b"]),
        ({1: "a", None: 2}, {"1": "a", "None": 2}),
        (OrderedDict(a=1).keys(), ["a"]),
        ({3, 1, "b"}, [1, 3, "b"]),
        (CallerSecret("hidden-json"), "**********"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (Broken(), "a Broken"),
        ({Broken()}, ["a Broken"]),
        (Misleading(), "misleading"),
        (Pair, "Pair"),
    ],
)
def test_other_values(value: object, expected: object) -> None:
    assert json.loads(json_text({"v": value})) == {"v": expected}


def test_texts_and_keys_are_masked() -> None:
    secrets.register("pa55-of-json")
    assert plain({"pa55-of-json": ["a pa55-of-json b"]}) == {
        "**********": ["a ********** b"]
    }


def test_a_number_too_long_for_decimal() -> None:
    assert plain(1 << 20_000) == hex(1 << 20_000)


def test_what_a_killed_process_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / f"r.json.{os.getpid()}.partial").write_text("half")
    write_json(str(tmp_path / "r.json"), {"a": 1})
    assert json.loads((tmp_path / "r.json").read_text()) == {"a": 1}


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_is_not_written_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    def replace(source: str, target: str) -> None:
        raise error

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(error):
        write_json(str(tmp_path / "r.json"), {"a": 1})
    assert list(tmp_path.iterdir()) == []


def test_a_circle_ends() -> None:
    circle: list[Any] = []
    circle.append(circle)
    found = json.loads(json_text(circle))
    for _ in range(100):
        (found,) = found
    assert found == "[[...]]"
