"""Reserved words of a shell that belong together: `if`, `then`, `fi`; `for`, `do`, `done`; braces.

`Keywords` takes them in the order of the script and collects which ones have no other half.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_CLOSERS = {"if": "fi", "{": "}"}
_MIDDLES = {"if": "then", "while": "do", "until": "do", "for": "do", "select": "do"}
_BY_BRACES = ("for", "select")
"""They may have braces for `do` and `done`."""


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """A word without its other half; `start` counts as the reader of the script does."""

    word: str
    start: int
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class _Open:
    word: str
    start: int
    has_middle: bool = False


class Keywords:
    """Those of one script; only the first word without its half counts, others follow from it."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self.unbalanced: Unbalanced | None = None

    def open(self, word: str, start: int) -> None:
        self._open.append(_Open(word, start))

    def go_on(self, word: str) -> None:
        """`then` or `do`."""
        if self._open and _MIDDLES.get(self._open[-1].word) == word:
            self._open[-1] = replace(self._open[-1], has_middle=True)

    def close(self, word: str, start: int) -> None:
        last = self._open.pop() if self._open else None
        if last is None or _closer(last.word) != word:
            self._tell(word, start, f'"{word}" closes nothing', "take it away")
            return
        middle = _MIDDLES.get(last.word)
        if middle is not None and not last.has_middle:
            message = f'"{last.word}" has no "{middle}"'
            help = f'write "; {middle}" at the end of the line'
            self._tell(last.word, last.start, message, help)
        self._close_braces(word)

    def end(self) -> None:
        """The script is over."""
        if self._open:
            last = self._open[-1]
            help = f"close it with {_closer(last.word)}"
            self._tell(last.word, last.start, f'"{last.word}" is not closed', help)

    def _close_braces(self, word: str) -> None:
        last = self._open[-1] if word == "}" and self._open else None
        if last is not None and last.word in _BY_BRACES and not last.has_middle:
            self._open.pop()

    def _tell(self, word: str, start: int, message: str, help: str) -> None:
        if self.unbalanced is None:
            self.unbalanced = Unbalanced(word, start, message, help)


def _closer(word: str) -> str:
    return _CLOSERS.get(word, "done")
