"""Files beside the callers that hide a module of Python from the emitted modules.

The folders of callers come first on the path of a run: a `select.py` there is what `subprocess`
gets for `import select`, whoever wrote it and whatever for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.source import SourceFile, Span, shown_path

_CANNOT_BE_HIDDEN = frozenset(
    ["atexit", "builtins", "errno", "faulthandler", "gc", "itertools", "marshal"]
    + ["sys", "time"]
)
"""Part of the interpreter on every machine: no file is looked for."""

_NEEDED_BY_NOBODY = frozenset(
    ["antigravity", "ensurepip", "idlelib", "lib2to3", "test", "this", "turtle"]
    + ["turtledemo", "venv"]
)
"""No module imports them, and a folder `test` is where many projects have their tests."""

_HIDDEN = sys.stdlib_module_names - _CANNOT_BE_HIDDEN - _NEEDED_BY_NOBODY


@dataclass(frozen=True, slots=True)
class HiddenModules:
    """What the folders of callers hide; each folder is listed once.

    `told`: files of which that was said already.
    """

    told: frozenset[str]
    _by_folder: dict[Path, tuple[Path, ...]] = field(default_factory=dict)

    @classmethod
    def behind(cls, diagnostics: Diagnostics) -> HiddenModules:
        """What is still to be told, behind what the callers were told of."""
        paths = (each.span.file.path for each in diagnostics if each.code == "WF412")
        return cls(frozenset(paths))

    def report(
        self, folders: Iterable[Path], used_at: Span, diagnostics: Diagnostics
    ) -> bool:
        """Whether one of these folders, which a workflow has on its path, hides a module.

        Adds WF415, one for each file, at the file.
        """
        files = [path for folder in folders for path in self._files(folder)]
        for path in files:
            name = path.parent.name if path.stem == "__init__" else path.stem
            shown = shown_path(path)
            if shown in self.told:
                continue
            diagnostics.error(
                "WF415",
                f'"{shown}" hides the Python module "{name}" from all that is run',
                Span(SourceFile(shown, ""), 0, 0),
                notes=[Note("its folder is on the path of this workflow", used_at)],
                help="rename it, or move it to a folder without callers",
            )
        return bool(files)

    def _files(self, folder: Path) -> tuple[Path, ...]:
        if folder not in self._by_folder:
            self._by_folder[folder] = tuple(_hiding(folder))
        return self._by_folder[folder]


def _hiding(folder: Path) -> Iterator[Path]:
    """In alphabetical order; a folder is a module when it has an `__init__.py`."""
    paths = sorted([*folder.glob("*.py"), *folder.glob("*/__init__.py")])
    for path in paths:
        name = path.parent.name if path.stem == "__init__" else path.stem
        if name in _HIDDEN and path.is_file():
            yield path
