"""`TypeReader`: annotations of a source -> types; what is not understood is no error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wfcompile.resolve.caller_projects import found, registry, write
from wfcompile.resolve.declarations import Made
from wfcompile.types import (
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    PATH,
    SECRET,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Primitive,
    Type,
    union,
)

HEAD = """\
import collections.abc as abc
import datetime as dt
import decimal
import pathlib
import typing as t
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, List, Literal, NewType, Optional, TypeAlias, TypeVar, Union

import pydantic
from pydantic import BeforeValidator, EmailStr, PositiveInt, SecretStr
from wfruntime import CallerSecret, Result, tag
import somewhere
from somewhere.deep import Thing

from shared import Mode, Pairs, Renamed as Other

UserId = NewType("UserId", int)
Names = list[str]
Later: TypeAlias = "dict[str, Names]"
T = TypeVar("T")
Loop = list["Loop"]
A = list["B"]
B = dict[str, "A"]


class date_holder:
    pass


"""
SHARED = """\
from typing import Literal
from wfruntime import CallerSecret as Renamed

Mode = Literal["full", "delta"]
Pairs = dict[str, tuple[int, int]]
"""


def read(folder: Path, annotation: str, head: str = HEAD) -> tuple[Type, Made | None]:
    """The type of a parameter with this annotation, and how a value of it is made."""
    source = f'{head}@tag("v1")\ndef f(value: {annotation}) -> dict[str, int]: ...\n'
    write(folder, {"shared.py": SHARED})
    caller = found(registry(folder, {"tasks.py": source}), "tasks/f@v1")
    type_ = caller.parameters[0].type
    made = caller.declarations.made
    return type_, made.get(type_) if isinstance(type_, OpaqueType) else None


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("str", STR),
        ("bytes", BYTES),
        ("object", Primitive("object")),
        ("None", NONE),
        ("date", DATE),
        ("dt.datetime", DATETIME),
        ("decimal.Decimal", DECIMAL),
        ("pathlib.Path", PATH),
        ("t.Text", STR),
        ("CallerSecret", SECRET),
        ("Other", SECRET),
        ("Result", OpaqueType("wfruntime", "Result")),
        ("PositiveInt", INT),
        ("EmailStr", STR),
        ("int | None", union((INT, NONE))),
        ("Optional[str]", union((STR, NONE))),
        ("Union[int, str, None]", union((INT, STR, NONE))),
        ('"int"', INT),
        ('"list[int]" ', ListType(INT)),
        ('Optional["Names"]', union((ListType(STR), NONE))),
        ('Literal["a", 1, True]', LiteralType(("a", 1, True))),
        ("Literal[-1]", LiteralType((-1,))),
        ("t.Literal['x'] | None", union((LiteralType(("x",)), NONE))),
        ("Literal['x', None]", union((LiteralType(("x",)), NONE))),
        ("Annotated[int, 'how many']", INT),
        ("Annotated[int, BeforeValidator(len)]", UNKNOWN),
        ("list", ListType(UNKNOWN)),
        ("List[bool]", ListType(BOOL)),
        ("Sequence[float]", ListType(FLOAT)),
        ("abc.MutableSequence[int]", ListType(INT)),
        ("dict", MapType(UNKNOWN, UNKNOWN)),
        ("dict[str, Any]", MapType(STR, UNKNOWN)),
        ("Mapping[str, list[int]]", MapType(STR, ListType(INT))),
        ("Names", ListType(STR)),
        ("Later", MapType(STR, ListType(STR))),
        ("Mode", LiteralType(("full", "delta"))),
        ("Loop", ListType(OpaqueType("tasks", "Loop"))),
        ("A", ListType(MapType(STR, OpaqueType("tasks", "A")))),
        ("Thing", OpaqueType("somewhere.deep", "Thing")),
        ("Thing[int]", OpaqueType("somewhere.deep", "Thing")),
        ("date_holder", OpaqueType("tasks", "date_holder")),
    ],
)
def test_types(tmp_path: Path, annotation: str, expected: Type) -> None:
    assert read(tmp_path, annotation) == (expected, None)


@pytest.mark.parametrize(
    "annotation",
    [
        *("Any", "T", "nowhere", "nowhere.at[all]", '"not python ("', "somewhere.f(1)"),
        *("t.Callable[[int], str]", "type[int]", "5", "t.Self", "...", "[int]"),
        *("Literal[Mode]", "abc.Iterator[int]", "complex"),
    ],
)
def test_what_is_not_understood_is_unknown(tmp_path: Path, annotation: str) -> None:
    assert read(tmp_path, annotation) == (UNKNOWN, None)


def test_no_annotation_is_unknown(tmp_path: Path) -> None:
    source = 'from wfruntime import tag\n\n@tag("v1")\ndef f(value=3): ...\n'
    caller = found(registry(tmp_path, {"tasks.py": source}), "tasks/f@v1")
    assert [each.type for each in caller.parameters] == [UNKNOWN]
    assert caller.returns == UNKNOWN


@pytest.mark.parametrize(
    ("annotation", "name", "made"),
    [
        ("tuple[int, str]", "tuple[int, str]", Made("tuple", (INT, STR), True)),
        ("t.Tuple[int, ...]", "tuple[int, ...]", Made("tuple", (INT,))),
        ("tuple", "tuple[Any, ...]", Made("tuple")),
        ("tuple[()]", "tuple[()]", Made("tuple", (), True)),
        ("set[date]", "set[date]", Made("set", (DATE,))),
        ("abc.Set[str]", "set[str]", Made("set", (STR,))),
        ("frozenset[int]", "frozenset[int]", Made("frozenset", (INT,))),
        ("Iterable[str]", "Iterable[str]", Made("iterable", (STR,))),
    ],
)
def test_collections_are_spelled_with_what_they_hold(
    tmp_path: Path, annotation: str, name: str, made: Made
) -> None:
    assert read(tmp_path, annotation) == (OpaqueType("", name), made)


@pytest.mark.parametrize(
    ("annotation", "module", "name", "made"),
    [
        ("UserId", "tasks", "UserId", Made("class", (INT,))),
        ("SecretStr", "pydantic", "SecretStr", Made("class", (STR,))),
        ("uuid.UUID", "uuid", "UUID", Made("class", (STR,))),
    ],
)
def test_classes_that_are_called_with_one_value(
    tmp_path: Path, annotation: str, module: str, name: str, made: Made
) -> None:
    assert read(tmp_path, annotation) == (OpaqueType(module, name), made)


def test_postponed_annotations_mean_the_same(tmp_path: Path) -> None:
    head = f"from __future__ import annotations\n{HEAD}"
    assert read(tmp_path, '"list[Names]"', head)[0] == ListType(ListType(STR))
    assert read(tmp_path, 'Literal["a"]', head)[0] == LiteralType(("a",))


def test_the_first_of_two_offers_counts(tmp_path: Path) -> None:
    head = (
        "from wfruntime import tag\n"
        "try:\n    from typing import Literal\n"
        "except ImportError:\n    Literal = None\n"
    )
    assert read(tmp_path, 'Literal["a"]', head)[0] == LiteralType(("a",))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement is newer")
def test_the_type_statement(tmp_path: Path) -> None:
    head = "from wfruntime import tag\ntype Names = list[str]\n"
    assert read(tmp_path, "Names", head)[0] == ListType(STR)


def test_a_tower_of_aliases_ends(tmp_path: Path) -> None:
    aliases = "".join(f"A{n} = list[A{n - 1}]\n" for n in range(1, 500))
    type_, _ = read(tmp_path, "A499", f"{HEAD}A0 = int\n{aliases}")
    depth = 0
    while isinstance(type_, ListType):
        type_, depth = type_.item, depth + 1
    assert (type_, depth) == (OpaqueType("tasks", "A459"), 40)


def test_types_of_packages_are_imported_by_their_own_module(tmp_path: Path) -> None:
    sources = {
        "jobs/__init__.py": "from . import types\n",
        "jobs/types/__init__.py": "from .base import Size as Size\n",
        "jobs/types/base.py": "import enum\n\nclass Size(enum.Enum):\n    S = 's'\n",
        "jobs/tasks.py": (
            "import jobs.types\nfrom wfruntime import tag\n"
            "from . import types as kinds\nfrom .types.base import Size\n"
            "import jobs\n\n"
            '@tag("v1")\n'
            "def f(a: Size, b: kinds.Size, c: jobs.types.base.Size): ...\n"
        ),
    }
    caller = found(registry(tmp_path, sources), "jobs.tasks/f@v1")
    assert [each.type for each in caller.parameters] == [
        OpaqueType("jobs.types.base", "Size")
    ] * 3
