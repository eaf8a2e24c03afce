"""Diagnostics for programs: one line each, annotations of GitHub, SARIF."""

from __future__ import annotations

import json
from email.message import Message
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.wfcompile.sarif_schema import LOG
from wfcompile.cli import app
from wfcompile.diagnostics import Diagnostic, Note, Severity
from wfcompile.reports import RENDERERS
from wfcompile.reports.concise import render_concise
from wfcompile.reports.github import render_github
from wfcompile.reports.sarif import render_sarif
from wfcompile.rules import codes, find_rule
from wfcompile.rules.plain import plain_page
from wfcompile.source import SourceFile, Span
from wfcompile.terminal import visible

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    min(path for path in folder.iterdir() if path.is_dir())
    for folder in sorted((ROOT / "tests/diagnostics").glob("WF*"))
    if folder.name != "WF901"  # a bug is no finding
]
REPORT = SourceFile(
    "conf/report.yml", "report:\n  jobs:\n    load: |\n      a\n      b\n"
)
TASKS = SourceFile("tasks.py", "def load(): ...\n")


def diagnostic(
    message: str = "look here",
    start: int = 0,
    end: int = 6,
    *,
    file: SourceFile = REPORT,
    severity: Severity = "error",
    notes: tuple[Note, ...] = (),
    help: str | None = None,
) -> Diagnostic:
    return Diagnostic("WF303", severity, message, Span(file, start, end), notes, help)


FULL = diagnostic(
    'job "load" is odd',
    notes=(Note("it is defined here", Span(TASKS, 4, 8)), Note("it is twice")),
    help="remove it",
)

# --- concise ---


def test_concise_is_a_line_each() -> None:
    assert render_concise([FULL, diagnostic(start=11, severity="warning")]) == (
        'conf/report.yml:1:1: error WF303: job "load" is odd\n'
        "conf/report.yml:2:4: warning WF303: look here\n"
    )


def test_concise_stays_one_line_whatever_the_names_hold() -> None:
    odd = diagnostic("a\nb\x1b[2J", file=SourceFile("conf/a\nb.yml", "a: 1\n"))
    assert render_concise([odd]) == ("conf/a\\nb.yml:1:1: error WF303: a\\nb\\x1b[2J\n")


# --- github ---


def test_github_has_place_title_notes_and_help() -> None:
    assert render_github([FULL]) == (
        "::error file=conf/report.yml,line=1,endLine=1,col=1,endColumn=7,"
        'title=WF303%3A a need twice::job "load" is odd'
        "%0Anote: tasks.py:1: it is defined here%0Anote: it is twice%0Ahelp: remove it\n"
    )


def test_github_takes_no_columns_of_several_lines() -> None:
    several = diagnostic(start=26, end=len(REPORT.text) - 1, severity="warning")
    assert render_github([several]) == (
        "::warning file=conf/report.yml,line=3,endLine=5,"
        "title=WF303%3A a need twice::look here\n"
    )


def test_github_escapes_what_would_end_a_property_or_the_command() -> None:
    odd = diagnostic("50%, a: b::\nc", file=SourceFile("a,b:c%.yml", "a: 1\n"), end=1)
    assert render_github([odd]) == (
        "::error file=a%2Cb%3Ac%25.yml,line=1,endLine=1,col=1,endColumn=2,"
        "title=WF303%3A a need twice::50%25, a: b::\\nc\n"
    )


# --- sarif ---

FIRST_OF_WF303 = (
    '"needs" names a job two times. It has no effect, but one of the two is probably '
    "meant to be another job."
)


def problems(log: object) -> list[str]:
    return [each.message for each in Draft202012Validator(LOG).iter_errors(log)]


def test_sarif_has_results_with_places_and_related_places() -> None:
    log = json.loads(render_sarif([FULL]))
    rule = find_rule("WF303")
    assert rule is not None
    (run,) = log["runs"]
    (described,) = run["tool"]["driver"]["rules"]
    assert described == {
        "id": "WF303",
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": FIRST_OF_WF303},
        "help": {"text": plain_page(rule), "markdown": rule.text},
        "defaultConfiguration": {"level": "warning"},
    }
    assert run["results"] == [
        {
            "ruleId": "WF303",
            "ruleIndex": 0,
            "level": "error",
            "message": {
                "text": 'job "load" is odd\nnote: it is twice\nhelp: remove it'
            },
            "locations": [
                {"physicalLocation": place("conf/report.yml", (1, 1), (1, 7))}
            ],
            "relatedLocations": [
                {
                    "id": 1,
                    "message": {"text": "it is defined here"},
                    "physicalLocation": place("tasks.py", (1, 5), (1, 9)),
                }
            ],
        }
    ]


def test_a_rule_leads_to_its_page_when_the_package_says_where_the_pages_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metadata = Message()
    metadata["Project-URL"] = "Source, https://example.org/source"
    metadata["Project-URL"] = "Documentation, https://example.org/docs/"
    monkeypatch.setattr("wfcompile.reports.sarif.metadata", lambda name: metadata)
    log = json.loads(render_sarif([FULL]))
    (described,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert problems(log) == []
    assert described["helpUri"] == "https://example.org/docs/rules/WF303.md"


def place(uri: str, first: tuple[int, int], last: tuple[int, int]) -> object:
    return {
        "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": first[0],
            "startColumn": first[1],
            "endLine": last[0],
            "endColumn": last[1],
        },
    }


def test_a_path_is_escaped_in_sarif() -> None:
    odd = diagnostic(file=SourceFile("conf/größe a%.yml", "a: 1\n"))
    (run,) = json.loads(render_sarif([odd]))["runs"]
    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == (
        "conf/gr%C3%B6%C3%9Fe%20a%25.yml"
    )


def test_the_schema_of_sarif_refuses_what_is_missing() -> None:
    log = json.loads(render_sarif([FULL]))
    del log["runs"][0]["results"][0]["message"]["text"]
    log["runs"][0]["host"] = "here"
    assert sorted(problems(log)) == [
        "'text' is a required property",
        "Additional properties are not allowed ('host' was unexpected)",
    ]


def test_the_page_says_how_severe_a_code_is() -> None:
    """It is what the cases of the code say."""
    for code in set(codes()) - {"WF901"}:
        rule = find_rule(code)
        texts = [
            path.read_text(encoding="utf-8")
            for path in (ROOT / "tests/diagnostics" / code).rglob("expected.txt")
        ]
        assert rule is not None
        assert all(f" {rule.severity} {code}: " in text for text in texts), code


# --- all of them ---


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_the_formats_of_every_code(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same findings in each, SARIF after its schema, the same bytes twice."""
    monkeypatch.chdir(case)

    def output(format: str) -> str:
        app(["check", "--format", format], prog_name="wfc", standalone_mode=False)
        return capsys.readouterr().out

    found = json.loads(output("json"))
    sarif = output("sarif")
    assert sarif == output("sarif")
    log = json.loads(sarif)
    assert problems(log) == []
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == [
        each["code"] for each in found
    ]
    assert output("concise").splitlines() == [
        visible("{file}:{line}:{column}: {severity} {code}: {message}".format_map(each))
        for each in found
    ]
    assert len(output("github").splitlines()) == len(found)


@pytest.mark.parametrize(
    ("format", "nothing"), [("json", "[]\n"), ("concise", ""), ("github", "")]
)
def test_nothing_found(format: str, nothing: str) -> None:
    assert RENDERERS[format]([]) == nothing


def test_nothing_found_in_sarif() -> None:
    (run,) = json.loads(render_sarif([]))["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
