"""`Known`: what a rule may ask beside the workflow that it looks at."""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile.resolve.callers import CallerRegistry


@dataclass(frozen=True, slots=True)
class Known:
    """Attributes:
    callers: of the project; read, never imported.
    filters: modules with filters that the project is set to.
    """

    callers: CallerRegistry
    filters: tuple[str, ...] = ()
