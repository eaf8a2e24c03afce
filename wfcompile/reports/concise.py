"""One line a diagnostic, for editors and `grep`: `FILE:LINE:COLUMN: severity CODE: message`."""

from __future__ import annotations

from collections.abc import Iterable

from wfcompile.diagnostics import Diagnostic
from wfcompile.report import shown_path
from wfcompile.terminal import visible


def render_concise(diagnostics: Iterable[Diagnostic]) -> str:
    """Without excerpts, notes and help; a line end in a name or message is spelled out."""
    return "".join(f"{visible(_line(each))}\n" for each in diagnostics)


def _line(found: Diagnostic) -> str:
    first = found.span.first
    place = f"{shown_path(found.span)}:{first.line}:{first.column}"
    return f"{place}: {found.severity} {found.code}: {found.message}"
