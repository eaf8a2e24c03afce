"""Tokens of the `${{ }}` language.

Goes in: a text and an offset; comes out: the tokens up to the `}}` that ends the hole (or, for a
condition, up to the end of the text), with offsets into the same text. Knows quotes and braces,
so that `}}` inside a literal or at the end of nested maps does not end a hole. Knows nothing of
precedence. Raises `ExpressionError` at the first character that begins no token.

Names may hold `-` between two of their characters (`params.run-date`), so a minus needs a space
in front of it when a name stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from wfcompile.diagnostics import Replacement
from wfcompile.expressions import nodes
from wfcompile.expressions.errors import ExpressionError
from wfcompile.expressions.escapes import EscapeError, decode

Kind = Literal["name", "number", "text", "operand", "operator", "end"]
OPEN, CLOSE = "${{", "}}"

_NAME = re.compile(r"[^\W\d]\w*(?:-+\w+)*")
_SEGMENT = re.compile(r"\w+(?:-+\w+)*")
_NUMBER = re.compile(r"""(?x)
      0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)* | 0[oO][0-7]+(?:_[0-7]+)*
    | 0[bB][01]+(?:_[01]+)*
    | [0-9]+(?:_[0-9]+)* (?:\.[0-9]+(?:_[0-9]+)*)? (?:[eE][+-]?[0-9]+)?
    """)
_OPERATOR = re.compile(r"==|!=|<=|>=|\*\*|//|[-+*/%<>()\[\]{},:.?|=]")
_SPACE = re.compile(r"\s*")
_INSTEAD = {
    "&": 'write "and"',
    "!": 'write "not"',
    "~": 'write "not"',
    ";": "write one expression",
    "#": "move the comment out of the expression",
    "\\": "put a text with a backslash in quotes",
}
_MAX_TOKENS = 5000


@dataclass(frozen=True, slots=True)
class Token:
    """`value` of a number is the number, of a text or operand its tree; else None."""

    kind: Kind
    text: str
    start: int
    end: int
    value: nodes.Expression | None = None


ReadHole = Callable[[int], tuple[nodes.Expression, int]]
"""Offset of `${` in a condition -> the tree of what begins there, and the offset behind it."""


class Lexer:
    """One pass over one expression.

    `read_hole` is given for conditions: holes are operands there and parts of text literals.
    Without it the text is the inside of a hole, which ends at `}}`.
    """

    def __init__(self, text: str, at: int, read_hole: ReadHole | None = None) -> None:
        self.text = text
        self.at = at
        self.read_hole = read_hole
        self._tokens: list[Token] = []
        self._open_braces = 0

    def tokens(self) -> list[Token]:
        """All tokens; the last has kind "end". `at` then points behind the closing `}}`."""
        while True:
            self.at = self._skip_space()
            if len(self._tokens) > _MAX_TOKENS:
                raise ExpressionError(
                    "WF207",
                    f"expression has more than {_MAX_TOKENS} names, signs and values",
                    self.at,
                    self.at + 1,
                    "compute it in a stage of its own",
                )
            token = self._token()
            self._tokens.append(token)
            self.at = token.end
            if token.kind == "end":
                return self._tokens

    def _skip_space(self) -> int:
        match = _SPACE.match(self.text, self.at)
        return match.end() if match else self.at

    def _token(self) -> Token:
        text, at = self.text, self.at
        if at >= len(text):
            return self._end_of_text()
        if text.startswith("${", at):
            return self._hole()
        if self.read_hole is None and not self._open_braces:
            if text.startswith(CLOSE, at):
                return Token("end", CLOSE, at, at + len(CLOSE))
            if text[at] == "}":
                raise ExpressionError(
                    "WF201", 'template ends with "}", expected "}}"', at, at + 1
                )
        if text[at] in "'\"":
            return self._text()
        pattern = _SEGMENT if self._is_behind_dot() else _NAME
        if match := pattern.match(text, at):
            return self._name(match)
        if match := _NUMBER.match(text, at):
            return self._number(match)
        if match := _OPERATOR.match(text, at):
            return self._operator(match)
        shown = text[at]
        raise ExpressionError(
            "WF203",
            f'expression holds "{shown}", which begins nothing in the template language',
            at,
            at + 1,
            _INSTEAD.get(shown),
        )

    def _end_of_text(self) -> Token:
        if self.read_hole is None:
            raise ExpressionError("WF201", 'template has no "}}"', self.at, self.at)
        return Token("end", "", self.at, self.at)

    def _hole(self) -> Token:
        at = self.at
        if self.read_hole is None:
            if self.text.startswith(OPEN, at):
                raise ExpressionError(
                    "WF201", 'template has no "}}" before the next "${{"', at, at + 3
                )
            raise ExpressionError(
                "WF203",
                'expression holds "${", a reference to the environment',
                at,
                at + 2,
                "write the reference outside the template",
            )
        value, end = self.read_hole(at)
        self._refuse_joined(at, end)
        return Token("operand", self.text[at:end], at, end, value)

    def _refuse_joined(self, start: int, end: int) -> None:
        before = self._tokens[-1] if self._tokens else None
        touches = before and before.end == start and before.kind in ("name", "number")
        if touches or _SEGMENT.match(self.text, end):
            raise ExpressionError(
                "WF211",
                f'template is joined to "{self._beside(start, end)}"',
                start,
                end,
                "put quotes around the whole text, or spaces around the template",
            )

    def _beside(self, start: int, end: int) -> str:
        """The name or number that touches a template."""
        after = _SEGMENT.match(self.text, end)
        return after.group() if after else self._tokens[-1].text

    def _is_behind_dot(self) -> bool:
        match self._tokens[-2:]:
            case [before, Token("operator", ".") as dot]:
                return before.end == dot.start and dot.end == self.at
        return False

    def _name(self, match: re.Match[str]) -> Token:
        end = match.end()
        if self.text[end : end + 1] in ("'", '"') and not self._is_behind_dot():
            raise ExpressionError(
                "WF203",
                f'text literal directly behind "{match.group()}", expected an operator',
                *match.span(),
                "take the letters in front of the quote away",
            )
        return Token("name", match.group(), *match.span())

    def _number(self, match: re.Match[str]) -> Token:
        start, end = match.span()
        rest = _SEGMENT.match(self.text, end)
        value = None if rest else _number(match.group())
        if value is None:
            end = rest.end() if rest else end
            written = self.text[start:end]
            bare = written.lstrip("0")
            is_whole = bare.isdecimal() and bare != written
            help = Replacement.of(f'write "{bare}"', bare) if is_whole else None
            raise ExpressionError(
                "WF205", f'"{written}" is not a number', start, end, help
            )
        return Token(
            "number", match.group(), start, end, nodes.Literal(value, start, end)
        )

    def _operator(self, match: re.Match[str]) -> Token:
        sign, (start, end) = match.group(), match.span()
        before = self._tokens[-1] if self._tokens else None
        if sign == "-" and before and before.kind == "name" and before.end == start:
            raise ExpressionError(
                "WF206",
                f'"-" touches the name "{before.text}"',
                start,
                end,
                "put a space on both sides of the minus",
            )
        if sign in "{}":
            self._open_braces += 1 if sign == "{" else -1
        return Token("operator", sign, start, end)

    # --- text literals ---

    def _text(self) -> Token:
        start = self.at
        quote = self.text[start]
        parts: list[nodes.Part] = []
        piece = at = start + 1
        while True:
            sign = self.text[at : at + 1]
            if sign in ("", "\n"):
                raise ExpressionError(
                    "WF204",
                    f"text literal has no closing {quote}",
                    start,
                    at,
                    f"close it with {quote}",
                )
            if sign == quote:
                break
            if self.read_hole and self.text.startswith("$$", at):
                parts.append(self._decoded(piece, at + 1))
                piece = at = at + 2
            elif self.read_hole and self.text.startswith("${", at):
                parts.append(self._decoded(piece, at))
                part, at = self.read_hole(at)
                parts.append(part)
                piece = at
            else:
                # a backslash in front of a template escapes nothing: templates are cut out first
                escapes = sign == "\\" and not (
                    self.read_hole and self.text.startswith("$", at + 1)
                )
                at += 2 if escapes else 1
        parts.append(self._decoded(piece, at))
        value = text_of_parts(parts, start, at + 1)
        return Token("text", self.text[start : at + 1], start, at + 1, value)

    def _decoded(self, start: int, end: int) -> str:
        try:
            return decode(self.text[start:end])
        except EscapeError as error:
            raise ExpressionError(
                "WF205",
                f'escape "{self.text[start + error.start : start + error.end]}"'
                " names no character",
                start + error.start,
                start + error.end,
                "double the backslash",
            ) from None


def text_of_parts(
    parts: list[nodes.Part], start: int, end: int
) -> nodes.Literal | nodes.Interpolation:
    """One literal, or an interpolation when a part is no plain text; plain neighbours joined."""
    joined: list[nodes.Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    match joined:
        case []:
            return nodes.Literal("", start, end)
        case [str(only)]:
            return nodes.Literal(only, start, end)
    return nodes.Interpolation(tuple(joined), start, end)


def _number(text: str) -> int | float | None:
    """None for what Python refuses: leading zeros, thousands of digits."""
    digits = text.replace("_", "")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower())
    if base is None and digits.isdigit() and len(digits) > 1 and digits[0] == "0":
        return None if digits.strip("0") else 0
    try:
        if base is not None:
            return int(digits, base)
        if digits.isdigit():
            return int(digits)
    except ValueError:
        return None
    number = float(digits)
    return number if isfinite(number) else None
