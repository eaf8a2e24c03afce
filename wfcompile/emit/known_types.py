"""Whether mypy sees `Any` in an expression: what declares another type must not return that.

Sure in one direction only: what is not understood counts as `Any`. The types themselves were
checked long before; this is about what the printed source shows of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wfcompile import ir
from wfcompile.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    Primitive,
    RecordType,
    Type,
    UnionType,
    type_of_value,
    union,
    without_fields,
    without_none,
)

_FUNCTIONS = {"len": INT, "int": INT, "str": STR, "rt.text": STR, "float": FLOAT}
_TESTS = ("bool", "any", "all")
_TEXT_FILTERS = ("str", "fmt", "upper", "lower", "title", "rstr")
_CONTEXT = {"loop": INT, "retry": INT, "branch": STR}
_ALWAYS_BOOL = ("in", "not in", "is", "is not")


@dataclass(frozen=True, slots=True)
class KnownTypes:
    """What the module declares: fields of `Params`, keys of matrices, returns of functions."""

    params: Mapping[str, Type] = field(default_factory=dict)
    matrices: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    returns: Mapping[str, Type] = field(default_factory=dict)

    def may_be_any(self, expr: ir.Expr, context: ir.ContextType) -> bool:
        return without_fields(self._type(expr, context)) == UNKNOWN

    def _type(self, expr: ir.Expr, context: ir.ContextType) -> Type:
        match expr:
            case ir.Const(value):
                return type_of_value(value)
            case ir.Join() | ir.Env():
                return STR
            case ir.Param(attribute):
                return self.params.get(attribute, UNKNOWN)
            case ir.MatrixValue(key):
                return self._matrix_value(key, context)
            case ir.Method(ir.ContextValue("matrix"), "get", (ir.Const(str(key)),)):
                return union((self._matrix_value(key, context), NONE))
            case ir.ContextValue("item"):
                return context.item or UNKNOWN
            case ir.ContextValue(name):
                return _CONTEXT.get(name, UNKNOWN)
            case ir.Outputs(function):
                return self.returns.get(function, UNKNOWN)
            case ir.Convert(type_):
                return type_
            case ir.ListExpr(items):
                return ListType(self._same([*items], context))
            case ir.DictExpr(items):
                return MapType(STR, self._same([v for _, v in items], context))
            case ir.Index(value, key):
                return _element(self._type(value, context), key)
            case ir.Call(function) if function in _TESTS:
                return BOOL
            case ir.Call("rt.not_none", (value, _)):
                return without_none(self._type(value, context))
            case ir.Call("min" | "max", args) if len(args) > 1:
                return self._same([*args], context)
            case ir.Call("sorted" | "list"):
                return ListType(UNKNOWN)
            case ir.Call(function):
                return _FUNCTIONS.get(function, UNKNOWN)
            case ir.Filter(None, function) if function in _TEXT_FILTERS:
                return STR
            case ir.Method(receiver) | ir.Attribute(receiver):
                return _part(self._type(receiver, context))
        return self._operation(expr, context)

    def _matrix_value(self, key: str, context: ir.ContextType) -> Type:
        return self.matrices.get(context.matrix or "", {}).get(key, UNKNOWN)

    def _operation(self, expr: ir.Expr, context: ir.ContextType) -> Type:
        match expr:
            case ir.Unary("not"):
                return BOOL
            case ir.Unary(_, operand):
                return self._type(operand, context)
            case ir.Comparison(left, rest):
                compared = [right for op, right in rest if op not in _ALWAYS_BOOL]
                sides = [left, *compared] if compared else []
                unclear = any(self._type(each, context) == UNKNOWN for each in sides)
                return UNKNOWN if unclear else BOOL
            case ir.Binary(_, left, right):
                return self._same([left, right], context)
            case ir.Logic(_, operands):
                return self._same([*operands], context)
            case ir.Conditional(_, then, otherwise):
                return self._same([then, otherwise], context)
        return UNKNOWN

    def _same(self, exprs: list[ir.Expr], context: ir.ContextType) -> Type:
        """Not `Any` when none of the operands is; which type exactly is no matter here."""
        found = [self._type(expr, context) for expr in exprs]
        return UNKNOWN if UNKNOWN in found or not found else found[0]


def _element(type_: Type, key: ir.Expr) -> Type:
    match type_:
        case ListType(item) | MapType(_, item):
            return item
        case RecordType() if isinstance(key, ir.Const) and not type_.is_map:
            named = type_.field(str(key.value))
            return named.type if named else UNKNOWN
    return STR if type_ == STR else UNKNOWN


def _part(type_: Type) -> Type:
    """A method or attribute: those of plain values are typed, those of containers may not be."""
    match type_:
        case Primitive() | LiteralType():
            return type_
        case UnionType(members) if all(isinstance(each, Primitive) for each in members):
            return type_
    return UNKNOWN
