"""The findings that the checker owes (the language, section 12 (b), and the differences): a small
workflow with each, and the code that tells it.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.rules import style_codes
from wfcompile.settings import find_settings

CALLERS = """\
from wfruntime import tag


@tag("v1")
def copy(source: str, rows: int = 1) -> dict[str, int]:
    return {"rows": rows}
"""
HEAD = "report:\n  type: Workflow\n"
PARAMS = "params: {n: int, mode: {type: choice, options: [full, delta]}}\n"


def stages(*lines: str, params: str = PARAMS, job: str = "") -> str:
    """A workflow with one job of these stages, each in braces."""
    listed = "\n".join(f"      - {{{line}}}" for line in lines)
    return f"{params}jobs:\n  load:\n{indent(job, '    ')}\n    stages:\n{listed}\n"


def jobs(*lines: str) -> str:
    return "jobs:\n" + "".join(f"  {line}\n" for line in lines)


def scheduled(*entries: str, rest: str = "jobs: {}\n") -> str:
    listed = "".join(f"  - {{{entry}}}\n" for entry in entries)
    return f"on:\n{listed}{rest}"


STAGE = "stages: [{name: a, echo: a}]"
FINDINGS: tuple[tuple[str, str, str], ...] = (
    # the language, section 12 (b), and D10
    ("H-1, an unknown key", stages("name: a, ehco: a"), "WF104"),
    ("H-1, another type", stages("name: a, run: 5"), "WF106"),
    ("H-1, out of range", stages("name: a, bash: a, retry: 20"), "WF107"),
    (
        "H-1, result in with",
        stages('name: a, uses: "tasks/copy@v1", with: {source: a, result: b}'),
        "WF405",
    ),
    ("H-1, two else", stages("name: a, case: b, match: [else: [], else: []]"), "WF115"),
    ("H-2, two kinds", stages("name: a, bash: a, run: b = 1"), "WF111"),
    ("H-3, an underscore", jobs("load: {trigger_rule: all_done, stages: []}"), "WF104"),
    ("H-4, a broken template", stages('name: a, echo: "${{ params.n"'), "WF201"),
    ("H-5, an unknown param", stages('name: a, echo: "${{ params.m }}"'), "WF311"),
    ("H-5, an unknown stage", stages('name: a, echo: "${{ stages.b }}"'), "WF313"),
    (
        "H-5, a later stage",
        stages('name: a, echo: "${{ stages.b }}"', "name: b, id: b, bash: a"),
        "WF314",
    ),
    ("H-6, D12, a circle", jobs("a: {needs: [b]}", "b: {needs: [a]}"), "WF302"),
    ("H-7, D12, a circle of triggers", stages("name: a, trigger: report"), "WF384"),
    (
        "H-8, a foreign key",
        jobs("a: {strategy: {matrix: {x: [1]}, exclude: [{y: 1}]}, stages: []}"),
        "WF118",
    ),
    ("H-9, an id twice", stages("name: a, id: a", "name: b, id: a"), "WF113"),
    ("H-14, D14, an undefined name", stages("name: a, run: b = c"), "WF250"),
    ("H-15, D14, vars", stages("name: a, run: b = 1, vars: {params: 1}"), "WF249"),
    ("H-20, D25, runs-on", jobs("load: {runs-on: {type: docker}}"), "WF112"),
    ("H-25, true of YAML", stages('name: a, if: "true"'), "WF210"),
    ("H-27, a time", scheduled('interval: daily, time: "25:00"'), "WF342"),
    ("H-34, both day fields", scheduled('cronjob: "0 0 1 * MON"'), "WF338"),
    # the differences
    ("D9, if: true", stages("name: a, if: true"), "WF540"),
    ("D9, if: false", stages("name: a, if: false"), "WF540"),
    ("D11, an unknown caller", stages('name: a, uses: "tasks/move@v1"'), "WF401"),
    ("D11, a missing argument", stages('name: a, uses: "tasks/copy@v1"'), "WF403"),
    (
        "D11, an unknown argument",
        stages('name: a, uses: "tasks/copy@v1", with: {source: a, row: 1}'),
        "WF402",
    ),
    (
        "D11, an unknown filter",
        stages('name: a, echo: "${{ params.n | no }}"'),
        "WF320",
    ),
    ("D11, an unknown workflow", stages("name: a, trigger: other"), "WF380"),
    (
        "D28, a job that it does not need",
        jobs(
            "a: {stages: []}", 'b: {stages: [{name: a, echo: "${{ jobs.a.status }}"}]}'
        ),
        "WF316",
    ),
    # what is asked for besides
    (
        "a param that nobody reads",
        stages("name: a, echo: a", params="params: {n: int}\n"),
        "WF560",
    ),
    (
        "an output that nobody reads",
        stages("name: a, id: a, run: b = 1", params=""),
        "WF561",
    ),
    (
        "a matrix key that nobody reads",
        stages("name: a", params="", job="strategy: {matrix: {x: [1]}}"),
        "WF562",
    ),
    ("constants compared", stages('name: a, if: "${{ 1 == 1 }}"'), "WF540"),
    ("no option", stages("""name: a, if: '${{ params.mode == "none" }}'"""), "WF433"),
    (
        "no value of the matrix",
        stages(
            'name: a, if: "${{ matrix.x == 3 }}"', job="strategy: {matrix: {x: [1, 2]}}"
        ),
        "WF540",
    ),
    ("a job that never runs", jobs('a: {if: "1 == 2", ' + STAGE + "}"), "WF540"),
    (
        "a need that never runs",
        jobs("a: {}", "b: {needs: [a], " + STAGE + "}"),
        "WF541",
    ),
    (
        "a rule that is never met",
        jobs(
            "a: {" + STAGE + "}",
            "b: {needs: [a], " + STAGE + "}",
            "c: {needs: [a, b], trigger-rule: all_failed, " + STAGE + "}",
        ),
        "WF541",
    ),
    ("a rule of no job", jobs("a: {trigger-rule: one_failed, " + STAGE + "}"), "WF550"),
    ("behind a raise", stages("name: a, raise: b", "name: c"), "WF542"),
    (
        "a schedule without a required param",
        scheduled(
            'cronjob: "0 1 * * *"',
            rest="params: {day: {type: str, required: true}}\njobs: {}\n",
        ),
        "WF354",
    ),
    (
        "schedules that overlap",
        scheduled('cronjob: "0 * * * *"', 'cronjob: "*/30 1 * * *"'),
        "WF543",
    ),
    ("a schedule twice", scheduled("interval: daily", 'cronjob: "0 0 * * *"'), "WF344"),
    (
        "a schedule inside its run",
        scheduled('cronjob: "* * * * *"', rest=stages("name: a, sleep: 90", params="")),
        "WF544",
    ),
    (
        "a schedule inside its timeout",
        scheduled('cronjob: "0 * * * *"', rest="timeout: 7200\njobs: {}\n"),
        "WF563",
    ),
    ("the 31st of February", scheduled('cronjob: "0 0 31 2 *"'), "WF337"),
    (
        "a value as a command",
        stages('name: a, bash: "${{ params.n }} now"', params="params: {n: str}\n"),
        "WF261",
    ),
    (
        "a value in eval",
        stages('name: a, bash: "eval ${{ params.n }}"', params="params: {n: str}\n"),
        "WF262",
    ),
    (
        "a value twice in a matrix",
        stages("name: a", job='strategy: {matrix: {x: [1, "1"]}}'),
        "WF547",
    ),
    (
        "a row that is there",
        stages("name: a", job="strategy: {matrix: {x: [1]}, include: [{x: 1}]}"),
        "WF547",
    ),
    (
        "foreach over no list",
        stages('name: a, foreach: "${{ params.n }}", stages: [name: b]'),
        "WF420",
    ),
    (
        "until that reads nothing",
        stages("name: a, until: 1 == 2, stages: [name: b]"),
        "WF521",
    ),
    (
        "until beyond its rounds",
        stages('name: a, until: "${{ loop }} > 20", stages: [name: b]'),
        "WF545",
    ),
    (
        "an output of a stage that may be skipped",
        stages(
            'name: a, id: a, if: "${{ params.n }} > 1", run: b = 1',
            'name: c, echo: "${{ stages.a.outputs.b }}"',
        ),
        "WF546",
    ),
)


@pytest.mark.parametrize(
    ("text", "code"),
    [pytest.param(text, code, id=name) for name, text, code in FINDINGS],
)
def test_a_finding_has_its_code(
    text: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wfc.toml").write_text(
        "style = true\n" if code in style_codes() else ""
    )
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "tasks.py").write_text(CALLERS)
    path = tmp_path / "conf" / "report.yml"
    path.write_text(HEAD + indent(text, "  "))
    monkeypatch.chdir(tmp_path)
    diagnostics = Diagnostics()
    check_project(find_settings(None, None, {}), diagnostics)
    assert {each.code for each in diagnostics} == {code}
