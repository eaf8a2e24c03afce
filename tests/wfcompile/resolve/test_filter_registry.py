"""`FilterRegistry`: built-in and custom filters, what they take and what comes out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import wfruntime.filters

from tests.wfcompile.resolve.caller_projects import told, write
from wfcompile import ir
from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.callers import CallerRegistry, CallerRoot
from wfcompile.resolve.filters import FilterRegistry, FilterSignature, Problem
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

COUNTS = MapType(STR, INT)
ROW = RecordType("tasks", "Row", "typeddict", (Field("a", INT), Field("b", STR)))
OPTIONAL_STR = union((STR, NONE))
BUILT_IN = FilterRegistry([], ["ddeutil.workflow.reusables"])
VALUE = ir.Param("x")
NOT_NONE = ir.Call("rt.not_none", (VALUE, ir.Const("x | f")))


def built_in(name: str) -> FilterSignature:
    signature = BUILT_IN.find(name)
    assert signature is not None
    return signature


def test_the_built_in_ones_are_those_of_the_runtime() -> None:
    names = [name for name in wfruntime.filters.__all__ if name.islower()]
    assert BUILT_IN.names() == sorted(names)
    assert (built_in("fmt").module, built_in("fmt").function) == (None, "fmt")
    assert BUILT_IN.find("reverse") is None


@pytest.mark.parametrize(
    ("name", "value", "args", "result"),
    [
        ("abs", INT, [], INT),
        ("abs", FLOAT, [], FLOAT),
        ("abs", BOOL, [], INT),
        ("str", COUNTS, [], STR),
        ("int", STR, [], INT),
        ("int", FLOAT, [], INT),
        ("int", OPTIONAL_STR, [], INT),
        ("list", STR, [], ListType(STR)),
        ("list", COUNTS, [], ListType(STR)),
        ("list", ListType(INT), [], ListType(INT)),
        ("list", UNKNOWN, [], ListType(UNKNOWN)),
        ("dict", COUNTS, [], COUNTS),
        ("dict", ListType(UNKNOWN), [], MapType(UNKNOWN, UNKNOWN)),
        ("upper", STR, [], STR),
        ("upper", LiteralType(("a", "b")), [], STR),
        ("title", UNKNOWN, [], STR),
        ("keys", COUNTS, [], UNKNOWN),
        ("keys", ROW, [], UNKNOWN),
        ("rstr", NONE, [], STR),
        ("fmt", DATETIME, [], STR),
        ("fmt", DATETIME, [STR], STR),
        ("coalesce", OPTIONAL_STR, [INT], union((STR, INT))),
        ("coalesce", OPTIONAL_STR, [LiteralType(("x",))], STR),
        ("coalesce", NONE, [STR], STR),
        ("coalesce", UNKNOWN, [STR], UNKNOWN),
        ("coalesce", union((ListType(INT), NONE)), [ListType(INT)], ListType(INT)),
        ("getitem", COUNTS, [STR], union((INT, NONE))),
        ("getitem", COUNTS, [STR, STR], union((INT, STR))),
        ("getitem", COUNTS, [STR, NONE], union((INT, NONE))),
        ("getitem", ROW, [LiteralType(("a",))], UNKNOWN),
        ("getitem", MapType(STR, UNKNOWN), [STR], UNKNOWN),
        ("getindex", ListType(STR), [INT], STR),
        ("getindex", ListType(ListType(INT)), [INT], ListType(INT)),
        ("getindex", UNKNOWN, [INT], UNKNOWN),
    ],
)
def test_results(name: str, value: Type, args: list[Type], result: Type) -> None:
    signature = built_in(name)
    assert signature.problem(value, args, []) is None
    assert signature.result(value, args) == result


def test_arguments_by_name() -> None:
    signature = built_in("getitem")
    keywords = [("key", STR), ("default", STR)]
    assert signature.problem(COUNTS, [], keywords) is None
    assert signature.result(COUNTS, [], keywords) == union((INT, STR))
    assert built_in("fmt").problem(DATETIME, [], [("fmt", STR)]) is None


@pytest.mark.parametrize(
    ("name", "value", "args", "keywords", "problem"),
    [
        ("abs", STR, [], [], Problem("takes a number, found str")),
        ("int", COUNTS, [], [], Problem("takes str or a number, found dict[str, int]")),
        ("list", INT, [], [], Problem("takes a list, found int")),
        ("dict", STR, [], [], Problem("takes a map or a list, found str")),
        (
            "upper",
            INT,
            [],
            [],
            Problem("takes str, found int", "make a text of it first: | str"),
        ),
        ("fmt", DATE, [], [], Problem("takes datetime, found date")),
        ("getitem", ListType(INT), [INT], [], Problem("takes a map, found list[int]")),
        ("getindex", COUNTS, [INT], [], Problem("takes a list, found dict[str, int]")),
        (
            "getindex",
            union((ListType(INT), NONE)),
            [INT],
            [],
            Problem(
                "takes a list, found list[int] or None",
                "give it a value first: | coalesce(...)",
            ),
        ),
        ("upper", NONE, [], [], Problem("takes str, found None")),
        ("rstr", STR, [STR], [], Problem("takes no arguments, found 1")),
        ("fmt", DATETIME, [STR, STR], [], Problem("takes 1 argument, found 2")),
        ("getitem", COUNTS, [STR] * 3, [], Problem("takes 2 arguments, found 3")),
        ("coalesce", STR, [], [], Problem('needs the argument "default"')),
        (
            "getindex",
            ListType(INT),
            [STR],
            [],
            Problem('takes int as "index", found str'),
        ),
        (
            "fmt",
            DATETIME,
            [],
            [("fm", STR)],
            Problem('has no argument "fm"', 'did you mean "fmt"?'),
        ),
        (
            "fmt",
            DATETIME,
            [],
            [("zone", STR)],
            Problem('has no argument "zone"', "its arguments are fmt"),
        ),
        ("fmt", DATETIME, [STR], [("fmt", STR)], Problem('is given "fmt" twice')),
    ],
)
def test_problems(
    name: str,
    value: Type,
    args: list[Type],
    keywords: list[tuple[str, Type]],
    problem: Problem,
) -> None:
    assert built_in(name).problem(value, args, keywords) == problem


@pytest.mark.parametrize(
    ("name", "type_", "passed"),
    [
        ("int", STR, VALUE),
        ("int", OPTIONAL_STR, NOT_NONE),
        ("fmt", union((DATETIME, NONE)), NOT_NONE),
        ("str", OPTIONAL_STR, VALUE),
        ("coalesce", OPTIONAL_STR, VALUE),
        ("upper", UNKNOWN, VALUE),
    ],
)
def test_a_value_that_may_be_none_is_asked(
    name: str, type_: Type, passed: ir.Expr
) -> None:
    assert built_in(name).passed(VALUE, type_, "x | f") == passed


# --- custom ones ---

CUSTOM = """\
from typing import TypeVar
from wfruntime import custom_filter

