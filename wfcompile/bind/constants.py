"""What is known of constants in an expression: their own types, and what two of them compare as."""

from __future__ import annotations

from operator import ge, gt, le, lt

from wfcompile import ir
from wfcompile.bind.typed import Typed
from wfcompile.expressions import nodes
from wfcompile.types import BOOL, LiteralType, Type, type_of_value


def exact_type(typed: Typed) -> Type:
    """A whole number as itself, so that `level == 5` can be told from the choices."""
    value = typed.expr.value if isinstance(typed.expr, ir.Const) else None
    return LiteralType((value,)) if type(value) is int else typed.type


def literal_type(value: nodes.Constant) -> Type:
    """A text constant keeps its value, so that `mode == "fulll"` can be told from the choices."""
    return LiteralType((value,)) if isinstance(value, str) else type_of_value(value)


_ORDERS = {"<": lt, "<=": le, ">": gt, ">=": ge}


def constant_comparison(tree: nodes.Comparison) -> Typed | None:
    """`1 == 2`: mypy and linters refuse it, so what it says is printed."""
    (op, operand), *others = tree.rest
    match _literal(tree.left), _literal(operand):
        case _ if others:
            return None
        case nodes.Literal(left), nodes.Literal(right) if op in ("==", "!="):
            return Typed(ir.Const((left == right) is (op == "==")), BOOL)
        case (
            nodes.Literal(int() | float() as left),
            nodes.Literal(int() | float() as right),
        ) if (
            op in _ORDERS
        ):
            return Typed(ir.Const(_ORDERS[op](left, right)), BOOL)
    return None


def _literal(tree: nodes.Expression) -> nodes.Literal | None:
    """Itself, or that of a number with a sign."""
    match tree:
        case nodes.Literal():
            return tree
        case nodes.Unary("-", nodes.Literal(int() | float() as number), start, end):
            return nodes.Literal(-number, start, end)
    return None
