"""Stretches of a text, joined where they meet, that are asked about often."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Intervals:
    """Half-open stretches of offsets; a question takes the logarithm of their number.

    >>> found = Intervals()
    >>> found.add(2, 4), found.add(8, 9), found.add(4, 6)
    (None, None, None)
    >>> [offset for offset in range(10) if offset in found]
    [2, 3, 4, 5, 8]
    """

    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)

    def add(self, start: int, end: int) -> None:
        first = bisect_left(self._ends, start)
        behind = bisect_right(self._starts, end)
        if first < behind:
            start = min(start, self._starts[first])
            end = max(end, self._ends[behind - 1])
        self._starts[first:behind] = [start]
        self._ends[first:behind] = [end]

    def __contains__(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]
