"""Templates in `uses`: the table of callers, what is emitted of it, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import Lowered, job, lowered
from wfcompile import ir

PARAMS = """
params:
  mode: {type: choice, options: [full, delta]}
  version: {type: choice, options: [1, 2]}
  s: str
  n: int
  a: array
"""

TASKS = """
from typing import Any, TypedDict

from wfruntime import tag


class Rows(TypedDict):
    rows: int


class Named(TypedDict):
    rows: float
    name: str


@tag("v1")
def pull_full(source: str) -> Rows: ...


@tag("v1")
def pull_delta(source: str) -> Rows: ...


@tag("v1")
def load_1(source: str) -> Rows: ...


@tag("v1")
def load_2(source: str, limit: int = 3) -> Named: ...


@tag("v1")
def full_1(source: str) -> Rows: ...


@tag("v1")
def delta_2(source: str) -> Rows: ...


@tag("v1")
def read_str(value: str) -> dict[str, Any]: ...


@tag("v1")
def read_int(value: int) -> dict[str, Any]: ...
"""


def of(tmp_path: Path, uses: str, given: str = "{source: x}", **more: str) -> Lowered:
    stage = f'- {{name: Get it, id: get, uses: "{uses}", with: {given}}}'
    return lowered(tmp_path, job(stage, PARAMS), **{"tasks": TASKS, **more})


def body(tmp_path: Path, uses: str, given: str = "{source: x}") -> ir.Body:
    found = of(tmp_path, uses, given)
    assert found.messages == []
    return found.only.jobs[0].stages[0].body


def call(function: str) -> ir.CallBody:
    return ir.CallBody("tasks", function, (("source", ir.Const("x")),))


# --- the table ---


def test_the_values_of_a_choice_are_the_keys(tmp_path: Path) -> None:
    assert body(tmp_path, "tasks/pull-${{ params.mode }}@v1") == ir.DispatchBody(
        ir.Param("mode"),
        (("full", call("pull_full")), ("delta", call("pull_delta"))),
        constant="J__GET",
        local="get",
        is_uniform=True,
    )


def test_functions_that_are_not_alike_are_called_each_by_its_own_call(
    tmp_path: Path,
) -> None:
    assert body(tmp_path, "tasks/load-${{ params.version }}@v1") == ir.DispatchBody(
        ir.Param("version"),
        ((1, call("load_1")), (2, call("load_2"))),
        constant="J__GET",
        local="calls",
        is_uniform=False,
        dump=True,
    )


def test_any_text_stands_for_what_there_is(tmp_path: Path) -> None:
    assert body(tmp_path, "tasks/pull-${{ params.s }}@v1") == ir.DispatchBody(
        ir.Param("s"),
        (("delta", call("pull_delta")), ("full", call("pull_full"))),
        constant="J__GET",
        local="get",
        is_uniform=True,
    )


def test_a_number_is_looked_up_by_its_text(tmp_path: Path) -> None:
    found = body(tmp_path, "tasks/load-${{ params.n }}@v1")
    assert isinstance(found, ir.DispatchBody)
    assert found.key == ir.Join((ir.Param("n"),))
    assert [key for key, _ in found.calls] == ["1", "2"]


def test_of_several_templates_only_what_there_is_remains(tmp_path: Path) -> None:
    uses = "tasks/${{ params.mode }}-${{ params.version }}@v1"
    parts = (
        *(ir.Const("tasks/"), ir.Param("mode"), ir.Const("-"), ir.Param("version")),
        ir.Const("@v1"),
    )
    found = of(tmp_path, uses)
    assert [each.code for each in found.diagnostics] == ["WF548"]
    assert found.only.jobs[0].stages[0].body == ir.DispatchBody(
        ir.Join(parts),
        (
            ("tasks/full-1@v1", call("full_1")),
            ("tasks/delta-2@v1", call("delta_2")),
        ),
        constant="J__GET",
        local="get",
        is_uniform=True,
    )


def test_rows_that_run_and_the_options_of_a_choice_are_all_of_the_names(
    tmp_path: Path,
) -> None:
    text = """
        w:
          type: Workflow
          params:
            version: {type: choice, options: [1, 2]}
          jobs:
            j:
              strategy:
                matrix: {verb: [pull, load], mode: [full, delta]}
                exclude: [{verb: load}]
                include: [{verb: full, mode: x}]
              stages:
                - name: Get it
                  uses: tasks/${{ matrix.verb }}-${{ matrix.mode }}@v1
                  with: {source: x}
                - name: Get more
                  uses: tasks/load-${{ params.version }}@v${{ params.version }}
                  with: {source: x}
        """
    found = lowered(tmp_path, text, tasks=TASKS)
    assert [each.partition(" (")[0] for each in found.messages] == [
        'WF401 14:17: caller module "tasks" has no caller "full-x"',
        'WF401 17:17: caller "load-2" has no tag "v2"',
    ]


def test_a_choice_beside_any_text_keeps_to_its_options(tmp_path: Path) -> None:
    found = body(tmp_path, "tasks/${{ params.mode }}-${{ params.s }}@v1")
    assert isinstance(found, ir.DispatchBody)
    assert [key for key, _ in found.calls] == ["tasks/delta-2@v1", "tasks/full-1@v1"]


def test_a_constant_is_no_choice(tmp_path: Path) -> None:
    assert body(tmp_path, "tasks/${{ 'pull' }}-full@v1") == call("pull_full")


def test_arguments_are_fitted_to_each_function(tmp_path: Path) -> None:
    found = body(tmp_path, "tasks/read-${{ params.s }}@v1", "{value: '1'}")
    assert isinstance(found, ir.DispatchBody)
    assert [(key, each.arguments) for key, each in found.calls] == [
        ("int", (("value", ir.Const(1)),)),
        ("str", (("value", ir.Const("1")),)),
    ]


def test_rows_that_do_not_run_have_no_values(tmp_path: Path) -> None:
    text = """
        w:
          type: Workflow
          jobs:
            j:
              strategy:
                matrix: {mode: [full, gone]}
                exclude: [{mode: gone}]
                include: [{mode: delta}]
              stages:
                - name: Get it
                  uses: tasks/pull-${{ matrix.mode }}@v1
                  with: {source: x}
        """
    found = lowered(tmp_path, text, tasks=TASKS)
    assert found.messages == []
    table = found.only.jobs[0].stages[0].body
    assert isinstance(table, ir.DispatchBody)
    assert (table.key, [key for key, _ in table.calls]) == (
        ir.MatrixValue("mode"),
        ["full", "delta"],
    )


# --- what is emitted ---


def functions(found: Lowered) -> str:
    """The part of the text that is about the stages."""
    assert found.messages == []
    return found.text.partition("# --- jobs.j ---\n\n\n")[2].partition("\n\nWORKFLOW")[
        0
    ]


def test_a_table_of_functions(tmp_path: Path) -> None:
    found = of(tmp_path, "tasks/pull-${{ params.mode }}@v1")
    assert functions(found) == '''\
J__GET = {
    "full": tasks.pull_full,
    "delta": tasks.pull_delta,
}


def j__get(ctx: rt.Context[Params]) -> tasks.Rows:
    """Get it."""
    get = rt.pick(J__GET, ctx.params.mode)
    return get(source="x")
'''


def test_a_table_of_calls(tmp_path: Path) -> None:
    found = of(tmp_path, "tasks/load-${{ params.version }}@v1")
    assert functions(found) == '''\
def j__get(ctx: rt.Context[Params]) -> dict[str, Any]:
    """Get it."""
    calls: dict[int, Callable[[], object]] = {
        1: lambda: tasks.load_1(source="x"),
        2: lambda: tasks.load_2(source="x"),
    }
    return rt.dump(rt.pick(calls, ctx.params.version)())
'''


def test_a_local_name_hides_no_module_that_is_read(tmp_path: Path) -> None:
    stage = '- {name: A, id: %s, uses: "%s/load-${{ params.version }}@v1", with: {source: x}}'
    text = job(stage % ("calls", "calls"), PARAMS)
    assert (
        "calls_2: dict[int, Callable[[], object]] = {\n        1: lambda: calls."
        in (functions(lowered(tmp_path, text, calls=TASKS)))
    )


def test_two_stages_share_no_table(tmp_path: Path) -> None:
    stage = '- {name: %s, uses: "tasks/pull-${{ params.mode }}@v1", with: {source: x}}'
    found = lowered(
        tmp_path, job("\n".join([stage % "a", stage % "b"]), PARAMS), tasks=TASKS
    )
    text = functions(found)
    assert [line for line in text.split("\n") if line.endswith("= {")] == [
        "J__A = {",
        "J__B = {",
    ]


# --- what later stages read ---


@pytest.mark.parametrize(
    ("read", "messages"),
    [
        ("rows", []),
        ("name?", []),
        ("nmae", ["WF440"]),
    ],
)
def test_outputs_are_those_of_all_callers(
    tmp_path: Path, read: str, messages: list[str]
) -> None:
    stages = f"""
        - {{name: A, id: a, uses: "tasks/load-${{{{ params.version }}}}@v1", with: {{source: x}}}}
        - {{name: B, echo: "${{{{ stages.a.outputs.{read} }}}}"}}
        """
    found = lowered(tmp_path, job(stages, PARAMS), tasks=TASKS)
    assert [each.code for each in found.diagnostics] == messages


# --- what is said ---


@pytest.mark.parametrize(
    ("uses", "given", "messages"),
    [
        (
            "tasks/load-${{ params.mode }}@v1",
            "{source: x}",
            [
                'WF401 12:41: caller module "tasks" has no caller "load-delta" (did you mean "pull-delta"?) [callers are '
                "pull-full@v1, pull-delta@v1, load-1@v1, load-2@v1, full-1@v1, delta-2@v1, "
                'read-str@v1, read-int@v1] ["uses" can become "tasks/load-delta@v1"]',
                'WF401 12:41: caller module "tasks" has no caller "load-full" (write a function "load_full" there, with @tag("v1") above it) [callers are '
                "pull-full@v1, pull-delta@v1, load-1@v1, load-2@v1, full-1@v1, delta-2@v1, "
                'read-str@v1, read-int@v1] ["uses" can become "tasks/load-full@v1"]',
            ],
        ),
        (
            "tasks/read-${{ params.s }}@v1",
            "{value: x}",
            [
                'WF404 12:88: argument "value" is "x", expected int '
                "(write a whole number, such as 3) "
                '[the caller is "read-int@v1"] [arguments are value]',
            ],
        ),
        (
            "tasks/load-${{ params.s }}@v1",
            "{source: x, limit: 1}",
            [
                'WF402 12:92: caller "load-1@v1" has no argument "limit" '
                "[arguments are source]",
            ],
        ),
        (
            "tasks/load-${{ params.a }}@v1",
            "{source: x}",
            [
                'WF416 12:53: the template in "uses" is list[Any], expected text '
                "(write a template that gives a text)",
            ],
        ),
        (
            "tasks/load-${{ params.x }}@v1",
            "{source: x}",
            [
                'WF311 12:64: no param is called "x" '
                "(the params are mode, version, s, n, a)",
            ],
        ),
    ],
)
def test_messages(tmp_path: Path, uses: str, given: str, messages: list[str]) -> None:
    assert of(tmp_path, uses, given).messages == messages


def test_several_choices_in_a_module_that_is_not_there_are_told_once(
    tmp_path: Path,
) -> None:
    found = of(tmp_path, "sales/${{ params.mode }}-${{ params.version }}@v1")
    assert [each.message for each in found.diagnostics] == [
        'no caller module is called "sales"'
    ]