raise SystemExit

T = TypeVar("T")


@custom_filter("times")
def times(value, n: int = 2, *, sep: str = ""):
    return sep.join([str(value)] * n)


@custom_filter("suffix")
def add_suffix(value: str, text) -> str: ...


@custom_filter(name="first")
def first_of(values: list[T], *others: T) -> T: ...


@custom_filter("upper")
def shout(value: int) -> int: ...
"""


def project(
    folder: Path, sources: dict[str, str], *filters: str, package: str = ""
) -> tuple[FilterRegistry, Diagnostics]:
    write(folder, sources)
    diagnostics = Diagnostics()
    return (
        FilterRegistry([CallerRoot(folder, package)], filters, diagnostics),
        diagnostics,
    )


def custom(registry: FilterRegistry, name: str) -> FilterSignature:
    signature = registry.find(name)
    assert signature is not None
    return signature


def test_custom_filters_of_the_modules_of_the_settings(tmp_path: Path) -> None:
    registry, diagnostics = project(
        tmp_path, {"own.py": CUSTOM}, "ddeutil.workflow.reusables", "nowhere", "own"
    )
    times = custom(registry, "times")
    assert (times.module, times.function, times.root) == ("own", "times", tmp_path)
    assert times.problem(STR, [INT], [("sep", STR)]) is None
    assert times.result(STR, []) == UNKNOWN
    assert times.problem(STR, [INT, STR], []) == Problem("takes 1 argument, found 2")
    suffix = custom(registry, "suffix")
    assert suffix.problem(INT, [STR], []) == Problem(
        "takes str, found int",
        "let its hint allow int, if it works with that",
        suffix.place,
    )
    assert suffix.problem(STR, [], []) == Problem('needs the argument "text"')
    assert custom(registry, "first").result(ListType(INT), [STR, STR]) == INT
    assert told(diagnostics) == []
    assert "own" not in sys.modules


def test_a_built_in_filter_wins(tmp_path: Path) -> None:
    registry, _ = project(tmp_path, {"own.py": CUSTOM}, "own")
    assert custom(registry, "upper").module is None
    assert registry.names() == sorted({*BUILT_IN.names(), "times", "suffix", "first"})


def test_of_two_custom_ones_the_first_module_wins(tmp_path: Path) -> None:
    registry, _ = project(tmp_path, {"a.py": CUSTOM, "b.py": CUSTOM}, "b", "a")
    assert custom(registry, "times").module == "b"


def test_a_filter_module_can_be_named_below_its_package(tmp_path: Path) -> None:
    sources = {"jobs/own.py": CUSTOM}
    by_package, _ = project(tmp_path, sources, "own", package="jobs")
    by_import, _ = project(tmp_path, sources, "jobs.own")
    assert custom(by_package, "times").module == "jobs.own"
    assert custom(by_import, "times").module == "jobs.own"


def test_a_filter_module_that_is_no_python_is_told(tmp_path: Path) -> None:
    registry, diagnostics = project(tmp_path, {"own.py": "def f(:\n"}, "own")
    assert registry.names() == BUILT_IN.names()
    assert told(diagnostics) == [
        'own.py:1:7 WF411 filter module "own" cannot be read: it is not Python',
        "  help: mend the file",
    ]
    assert list(registry.mistakes) == list(diagnostics)


def test_an_import_from_the_interpreter_is_told(tmp_path: Path) -> None:
    source = CUSTOM.replace("from wfruntime", "from ddeutil.workflow.reusables")
    registry, diagnostics = project(tmp_path, {"own.py": source}, "own")
    assert custom(registry, "times").module == "own"
    assert told(diagnostics) == [
        'own.py:2:40 WF502 "custom_filter" is imported from the package of the '
        "interpreter, which a production host need not have",
        "  help: import wfruntime in its place",
    ]


def test_files_of_callers_are_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, {"own.py": CUSTOM})
    roots = [CallerRoot(tmp_path, "")]
    callers = CallerRegistry(roots)
    filters = FilterRegistry(roots, ["own"], sources=callers.sources)
    assert custom(filters, "times").module == "own"
    (tmp_path / "own.py").unlink()
    assert callers.sources.module("own") is not None
