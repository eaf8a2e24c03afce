"""Which workflows are built, and what is said, where they trigger each other or stand in other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.settings import find_settings

ECHO = "jobs: {j: {stages: [{name: x, echo: hi}]}}"
QUOTED = '"${{ nobody }}"'


def trigger(name: str) -> str:
    return (
        f'{{type: Workflow, jobs: {{j: {{stages: [{{name: x, trigger: "{name}"}}]}}}}}}'
    )


def compiled(
    folder: Path, monkeypatch: pytest.MonkeyPatch, part: str = "conf", **files: str
) -> tuple[list[str], list[str]]:
    """Names of the workflows that are built, and what is said in short."""
    monkeypatch.chdir(folder)
    (folder / "wfc.toml").write_text('conf = "conf"\n')
    for name, text in files.items():
        path = folder / "conf" / f"{name}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    diagnostics = Diagnostics()
    settings = find_settings(Path(part), None, {})
    compilation = compile_project(settings, diagnostics)
    said = [
        f"{each.span.file.path}:{each.span.line} {each.code}" for each in diagnostics
    ]
    return [each.name for each in compilation.workflows], said


def test_one_file_knows_the_names_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = f"a: {{type: Workflow, on: nightly, {trigger('b')[16:]}"
    b = (
        f"b: {{type: Workflow, {ECHO}}}\n"
        'nightly: {type: Crontab, cronjob: "0 3 * * *", timezone: UTC}'
    )
    assert compiled(tmp_path, monkeypatch, "conf/a.yml", a=a, b=b) == (["a"], [])


def test_what_triggers_a_workflow_with_an_error_is_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = f"a: {trigger('b')}\nb: {trigger('c')}\nd: {{type: Workflow, {ECHO}}}"
    c = f"c: {{type: Workflow, {ECHO.replace('hi', QUOTED)}}}"
    found = compiled(tmp_path, monkeypatch, a=a, c=c)
    assert found == (["d"], ["conf/c.yml:1 WF310"])


def test_a_refused_workflow_is_not_unknown_but_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = "\n".join(
        [
            f"a: {trigger('bad')}",
            f"b: {trigger('nobody')}",
            "c: {type: Workflow, params: {x: {type: choice, options: [bad]}}, "
            f"{trigger('${{ params.x }}')[16:]}",
        ]
    )
    bad = f"bad: {{type: Workflow, paramz: {{}}, {ECHO}}}"
    found = compiled(tmp_path, monkeypatch, a=a, bad=bad)
    assert found == ([], ["conf/a.yml:2 WF380", "conf/bad.yml:1 WF104"])


def test_no_name_is_unknown_while_a_file_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = f"a: {trigger('b')}\nc: {{type: Workflow, {ECHO}}}"
    found = compiled(tmp_path, monkeypatch, a=a, b="b: {type: Workflow")
    assert found == (["c"], ["conf/b.yml:1 WF008"])


def test_all_of_a_knot_of_circles_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = "{name: x, trigger: b}, {name: y, trigger: c}"
    a = "\n".join(
        [
            f"a: {{type: Workflow, jobs: {{j: {{stages: [{stages}]}}}}}}",
            f"b: {trigger('a')}",
            f"c: {trigger('b')}",
            f"d: {{type: Workflow, {ECHO}}}",
        ]
    )
    assert compiled(tmp_path, monkeypatch, a=a) == (["d"], ["conf/a.yml:2 WF384"])


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ('{name: "L ${{ matrix.r | upper }}"}, {name: "L ${{ matrix.r }}"}', "WF113"),
        ('{name: x, id: "r-${{ matrix.r }}"}, {name: y, id: "r-{r}"}', "WF113"),
        ('{name: "L ${{ matrix.regoin }}"}', "WF312"),
        ('{name: "L ${{ matrix.r | nofilter }}"}', "WF320"),
        ('{name: x, id: "s-${{ matrix.r + 1 }}"}', "WF109"),
        (
            '{name: x, echo: "${{ stages.typo.status }}"}, '
            '{name: y, id: "k-${{ matrix.r }}"}',
            "WF313",
        ),
    ],
)
def test_names_with_matrix_values_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stages: str, said: str
) -> None:
    job = f"{{strategy: {{matrix: {{r: [x]}}}}, stages: [{stages}]}}"
    a = f"a: {{type: Workflow, jobs: {{j: {job}}}}}"
    assert compiled(tmp_path, monkeypatch, a=a) == ([], [f"conf/a.yml:1 {said}"])


def test_an_id_of_the_matrix_inside_until_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = '{name: in, id: "in-${{ matrix.r }}", run: "item = 3"}'
    until = f'{{name: u, until: "${{{{ item }}}} > 1", stages: [{inner}]}}'
    job = f"{{strategy: {{matrix: {{r: [1]}}}}, stages: [{until}]}}"
    a = f"a: {{type: Workflow, jobs: {{j: {job}}}}}"
    assert compiled(tmp_path, monkeypatch, a=a) == (["a"], [])


def test_a_file_alone_is_built_as_with_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outputs of what it triggers have their types, wherever that stands."""
    a = """\
a:
  type: Workflow
  jobs:
    j:
      stages:
        - {name: call, id: call, trigger: b}
        - name: read
          run: total = ${{ stages.call.outputs.jobs.j.stages.make.outputs.total }}
"""
    make = '{name: make, id: make, run: "total = 5"}'
    b = f"b: {{type: Workflow, jobs: {{j: {{stages: [{make}]}}}}}}"
    assert compiled(tmp_path, monkeypatch, a=a, b=b) == (["a", "b"], [])
    texts = [
        {
            each.name: each.text
            for each in compile_project(settings, Diagnostics()).workflows
        }
        for settings in (
            find_settings(Path(part), None, {}) for part in ("conf", "conf/a.yml")
        )
    ]
    assert "total: int" in texts[0]["a"]
    assert texts[1] == {"a": texts[0]["a"]}
