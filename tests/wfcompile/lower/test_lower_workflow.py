"""The module as a whole: names, search path, environment, schedules, projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered, project
from wfcompile import ir
from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import check_project

# --- names ---

NAMES = """
w:
  type: Workflow
  jobs:
    a-b:
      stages:
        - {name: "Say Hello!"}
        - {name: x, id: x-y}
        - {name: x, id: x_y}
    a_b: {stages: [{name: x, id: x-y}]}
    class:
      stages:
        - name: c
          id: if
          case: a
          match:
            - {case: a, stages: [{name: s, id: s}, {name: t, id: t}]}
            - {else: [{name: s, id: s}, {name: u, id: u}]}
        - name: f
          id: items
          foreach: [1]
          stages: [{name: items, id: items}, {name: case, id: case}]
"""


def test_functions_are_named_by_their_path(tmp_path: Path) -> None:
    module = lowered(tmp_path, NAMES).only
    names = [stage.function for each in module.jobs for stage in each.stages]
    assert names == [
        "a_b__say_hello_",
        "a_b__x_y",
        "a_b__x_y_2",
        "a_b_2__x_y",
        "class__if_2",
        "class__items",
    ]
    case, each = module.jobs[2].stages[0].body, module.jobs[2].stages[1].body
    assert isinstance(case, ir.CaseBody) and isinstance(each, ir.ForEachBody)
    arms = [stage.function for _, stages in case.match for stage in stages]
    otherwise = [stage.function for stage in case.otherwise or ()]
    assert arms + otherwise == [
        "class__if_2__a__s",
        "class__if_2__t",
        "class__if_2__else__s",
        "class__if_2__u",
    ]
    assert [stage.function for stage in each.stages] == [
        "class__items__items_2",
        "class__items__case",
    ]


# --- search path ---

FILES = {
    "tasks.py": """
        from wfruntime import tag
        from helpers import one

        @tag("v1")
        def f() -> dict[str, int]: ...
    """,
    "alone.py": """
        from wfruntime import tag

        @tag("v1")
        def f() -> dict[str, int]: ...
    """,
    "helpers/__init__.py": "",
    "helpers/one.py": "def g():\n    from ..lib_of_nobody import x\n    import deep.er",
    "lib/deep/er.py": "import json, pandas, circle",
    "lib/circle.py": "import deep.er",
    "unused/never.py": "",
    "wfc.toml": 'callers = [".", "lib", "unused"]',
}


@pytest.mark.parametrize(
    ("stage", "path"),
    [
        ("uses: tasks/f@v1", ("../conf", "..", "../lib")),
        ("uses: alone/f@v1", ("../conf",)),
        ("run: import deep.er", ("../lib",)),
        ("run: from helpers import one", ("..", "../lib")),
        ("echo: nothing", ()),
    ],
)
def test_the_roots_of_all_that_is_imported(
    tmp_path: Path, stage: str, path: tuple[str, ...]
) -> None:
    root_files = {name: text for name, text in FILES.items() if name == "wfc.toml"}
    (tmp_path / "wfc.toml").write_text(root_files["wfc.toml"])
    files = {name: text for name, text in FILES.items() if name not in root_files}
    settings = project(tmp_path, {"w.yml": job(f"- {{name: a, {stage}}}"), **files})
    diagnostics = Diagnostics()
    (checked,) = check_project(settings, diagnostics)
    assert [each.message for each in diagnostics] == []
    assert checked.ir is not None
    assert checked.ir.search_path == path


# --- workflows that hide callers ---

CALLER = 'from wfruntime import tag\nimport {other}\n@tag("v1")\ndef f() -> dict[str, int]: ...\n'


def hiding(name: str) -> str:
    return f"""
{name}:
  type: Workflow
  jobs: {{a: {{stages: [{{name: a}}]}}}}
w:
  type: Workflow
  jobs: {{a: {{stages: [{{name: a, uses: tasks/f@v1}}]}}}}
