"""The nodes of a syntax tree: as `ast` gives them, at half the price.

Every block is walked by a dozen passes. What says whether a name is loaded or stored (`ctx`) is
no node here: the same few objects stand in all trees.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`: the node and all below it, those that are less deep first."""
    waiting = deque([node])
    while waiting:
        node = waiting.popleft()
        waiting += children(node)
        yield node


def children(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes`."""
    found: list[ast.AST] = []
    class_ = node.__class__
    names = _FIELDS.get(class_)
    if names is None:
        names = _FIELDS[class_] = _fields(class_)
    for name in names:
        part = getattr(node, name, None)
        if part.__class__ is list:
            found += [each for each in part if isinstance(each, ast.AST)]
        elif isinstance(part, ast.AST):
            found.append(part)
    return found


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


def _fields(class_: type[ast.AST]) -> tuple[str, ...]:
    """Those that may hold nodes."""
    if issubclass(class_, ast.Constant | ast.Name | ast.alias):
        return ()
    return tuple(name for name in class_._fields if name not in _PLAIN)


_PLAIN = frozenset(["ctx", "attr", "type_comment"])
