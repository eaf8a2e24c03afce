"""Small YAML texts around the part that a test is about, and what the parser says of them."""

from __future__ import annotations

from textwrap import indent

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.models import Workflow
from wfcompile.parse import parse_file
from wfcompile.reader import read
from wfcompile.source import SourceFile


def workflows(text: str, diagnostics: Diagnostics) -> list[Workflow]:
    file = SourceFile("conf/x.yml", text)
    node = read(file, diagnostics)
    return [] if node is None else parse_file(node, file, diagnostics)


def workflow(text: str) -> Workflow:
    """The one workflow of a text that has no mistakes."""
    diagnostics = Diagnostics()
    found = workflows(text, diagnostics)
    assert said_by(diagnostics) == []
    (only,) = found
    return only


def said(text: str) -> list[str]:
    diagnostics = Diagnostics()
    workflows(text, diagnostics)
    return said_by(diagnostics)


def said_by(diagnostics: Diagnostics) -> list[str]:
    """Each as `line "source": code message (help)`, notes behind it."""
    return [_shown(each) for each in diagnostics]


def _shown(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    source = span.file.text[span.start : span.end]
    notes = "".join(
        f" [{note.message}: {note.span.line}]" for note in diagnostic.notes if note.span
    )
    help = f" ({diagnostic.help})" if diagnostic.help else ""
    severity = "" if diagnostic.severity == "error" else "warning "
    return (
        f"{span.line} `{source}`: {severity}{diagnostic.code} {diagnostic.message}"
        f"{help}{notes}"
    )


def with_body(body: str) -> str:
    """A workflow with these lines; they begin at line 3."""
    return f"wf:\n  type: Workflow\n{indent(body, '  ')}\n"


def with_job(body: str) -> str:
    """A workflow with one job; its lines begin at line 5."""
    return with_body(f"jobs:\n  a:\n{indent(body, '    ')}")


def with_stage(body: str) -> str:
    """A workflow with one stage called x; its other lines begin at line 7."""
    return with_job(f"stages:\n  - name: x\n{indent(body, '    ')}")
