"""The users' sources by import name, and what a dotted name in one of them leads to."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from keyword import iskeyword
from pathlib import Path
from typing import TypeAlias

import griffe

from wfcompile.resolve.modules import SourceError, SourceModule, read_module
from wfcompile.resolve.seen import Seen
from wfcompile.resolve.written import Written, head_of
from wfcompile.source import Span

Node: TypeAlias = "griffe.Class | griffe.Function | griffe.Attribute | griffe.TypeAlias"
_NODES = (griffe.Class, griffe.Function, griffe.Attribute, griffe.TypeAlias)

_DEPTH = 64
"""So many imports of imports are followed; more is a circle."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a name stands: a module, and the class whose body it is in."""

    module: SourceModule
    owner: griffe.Class | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A class, function or assignment of a module; `name` has dots inside a class."""

    module: SourceModule
    name: str
    node: Node

    @property
    def path(self) -> str:
        return f"{self.module.name}.{self.name}"

    @property
    def place(self) -> Span:
        return self.module.line(self.node.lineno)


Meaning: TypeAlias = "Definition | str | None"
"""A definition of the users' sources, the import path of something else, or nothing."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The modules below some folders, in the order in which Python would look for them."""

    folders: tuple[Path, ...]
    seen: Seen = field(default_factory=Seen)
    _read: dict[str, SourceModule | SourceError | None] = field(default_factory=dict)

    def module(self, name: str) -> SourceModule | None:
        """None when there is no such file; each file is read once.

        Raises:
            SourceError: the file cannot be read as Python.
        """
        if name not in self._read:
            self._read[name] = self._load(name)
        found = self._read[name]
        if isinstance(found, SourceError):
            raise found
        return found

    def _load(self, name: str) -> SourceModule | SourceError | None:
        found = self._file(name)
        if found is None:
            return None
        try:
            return read_module(name, *found)
        except SourceError as error:
            return error

    def has(self, name: str) -> bool:
        """Whether there is such a file; it is not read."""
        return self._file(name) is not None

    def _file(self, name: str) -> tuple[Path, Path] | None:
        """The folder, and the file below it."""
        parts = name.split(".")
        if not all(part.isidentifier() and not iskeyword(part) for part in parts):
            return None
        for folder in self.folders:
            stem = folder.joinpath(*parts)
            for path in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")):
                if self.seen.is_file(path):
                    return folder, path
        return None

    def readable(self, name: str) -> SourceModule | None:
        """As `module`; what cannot be read counts as not there."""
        try:
            return self.module(name)
        except SourceError:
            return None

    def resolve(self, dotted: str, scope: Scope) -> Meaning:
        """What a name means in its scope.

        The fields of a class are left out: in `date: date` the type is the one outside.
        """
        names, module, owner = dotted.split("."), scope.module, scope.owner
        if owner is not None and isinstance(owner.members.get(names[0]), griffe.Class):
            inside = owner.path.removeprefix(f"{module.name}.").split(".")
            return self._member(module, [*inside, *names], _DEPTH)
        found = self._member(module, names, _DEPTH)
        if found is None and hasattr(builtins, names[0]):
            return f"builtins.{dotted}"
        return found

    def name_of(self, written: Written, scope: Scope) -> str:
        """The own name of what is called or has brackets, however it was imported.

        `Field` of `pydantic.Field(...)` and of `F[...]` after `import Field as F`.
        """
        head = head_of(written)
        meaning = self.resolve(head, scope) if written is not None else None
        path = meaning if isinstance(meaning, str) else head
        return path.rpartition(".")[2]

    def follow(self, path: str, depth: int = _DEPTH) -> Meaning:
        """What an import path leads to, through imports of imports."""
        names = path.split(".")
        for count in range(1, len(names) + 1):
            # a folder without __init__.py is no module, what is below it may be one
            module = self.readable(".".join(names[:count]))
            if module is not None:
                return self._member(module, names[count:], depth) or path
        return path

    def _member(self, module: SourceModule, names: list[str], depth: int) -> Meaning:
        """What is reached from a module by its attributes, as Python would reach it."""
        if not names:
            return module.name
        node = module.tree.members.get(names[0])
        if node is None:
            return self._elsewhere(module, names, depth)
        if isinstance(node, griffe.Alias):
            path = ".".join([node.target_path, *names[1:]])
            return self.follow(path, depth - 1) if depth else None
        for name in names[1:]:
            node = node.members.get(name) if isinstance(node, griffe.Class) else None
        if isinstance(node, _NODES):
            return Definition(module, ".".join(names), node)
        return None

    def _elsewhere(self, module: SourceModule, names: list[str], depth: int) -> Meaning:
        """In a module that is imported with a star, or a module below this one."""
        for star in module.stars():
            source = self.readable(star)
            if source is not None and depth and not names[0].startswith("_"):
                found = self._member(source, names, depth - 1)
                if found is not None:
                    return found
        below = self.readable(f"{module.name}.{names[0]}")
        return None if below is None else self._member(below, names[1:], depth)
