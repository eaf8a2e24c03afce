"""`ExpressionError`: the first mistake of one expression, on its way to a diagnostic.

Raised by the lexer and the grammar, caught by `parser.py`, never seen outside this package.
"""

from __future__ import annotations


class ExpressionError(Exception):
    """`start`, `end` count characters of the scalar's text, as the trees' offsets do."""

    def __init__(
        self, code: str, message: str, start: int, end: int, help: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = end
        self.help = help
