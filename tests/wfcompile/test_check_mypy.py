"""`wfc check --mypy` with the real mypy: what it says, and where in the YAML it is told."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from wfcompile import typecheck
from wfcompile.cli import app
from wfcompile.commands.refusal import Refusal
from wfcompile.typecheck.mypy import MypyError, ask_mypy

CALLERS = """\
from io import TextIOWrapper
from typing import TypedDict

from wfruntime import tag


class Row(TypedDict):
    id: int
    file: TextIOWrapper


@tag("v1")
def load(file: TextIOWrapper, rows: list[Row], count: int) -> dict[str, int]:
    mistake_of_the_caller: int = "x"
    return {}
"""
WORKFLOW = """\
w:
  type: Workflow
  params:
    n: int
  jobs:
    j:
      stages:
        - name: call
          uses: tasks/load@v1
          with:
            file: some-text
            rows:
              - {id: 1, file: other}
            count: 5
        - name: literal
          run: |
            a: str = str(${{ params.n }}) + "é" + 5
            d = str(${{ params.n }}) + "e" + 5
            b: list[str] = [
                1,
                "x",
            ]
            text = "n: ${{ params.n }}" - 1
            c: int = ""  # type: ignore[assignment]
        - name: folded
          run: >
            a: str =
            5
        - name: quoted
          run: "a: str = 5"
        - name: each
          foreach: [1]
          stages:
            - name: inside
              run: |
                def half(value: int) -> int:
                    return value / 2
"""
FOUND = re.compile(r"^conf/w.yml:(\d+):(\d+): error WF445: mypy: .* \[([\w-]+)\]$")


def project(folder: Path, workflow: str = WORKFLOW) -> Path:
    (folder / "conf").mkdir()
    (folder / "conf" / "tasks.py").write_text(CALLERS, encoding="utf-8")
    (folder / "conf" / "w.yml").write_text(workflow, encoding="utf-8")
    return folder


def check(*options: str) -> int:
    code = app(["check", *options], prog_name="wfc", standalone_mode=False)
    assert isinstance(code, int)
    return code


def test_errors_are_told_at_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project(tmp_path))
    code = check("--mypy", "--format", "concise")
    lines = capsys.readouterr().out.splitlines()
    found = [match.groups() if (match := FOUND.match(e)) else e for e in lines]
    assert (code, found) == (
        1,
        [
            ("11", "19", "arg-type"),
            ("13", "31", "typeddict-item"),
            ("17", "13", "operator"),
            ("18", "46", "operator"),
            ("20", "17", "list-item"),
            ("23", "13", "operator"),
            ("27", "13", "assignment"),
            ("30", "26", "assignment"),
            ("37", "28", "return-value"),
        ],
    )


def test_a_clean_project_stays_clean_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = "        - name: a\n          run: b = 5\n"
    head = WORKFLOW.partition("        - name")[0]
    monkeypatch.chdir(project(tmp_path, head + stages))
    assert (check("--mypy"), capsys.readouterr().out) == (0, "1 workflow: no errors\n")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["conf"]


def test_without_mypy_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path))
    monkeypatch.setattr(typecheck, "has_mypy", lambda: False)
    with pytest.raises(Refusal) as refused:
        check("--mypy")
    assert str(refused.value) == (
        'mypy is not installed; run: pip install "wfcompile[mypy]"'
    )


def test_what_mypy_cannot_do_is_told(tmp_path: Path) -> None:
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = no.such", encoding="utf-8")
    with pytest.raises(MypyError, match="no.such"):
        ask_mypy({"w": "a = 5\n"}, [], tmp_path)


def test_no_python_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(MypyError, match="No such file or directory"):
        ask_mypy({"w": "a = 5\n"}, [], tmp_path)
