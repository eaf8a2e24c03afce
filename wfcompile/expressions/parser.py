"""Texts with templates -> trees: `parse_text` for values, `parse_condition` for conditions.

Goes in: a scalar; comes out: its text cut into plain pieces, holes and references to the
environment, or the one expression that a condition is. Nothing is resolved. Every mistake becomes
a diagnostic at its exact place; no text makes these functions raise. Offsets count characters of
the scalar's text.
"""

from __future__ import annotations

import re

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions import nodes
from wfcompile.expressions.errors import ExpressionError
from wfcompile.expressions.grammar import Grammar
from wfcompile.expressions.lexer import CLOSE, OPEN, Lexer
from wfcompile.nodes import Scalar

_ENV_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_ENV_UNCLOSED = re.compile(r"\$\{ *[A-Za-z_]\w*")
_ROOTED = re.compile(
    r"\$\{\s*(?:params|stages|jobs|matrix|item|release)\.[\w?-]+[\w.?-]*\s*[|:}]"
)
_ENV_SIGNS = re.compile(r"\$\$|\$\{")


def parse_text(
    scalar: Scalar, diagnostics: Diagnostics, *, env: bool = True
) -> nodes.Text:
    """Cut a scalar's text into plain pieces, holes, and references to the environment.

    With `env`, `${NAME}`, `${ NAME }` and `${NAME:default}` are references and `$$` stands for
    `$` (language.md 4.4); without it (shell and Python text) `$` has no meaning outside holes,
    and the pieces and holes together are the text, character for character. A hole with a
    mistake has `tree` None. White space at the ends is kept.

    Adds WF201 to WF208, WF212, WF213.
    """
    reader = _Reader(scalar, diagnostics)
    text = scalar.text
    parts: list[nodes.TextPart] = []
    at = 0
    while (start := text.find(OPEN, at)) >= 0:
        parts += reader.plain(at, start) if env else [text[at:start]]
        hole = reader.hole(start)
        parts.append(hole)
        at = hole.end
    parts += reader.plain(at, len(text)) if env else [text[at:]]
    return nodes.Text(_joined(parts))


def parse_condition(
    scalar: Scalar, diagnostics: Diagnostics
) -> nodes.Expression | None:
    """The expression of an `if:` or `until:`; None when it has a mistake.

    The text is an expression in which `${{ }}` and `${NAME}` are operands, and parts of text
    literals. A whole-hole text is the hole's expression.

    Adds WF201 to WF208, WF210 to WF213.
    """
    reader = _Reader(scalar, diagnostics)
    try:
        tokens = Lexer(scalar.text, 0, reader.operand).tokens()
        tree = Grammar(tokens, is_condition=True).parse()
    except ExpressionError as error:
        reader.report(error)
        return None
    return None if reader.has_errors else tree


