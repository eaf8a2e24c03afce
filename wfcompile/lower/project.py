"""What lowering needs to know beyond one workflow: folders, callers, filters, other workflows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wfcompile import ir
from wfcompile.bind.scope import JobSymbol
from wfcompile.models import Workflow
from wfcompile.resolve.callers import CallerRegistry
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.resolve.imports import ImportGraph
from wfcompile.resolve.modules import SourceModule
from wfcompile.shellcheck.texts import ShellText


@dataclass(frozen=True, slots=True)
class Project:
    """Attributes:
    build: the folder that modules are put in.
    roots: the folders that hold callers and filters, in the order they are searched.
    needed: top-level name of a module that some workflow needs -> a module of the users that
        is it or imports it; grows while workflows are lowered.
    workflows: those that can be triggered, by name.
    parameters: workflow -> the fields of its params; grows as they are asked for.
    jobs: workflow -> what is known of its jobs; grows while workflows are lowered.
    unread: names of workflows that were refused where they stand.
    shell_texts: the scripts of all workflows; grows while they are lowered.
    is_whole: False when a file could not be read: nobody knows what workflows it has.
    """

    build: Path
    roots: tuple[Path, ...]
    callers: CallerRegistry
    filters: FilterRegistry
    imports: ImportGraph
    needed: dict[str, SourceModule] = field(default_factory=dict)
    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    parameters: dict[str, tuple[ir.Parameter, ...]] = field(default_factory=dict)
    jobs: dict[str, Mapping[str, JobSymbol]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    shell_texts: list[ShellText] = field(default_factory=list)
    is_whole: bool = True

    def search_path(self, modules: Iterable[str]) -> tuple[str, ...]:
        """The folders that hold these modules and what they import.

        As the emitted module writes them: relative to its own, in the order of the roots.
        """
        reached = self.imports.reach(modules)
        for module in reversed(reached):
            self.needed[module.name.partition(".")[0]] = module
        for module in reached:
            for top in self.imports.tops(module):
                self.needed.setdefault(top, module)
        folders = {module.folder for module in reached}
        used = [root for root in dict.fromkeys(self.roots) if root in folders]
        return tuple(
            os.path.relpath(root, self.build).replace(os.sep, "/") for root in used
        )
