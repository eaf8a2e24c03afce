"""What is said of a named schedule that two files define."""

from __future__ import annotations

from wfcompile.diagnostics import Diagnostic, Note
from wfcompile.source import Span


def defined_twice(name: str, first: Span, other: Span) -> Diagnostic:
    """WF349."""
    return Diagnostic(
        "WF349",
        "error",
        f'schedule "{name}" is defined twice',
        other,
        (Note("the other one is here", first),),
        "rename one of them",
    )
