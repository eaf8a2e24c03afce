"""Models, dataclasses, TypedDicts, NamedTuples and enums of a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.resolve.caller_projects import found, registry
from wfcompile.resolve.declarations import Made, RecordRules
from wfcompile.types import (
    DATE,
    INT,
    NONE,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    OpaqueType,
    RecordType,
    Type,
    union,
)

HEAD = """\
import enum
from dataclasses import KW_ONLY, InitVar, dataclass, field as f
from datetime import date
from typing import Annotated, ClassVar, Generic, NamedTuple, NotRequired, Required, TypedDict, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, RootModel
from pydantic import Field as F, field_validator, model_validator as mv
from wfruntime import tag

from elsewhere import Base

T = TypeVar("T")
"""


def read(folder: Path, body: str) -> tuple[Type, RecordRules | Made | None]:
    """What the class `X` is, and what is known of it."""
    source = (
        f'{HEAD}\n{body}\n\n@tag("v1")\ndef take(value: X) -> dict[str, int]: ...\n'
    )
    caller = found(registry(folder, {"tasks.py": source}), "tasks/take@v1")
    type_ = caller.parameters[0].type
    if isinstance(type_, RecordType):
        return type_, caller.declarations.rules[type_]
    assert isinstance(type_, OpaqueType)
    return type_, caller.declarations.made.get(type_)


def fields(folder: Path, body: str) -> tuple[Field, ...]:
    record, _ = read(folder, body)
    assert isinstance(record, RecordType)
    return record.fields


def rules(folder: Path, body: str) -> RecordRules:
    _, found_rules = read(folder, body)
    assert isinstance(found_rules, RecordRules)
    return found_rules


def test_a_model(tmp_path: Path) -> None:
    body = """\
class Inner(BaseModel):
    n: int

class X(BaseModel):
    path: str
    inner: Inner
    many: "list[Inner]" = []
    date: date
    note: str | None
    count: ClassVar[int] = 0
    _cache: dict = PrivateAttr()

    @property
    def size(self) -> int: ...
