"""`fit_arguments`: what is passed, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.resolve.caller_projects import found, passed, refused, registry
from wfcompile.resolve.callers import Caller
from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    RecordType,
    Type,
    union,
)

AN_INT = "write a whole number, such as 3"
A_DATE = "write a date, such as 2024-01-31"
A_LIST = "write a list: [first, second]"
A_MAP = "write a mapping: {key: value}"
TASKS = """\
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, NewType, TypedDict

from pydantic import BaseModel, Field, SecretStr
from wfruntime import CallerSecret, Result, tag

UserId = NewType("UserId", int)


class Mode(enum.Enum):
    FULL = "full"
    DELTA = "delta"


class Keys(BaseModel):
    token: CallerSecret
    scopes: list[str] = []


class Auth(BaseModel):
    kind: Literal["basic", "bearer"]
    keys: Keys
    user: str = Field("me", alias="userName")
    retries: int = 3


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    legs: int


class Free(BaseModel, extra="allow"):
    a: int


@dataclass
class Window:
    start: date
    stop: date | None = None


class Point(NamedTuple):
    x: int
    y: int = 0


class Row(TypedDict):
    id: int
    name: str
"""
ROW = RecordType("tasks", "Row", "typeddict", (Field("id", INT), Field("name", STR)))
MAP = MapType(STR, UNKNOWN)


def caller(folder: Path, parameters: str) -> Caller:
    """A caller with these parameters; its head is on line 60."""
    head = TASKS + "\n" * (59 - TASKS.count("\n"))
    source = f'{head}@tag("v1")\ndef f({parameters}) -> dict[str, int]: ...\n'
    return found(registry(folder, {"tasks.py": source}), "tasks/f@v1")


# --- which arguments there are ---


def test_arguments_come_in_the_order_of_the_yaml_and_injected_ones_last(
    tmp_path: Path,
) -> None:
    parameters = "extras: dict[str, Any], result: Result, a: int, *, b: str = ''"
    assert passed(caller(tmp_path, parameters), "  b: x\n  a: 1") == (
        'b="x", a=1, result=ctx.result, extras=ctx.extras'
    )


def test_a_private_parameter_is_given_without_its_sign(tmp_path: Path) -> None:
    taken = caller(tmp_path, "_exec: str, n: int = 0")
    assert passed(taken, "  exec: run") == '_exec="run"'
    assert refused(taken, "  _exec: run\n  exec: run") == [
        'x.yml:3:3 WF402 caller "f@v1" has no argument "_exec"',
        "  tasks.py:60: arguments are exec, n",
        '  help: write "exec"',
    ]


@pytest.mark.parametrize(
    ("parameters", "printed"),
    [
        (
            "a: int, **more: Any",
            'a=1, b="two", c=[3], result=ctx.result, extras=ctx.extras',
        ),
        ("a: int, **more", 'a=1, b="two", c=[3], result=ctx.result, extras=ctx.extras'),
        (
            "a: int, result: Result, **more: str | list[int]",
            'a=1, b="two", c=[3], result=ctx.result',
        ),
    ],
)
def test_other_arguments_go_to_the_keywords(
    tmp_path: Path, parameters: str, printed: str
) -> None:
    taken = caller(tmp_path, parameters)
    assert passed(taken, "  a: '1'\n  b: two\n  c: [3]") == printed


def test_keywords_have_a_type_and_a_python_name(tmp_path: Path) -> None:
    taken = caller(tmp_path, "**more: int")
    assert refused(taken, "  a: x\n  b-c: 1\n  class: 2") == [
        'x.yml:3:6 WF404 argument "a" is "x", expected int',
        "  tasks.py:60: arguments are any other",
        f"  help: {AN_INT}",
        'x.yml:4:3 WF407 argument "b-c" is no Python name',
        "  tasks.py:60: arguments are any other",
        '  help: write "b_c"',
        'x.yml:5:3 WF407 argument "class" is no Python name',
        "  tasks.py:60: arguments are any other",
        '  help: write "class_"',
    ]


def test_an_unknown_argument(tmp_path: Path) -> None:
    taken = caller(tmp_path, "method: str, writing_node: str, result: Result")
    assert refused(taken, "  method: post\n  writing_mode: flatten") == [
        'x.yml:4:3 WF402 caller "f@v1" has no argument "writing_mode"',
        "  tasks.py:60: arguments are method, writing_node",
        '  help: did you mean "writing_node"?',
    ]


def test_arguments_of_a_caller_that_takes_none(tmp_path: Path) -> None:
    assert refused(caller(tmp_path, "result: Result"), "  a: 1") == [
        'x.yml:3:3 WF402 caller "f@v1" has no argument "a"',
        "  tasks.py:60: it takes no arguments",
    ]


def test_missing_arguments(tmp_path: Path) -> None:
    taken = caller(tmp_path, "a: int, b: str, c: int = 0, result: Result = None")
    assert refused(taken, "  c: 1") == [
        'x.yml:1:7 WF403 caller "f@v1" needs the arguments "a", "b"',
        "  tasks.py:60: arguments are a, b, c",
        '  help: give them below "with"',
    ]
    assert refused(taken, "  a: 1") == [
        'x.yml:1:7 WF403 caller "f@v1" needs the argument "b"',
        "  tasks.py:60: arguments are a, b, c",
        '  help: give it below "with"',
    ]


@pytest.mark.parametrize("name", ["result", "extras"])
def test_what_the_runtime_gives_cannot_be_given(tmp_path: Path, name: str) -> None:
    assert refused(caller(tmp_path, f"{name}: Any"), f"  {name}: 1") == [
        f'x.yml:3:3 WF405 argument "{name}" is given by the runtime',
        "  tasks.py:60: it takes no arguments",
        "  help: leave it out",
    ]


def test_what_is_taken_by_position_only_cannot_be_given(tmp_path: Path) -> None:
    taken = caller(tmp_path, "a: int, b: int = 0, /, c: int = 0")
    told = 'WF406 caller "f@v1" takes "{}" by position only, which "with" cannot give'
    rest = [
        "  tasks.py:60: arguments are a, b, c",
        '  help: remove the "/" from its parameters',
    ]
    assert refused(taken, "  b: 1") == [
        f"x.yml:1:7 {told.format('a')}",
        *rest,
        f"x.yml:3:3 {told.format('b')}",
        *rest,
    ]
    assert passed(caller(tmp_path, "a: int = 0, /, c: int = 0"), "  c: 1") == "c=1"


# --- constants ---


@pytest.mark.parametrize(
    ("annotation", "written", "printed"),
    [
        ("int", "'10'", "10"),
        ("float", "5", "5.0"),
        ("bool", "'yes'", "True"),
        ("str", "'5'", '"5"'),
        ("date", "'2024-01-31'", "date(2024, 1, 31)"),
        ("datetime", "2024-01-31", "datetime(2024, 1, 31)"),
        ("datetime", "'1700000000'", 'rt.to(datetime, "1700000000")'),
        ("Decimal", "1.5", 'Decimal("1.5")'),
        ("Path", "a/b", 'Path("a/b")'),
        ("bytes", "abc", 'bytes("abc", "utf-8")'),
        ("CallerSecret", "abc", 'rt.CallerSecret("abc")'),
        ("SecretStr", "abc", 'pydantic.SecretStr("abc")'),
        ("UserId", "'7'", "tasks.UserId(7)"),
        ("Mode", "full", 'tasks.Mode("full")'),
        ("int | None", "null", "None"),
        ("int | None", "'3'", "3"),
        ("int | str", "'3'", '"3"'),
        ("str | int", "3", "3"),
        ('Literal["a", 1]', "1", "1"),
        ("Any", "{a: [1, x]}", '{"a": [1, "x"]}'),
        ("list[int]", "['1', 2]", "[1, 2]"),
        ("list[Mode]", "[full]", '[tasks.Mode("full")]'),
        ("Sequence[float]", "[]", "[]"),
        ("dict[int, float]", "{1: 2}", "{1: 2.0}"),
        ("tuple[int, str]", "['1', b]", '(1, "b")'),
        ("tuple[int, ...]", "[1, 2, 3]", "(1, 2, 3)"),
        ("tuple[int, ...]", "[1]", "(1,)"),
        ("tuple[int]", "[1]", "(1,)"),
        ("set[date]", "[2024-01-31]", "{date(2024, 1, 31)}"),
        ("frozenset[str]", "[a]", 'frozenset({"a"})'),
        ("Iterable[int]", "['1']", "[1]"),
        ("Nowhere", "x", '"x"'),
        ("dict[str, dict[str, int]]", "{a: {b: '1'}}", '{"a": {"b": 1}}'),
    ],
)
def test_constants_are_converted(
    tmp_path: Path, annotation: str, written: str, printed: str
) -> None:
    taken = caller(tmp_path, f"a: {annotation}")
    assert passed(taken, f"  a: {written}") == f"a={printed}"


@pytest.mark.parametrize(
    ("annotation", "written", "message", "help"),
    [
        ("int", "abc", 'is "abc", expected int', AN_INT),
        ("int", "null", "is None, expected int", AN_INT),
        ("int", "2.5", "is 2.5, expected int", AN_INT),
        ("str", "5", "is 5, expected str", 'write it in quotes: "5"'),
        ("str", "true", "is true, expected str", 'write it in quotes: "true"'),
        (
            "str",
            "2024-01-31",
            "is 2024-01-31, expected str",
            'write it in quotes: "2024-01-31"',
        ),
        (
            "str",
            "null",
            "is None, expected str",
            'write a text, or "" for an empty one',
        ),
        ("str", "[a]", "is a list, expected str", "give one of its items"),
        ("date", "soon", 'is "soon", expected date', A_DATE),
        ("date", "'2024-02-30'", 'is "2024-02-30", expected date', A_DATE),
        ("list[int]", "5", "is 5, expected list[int]", "put it into a list: [5]"),
        ("list[int]", "x", 'is "x", expected list[int]', A_LIST),
        ("list[int]", "{a: 1}", "is a mapping, expected list[int]", A_LIST),
        ("dict[str, int]", "[1]", "is a list, expected dict[str, int]", A_MAP),
        (
            "int | list[int]",
            "{}",
            "is a mapping, expected int or list[int]",
            "write a whole number, such as 3, or a list: [first, second]",
        ),
        (
            "Mode",
            "fulll",
            'is "fulll", expected "full" or "delta"',
            'did you mean "full"?',
        ),
        (
            'Literal["flatten", "jsonl"]',
            "flaten",
            'is "flaten", expected "flatten" or "jsonl"',
            'did you mean "flatten"?',
        ),
        (
            'Literal["a", "b"] | None',
            "c",
            'is "c", expected "a" or "b"',
            None,
        ),
        (
            "tuple[int, int]",
            "[1]",
            "is a list of 1, expected 2 items",
            "write a list of 2: [int, int]",
        ),
        (
            "Auth",
            "secret",
            'is "secret", expected Auth',
            "write its fields here: kind, keys, userName, retries",
        ),
        ("Row", "[1, x]", "is a list, expected Row", "write its fields here: id, name"),
        ("UserId", "x", 'is "x", expected int', AN_INT),
    ],
)
def test_constants_that_never_fit(
    tmp_path: Path, annotation: str, written: str, message: str, help: str | None
) -> None:
    taken = caller(tmp_path, f"a: {annotation}")
    assert refused(taken, f"  a: {written}") == [
        f'x.yml:3:6 WF404 argument "a" {message}',
        "  tasks.py:60: arguments are a",
        *([f"  help: {help}"] if help else []),
    ]


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    written = "  a: |\n    a long text that goes on\n    and on until nobody reads it\n"
    assert refused(caller(tmp_path, "a: int"), written)[0] == (
        'x.yml:3:6 WF404 argument "a" is "a long text that goes on and on until...", '
        "expected int"
    )


def test_parts_have_their_own_place_and_name(tmp_path: Path) -> None:
    taken = caller(tmp_path, "a: dict[str, list[int]], b: dict[int, str]")
    assert refused(taken, "  a: {rows: [1, x, 2]}\n  b: {one: 1}") == [
        'x.yml:3:17 WF404 argument "a.rows[1]" is "x", expected int',
        "  tasks.py:60: arguments are a, b",
        f"  help: {AN_INT}",
        'x.yml:4:7 WF404 argument "b.one" is "one", expected int',
        "  tasks.py:60: arguments are a, b",
        f"  help: {AN_INT}",
        'x.yml:4:12 WF404 argument "b.one" is 1, expected str',
        "  tasks.py:60: arguments are a, b",
        '  help: write it in quotes: "1"',
    ]


# --- records ---

AUTH = "kind: bearer, keys: {token: t, scopes: [a]}, userName: x, retries: '5'"


def test_a_model_validates_what_the_yaml_says(tmp_path: Path) -> None:
    assert passed(caller(tmp_path, "a: Auth"), f"  a: {{{AUTH}}}") == (
        "a=tasks.Auth.model_validate({ "
        '"kind": "bearer", '
        '"keys": { "token": "t", "scopes": ["a"], }, '
        '"userName": "x", "retries": "5", })'
    )


def test_mistakes_inside_a_model(tmp_path: Path) -> None:
    written = """\
  a:
    kind: bearr
    keys: {tokn: t, scopes: [1]}
    user: x
    retries: many
