"""Caller modules that import a module of their own name: they mean one that is installed.

The folder of the callers comes first on the path of a run, so `import requests` in a `requests.py`
there gives the file itself, for every module of the run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.modules import SourceModule


def report_own_imports(
    needed: Mapping[str, SourceModule], diagnostics: Diagnostics
) -> None:
    """Adds WF549, at the first such import of a module.

    Args:
        needed: top-level name -> a module that is it, or imports it.
    """
    for name, module in sorted(needed.items()):
        is_file = module.name == name and not module.file.path.endswith("__init__.py")
        may_be = is_file and re.search(rf"(?:import|from)\s.*{name}", module.file.text)
        line = next(_own_imports(module), None) if may_be else None
        if line is not None:
            diagnostics.warning(
                "WF549",
                f'caller module "{name}" imports "{name}", which is the file itself: '
                "it hides an installed module of that name",
                module.line(line),
                help=f'rename the file, such as to "{name}_callers.py"',
            )


def _own_imports(module: SourceModule) -> Iterator[int]:
    """The lines of those that are done when the module is imported."""
    for node in _statements(ast.parse(module.file.text)):
        match node:
            case ast.Import(names=names):
                tops = [each.name.partition(".")[0] for each in names]
            case ast.ImportFrom(module=str(source), level=0):
                tops = [source.partition(".")[0]]
            case _:
                continue
        if module.name in tops:
            yield node.lineno


def _statements(module: ast.Module) -> Iterator[ast.stmt]:
    """Those of the module itself, and of its `try`."""
    for node in module.body:
        yield node
        if isinstance(node, ast.Try):
            yield from node.body
