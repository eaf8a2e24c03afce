"""`uses` with templates: the modules whose callers may be meant, by their names alone.

A template stands for text inside one part of `module/function@tag`; in a module path it stands
for a part between dots. So only the folders that are named are looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wfcompile.resolve.caller_modules import modules_with_marks
from wfcompile.resolve.seen import Seen

ANY = "\0"
"""Stands for a template; no YAML text holds it."""

FORM = re.compile(r"([^/@]+)/([^@]+)@(.+)", re.DOTALL)
"""module / function @ tag."""


@dataclass(frozen=True, slots=True)
class UsesPattern:
    """`path`, `name`, `tag` with `ANY` in the place of templates."""

    path: str
    name: str
    tag: str

    @property
    def has_fixed_path(self) -> bool:
        return ANY not in self.path


def uses_pattern(parts: Sequence[str | None]) -> UsesPattern | None:
    """None when the text beside the templates has not the form."""
    found = FORM.fullmatch("".join(ANY if part is None else part for part in parts))
    return None if found is None else UsesPattern(found[1], found[2], found[3])


def module_paths(folder: Path, path: str, seen: Seen) -> Iterator[str]:
    """The modules below a folder that a path with templates may mean, as `uses` calls them."""
    head, _, rest = path.partition(".")
    if ANY in head:
        seen.look_into(folder)
    if not rest:
        names = [head] if ANY not in head else modules_with_marks(folder)
        yield from _matching(head, names)
        return
    for name in _matching(head, [head] if ANY not in head else _folders(folder)):
        for below in module_paths(folder / name, rest, seen):
            yield f"{name}.{below}"


def _matching(pattern: str, names: Sequence[str] | Iterator[str]) -> Iterator[str]:
    expression = re.compile(re.escape(pattern).replace(re.escape(ANY), ".*"))
    return (name for name in names if expression.fullmatch(name))


def _folders(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(
        each.name
        for each in folder.iterdir()
        if each.name.isidentifier() and each.is_dir()
    )
