"""`Finding`: one place of a project that the team should know of before it leaves the interpreter.

A finding is a difference that applies at its place, a mistake that the interpreter refuses as
well, a construct that is not supported yet, or an import of the interpreter's package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wfcompile.diagnostics import Diagnostic, Note
from wfcompile.source import Span

Kind = Literal["difference", "mistake", "unsupported", "import"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Attributes:
    number: "D9", the row of docs/differences.md; None for what is no difference.
    code: that of `wfc check`, None for what only the doctor looks for.
    must_change: nothing is built, or the outcome is wrong, until it is changed.
    """

    kind: Kind
    number: str | None
    code: str | None
    must_change: bool
    message: str
    span: Span
    notes: tuple[Note, ...] = ()
    help: str | None = None

    @property
    def label(self) -> str:
        """What stands before the message: `D10 WF104`."""
        return " ".join(filter(None, (self.number, self.code)))

    def diagnostic(self) -> Diagnostic:
        """The same in the form that reports are made of."""
        return Diagnostic(
            self.label,
            "error" if self.must_change else "warning",
            self.message,
            self.span,
            self.notes,
            self.help,
        )


def differs(number: str, message: str, span: Span, help: str | None = None) -> Finding:
    """It compiles, and behaves otherwise."""
    return Finding("difference", number, None, False, message, span, help=help)


def wrong(number: str, message: str, span: Span, help: str) -> Finding:
    """It compiles, and gives something else than was meant."""
    return Finding("difference", number, None, True, message, span, help=help)
