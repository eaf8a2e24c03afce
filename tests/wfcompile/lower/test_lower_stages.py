"""Stages: what each kind becomes, and what is said where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered
from wfcompile import ir
from wfcompile.types import INT, STR, UNKNOWN, ListType, Type, annotation

PARAMS = (
    "params: {n: int, s: str, m: map, a: array, c: {type: choice, options: [x, y]}}"
)


def body(tmp_path: Path, stage: str) -> ir.Body:
    """Of the last stage of a job."""
    found = lowered(tmp_path, job(stage, PARAMS))
    assert found.messages == []
    return found.only.jobs[0].stages[-1].body


def messages(tmp_path: Path, stages: str) -> list[str]:
    return lowered(tmp_path, job(stages, PARAMS)).messages


# --- foreach ---


@pytest.mark.parametrize(
    ("written", "items", "items_type"),
    [
        ("[a, b]", ir.Const(["a", "b"]), ListType(STR)),
        ("'[1, 2]'", ir.Const([1, 2]), ListType(INT)),
        ('"${{ params.a }}"', ir.Param("a"), ListType(UNKNOWN)),
        ('"${{ params.s }}"', ir.Param("s"), STR),
        ('"${{ params.m.x }}"', ir.Index(ir.Param("m"), ir.Const("x")), ListType(UNKNOWN)),
        ('["${{ params.c }}", z]', ir.ListExpr((ir.Param("c"), ir.Const("z"))), ListType(STR)),
    ],
)  # fmt: skip
def test_items(tmp_path: Path, written: str, items: ir.Expr, items_type: Type) -> None:
    found = body(tmp_path, f"- {{name: a, foreach: {written}, stages: []}}")
    assert isinstance(found, ir.ForEachBody)
    assert (found.items, found.items_type) == (items, items_type)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('"${{ params.n }}"', "foreach is given int"),
        ('"${{ params.m }}"', "foreach is given dict[str, Any]"),
        ("\"${{ '[1' }}\"", "foreach is given a text that is no JSON list"),
    ],
)
def test_what_is_no_list(tmp_path: Path, written: str, found: str) -> None:
    assert messages(tmp_path, f"- {{name: a, foreach: {written}, stages: []}}") == [
        f"WF420 7:30: {found}, expected a list "
        "(write [first, second], or a template that gives a list)"
    ]


# --- until ---


@pytest.mark.parametrize(
    ("item", "stages", "type_"),
    [
        ("0", "[{name: a, id: a, run: item = 5}]", "int"),
        ("0", "[{name: a, id: a, run: item = 'x'}]", "int | str"),
        ("x", "[{name: a, id: a}]", "str | int"),
        ("x", "[{name: a, id: a, run: item = 'y'}]", "str"),
        ("x", "[{name: a, run: item = 'y'}]", "str | int"),
        ("x", "[{name: a, id: a, if: params.n > 1, run: item = 'y'}]", "str | int"),
        ("x", "[{name: a, id: a, run: \"if ${{ loop }} > 1: item = 'y'\"}]", "str | int"),
        ("'${{ params.m.x }}'", "[]", "Any"),
        ("false", "[{name: a, id: a, run: 'item = not ${{ item }}'}]", "bool"),
        ("0", "[{name: a, id: a, run: 'item = [${{ item }}]'}]", "Any"),
        ("0", "[{name: a, id: a, run: 'item = open(\"x\")'}]", "Any"),
    ],
)  # fmt: skip
def test_the_type_of_the_item_is_what_the_rounds_can_make_of_it(
    tmp_path: Path, item: str, stages: str, type_: str
) -> None:
    stage = (
        f"- {{name: u, until: '${{{{ loop }}}} > 3', item: {item}, stages: {stages}}}"
    )
    found = body(tmp_path, stage)
    assert isinstance(found, ir.UntilBody)
    assert annotation(found.item_type) == type_


def test_a_mistake_in_a_loop_is_told_once(tmp_path: Path) -> None:
    stage = (
        "- {name: u, until: 'loop > 3', stages: [{name: a, echo: '${{ params.x }}'}]}"
    )
    assert messages(tmp_path, stage) == [
        'WF311 7:77: no param is called "x" (the params are n, s, m, a, c)'
    ]


# --- case ---


@pytest.mark.parametrize(
    ("case", "arm", "message"),
    [
        ("${{ params.c }}", "z", 'case "z" can never match: the value is "x" or "y"'),
        ("${{ params.c }}", "1", 'case 1 can never match: the value is "x" or "y"'),
        ("${{ params.n }}", "x", 'case "x" can never match: the value is int'),
        ("a ${{ params.n }}", "5", "case 5 can never match: the value is str"),
    ],
)
def test_a_case_that_can_never_match(
    tmp_path: Path, case: str, arm: str, message: str
) -> None:
    stage = f"- name: a\n  case: {case}\n  match: [{{case: {arm}, stages: []}}]"
    assert messages(tmp_path, stage) == [
        f"WF421 9:26: {message} (remove the case, or write a value that can come)"
    ]


def test_cases_that_can_match(tmp_path: Path) -> None:
    stage = (
        "- name: a\n  case: ${{ params.m.x }}\n"
        "  match: [{case: 1, stages: []}, {case: x, stages: []}, {else: []}]"
    )
    found = body(tmp_path, stage)
    assert isinstance(found, ir.CaseBody)
    assert found.match == ((1, ()), ("x", ()))
    assert (found.case_type, found.otherwise) == (UNKNOWN, ())


# --- what a stage sees of others ---


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        (
            "- {name: a, id: a, echo: '${{ stages.b.status }}'}\n- {name: b, id: b}",
            'WF314 7:46: stage "b" has not run yet at this place (move the stage that reads it behind it) [it comes later, here]',
        ),
        (
            "- {name: a, id: a, echo: '${{ stages.a.status }}'}",
            'WF314 7:46: stage "a" has not run yet at this place (move the stage that reads it behind it) [it comes later, here]',
        ),
        (
            "- {name: a, id: a, foreach: [1], stages: [{name: b, id: b}]}\n- {name: c, echo: '${{ stages.b.status }}'}",
            'WF313 8:39: no stage before this one has the id "b" (ids that can be read here: a)',
        ),
        (
            "- {name: a, id: a, run: x = 1}\n- {name: b, echo: '${{ stages.a.outputs.y }}'}",
            'WF440 8:49: the outputs have no "y" (they have x)',
        ),
        (
            "- {name: a, id: a}\n- {name: b, echo: '${{ stages.a.outputs.y }}'}",
            'WF440 8:49: the outputs have no "y" (the stage puts nothing out)',
        ),
        (
            "- {name: a, echo: '${{ item }}'}",
            'WF310 7:32: "item" is not known here (read it in the stages of a foreach or until)',
        ),
        (
            "- {name: a, echo: '${{ retry }}'}",
            'WF310 7:32: "retry" is not known here (give the stage or its job a "retry": neither has one)',
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read(tmp_path: Path, stages: str, message: str) -> None:
    assert messages(tmp_path, stages) == [message]


def test_nested_stages_see_those_around(tmp_path: Path) -> None:
    stages = """
    - {name: a, id: a, run: rows = 1}
    - name: b
      foreach: [1]
      stages:
        - {name: c, id: c, retry: 1, run: "x = ${{ stages.a.outputs.rows + item + retry }}"}
        - name: d
          parallel:
            left: [{name: e, echo: "${{ stages.c.outputs.x }} ${{ branch }} ${{ loop }}"}]
    """
    assert messages(tmp_path, stages) == []


# --- shell ---


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (
            "ls ${{ params.x | words }}",
            ['WF311 7:42: no param is called "x" (the params are n, s, m, a, c)'],
        ),
        (
            "ls ${{ params.s | words }}",
            [
                'WF430 7:46: filter "words" takes list, found str'
                ' (take "| words" away: a value is one word without it)'
            ],
        ),
        (
            "ls ${{ params.a | words(1) }}",
            ['WF430 7:46: filter "words" takes no arguments'],
        ),
        (
            "ls ${{ params.a | words | upper }}",
            [
                'WF320 7:46: no filter is called "words"'
                ' (it is the last filter of a template in "bash", and of no other)'
            ],
        ),
    ],
)
def test_words_takes_a_list(tmp_path: Path, script: str, found: list[str]) -> None:
    assert messages(tmp_path, f"- {{name: a, bash: '{script}'}}") == found


def test_variables_of_a_shell_stage(tmp_path: Path) -> None:
    found = body(
        tmp_path,
        "- {name: a, id: a, env: {A: 'x ${B}'}, bash: 'echo $A ${{ params.n }}'}",
    )
    assert found == ir.BashBody(
        "J__A",
        'echo $A "${params_n}"',
        (
            ("A", ir.Join((ir.Const("x "), ir.Env("B")))),
            ("params_n", ir.Param("n")),
        ),
    )


# --- calls ---

TASKS = """
from wfruntime import tag

