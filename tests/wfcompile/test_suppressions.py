"""`# wfc: ignore[...]`: where such a comment is one, what it is about, what is said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from wfcompile.cli import app
from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.reader.comments import comments
from wfcompile.reader.python_comments import python_comments
from wfcompile.settings import find_settings
from wfcompile.source import SourceFile
from wfcompile.suppressions import ignore_warnings

ROOT = Path(__file__).resolve().parents[2]
IGNORE = "# wfc: ignore[WF303] r"


def lines(text: str) -> list[list[int]]:
    """The lines that each comment of a text is about."""
    file = SourceFile("conf/a.yml", text)
    return [list(each.lines) for each in comments(file)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1 # wfc: x\nb: 2\n", [[1]], id="end of a line"),
        pytest.param("# wfc: x\na: 1\nb: 2\n", [[2]], id="a line of its own"),
        pytest.param("# wfc: x\n\n  # y\na: 1\n", [[4]], id="over other comments"),
        pytest.param(
            "# wfc: x\n# wfc: y\na: 1\n# wfc: z\nb: 2\n",
            [[3], [3], [5]],
            id="several for one line",
        ),
        pytest.param("a: 1\n# wfc: x\n", [[]], id="end of the file"),
        pytest.param("a: 1\n# wfc: x", [[]], id="end without a line end"),
        pytest.param("#wfc:x\n", [[]], id="alone"),
        pytest.param("a: 1 # why # wfc: x\n", [[1]], id="behind another comment"),
        pytest.param(
            "a: | # wfc: x\n  b\n  c\n\nd: 1\n", [[1, 2, 3]], id="head of a block"
        ),
        pytest.param(
            "# wfc: x\na: >-\n  b\n\n  c\n", [[2, 3, 4, 5]], id="over a block"
        ),
        pytest.param("# wfc: x\na: 'b\n  c'\n", [[2, 3]], id="over quotes"),
        pytest.param("# wfc: x\na: b\n  c\nd: e\n", [[2, 3]], id="over plain lines"),
        pytest.param("# wfc: x\na:\n  b: 1\n", [[2]], id="not all of a mapping"),
        pytest.param("a: |\n  b\n# wfc: x\nc: 1\n", [[4]], id="behind a block"),
        pytest.param("a: |\n    b\n  # wfc: x\nc: 1\n", [[4]], id="less deep"),
        pytest.param("a: [b, # wfc: x\n  c]\n", [[1]], id="in brackets"),
        pytest.param("a: &x # wfc: x\n  b: 1\n", [[1]], id="behind an anchor"),
        pytest.param("a: !!str # wfc: x\n  b\n", [[1]], id="behind a tag"),
        pytest.param("a: &x | # wfc: x\n  b\n", [[1, 2]], id="block with an anchor"),
        pytest.param("\ufeff# wfc: x\na: 1\n", [[2]], id="byte order mark"),
        pytest.param(
            "\ufeffa: 'b' # wfc: x\n", [[1]], id="byte order mark and a value"
        ),
        pytest.param(
            "a: 1 # wfc: x\r\nb: | # wfc: y\r\n  c\r\n", [[1], [2, 3]], id="CRLF"
        ),
        pytest.param("---\n# wfc: x\na: 1\n", [[3]], id="document"),
        # no comments
        pytest.param("a: |\n  # wfc: x\n  b\n", [], id="in a literal block"),
        pytest.param("a: >\n  b # wfc: x\n", [], id="in a folded block"),
        pytest.param("a: |\n  b\n\n  # wfc: x\n", [], id="end of a block"),
        pytest.param("a: |2\n    b\n  # wfc: x\n", [], id="indented by a number"),
        pytest.param("a: ' # wfc: x'\n", [], id="in single quotes"),
        pytest.param('a: "b\n  # wfc: x"\n', [], id="in double quotes"),
        pytest.param("a: b# wfc: x\n", [], id="in a plain value"),
        pytest.param("' # wfc: x': 1\n", [], id="in a key"),
        pytest.param("a: |\n  # wfc: x\na: 1\n", [], id="in what is written twice"),
        pytest.param("a: &x |\n  # wfc: x\nb: *x\n", [], id="in a repeated block"),
        pytest.param("a: 1 # wfc x\n", [], id="another word"),
        pytest.param("a: [ # wfc: x\n", [], id="no YAML"),
    ],
)
def test_what_is_a_comment_and_which_lines_it_is_about(
    text: str, expected: list[list[int]]
) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize("head", ["|", "|-", "|+", ">", ">-", ">+", "'", '"'])
def test_every_line_of_a_value_is_its_text(head: str) -> None:
    tail = head if head in "'\"" else ""
    body = "".join(f"    line {number} # wfc: x\n" for number in range(5))
    assert lines(f"a:\n  b: {head}\n{body}    {tail}\n  c: 1 # wfc: y\n") == [[9]]


WORKFLOWS = sorted((ROOT / "tests" / "golden").glob("*/conf/**/*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.parent.parent.name)
def test_a_comment_changes_no_value_and_what_does_is_none(path: Path) -> None:
    """Put at the end of every line, and on a line of its own before every one.

    Not of an empty line: that may be the text of a block which the comment would end.
    """
    text = re.sub("  # wfc: .*", "", path.read_text(encoding="utf-8"))
    value = value_of(text)
    written = text.split("\n")
    for number, line in enumerate(written):
        if not line.strip():
            continue
        indent = " " * (len(line) - len(line.lstrip()))
        for put in ([f"{line} # wfc: x"], [f"{indent}# wfc: x", line]):
            changed = "\n".join([*written[:number], *put, *written[number + 1 :]])
            is_comment = len(lines(changed)) == 1
            assert is_comment == (value_of(changed) == value), (number, put)


def value_of(text: str) -> object:
    try:
        return yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return "no YAML"


# --- what is ignored ---

TWICE = "report:\n  type: Workflow\n  jobs:\n    a: {}\n    b:\n"
"""Before the needs of job "b"."""


def told(conf: Path, text: str, *, with_ignored: bool = False) -> list[str]:
    """Line and code of what is said about a workflow."""
    conf.mkdir(exist_ok=True)
    (conf / "report.yml").write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    settings = find_settings(conf, None, {})
    check_project(settings, diagnostics, with_ignored=with_ignored)
    return [f"{each.span.line} {each.code}" for each in diagnostics]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{TWICE}      needs: [a, a]\n", ["6 WF303"], id="nothing"),
        pytest.param(f"{TWICE}      needs: [a, a] {IGNORE}\n", [], id="line"),
        pytest.param(f"{TWICE}      {IGNORE}\n      needs: [a, a]\n", [], id="before"),
        pytest.param(
            f"{TWICE}      needs: [a, a]\n      {IGNORE}\n",
            ["6 WF303", "7 WF514"],
            id="behind",
        ),
        pytest.param(
            f"{TWICE}      needs:\n        - a\n        - a {IGNORE}\n",
            [],
            id="the line of the item",
        ),
        pytest.param(
            f"{TWICE}      needs: {IGNORE}\n        - a\n        - a\n",
            ["6 WF514", "8 WF303"],
            id="not the line of the key",
        ),
        pytest.param(
            f"{TWICE}      needs: [a, a, a] {IGNORE}\n", [], id="two on a line"
        ),
        pytest.param(
            f"{TWICE}      needs: [a, a] # wfc: ignore[WF501,WF303] r\n",
            ["6 WF514"],
            id="two codes",
        ),
        pytest.param(
            f"{TWICE}      needs: [a, a] # wfc: ignore[WF501]\n",
            ["6 WF303", "6 WF511", "6 WF514"],
            id="everything at once",
        ),
        pytest.param(
            f"# wfc: ignore-file[WF303] r\n{TWICE}      needs: [a, a]\n", [], id="file"
        ),
        pytest.param(
            f"{TWICE}      needs: [a, a]\n# wfc: ignore-file[WF303] r\n",
            [],
            id="file at its end",
        ),
        pytest.param(
            f"# wfc: ignore-file[WF303] r\n{TWICE}      needs: [a, a] {IGNORE}\n",
            [],
            id="both",
        ),
        pytest.param(
            f"{TWICE}      needs: [a, c] {IGNORE}\n",
            ["6 WF301"],
            id="unused is not told beside an error",
        ),
        pytest.param(f"{IGNORE}\n", ["1 WF514"], id="an empty file"),
    ],
)
def test_what_is_left_to_say(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert told(tmp_path / "conf", text) == expected


BLOCK = """\
report:
  type: Workflow
  params: {{name: str}}
  jobs:
    a:
      stages:
        - name: count
          run: |{head}
            first = 1
            total = ${{{{ params.name }}}} + first{inside}
