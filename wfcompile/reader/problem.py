"""A place where libyaml could not go on, and the text around it, for the rules that explain it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wfcompile.diagnostics import Diagnostic, Note, Replacement
from wfcompile.nodes import Scalar
from wfcompile.source import SourceFile, Span

_WORD = re.compile(r"""["']?[^\s:,\[\]{}"']+["']?|\S""")
_COMMENT = re.compile(r"\s#")
_LONGEST = 60  # characters of the source in a message
_END_OF_ITEM = re.compile(r"[,\]}]")


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Attributes:
    complaint: libyaml's words.
    at, started: the offsets where it stopped, and where it began what it could not finish.
    last: the scalar that it read last.
    bracket: the innermost "[" or "{" that is open.
    """

    file: SourceFile
    complaint: str
    at: int
    started: int
    last: Scalar | None
    bracket: int | None

    @property
    def text(self) -> str:
        return self.file.text

    def line(self, offset: int) -> int:
        return self.file.position(offset).line

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def indent(self, offset: int) -> int:
        """How many spaces begin the line of `offset`."""
        at = start = self.line_start(offset)
        while self.text.startswith(" ", at):
            at += 1
        return at - start

    def begins_line(self, offset: int) -> bool:
        """Whether nothing but indentation and dashes of lists stands before it."""
        return not self.text[self.line_start(offset) : offset].strip(" -")

    def rest_of_line(self, start: int) -> str:
        """From `start` to the end of the line, without a comment and white space behind it."""
        end = self.text.find("\n", start)
        line = self.text[start : end if end >= 0 else len(self.text)]
        return _COMMENT.split(line, maxsplit=1)[0].rstrip()

    def rest_of_value(self, start: int) -> str:
        """The rest of the line, between brackets only up to the end of the item."""
        value = self.rest_of_line(start)
        if self.bracket is None:
            return value
        return _END_OF_ITEM.split(value, maxsplit=1)[0].rstrip() or value[:1]

    def word(self, start: int) -> str:
        """The key, word, or sign at `start`, as a message shows it."""
        found = _WORD.match(self.text, start)
        return found.group() if found else ""

    def error(
        self, code: str, message: str, start: int, length: int, help: str, *notes: Note
    ) -> Diagnostic:
        span = Span(self.file, start, start + length)
        return Diagnostic(code, "error", message, span, notes, help)

    def note(self, message: str, start: int, length: int = 1) -> Note:
        return Note(message, Span(self.file, start, start + length))

    def needs_quotes(self, message: str, start: int, value: str) -> Diagnostic:
        """WF010 at `value`, which begins at `start`."""
        is_short = len(value) <= _LONGEST
        new = quoted(value)
        line = f"put it in quotes: {new}" if is_short else "put it in quotes"
        help = Replacement.of(line, new) if value else line
        return self.error("WF010", message, start, max(len(value), 1), help)


def quoted(value: str) -> str:
    r"""In the quotes that need the fewest escapes.

    >>> print(quoted("a: b"), quoted('say "x"'), quoted("it's"))
    "a: b" 'say "x"' 'it''s'
    """
    if "'" in value or '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def short(text: str) -> str:
    """The beginning of a text that is too long for a message."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def named(word: str) -> str:
    """In the quotes of a message, and in no others."""
    bare = word.strip("\"'")
    return f'"{short(bare)}"' if bare else "another quote"
