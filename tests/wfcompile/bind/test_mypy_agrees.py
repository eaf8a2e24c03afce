"""What the binder lets pass, mypy accepts, with the type that the binder claims.

Every operator, function, method and filter with values of every type: what is no diagnostic must
be no finding in the emitted module either.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.wfcompile.bind.binding import PARAMS, attribute, bound
from wfcompile.types import annotation

ROOT = Path(__file__).resolve().parents[3]

VALUES = (
    *(f"params.{name}" for name in PARAMS),
    "stages.pick.outputs.base",
    "stages.shell.outputs.stdout",
    "stages.call.outputs.any",
    "stages.pick.outputs",
    "(params.count > 1)",
    '"text"',
    "5",
    "[1, 2]",
    "params.options.any",
    "(params.day - params.day)",
    "max(params.count, params.share)",
)
DISPLAYS = ("[[]]", "{}", "[None]", "[params.text]")
BINARY = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "!=",
    "<",
    "<=",
    "in",
    "not in",
    "is",
)
FUNCTIONS = [
    "len",
    "str",
    "int",
    "float",
    "bool",
    "abs",
    "round",
    "min",
    "max",
    "sum",
    "sorted",
    "list",
    "any",
    "all",
]
ARGUMENTS = (
    "5",
    '"a"',
    "params.share",
    "[1]",
    "params.options",
    "None",
    "params.maybe",
)
METHODS = [
    "upper()",
    "strip()",
    "strip({})",
    "removeprefix({})",
    "zfill({})",
    "ljust({})",
    "ljust(5,",
    "{})",
    "join({})",
    "replace({},{})",
    "split()",
    "split({})",
    "splitlines()",
    "startswith({})",
    "find({})",
    "count({})",
    "index({})",
    "isdigit()",
    "isoformat()",
    "strftime({})",
    "weekday()",
    "date()",
    "timestamp()",
    "get({})",
    "get({},5)",
    "keys()",
    "values()",
    "items()",
]
ATTRIBUTES = ("year", "hour", "missing")
FILTERS = [
    "abs",
    "str",
    "int",
    "list",
    "dict",
    "title",
    "upper",
    "lower",
    "keys",
    "values",
    "rstr",
    "fmt",
    "coalesce({})",
    "getitem({})",
    "getitem({},5)",
    "getindex({})",
    "length",
]


def expressions() -> Iterator[str]:
    for value in (*VALUES, *DISPLAYS):
        for other in (*VALUES, *DISPLAYS):
            yield from (f"{value} {op} {other}" for op in BINARY)
    for value in VALUES:
        yield from (f"-{value}", f"not {value}", f"{value}[{value}]")
        yield from (f"{value}.{name}" for name in ATTRIBUTES)
        for other in VALUES:
            yield from (f"{name}({value}, {other})" for name in ("min", "max", "round"))
        yield from (f"{name}({value})" for name in FUNCTIONS)
        for argument in ARGUMENTS:
            yield f"{value}[{argument}]"
            yield f"{value} if params.count > 1 else {argument}"
            yield f"[{value}, {argument}]"
            yield f"({value} or {argument})"
            for method in METHODS:
                yield f"{value}.{method.replace('{}', argument)}"
            for name in FILTERS:
                yield f"{value} | {name.replace('{}', argument)}"


HEAD = """\
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, TypedDict

import wfruntime as rt


@dataclass
class Params:
{params}


class PickedAlways(TypedDict):
    base: str


class Picked(PickedAlways, total=False):
    total: int


class Matrix(TypedDict, total=False):
    os: str
    part: int


def job__pick(ctx: Any) -> Picked: ...
def job__shell(ctx: Any) -> rt.BashOutputs: ...
def job__call(ctx: Any) -> dict[str, int]: ...


Context = rt.MatrixItemContext[Params, Matrix, str]
"""


def test_every_value_with_everything(tmp_path: Path) -> None:
    fields = (f"    {attribute(n)}: {annotation(t)}" for n, t in PARAMS.items())
    lines = HEAD.format(params="\n".join(fields)).splitlines()
    taken: dict[int, str] = {}
    for number, expression in enumerate(dict.fromkeys(expressions())):
        found = bound(quoted(expression))
        if found.messages:
            continue
        taken[len(lines) + 1] = f"{expression}  ->  {found.source}: {found.type}"
        lines.append(
            f"def f{number}(ctx: Context) -> {found.type}: return {found.source}"
        )
    (tmp_path / "emitted.py").write_text("\n".join(lines) + "\n")
    said = mypy(tmp_path)
    numbers = {int(line.split(":")[1]) for line in said if ": error: " in line}
    assert [taken.get(number, str(number)) for number in sorted(numbers)] == [], said
    assert len(taken) > 2000


def test_operands_that_do_not_go_together_have_a_way_out() -> None:
    refused = 0
    for left in VALUES:
        for right in VALUES:
            for op in (*BINARY, "<", ">", ">="):
                found = bound(quoted(f"{left} {op} {right}")).messages
                places = {each.partition(":")[0] for each in found}
                assert len(found) == len(places), found
                assert all(each.endswith(")") for each in found), found
                assert all(each.startswith("WF433 ") for each in found), found
                refused += len(found)
    assert refused > 1000


def quoted(expression: str) -> str:
    """The expression as a template in a scalar of YAML."""
    return f"'${{{{ {expression.replace(chr(39), chr(39) * 2)} }}}}'"


def mypy(folder: Path) -> list[str]:
    """Strict but for functions that return Any, which the emitter has its own way for."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "emitted.py"]
    command += ["--no-warn-return-any", "--disable-error-code=empty-body"]
    command += [
        "--cache-dir",
        str(ROOT / ".mypy_cache" / "golden"),
        "--no-error-summary",
    ]
    environment = {**os.environ, "MYPYPATH": str(ROOT / "runtime")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.stdout.splitlines()
