"""How an edit of the YAML shows in a review: one line changed is one hunk of the module.

The table is that of the house style.
"""

from __future__ import annotations

import shutil
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.golden.cases import HERE, compiled
from wfcompile.settings import find_settings

BEFORE = """\
reviewed:
  type: Workflow
  desc: Shows what an edit does.
  on:
    - cronjob: "*/5 * * * *"
      params:
        day: ${{ release.logical_date }}
  timeout: 600
  working-directory: work/${{ params.source }}
  params:
    source: {type: str, default: USD, desc: Where from.}
    day: date
  jobs:
    first:
      stages:
        - name: Get it
          id: get
          uses: tasks/get-api-with-oauth-to-s3@requests
          retry: 2
          with:
            method: post
            url: https://host/${{ params.source }}
            body:
              resource: ${{ params.source }}
              filter: constant
            auth: {type: bearer, keys: "${TOKEN}"}
            writing_mode: flatten
            aws:
              path: a/b
              access_client_id: ${ID}
              access_client_secret: ${SECRET}
        - name: Show it
          id: show
          echo: there are ${{ stages.get.outputs.records }}
    second:
      needs: [first]
      if: ${{ params.source }} == "USD"
      working-directory: work
      strategy:
        max-parallel: 2
        matrix:
          layer: [raw, curated]
      stages:
        - name: Count
          id: count
          if: ${{ jobs.first.stages.get.outputs.records }} > 0
          env:
            LIMIT: "7"
          bash: |
            echo "${{ matrix.layer }}"
            echo "$LIMIT"
        - name: List
          id: list
          bash: ls
        - name: Compute
          id: compute
          vars:
            factor: 2
          run: |
            total = factor * 2
            half = total / 2
    third:
      needs: [second]
      stages:
        - name: Each
          id: each
          foreach: [a, b]
          stages:
            - name: Say
              id: say
              echo: ${{ item }}
        - name: Look
          id: look
          bash: ls
        - name: Case
          id: case
          case: ${{ params.source }}
          match:
            - case: USD
              stages:
                - name: Dollars
                  id: dollars
                  echo: dollars
"""
EDITS = {
    "comment": ("reviewed:", "# a comment\nreviewed:"),
    "desc": ("Shows what an edit does.", "Shows what one edit does."),
    "cron": ('"*/5 * * * *"', '"*/6 * * * *"'),
    "params of a schedule": ("release.logical_date", "release.execute_date"),
    "timeout": ("timeout: 600", "timeout: 60"),
    "working directory of the workflow": ("work/${{", "works/${{"),
    "working directory of a job": (
        "working-directory: work\n",
        "working-directory: w\n",
    ),
    "default": ("default: USD", "default: THB"),
    "desc of a param": ("desc: Where from.", "desc: Whence."),
    "with": ("method: post", "method: put"),
    "nested with": ("filter: constant", "filter: other"),
    "text with a template": ("https://host/", "https://another/"),
    "retry": ("retry: 2", "retry: 3"),
    "name of a stage with an id": ("name: Get it", "name: Get all of it"),
    "echo": ("echo: there are", "echo: there were"),
    "condition of a job": ('== "USD"', '!= "USD"'),
    "condition of a stage": ("records }} > 0", "records }} > 1"),
    "max-parallel": ("max-parallel: 2", "max-parallel: 3"),
    "matrix": ("[raw, curated]", "[raw, landed]"),
    "environment of a shell": ('LIMIT: "7"', 'LIMIT: "8"'),
    "shell": ('echo "$LIMIT"', 'echo "[$LIMIT]"'),
    "variable of a block": ("factor: 2", "factor: 3"),
    "block": ("half = total / 2", "half = total / 3"),
    "items": ("foreach: [a, b]", "foreach: [a, c]"),
    "nested stage": ("echo: ${{ item }}", "echo: item ${{ item }}"),
}
NEW_STAGE = """\
        - name: New one
          id: new
          echo: new
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conf").mkdir()
    shutil.copy(HERE / "samples" / "conf" / "tasks.py", tmp_path / "conf")
    return tmp_path


def module(project: Path, text: str) -> list[str]:
    (project / "conf" / "reviewed.yml").write_text(text)
    found = compiled(find_settings(project / "conf", None, {}))
    assert found.said == ""
    return found.texts["reviewed.py"].splitlines()


def hunks(project: Path, old: str, new: str) -> list[list[str]]:
    """The changed lines of each hunk, when `old` becomes `new`."""
    assert BEFORE.count(old) == 1
    before, after = module(project, BEFORE), module(project, BEFORE.replace(old, new))
    found: list[list[str]] = []
    for line in list(unified_diff(before, after, lineterm=""))[2:]:
        if line.startswith("@@"):
            found.append([])
        elif line[0] in "+-":
            found[-1].append(line)
    return found


@pytest.mark.parametrize("edit", EDITS)
def test_one_line_changed_is_one_hunk(project: Path, edit: str) -> None:
    assert len(hunks(project, *EDITS[edit])) == 1


@pytest.mark.parametrize("edit", ["with", "cron", "matrix", "shell", "desc"])
def test_a_value_changed_is_one_line(project: Path, edit: str) -> None:
    (lines,) = hunks(project, *EDITS[edit])
    assert [line[0] for line in lines] == ["-", "+"]


def test_a_stage_added_is_its_function_its_place_and_its_line(project: Path) -> None:
    old = "        - name: List\n"
    found = hunks(project, old, NEW_STAGE + old)
    assert found[0] == [
        "+def second__new(ctx: rt.MatrixContext[Params, Second]) -> rt.NoOutputs:",
        '+    """New one."""',
        '+    return rt.echo("new")',
        "+",
        "+",
    ]
    assert found[1] == ['+                "new": second__new,']
    assert len(found) == 3


def test_a_job_added_renames_nothing(project: Path) -> None:
    old = "    second:\n"
    new = "    new:\n      stages:\n" + NEW_STAGE + old
    before, after = module(project, BEFORE), module(project, BEFORE.replace(old, new))
    assert {line for line in before if line.startswith("def ")} <= set(after)