"""


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("tasks", "the caller module of that name"),
        ("words", "the caller module of that name"),
        ("pandas", 'a module that "tasks" imports'),
    ],
)
def test_a_workflow_may_not_hide_a_module_that_is_needed(
    tmp_path: Path, name: str, hidden: str
) -> None:
    tasks = CALLER.format(other="pandas, words")
    found = lowered(tmp_path, hiding(name), tasks=tasks, words="")
    assert found.messages == [
        f'WF307 2:1: workflow "{name}" would become "{name}.py", which hides {hidden} '
        f'(call it "{name}-workflow") [the caller module is here]'
    ]
    assert list(found.modules) == ["w"]


def test_a_module_that_nothing_imports_hides_nothing(tmp_path: Path) -> None:
    found = lowered(
        tmp_path, hiding("words"), tasks=CALLER.format(other="os"), words=""
    )
    assert (found.messages, list(found.modules)) == ([], ["words", "w"])


def test_a_workflow_that_hides_its_own_caller(tmp_path: Path) -> None:
    text = "tasks:\n  type: Workflow\n  jobs: {a: {stages: [{name: a, uses: tasks/f@v1}]}}\n"
    found = lowered(tmp_path, text, tasks=CALLER.format(other="os"))
    assert [message.split(":")[0] for message in found.messages] == ["WF307 1"]
    assert found.modules == {}


# --- environment ---


def test_variables_without_a_default_are_listed_with_their_first_line(
    tmp_path: Path,
) -> None:
    text = """
    w:
      type: Workflow
      on: [{cronjob: "1 * * * *", params: {a: "${ONLY_THERE}"}}]
      params: {a: str}
      jobs:
        b:
          needs: [a]
          stages: [{name: a, echo: "${FIRST} ${LATER}"}]
        a:
          stages:
            - {name: a, echo: "${LATER} ${WITH:a default}"}
            - {name: b, until: "'${LATER}' == '' or loop > 1", stages: [{name: a, echo: "${FIRST}"}]}
    """
    found = lowered(tmp_path, text)
    assert found.messages == []
    assert dict(found.only.env_lines) == {"FIRST": 9, "LATER": 9}


# --- schedules ---


@pytest.mark.parametrize(
    ("params", "messages"),
    [
        ("{day: 2024-01-31, n: 5, mode: full}", []),
        ("{day: '${{ release.logical_date }}', n: '5'}", []),
        ("{dya: 1}", ['WF340 4:39: the schedule sets "dya", which is no param (did you mean "day"?)']),
        ("{xyz: 1}", ['WF340 4:39: the schedule sets "xyz", which is no param (the params are day, n, mode)']),
        ("{mode: fulll}", ['WF348 4:45: the schedule sets "mode" to "fulll", expected one of full, delta (did you mean \"full\"?) [the param is declared here]']),
        ("{n: x}", ['WF348 4:42: the schedule sets "n" to "x", expected an int (write a whole number, such as 3, or declare \"n\" as str) [the param is declared here]']),
        ("{day: 5}", ['WF348 4:44: the schedule sets "day" to 5, expected a date such as 2024-01-31 (write a day, such as 2024-01-31, or declare \"day\" as int) [the param is declared here]']),
        ("{n: '${{ params.n }}'}", ['WF310 4:47: "params" is not known here (names that are known here: release)']),
    ],
)  # fmt: skip
def test_params_of_a_schedule(tmp_path: Path, params: str, messages: list[str]) -> None:
    text = f"""\
w:
  type: Workflow
  on:
    - {{cronjob: "1 * * * *", params: {params}}}
  params: {{day: date, n: int, mode: {{type: choice, options: [full, delta]}}}}
  jobs: {{}}
"""
    assert lowered(tmp_path, text).messages == messages


def test_a_workflow_without_params_takes_none_from_its_schedule(tmp_path: Path) -> None:
    text = 'w:\n  type: Workflow\n  on: [{cronjob: "1 * * * *", params: {a: 1}}]\n  jobs: {}\n'
    assert lowered(tmp_path, text).messages == [
        'WF340 3:40: the schedule sets "a", which is no param (declare it in params)'
    ]


# --- all at once ---


def test_the_mistakes_of_all_parts_are_told_together(tmp_path: Path) -> None:
    text = """
    w:
      type: Workflow
      params: {n: {type: int, default: x}}
      jobs:
        a:
          needs: [b]
          if: ${{ params.m }} > 1
          strategy: {matrix: {k: [1]}, max-parallel: "${{ params.o }}"}
          stages:
            - {name: a, echo: "${{ params.p }}"}
            - {name: b, run: "x = y"}
            - {name: c, uses: nowhere/f@v1}
    v:
      type: Workflow
      jobs: {a: {stages: [{name: a, echo: "${{ params.q }}"}]}}
    """
    found = lowered(tmp_path, text)
    assert [message.split(" ")[0] for message in found.messages] == [
        "WF350",
        "WF301",
        "WF311",
        "WF311",
        "WF311",
        "WF250",
        "WF401",
        "WF311",
    ]
    assert found.modules == {}
