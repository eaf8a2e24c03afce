"""`Typed`: an IR expression with its type, the currency of this package."""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile import ir
from wfcompile.types import BYTES, UNKNOWN, Type, UnionType


@dataclass(frozen=True, slots=True)
class Typed:
    """Attributes:
    held: what a loop over a view of a map gives, whose own type no one can name.
    """

    expr: ir.Expr
    type: Type
    held: Type = UNKNOWN


POISON = Typed(ir.Const(None), UNKNOWN)
"""What stands for an expression whose error was reported; silences follow-on errors."""


def as_part(typed: Typed) -> ir.Expr:
    """The value as a part of a text; mypy has no bytes in one without being asked to."""
    type_ = typed.type
    members = type_.members if isinstance(type_, UnionType) else (type_,)
    return ir.Call("rt.text", (typed.expr,)) if BYTES in members else typed.expr
