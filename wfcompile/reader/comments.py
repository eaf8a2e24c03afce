"""Comments that are meant for wfc, `# wfc: ...`, and the lines that each one is about.

The nodes hold no comments, and the text alone does not tell a comment from a line of a script. So
the parser is asked once more where the scalars are; only of a file that has such a text at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import ScalarEvent

from wfcompile.reader.events import PROPERTIES
from wfcompile.source import SourceFile, Span

_WORD = "wfc:"
_COMMENT = re.compile(rf"(?<![^\s\ufeff])#[ \t]*{_WORD}[^\r\n\x85\u2028\u2029]*")
_LINE_END = re.compile(r"[\r\n\x85\u2028\u2029]")
_CONTENT = re.compile(r"(?<=\n)[ \t]*[^\s#]")
_BLOCKS = ("|", ">")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its "#" to its last visible character.

    Attributes:
        lines: the lines that it is about: that of its end when something stands before it, else
            the next one that holds something; with all lines of a value that begins there. Empty
            at the end of the file.
    """

    span: Span
    lines: range

    @property
    def text(self) -> str:
        return self.span.file.text[self.span.start : self.span.end]


def comments(file: SourceFile) -> list[Comment]:
    """Those for wfc; none of a file that is no YAML."""
    if _WORD not in file.text:
        return []
    try:
        values = _Scalars(file)
    except yaml.YAMLError:
        return []
    found = []
    following = 0  # where the line begins that the comments above it are about
    for match in _COMMENT.finditer(file.text):
        if values.hold(match.start()):
            continue
        line = _line_start(file.text, match.start())
        if not file.text[line : match.start()].strip("\ufeff \t"):
            if following < match.end():
                following = _next_line(file.text, match.end())
            line = following
        end = match.start() + len(match.group().rstrip())
        found.append(Comment(Span(file, match.start(), end), values.lines(line)))
    return found


def is_meant(comment: str) -> bool:
    """Whether a comment is for wfc."""
    return _COMMENT.match(comment) is not None


class _Scalars:
    """Where the scalars of a file are; no two of them overlap."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._spans = list(_scalars(file.text))
        self._starts = [start for start, _ in self._spans]
        self._lines: dict[int, range] = {}

    def hold(self, offset: int) -> bool:
        before = bisect_right(self._starts, offset) - 1
        return before >= 0 and offset < self._spans[before][1]

    def lines(self, start: int) -> range:
        """The line that begins at an offset, with all of the values that begin in it."""
        if start not in self._lines:
            self._lines[start] = self._lines_of(start)
        return self._lines[start]

    def _lines_of(self, start: int) -> range:
        text, position = self._file.text, self._file.position
        if start == len(text):
            return range(0)
        line_end = _line_end(text, start)
        first = bisect_left(self._starts, start)
        last = position(start).line
        for begin, end in self._spans[first : bisect_right(self._starts, line_end)]:
            visible = len(text[begin:end].rstrip())
            last = max(last, position(begin + visible).line)
        return range(position(start).line, last + 1)


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    parser = yaml.CBaseLoader(text)
    while parser.check_event():
        event = parser.get_event()
        if isinstance(event, ScalarEvent):
            yield _place(event, text)


# Any: by type an event may have no marks, the parser always gives both
def _place(event: Any, text: str) -> tuple[int, int]:
    """Where it begins and ends: a block behind the line of its "|", where a comment may be."""
    base = 1 if text.startswith("\ufeff") else 0
    start, end = event.start_mark.index + base, event.end_mark.index + base
    properties = PROPERTIES.match(text, start, end)
    if (event.anchor or event.tag) and properties:
        start = properties.end()
    if event.style in _BLOCKS:
        line_end = _LINE_END.search(text, start, end)
        start = line_end.start() if line_end else end
    return start, end


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return found if found >= 0 else len(text)


def _next_line(text: str, offset: int) -> int:
    """Where the next line with more than a comment begins; the end of the text without one."""
    found = _CONTENT.search(text, offset)
    return _line_start(text, found.end()) if found else len(text)
