"""Diagnostics -> what a person or a program reads: text with an excerpt and a caret, or JSON.

Diagnostics come in sorted and are printed in that order. Positions are those of the source: tabs,
wide characters and long lines change how an excerpt looks, never which column it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from wfcompile.diagnostics import Diagnostic, Note
from wfcompile.source import Span
from wfcompile.terminal import (
    BLUE,
    BOLD,
    CYAN,
    RED,
    YELLOW,
    coloured,
    visible,
    width,
)

LONGEST = 160
"""Columns of an excerpt; a longer line is cut around the place that is meant."""
BEFORE = 60
"""Columns that stay before the place when a line is cut at its head."""
GUTTER = 5

Paint: TypeAlias = Callable[..., str]
"""`paint(text, code, ...)`: the text in the colours, or as it is."""

_COLOUR_BY_SEVERITY = {"error": RED, "warning": YELLOW}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were found; `str()` is how a summary says it."""

    errors: int
    warnings: int

    def __str__(self) -> str:
        """
        >>> str(Counts(1, 2)), str(Counts(0, 0))
        ('1 error, 2 warnings', 'no errors')
        """
        parts = [
            plural(number, what)
            for number, what in ((self.errors, "error"), (self.warnings, "warning"))
            if number
        ]
        return ", ".join(parts) or "no errors"


def count(diagnostics: Iterable[Diagnostic]) -> Counts:
    severities = [each.severity for each in diagnostics]
    return Counts(severities.count("error"), severities.count("warning"))


def plural(number: int, what: str) -> str:
    """
    >>> plural(1, "workflow"), plural(0, "workflow")
    ('1 workflow', '0 workflows')
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# --- text ---


def render_text(diagnostics: Iterable[Diagnostic], *, colours: bool = False) -> str:
    """One block a diagnostic, an empty line between two; "" when there are none."""
    paint = coloured if colours else _plain
    blocks = ["\n".join(_block(each, paint)) for each in diagnostics]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _plain(text: str, *codes: str) -> str:
    return text


def _block(found: Diagnostic, paint: Paint) -> Iterator[str]:
    first = found.span.first
    colour = _COLOUR_BY_SEVERITY[found.severity]
    path = visible(shown_path(found.span))
    place = paint(f"{path}:{first.line}:{first.column}:", BOLD)
    kind = paint(f"{found.severity} {found.code}:", BOLD, colour)
    yield f"{place} {kind} {paint(visible(found.message), BOLD)}"
    yield from _excerpt(found.span, colour, paint)
    for note in found.notes:
        yield from _remark("note", _note_text(note), paint)
    if found.help is not None:
        yield from _remark("help", found.help, paint)


def _excerpt(span: Span, colour: str, paint: Paint) -> Iterator[str]:
    """The first line of the span, and carets below what it covers of that line."""
    if not span.file.text:
        return
    first, last = span.first, span.last
    line = span.file.shown_line(first.line)
    start = min(first.column - 1, len(line))
    end = last.column - 1 if last.line == first.line else len(line)
    before, marked, after = _cut(
        visible(line[:start]), visible(line[start:end]), visible(line[end:])
    )
    gutter = max(GUTTER, len(str(first.line)))
    text = f"{before}{marked}{after}".rstrip()
    bar = paint(f"{first.line:>{gutter}} |", BLUE)
    yield f"{bar} {text}" if text else bar
    carets = paint("^" * max(1, width(marked)), BOLD, colour)
    yield f"{paint(f'{chr(32) * gutter} |', BLUE)} {' ' * width(before)}{carets}"


def _cut(before: str, marked: str, after: str) -> tuple[str, str, str]:
    """The three parts of a line, shortened to `LONGEST` when they are longer together."""
    if len(before) + len(marked) + len(after) <= LONGEST:
        return before, marked, after
    if len(before) > BEFORE:
        before = f"...{before[3 - BEFORE :]}"
    room = LONGEST - len(before)
    if len(marked) + len(after) <= room:
        return before, marked, after
    if len(marked) > room - 3:
        return before, f"{marked[: room - 3]}...", ""
    return before, marked, f"{after[: room - 3 - len(marked)]}..."


def remarks(found: Diagnostic, *, placed: bool = True) -> Iterator[str]:
    """Notes and help as lines of text; `placed=False` leaves out notes with a place."""
    for note in found.notes:
        if placed or note.span is None:
            yield f"note: {_note_text(note)}"
    if found.help is not None:
        yield f"help: {found.help}"


def _note_text(note: Note) -> str:
    if note.span is None:
        return note.message
    return f"{shown_path(note.span)}:{note.span.line}: {note.message}"


def _remark(kind: str, text: str, paint: Paint) -> Iterator[str]:
    """A line that begins with the kind; further lines of the text stand below its first."""
    head = f"{'=':>{GUTTER - 1}} {kind}: "
    first, *others = text.split("\n")
    yield f"{paint(head.rstrip(), CYAN)} {visible(first)}"
    for line in others:
        yield f"{' ' * len(head)}{visible(line)}".rstrip()


def shown_path(span: Span) -> str:
    """The span's file as the reader can open it: relative to the working directory."""
    path = span.file.path
    if os.path.isabs(path):
        path = os.path.relpath(path).replace(os.sep, "/")
    return path


# --- JSON ---


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list with an object for each; lines and columns are 1-based, the end is exclusive."""
    found = [
        {
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
            **_json_place(each.span),
            "help": each.help,
            "notes": [
                {"message": note.message, **_json_place(note.span)}
                for note in each.notes
            ],
        }
        for each in diagnostics
    ]
    return json.dumps(found, indent=2) + "\n"


def _json_place(span: Span | None) -> dict[str, str | int | None]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    first, last = span.first, span.last
    return {
        "file": shown_path(span),
        "line": first.line,
        "column": first.column,
        "end_line": last.line,
        "end_column": last.column,
    }
