"""Rules of style: told only of what the project, or the command, asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfcompile.cli import app
from wfcompile.rules import codes, find_rule, style_codes

WORKFLOW = """\
report:
  type: Workflow
  params: {day: date}
  jobs:
    load:
      strategy: {matrix: {region: [eu, us]}}
      stages:
        - {name: Load, echo: loads}
"""
PARAM = 'conf/report.yml:3:12: warning WF560: param "day" is read nowhere\n'
KEY = (
    "conf/report.yml:6:27: warning WF562: "
    'matrix key "region" is read in no stage of the job\n'
)


@pytest.mark.parametrize(
    ("settings", "options", "expected"),
    [
        ("", [], ""),
        ("style = false", [], ""),
        ("style = true", [], PARAM + KEY),
        ('style = ["WF560"]', [], PARAM),
        ('style = ["WF560"]', ["--style"], PARAM + KEY),
        ("", ["--style"], PARAM + KEY),
    ],
)
def test_what_is_asked_for_is_told(
    settings: str,
    options: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "report.yml").write_text(WORKFLOW)
    (tmp_path / "wfc.toml").write_text(settings)
    monkeypatch.chdir(tmp_path)
    words = ["check", "--format", "concise", *options]
    code = app(words, prog_name="wfc", standalone_mode=False)
    assert (code, capsys.readouterr().out) == (0, expected)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ""),
        (
            ["--style"],
            "conf/report.yml:3:44: warning WF514: "
            "WF561 is ignored, and this place has no such warning\n" + KEY,
        ),
    ],
)
def test_an_ignored_rule_that_nobody_asks_for_is_not_unused(
    options: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = WORKFLOW.replace("date}", "date} # wfc: ignore[WF560, WF561] later")
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "report.yml").write_text(text)
    monkeypatch.chdir(tmp_path)
    words = ["check", "--format", "concise", *options]
    code = app(words, prog_name="wfc", standalone_mode=False)
    assert (code, capsys.readouterr().out) == (0, expected)


def test_rules_of_style_are_warnings() -> None:
    rules = [rule for rule in map(find_rule, codes()) if rule and rule.is_style]
    assert {rule.code for rule in rules} == style_codes()
    assert {rule.severity for rule in rules} == {"warning"}
