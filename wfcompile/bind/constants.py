"""What is known of constants in an expression: their own types, and what two of them compare as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

from wfcompile import ir
from wfcompile.bind.operators import can_equal, members
from wfcompile.bind.typed import Typed
from wfcompile.expressions import nodes
from wfcompile.types import BOOL, NONE, LiteralType, Type, type_of_value


def exact_type(typed: Typed) -> Type:
    """A whole number as itself, so that `level == 5` can be told from the choices."""
    value = typed.expr.value if isinstance(typed.expr, ir.Const) else None
    return LiteralType((value,)) if type(value) is int else typed.type


def literal_type(value: nodes.Constant) -> Type:
    """A text constant keeps its value, so that `mode == "fulll"` can be told from the choices."""
    return LiteralType((value,)) if isinstance(value, str) else type_of_value(value)


def can_be_same(left: Typed, right: Typed) -> bool:
    """Whether `is` can hold: with None, and with a constant that is compared by its value."""
    if any(isinstance(side.expr, ir.ListExpr | ir.DictExpr) for side in (left, right)):
        return False
    sides = [side for side in (left, right) if isinstance(side.expr, ir.Const)]
    if any(side.expr == ir.Const(None) for side in sides):
        return True
    return bool(sides) and can_equal(exact_type(left), exact_type(right))


def as_number(op: str, value: Typed, other: Typed) -> Typed:
    """`count == True` says `count == 1`: the one is written with `is`, for true values alone."""
    is_bool = isinstance(value.expr, ir.Const) and isinstance(value.expr.value, bool)
    if op in ("==", "!=") and is_bool and set(members(other.type)) - {BOOL, NONE}:
        assert isinstance(value.expr, ir.Const)
        return Typed(ir.Const(int(bool(value.expr.value))), value.type)
    return value


def has_place(value: ir.Expr, key: ir.Expr) -> bool:
    """False of `{}["a"]` and `[1][7]`."""
    if isinstance(value, ir.DictExpr):
        return bool(value.items)
    if isinstance(value, ir.ListExpr):
        count, at = len(value.items), key.value if isinstance(key, ir.Const) else None
        return count > 0 and (not isinstance(at, int) or -count <= at < count)
    return True


_ORDERS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_OF_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    **_ORDERS,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}


def constant_comparison(tree: nodes.Comparison) -> Typed | None:
    """`1 == 2`: mypy and linters refuse it, so what it says is printed."""
    (op, operand), *others = tree.rest
    match _literal(tree.left), _literal(operand):
        case _ if others:
            return None
        case nodes.Literal(left), nodes.Literal(right) if op in ("==", "!="):
            return Typed(ir.Const((left == right) is (op == "==")), BOOL)
        case nodes.Literal(left), nodes.Literal(right) if op in ("is", "is not"):
            is_same = type(left) is type(right) and left == right
            return Typed(ir.Const(is_same is (op == "is")), BOOL)
        case nodes.Literal(str() as left), nodes.Literal(str() as right):
            return Typed(ir.Const(_OF_TEXTS[op](left, right)), BOOL)
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
