"""IR expression -> Python source, with the parentheses that Python needs and no others.

The source is valid on Python 3.10: what stands inside an f-string holds neither a backslash nor
the quote sign around it. Where that cannot be, the text is put together with `+` and `rt.text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from wfcompile import ir, types
from wfcompile.emit.imports import Imports
from wfcompile.emit.literals import (
    TOP,
    Style,
    UnprintableError,
    best_literal,
    best_quotes,
    decimal,
    entries,
    escape,
    moment,
    number,
    split_lines,
    text_literal,
)

Printed = tuple[str, int]
"""Source and how tightly it binds: one of the levels below."""

CONDITIONAL, OR, AND, NOT, COMPARISON = range(5)
SUM, PRODUCT, UNARY, POWER, ATOM = range(5, 10)
_BINARY = {
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/", "//", "%", "@"), PRODUCT),
}
_NEGATED = {"in": "not in", "is": "is not", "==": "!=", "!=": "=="}
Keywords = Sequence[tuple[str, ir.Expr]]
Piece: TypeAlias = "str | ir.Expr"
"""A part of a text: as it is, or an expression."""


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints expressions; what they need goes to `imports`."""

    imports: Imports
    style: Style = TOP

    def source(self, expr: ir.Expr, level: int = CONDITIONAL) -> str:
        """The source, in parentheses when it binds looser than `level`."""
        text, own = self.printed(expr)
        return text if own >= level else f"({text})"

    def printed(self, expr: ir.Expr) -> Printed:
        match expr:
            case ir.Const(value):
                return self._constant(value)
            case ir.Join(parts):
                return self._join(parts)
            case ir.Unary() | ir.Binary() | ir.Comparison() | ir.Logic():
                return self._operation(expr)
            case ir.Conditional(test, then, otherwise):
                shown = f"{self.source(then, OR)} if {self.source(test, OR)}"
                return f"{shown} else {self.source(otherwise)}", CONDITIONAL
            case ir.ListExpr() | ir.TupleExpr() | ir.SetExpr():
                return self._items(expr), ATOM
            case ir.DictExpr(items):
                return self._map(items), ATOM
            case ir.Index(value, key):
                return f"{self._receiver(value)}[{self.source(key)}]", ATOM
            case ir.Attribute(value, name):
                return f"{self._receiver(value)}.{name}", ATOM
            case ir.Name(identifier):
                return identifier, ATOM
        return self._read(expr) or self._call(expr), ATOM

    # --- what the context gives ---

    def _read(self, expr: ir.Expr) -> str | None:
        match expr:
            case ir.Param(attribute):
                return f"ctx.params.{attribute}"
            case ir.MatrixValue(key):
                return f"ctx.matrix[{self._text(key)}]"
            case ir.ContextValue(name):
                return f"ctx.{name}"
            case ir.ReleaseValue(name):
                return f"release.{name}"
            case ir.Outputs(function):
                return f"ctx.outputs({function})"
            case ir.MatrixOutputs(function):
                return f"ctx.matrix_outputs({function})"
            case ir.Lookup(path, optional):
                args = [*map(self._text, path), *(["optional=True"] * optional)]
                return f"ctx.lookup({', '.join(args)})"
            case ir.Env(name, default):
                shown = [
                    self._text(each) for each in (name, default) if each is not None
                ]
                return f"rt.env({', '.join(shown)})"
        return None

    # --- calls ---

    def _call(self, expr: ir.Expr) -> str:
        match expr:
            case ir.Filter(module, function, value, args, keywords):
                head = self.imports.module(module) if module else "rt.filters"
                return self.call(f"{head}.{function}", (value, *args), keywords)
            case ir.Call(function, args, keywords):
                return self.call(function, args, keywords)
            case ir.Method(receiver, name, args, keywords):
                return self.call(f"{self._receiver(receiver)}.{name}", args, keywords)
            case ir.Convert(type_, value):
                return self._convert(type_, value)
            case ir.ModelExpr(record, value):
                return self.call(
                    f"{self.imports.annotation(record)}.model_validate", (value,)
                )
            case ir.Construct(record, keywords):
                fields = self._rows(self.arguments((), keywords))
                return f"{self.imports.annotation(record)}({fields})"
        raise AssertionError(f"no source for {expr!r}")

    def _convert(self, type_: types.Type, value: ir.Expr) -> str:
        wanted = self.imports.annotation(type_)
        is_text = isinstance(value, ir.Join) or (
            isinstance(value, ir.Const) and isinstance(value.value, str)
        )
        if type_ == types.PATH and is_text:
            return self.call(wanted, (value,))
        return self.call("rt.to", (ir.Name(wanted), value))

    def call(
        self, function: str, args: Sequence[ir.Expr], keywords: Keywords = ()
    ) -> str:
        return f"{function}({', '.join(self.arguments(args, keywords))})"

    def arguments(self, args: Sequence[ir.Expr], keywords: Keywords = ()) -> list[str]:
        """One source an argument; a text of several lines needs no parentheses when alone."""
        if len(args) == 1 and not keywords and isinstance(args[0], ir.Const | ir.Join):
            return [self.source(args[0]).removeprefix("(\n").removesuffix("\n)")]
        named = [f"{name}={self.source(value)}" for name, value in keywords]
        return [*map(self.source, args), *named]

    def _receiver(self, expr: ir.Expr) -> str:
        """What a dot or a bracket may follow."""
        text = self.source(expr, ATOM)
        return f"({text})" if text[0].isdigit() else text

    # --- operators ---

    def _operation(self, expr: ir.Expr) -> Printed:
        match expr:
            case ir.Unary("not", operand):
                opposite = _opposite(operand)
                if opposite is not None:
                    return self.printed(opposite)
                return f"not {self.source(operand, NOT)}", NOT
            case ir.Unary(op, operand):
                return f"{op}{self.source(operand, UNARY)}", UNARY
            case ir.Binary("**", left, right):
                return (
                    f"{self.source(left, ATOM)} ** {self.source(right, UNARY)}",
                    POWER,
                )
            case ir.Binary(op, left, right):
                level = _BINARY[op]
                shown = (
                    f"{self.source(left, level)} {op} {self.source(right, level + 1)}"
                )
                return shown, level
            case ir.Comparison(left, rest):
                return self._comparison(left, rest), COMPARISON
            case ir.Logic(op, operands):
                level = OR if op == "or" else AND
                sides = [self.source(operand, level + 1) for operand in operands]
                return f" {op} ".join(sides), level
        raise AssertionError(f"no operator {expr!r}")

    def _comparison(self, left: ir.Expr, rest: Iterable[tuple[str, ir.Expr]]) -> str:
        text = self.source(left, COMPARISON + 1)
        for op, right in rest:
            op = _comparison_sign(left, op, right)
            text += f" {op} {self.source(right, COMPARISON + 1)}"
            left = right
        return text

    # --- constants ---

    def _constant(self, value: ir.Value) -> Printed:
        match value:
            case bool() | None:
                return repr(value), ATOM
            case int() | float():
                text = number(value, self.style)
                return text, UNARY if text.startswith("-") else ATOM
            case str():
                return self._text(value), ATOM
            case Decimal():
                return decimal(value, self.style, self.imports), ATOM
            case date():
                return moment(value, self.imports), ATOM
            case list():
                items = ", ".join(self._constant(item)[0] for item in value)
                return f"[{items}]", ATOM
            case dict():
                rows = [
                    f"{self._constant(key)[0]}: {self._constant(item)[0]}"
                    for key, item in value.items()
                ]
                return f"{{{', '.join(rows)}}}", ATOM

    def _text(self, text: str) -> str:
        return self._literal([text], _lines([text]))

    def _map(self, items: Sequence[tuple[ir.Expr, ir.Expr]]) -> str:
        rows = [f"{self.source(key)}: {self.source(value)}" for key, value in items]
        return f"{{{self._rows(rows)}}}"

    def _rows(self, rows: Sequence[str]) -> str:
        """Two or more entries get a line each; in flat style all stand on one."""
        return ", ".join(rows) if self.style.flat else entries(rows)

    def _items(self, expr: ir.ListExpr | ir.TupleExpr | ir.SetExpr) -> str:
        shown = ", ".join(map(self.source, expr.items))
        match expr:
            case ir.ListExpr():
                return f"[{shown}]"
            case ir.TupleExpr(items):
                return f"({shown},)" if len(items) == 1 else f"({shown})"
            case ir.SetExpr(items, is_frozen=True):
                return f"frozenset({{{shown}}})" if items else "frozenset()"
            case ir.SetExpr(items):
                return f"{{{shown}}}" if items else "set()"

    # --- texts with parts ---

    def _join(self, parts: Iterable[ir.Expr]) -> Printed:
        pieces = [_text_or_expr(part) for part in parts]
        merged = _merge(pieces)
        try:
            return self._literal(merged, _lines(pieces)), ATOM
        except UnprintableError:
            return self._sum(merged)

    def _literal(self, parts: Sequence[Piece], lines: Iterable[Sequence[Piece]]) -> str:
        """The parts as one literal; one for each of the lines when they are too wide."""
        whole = self._one_literal(parts)
        if self.style.flat:
            return whole
        return best_literal(whole, map(self._one_literal, lines))

    def _one_literal(self, parts: Sequence[str | ir.Expr]) -> str:
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) == len(parts):
            return text_literal("".join(texts), self.style)
        for quote in best_quotes("".join(texts), self.style.quotes):
            try:
                inside = "".join(self._part(part, quote) for part in parts)
            except UnprintableError:
                continue
            return f"f{quote}{inside}{quote}"
        raise UnprintableError

    def _part(self, part: str | ir.Expr, quote: str) -> str:
        if isinstance(part, str):
            text = escape(part, quote).replace("{", "{{").replace("}", "}}")
            if not self.style.allows(text):
                raise UnprintableError
            return text
        return f"{{{self.inside(quote)._hole(part)}}}"

    def inside(self, quote: str) -> Printer:
        """The printer for the expressions of an f-string between `quote` signs."""
        left = tuple(each for each in self.style.quotes if each not in quote)
        return replace(self, style=Style(left, flat=True, escapes=False))

    def _hole(self, expr: ir.Expr) -> str:
        if isinstance(expr, ir.Call) and expr.function == "str" and len(expr.args) == 1:
            expr = expr.args[0]  # an f-string makes a text of it anyway
        text = self.source(expr)
        return f"({text})" if text.startswith("{") else text

    def _sum(self, parts: Sequence[str | ir.Expr]) -> Printed:
        """The parts put together with `+`."""
        flat = replace(self, style=replace(self.style, flat=True))
        shown = [
            (
                text_literal(part, self.style)
                if isinstance(part, str)
                else flat.call("rt.text", (part,))
            )
            for part in parts
        ]
        return " + ".join(shown), SUM if len(shown) > 1 else ATOM


