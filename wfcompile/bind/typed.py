"""`Typed`: an IR expression with its type, the currency of this package."""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile import ir
from wfcompile.types import UNKNOWN, Type


@dataclass(frozen=True, slots=True)
class Typed:
    expr: ir.Expr
    type: Type


POISON = Typed(ir.Const(None), UNKNOWN)
"""What stands for an expression whose error was reported; silences follow-on errors."""
