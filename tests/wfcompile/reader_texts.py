"""Diagnostics of the reader as one text, with their places as line:column-column."""

from __future__ import annotations

from wfcompile.diagnostics import Diagnostics
from wfcompile.source import Span


def said(diagnostics: Diagnostics) -> str:
    lines = []
    for each in diagnostics:
        lines.append(f"{place(each.span)} {each.code} {each.message}")
        for note in each.notes:
            assert note.span is not None
            lines.append(f"  note {place(note.span)}: {note.message}")
        if each.help is not None:
            lines.append(f"  help: {each.help}")
    return "".join(f"{line}\n" for line in lines)


def place(span: Span) -> str:
    first, last = span.first, span.last
    end = f"{last.line}:" if first.line != last.line else ""
    return f"{first.line}:{first.column}-{end}{last.column}"
