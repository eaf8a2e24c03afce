"""The filters, as the interpreter's, and their types as mypy sees them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wfruntime import filters
from wfruntime.errors import RunError

MOMENT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("abs", (-4,), 4),
        ("abs", (Decimal("-1.5"),), Decimal("1.5")),
        ("str", (5,), "5"),
        ("str", (None,), "None"),
        ("int", ("17",), 17),
        ("int", (2.9,), 2),
        ("list", ("ab",), ["a", "b"]),
        ("dict", ([("a", 1)],), {"a": 1}),
        ("dict", ({"a": 1},), {"a": 1}),
        ("title", ("text here",), "Text Here"),
        ("upper", ("Text",), "TEXT"),
        ("lower", ("Text",), "text"),
        ("rstr", ("ab",), "'ab'"),
        ("rstr", (5,), "'5'"),
        ("fmt", (MOMENT,), "2024-01-02 03:04:05"),
        ("fmt", (MOMENT, "%Y%m%d"), "20240102"),
        ("coalesce", (None, "x"), "x"),
        ("coalesce", (None, None), None),
        ("coalesce", (0, 9), 0),
        ("coalesce", ("", 9), ""),
        ("getitem", ({"k": "v"}, "k"), "v"),
        ("getitem", ({"k": "v"}, "z"), None),
        ("getitem", ({"k": "v"}, "z", "d"), "d"),
        ("getitem", ({"k": None}, "k", "d"), None),
        ("getitem", ({5: "v"}, 5), "v"),
        ("getindex", ([10, "b"], 1), "b"),
        ("getindex", ([10, "b"], -1), "b"),
    ],
)
def test_a_filter(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    result = getattr(filters, name)(*arguments)
    assert (type(result), result) == (type(expected), expected)


def test_keys_and_values_are_views() -> None:
    table = {"x": 1, "y": [2]}
    assert type(filters.keys(table)) is type(table.keys())
    assert filters.list(filters.keys(table)) == ["x", "y"]
    assert filters.list(filters.values(table)) == [1, [2]]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("int", ("Text",), "filter \"int\" does not take 'Text' (str)"),
        ("int", (None,), 'filter "int" does not take None (None)'),
        ("abs", ("Text",), "filter \"abs\" does not take 'Text' (str)"),
        ("list", (5,), 'filter "list" does not take 5 (int)'),
        ("dict", ([1],), 'filter "dict" does not take [1] (list)'),
        ("upper", (5,), 'filter "upper" does not take 5 (int)'),
        ("keys", ([1],), 'filter "keys" does not take [1] (list)'),
        ("fmt", ("2024",), "filter \"fmt\" takes a datetime, not '2024' (str)"),
        (
            "fmt",
            (date(2024, 1, 2),),
            'filter "fmt" takes a datetime, not datetime.date(2024, 1, 2) (date)',
        ),
        ("getitem", ([1], "a"), 'filter "getitem" takes a map, not [1] (list)'),
        ("getindex", ("ab", 0), "filter \"getindex\" takes a list, not 'ab' (str)"),
        (
            "getindex",
            ([1, 2], 5),
            'filter "getindex" has no index 5 in a list of 2',
        ),
        ("list", (range(10**6).__len__,), None),
    ],
)
def test_a_value_that_a_filter_does_not_take(
    name: str, arguments: tuple[Any, ...], message: str | None
) -> None:
    with pytest.raises(filters.FilterError) as caught:
        getattr(filters, name)(*arguments)
    assert isinstance(caught.value, RunError)
    if message is not None:
        assert str(caught.value) == message


def test_a_filters_error_is_masked() -> None:
    from wfruntime import secrets

    secrets.register("filtered-secret")
    with pytest.raises(filters.FilterError) as caught:
        filters.int("filtered-secret")
    assert "filtered-secret" not in str(caught.value)


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_a_value_without_a_repr() -> None:
    with pytest.raises(filters.FilterError) as caught:
        filters.int(Rude())  # type: ignore[arg-type]
    assert str(caught.value) == 'filter "int" does not take a Rude (Rude)'


TYPED = """
from datetime import datetime
from decimal import Decimal
from typing import Any
from wfruntime import filters as f

text: str = "a"
maybe: str | None = None
table: dict[str, int] = {}
mixed: dict[str, Any] = {}
rows: list[Decimal] = []

reveal_type(f.abs(-1))
reveal_type(f.abs(Decimal(1)))
reveal_type(f.int("1"))
reveal_type(f.str(None))
reveal_type(f.list(text))
reveal_type(f.list(f.keys(table)))
reveal_type(f.list(f.values(table)))
reveal_type(f.dict(table))
reveal_type(f.dict([("a", 1)]))
reveal_type(f.upper(f.title(text)))
reveal_type(f.coalesce(maybe, 1))
reveal_type(f.coalesce(maybe, "x"))
reveal_type(f.getitem(table, "a"))
reveal_type(f.getitem(table, "a", "x"))
reveal_type(f.getitem(mixed, "a"))
reveal_type(f.getindex(rows, 0))
reveal_type(f.fmt(datetime.now(), fmt="%Y"))
f.upper(1)
f.fmt(text)
f.getindex(table, 0)
"""
REVEALED = [
    "int",
    "Decimal",
    "int",
    "str",
    "list[str]",
    "list[str]",
    "list[int]",
    "dict[str, int]",
    "dict[str, int]",
    "str",
    "str | int",
    "str",
    "int | None",
    "int | str",
    "Any | None",
    "Decimal",
    "str",
]


def test_types(tmp_path: Path) -> None:
    told = mypy(tmp_path, TYPED)
    revealed = [
        line.split('Revealed type is "')[1].rstrip('"')
        for line in told.splitlines()
        if "Revealed" in line
    ]
    plain = [r.replace("builtins.", "").replace("decimal.", "") for r in revealed]
    assert plain == REVEALED
    assert told.count(" error: ") == 3


def mypy(folder: Path, source: str) -> str:
    """What `mypy --strict` says of a module."""
    module = folder / "typed.py"
    module.write_text(source)
    runtime = Path(filters.__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(module)],
        cwd=folder,
        env={"MYPYPATH": str(runtime), "PATH": ""},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr
