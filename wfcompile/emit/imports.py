"""What an emitted module imports: collected while its parts are printed, then sorted as isort does."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from wfcompile import types

RUNTIME = "wfruntime"


@dataclass(slots=True)
class Imports:
    """Modules and names that the printed source uses; `wfruntime` is always there."""

    modules: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=dict)

    def module(self, name: str) -> str:
        """`import name`; gives the name back."""
        self.modules.add(name)
        return name

    def name(self, module: str, name: str) -> str:
        """`from module import name`; gives the name back."""
        self.names.setdefault(module, set()).add(name)
        return name

    def annotation(self, type_: types.Type) -> str:
        """The spelling of a type, with what it needs."""
        for module, name in types.imports(type_):
            self.name(module, name) if name else self.module(module)
        return types.annotation(type_)

    def standard(self) -> list[str]:
        """The lines for the standard library."""
        plain = [each for each in self.modules if _is_standard(each)]
        lines = [f"import {name}" for name in sorted(plain, key=_natural)]
        for module in sorted(self.names, key=_natural):
            lines.append(
                f"from {module} import {', '.join(sorted(self.names[module]))}"
            )
        return lines

    def others(self) -> list[str]:
        """The modules of the users, and those of other workflows."""
        return [each for each in self.modules if not _is_standard(each)]


def import_lines(modules: Iterable[str]) -> list[str]:
    """The lines in their order, the runtime under its short name."""
    return [
        f"import {name} as rt" if name == RUNTIME else f"import {name}"
        for name in sorted(modules, key=_natural)
    ]


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """`tasks2` before `tasks10`, capitals like small letters."""
    parts = re.findall(r"\d+|\D", name.lower())
    keys = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]
    return keys, name
