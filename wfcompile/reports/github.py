"""Workflow commands of GitHub Actions: each becomes an annotation at its lines.

The form is `::error file=..,line=..,title=..::message`. What would end a property or the command
is escaped as the runner unescapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wfcompile.diagnostics import Diagnostic
from wfcompile.report import remarks, shown_path
from wfcompile.rules import find_rule
from wfcompile.source import Span
from wfcompile.terminal import visible

_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One command a diagnostic; notes and help are further lines of its message."""
    return "".join(f"{_command(each)}\n" for each in diagnostics)


def _command(found: Diagnostic) -> str:
    properties = {
        "file": shown_path(found.span),
        **_place(found.span),
        "title": _title(found.code),
    }
    written = ",".join(
        f"{name}={visible(str(value)).translate(_IN_PROPERTIES)}"
        for name, value in properties.items()
    )
    message = "\n".join(map(visible, [found.message, *remarks(found)]))
    return f"::{found.severity} {written}::{message.translate(_IN_DATA)}"


def _place(span: Span) -> Mapping[str, int]:
    """GitHub takes columns only of a place within one line."""
    first, last = span.first, span.last
    if first.line != last.line:
        return {"line": first.line, "endLine": last.line}
    return {
        "line": first.line,
        "endLine": last.line,
        "col": first.column,
        "endColumn": last.column,
    }


def _title(code: str) -> str:
    rule = find_rule(code)
    return f"{code}: {rule.title}" if rule else code
