"""Which of the users' modules an emitted module needs: those it imports, and what these import.

Their sources are read, also inside functions; nothing is imported. Modules that are not below the
roots of callers are left out: they must be installed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wfcompile.expressions.python_imports import Imported, imports_of
from wfcompile.resolve.modules import SourceModule
from wfcompile.resolve.sources import Sources

_OURS = "wfruntime"


@dataclass(frozen=True, slots=True)
class ImportGraph:
    """What imports what, each module read once."""

    sources: Sources
    _direct: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def reach(self, names: Iterable[str]) -> list[SourceModule]:
        """The users' modules among these and those that they import, directly or not.

        The packages around a module count too: Python runs them first.
        """
        reached: dict[str, SourceModule] = {}
        waiting = [each for name in names for each in _with_packages(name)]
        while waiting:
            name = waiting.pop()
            module = None if name in reached else self.sources.readable(name)
            if module is not None:
                reached[name] = module
                waiting += self._imported(module)
        return [reached[name] for name in sorted(reached)]

    def tops(self, module: SourceModule) -> set[str]:
        """The top-level names of all that a module imports, and of its own."""
        names = (module.name, *self._imported(module))
        return {name.partition(".")[0] for name in names}

    def is_known(self, imported: Imported) -> bool:
        """Whether mypy finds the module without anything installed."""
        top = imported.module.partition(".")[0]
        if top in sys.stdlib_module_names or top == _OURS:
            return True
        return self.sources.readable(imported.module) is not None

    def _imported(self, module: SourceModule) -> tuple[str, ...]:
        if module.name not in self._direct:
            self._direct[module.name] = tuple(_names(module))
        return self._direct[module.name]


def _names(module: SourceModule) -> Iterator[str]:
    is_package = module.file.path.endswith("/__init__.py")
    package = module.name if is_package else module.name.rpartition(".")[0]
    for each in imports_of(ast.parse(module.file.text), package):
        yield from names_of(each)


def names_of(imported: Imported) -> Iterator[str]:
    """Every module that an import may lead to."""
    yield from _with_packages(imported.module)
    yield from (f"{imported.module}.{name}" for name in imported.names)


def _with_packages(name: str) -> list[str]:
    """
    >>> _with_packages("a.b.c")
    ['a', 'a.b', 'a.b.c']
    """
    parts = name.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]
