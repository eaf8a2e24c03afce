"""The modules that Python text imports, wherever in it; relative ones by their full name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from wfcompile.expressions.python_nodes import walk


@dataclass(frozen=True, slots=True)
class Imported:
    """`import module`, or `from module import names`; each of `names` may be a module too."""

    module: str
    names: tuple[str, ...] = ()


def imports_of(tree: ast.AST, package: str = "") -> Iterator[Imported]:
    """
    >>> [each.module for each in imports_of(ast.parse("from ..b import c"), "a.x")]
    ['a.b']

    Args:
        package: what a single dot means; without one, relative imports are left out.
    """
    for node in walk(tree):
        if isinstance(node, ast.Import):
            yield from (Imported(each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            if module:
                yield Imported(module, tuple(each.name for each in node.names))


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".") if package else []
    kept = above[: len(above) + 1 - node.level]
    return ".".join([*kept, node.module] if node.module else kept) if kept else ""
