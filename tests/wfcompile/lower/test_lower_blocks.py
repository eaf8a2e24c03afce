"""`run:` blocks: their names, their templates, what they import."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered
from wfcompile import ir

PARAMS = "params: {n: int, s: str, m: map, c: {type: choice, options: [x, y]}}"


def block(run: str, vars: str = "{}") -> str:
    lines = "".join(f"      {line}\n" for line in run.split("\n"))
    return job(f"- name: a\n  id: a\n  vars: {vars}\n  run: |\n{lines}", PARAMS)


def messages(tmp_path: Path, run: str, vars: str = "{}") -> list[str]:
    return lowered(tmp_path, block(run, vars)).messages


HIDES = 'in "vars" would hide the value of that name (use another name)'
NO_NAME = 'in "vars" is no name that Python can read (use another name)'


@pytest.mark.parametrize(
    ("vars", "expected"),
    [
        ("{params: 1}", [f'WF249 9:18: "params" {HIDES}']),
        ("{jobs: 1, item: 2}", [f'WF249 9:18: "jobs" {HIDES}', f'WF249 9:27: "item" {HIDES}']),
        ("{ctx: 1}", [f'WF249 9:18: "ctx" {HIDES}']),
        ("{a-b: 1}", [f'WF249 9:18: "a-b" {NO_NAME}']),
        ("{class: 1}", [f'WF249 9:18: "class" {NO_NAME}']),
        ('{x: "${{ params.y }}"}', ['WF311 9:33: no param is called "y" (the params are n, s, m, c)']),
    ],
)  # fmt: skip
def test_names_of_variables(tmp_path: Path, vars: str, expected: list[str]) -> None:
    assert messages(tmp_path, "y = vars()", vars) == expected


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("x = y", 'WF250 11:19: name "y" is not defined in this block (import it, assign it, or give it through "vars")'),
        ("x = params", 'WF250 11:19: name "params" is not defined in this block (write ${{ params. ... }} to read it)'),
        ("x = prnt(1)", 'WF250 11:19: name "prnt" is not defined in this block (did you mean "print"?)'),
        ("max = ${{ max(params.n, 1) }}", 'WF251 11:21: block binds "max", which this value needs itself (use another name in the block)'),
        ("def len(): ...\nx = f'{1} ${{ len(params.s) }}'", 'WF251 12:25: block binds "len", which this value needs itself (use another name in the block)'),
        ("x = ${{ params.s }}", 'WF501 11:19: template is a text in the place of code; it is read as a Python literal (put quotes around it to have the text itself)'),
        ("x = ${{ params.c }}", 'WF501 11:19: template is a text in the place of code; it is read as a Python literal (put quotes around it to have the text itself)'),
        ("x = ${{ params.x }}", 'WF311 11:30: no param is called "x" (the params are n, s, m, c)'),
        ("x = = 1", 'WF240 11:19: block is not Python: "=" cannot stand here'),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, run: str, message: str) -> None:
    assert messages(tmp_path, run) == [message]


def test_a_variable_of_a_day_beside_an_import_of_that_name(tmp_path: Path) -> None:
    found = messages(
        tmp_path, "from datetime import date\nx = day", "{day: 2024-01-31}"
    )
    assert found == [
        'WF251 9:23: block binds "date", which this value needs itself '
        "(use another name in the block)"
    ]


def test_a_value_that_the_block_does_not_use_may_need_any_name(tmp_path: Path) -> None:
    run = "from datetime import date\ntoday = date(2024, 3, 1)"
    assert messages(tmp_path, run, "{day: 2024-01-31}") == [
        'WF252 9:18: "day" in "vars" is not used in the block (remove it)'
    ]


def body(tmp_path: Path, run: str, vars: str = "{}") -> ir.BlockBody:
    found = lowered(tmp_path, block(run, vars))
    assert found.messages == []
    body = found.only.jobs[0].stages[0].body
    assert isinstance(body, ir.BlockBody)
    return body


def test_what_is_not_known_to_be_no_text_is_read_as_a_literal(tmp_path: Path) -> None:
    found = body(
        tmp_path, "x = ${{ params.m.x }}\ny = '${{ params.m.x }}'\nz = ${{ params.n }}"
    )
    value = ir.Index(ir.Param("m"), ir.Const("x"))
    assert [hole.value for hole in found.holes] == [
        ir.Call("rt.literal", (value,)),
        value,
        ir.Param("n"),
    ]


def test_the_result_is_given_only_where_it_is_read(tmp_path: Path) -> None:
    read = body(tmp_path, "x = result.run_id + y", "{y: 1}")
    assert read.variables == (("y", ir.Const(1)), ("result", ir.ContextValue("result")))
    own = body(tmp_path, "x = result", "{result: 1}")
    assert own.variables == (("result", ir.Const(1)),)


@pytest.mark.parametrize(
    ("run", "untyped"),
    [
        ("import json\nfrom os import path", set()),
        ("import words", set()),
        ("from words import loud", set()),
        ("import wfruntime", set()),
        ("def f():\n    import pandas", {"functions", "imports"}),
        ("from words.inner import x", {"imports"}),
        ("def f(x: int) -> int: return x", set()),
        ("def f(x) -> int: return x", {"functions"}),
    ],
)  # fmt: skip
def test_what_mypy_is_asked_to_let_pass(
    tmp_path: Path, run: str, untyped: set[str]
) -> None:
    found = lowered(tmp_path, block(run), words="def loud() -> str: ...")
    assert found.only.untyped == untyped


def test_variables_that_the_block_does_not_use_are_left_out(tmp_path: Path) -> None:
    run = "def f(): return used\nrebound = 1\nlen('')"
    vars = "{used: 1, unused: 2, rebound: 3, len: 4}"
    found = lowered(tmp_path, block(run, vars))
    assert found.messages == [
        'WF252 9:27: "unused" in "vars" is not used in the block (remove it)'
    ]
    block_body = found.only.jobs[0].stages[0].body
    assert isinstance(block_body, ir.BlockBody)
    assert [name for name, _ in block_body.variables] == ["used", "rebound", "len"]
