"""Diagnostics as text and as JSON: every place is shown where it is, whatever the line holds."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from wfcompile.diagnostics import Diagnostic, Diagnostics, Note
from wfcompile.report import Counts, count, render_json, render_text
from wfcompile.source import SourceFile, Span
from wfcompile.terminal import has_colours, say

WORKFLOW = SourceFile(
    "conf/run-py-local.yml",
    "\n" * 25 + " " * 17 + "writing_mode: flatten\n",
)
TASKS = SourceFile("tasks.py", "\n" * 17 + "    writing_node: str,\n")


def span(file: SourceFile, text: str) -> Span:
    """Where the text first stands in the file."""
    start = file.text.index(text)
    return Span(file, start, start + len(text))


UNKNOWN_ARGUMENT = Diagnostic(
    "WF402",
    "error",
    'caller "get-api-with-oauth-to-s3@requests" has no argument "writing_mode"',
    span(WORKFLOW, "writing_mode"),
    notes=(
        Note(
            "arguments are method, url, body, auth, writing_node, aws",
            span(TASKS, "writing_node"),
        ),
    ),
    help='did you mean "writing_node"?',
)


def warning(text: str, marked: str) -> Diagnostic:
    file = SourceFile("conf/a.yml", text)
    return Diagnostic("WF500", "warning", "look here", span(file, marked))


def excerpt(text: str, marked: str) -> str:
    """The lines below the message."""
    return render_text([warning(text, marked)]).partition("\n")[2]


def test_a_diagnostic_with_excerpt_note_and_help() -> None:
    assert render_text([UNKNOWN_ARGUMENT]) == (
        "conf/run-py-local.yml:26:18: error WF402: "
        'caller "get-api-with-oauth-to-s3@requests" has no argument "writing_mode"\n'
        "   26 |                  writing_mode: flatten\n"
        "      |                  ^^^^^^^^^^^^\n"
        "   = note: tasks.py:18: arguments are method, url, body, auth, writing_node, aws\n"
        '   = help: did you mean "writing_node"?\n'
    )


def test_several_are_apart_and_sorted() -> None:
    diagnostics = Diagnostics()
    diagnostics.extend([warning("b: 1\n", "1"), warning("b: 1\n", "b")])
    assert render_text(diagnostics) == (
        "conf/a.yml:1:1: warning WF500: look here\n    1 | b: 1\n      | ^\n"
        "\n"
        "conf/a.yml:1:4: warning WF500: look here\n    1 | b: 1\n      |    ^\n"
    )


def test_none_is_no_text() -> None:
    assert render_text([]) == ""


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param(
            "\ta:\tb c\n",
            "b",
            "    1 |     a:    b c\n      |           ^\n",
            id="tabs",
        ),
        pytest.param(
            "a: 日本 x\n", "本 x", "    1 | a: 日本 x\n      |      ^^^^\n", id="wide"
        ),
        pytest.param(
            "a: e\u0301 x\n",
            "x",
            "    1 | a: e\u0301 x\n      |      ^\n",
            id="combining",
        ),
        pytest.param(
            "a: \x1b[2J\u202ex\n",
            "x",
            "    1 | a: \\x1b[2J\\u202ex\n      | " + " " * 16 + "^\n",
            id="what a terminal would obey",
        ),
        pytest.param(
            "a: b\r\nc: d\r\n", "d", "    2 | c: d\n      |    ^\n", id="CRLF"
        ),
        pytest.param(
            "a: |\n  b\n  c\n",
            "|\n  b\n  c",
            "    1 | a: |\n      |    ^\n",
            id="several lines",
        ),
        pytest.param("a:  \n", "  \n", "    1 | a:\n      |   ^^\n", id="blanks"),
    ],
)
def test_carets_stand_below_the_place(text: str, marked: str, expected: str) -> None:
    assert excerpt(text, marked) == expected


def test_the_end_of_the_file_is_a_place() -> None:
    file = SourceFile("conf/a.yml", "a: [\n")
    found = Diagnostic("WF020", "error", "the list does not end", Span(file, 5, 5))
    assert render_text([found]) == (
        "conf/a.yml:2:1: error WF020: the list does not end\n    2 |\n      | ^\n"
    )


def test_a_file_without_text_has_no_excerpt() -> None:
    file = SourceFile("conf/a.yml", "")
    found = Diagnostic(
        "WF001", "error", "permission denied", Span(file, 0, 0), help="a\nb"
    )
    assert render_text([found]) == (
        "conf/a.yml:1:1: error WF001: permission denied\n   = help: a\n           b\n"
    )


def test_a_long_line_is_cut_around_the_place() -> None:
    before, after = "a" * 300, "b" * 300
    line, carets = excerpt(f"{before}HERE{after}\n", "HERE").splitlines()
    assert line == f"    1 | ...{'a' * 57}HERE{'b' * 93}..."
    assert carets == f"      | {' ' * 60}^^^^"


def test_a_long_place_is_cut_too() -> None:
    line, carets = excerpt(f"k: {'v' * 300}\n", "v" * 300).splitlines()
    assert line == f"    1 | k: {'v' * 154}..."
    assert carets == f"      |    {'^' * 157}"


def test_a_name_cannot_break_the_line() -> None:
    file = SourceFile("conf/a.yml", "a: 1\n")
    found = Diagnostic("WF100", "error", 'no "a\nb\x1b[2J"', Span(file, 0, 1))
    assert render_text([found]).splitlines()[0] == (
        'conf/a.yml:1:1: error WF100: no "a\\nb\\x1b[2J"'
    )


def test_an_absolute_path_is_shown_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = SourceFile(str(tmp_path / "conf" / "a.yml"), "")
    found = Diagnostic("WF001", "error", "permission denied", Span(file, 0, 0))
    assert render_text([found]) == "conf/a.yml:1:1: error WF001: permission denied\n"


def test_colours_add_nothing_but_colours() -> None:
    coloured = render_text([UNKNOWN_ARGUMENT], colours=True)
    assert "\x1b[1;31merror WF402:\x1b[0m" in coloured
    assert "\x1b[1;31m^^^^^^^^^^^^\x1b[0m" in coloured
    for code in ("1", "1;31", "34", "36", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == render_text([UNKNOWN_ARGUMENT])


def test_json_has_every_place() -> None:
    assert json.loads(render_json([UNKNOWN_ARGUMENT, warning("a: 1\n", "1")])) == [
        {
            "code": "WF402",
            "severity": "error",
            "message": 'caller "get-api-with-oauth-to-s3@requests"'
            ' has no argument "writing_mode"',
            "file": "conf/run-py-local.yml",
            "line": 26,
            "column": 18,
            "end_line": 26,
            "end_column": 30,
            "help": 'did you mean "writing_node"?',
            "notes": [
                {
                    "message": "arguments are method, url, body, auth, writing_node, aws",
                    "file": "tasks.py",
                    "line": 18,
                    "column": 5,
                    "end_line": 18,
                    "end_column": 17,
                }
            ],
        },
        {
            "code": "WF500",
            "severity": "warning",
            "message": "look here",
            "file": "conf/a.yml",
            "line": 1,
            "column": 4,
            "end_line": 1,
            "end_column": 5,
            "help": None,
            "notes": [],
        },
    ]


def test_a_note_without_a_place_has_null_in_json() -> None:
    file = SourceFile("conf/a.yml", "a: 1\n")
    found = Diagnostic("WF500", "error", "no", Span(file, 0, 1), notes=(Note("why"),))
    (note,) = json.loads(render_json([found]))[0]["notes"]
    assert note == {
        "message": "why",
        "file": None,
        "line": None,
        "column": None,
        "end_line": None,
        "end_column": None,
    }


def test_no_diagnostics_are_an_empty_json_list() -> None:
    assert render_json([]) == "[]\n"


def test_counts() -> None:
    assert count([UNKNOWN_ARGUMENT, warning("a: 1\n", "1")]) == Counts(1, 1)
    assert [str(Counts(*each)) for each in [(0, 0), (1, 0), (2, 1), (0, 2)]] == [
        "no errors",
        "1 error",
        "2 errors, 1 warning",
        "2 warnings",
    ]


# --- streams ---


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_for_terminals(
    stream: io.StringIO, environment: dict[str, str], expected: bool
) -> None:
    assert has_colours(stream, environment) is expected


def test_what_an_encoding_lacks_is_spelled_out() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    say("größe\n", stream)
    assert raw.getvalue() == b"gr\\xf6\\xdfe\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = (
        "import sys; from wfcompile.terminal import say\n"
        "for _ in range(3): say('x' * 100_000, sys.stdout)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.close()
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, b"")
