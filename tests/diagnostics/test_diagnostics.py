"""Every diagnostic has a case: `<code>/<case>/` is a small project, `expected.txt` what is said of it.

A case holds one mistake and expects one code: what would follow from the mistake is not told. A
new case is a folder; `pytest tests/diagnostics --update` writes what it expects. Where there is an
`expected.json` it is compared as well. What `options.txt` holds is given to `wfc check`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.diagnostics.cases import CASES, HERE, checked, found, name
from tests.diagnostics.code_uses import CODE, uses
from wfcompile.commands.bug import report_bug

JSON_CASES = [case for case in CASES if (case / "expected.json").is_file()]
USES = uses()
KEYS = (
    *("code", "severity", "message", "file", "line", "column"),
    *("end_line", "end_column", "help", "notes"),
)


# --- the cases ---


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_output_is_as_expected(
    case: Path,
    update: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = checked(case, monkeypatch, capsys)
    if update:
        (case / "expected.txt").write_text(out, encoding="utf-8")
    expected = (case / "expected.txt").read_text(encoding="utf-8")
    has_errors = any(severity == "error" for severity, _, _ in found(expected))
    assert (code, out, err) == (int(has_errors), expected, "")


@pytest.mark.parametrize("case", JSON_CASES, ids=name)
def test_the_json_is_as_expected(
    case: Path,
    update: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, err = checked(case, monkeypatch, capsys, "--format", "json")
    if update:
        (case / "expected.json").write_text(out, encoding="utf-8")
    assert (out, err) == ((case / "expected.json").read_text(encoding="utf-8"), "")


@pytest.mark.parametrize("case", CASES, ids=name)
def test_one_mistake_is_told_once(case: Path) -> None:
    text = (case / "expected.txt").read_text(encoding="utf-8")
    assert [code for _, code, _ in found(text)] == [case.parent.name]


def test_a_bug_of_ours_is_told_as_one(
    update: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: (_ for _ in ()).throw(OSError))
    assert report_bug(KeyError("load"), show_traceback=False) == 70
    _, err = capsys.readouterr()
    path = HERE / "WF901" / "expected.txt"
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(err, encoding="utf-8")
    assert err == path.read_text(encoding="utf-8")


# --- the codes ---


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert {path.name for path in HERE.glob("WF*")} == {use.code for use in USES}
    # the case of a bug is a test of its own
    with_case = {case.parent.name for case in CASES} | {"WF901"}
    assert with_case == {use.code for use in USES}


def test_a_code_has_one_meaning() -> None:
    """It is used by one part of the compiler only, and with one severity."""
    parts: dict[str, set[str]] = {}
    for use in USES:
        # the one asks pydantic, the other makes diagnostics of its answers
        part = "models" if use.part == "parse" else use.part
        parts.setdefault(use.code, set()).add(part)
    assert {code: each for code, each in parts.items() if len(each) > 1} == {}
    severities: dict[str, set[str]] = {}
    for path in HERE.glob("WF*/*/expected.txt"):
        for severity, code, _ in found(path.read_text(encoding="utf-8")):
            severities.setdefault(code, set()).add(severity)
    assert {code: each for code, each in severities.items() if len(each) > 1} == {}


# --- the words ---


def test_messages_are_one_clause_in_lower_case() -> None:
    texts = {text for use in USES for text in use.texts}
    for path in HERE.glob("WF*/*/expected.txt"):
        lines = path.read_text(encoding="utf-8").split("\n")
        texts |= {message for _, _, message in found("\n".join(lines))}
        texts |= {
            re.sub(r"^ += \w+: (\S+:\d+: )?", "", line)
            for line in lines
            if re.match(r" += (note|help): ", line)
        }
    assert len(texts) > 2 * len({use.code for use in USES})
    assert [text for text in sorted(texts) if not is_plain(text)] == []


def is_plain(text: str) -> bool:
    """No capital at the start, no full stop, no blame, no single quotes around a word."""
    blames = re.search(r"\b(invalid|failed to|illegal|please|must not)\b", text, re.I)
    is_sentence = re.match(r"[A-Z][a-z]", text) or text.endswith((".", "!"))
    quotes_singly = re.search(r"(?:^|\s)'\w[^\"']*\w'(?:\s|$)", text)
    return not (blames or is_sentence or quotes_singly)


# --- the form of the JSON ---


def test_some_cases_expect_json() -> None:
    assert {case.parent.name for case in JSON_CASES} >= {"WF304", "WF402", "WF501"}


@pytest.mark.parametrize("case", JSON_CASES, ids=name)
def test_json_is_a_list_of_records(case: Path) -> None:
    for each in json.loads((case / "expected.json").read_text(encoding="utf-8")):
        assert tuple(each) == KEYS
        assert CODE.fullmatch(each["code"])
        assert each["severity"] in ("error", "warning")
        assert is_position(each)
        assert each["help"] is None or isinstance(each["help"], str)
        for note in each["notes"]:
            assert isinstance(note["message"], str)
            assert note["line"] is None or is_position(note)


def is_position(record: dict[str, object]) -> bool:
    """Lines and columns are 1-based, the end is behind the last character."""
    line, column = record["line"], record["column"]
    end_line, end_column = record["end_line"], record["end_column"]
    assert isinstance(line, int) and isinstance(column, int)
    assert isinstance(end_line, int) and isinstance(end_column, int)
    file = record["file"]
    is_relative = isinstance(file, str) and not file.startswith("/")
    return is_relative and line >= 1 and (line, column) <= (end_line, end_column)


def test_a_clean_project_is_an_empty_list(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "report.yml").write_text("report:\n  type: Workflow\n")
    assert checked(tmp_path, monkeypatch, capsys, "--format", "json") == (0, "[]\n", "")


def test_files_are_relative_to_the_working_directory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "project" / "conf" / "deep").mkdir(parents=True)
    (tmp_path / "project" / "conf" / "report.yml").write_text("report: 1\n")

    def file_from(folder: str, conf: str) -> str:
        _, out, _ = checked(
            tmp_path / folder, monkeypatch, capsys, conf, "--format", "json"
        )
        (only,) = json.loads(out)
        return str(only["file"])

    assert file_from("project", "conf") == "conf/report.yml"
    assert file_from("project", str(tmp_path / "project/conf")) == "conf/report.yml"
    assert file_from(".", "project/conf") == "project/conf/report.yml"
    assert file_from("project/conf/deep", "../report.yml") == "../report.yml"
