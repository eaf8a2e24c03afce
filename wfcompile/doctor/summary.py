"""What a team decides on: how many workflows compile, what differs, what to change, what next."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wfcompile.doctor.differences import TITLES, order
from wfcompile.doctor.examine import Examination
from wfcompile.doctor.finding import Finding, Kind
from wfcompile.report import plural, shown_path
from wfcompile.source import Span


@dataclass(frozen=True, slots=True)
class _Counts:
    """Workflows: without a finding, with findings to look at, with something to change."""

    clean: int
    differing: int
    broken: int


def summary(examination: Examination) -> str:
    """The text behind the findings; ends with a line end."""
    parts = [
        _workflows(examination),
        _differences(examination.findings),
        _imports(examination.findings),
        _others(examination.findings, "unsupported", "not supported yet"),
        _others(examination.findings, "mistake", "mistakes"),
        _next(examination),
    ]
    texts = ["".join(f"{line}\n" for line in part) for part in parts]
    return "\n".join(filter(None, texts))


def _count(examination: Examination) -> _Counts:
    clean = differing = broken = 0
    for workflow in examination.workflows:
        own = [each for each in examination.findings if workflow.holds(each.span)]
        if any(each.must_change for each in own):
            broken += 1
        elif own:
            differing += 1
        else:
            clean += 1
    return _Counts(clean, differing, broken)


def _workflows(examination: Examination) -> Iterator[str]:
    counts = _count(examination)
    yield plural(len(examination.workflows), "workflow")
    yield f"  {counts.clean:>4}  as they are"
    yield f"  {counts.differing:>4}  with warnings"
    yield f"  {counts.broken:>4}  to be changed"


def _differences(findings: Sequence[Finding]) -> Iterator[str]:
    numbers = Counter(each.number for each in findings if each.number)
    if numbers:
        yield "differences (docs/differences.md has the reasons)"
    for number in sorted(numbers, key=order):
        places = plural(numbers[number], "place")
        yield f"  {number:<4} {places:>10}  {TITLES[number]}"


def _imports(findings: Sequence[Finding]) -> Iterator[str]:
    files = Counter(shown_path(each.span) for each in findings if each.kind == "import")
    if files:
        yield "imports to change"
    for path in sorted(files):
        yield f"  {path}: {plural(files[path], 'name')}"


def _others(findings: Sequence[Finding], kind: Kind, title: str) -> Iterator[str]:
    own = [each for each in findings if each.kind == kind and each.must_change]
    if own:
        yield title
    for each in own:
        yield f"  {_place(each.span)}: {each.message}"


def _next(examination: Examination) -> Iterator[str]:
    yield "what to do next"
    for number, step in enumerate(_steps(examination), start=1):
        yield f"  {number}. {step}"


def _steps(examination: Examination) -> Iterator[str]:
    findings = examination.findings
    imports = [each for each in findings if each.kind == "import"]
    changes = [each for each in findings if each.must_change and each not in imports]
    differing = [each for each in findings if not each.must_change]
    if imports:
        yield f"change {plural(len(imports), 'import')} to wfruntime"
    if changes:
        yield f"correct {plural(len(changes), 'error')} above"
    if differing:
        yield f"look at {plural(len(differing), 'warning')} above: is it what you want?"
    if examination.must_change:
        yield 'run "wfc doctor" again'
    else:
        yield 'run "wfc build", and compare a run of each workflow'


def _place(span: Span) -> str:
    return f"{shown_path(span)}:{span.first.line}:{span.first.column}"


# --- JSON ---


def json_text(examination: Examination) -> str:
    """`{"findings": [...], "summary": {...}}`; positions as `wfc check` gives them."""
    counts = _count(examination)
    numbers = Counter(each.number for each in examination.findings if each.number)
    content = {
        "findings": [_json_finding(each) for each in examination.findings],
        "summary": {
            "workflows": len(examination.workflows),
            "as_they_are": counts.clean,
            "with_warnings": counts.differing,
            "to_be_changed": counts.broken,
            "differences": {
                number: {"places": numbers[number], "title": TITLES[number]}
                for number in sorted(numbers, key=order)
            },
            "imports": sum(each.kind == "import" for each in examination.findings),
            "unsupported": sum(
                each.kind == "unsupported" for each in examination.findings
            ),
        },
    }
    return json.dumps(content, indent=2) + "\n"


def _json_finding(found: Finding) -> dict[str, object]:
    return {
        "kind": found.kind,
        "difference": found.number,
        "code": found.code,
        "must_change": found.must_change,
        "message": found.message,
        **_json_place(found.span),
        "help": found.help,
        "notes": [
            {"message": note.message, **(_json_place(note.span) if note.span else {})}
            for note in found.notes
        ],
    }


def _json_place(span: Span) -> dict[str, object]:
    first, last = span.first, span.last
    return {
        "file": shown_path(span),
        "line": first.line,
        "column": first.column,
        "end_line": last.line,
        "end_column": last.column,
    }
