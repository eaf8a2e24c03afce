"""Imports of modules and names that the standard library nearly has: two letters swapped, or one
left out. Whether a module of that name is there all the same is not looked at.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from wfcompile.expressions.python_nodes import walk
from wfcompile.expressions.standard_names import MODULES, standard_module

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class ImportSlip:
    """Attributes:
    node: the statement it is in.
    module: the top-level module that is imported.
    written, meant: a name as it is, and as the library has it; each the module's or one in it.
    """

    node: ast.Import | ast.ImportFrom
    module: str
    written: str
    meant: str


def import_slips(tree: ast.AST) -> Iterator[ImportSlip]:
    """
    >>> [each.meant for each in import_slips(ast.parse("import jsno\\nfrom math import flor"))]
    ['json', 'floor']
    """
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield from _of_module(node, each.name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _of_module(node, node.module)
            for each in node.names if node.module in MODULES else ():
                yield from _of_name(node, node.module, each.name)


def _of_module(node: ast.Import | ast.ImportFrom, path: str) -> Iterator[ImportSlip]:
    top = path.partition(".")[0]
    known = sys.stdlib_module_names
    meant = None if top in known else _meant(top, known)
    if meant is not None:
        yield ImportSlip(node, top, top, meant)


def _of_name(node: ast.ImportFrom, module: str, name: str) -> Iterator[ImportSlip]:
    loaded = standard_module(module)
    if name == "*" or hasattr(loaded, name):
        return
    if hasattr(loaded, "__path__") and find_spec(f"{module}.{name}"):
        return
    meant = _meant(name, dir(loaded))
    if meant is not None:
        yield ImportSlip(node, module.partition(".")[0], name, meant)


def _meant(written: str, names: Iterable[str]) -> str | None:
    """The only name that is nearly the one written; a longer one may be of a later Python."""
    if len(written) < _SHORTEST:
        return None
    near = [each for each in names if each[:1] != "_" and _is_near(written, each)]
    return near[0] if len(near) == 1 else None


def _is_near(written: str, name: str) -> bool:
    """
    >>> _is_near("maht", "math"), _is_near("flor", "floor"), _is_near("floors", "floor")
    (True, True, False)
    """
    pairs = zip(written, name, strict=False)
    at = next((i for i, (left, right) in enumerate(pairs) if left != right), -1)
    if len(name) == len(written) + 1:
        at = len(written) if at < 0 else at
        return written == name[:at] + name[at + 1 :]
    swapped = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    return at >= 0 and len(name) == len(written) and written == swapped
