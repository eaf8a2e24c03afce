"""Python text with holes -> Python text with placeholders, character by character.

Goes in: a block's text and its holes; comes out: the text in which every hole is an identifier
that occurs nowhere else, with the place each character came from. A hole inside a string literal
makes the literal an f-string with the placeholder as one part; in a comment it stays what it was.
Only quotes, comments and brackets are understood here; what Python thinks of the result is for
`ast` to say, so text that is no Python comes out too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from wfcompile.expressions.nodes import Hole

Position = Literal["code", "string", "comment", "bytes"]

_WORD = re.compile(r"[^\W\d]\w*")
_PREFIXES = frozenset(("r", "b", "u", "f", "rb", "br", "rf", "fr"))
_HIGH_ESCAPE = re.compile(r"\\(?:x[89a-fA-F]|[2-7][0-7]{2})")
_NAMED_ESCAPE = re.compile(r"\\N\{[^{}\n]*\}")


@dataclass(frozen=True, slots=True)
class PlacedHole:
    """A hole and what stands for it.

    `quote` is what the printed expression may not contain because an f-string around it ends
    there: one sign, both when literals nest, three of them for a triple-quoted literal; "" in
    code.
    """

    placeholder: str
    hole: Hole
    position: Position
    quote: str


@dataclass(slots=True)
class PythonSource:
    """Text with placeholders.

    Attributes:
        starts, ends: for each character, where what it stands for begins and ends in the block.
        in_string: offsets of the line ends that stand inside a string literal.
    """

    text: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    in_string: set[int] = field(default_factory=set)
    holes: list[PlacedHole] = field(default_factory=list)


def place_holes(text: str, holes: Sequence[Hole]) -> PythonSource:
    """Replace the holes of a block; never fails."""
    return _Lexer(text, holes).run()


@dataclass(frozen=True, slots=True)
class _Literal:
    """The string literal around the current place."""

    quote: str
    is_raw: bool
    is_format: bool


class _Lexer:
    def __init__(self, text: str, holes: Sequence[Hole]) -> None:
        self._text = text
        self._holes = {hole.start: hole for hole in holes}
        self._at = 0
        self._pieces: list[str] = []
        self._length = 0
        self._out = PythonSource()
        self._around: list[_Literal] = []
        self._stem = "wfc_hole_"
        while self._stem in text:
            self._stem += "x_"

    def run(self) -> PythonSource:
        while self._at < len(self._text):
            self._code_item()
        self._out.text = "".join(self._pieces)
        return self._out

    # --- writing ---

    def _copy(self, end: int) -> None:
        """The text up to `end` as it is."""
        piece = self._text[self._at : end]
        self._note_line_ends(piece)
        self._pieces.append(piece)
        self._length += len(piece)
        self._out.starts.extend(range(self._at, end))
        self._out.ends.extend(range(self._at + 1, end + 1))
        self._at = end

    def _write(self, piece: str, end: int) -> None:
        """`piece` for the text up to `end`."""
        self._note_line_ends(piece)
        self._pieces.append(piece)
        self._length += len(piece)
        self._out.starts.extend([self._at] * len(piece))
        self._out.ends.extend([end] * len(piece))
        self._at = end

    def _note_line_ends(self, piece: str) -> None:
        if self._around and "\n" in piece:
            self._out.in_string.update(
                self._length + at for at, sign in enumerate(piece) if sign == "\n"
            )

    def _place(self, hole: Hole, position: Position) -> str:
        placeholder = f"{self._stem}{len(self._out.holes) + 1}_"
        self._out.holes.append(
            PlacedHole(placeholder, hole, position, self._forbidden())
        )
        return placeholder

    def _forbidden(self) -> str:
        quotes = {literal.quote for literal in self._around if len(literal.quote) == 1}
        triple = [literal.quote for literal in self._around if len(literal.quote) == 3]
        return "".join(sorted(quotes)) or "".join(triple[:1])

    # --- code ---

    def _code_item(self) -> None:
        """One token of code, roughly."""
        text, at = self._text, self._at
        if hole := self._holes.get(at):
            self._write(self._place(hole, "code"), hole.end)
        elif text[at] == "#":
            self._comment()
        elif text[at] in "'\"":
            self._string("", at)
        elif match := _WORD.match(text, at):
            end = match.end()
            is_prefix = match.group().lower() in _PREFIXES
            if is_prefix and text[end : end + 1] in ("'", '"'):
                self._string(match.group(), end)
            else:
                self._copy(end)
        else:
            self._copy(at + 1)

    def _comment(self) -> None:
        """To the end of the line; a hole of several lines becomes one."""
        while self._at < len(self._text) and self._text[self._at] != "\n":
            if hole := self._holes.get(self._at):
                source = self._text[hole.start : hole.end]
                self._write(" ".join(source.split()), hole.end)
                self._out.holes.append(PlacedHole("", hole, "comment", ""))
            else:
                self._copy(self._at + 1)

    # --- string literals ---

    def _string(self, prefix: str, quote_at: int) -> None:
        letters = prefix.lower()
        sign = self._text[quote_at]
        quote = sign * 3 if self._text.startswith(sign * 3, quote_at) else sign
        literal = _Literal(quote, "r" in letters, "f" in letters)
        body = quote_at + len(quote)
        if literal.is_format:
            self._copy(body)
            self._around.append(literal)
            self._format_parts(literal)
            self._around.pop()
            self._copy_quote(quote)
            return
        end = self._literal_end(literal, body)
        holes = [start for start in self._holes if body <= start < end]
        if not holes:
            self._copy_body(literal, body, end)
        elif "b" in letters:
            self._bytes(literal, body, end, holes)
        else:
            self._write("rf" if literal.is_raw else "f", quote_at)
            self._copy(body)
            self._parts(literal, end)
            self._copy_quote(quote)

    def _copy_body(self, literal: _Literal, body: int, end: int) -> None:
        self._copy(body)
        self._around.append(literal)
        self._copy(end)
        self._around.pop()
        self._copy_quote(literal.quote)

    def _copy_quote(self, quote: str) -> None:
        if self._text.startswith(quote, self._at):
            self._copy(self._at + len(quote))

    def _literal_end(self, literal: _Literal, at: int) -> int:
        """Where the closing quote stands, or where the literal breaks off."""
        text = self._text
        while at < len(text):
            if hole := self._holes.get(at):
                at = hole.end
            elif text[at] == "\\" and at + 1 not in self._holes:
                at += 2
            elif self._ends(literal, at):
                return at
            else:
                at += 1
        return len(text)

    def _ends(self, literal: _Literal, at: int) -> bool:
        """At the closing quote, or at the line end that a short literal cannot hold."""
        breaks_off = self._text[at] == "\n" and len(literal.quote) == 1
        return breaks_off or self._text.startswith(literal.quote, at)

    def _parts(self, literal: _Literal, end: int) -> None:
        """The inside of a literal that becomes an f-string: braces are doubled."""
        self._around.append(literal)
        while self._at < end:
            if hole := self._holes.get(self._at):
                self._part(hole)
            elif not self._escape(literal):
                sign = self._text[self._at]
                self._write(sign * 2 if sign in "{}" else sign, self._at + 1)
        self._around.pop()

    def _part(self, hole: Hole) -> None:
        self._write("{" + self._place(hole, "string") + "}", hole.end)

    def _escape(self, literal: _Literal) -> bool:
        """Copies the escape at this place, if there is one."""
        text, at = self._text, self._at
        if text[at] != "\\":
            return False
        named = None if literal.is_raw else _NAMED_ESCAPE.match(text, at)
        if named:
            self._copy(named.end())
        elif at + 1 in self._holes:
            # `\` in front of a part would be read as `\{`; a raw literal keeps it as it is
            self._write("\\" if literal.is_raw else "\\\\", at + 1)
        elif text[at + 1 : at + 2] in ("{", "}"):
            # not an escape: the brace is looked at for itself
            keeps = literal.is_raw or literal.is_format
            self._write("\\" if keeps else "\\\\", at + 1)
        else:
            self._copy(min(at + 2, len(text)))
        return True

    def _bytes(
        self, literal: _Literal, body: int, end: int, holes: Sequence[int]
    ) -> None:
        """`b"a${{ x }}"` -> `f"a{x}".encode()`, where the two mean the same."""
        inside = self._text[body:end]
        is_high = not literal.is_raw and bool(_HIGH_ESCAPE.search(inside))
        unicode_escape = not literal.is_raw and bool(re.search(r"\\[uUN]", inside))
        if is_high or unicode_escape or self._has_literal_beside(literal, end):
            position: Position = "bytes"
            self._copy(body)
            for start in sorted(holes):
                self._place(self._holes[start], position)
            self._copy(end)
            self._copy_quote(literal.quote)
            return
        self._write("rf" if literal.is_raw else "f", body - len(literal.quote))
        self._copy(body)
        self._parts(literal, end)
        self._copy_quote(literal.quote)
        self._write(".encode()", self._at)

    def _has_literal_beside(self, literal: _Literal, end: int) -> bool:
        """A neighbour that Python would join this literal with."""
        before = "".join(self._pieces[-200:]).rstrip(" \t\\\n")
        after = self._text[end + len(literal.quote) :].lstrip(" \t\\\n")
        return before[-1:] in ("'", '"') or bool(
            re.match(r"(?i:[rb]{0,2})['\"]", after)
        )

    # --- f-strings of the author ---

    def _format_parts(self, literal: _Literal, *, is_spec: bool = False) -> None:
        """Literal pieces and replacement fields, up to the closing quote (or `}`)."""
        text = self._text
        while self._at < len(text):
            at = self._at
            if hole := self._holes.get(at):
                self._part(hole)
            elif self._ends(literal, at) or (is_spec and text[at] == "}"):
                return
            elif text.startswith(("{{", "}}"), at) and not is_spec:
                self._copy(at + 2)
            elif text[at] == "{":
                self._field(literal)
            elif not self._escape(literal):
                self._copy(at + 1)

    def _field(self, literal: _Literal) -> None:
        """`{expression!r:spec}`; the expression may hold strings of its own."""
        self._copy(self._at + 1)
        depth = 0
        text = self._text
        while self._at < len(text):
            sign = text[self._at]
            if self._at in self._holes:
                self._code_item()
            elif sign == "\n" and len(literal.quote) == 1:
                return
            elif sign == "}" and depth == 0:
                self._copy(self._at + 1)
                return
            elif sign == ":" and depth == 0:
                self._copy(self._at + 1)
                self._format_parts(literal, is_spec=True)
            elif text.startswith(literal.quote, self._at) and depth == 0:
                return
            else:
                depth += (sign in "([{") - (sign in ")]}")
                self._code_item()
