"""`Bound`: a YAML value that became an expression, with the places of its parts."""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile import ir
from wfcompile.source import Span
from wfcompile.types import Type


@dataclass(frozen=True, slots=True)
class Bound:
    """A value; `items` are those of a list, `entries` those of a mapping that the YAML writes."""

    expr: ir.Expr
    type: Type
    span: Span
    items: tuple[Bound, ...] = ()
    entries: tuple[BoundEntry, ...] = ()

    @property
    def is_list(self) -> bool:
        return bool(self.items) or self.expr == ir.Const([])

    @property
    def is_map(self) -> bool:
        return bool(self.entries) or self.expr == ir.DictExpr(())


@dataclass(frozen=True, slots=True)
class BoundEntry:
    key: str
    key_span: Span
    value: Bound
