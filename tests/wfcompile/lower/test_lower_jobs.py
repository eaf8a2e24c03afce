"""Jobs: matrices, counts, needs, conditions, working directories."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered
from wfcompile import ir
from wfcompile.types import INT, STR, Type


def jobs(text: str, params: str = "{}") -> str:
    lines = "".join(f"    {line}\n" for line in text.strip("\n").split("\n"))
    return f"w:\n  type: Workflow\n  params: {params}\n  jobs:\n{lines}"


def strategy(written: str, params: str = "{}") -> str:
    return jobs(f"j:\n  strategy: {written}\n  stages: [{{name: a}}]", params)


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ("{matrix: {a: [x, y], b: [1, 2]}}", [("a", STR, True), ("b", INT, True)]),
        ("{matrix: {a: [x], b: [1]}, include: [{a: y}]}", [("a", STR, True), ("b", INT, False)]),
        ("{matrix: {a: [x], b: [1]}, include: [{a: x, b: 1}]}", [("a", STR, True), ("b", INT, True)]),
        ("{matrix: {a: [x, y]}, exclude: [{a: x}]}", [("a", STR, True)]),
        ("{matrix: {run-id: [x]}}", [("run-id", STR, True)]),
    ],
)  # fmt: skip
def test_the_keys_of_a_matrix(
    tmp_path: Path, written: str, fields: list[tuple[str, Type, bool]]
) -> None:
    (found,) = lowered(tmp_path, strategy(written)).only.jobs
    assert found.matrix is not None
    assert [(f.key, f.type, f.required) for f in found.matrix.fields] == fields


def test_a_strategy_without_a_matrix_runs_once(tmp_path: Path) -> None:
    (found,) = lowered(tmp_path, strategy("{max-parallel: 2}")).only.jobs
    assert found.matrix is None


def test_nothing_left_to_include_into(tmp_path: Path) -> None:
    text = strategy("{matrix: {a: [1]}, exclude: [{a: 1}], include: [{a: 2}]}")
    assert lowered(tmp_path, text).messages == [
        'WF360 6:65: "exclude" leaves no combination that "include" could add to '
        "(write the combinations as values of the matrix)"
    ]


PARAMS = "{n: int, s: str, f: float, m: map, c: {type: choice, options: ['1', '2']}}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3", ir.Const(3)),
        ("'3'", ir.Const(3)),
        ('"${{ 3 }}"', ir.Const(3)),
        ('"${{ params.n }}"', ir.Param("n")),
        ('"${{ params.s }}"', ir.Convert(INT, ir.Param("s"))),
        ('"${{ params.c }}"', ir.Convert(INT, ir.Param("c"))),
        ('"${{ params.m.n }}"', ir.Index(ir.Param("m"), ir.Const("n"))),
    ],
)
def test_how_many_at_a_time(tmp_path: Path, written: str, expected: ir.Expr) -> None:
    text = strategy(f"{{matrix: {{a: [1]}}, max-parallel: {written}}}", PARAMS)
    found = lowered(tmp_path, text)
    assert found.messages == []
    assert found.only.jobs[0].max_parallel == expected


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("${{ params.f }}", 'WF422 6:50: "max-parallel" is float, expected a whole number from 1 to 9 (write such a number, or a template that gives one)'),
        ("${{ 'a' }}", 'WF422 6:50: "max-parallel" is "a", expected a whole number from 1 to 9 (write such a number, or a template that gives one)'),
        ("${{ 10 }}", 'WF422 6:50: "max-parallel" is 10, expected a whole number from 1 to 9 (write such a number, or a template that gives one)'),
        ("${{ None }}", 'WF422 6:50: "max-parallel" is None, expected a whole number from 1 to 9 (write such a number, or a template that gives one)'),
        ("${{ params.x }}", 'WF311 6:62: no param is called "x" (the params are n, s, f, m, c)'),
        ("${{ matrix.a }}", 'WF310 6:55: "matrix" is not known here (give the job a "matrix" below "strategy": it has none)'),
    ],
)  # fmt: skip
def test_what_is_no_number(tmp_path: Path, written: str, message: str) -> None:
    text = strategy(f'{{matrix: {{a: [1]}}, max-parallel: "{written}"}}', PARAMS)
    assert lowered(tmp_path, text).messages == [message]


def test_workers_of_branches(tmp_path: Path) -> None:
    text = job('- {name: a, parallel: {b: []}, max-workers: "${{ 20 }}"}')
    assert lowered(tmp_path, text).messages == [
        'WF422 6:53: "max-workers" is 20, expected a whole number from 1 to 19 (write such a number, or a template that gives one)'
    ]


def test_jobs_stay_in_the_order_of_the_yaml_and_see_what_they_need(
    tmp_path: Path,
) -> None:
    text = jobs("""
