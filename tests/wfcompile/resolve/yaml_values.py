"""YAML text -> bound values, without the expression language: `$name` stands for a typed value."""

from __future__ import annotations

from collections.abc import Mapping

from wfcompile import ir
from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import MappingNode, Node, Scalar
from wfcompile.reader import read
from wfcompile.resolve.bound import Bound, BoundEntry
from wfcompile.source import SourceFile
from wfcompile.types import STR, ListType, MapType, Type, type_of_value, union

Types = Mapping[str, Type]


def mapping_of(text: str) -> MappingNode:
    diagnostics = Diagnostics()
    node = read(SourceFile("x.yml", text), diagnostics)
    assert isinstance(node, MappingNode), [each.message for each in diagnostics]
    return node


def entries_of(node: Node | None, types: Types) -> tuple[BoundEntry, ...]:
    if not isinstance(node, MappingNode):
        return ()
    return tuple(
        BoundEntry(entry.key.text, entry.key.span, bound(entry.value, types))
        for entry in node
    )


def bound(node: Node, types: Types) -> Bound:
    if isinstance(node, Scalar):
        if node.text.startswith("$"):
            return Bound(ir.Param(node.text[1:]), types[node.text[1:]], node.span)
        constant = ir.Const(node.value)  # type: ignore[arg-type]
        return Bound(constant, type_of_value(node.value), node.span)
    if isinstance(node, MappingNode):
        entries = entries_of(node, types)
        pairs = tuple((ir.Const(each.key), each.value.expr) for each in entries)
        type_: Type = MapType(STR, union(each.value.type for each in entries))
        return Bound(ir.DictExpr(pairs), type_, node.span, entries=entries)
    items = tuple(bound(item, types) for item in node.items)
    type_ = ListType(union(item.type for item in items))
    values = [item.expr.value for item in items if isinstance(item.expr, ir.Const)]
    expr: ir.Expr = ir.ListExpr(tuple(item.expr for item in items))
    if len(values) == len(items):
        expr = ir.Const(list(values))
    return Bound(expr, type_, node.span, items=items)
