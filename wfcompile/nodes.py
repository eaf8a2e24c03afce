"""The node tree of a YAML file: what `reader.read` returns and what every later pass points into.

A node knows its span. A scalar also maps each character of its decoded text to the source, in all
five YAML styles, so that a template inside a block is found at its exact place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from wfcompile.source import Span


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A leaf.

    Attributes:
        value: what YAML makes of it: str, int, float, bool, None, date or datetime.
        text: the decoded text (for a str the value itself, else as it was written).
        style: "" plain, "'" or '"' quoted, "|" literal, ">" folded.
        offsets: source offset of each character of `text`, plus one for its end; len(text) + 1.
    """

    value: object
    text: str
    span: Span
    style: str
    offsets: Sequence[int]

    def span_of(self, start: int, end: int) -> Span:
        """The source of `text[start:end]`."""
        if end <= start:
            at = self.offsets[start]
            return Span(self.span.file, at, at)
        return Span(self.span.file, self.offsets[start], self.offsets[end - 1] + 1)


@dataclass(frozen=True, slots=True, eq=False)
class SequenceNode:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key with its value; keys are scalars. `merged`: came in through `<<`."""

    key: Scalar
    value: Node
    merged: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MappingNode:
    """Entries in file order, keys unique.

    Attributes:
        doubles: further entries with keys that are there; the reader has reported them.
    """

    entries: tuple[Entry, ...]
    span: Span
    doubles: tuple[Entry, ...] = ()
    _by_key: dict[object, Entry] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_key = {entry.key.value: entry for entry in self.entries}
        object.__setattr__(self, "_by_key", by_key)

    def entry(self, key: object) -> Entry | None:
        return self._by_key.get(key)

    def get(self, key: object) -> Node | None:
        entry = self._by_key.get(key)
        return entry.value if entry else None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


Node: TypeAlias = "Scalar | SequenceNode | MappingNode"

_UNREAD = object()


def unread_scalar(span: Span) -> Scalar:
    """Stands where a value is needed and what is written is none; what it is, nobody knows."""
    return Scalar(
        _UNREAD, "", Span(span.file, span.start, span.start), "", (span.start,)
    )


def is_unread(scalar: Scalar) -> bool:
    return scalar.value is _UNREAD


def plain_value(node: Node) -> object:
    """The node as plain Python data: dict, list, or the scalar's value."""
    match node:
        case Scalar():
            return node.value
        case SequenceNode():
            return [plain_value(item) for item in node.items]
        case MappingNode():
            return {entry.key.value: plain_value(entry.value) for entry in node}
