"""`returns_outputs`: what the YAML may read of what a caller returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.resolve.caller_projects import found, registry, told, uses
from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.arguments import CallOutputs, returns_outputs
from wfcompile.types import (
    INT,
    NONE,
    STR,
    UNKNOWN,
    Field,
    ListType,
    MapType,
    RecordType,
    Type,
    map_of,
    union,
)

TASKS = """\
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, NewType, Optional, TypedDict

from pydantic import BaseModel, Field
from somewhere import Thing
from wfruntime import tag

UserId = NewType("UserId", int)
Pairs = dict[str, int]


class Item(BaseModel):
    n: int


class Report(BaseModel):
    title: str = Field(alias="theTitle")
    items: list[Item]


class Open(BaseModel, extra="allow"):
    n: int


@dataclass
class Window:
    start: int
    stop: int | None = None


class Point(NamedTuple):
    x: int


class Row(TypedDict):
    id: int
    pair: tuple[date, date]


class Page(TypedDict):
    rows: list[Row]


class Loaded(TypedDict):
    item: Item


"""
ANY_MAP = MapType(STR, UNKNOWN)
ITEM = map_of((Field("n", INT),))


def outputs(
    folder: Path, returns: str, mark: str = ""
) -> tuple[CallOutputs, list[str]]:
    arrow = f" -> {returns}" if returns else ""
    source = f'{TASKS}@tag("v1")\n{mark}def f(){arrow}: ...\n'
    caller = found(registry(folder, {"tasks.py": source}), "tasks/f@v1")
    diagnostics = Diagnostics()
    result = returns_outputs(caller, uses("tasks/f@v1").span, diagnostics)
    return result, told(diagnostics)


@pytest.mark.parametrize(
    ("returns", "type_"),
    [
        ("dict[str, int]", MapType(STR, INT)),
        ("Pairs", MapType(STR, INT)),
        ("dict[str, list[int | None]]", MapType(STR, ListType(union((INT, NONE))))),
    ],
)
def test_plain_maps_are_given_on(tmp_path: Path, returns: str, type_: Type) -> None:
    assert outputs(tmp_path, returns) == (CallOutputs(type_, type_, False), [])


@pytest.mark.parametrize(
    ("returns", "type_"),
    [
        ("", ANY_MAP),
        ("Any", ANY_MAP),
        ("dict", ANY_MAP),
        ("dict[str, Any]", ANY_MAP),
        ("object", ANY_MAP),
        ("Thing", ANY_MAP),
        ("Mapping[str, int]", MapType(STR, INT)),
        ("dict[str, Sequence[int]]", MapType(STR, ListType(INT))),
        ("dict[str, int] | None", MapType(STR, INT)),
        ("Optional[Report]", None),
        ("dict[str, Item]", MapType(STR, ITEM)),
        ("dict[str, UserId]", ANY_MAP),
        ("dict[str, tuple[int, int]]", ANY_MAP),
    ],
)
def test_what_may_hold_more_is_dumped(
    tmp_path: Path, returns: str, type_: Type | None
) -> None:
    found_outputs, messages = outputs(tmp_path, returns)
    assert messages == []
    assert (found_outputs.spelled, found_outputs.dump) == (ANY_MAP, True)
    if type_ is not None:
        assert found_outputs.outputs == type_


@pytest.mark.parametrize(
    ("returns", "fields", "extra"),
    [
        (
            "Report",
            (Field("theTitle", STR), Field("items", ListType(ITEM))),
            False,
        ),
        ("Open", (Field("n", INT),), True),
        (
            "Window",
            (Field("start", INT), Field("stop", union((INT, NONE)), False)),
            False,
        ),
        ("Point", (Field("x", INT),), False),
        ("Loaded", (Field("item", ITEM),), False),
    ],
)
def test_records_are_read_by_the_keys_of_their_data(
    tmp_path: Path, returns: str, fields: tuple[Field, ...], extra: bool
) -> None:
    (found_outputs, spelled, dump), messages = outputs(tmp_path, returns)
    assert isinstance(found_outputs, RecordType)
    assert (found_outputs.kind, found_outputs.fields, found_outputs.extra) == (
        "typeddict",
        fields,
        extra,
    )
    assert (spelled, dump, messages) == (ANY_MAP, True, [])


def test_a_typed_dict_is_given_on_by_its_name(tmp_path: Path) -> None:
    (found_outputs, spelled, dump), _ = outputs(tmp_path, "Page")
    assert isinstance(spelled, RecordType) and isinstance(found_outputs, RecordType)
    assert (spelled.module, spelled.name, dump) == ("tasks", "Page", False)
    rows = found_outputs.fields[0].type
    assert isinstance(rows, ListType) and isinstance(rows.item, RecordType)
    assert [each.type for each in rows.item.fields] == [INT, UNKNOWN]


@pytest.mark.parametrize(
    ("returns", "shown"),
    [
        ("int", "int"),
        ("None", "None"),
        ("str | int", "str or int"),
        ("list[dict[str, int]]", "list[dict[str, int]]"),
        ("tuple[int, int]", "tuple[int, int]"),
        ("UserId", "UserId"),
    ],
)
def test_what_can_be_no_mapping(tmp_path: Path, returns: str, shown: str) -> None:
    line = TASKS.count("\n") + 1
    assert outputs(tmp_path, returns) == (
        CallOutputs(UNKNOWN, ANY_MAP, False),
        [
            f'tasks.py:{line}:1 WF409 caller "f@v1" returns {shown}, '
            "expected a mapping or a model",
            "  x.yml:1: it is used here",
            "  help: return a dict, a TypedDict, a dataclass or a model",
        ],
    )


def test_an_async_caller_returns_what_it_is_awaited_for(tmp_path: Path) -> None:
    type_ = MapType(STR, INT)
    assert outputs(tmp_path, "dict[str, int]", "async ") == (
        CallOutputs(type_, type_, False),
        [],
    )
