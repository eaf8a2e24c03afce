"""`wfc check --fix` and `--diff`: what is written, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfcompile.cli import app

BROKEN = """\
# kept: a comment
wf:
  type: Workflow
  parms:          # two blanks
    name: {type: str, defualt: "é"}
  jobs:
    first:
      trigger_rule: all_done
      stages:
        - name: A
          id: load
          "eho": "${{ params.nme | uper }}"
    second:
      needs: [frist]
      stages:
        - name: B
          echo: '${{ jobs.first.stages.laod.outputs }}'
"""
FIXED = """\
# kept: a comment
wf:
  type: Workflow
  params:          # two blanks
    name: {type: str, default: "é"}
  jobs:
    first:
      trigger-rule: all_done
      stages:
        - name: A
          id: load
          "echo": "${{ params.name | upper }}"
    second:
      needs: [first]
      stages:
        - name: B
          echo: '${{ jobs.first.stages.load.outputs }}'
"""


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    for variable in ("CONF_PATH", "REGISTRY_CALLER", "REGISTRY_FILTER"):
        monkeypatch.delenv(f"WORKFLOW_CORE_{variable}", raising=False)
    monkeypatch.chdir(folder)
    code = app(["check", *options], prog_name="wfc", standalone_mode=False)
    assert isinstance(code, int)
    return code


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "conf" / "wf.yml"
    path.parent.mkdir()
    return path


def fixed(file: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code of `wfc check --fix`, and what the file holds then."""
    file.write_bytes(text.encode())
    code = run(file.parents[1], monkeypatch, "--fix")
    return code, file.read_bytes().decode()


def test_round_after_round_until_all_is_fixed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fixed(file, BROKEN, monkeypatch) == (0, FIXED)


def test_line_ends_stay(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, mended = (each.replace("\n", "\r\n") for each in (BROKEN, FIXED))
    assert fixed(file, broken, monkeypatch) == (0, mended)


def test_two_close_names_are_left_to_the_author(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FIXED.replace('"é"}', '"é"}\n    names: array').replace("ms.name", "ms.nam")
    assert fixed(file, text, monkeypatch) == (1, text)


def test_a_file_with_mistakes_in_its_yaml_is_left_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = BROKEN + "  tags: [a\n"
    assert fixed(file, text, monkeypatch) == (1, text)


def test_a_fix_that_only_makes_another_mistake_is_taken_back(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FIXED.replace(
        "          id: load\n", "          id: load\n          ehco: a\n"
    )
    assert fixed(file, text, monkeypatch) == (1, text)


QUOTES = """\
wf:
  type: Workflow
  tags: [1, a]  # kept
  jobs:
    1:
      if: true
      needs: other
      stages:
        - name: 2024-01-01
          echo: run: 12
        - {name: B, env: {X: 1.10, T: 12:30}, bash: "echo $X", if: "1 = 01 or true"}
        - {name: C, echo: ${{ params | str }}}
    other: {}
"""
QUOTED = """\
wf:
  type: Workflow
  tags: ["1", a]  # kept
  jobs:
    "1":
      if: "True"
      needs: [other]
      stages:
        - name: "2024-01-01"
          echo: "run: 12"
        - {name: B, env: {X: "1.10", T: "12:30"}, bash: "echo $X", if: "1 == 1 or True"}
        - {name: C, echo: "${{ params | str }}"}
    other: {}
"""


def test_quotes_brackets_and_operators(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fixed(file, QUOTES, monkeypatch) == (0, QUOTED)


def test_diff_shows_the_first_round_and_writes_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(FIXED.replace("upper", "uper"), encoding="utf-8")
    assert run(file.parents[1], monkeypatch, "--diff") == 1
    assert (file.read_text("utf-8"), capsys.readouterr().out) == (
        FIXED.replace("upper", "uper"),
        """\
--- conf/wf.yml
+++ conf/wf.yml (fixed)
@@ -9,7 +9,7 @@
       stages:
         - name: A
           id: load
-          "echo": "${{ params.name | uper }}"
+          "echo": "${{ params.name | upper }}"
     second:
       needs: [first]
       stages:
""",
    )