class _Reader:
    """Reads the holes and references of one scalar, and reports their mistakes."""

    def __init__(self, scalar: Scalar, diagnostics: Diagnostics) -> None:
        self.scalar = scalar
        self.text = scalar.text
        self.diagnostics = diagnostics
        self.has_errors = False

    def hole(self, start: int) -> nodes.Hole:
        """The hole whose `${{` stands at `start`."""
        lexer = Lexer(self.text, start + len(OPEN))
        try:
            tokens = lexer.tokens()
            end = lexer.at
            if len(tokens) == 1:
                raise ExpressionError(
                    "WF202",
                    "template is empty, expected an expression",
                    start,
                    end,
                    "name a value, such as ${{ params.name }}",
                )
        except ExpressionError as error:
            end = self._end_after_mistake(start, lexer.at, error)
            return nodes.Hole(None, start, end)
        try:
            return nodes.Hole(Grammar(tokens).parse(), start, end)
        except ExpressionError as error:
            self.report(error)
            return nodes.Hole(None, start, end)

    def _end_after_mistake(self, start: int, at: int, error: ExpressionError) -> int:
        """Where to go on reading; an unclosed hole is told at its beginning."""
        if error.code == "WF202":
            self.report(error)
            return error.end
        if error.code != "WF201":
            self.report(error)
            close = self.text.find(CLOSE, at)
            following = self.text.find(OPEN, at)
            if close >= 0 and not 0 <= following < close:
                return close + len(CLOSE)
        line_end = self.text.find("\n", start)
        stops = [line_end, self.text.find(OPEN, start + len(OPEN)), len(self.text)]
        end = min(stop for stop in stops if stop >= 0)
        if error.code == "WF201":
            end = max(error.end, end) if error.end <= end else end
            self.report(
                ExpressionError(
                    "WF201",
                    error.message,
                    start,
                    start + len(self.text[start:end].rstrip()),
                    'close it with "}}"',
                )
            )
        return end

    def plain(self, start: int, end: int) -> list[nodes.TextPart]:
        """The pieces of `text[start:end]`, which holds no hole but perhaps borders on one."""
        parts: list[nodes.TextPart] = []
        at = piece = start
        while match := _ENV_SIGNS.search(self.text, at, end):
            at = match.end()
            if match.group() == "$$":
                parts.append(self.text[piece : at - 1])
                piece = at
            elif reference := self._reference(match.start(), end):
                parts += [self.text[piece : match.start()], reference]
                at = piece = reference.end
        parts.append(self.text[piece:end])
        return parts

    def _reference(self, start: int, end: int) -> nodes.EnvRef | None:
        """The reference at `start`, or None when the `${` there is only text."""
        match = _ENV_REFERENCE.match(self.text, start, end)
        if match is None:
            self._check_unclosed(start, end)
            return None
        if _ROOTED.match(self.text, start):
            self._report_one_brace(match)
        name, colon, default = match.group(1).partition(":")
        if not name.strip():
            self.report(
                ExpressionError(
                    "WF208",
                    f'"{match.group()}" names no variable of the environment',
                    *match.span(),
                    'write "$${" where the text itself is meant',
                )
            )
        return nodes.EnvRef(name.strip(), default if colon else None, *match.span())

    def _report_one_brace(self, match: re.Match[str]) -> None:
        self.report(
            ExpressionError(
                "WF213",
                f'"{match.group()}" reads a variable of the environment, '
                "and none is called so",
                *match.span(),
                f"write ${{{{ {match.group(1).strip()} }}}} for the value of that name",
            )
        )

    def _check_unclosed(self, start: int, end: int) -> None:
        match = _ENV_UNCLOSED.match(self.text, start, end)
        if match is None:
            return
        holds_hole = self.text.startswith(OPEN, end) and "}" in self.text[end:]
        message = f'reference "{match.group()}" has no closing "}}"'
        help = 'close it with "}", or write "$${" where the text itself is meant'
        if holds_hole and "{" not in self.text[start + 2 : end]:
            message = f'reference "{match.group()}" holds a template'
            help = "name the variable without a template"
        self.report(ExpressionError("WF208", message, *match.span(), help))

    def operand(self, start: int) -> tuple[nodes.Expression, int]:
        """What begins with the `${` at `start` of a condition."""
        if not self.text.startswith(OPEN, start):
            reference = self._reference(start, len(self.text))
            if reference is None:
                raise ExpressionError(
                    "WF208",
                    'found "${", expected a reference to the environment or a template',
                    start,
                    start + 2,
                    "write ${NAME} or ${{ expression }}",
                )
            return reference, reference.end
        hole = self.hole(start)
        if hole.tree is None:
            return nodes.Literal(None, start, hole.end), hole.end
        return hole.tree, hole.end

    def report(self, error: ExpressionError) -> None:
        self.has_errors = True
        length = len(self.text)
        start, end = min(error.start, length), min(error.end, length)
        span = self.scalar.span_of(start, end)
        self.diagnostics.error(error.code, error.message, span, help=error.help)


def _joined(parts: list[nodes.TextPart]) -> tuple[nodes.TextPart, ...]:
    """Without empty pieces, plain neighbours as one."""
    joined: list[nodes.TextPart] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)