"""
    record, _ = read(tmp_path, body)
    assert isinstance(record, RecordType)
    line = HEAD.count("\n") + 5
    path = record.path
    inner = RecordType(
        "tasks", "Inner", "model", (Field("n", INT),), path=path, line=15
    )
    assert record == RecordType(
        "tasks",
        "X",
        "model",
        (
            Field("path", STR),
            Field("inner", inner),
            Field("many", ListType(inner), False),
            Field("date", DATE),
            Field("note", union((STR, NONE))),
        ),
        path=path,
        line=line,
    )
    assert path.endswith("tasks.py")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a: int", Field("a", INT)),
        ("a: int = 1", Field("a", INT, False)),
        ("a: int = ...", Field("a", INT)),
        ("a: int = Field()", Field("a", INT)),
        ("a: int = Field(...)", Field("a", INT)),
        ("a: int = Field(3)", Field("a", INT, False)),
        ("a: int = Field(default=None)", Field("a", INT, False)),
        ("a: list[int] = F(default_factory=list)", Field("a", ListType(INT), False)),
        ('a: int = pydantic.Field(alias="A")', Field("a", INT, True, "A")),
        (
            'a: int = Field(2, validation_alias="A", alias="B")',
            Field("a", INT, False, "A"),
        ),
        ('a: Annotated[int, Field(alias="A-1")]', Field("a", INT, True, "A-1")),
        ("a: 'Annotated[int, Field(alias=\"A\")]'", Field("a", INT, True, "A")),
        ('a: Annotated[int, F(default=1)] = F(alias="A")', Field("a", INT, False, "A")),
    ],
)
def test_fields_of_models(tmp_path: Path, written: str, expected: Field) -> None:
    assert fields(tmp_path, f"class X(BaseModel):\n    {written}\n") == (expected,)


@pytest.mark.parametrize(
    "head",
    [
        'class X(BaseModel, extra="allow", populate_by_name=True):\n    pass',
        'class X(BaseModel):\n    model_config = ConfigDict(extra="allow", validate_by_name=True)',
        'class X(BaseModel):\n    model_config = {"extra": "allow", "populate_by_name": True}',
        'class X(BaseModel):\n    class Config:\n        extra = "allow"\n'
        "        allow_population_by_field_name = True",
        'class Own(BaseModel):\n    model_config = ConfigDict(extra="ignore", '
        "populate_by_name=True)\n\nclass X(Own):\n    pass",
    ],
)
def test_config_of_models(tmp_path: Path, head: str) -> None:
    record, known = read(tmp_path, f'{head}\n    a: int = Field(alias="A")\n')
    assert isinstance(record, RecordType) and isinstance(known, RecordRules)
    assert (record.extra, known.by_name, known.is_loose) == (True, True, False)


def test_extra_can_be_forbidden_again(tmp_path: Path) -> None:
    body = 'class Own(BaseModel, extra="allow"):\n    a: int\n\n'
    body += 'class X(Own):\n    model_config = ConfigDict(extra="forbid")\n    b: int\n'
    record, _ = read(tmp_path, body)
    assert isinstance(record, RecordType)
    assert record.extra is False
    assert [each.name for each in record.fields] == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        'class X(BaseModel):\n    a: int\n    @mv(mode="before")\n    def look(cls, data): ...',
        "class X(BaseModel):\n    a: int\n    def __init__(self, data): ...",
        "class X(BaseModel):\n    a: int = Field(alias=name())",
        'class X(BaseModel):\n    a: int = Field(validation_alias=AliasPath("a", "b"))',
        "class X(BaseModel):\n    model_config = ConfigDict(alias_generator=to_camel)\n    a: int",
        "class X(RootModel[list[int]]):\n    pass",
        "class X(BaseModel, Base):\n    a: int",
        "class Own(BaseModel, Base):\n    a: int\n\nclass X(Own):\n    b: int",
        "@dataclass\nclass X(Base):\n    a: int",
        "@dataclass\nclass X:\n    a: int\n    def __init__(self, b): ...",
    ],
)
def test_what_reads_its_data_itself_is_loose(tmp_path: Path, body: str) -> None:
    assert rules(tmp_path, body).is_loose


@pytest.mark.parametrize(
    "body",
    [
        'class X(BaseModel):\n    a: int\n    @mv(mode="after")\n    def look(self): ...',
        "class X(BaseModel, Generic[T]):\n    a: int",
        "class X(pydantic.BaseModel):\n    a: int",
    ],
)
def test_what_does_not_is_strict(tmp_path: Path, body: str) -> None:
    assert not rules(tmp_path, body).is_loose


def test_a_field_that_is_rewritten_takes_anything(tmp_path: Path) -> None:
    body = """\
class X(BaseModel):
    a: int
    b: int
    @field_validator("a", mode="before")
    def split(cls, value): ...
    @field_validator("b")
    def check(cls, value): ...
"""
    assert fields(tmp_path, body) == (Field("a", UNKNOWN), Field("b", INT))


def test_what_a_model_gives_out(tmp_path: Path) -> None:
    body = """\
class X(BaseModel):
    a: int = Field(alias="A")
    b: int = Field(serialization_alias="B")
    c: int = Field(1, exclude=True)
    d: int = Field(validation_alias="D")
"""
    known = rules(tmp_path, body)
    assert [each.key for each in known.output] == ["A", "B", "d"]
    assert not known.has_more_output
    computed = (
        f"{body}\n    @computed_field\n    @property\n    def e(self) -> int: ...\n"
    )
    assert rules(tmp_path, computed).has_more_output


def test_a_dataclass(tmp_path: Path) -> None:
    body = """\
@dataclass
class Own:
    x: int
    y: str = "z"

@dataclass(frozen=True, kw_only=True)
class X(Own):
    z: list[int] = f(default_factory=list)
    y: str = f()
    _: KW_ONLY
    hidden: int = f(init=False, default=0)
    seed: InitVar[int] = 3
    shared: ClassVar[int] = 4