"""
    fields = "  tasks.py:25: fields are kind, keys, userName, retries"
    keys = "  tasks.py:20: fields are token, scopes"
    assert refused(caller(tmp_path, "a: Auth"), written) == [
        'x.yml:4:11 WF404 argument "a.kind" is "bearr", expected "basic" or "bearer"',
        fields,
        '  help: did you mean "bearer"?',
        'x.yml:5:12 WF402 argument "a.keys" has no field "tokn"',
        keys,
        '  help: did you mean "token"?',
        'x.yml:5:30 WF404 argument "a.keys.scopes[0]" is 1, expected str',
        keys,
        '  help: write it in quotes: "1"',
        'x.yml:6:5 WF402 argument "a" has no field "user"',
        fields,
        '  help: it is read from "userName"',
        'x.yml:7:14 WF404 argument "a.retries" is "many", expected int',
        fields,
        f"  help: {AN_INT}",
    ]


def test_missing_fields(tmp_path: Path) -> None:
    assert refused(
        caller(tmp_path, "a: Auth, b: list[Row]"), "  a: {}\n  b: [{id: 1}]"
    ) == [
        'x.yml:3:6 WF403 argument "a" needs the fields "kind", "keys"',
        "  tasks.py:25: fields are kind, keys, userName, retries",
        '  help: give it below "a"',
        'x.yml:4:7 WF403 argument "b[0]" needs the field "name"',
        f"  tasks.py:{TASKS[: TASKS.index('class Row')].count(chr(10)) + 1}: "
        "fields are id, name",
        '  help: give it below "b[0]"',
    ]


@pytest.mark.parametrize(
    ("annotation", "written", "printed"),
    [
        (
            "Free",
            "{a: 1, more: x}",
            'tasks.Free.model_validate({ "a": 1, "more": "x", })',
        ),
        ("Free | None", "{a: 1}", 'tasks.Free.model_validate({"a": 1})'),
        (
            "Cat | Dog",
            "{kind: dog, legs: 4}",
            'tasks.Dog.model_validate({ "kind": "dog", "legs": 4, })',
        ),
        ("Window", "{start: '2024-01-31'}", "tasks.Window(start=date(2024, 1, 31))"),
        ("Point", "{y: '2', x: 1}", "tasks.Point( y=2, x=1, )"),
        ("Point", "['1', 2]", "tasks.Point( x=1, y=2, )"),
        ("Row", "{id: '1', name: x}", '{ "id": 1, "name": "x", }'),
        (
            "dict[str, Window]",
            "{w: {start: 2024-01-31}}",
            '{"w": tasks.Window(start=date(2024, 1, 31))}',
        ),
    ],
)
def test_records_are_built(
    tmp_path: Path, annotation: str, written: str, printed: str
) -> None:
    taken = caller(tmp_path, f"a: {annotation}")
    assert passed(taken, f"  a: {written}") == f"a={printed}"


def test_the_member_that_is_meant_is_the_one_whose_mistake_is_told(
    tmp_path: Path,
) -> None:
    assert refused(caller(tmp_path, "a: Cat | Dog"), "  a: {kind: dog, lives: 9}") == [
        'x.yml:3:6 WF403 argument "a" needs the field "legs"',
        "  tasks.py:37: fields are kind, legs",
        '  help: give it below "a"',
        'x.yml:3:18 WF402 argument "a" has no field "lives"',
        "  tasks.py:37: fields are kind, legs",
    ]
    assert refused(caller(tmp_path, "a: Cat | Dog"), "  a: {kind: cow}") == [
        'x.yml:3:13 WF404 argument "a.kind" is "cow", expected "cat" or "dog"',
        "  tasks.py:60: arguments are a",
    ]


# --- values of the run ---

OPTIONAL_STR = union((STR, NONE))
OPTIONAL_INT = union((INT, NONE))


@pytest.mark.parametrize(
    ("annotation", "type_", "printed"),
    [
        ("str", STR, "x"),
        ("float", INT, "float(x)"),
        ("int", STR, "rt.to(int, x)"),
        ("str", OPTIONAL_STR, "rt.to(str, x)"),
        ("int", UNKNOWN, "rt.to(int, x)"),
        ("date", DATETIME, "rt.to(date, x)"),
        ("datetime", DATE, "rt.to(datetime, x)"),
        ("Path", STR, "rt.to(Path, x)"),
        ("object", STR, "x"),
        ("Any", OPTIONAL_INT, "x"),
        ("int | None", INT, "x"),
        ("int | None", OPTIONAL_INT, "x"),
        ("int | None", OPTIONAL_STR, "None if x is None else rt.to(int, x)"),
        ("int | None", UNKNOWN, "None if x is None else rt.to(int, x)"),
        ("int | str", UNKNOWN, "x"),
        ("int | str", OPTIONAL_STR, "rt.to(str, x)"),
        ("list[str] | None", UNKNOWN, "None if x is None else rt.to(list[str], x)"),
        ("CallerSecret", STR, "rt.CallerSecret(x)"),
        ("CallerSecret", UNKNOWN, "rt.CallerSecret(rt.to(str, x))"),
        ("bytes", OPTIONAL_STR, 'bytes(rt.to(str, x), "utf-8")'),
        ("UserId", STR, "tasks.UserId(rt.to(int, x))"),
        ("Mode", STR, "tasks.Mode(x)"),
        ("Mode", OPTIONAL_STR, "tasks.Mode(rt.to(str, x))"),
        ('Literal["a", "b"]', LiteralType(("a",)), "x"),
        ('Literal["a", "b"]', STR, 'rt.pick({ "a": "a", "b": "b", }, x)'),
        (
            'Literal["a"] | None',
            UNKNOWN,
            'None if x is None else rt.pick({"a": "a"}, x)',
        ),
        ("list[int]", UNKNOWN, "rt.to(list[int], x)"),
        ("list[int]", ListType(UNKNOWN), "rt.to(list[int], x)"),
        ("list[int]", ListType(INT), "x"),
        ("list[float]", ListType(INT), "rt.to(list[float], x)"),
        ("list[int]", ListType(STR), "rt.to(list[int], x)"),
        ("list[int]", ListType(BOOL), "rt.to(list[int], x)"),
        ("dict[str, float]", MapType(STR, INT), "rt.to(dict[str, float], x)"),
        ("list[list[float]]", ListType(ListType(INT)), "rt.to(list[list[float]], x)"),
        ("dict[str, Any]", ROW, "dict(x)"),
        ("list[dict[str, Any]]", ListType(ROW), "rt.literal(x)"),
        ("Row", MAP, "rt.literal(x)"),
        ("Row", UNKNOWN, "x"),
        ("set[int]", ListType(INT), "set(x)"),
        ("tuple[int, ...]", UNKNOWN, "tuple(x)"),
        ("tuple[int, int]", ListType(INT), "rt.literal(tuple(x))"),
        ("Iterable[int]", ListType(INT), "x"),
        ("Free", MAP, "tasks.Free.model_validate(x)"),
        ("Free", UNKNOWN, "tasks.Free.model_validate(x)"),
        ("Free | None", MAP, "tasks.Free.model_validate(x)"),
        ("Window", UNKNOWN, "rt.to(tasks.Window, x)"),
        ("Nowhere", STR, "x"),
    ],
)
def test_values_of_the_run(
    tmp_path: Path, annotation: str, type_: Type, printed: str
) -> None:
    taken = caller(tmp_path, f"a: {annotation}")
    source = passed(taken, "  a: $x", {"x": type_})
    assert source.replace("ctx.params.x", "x") == f"a={printed}"


@pytest.mark.parametrize(
    ("annotation", "type_", "message", "help"),
    [
        ("str", INT, "is int, expected str", "make a text of it: | str"),
        (
            "int",
            ListType(STR),
            "is list[str], expected int",
            "give one of its items: | getindex(0)",
        ),
        ("int", DATE, "is date, expected int", AN_INT),
        ("int", LiteralType(("a", "b")), 'is "a" or "b", expected int', AN_INT),
        ("bool", DATE, "is date, expected bool", "write true or false"),
        ("list[str]", STR, "is str, expected list[str]", "put it into a list: [$x]"),
        (
            "list[str]",
            union((ListType(STR), NONE)),
            "is list[str] or None, expected list[str]",
            "give it a value first: | coalesce(...)",
        ),
        ("dict[str, int]", ROW, "is Row, expected dict[str, int]", A_MAP),
        (
            "Window",
            MAP,
            "is dict[str, Any], expected Window",
            "write its fields here: start, stop",
        ),
        (
            "Auth",
            STR,
            "is str, expected Auth",
            "write its fields here: kind, keys, userName, retries",
        ),
        (
            "Auth",
            MapType(STR, FLOAT),
            "is dict[str, float], expected Auth",
            "write its fields here: kind, keys, userName, retries",
        ),
        ('Literal["a"]', INT, 'is int, expected "a"', None),
    ],
)
def test_values_of_the_run_that_never_fit(
    tmp_path: Path, annotation: str, type_: Type, message: str, help: str | None
) -> None:
    taken = caller(tmp_path, f"a: {annotation}")
    assert refused(taken, "  a: $x", {"x": type_}) == [
        f'x.yml:3:6 WF404 argument "a" {message}',
        "  tasks.py:60: arguments are a",
        *([f"  help: {help}"] if help else []),
    ]


def test_inside_a_model_nothing_is_converted(tmp_path: Path) -> None:
    taken = caller(tmp_path, "a: Auth")
    written = "  a: {kind: $k, keys: $m, retries: $r}"
    types: dict[str, Type] = {"k": STR, "m": MAP, "r": OPTIONAL_STR}
    assert passed(taken, written, types) == (
        'a=tasks.Auth.model_validate({ "kind": ctx.params.k, "keys": ctx.params.m, '
        '"retries": ctx.params.r, })'
    )


def test_what_was_reported_before_is_silent(tmp_path: Path) -> None:
    taken = caller(tmp_path, "a: int, b: Row")
    assert passed(taken, "  a: $x\n  b: {id: $x, name: $x}", {"x": UNKNOWN}) == (
        'a=rt.to(int, ctx.params.x), b={ "id": rt.to(int, ctx.params.x), '
        '"name": rt.to(str, ctx.params.x), }'
    )
