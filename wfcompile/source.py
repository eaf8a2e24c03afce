"""Source text with positions: `SourceFile`, `Pos`, `Span`.

A span is a pair of offsets into one file; lines and columns are computed when somebody asks.
Offsets are 0-based and count characters, lines and columns are 1-based and count characters.
"""

from __future__ import annotations

import os
import tokenize
from bisect import bisect_right
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pos:
    """A place a person can go to: line and column, both 1-based."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """One file: `path` is what diagnostics print (relative, with `/`), `text` what was read.

    Nothing that is printed shows the parts that are hidden.

    Attributes:
        aliases: filled by the reader: each `*name`, in the order of the file, with what it repeats.
    """

    path: str
    text: str
    aliases: list[tuple[Span, Span]] = field(init=False, repr=False)
    _line_starts: list[int] = field(init=False, repr=False)
    _hidden: list[tuple[int, int]] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        starts = [0]
        find, at = self.text.find, -1
        while (at := find("\n", at + 1)) >= 0:
            starts.append(at + 1)
        object.__setattr__(self, "_line_starts", starts)
        object.__setattr__(self, "aliases", [])

    def position(self, offset: int) -> Pos:
        line = bisect_right(self._line_starts, offset)
        return Pos(line, offset - self._line_starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its line end."""
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def hide(self, start: int, end: int) -> None:
        """From now on `text[start:end]` is shown as stars."""
        self._hidden.append((start, end))

    @property
    def hidden(self) -> tuple[tuple[int, int], ...]:
        """The parts, as offsets."""
        return tuple(self._hidden)

    def is_hidden(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self._hidden)

    def hidden_texts(self) -> list[str]:
        return [self.text[start:end] for start, end in self._hidden]

    def shown_line(self, line: int) -> str:
        """`line_text` with a star for each character that is hidden."""
        text, first = self.line_text(line), self._line_starts[line - 1]
        for start, end in self._hidden:
            start, end = max(0, start - first), min(len(text), end - first)
            if start < end:
                text = f"{text[:start]}{'*' * (end - start)}{text[end:]}"
        return text


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of one file."""

    file: SourceFile
    start: int
    end: int

    @property
    def first(self) -> Pos:
        return self.file.position(self.start)

    @property
    def last(self) -> Pos:
        """The position just behind the last character."""
        return self.file.position(self.end)

    def begins_in(self, other: Span) -> bool:
        return self.file.path == other.file.path and (
            self.start == other.start or other.start < self.start < other.end
        )

    def holds(self, other: Span) -> bool:
        is_inside = self.start <= other.start and other.end <= self.end
        return self.file.path == other.file.path and is_inside

    @property
    def line(self) -> int:
        return self.first.line


def relative(path: Path, base: Path) -> str:
    """With `/`, relative when `path` is below `base` or beside it, the same on every machine."""
    return os.path.relpath(path, base).replace(os.sep, "/")


def shown_path(path: Path) -> str:
    """As diagnostics print it: relative to the working folder, with `/`."""
    return os.path.relpath(path).replace(os.sep, "/")


def decoded_python(content: bytes) -> str:
    """Decoded as Python decodes it: UTF-8 unless the file says otherwise.

    Raises:
        UnicodeDecodeError, SyntaxError, LookupError: its text is not in that encoding.
    """
    encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
    return content.decode(encoding).replace("\r\n", "\n")
