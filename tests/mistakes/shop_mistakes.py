"""The mistakes of `shop/mistakes.txt`, each alone in a copy of the project beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.settings import find_settings

SHOP = Path(__file__).parent / "shop"
TABLE = SHOP / "mistakes.txt"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Attributes:
    file: below `conf`.
    old, new: the first `old` in it is replaced.
    told: `file:line code` of all that is told.
    """

    name: str
    file: str
    old: str
    new: str
    told: tuple[str, ...]


def head() -> str:
    return TABLE.read_text(encoding="utf-8").partition("\n\n")[0]


def mistakes() -> Iterator[Mistake]:
    _, *parts = TABLE.read_text(encoding="utf-8").split("\n# ")
    for part in parts:
        name, file, *lines = part.strip("\n").split("\n")
        old, new, told = ([e[1:] for e in lines if e[0] == sign] for sign in "-+=")
        yield Mistake(name, file, "\n".join(old), "\n".join(new), tuple(told))


def written(found: Sequence[Mistake]) -> str:
    """The table; what is told comes last in each part."""
    parts = [head()]
    for each in found:
        lines = [f"-{line}" for line in each.old.split("\n")]
        lines += [f"+{line}" for line in each.new.split("\n")]
        lines += [f"={line}" for line in each.told]
        parts.append("\n".join([f"# {each.name}", each.file, *lines]))
    return "\n\n".join(parts) + "\n"


class Shop:
    """A copy of the project, with all rules of style."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "shop"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SHOP, self._folder, ignore=ignored)

    def told(self) -> tuple[str, ...]:
        diagnostics = Diagnostics()
        check_project(find_settings(self._folder / "conf", None, {}), diagnostics)
        return tuple(
            f"{each.span.file.path.rpartition('/')[2]}:{each.span.line} {each.code}"
            for each in diagnostics
        )

    def with_told(self, mistake: Mistake) -> Mistake:
        path = self._folder / "conf" / mistake.file
        text = path.read_text(encoding="utf-8")
        assert mistake.old in text, mistake.name
        path.write_text(text.replace(mistake.old, mistake.new, 1), encoding="utf-8")
        told = self.told()
        path.write_text(text, encoding="utf-8")
        return replace(mistake, told=told)
