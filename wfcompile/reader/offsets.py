"""Where each character of a scalar's decoded text stands in the source, for all five styles.

Knows what YAML drops, folds and escapes, not what the text means. Most scalars are never asked,
so the offsets are worked out at the first question. Line breaks are YAML 1.1's: CR LF, CR, LF, NEL,
and LS and PS, which folding leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import overload

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_KEPT_BREAKS = "\u2028\u2029"
_BREAKS = f"(?:{_BREAK.pattern})(?:[ \t]*(?:{_BREAK.pattern}))*[ \t]*"
_FOLD = f"[ \t]*{_BREAKS}"
_RUN = "[^ \t\r\n\x85\u2028\u2029{}]+|[ \t]+|."
# in every pattern: what may fold, then what stands for one character, then the rest
_FLOW_TOKEN = {
    "": re.compile(f"(?P<fold>{_FOLD})|{_RUN.format('')}"),
    "'": re.compile(f"(?P<fold>{_FOLD})|(?P<escape>'')|{_RUN.format(chr(39))}"),
    '"': re.compile(
        rf"(?P<fold>{_FOLD})|(?P<joined>\\{_BREAKS})"
        r"|(?P<escape>\\(?:x..|u.{4}|U.{8}|.))"
        rf"|{_RUN.format(chr(92) * 2)}"
    ),
}


class Offsets(Sequence[int]):
    """Offsets of the characters of `value`, plus one for its end.

    Args:
        text: the file's text.
        start, end: the scalar in it, with its quotes, or with the header of a block.
        style: as in `Scalar`.
    """

    __slots__ = ("_end", "_found", "_start", "_style", "_text", "_value")

    def __init__(self, text: str, start: int, end: int, style: str, value: str) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._style = style
        self._value = value
        self._found: list[int] | None = None

    def __len__(self) -> int:
        return len(self._value) + 1

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> list[int]: ...

    def __getitem__(self, index: int | slice) -> int | list[int]:
        if self._found is None:
            self._found = self._work_out()
            assert len(self._found) == len(self), self._text[self._start : self._end]
        return self._found[index]

    def _work_out(self) -> list[int]:
        text, start, end = self._text, self._start, self._end
        if self._style in ("|", ">"):
            folded = self._style == ">"
            return _block_offsets(text, start, end, self._value, folded=folded)
        quote = len(self._style)
        return _flow_offsets(text, start + quote, end - quote, self._style)


# --- plain and quoted ---


def _flow_offsets(text: str, start: int, end: int, style: str) -> list[int]:
    offsets: list[int] = []
    for token in _FLOW_TOKEN[style].finditer(text, start, end):
        at = token.start()
        match token.lastgroup:
            case "fold":
                offsets += _folded(text, at, token.end())
            case "joined":
                # the escaped break itself is nothing; empty lines behind it still count
                offsets += list(_breaks(text, at, token.end()))[1:]
            case "escape":
                offsets.append(at)
            case _:
                offsets += range(at, token.end())
    return [*offsets, end]


def _folded(text: str, start: int, end: int) -> list[int]:
    """One break is a space; of several the first goes and the others stay."""
    breaks = list(_breaks(text, start, end))
    if len(breaks) == 1 or text[breaks[0]] in _KEPT_BREAKS:
        return breaks
    return breaks[1:]


def _breaks(text: str, start: int, end: int) -> Iterator[int]:
    return (found.start() for found in _BREAK.finditer(text, start, end))


# --- blocks ---


def _block_offsets(
    text: str, start: int, end: int, value: str, *, folded: bool
) -> list[int]:
    """`end` is behind the last line that belongs to the block, empty ones included."""
    header = _BREAK.search(text, start, end)
    if header is None or not value:
        return [header.start() if header else end]
    lines = list(_lines(text, header.end(), end))
    content = len(value) - len(value.lstrip(f"\n{_KEPT_BREAKS}"))
    if content == len(value):
        offsets = [stop for _, stop in lines]
    else:
        indent = _indent(text, lines[content][0], value, content)
        offsets = _content_offsets(text, lines, indent, folded=folded)
    # what chomping cut off is at the end
    last = offsets[len(value) - 1]
    width = 2 if text.startswith("\r\n", last) else 1
    return [*offsets[: len(value)], last + width]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start of each line and the place of its break (the end, when the last one has none)."""
    for found in _BREAK.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    if start < end:
        yield start, end


def _indent(text: str, line: int, value: str, content: int) -> int:
    """The block's indentation: what the first line with content has lost.

    It is read off the result because an indicator in the header counts from the parent's
    indentation, which no event of the parser tells.
    """
    return _spaces(text, line) - _spaces(value, content)


def _spaces(text: str, start: int) -> int:
    at = start
    while text.startswith(" ", at):
        at += 1
    return at - start


def _content_offsets(
    text: str, lines: list[tuple[int, int]], indent: int, *, folded: bool
) -> list[int]:
    """Before chomping. Folding leaves alone what stands beside a more indented line."""
    offsets: list[int] = []
    empty: list[int] = []  # breaks of the empty lines since the last content
    pending: int | None = None  # the break of the last content
    foldable = False
    for start, stop in lines:
        if stop - start <= indent:
            empty.append(stop)
            continue
        first = start + indent
        is_plain = text[first] not in " \t"
        if pending is not None and not (foldable and is_plain and empty):
            offsets.append(pending)
        offsets += empty
        offsets += range(first, stop)
        empty = []
        pending = stop
        foldable = folded and is_plain and text[stop : stop + 1] not in _KEPT_BREAKS
    return [*offsets, *([] if pending is None else [pending]), *empty]
