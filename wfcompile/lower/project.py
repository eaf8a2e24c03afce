"""What lowering needs to know beyond one workflow: folders, callers, filters."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from wfcompile.resolve.callers import CallerRegistry
from wfcompile.resolve.filters import FilterRegistry


@dataclass(frozen=True, slots=True)
class Project:
    """Attributes:
    build: the folder that modules are put in.
    roots: the folders that hold callers and filters, in the order they are searched.
    """

    build: Path
    roots: tuple[Path, ...]
    callers: CallerRegistry
    filters: FilterRegistry

    def search_path(self, folders: Collection[Path]) -> tuple[str, ...]:
        """Folders as the emitted module writes them: relative to its own."""
        used = [root for root in dict.fromkeys(self.roots) if root in folders]
        return tuple(
            os.path.relpath(root, self.build).replace(os.sep, "/") for root in used
        )
