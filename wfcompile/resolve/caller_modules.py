"""The modules of the users with the callers in them: what `callers.py` looks up.

Nothing is reported here; each module is read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import griffe

from wfcompile.resolve.annotations import TypeReader
from wfcompile.resolve.modules import SourceModule
from wfcompile.resolve.signatures import Marked, marked_functions, text_argument
from wfcompile.resolve.sources import Sources
from wfcompile.resolve.written import UNCLEAR

MARK = "tag"
DEFAULT_TAG = "latest"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A caller of a module by the names of its mark."""

    name: str
    tag: str
    marked: Marked

    @property
    def key(self) -> str:
        return f"{self.name}@{self.tag}"


@dataclass(frozen=True, slots=True, eq=False)
class CallerModule:
    """Attributes:
    entries: the callers by name and tag, of two with the same the first.
    doubles: each later one of two with the same, behind the first.
    unclear: functions whose mark cannot be read without running it.
    """

    source: SourceModule
    entries: dict[tuple[str, str], Entry]
    doubles: tuple[tuple[Entry, Entry], ...]
    unclear: tuple[Marked, ...]

    def has_function(self, name: str) -> bool:
        return isinstance(self.source.tree.members.get(name), griffe.Function)


@dataclass(slots=True)
class Catalog:
    """The callers of some sources, and the types that they name."""

    sources: Sources
    types: TypeReader = field(init=False)
    _modules: dict[str, CallerModule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.types = TypeReader(self.sources)

    def module(self, name: str) -> CallerModule | None:
        """
        Raises:
            SourceError: the file is there and cannot be read as Python.
        """
        if name not in self._modules:
            source = self.sources.module(name)
            if source is None:
                return None
            self._modules[name] = _caller_module(source, self.sources)
        return self._modules[name]


def _caller_module(source: SourceModule, sources: Sources) -> CallerModule:
    entries: dict[tuple[str, str], Entry] = {}
    doubles: list[tuple[Entry, Entry]] = []
    unclear: list[Marked] = []
    for marked in marked_functions(source, MARK, sources):
        entry = _entry(marked, sources)
        if entry is None:
            unclear.append(marked)
            continue
        first = entries.setdefault((entry.name, entry.tag), entry)
        if first.marked.function is not marked.function:
            doubles.append((first, entry))
    return CallerModule(source, entries, tuple(doubles), tuple(unclear))


def _entry(marked: Marked, sources: Sources) -> Entry | None:
    tag = text_argument(marked, "name", 0, sources)
    alias = text_argument(marked, "alias", 1, sources)
    if tag is UNCLEAR or alias is UNCLEAR:
        return None
    name = alias or marked.function.name.replace("_", "-")
    return Entry(str(name), str(tag or DEFAULT_TAG), marked)


def modules_with_marks(folder: Path) -> Iterator[str]:
    """The modules in a folder whose text may hold a caller, by name."""
    for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*/__init__.py")):
        name = path.parent.name if path.stem == "__init__" else path.stem
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if f"{MARK}(" in text and name.isidentifier():
            yield name
