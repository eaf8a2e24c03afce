"""Emitted calls against pydantic's lax mode, which the interpreter asks, and against mypy.

Every annotation meets every value. What we refuse pydantic refuses, but for what is refused on
purpose; what we pass is what pydantic would have passed.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pydantic
import pytest
import wfruntime as rt
from pydantic import ValidationError

from tests.wfcompile.resolve.caller_projects import fitted, found
from tests.wfcompile.resolve.yaml_values import mapping_of
from wfcompile.nodes import plain_value
from wfcompile.resolve.callers import Caller, CallerRegistry, CallerRoot
from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
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

ROOT = Path(__file__).parents[3]
ANNOTATIONS = """\
int
float
bool
str
bytes
Decimal
date
datetime
Path
None
object
int | None
Optional[str]
int | str
Literal["full", "delta"]
Literal[1, 2]
Literal["a"] | None
list[int]
list[Any]
dict[str, int]
dict[int, str]
Mapping[str, float]
Sequence[date]
dict[str, list[int]]
tuple[int, str]
tuple[int, ...]
set[int]
frozenset[str]
list[tuple[int, int]]
UserId
Mode
Level
CallerSecret
SecretStr
UUID
Inner
Model
Model | None
Aliased
ByName
Strict
Data
Row
list[Row]
Pair
list[Pair]
Cat | Dog
list[Inner] | dict[str, Inner]
Annotated[int, "x"]
int | list[int]
dict[str, int | None]
dict[str, Mode]
dict[str, Data]""".splitlines()
CONSTANTS = """\
5
0
1
1.0
2.5
true
null
abc
"10"
" 12 "
"1_000"
"10.0"
"2.5"
"TRUE"
"full"
"1"
a
2024-01-31
2024-01-31 10:00:00
2024-01-31 00:00:00
"2024-01-31"
"2024-01-31T10:00:00"
"2024-01-31T10:00:00Z"
"2024-02-30"
"2024-01-31T25:00"
"2024-01-31T10:00:00.5"
"1700000000"
"nan"
"12345678-1234-5678-1234-567812345678"
[]
[1, 2]
["1", "2"]
[1, b]
[[1, 2], [3, "4"]]
["2024-01-31"]
[null]
[{a: 1}, {a: "2", b: x}]
[{n: 1}]
[{x: 1}, [2, y]]
{}
{a: 1}
{"1": x}
{a: null}
{a: [1, "2"]}
{a: full}
{n: "1", t: 5}
{n: 1, q: 2}
{path: p, inner: {n: 1}, items: [{n: "2"}], kind: b}
{path: p, inner: {n: 1}, kind: c}
{path: 5, inner: {n: 1}}
{theLabel: x, o: "3"}
{label: x}
{theLabel: x, more: 1}
{x: "1", y: q, z: ["3"]}
{x: 1, z: [a]}
{a: 1, c: 2}
{k: {x: 1}}
{kind: dog, legs: 4}
{kind: cat, legs: 4}""".splitlines()

ON_PURPOSE = {
    ("Inner", "{n: 1, q: 2}"),
    ("Aliased", "{theLabel: x, more: 1}"),
    ("Row", "{a: 1, c: 2}"),
}
"""A key that is no field is a mistake, although pydantic leaves it out in silence."""

ROW = RecordType(
    "lax_calls", "Row", "typeddict", (Field("a", INT), Field("b", STR, False))
)
RUN_VALUES: dict[str, tuple[Type, list[Any]]] = {
    "int": (INT, [5, 0, 1]),
    "str": (STR, ["5", "abc", "full", "2024-01-31", "yes", "2.5"]),
    "float": (FLOAT, [2.0, 2.5]),
    "bool": (BOOL, [True]),
    "date": (DATE, [date(2024, 1, 31)]),
    "datetime": (DATETIME, [datetime(2024, 1, 31), datetime(2024, 1, 31, 5)]),
    "Decimal": (DECIMAL, [Decimal("2"), Decimal("2.5")]),
    "str | None": (union((STR, NONE)), ["5", "x", "full", None]),
    "int | None": (union((INT, NONE)), [5, None]),
    "Any": (UNKNOWN, [5, "5", None, [1, 2], {"a": 1}, {"n": 1}, "full", 2.5]),
    "list[int]": (ListType(INT), [[1, 2], []]),
    "list[Any]": (ListType(UNKNOWN), [[1, 2], ["a"], [[1, 2]], [{"a": 1}]]),
    "list[list[int]]": (ListType(ListType(INT)), [[[1, 2]]]),
    "dict[str, Any]": (MapType(STR, UNKNOWN), [{"a": 1}, {"n": 1}, {"theLabel": "x"}]),
    "dict[str, int]": (MapType(STR, INT), [{"a": 1}, {"n": 2}]),
    "lax_calls.Row": (ROW, [{"a": 1}, {"a": 1, "b": "x"}]),
    "list[lax_calls.Row]": (ListType(ROW), [[{"a": 1}], []]),
    'Literal["full", "delta"]': (LiteralType(("full", "delta")), ["full", "delta"]),
    "list[str] | None": (union((ListType(STR), NONE)), [["a"], None]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`lax_calls.py` with a caller for each annotation."""
    folder = tmp_path_factory.mktemp("lax")
    source = (Path(__file__).parent / "lax_callers.py").read_text(encoding="utf-8")
    for number, annotation in enumerate(ANNOTATIONS):
        head = f"def f{number}(value: {annotation}) -> dict[str, Any]:"
        source += f'\n\n@tag("v1")\n{head}\n    return outputs(value)\n'
    (folder / "lax_calls.py").write_text(source, encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    sys.modules.pop("lax_calls", None)


@pytest.fixture(scope="module")
def module(folder: Path) -> ModuleType:
    importlib.invalidate_caches()
    return importlib.import_module("lax_calls")


@pytest.fixture(scope="module")
def callers(folder: Path) -> dict[str, Caller]:
    registry = CallerRegistry([CallerRoot(folder, "")])
    return {
        annotation: found(registry, f"lax_calls/f{number}@v1")
        for number, annotation in enumerate(ANNOTATIONS)
    }


def evaluated(source: str, module: ModuleType, value: object = None) -> object:
    """What the emitted argument is in the run; the error when it raises."""
    names = {
        "rt": rt,
        "lax_calls": module,
        "pydantic": pydantic,
        "uuid": uuid,
        "date": date,
        "datetime": datetime,
        "timedelta": timedelta,
        "timezone": timezone,
        "Decimal": Decimal,
        "Path": Path,
        "x": value,
    }
    try:
        given: dict[str, object] = eval(f"dict({source})", names)
    except (rt.StageError, ValidationError, ValueError, TypeError) as error:
        return error
    return given["value"]


def validated(caller: Caller, module: ModuleType, value: object) -> object:
    """What pydantic passes to the caller; the error when it does not fit."""
    try:
        return pydantic.validate_call(getattr(module, caller.function))(value)["value"]
    except ValidationError as error:
        return error


def same(ours: object, theirs: object) -> bool:
    """The same value of the same type; both an error is the same too."""
    if isinstance(ours, Exception) or isinstance(theirs, Exception):
        return isinstance(ours, Exception) and isinstance(theirs, Exception)
    return repr(ours) == repr(theirs).replace("TzInfo(0)", repr(timezone.utc))


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_constants(
    annotation: str, callers: dict[str, Caller], module: ModuleType
) -> None:
    caller = callers[annotation]
    wrong = []
    for written in CONSTANTS:
        arguments = f"  value: {written}"
        node = mapping_of(f"with:\n{arguments}\n").get("with")
        assert node is not None
        data = plain_value(node)
        assert isinstance(data, dict)
        theirs = validated(caller, module, data["value"])
        source, _ = fitted(caller, arguments)
        if source is None:
            if (annotation, written) not in ON_PURPOSE and not isinstance(
                theirs, Exception
            ):
                wrong.append((written, "refused", theirs))
        elif not same(evaluated(source, module), theirs):
            wrong.append((written, source, theirs))
    assert wrong == []


NOT_CONVERTED = {"bool", "int"}
"""mypy takes a bool for an int and an int for a float: they are passed as they are."""
HOLDS_ANYTHING = {"Any", "list[Any]", "dict[str, Any]", "list[list[int]]"}
"""What a list or map of the run holds is not looked at."""


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_values_of_the_run(
    annotation: str, callers: dict[str, Caller], module: ModuleType
) -> None:
    """A text, number or moment is converted as pydantic does; all of them are taken or refused."""
    caller = callers[annotation]
    wrong = []
    for spelled, (type_, values) in RUN_VALUES.items():
        source, _ = fitted(caller, "  value: $x", {"x": type_})
        if source is None or spelled in NOT_CONVERTED | HOLDS_ANYTHING:
            continue
        for value in values:
            ours = evaluated(source.replace("ctx.params.x", "x"), module, value)
            theirs = validated(caller, module, value)
            if not same(ours, theirs) and ours != theirs:
                wrong.append((spelled, value, source, theirs))
    assert wrong == []


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_scalars_of_the_run_are_refused_only_if_pydantic_does(
    annotation: str, callers: dict[str, Caller], module: ModuleType
) -> None:
    scalars = {"int", "str", "float", "bool", "date", "datetime", "str | None", "Any"}
    if annotation == "Literal[1, 2]":
        scalars -= {"float"}  # nobody chooses by 2.0, which pydantic lets pass
    wrong = []
    for spelled in sorted(scalars):
        type_, values = RUN_VALUES[spelled]
        source, _ = fitted(callers[annotation], "  value: $x", {"x": type_})
        given = [value for value in values if value is not None]
        taken = [validated(callers[annotation], module, value) for value in given]
        if source is None and not all(isinstance(each, Exception) for each in taken):
            wrong.append((spelled, taken))
    assert wrong == []


def test_mypy_takes_every_call(folder: Path, callers: dict[str, Caller]) -> None:
    lines = [
        "import uuid",
        "from datetime import date, datetime, timezone",
        "from decimal import Decimal",
        "from pathlib import Path",
        "from typing import Any, Literal",
        "",
        "import lax_calls",
        "import pydantic",
        "import wfruntime as rt",
    ]
    for annotation, caller in callers.items():
        for written in CONSTANTS:
            source, _ = fitted(caller, f"  value: {written}")
            if source is not None:
                lines.append(f"lax_calls.{caller.function}({source})")
        for number, (spelled, (type_, _)) in enumerate(RUN_VALUES.items()):
            source, _ = fitted(caller, "  value: $x", {"x": type_})
            if source is not None:
                call = source.replace("ctx.params.x", "x")
                lines.append(f"# {annotation}")
                lines.append(f"def {caller.function}_{number}(x: {spelled}) -> object:")
                lines.append(f"    return lax_calls.{caller.function}({call})")
    (folder / "emitted.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "emitted.py"],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"MYPYPATH": str(ROOT / "runtime"), "PATH": "", "HOME": str(folder)},
    )
    assert done.stdout.splitlines()[:-1] == []
    assert len(lines) > 1000
