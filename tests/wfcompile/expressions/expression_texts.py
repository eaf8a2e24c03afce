"""Scalars built by hand: the text stands alone in its file, so offsets are columns."""

from __future__ import annotations

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import Scalar
from wfcompile.source import SourceFile, Span


def scalar_of(text: str) -> Scalar:
    file = SourceFile("conf/x.yml", text)
    return Scalar(text, text, Span(file, 0, len(text)), "", range(len(text) + 1))


def shown(diagnostics: Diagnostics) -> list[str]:
    """`code start-end: message (help)` of each."""
    return [
        f"{found.code} {found.span.start}-{found.span.end}: {found.message}"
        + (f" ({found.help})" if found.help else "")
        for found in diagnostics
    ]