@tag("v1")
def f(n: int, s: str = "") -> dict[str, int]: ...

@tag("v1")
def g(n): ...

@tag("v1")
def h() -> int: ...
"""


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ("uses: tasks/f@v1, with: {n: 1, m: 1}", 'WF402 7:52: caller "f@v1" has no argument "m" [arguments are n, s]'),
        ("uses: tasks/f@v1, with: {s: a}", 'WF403 7:27: caller "f@v1" needs the argument "n" (give it below "with") [arguments are n, s]'),
        ("uses: tasks/f@v1, with: {n: x}", 'WF404 7:49: argument "n" is "x", expected int (write a whole number, such as 3) [arguments are n, s]'),
        ("uses: tasks/f@v2", 'WF401 7:35: caller "f" has no tag "v2" (write "f@v1") [tags are v1]'),
        ("uses: tasks/h@v1", 'WF409 10:1: caller "h@v1" returns int, expected a mapping or a model (return a dict, a TypedDict, a dataclass or a model) [it is used here]'),
    ],
)  # fmt: skip
def test_calls_that_do_not_fit(tmp_path: Path, stage: str, message: str) -> None:
    text = job(f"- {{name: a, {stage}}}", PARAMS)
    found = lowered(tmp_path, text, tasks=TASKS)
    assert found.messages == [message]


def test_a_caller_without_types_is_let_pass(tmp_path: Path) -> None:
    typed = lowered(
        tmp_path, job("- {name: a, uses: tasks/f@v1, with: {n: 1}}"), tasks=TASKS
    )
    assert typed.only.untyped == frozenset()
    untyped = lowered(
        tmp_path, job("- {name: a, uses: tasks/g@v1, with: {n: 1}}"), tasks=TASKS
    )
    assert untyped.only.untyped == {"calls"}
