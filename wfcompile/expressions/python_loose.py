"""Names of a block that mypy accepts only with a declaration.

A block is written without types in mind: a name is bound to a text here and to a number there, a
dict of numbers gets a text. Such names are declared `Any` at the head of the emitted function.
Asking for a declaration too many costs a line, one too few a finding of mypy in emitted code.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from wfcompile.expressions.known_names import NO_NAMES, KnownNames
from wfcompile.expressions.python_nodes import walk
from wfcompile.expressions.python_scopes import own_nodes
from wfcompile.expressions.python_typer import Typer
from wfcompile.expressions.python_types import Bindings
from wfcompile.types import UNKNOWN, ListType, MapType, Type

_GROWING = frozenset(("extend", "insert", "update", "setdefault"))


def loose_names(
    body: Sequence[ast.stmt],
    known: Mapping[str, Type],
    types: Mapping[str, Type],
    names: KnownNames = NO_NAMES,
) -> frozenset[str]:
    """Names that are bound or changed in ways that are not known to agree.

    `known`: types of placeholders and of names that have a value before the block; `types`: of
    the names that the block binds.
    """
    bindings = Bindings()
    bindings.collect(body)
    typer = bindings.typer({**known, **types}, frozenset(types), names)
    counts = dict.fromkeys(known, 1)
    for name, _ in bindings.found:
        counts[name] = counts.get(name, 0) + 1
    loose = {
        name for name in types if types[name] == UNKNOWN and counts.get(name, 0) > 1
    }
    nodes = [node for statement in body for node in walk(statement)]
    loose -= {node.name for node in nodes if isinstance(node, ast.ExceptHandler)}
    for node in nodes:
        loose.update(_changed(node, typer))
    empty = {name for node in nodes for name in _emptied(node)}
    added = _added(body, typer)
    loose |= {name for name in empty if not _is_settled(added.get(name, ()))}
    loose |= empty & _read_early(body)
    return frozenset(loose & types.keys() - bindings.declared.keys())


def _emptied(node: ast.AST) -> list[str]:
    """Names that are bound to an empty display."""
    match node:
        case ast.Assign(targets, ast.List([]) | ast.Dict([])):
            pass
        case ast.Assign(targets, ast.Call(ast.Name("list" | "dict" | "set"), [], [])):
            pass
        case _:
            return []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _is_settled(added: Sequence[Type]) -> bool:
    """mypy learns the items' type from the first one that is put in."""
    return len(added) == 1 or (
        len(added) > 1 and added[0] != UNKNOWN and all(t == added[0] for t in added)
    )


def _read_early(body: Sequence[ast.stmt]) -> set[str]:
    """Names that are read before the first item is put in, or by what that item is made of.

    mypy does not know yet of which type the items are.
    """
    early: set[str] = set()
    filled: set[str] = set()
    for node in own_nodes(body):
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), "append" | "add"), [value]):
                read = _reads(value)
            case ast.Assign([ast.Subscript(ast.Name(name))], value):
                read = _reads(value)
            case ast.Name(name, ast.Load()):
                read = {name}
            case _:
                continue
        early |= read - filled
        # what follows are the parts of this node
        filled.add(name)
    return early


def _reads(value: ast.expr) -> set[str]:
    return {each.id for each in walk(value) if isinstance(each, ast.Name)}


def _added(body: Sequence[ast.stmt], typer: Typer) -> dict[str, list[Type]]:
    """Name of a container -> the types of what is put into it, in source order."""
    added: dict[str, list[Type]] = {}
    for node in own_nodes(body):
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), "append" | "add"), [value]):
                added.setdefault(name, []).append(typer.of(value))
            case ast.Assign([ast.Subscript(ast.Name(name))], value):
                added.setdefault(name, []).append(typer.of(value))
    return added


def _changed(node: ast.AST, typer: Typer) -> list[str]:
    """The container that `node` changes in place by something of another type."""
    match node:
        case ast.Assign([ast.Subscript(ast.Name(name))], value):
            pass
        case ast.AugAssign(ast.Subscript(ast.Name(name)), _, value):
            pass
        case ast.Call(ast.Attribute(ast.Name(name), "append"), [value]):
            pass
        case ast.Call(ast.Attribute(ast.Name(name), method)) if method in _GROWING:
            is_container = isinstance(typer.names.get(name), ListType | MapType)
            return [name] if is_container else []
        case _:
            return []
    match typer.names.get(name):
        case ListType(item) | MapType(_, item):
            return [name] if item not in (UNKNOWN, typer.of(value)) else []
    return []