last:
  needs: [first]
  if: ${{ jobs.first.stages.a.outputs.rows }} > 1
  stages: [{name: b, echo: "${{ jobs.first.stages.a.outputs.rows + 1 }}"}]
first:
  stages: [{name: a, id: a, run: rows = 1}]
""")
    found = lowered(tmp_path, text)
    assert found.messages == []
    assert [each.id for each in found.only.jobs] == ["last", "first"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "a: {needs: [b]}\nb: {needs: [a]}",
            ['WF302 5:17: jobs need each other in a circle: b -> a -> b (remove one need of the circle) [job "b" is defined here]'],
        ),
        (
            "a: {needs: [c]}\nb: {needs: [b]}",
            ['WF301 5:17: job "a" needs "c", which is no job of this workflow (the other jobs are b)',
             'WF302 6:17: job "b" needs itself (remove it)'],
        ),
        (
            "a: {stages: [{name: a, id: a}]}\nb: {stages: [{name: b, if: '${{ jobs.a.status }} == 1'}]}",
            ['WF316 6:42: job "a" need not have run before this job (add "a" to the needs of "b") [it is defined here]'],
        ),
        (
            "a: {if: 'params.n', stages: []}",
            ["WF434 5:13: the condition is int, expected bool (compare it, or write bool(...))"],
        ),
        (
            "a: {if: 'stages.x.status == 1', stages: [{name: x, id: x}]}",
            ['WF313 5:21: no stage before this one has the id "x" (give the stage that is meant an id)'],
        ),
    ],
)  # fmt: skip
def test_mistakes_of_jobs(tmp_path: Path, text: str, messages: list[str]) -> None:
    assert lowered(tmp_path, jobs(text, "{n: int}")).messages == messages


FOLDERS = """
w:
  type: Workflow
  shell: sh
  working-directory: ${ROOT}
  jobs:
    a:
      stages: [{name: a, id: a, bash: pwd}]
    b:
      working-directory: sub
      shell: bash
      stages:
        - {name: a, id: a, bash: pwd}
        - {name: b, id: b, bash: pwd, working-directory: own, shell: sh}
"""


def test_working_directories_and_shells_of_each_level(tmp_path: Path) -> None:
    module = lowered(tmp_path, FOLDERS).only
    assert module.working_directory == ir.WorkingDirectory(
        "working_directory", ir.Env("ROOT"), STR
    )
    assert [each.working_directory for each in module.jobs] == [
        None,
        ir.WorkingDirectory("b__working_directory", ir.Const("sub"), STR),
    ]
    bodies = [stage.body for each in module.jobs for stage in each.stages]
    assert [(b.shell, b.cwd) for b in bodies if isinstance(b, ir.BashBody)] == [
        ("sh", ir.Call("working_directory", (ir.Name("ctx"),))),
        ("bash", ir.Call("b__working_directory", (ir.Name("ctx"),))),
        ("sh", ir.Const("own")),
    ]


def test_a_working_directory_that_no_stage_has_is_left_out(tmp_path: Path) -> None:
    text = job("- {name: a, echo: a}", "working-directory: ${ROOT}")
    module = lowered(tmp_path, text).only
    assert (module.working_directory, module.env_lines) == (None, ())
    text = job("- {name: a, echo: a}", "working-directory: ${{ params.x }}")
    assert lowered(tmp_path, text).messages == [
        'WF311 3:33: no param is called "x" (declare it below params)'
    ]
