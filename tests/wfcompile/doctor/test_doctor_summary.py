"""What a team decides on: the summary as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.wfcompile.doctor.projects import examined
from wfcompile.doctor import json_text, summary

CLEAN = """\
clean:
  type: Workflow
  jobs:
    a: {stages: [{name: Hello, id: hello, echo: hello}]}
"""
MIXED = """\
warned:
  type: Workflow
  params: {name: str}
  jobs:
    a: {stages: [{name: Hello, id: hello, if: false, echo: hello}]}
    b: {stages: [{name: Hello, id: hello, echo: "${HOST}"}]}
only-warned:
  type: Workflow
  params: {name: str, day: date}
broken:
  type: Workflow
  jobs:
    a: {runs-on: {type: docker}, stages: [{name: Hello, id: hello, echo: hello}]}
refused-by-both:
  type: Workflow
  jobs:
    a: {needs: [z], stages: [{name: Hello, id: hello, echo: hello}]}
"""
CALLERS = """\
from ddeutil.workflow import Result, tag
import ddeutil.workflow.errors
"""


def test_what_a_team_decides_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"conf/a.yml": CLEAN, "conf/b.yml": MIXED, "tasks.py": CALLERS}
    examination = examined(tmp_path, monkeypatch, files)
    assert summary(examination) == (
        "5 workflows\n"
        "     1  as they are\n"
        "     1  with warnings\n"
        "     3  to be changed\n"
        "\n"
        "differences (docs/differences.md has the reasons)\n"
        "  D4     2 places  params that are not passed get their default or None\n"
        "  D5      1 place  unset variables are an error, empty ones are empty, not the "
        "text null\n"
        "  D9      1 place  `if: true` runs and `if: false` skips; booleans are "
        "conditions\n"
        "  D25     1 place  runs-on other than local is an error until it works\n"
        "\n"
        "imports to change\n"
        "  tasks.py: 3 names\n"
        "\n"
        "not supported yet\n"
        '  conf/b.yml:13:25: "runs-on" is "docker", which is not available yet\n'
        "\n"
        "mistakes\n"
        '  conf/b.yml:17:17: job "a" needs "z", which is no job of this workflow\n'
        "\n"
        "what to do next\n"
        "  1. change 3 imports to wfruntime\n"
        "  2. correct 3 errors above\n"
        "  3. look at 4 warnings above: is it what you want?\n"
        '  4. run "wfc doctor" again\n'
    )


def test_nothing_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examination = examined(tmp_path, monkeypatch, {"conf/a.yml": CLEAN})
    assert summary(examination) == (
        "1 workflow\n"
        "     1  as they are\n"
        "     0  with warnings\n"
        "     0  to be changed\n"
        "\n"
        "what to do next\n"
        '  1. run "wfc build", and compare a run of each workflow\n'
    )


def test_a_warning_of_the_checker_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """\
wf:
  type: Workflow
  on: {schedule: [{cronjob: "0 2 * * *", timezone: UTC}]}
  params: {name: {type: str, required: true}}
"""
    examination = examined(tmp_path, monkeypatch, {"conf/a.yml": text})
    assert summary(examination) == (
        "1 workflow\n"
        "     0  as they are\n"
        "     1  with warnings\n"
        "     0  to be changed\n"
        "\n"
        "differences (docs/differences.md has the reasons)\n"
        "  D21     1 place  releases respect the time zone, and a failed one may be run "
        "again\n"
        "\n"
        "what to do next\n"
        "  1. look at 2 warnings above: is it what you want?\n"
        '  2. run "wfc build", and compare a run of each workflow\n'
    )


def test_json_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "wf:\n  type: Workflow\n  params: {name: str}\n"
    examination = examined(tmp_path, monkeypatch, {"conf/a.yml": text})
    assert json.loads(json_text(examination)) == {
        "findings": [
            {
                "kind": "difference",
                "difference": "D4",
                "code": None,
                "must_change": False,
                "message": 'a param that is not passed is filled in: "name" None; '
                "the interpreter leaves it out",
                "file": "conf/a.yml",
                "line": 3,
                "column": 12,
                "end_line": 3,
                "end_column": 16,
                "help": 'add "required: true" to those that every run must pass',
                "notes": [],
            }
        ],
        "summary": {
            "workflows": 1,
            "as_they_are": 0,
            "with_warnings": 1,
            "to_be_changed": 0,
            "differences": {
                "D4": {
                    "places": 1,
                    "title": "params that are not passed get their default or None",
                }
            },
            "imports": 0,
            "unsupported": 0,
        },
    }
