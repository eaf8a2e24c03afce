"""Keys that take a whole number: `max-parallel`, `max-workers`."""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.typed import POISON
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import Node, Scalar
from wfcompile.resolve.misfits import constant_in_words, in_words
from wfcompile.types import INT, STR, is_assignable


@dataclass(frozen=True, slots=True)
class Count:
    """A key that takes a whole number from 1 to `most`, or a template that gives one."""

    key: str
    default: int
    most: int

    def expr(self, node: Node | None, binder: ValueBinder) -> ir.Expr:
        """Adds WF422."""
        if not isinstance(node, Scalar):
            return ir.Const(self.default)
        typed = binder.text(node)
        if typed is POISON:
            return ir.Const(self.default)
        if isinstance(typed.expr, ir.Const):
            return self._constant(typed.expr.value, node, binder.diagnostics)
        if is_assignable(typed.type, INT):
            return typed.expr
        if plain(typed.type) == STR:
            return ir.Convert(INT, typed.expr)
        return self._misfit(in_words(typed.type), node, binder.diagnostics)

    def _constant(
        self, value: ir.Value, node: Scalar, diagnostics: Diagnostics
    ) -> ir.Expr:
        is_number = isinstance(value, str) and value.isascii() and value.isdigit()
        number = int(str(value)) if is_number else value
        if type(number) is int and 1 <= number <= self.most:
            return ir.Const(number)
        return self._misfit(constant_in_words(value), node, diagnostics)

    def _misfit(self, found: str, node: Scalar, diagnostics: Diagnostics) -> ir.Expr:
        diagnostics.error(
            "WF422",
            f'"{self.key}" is {found}, expected a whole number from 1 to {self.most}',
            node.span,
            help="write such a number, or a template that gives one",
        )
        return ir.Const(self.default)


MAX_PARALLEL = Count("max-parallel", default=1, most=9)
MAX_WORKERS = Count("max-workers", default=2, most=19)
