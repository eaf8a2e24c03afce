"""What is in the dicts and lists of a block that nothing changes behind their making.

A dict that is written out has the keys that stand there, a list that is filled by `append` the
items that were put in: as long as the name is only looked at, in ways that are known.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence

from wfcompile.expressions.python_nodes import children, walk
from wfcompile.expressions.python_typer import Typer, is_starred
from wfcompile.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    STR,
    UNKNOWN,
    Field,
    ListType,
    RecordType,
    Type,
    map_of,
    without_fields,
)

_ITEMS = (STR, INT, FLOAT, BOOL, BYTES)
_LOOKING = ("len", "print", "str", "repr")
_READING = (*_LOOKING, "sorted", "sum", "max", "min", "set", "any", "all", "list")
_SEEING_ALL = frozenset(("locals", "vars", "exec", "eval"))


def contents(
    body: Sequence[ast.stmt], typer: Typer, types: Mapping[str, Type]
) -> dict[str, Type]:
    """More exact types for some of the names.

    Args:
        types: of the names of the block, so far.
    """
    nodes = [node for statement in body for node in walk(statement)]
    called = {node.id for node in nodes if isinstance(node, ast.Name)}
    if called & _SEEING_ALL:
        return {}
    stores = Counter(
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    uses = _Uses(nodes)
    found: dict[str, Type] = {}
    for node in nodes:
        match node:
            case ast.Assign([ast.Name(name)], value) if stores[name] == 1:
                type_ = _content(name, value, uses, typer)
                if type_ is not None and _is_finer(type_, types.get(name, UNKNOWN)):
                    found[name] = type_
    return found


def _is_finer(type_: Type, before: Type) -> bool:
    """Whether the module would spell it as before, or as a list of known items."""
    is_filled = isinstance(type_, ListType) and type_.item in _ITEMS
    return without_fields(type_) == before or (
        is_filled and before == ListType(UNKNOWN)
    )


def _content(name: str, value: ast.expr, uses: _Uses, typer: Typer) -> Type | None:
    if isinstance(value, ast.List) and not value.elts:
        return _filled(uses.of(name), typer)
    is_read_only = all(_is_look(use, _LOOKING) for use in uses.of(name))
    return display_type(value, typer) if is_read_only else None


# --- what is written out ---


def display_type(node: ast.expr, typer: Typer) -> Type:
    match node:
        case ast.Dict(keys, values) if _texts(keys) and _is_mixed(values, typer):
            names = [str(key.value) for key in keys if isinstance(key, ast.Constant)]
            types = [display_type(value, typer) for value in values]
            fields = dict(zip(names, types, strict=True))
            return map_of(Field(name, type_) for name, type_ in fields.items())
        case ast.List([_, *_] as items) if not is_starred(*items):
            return _list_of([display_type(item, typer) for item in items], node, typer)
        case ast.ListComp(item, generators):
            inside = display_type(item, typer.inside(generators))
            return _list_of([inside], node, typer)
    return typer.of(node)


def _texts(keys: Sequence[ast.expr | None]) -> bool:
    return bool(keys) and all(
        isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys
    )


def _is_mixed(values: Sequence[ast.expr], typer: Typer) -> bool:
    """Values of one type make a `dict` of that type, which says more to a type checker."""
    types = [typer.of(value) for value in values]
    return UNKNOWN in types or any(type_ != types[0] for type_ in types)


def _list_of(items: Sequence[Type], node: ast.expr, typer: Typer) -> Type:
    records = [item for item in items if isinstance(item, RecordType) and item.is_map]
    keys = [each.key for each in records[0].fields] if records else []
    same = all([f.key for f in record.fields] == keys for record in records)
    if not keys or len(records) < len(items) or not same:
        return typer.of(node)
    columns = zip(*(record.fields for record in records), strict=True)
    return ListType(map_of(map(_column, columns)))


def _column(fields: Sequence[Field]) -> Field:
    first = fields[0]
    is_one = all(each.type == first.type for each in fields)
    return Field(first.name, first.type if is_one else UNKNOWN)


# --- what is filled ---


def _filled(uses: Sequence[_Use], typer: Typer) -> Type | None:
    """A list of what is appended, when that is of one plain type and nothing else happens."""
    items = [value for use in uses if (value := _appended(use)) is not None]
    others = [use for use in uses if _appended(use) is None]
    types = {typer.of(item) for item in items}
    if len(types) != 1 or not all(_is_look(use, _READING) for use in others):
        return None
    (type_,) = types
    return ListType(type_) if type_ in _ITEMS else None


def _appended(use: _Use) -> ast.expr | None:
    match use:
        case (ast.Attribute(attr="append") as method, ast.Call(func, [value], [])) if (
            func is method
        ):
            return value
    return None


# --- how a name is used ---

_Use = tuple["ast.AST | None", "ast.AST | None"]
"""The node around a name, and the one around that."""


class _Uses:
    """Every place where a name is read."""

    def __init__(self, nodes: Sequence[ast.AST]) -> None:
        around: dict[int, ast.AST] = {
            id(child): node for node in nodes for child in children(node)
        }
        self._uses: dict[str, list[_Use]] = {}
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                parent = around.get(id(node))
                above = around.get(id(parent)) if parent is not None else None
                self._uses.setdefault(node.id, []).append((parent, above))

    def of(self, name: str) -> list[_Use]:
        return self._uses.get(name, [])


def _is_look(use: _Use, functions: Sequence[str]) -> bool:
    """Whether nothing can be changed by it; of a list of plain values its items neither."""
    match use:
        case (ast.FormattedValue() | ast.Compare(), _):
            return True
        case (ast.Call(ast.Name(name)), _) if name in functions:
            return True
        case (ast.Call(ast.Attribute(ast.Name("json"), "dumps")), _):
            return True
        case (ast.Call(ast.Attribute(ast.Constant(), "join")), _):
            return functions is _READING
        case (ast.For() | ast.comprehension() | ast.If(), _):
            return functions is _READING
        case (ast.Subscript(ctx=ast.Load()), _):
            return functions is _READING
    return False