def _text_or_expr(part: ir.Expr) -> Piece:
    """A constant as its text."""
    if isinstance(part, ir.Const) and isinstance(part.value, str | int | float | None):
        return str(part.value)
    return part


def _merge(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbouring texts as one."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return merged or [""]


def _lines(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The parts of each line: it ends behind a newline, and where two texts meet."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if not isinstance(piece, str):
            lines[-1].append(piece)
            continue
        if lines[-1] and isinstance(lines[-1][-1], str):
            lines.append([])
        for text in split_lines(piece):
            lines[-1].append(text)
            if text.endswith("\n"):
                lines.append([])
    return [line for line in lines if line]


def _opposite(expr: ir.Expr) -> ir.Comparison | None:
    """`x not in y` for `not x in y`, as linters want it."""
    match expr:
        case ir.Comparison(left, ((op, right),)) if op in _NEGATED:
            return ir.Comparison(left, ((_NEGATED[op], right),))
    return None


def _comparison_sign(left: ir.Expr, op: str, right: ir.Expr) -> str:
    """None and bools are compared with `is`, other constants never are, as linters want it."""
    sides = [side for side in (left, right) if isinstance(side, ir.Const)]
    if any(side.value is None or isinstance(side.value, bool) for side in sides):
        return {"==": "is", "!=": "is not"}.get(op, op)
    if sides or any(
        isinstance(side, ir.ListExpr | ir.DictExpr) for side in (left, right)
    ):
        return {"is": "==", "is not": "!="}.get(op, op)
    return op
