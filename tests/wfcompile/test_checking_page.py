"""`docs/checking.md` says what `wfc check` does: its formats, its outputs, its comments."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from wfcompile.cli import Format, app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
CASE = ROOT / "tests" / "diagnostics" / "WF303" / "need-twice"


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_format_is_in_the_table() -> None:
    written = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert written == [each.value for each in Format]


@pytest.mark.parametrize("format", ["text", "concise", "github"])
def test_the_examples_are_what_is_printed(
    format: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(CASE)
    app(["check", "--format", format], prog_name="wfc", standalone_mode=False)
    example = f"$ wfc check --format {format}\n{capsys.readouterr().out}"
    assert example in examples("console")[1]


def test_the_comments_of_the_example_ignore_all_that_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "conf").mkdir()
    path = tmp_path / "conf" / "report.yml"
    monkeypatch.chdir(tmp_path)

    def codes(text: str) -> list[str]:
        path.write_text(text, encoding="utf-8")
        app(["check", "--format", "concise"], prog_name="wfc", standalone_mode=False)
        return re.findall(r"WF\d{3}(?=: )", capsys.readouterr().out)

    example = examples("yaml")[0]
    assert codes(example) == []
    assert codes(re.sub("# wfc.*", "", example)) == ["WF303", "WF501"]


def test_the_other_examples_are_yaml() -> None:
    job, steps, hooks = (yaml.safe_load(dedent(text)) for text in examples("yaml")[1:])
    assert [each["run"] for each in job["jobs"]["check"]["steps"][2:]] == [
        "pip install wfcompile",
        "wfc check --format github",
        "wfc build --check",
    ]
    assert [list(each) for each in steps] == [["run"], ["uses", "if", "with"]]
    assert hooks["repos"][0]["hooks"][0]["entry"] == "wfc check --format concise"
