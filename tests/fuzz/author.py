"""What the parts of the generator share: choices, names, and what a template may refer to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
WORDS = ("alpha", "beta", "v1.5", "North-East", "under_score", "7")
ENVIRONMENT = {"FUZZ_WORD": "gamma", "FUZZ_NUMBER": "12"}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Ref:
    """Attributes:
    path: without digits before its last segment, which the grammar of templates wants.
    kind: str, int, float, bool, list, map, date, datetime, decimal, maybe; words is a text that
        must not be pasted into code; text and status have kinds of their own because less is
        known of them.
    """

    path: str
    kind: str


@dataclass(frozen=True)
class Scope:
    """Attributes:
    is_repeated: its stages may run more than once.
    """

    refs: tuple[Ref, ...] = ()
    is_repeated: bool = False

    def plus(self, refs: Sequence[Ref]) -> Scope:
        return replace(self, refs=(*self.refs, *refs))

    def repeated(self, refs: Sequence[Ref]) -> Scope:
        return Scope((*self.refs, *refs), is_repeated=True)

    def without(self, *roots: str) -> Scope:
        """Of names that are hidden further in."""
        kept = (ref for ref in self.refs if ref.path.split(".")[0] not in roots)
        return replace(self, refs=tuple(kept))

    def of(self, *kinds: str) -> tuple[Ref, ...]:
        return tuple(ref for ref in self.refs if ref.kind in kinds)


@dataclass
class Author:
    """Attributes:
    calls: whether the tasks are callers; else they are filters.
    has_flaky: a stage counts its calls already, which only one may.
    stages_left: keeps a workflow small.
    """

    draw: Callable[[st.SearchStrategy[Any]], Any]
    calls: bool = True
    stages_left: int = 12
    has_flaky: bool = False
    children: dict[str, Any] = field(default_factory=dict)
    _names: int = 0

    def pick(self, options: Sequence[T]) -> T:
        chosen: T = self.draw(st.sampled_from(options))
        return chosen

    def number(self, first: int, last: int) -> int:
        chosen: int = self.draw(st.integers(first, last))
        return chosen

    def chance(self, percent: int) -> bool:
        # the smallest choice is the plainest workflow
        return self.number(0, 99) >= 100 - percent

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """In their own order."""
        wanted = self.number(0, min(most, len(options)))
        left = list(range(len(options)))
        chosen = sorted(left.pop(self.number(0, len(left) - 1)) for _ in range(wanted))
        return [options[index] for index in chosen]

    def name(self, prefix: str) -> str:
        """A new one, without digits."""
        number, self._names = self._names, self._names + 1
        tail = _LETTERS[number % 26] + _LETTERS[number // 26] * (number > 25)
        return f"{prefix}{self.pick(('-', '_'))}{tail}"

    def word(self) -> str:
        return self.pick(WORDS)