"""
    record, known = read(tmp_path, body)
    assert isinstance(record, RecordType) and isinstance(known, RecordRules)
    assert record.kind == "dataclass"
    assert record.fields == (
        Field("x", INT),
        Field("y", STR),
        Field("z", ListType(INT), False),
        Field("seed", INT, False),
    )
    assert [each.key for each in known.output] == ["x", "y", "z"]


def test_a_dataclass_of_pydantic_is_one_too(tmp_path: Path) -> None:
    record, _ = read(
        tmp_path, "@pydantic.dataclasses.dataclass\nclass X:\n    a: int = 1\n"
    )
    assert isinstance(record, RecordType)
    assert (record.kind, record.fields) == ("dataclass", (Field("a", INT, False),))


def test_a_typed_dict(tmp_path: Path) -> None:
    body = """\
class Own(TypedDict):
    a: int
    b: NotRequired[str]

class X(Own, total=False):
    c: int
    d: "Required[int]"
    e: Annotated[Required[int], "e"]
"""
    assert fields(tmp_path, body) == (
        Field("a", INT),
        Field("b", STR, False),
        Field("c", INT, False),
        Field("d", INT),
        Field("e", INT),
    )


@pytest.mark.parametrize(("ending", "required"), [("", True), (", total=False", False)])
def test_a_typed_dict_by_a_call(tmp_path: Path, ending: str, required: bool) -> None:
    body = f'X = TypedDict("X", {{"run-id": str, "n": "int"}}{ending})'
    assert fields(tmp_path, body) == (
        Field("run-id", STR, required),
        Field("n", INT, required),
    )


def test_a_named_tuple(tmp_path: Path) -> None:
    record, _ = read(tmp_path, "class X(NamedTuple):\n    x: int\n    y: str = 'd'\n")
    assert isinstance(record, RecordType)
    assert record.kind == "namedtuple"
    assert record.fields == (Field("x", INT), Field("y", STR, False))


@pytest.mark.parametrize(
    ("body", "item"),
    [
        ("class X(enum.Enum):\n    A = 'a'\n    B = 'b'", LiteralType(("a", "b"))),
        ("class X(str, enum.Enum):\n    A = 'a'", LiteralType(("a",))),
        ("class X(enum.IntEnum):\n    A = 1", LiteralType((1,))),
        ("class X(enum.Enum):\n    A = enum.auto()", UNKNOWN),
        (
            "class Own(enum.Enum):\n    pass\n\nclass X(Own):\n    A = 'a'",
            LiteralType(("a",)),
        ),
    ],
)
def test_an_enum_is_made_of_its_values(tmp_path: Path, body: str, item: Type) -> None:
    assert read(tmp_path, body) == (OpaqueType("tasks", "X"), Made("enum", (item,)))


@pytest.mark.parametrize(
    "body",
    [
        "class X:\n    a: int",
        "class X(Base):\n    a: int",
        "@dataclass(init=False)\nclass X:\n    a: int",
        'X = TypedDict("X", names())',
    ],
)
def test_another_class_is_not_looked_into(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, body) == (OpaqueType("tasks", "X"), None)


def test_a_recursive_model_ends_in_itself(tmp_path: Path) -> None:
    body = "class X(BaseModel):\n    children: list['X'] = []\n"
    assert fields(tmp_path, body) == (
        Field("children", ListType(OpaqueType("tasks", "X")), False),
    )


def test_nested_classes_are_spelled_with_their_outer_one(tmp_path: Path) -> None:
    body = """\
class Outer:
    class Y(BaseModel):
        a: int

    class Z(Y):
        b: int

class X(BaseModel):
    class Inner(BaseModel):
        n: int

    inner: Inner
    z: Outer.Z
"""
    inner, z = fields(tmp_path, body)
    assert isinstance(inner.type, RecordType) and isinstance(z.type, RecordType)
    assert (inner.type.name, inner.type.fields) == ("X.Inner", (Field("n", INT),))
    assert (z.type.name, z.type.fields) == (
        "Outer.Z",
        (Field("a", INT), Field("b", INT)),
    )
