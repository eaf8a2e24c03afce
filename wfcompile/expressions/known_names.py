"""What a block may know of the modules that it imports, beside those of Python itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wfcompile.types import UNKNOWN, Type


class KnownNames(Protocol):
    """By full names, such as `tasks.load`; Unknown where a type checker need not see the same."""

    def called(self, path: str) -> Type:
        """What a call gives."""

    def value(self, path: str) -> Type:
        """What it is itself."""

    def meant(self, path: str) -> Type:
        """What it means in an annotation."""


@dataclass(frozen=True, slots=True)
class NoNames:
    """Nothing is known."""

    def called(self, path: str) -> Type:
        return UNKNOWN

    def value(self, path: str) -> Type:
        return UNKNOWN

    def meant(self, path: str) -> Type:
        return UNKNOWN


NO_NAMES = NoNames()
