"""Values on their way into a script: through `env`, and what their types tell of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lowering import lowered

from wfcompile import ir
from wfcompile.types import INT

WORKFLOW = """\
    w:
      type: Workflow
      params: {name: str, day: date, n: int, mode: {type: choice, options: [a, b]}}
      jobs:
        j:
          stages:
            - {name: a, id: a, env: {ENV}, bash: 'BASH'}
    """


def messages(folder: Path, env: str, bash: str) -> list[str]:
    text = WORKFLOW.replace("{ENV}", f"{{{env}}}").replace("BASH", bash)
    return [line.partition(": ")[0][:5] for line in lowered(folder, text).messages]


@pytest.mark.parametrize(
    ("env", "bash", "codes"),
    [
        ("A: '${{ params.name }}'", 'eval "$A"', ["WF262"]),
        ("A: '${{ params.name }}'", 'B="b $A"; sh -c "$B"', ["WF262"]),
        ("A: 'bin/${{ params.name }}'", "$A b", ["WF261"]),
        ("A: 'b ${{ params.name }}'", "$A b", []),
        ("A: '${{ params.name }}'", "echo $((A + 1))", ["WF265"]),
        ("A: '${{ params.n }}'", "echo $((A + 1))", []),
        ("A: '${{ params.name }}'", 'psql -c "select $A"', ["WF271"]),
        ("A: '${{ params.day }}'", 'psql -c "select $A"', []),
        ("A: '${{ params.name }}'", 'echo "$A" \'$A\'', []),
        ("A: '${{ params.name }}'", 'sh -c \'\'echo "$A"\'\'', []),
        ("A: '${{ params.name }}'", "echo $(", ["WF520"]),
        ("A: '${HOME}'", 'eval "$A"', []),
        ("LD_PRELOAD: '${{ params.name }}'", "ls", ["WF262"]),
        ("LD_PRELOAD: '${{ params.mode }}'", "ls", []),
        ("LD_PRELOAD: 'a.so', PAGER: '${HOME}/less'", "ls", []),
        ("PATH: '${{ params.name }}:${PATH}'", "ls", ["WF273"]),
        ("PATH: '${HOME}/bin:${PATH}'", "ls", []),
    ],
)  # fmt: skip
def test_values_of_env(tmp_path: Path, env: str, bash: str, codes: list[str]) -> None:
    assert messages(tmp_path, env, bash.replace("'", "''")) == codes


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ("params.name", ["WF271"]),
        ("params.name | upper", ["WF271"]),
        ("params.name + params.mode", ["WF271"]),
        ('"a" if params.name else "b"', ["WF271"]),
        ("stages.b.outputs.stdout", ["WF271"]),
        ("stages.b.outputs.return_code", []),
        ("params.n + 1", []),
        ("str(params.n)", []),
        ("params.day", []),
        ('params.day.strftime("%Y%m%d")', []),
        ('"a" if params.n > 1 else params.mode', []),
    ],
)
def test_what_is_made_of_bound_values_is_bound(
    tmp_path: Path, template: str, codes: list[str]
) -> None:
    text = """\
        w:
          type: Workflow
          params: {name: str, day: date, n: int, mode: {type: choice, options: [a, b]}}
          jobs:
            j:
              stages:
                - {name: b, id: b, bash: ls}
                - {name: a, id: a, bash: 'psql -c "select ${{ TEMPLATE }}"'}
        """
    found = lowered(tmp_path, text.replace("TEMPLATE", template)).messages
    assert [line.partition(" ")[0] for line in found] == codes


def test_what_a_script_computes_with_is_an_int(tmp_path: Path) -> None:
    env = "A: '${{ params.n }}', B: '${{ params.n }}', C: '1${{ params.n }}'"
    bash = "echo $((A + C)) $B"
    text = WORKFLOW.replace("{ENV}", f"{{{env}}}").replace("BASH", bash)
    body = lowered(tmp_path, text).only.jobs[0].stages[0].body
    n = ir.Param("n")
    assert body == ir.BashBody(
        "J__A",
        bash,
        (
            ("A", ir.Convert(INT, n)),
            ("B", n),
            ("C", ir.Join((ir.Const("1"), ir.Convert(INT, n)))),
        ),
    )


def test_an_item_that_a_script_computes_with_is_an_int(tmp_path: Path) -> None:
    text = """\
        w:
          type: Workflow
          params: {l: array}
          jobs:
            j:
              stages:
                - id: a
                  name: a
                  foreach: ${{ params.l }}
                  stages:
                    - {id: b, name: b, bash: 'echo $(( ${{ item }} + ${{ loop }} ))'}
        """
    each = lowered(tmp_path, text).only.jobs[0].stages[0].body
    assert isinstance(each, ir.ForEachBody)
    assert each.stages[0].body == ir.BashBody(
        "J__A__B",
        "echo $(( ${item} + ${loop} ))",
        (
            ("item", ir.Convert(INT, ir.ContextValue("item"))),
            ("loop", ir.ContextValue("loop")),
        ),
    )


@pytest.mark.parametrize(
    ("stage", "codes"),
    [
        ("{bash: 'ssh a \"b ${{ matrix.m }}\"'}", []),
        ("{bash: 'bash ${{ matrix.m }}.sh; ./${{ matrix.m }}/a.sh'}", []),
        ("{bash: 'ssh a \"b ${{ params.day }} ${{ params.mode }}\"'}", []),
        ("{bash: 'ssh a \"b ${{ params.name }}\"'}", ["WF262"]),
        ("{bash: '${{ matrix.m }} b'}", ["WF261"]),
        ("{foreach: [x, y], stages: [{bash: 'ssh a \"${{ item }}\"'}]}", []),
        ("{parallel: {x: [{bash: 'ssh a \"${{ branch }}\"'}]}}", []),
        (
            "{foreach: [x, '${{ params.name }}'], stages: [{bash: 'ssh a \"${{ item }}\"'}]}",
            ["WF262"],
        ),
        (
            "{foreach: [x], stages: [{foreach: '${{ params.l }}', stages:"
            " [{bash: 'ssh a \"${{ item }}\"'}]}]}",
            ["WF262"],
        ),
        ("{bash: 'ssh a \"b ${{ stages.c.outputs.n }} ${{ stages.c.outputs.day }}\"'}", []),
        ("{bash: 'ssh a \"b ${{ stages.c.outputs.mode }}\"'}", ["WF262"]),
        ("{bash: 'ssh a \"b ${{ stages.c.outputs.day.isoformat() }}\"'}", ["WF262"]),
    ],
)  # fmt: skip
def test_what_the_author_wrote_may_stand_in_code(
    tmp_path: Path, stage: str, codes: list[str]
) -> None:
    tasks = """\
        from datetime import date
        from typing import Literal, TypedDict

        from wfruntime import tag


        class Out(TypedDict):
            n: int
            day: date
            mode: Literal["a"]


        @tag("t", alias="c")
        def c() -> Out: ...
        """
    text = """\
        w:
          type: Workflow
          params:
            name: str
            day: date
            l: array
            mode: {type: choice, options: [a, b]}
          jobs:
            j:
              strategy: {matrix: {m: [x, y]}}
              stages:
                - {name: c, id: c, uses: tasks/c@t}
                - {name: s, STAGE}
        """
    named = stage[1:-1].replace("{bash:", "{name: n, bash:")
    named = named.replace("{foreach:", "{name: f, foreach:")
    found = lowered(tmp_path, text.replace("STAGE", named), tasks=tasks).messages
    assert [line.partition(" ")[0] for line in found] == codes


def test_a_filter_of_the_project_may_give_any_text(tmp_path: Path) -> None:
    settings = '[tool.wfc]\nfilters = ["own"]\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    own = """\
from wfruntime import custom_filter

@custom_filter("name")
def name(value: int) -> str:
    return "x"

@custom_filter("twice")
def twice(value: int) -> int:
    return 2 * value
"""
    (tmp_path / "own.py").write_text(own, encoding="utf-8")
    text = """\
        w:
          type: Workflow
          params: {n: int}
          jobs:
            j:
              stages:
                - {name: a, bash: 'eval "a ${{ params.n | name }}"'}
                - {name: b, bash: 'eval "a ${{ params.n | name | list | words }}"'}
                - {name: c, bash: 'eval "a ${{ params.n | twice }}"'}
        """
    found = lowered(tmp_path, text).messages
    assert [line.partition(":")[0] for line in found] == ["WF262 7", "WF262 8"]
