"""What could not be read is told once, nothing follows from it, and it hides nothing else."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
from lowering import lowered

TASKS = """
from wfruntime import tag


@tag("t", alias="load")
def load(path: str, mode: str) -> dict[str, int]:
    return {"rows": 1}
"""


def codes(folder: Path, jobs: str, params: str = "p: str") -> list[str]:
    """`code line` of each finding; the jobs begin at line 5."""
    body = f"params: {{{params}}}\njobs:\n{indent(jobs, '  ')}"
    text = f"w:\n  type: Workflow\n{indent(body, '  ')}\n"
    found = lowered(folder, text, tasks=TASKS).diagnostics
    return [f"{each.code} {each.span.line}" for each in found]


def of_stages(*stages: str) -> str:
    lines = "\n".join(f"  - {indent(stage, '    ').lstrip()}" for stage in stages)
    return f"a:\n  stages:\n{indent(lines, '  ')}"


READ_A = "{name: r, echo: '${{ jobs.a.stages.s.outputs }}'}"


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        # the needs of a job, and of the jobs that need it
        (
            f"a: {{}}\nb:\n  needs: {{a: b}}\n  stages: [{READ_A}]",
            ["WF106 7"],
        ),
        (
            "a: {stages: [{name: s, id: s}]}\nb: {needs: {a: b}}\n"
            f"c:\n  needs: [b]\n  stages: [{READ_A}]",
            ["WF106 6"],
        ),
        (
            "a: {stages: []}\nb:\n  after: [a]\n  stages:\n"
            "    - {name: r, echo: '${{ jobs.a.status }}'}\n"
            "    - {name: s, echo: '${{ jobs.c.status }}'}",
            ["WF104 7", "WF315 10"],
        ),
        # a matrix
        (
            "a:\n  strategy: {matrix: {x: 1}}\n  stages:\n"
            "    - {name: r, echo: '${{ matrix.x }} ${{ matrix.y }}'}",
            ["WF106 6"],
        ),
        (
            "a:\n  strategy: often\n  stages:\n"
            "    - {name: r, echo: '${{ matrix.x }} ${{ params.q }}'}",
            ["WF106 6", "WF311 8"],
        ),
        (
            "a: {strategy: often}\nb:\n  needs: [a]\n  stages:\n"
            "    - {name: r, echo: '${{ jobs.a.strategies }} ${{ jobs.a.stages }}'}",
            ["WF106 5"],
        ),
        # stages
        (
            f"a: {{stages: {{name: s, id: s}}}}\nb:\n  needs: [a]\n  stages: [{READ_A}]",
            ["WF106 5"],
        ),
        (f"a: 5\nb:\n  needs: [a]\n  stages: [{READ_A}]", ["WF106 5"]),
        (f"a: 5\nb:\n  stages: [{READ_A}]", ["WF106 5", "WF316 7"]),
        (
            of_stages(
                "name: n\nid: s\nbash: a\nrun: b = 1",
                "name: r\necho: ${{ stages.s.outputs.b.c }} ${{ stages.t.outputs }}",
            ),
            ["WF111 10", "WF313 12"],
        ),
        (
            of_stages("name: n\nid: [s]", "name: r\necho: ${{ stages.s.outputs.b }}"),
            ["WF106 8"],
        ),
        (
            of_stages(
                "name: n\nid: s\nrun: [a]", "name: r\necho: ${{ stages.s.outputs.b }}"
            ),
            ["WF106 9"],
        ),
        (
            of_stages(
                "name: n\nbash: echo $x\nenv: [x]", "name: r\necho: ${{ params.q }}"
            ),
            ["WF106 9", "WF311 11"],
        ),
        (of_stages("name: n\nrun: y = x + 1\nvars: [x]"), ["WF106 9"]),
        (of_stages("name: n\nretry: often\necho: ${{ retry }}"), ["WF106 8"]),
        (of_stages("name: n\nuses: tasks/load@t\nwith: [a]"), ["WF106 9"]),
        (
            of_stages(
                "name: n\nid: s\nuses: tasks/load@t\nwith: [a]",
                "name: r\necho: ${{ stages.s.outputs.rows.none }}",
            ),
            ["WF106 10", "WF442 12"],
        ),
        (
            of_stages(
                "name: n\nid: s\nuses: 5", "name: r\necho: ${{ stages.s.outputs.a.b }}"
            ),
            ["WF106 9"],
        ),
        (
            of_stages("name: n\ntrigger: 5\nparams: {a: '${{ params.q }}'}"),
            ["WF106 8", "WF311 9"],
        ),
        # containers: what is inside is looked at
        (
            of_stages(
                "name: n\nforeach: 5\nstages:\n"
                "  - {name: i, echo: '${{ item.a }} ${{ params.q }}'}"
            ),
            ["WF106 8", "WF311 10"],
        ),
        (
            of_stages(
                "name: n\nstages:\n  - {name: i, echo: '${{ item }} ${{ params.q }}'}"
            ),
            ["WF105 7", "WF311 9"],
        ),
        (
            of_stages(
                "name: n\ncase: 5\nmatch:\n"
                "  - {case: x, stages: [{name: i, echo: '${{ params.q }}'}]}"
            ),
            ["WF106 8", "WF311 10"],
        ),
        (
            of_stages(
                "name: n\nmax-workers: many\nparallel:\n  b: [{name: i, echo: a, bash: b},"
                " {name: j, echo: '${{ params.q }}'}]"
            ),
            ["WF106 8", "WF111 10", "WF311 10"],
        ),
        (
            of_stages(
                "name: n\nuntil: 5\nstages: [{name: i, echo: '${{ params.q }}'}]"
            ),
            ["WF106 8", "WF311 9"],
        ),
    ],
)
def test_a_part_that_is_not_read(
    jobs: str, expected: list[str], tmp_path: Path
) -> None:
    assert codes(tmp_path, jobs) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("p: strr", ["WF108 3"]),
        ("p: {type: choice, options: []}", ["WF116 3"]),
        ("p: {type: strr, default: [1]}", ["WF108 3"]),
        ("p: 5", ["WF106 3"]),
        ("p: [a]", ["WF106 3"]),
        ("p: {type: int, default: x}, q: strr", ["WF350 3", "WF108 3"]),
    ],
)
def test_a_param_that_is_not_read(
    params: str, expected: list[str], tmp_path: Path
) -> None:
    job = of_stages("name: n\necho: ${{ params.p | upper }} ${{ params.p - 1 }}")
    assert codes(tmp_path, job, params)[: len(expected)] == expected


def test_params_that_are_no_mapping(tmp_path: Path) -> None:
    text = """\
        w:
          type: Workflow
          params: [p]
          jobs: {a: {stages: [{name: n, echo: "${{ params.p }} ${{ prams.p }}"}]}}
        """
    found = lowered(tmp_path, text)
    assert [each.code for each in found.diagnostics] == ["WF106", "WF310"]
    assert found.modules == {}


def test_nothing_is_known_of_what_a_broken_workflow_takes(tmp_path: Path) -> None:
    text = """\
        v:
          type: Workflow
          params: {p: strr}
          jobs: {a: 5}
        w:
          type: Workflow
          jobs:
            a:
              stages:
                - {name: n, id: t, trigger: v, params: {q: 1}}
                - {name: r, echo: "${{ stages.t.outputs.jobs.b }}"}
        """
    found = lowered(tmp_path, text)
    assert [each.code for each in found.diagnostics] == ["WF108", "WF106"]
    assert found.modules == {}