"""


def test_a_warning_inside_a_block_is_ignored_at_its_head(tmp_path: Path) -> None:
    conf = tmp_path / "conf"
    ignore = " # wfc: ignore[WF501] names are numbers"
    assert told(conf, BLOCK.format(head="", inside="")) == ["10 WF501"]
    assert told(conf, BLOCK.format(head=ignore, inside="")) == []
    # the text of the block belongs to its language
    assert told(conf, BLOCK.format(head="", inside=ignore)) == ["10 WF501"]


def test_errors_are_not_ignored(tmp_path: Path) -> None:
    text = f"{TWICE}      needs: [c] # wfc: ignore[WF301] r\n"
    assert told(tmp_path / "conf", text) == ["6 WF301", "6 WF513"]


def test_ignored_warnings_can_be_asked_for(tmp_path: Path) -> None:
    """The doctor does: they are differences all the same."""
    text = f"{TWICE}      needs: [a, a] # wfc: ignore[WF303]\n"
    assert told(tmp_path / "conf", text, with_ignored=True) == ["6 WF303"]


def test_many_comments_take_no_time() -> None:
    """A second would be far too long: each line is looked at once."""
    text = "# wfc: ignore[WF303] r\n" * 20_000 + "a: |\n" + "  b\n" * 20_000
    file = SourceFile("conf/a.yml", text)
    assert {each.lines for each in comments(file)} == {range(20_001, 40_002)}


def test_another_file_is_not_meant() -> None:
    first = SourceFile("conf/a.yml", "a: 1 # wfc: ignore[WF303] r\n")
    second = SourceFile("conf/b.yml", "a: 1\n")
    diagnostics = Diagnostics()
    diagnostics.warning("WF303", "look here", comments(first)[0].span)
    ignore_warnings([second], diagnostics, is_whole=True)
    assert [each.code for each in diagnostics] == ["WF303"]
    ignore_warnings([first], diagnostics, is_whole=True)
    assert list(diagnostics) == []


# --- callers ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = 1  # wfc: x\n", [[1]], id="end of a line"),
        pytest.param("# wfc: x\n\n# y\n\nx = 1\n", [[5]], id="a line of its own"),
        pytest.param("def f():\n    # wfc: x\n    return 1\n", [[3]], id="indented"),
        pytest.param('x = """\n# wfc: x\n"""  # wfc: y\n', [[3]], id="in a text"),
        pytest.param("x = 1\n# wfc: x\n", [[]], id="end of the file"),
        pytest.param("x = (\n", [], id="no Python"),
    ],
)
def test_comments_of_python(text: str, expected: list[list[int]]) -> None:
    file = SourceFile("tasks.py", text)
    found = python_comments(file)
    assert [list(each.lines) for each in found] == expected
    assert all(each.text.startswith("# wfc: ") for each in found)


CALL = """\
report:
  type: Workflow
  jobs:
    a:
      stages:
        - {name: load, uses: tasks/load@v1}
"""
MODULE = """\
from ddeutil.workflow import tag%s


@tag("v1")
def load() -> dict[str, int]:
    return {}
"""


def test_warnings_of_a_caller_are_ignored_in_its_module(tmp_path: Path) -> None:
    module = tmp_path / "conf" / "tasks.py"
    module.parent.mkdir()
    module.write_text(MODULE % "", encoding="utf-8")
    assert told(module.parent, CALL) == ["1 WF502"]
    ignore = "  # wfc: ignore[WF502] this host has it"
    module.write_text(MODULE % ignore, encoding="utf-8")
    assert told(module.parent, CALL) == []


# --- wfc build ---


def test_a_build_ignores_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "conf").mkdir()
    text = f"{TWICE}      needs: [a, a] {IGNORE}\n"
    (tmp_path / "conf" / "report.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code = app(["build"], prog_name="wfc", standalone_mode=False)
    assert (code, *capsys.readouterr()) == (
        0,
        "1 workflow: 1 written, 0 unchanged, 0 removed -> build/\n",
        "",
    )
