"""What the real shellcheck says, at its place in the YAML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.settings import find_settings

HEAD = """\
report:
  type: Workflow
  params: {text: {type: str, default: a}, rows: {type: int, default: 1}, all: array}
  jobs:
    load:
      stages:
        - name: Load
          env: {layer: raw}
"""


def found(folder: Path, stage: str) -> list[Diagnostic]:
    """Of a stage whose further keys are these lines, without their indent."""
    conf = folder / "conf"
    conf.mkdir(exist_ok=True)
    lines = [f"          {line}" if line else "" for line in stage.split("\n")]
    (conf / "report.yml").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    diagnostics = Diagnostics()
    settings = replace(find_settings(conf, None, {}), shellcheck=True)
    check_project(settings, diagnostics)
    return list(diagnostics)


def told(folder: Path, script: str) -> list[str]:
    """Code and source of what is said about a script."""
    script = "\n".join(f"  {line}" for line in script.split("\n"))
    return [
        f"{each.message.partition(' ')[0]} {source_of(each)}"
        for each in found(folder, f"bash: |\n{script}")
    ]


def source_of(found: Diagnostic) -> str:
    span = found.span
    return span.file.text[span.start : span.end]


# --- positions ---


@pytest.mark.parametrize(
    "stage",
    [
        "bash: echo ä😀 ${{ params.text }} $x",
        "bash: 'echo ''ä😀'' ${{ params.text }} $x'",
        'bash: "echo \\"ä\\U0001F600\\"\\n\\techo \\x41 ${{ params.text }} $x"',
        'bash: "echo one \\\n  two\n\n  echo ${{ params.text }} $x"',
        "bash: |\n  echo one\n  echo ${{ params.text }} '${{ params.text }}' $x",
        "bash: |2-\n    echo 'ä😀' \\\n  ${{ params.text }} $x",
        "bash: >\n  echo one\n  two\n\n\n  echo ${{ params.text }}\n  $x",
        "bash: >+\n  echo one\n    echo ${{ params.text }} \\\n  $x\n\n",
        "bash: |\n  echo \t'ä' ${{ params.rows }}\t$x\t",
        "bash: &script |\n  # ${{ params.text }}\n  echo $(( ${{ params.rows }} + 1 )) $x",
    ],
    ids=str,
)
def test_the_place_is_exact_in_every_style(tmp_path: Path, stage: str) -> None:
    quoting = [each for each in found(tmp_path, stage) if "SC2086" in each.message]
    assert [source_of(each) for each in quoting] == ["$x"]


def test_every_line_of_a_script_is_mapped(tmp_path: Path) -> None:
    lines = [f"echo {'é' * n} ${{{{ params.text }}}} $x{n}" for n in range(1, 40)]
    expected = [f"SC{code} $x{n}" for n in range(1, 40) for code in (2086, 2154)]
    assert told(tmp_path, "\n".join(lines)) == expected


def test_an_alias_is_told_where_it_is_defined(tmp_path: Path) -> None:
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "report.yml").write_text(
        f"{HEAD}          bash: &script echo $1\n"
        "        - name: Again\n          bash: *script\n"
    )
    diagnostics = Diagnostics()
    settings = replace(find_settings(conf, None, {}), shellcheck=True)
    check_project(settings, diagnostics)
    assert [(each.span.line, source_of(each)) for each in diagnostics] == [(9, "$1")]


# --- what is not told ---


@pytest.mark.parametrize(
    "script",
    [
        "echo ${{ params.text }} \"$layer\" '${{ params.text }}'",
        "echo $(( ${{ params.rows }} + ${{ params.rows }} ))",
        "if [ -n ${{ params.text }} ]; then cd ${{ params.text }}; fi",
        "case ${{ params.text }} in a) echo;; esac",
        "wc -l ${{ params.all | words }}",
        "printf '%s' \\\n  '$${{ params.text }} \\${{ params.text }}'\"a\"${{ params.text }}b",
        'cd landing\nsource ./own.sh\n. "$HOME"/a.sh',
        'ssh host "ls $(printf %q ${{ params.text }})"',
        "echo \"${x:-'${{ params.text }}'}\"",
        "#!/bin/bash\necho a",
        "trap 'echo ended' EXIT\nset -u\n",
    ],
)
def test_templates_and_variables_of_the_stage_bring_nothing(
    tmp_path: Path, script: str
) -> None:
    assert told(tmp_path, script) == []


def test_a_script_that_has_no_end_is_left_alone(tmp_path: Path) -> None:
    (only,) = found(tmp_path, "bash: 'if true; then echo $x'")
    assert only.code == "WF520"


# --- what is told ---


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo $layer", ["SC2086 $layer"]),
        ("echo $leyer", ["SC2086 $leyer", "SC2154 $leyer"]),
        ("rm -r ${{ params.text }}/*", ["SC2115 ${{ params.text }}/*"]),
        (
            'for a in ${{ params.all }}; do echo "$a"; done',
            ["SC2066 ${{ params.all }}"],
        ),
        ("[ -n 'x${{ params.text }}' ]", ["SC2157 'x${{ params.text }}'"]),
        ('x=`date`\necho "$x"', ["SC2006 `date`"]),
    ],
)
def test_what_is_told(tmp_path: Path, script: str, expected: list[str]) -> None:
    assert told(tmp_path, script) == expected


def test_a_directive_in_the_script_is_kept(tmp_path: Path) -> None:
    directive = "# shellcheck disable=SC2086"
    assert told(tmp_path, f"{directive}\necho $layer\necho $1") == []
    assert told(tmp_path, f"echo a\n{directive}\necho $1\necho $2") == ["SC2086 $2"]


def test_the_settings_of_the_project_count(tmp_path: Path) -> None:
    (tmp_path / ".shellcheckrc").write_text("disable=SC2086\n")
    assert told(tmp_path, "echo $1 `date`") == ["SC2006 `date`", "SC2046 `date`"]


def test_the_help_can_be_followed(tmp_path: Path) -> None:
    (first,) = found(tmp_path, "bash: cat $1")
    assert first.help == 'write "$1"'
    assert told(tmp_path, 'cat "$1"') == []
    (second,) = found(tmp_path, "bash: |\n  cd a\n  ls | grep b")
    assert second.help == (
        "change it, or write # shellcheck disable=SC2010 above the command"
    )
    assert told(tmp_path, "cd a\n# shellcheck disable=SC2010\nls | grep b") == []
    (third,) = found(tmp_path, "bash: ls | grep b")
    assert third.help == (
        "change it, or write # wfc: ignore[WF580] and the reason at its line"
    )
    assert found(tmp_path, "bash: ls | grep b  # wfc: ignore[WF580] few files") == []


def test_a_list_for_a_loop_is_written_with_words(tmp_path: Path) -> None:
    text = 'for a in ${{ params.all | words }}; do echo "$a"; done'
    assert told(tmp_path, text) == []
