"""Events of libyaml's parser -> one node tree with exact places.

Anchors, aliases, merges, tags and repeated keys are dealt with here. A mistake is reported and the
tree goes on without it; only after an alias without a node is there no tree at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from wfcompile.diagnostics import Diagnostics, Note, did_you_mean
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from wfcompile.reader.offsets import Offsets
from wfcompile.reader.scalars import (
    FIRST_CHARACTERS,
    SCALAR_TAGS,
    TAG_PREFIX,
    construct,
    resolve,
)
from wfcompile.source import SourceFile, Span

# far beyond any workflow, and what every recursive pass can walk
_DEEPEST = 100
_MOST_COPIES = 100_000
# what can be looked at in a second or two: a file that is larger was not written by a person
_MOST_VALUES = 40_000
_MOST_CHARACTERS = 200_000
_LONG = 200
_MOST_IN_LONG = 80_000

_TAG = re.compile(r"!<[^>]*>|![^\s,\[\]{}]*")
PROPERTIES = re.compile(
    rf"(?:&[\w-]+|{_TAG.pattern}|[ \t\r\n\x85\u2028\u2029]+|#[^\r\n]*)*"
)


class Unreadable(Exception):
    """There is no tree; the diagnostic that says why has been added."""


@dataclass(slots=True)
class _Anchor:
    """A named node with the nodes below it: how many, how deep. Open until `node` is there."""

    span: Span
    node: Node | None = None
    size: int = 0
    height: int = 0


class Composer:
    """Builds the tree of one file; one use.

    Attributes:
        base: what is added to libyaml's marks: they count characters, but not a byte order mark
            at the start of the text.
        last: the scalar that was read last, for the report of a syntax error.
        brackets: offsets of the "[" and "{" that are open.
    """

    def __init__(self, file: SourceFile, diagnostics: Diagnostics) -> None:
        self.base = 1 if file.text.startswith("\ufeff") else 0
        self.last: Scalar | None = None
        self.brackets: list[int] = []
        self._file = file
        self._text = file.text
        self._diagnostics = diagnostics
        # Any: by type an event may be missing and have no marks, the parser always gives both
        self._next: Callable[[], Any] = yaml.CBaseLoader(file.text).get_event
        self._anchors: dict[str, _Anchor] = {}
        self._is_broken = False
        self._end = 0  # behind what was read last
        self._size = 0  # nodes up to here, those of aliases too
        self._copies = 0  # nodes that aliases brought
        self._values = 0  # nodes without those
        self._characters = 0  # of all scalars
        self._in_long = 0  # of those that are long
        self._depth = 0
        self._deepest = 0

    def compose(self) -> Node | None:
        """The tree of the first document, or None when there is none or it is empty.

        Raises:
            Unreadable: after its diagnostic.
            yaml.YAMLError: libyaml cannot go on.
        """
        self._file.aliases.clear()
        self._next()
        if self._next().__class__ is StreamEndEvent:
            return None
        node = self._node(self._next())
        self._next()
        event = self._next()
        if event.__class__ is DocumentStartEvent:
            self._error(
                "WF012",
                "a second document begins here, and a file holds one",
                self._span(event),
                help="remove the line, or move what follows to a file of its own",
            )
        is_empty = isinstance(node, Scalar) and node.style == node.text == ""
        return None if self._is_broken or is_empty else node

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        return Span(self._file, start + self.base, end + self.base)

    def _node(self, event: Any) -> Node:
        if event.__class__ is AliasEvent:
            return self._alias(event)
        if event.anchor is not None:
            return self._anchored(event)
        if event.__class__ is ScalarEvent:
            return self._scalar(event)
        return self._collection(event)

    def _collection(self, event: Any) -> Node:
        self._size += 1
        self._values += 1
        start = event.start_mark.index + self.base
        if event.anchor is not None or event.tag is not None:
            start = self._behind_properties(start, len(self._text))
        self._depth += 1
        if self._depth > self._deepest:
            self._check_depth(self._depth, start)
        # a single pair in a list, as in [a: b], has no bracket of its own
        is_bracket = event.flow_style and self._text[start] in "[{"
        if is_bracket:
            self.brackets.append(start)
        if event.__class__ is MappingStartEvent:
            self._tag(event, ("map",))
            node: Node = self._mapping(start)
        else:
            self._tag(event, ("seq",))
            node = self._sequence(start)
        if is_bracket:
            self.brackets.pop()
        self._depth -= 1
        return node

    def _behind_properties(self, start: int, end: int) -> int:
        """Marks of a node begin at its anchor or tag; the node itself comes behind them."""
        found = PROPERTIES.match(self._text, start, end)
        return found.end() if found else start

    def _check_depth(self, depth: int, start: int) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > _DEEPEST:
            self._fail(
                "WF021",
                f"values are nested more than {_DEEPEST} deep here",
                Span(self._file, start, start + 1),
                help="nest them less deep",
            )

    # --- scalars ---

    def _scalar(self, event: Any) -> Scalar:
        self._size += 1
        text: str = event.value
        self._count(text, event)
        style: str = event.style or ""
        start = event.start_mark.index + self.base
        end = self._end = event.end_mark.index + self.base
        if event.tag is not None or event.anchor is not None:
            start = self._behind_properties(start, end)
        if style == "|" or style == ">":
            offsets: range | Offsets = Offsets(self._text, start, end, style, text)
            end = self._end = self._visible_end(end)
        elif end - start - 2 * len(style) == len(text):
            # folding and escapes only ever shorten, so every character stands for itself
            offsets = range(start + len(style), end - len(style) + 1)
        else:
            offsets = Offsets(self._text, start, end, style, text)
        span = Span(self._file, start, end)
        value: object = text
        if event.tag is not None or (not style and text[:1] in FIRST_CHARACTERS):
            value = self._value(event, text, style, span)
        self.last = Scalar(value, text, span, style, offsets)
        return self.last

    def _count(self, text: str, event: Any) -> None:
        """Adds WF023."""
        self._values += 1
        self._characters += len(text)
        if len(text) > _LONG:
            self._in_long += len(text)
        if (
            self._values > _MOST_VALUES
            or self._characters > _MOST_CHARACTERS
            or self._in_long > _MOST_IN_LONG
        ):
            self._refuse_size(event)

    def _refuse_size(self, event: Any) -> NoReturn:
        start = event.start_mark.index + self.base
        most, what = next(
            (most, what)
            for found, most, what in (
                (self._values, _MOST_VALUES, "values"),
                (self._characters, _MOST_CHARACTERS, "characters in keys and values"),
                (self._in_long, _MOST_IN_LONG, "characters in texts"),
            )
            if found > most
        )
        self._fail(
            "WF023",
            f"the file has more than {most} {what} up to here",
            Span(self._file, start, start + 1),
            help="divide it, or keep long texts in files of their own",
        )

    def _visible_end(self, end: int) -> int:
        """A block's mark is behind the empty lines that follow it."""
        while self._text[end - 1] in " \t\r\n\x85\u2028\u2029":
            end -= 1
        return end

    def _value(self, event: Any, text: str, style: str, span: Span) -> object:
        tag = self._tag(event, SCALAR_TAGS)
        try:
            if tag is not None:
                return construct(tag, text)
            return text if style else resolve(text)
        except ValueError as error:
            self._error(
                "WF020",
                f'"{text}" is no {error}',
                span,
                help=(
                    "put it in quotes if it is text"
                    if tag is None
                    else "remove the tag, or put the tag and the text in quotes"
                ),
            )
            return text

    def _tag(self, event: Any, known: tuple[str, ...]) -> str | None:
        """The tag without YAML's prefix, None when there is none or none that is known."""
        if event.tag is None:
            return None
        name: str = event.tag.removeprefix(TAG_PREFIX)
        if event.tag.startswith(TAG_PREFIX) and name in known:
            return name
        found = _TAG.search(self._text, event.start_mark.index + self.base)
        assert found is not None, event.tag
        written = found.group()
        names = " or ".join(f"!!{each}" for each in known)
        self._error(
            "WF018",
            f'tag "{written}" is not known here',
            Span(self._file, found.start(), found.end()),
            help=(
                f"remove it, or write {names}"
                if written.startswith(("!!", "!<"))
                else 'remove it, or put the text in quotes if "!" belongs to it'
            ),
        )
        return None

    # --- collections ---

    def _sequence(self, start: int) -> SequenceNode:
        items: list[Node] = []
        while (event := self._next()).__class__ is not SequenceEndEvent:
            items.append(self._node(event))
        return SequenceNode(tuple(items), self._closed(event, start))

    def _mapping(self, start: int) -> MappingNode:
        entries: dict[object, Entry] = {}
        doubles: list[Entry] = []
        while (event := self._next()).__class__ is not MappingEndEvent:
            key = self._node(event)
            value = self._node(self._next())
            if not isinstance(key, Scalar):
                self._report_key(key)
                continue
            entry = Entry(key, value)
            first = entries.setdefault(key.value, entry)
            if first is not entry:
                self._error(
                    "WF013",
                    f'key "{key.text}" is written twice in one mapping',
                    key.span,
                    notes=[Note("the first one is here", first.key.span)],
                    help="rename or remove one of them",
                )
                doubles.append(entry)
        span = self._closed(event, start)
        if "<<" in entries and entries["<<"].key.style == "":
            entries = self._with_merged(entries, entries.pop("<<"))
        return MappingNode(tuple(entries.values()), span, tuple(doubles))

    def _closed(self, event: Any, start: int) -> Span:
        # the end of a block has no width and lies at whatever comes next
        if event.end_mark.index > event.start_mark.index:
            self._end = event.end_mark.index + self.base
        return Span(self._file, start, self._end)

    def _report_key(self, key: MappingNode | SequenceNode) -> None:
        start, end = key.span.start, key.span.end
        kind = "mapping" if isinstance(key, MappingNode) else "list"
        message = f"a {kind} stands where a key is expected"
        help = "write the key as text"
        if self._text[start - 1 : start + 1] == "{{":
            start, end = start - 1, end + 1
            message = '"{{" begins a mapping in a mapping, and no template'
            written = self._text[start:end]
            help = f"write ${written} if it is a template, else put it in quotes"
        span = Span(self._file, start, end)
        self._error("WF014", message, span, help=help)

    def _with_merged(
        self, own: dict[object, Entry], merge: Entry
    ) -> dict[object, Entry]:
        """Merged keys come first, as in PyYAML; own values win, and then the earlier mapping's."""
        value = merge.value
        sources = value.items if isinstance(value, SequenceNode) else (value,)
        merged: dict[object, Entry] = {}
        for source in sources:
            if isinstance(source, MappingNode):
                for entry in source:
                    copy = Entry(entry.key, entry.value, merged=True)
                    merged.setdefault(entry.key.value, copy)
            elif not self._is_broken:
                self._error(
                    "WF019",
                    '"<<" takes a mapping or a list of mappings, and this is neither',
                    merge.key.span,
                    notes=[Note("this would be merged", source.span)],
                    help="give it the alias of a mapping",
                )
        return {**merged, **own}

    # --- anchors ---

    def _anchored(self, event: Any) -> Node:
        name: str = event.anchor
        start = self._text.index(f"&{name}", event.start_mark.index + self.base)
        anchor = _Anchor(Span(self._file, start, start + len(name) + 1))
        if name in self._anchors:
            self._error(
                "WF017",
                f'anchor "{name}" is written twice in one file',
                anchor.span,
                notes=[Note("the first one is here", self._anchors[name].span)],
                help="rename one of them",
            )
        self._anchors[name] = anchor
        size, deepest = self._size, self._deepest
        self._deepest = self._depth
        is_scalar = event.__class__ is ScalarEvent
        anchor.node = self._scalar(event) if is_scalar else self._collection(event)
        anchor.size = self._size - size
        anchor.height = self._deepest - self._depth
        self._deepest = max(deepest, self._deepest)
        return anchor.node

    def _alias(self, event: Any) -> Node:
        span = self._span(event)
        self._end = span.end
        anchor = self._anchors.get(event.anchor)
        if anchor is None or anchor.node is None:
            self._is_broken = True
            self._report_alias(event.anchor, anchor, span)
            return Scalar(None, "", span, "", range(span.start, span.start + 1))
        self._check_depth(self._depth + anchor.height, span.start)
        self._size += anchor.size
        self._copies += anchor.size
        if self._copies > _MOST_COPIES:
            self._fail(
                "WF022",
                f"aliases up to here repeat more than {_MOST_COPIES} values",
                span,
                help="repeat less, or write out what is needed",
            )
        self._file.aliases.append((span, anchor.node.span))
        return anchor.node

    def _report_alias(self, name: str, anchor: _Anchor | None, span: Span) -> None:
        if anchor is not None:
            self._error(
                "WF016",
                f'"*{name}" stands inside the value that it repeats',
                span,
                notes=[Note("the value begins here", anchor.span)],
                help="write out the part that is meant",
            )
            return
        self._error(
            "WF015",
            f'no anchor above is called "{name}"',
            span,
            help=did_you_mean(name, self._anchors)
            or f'put it in quotes if it is text: "*{name}"',
        )

    def _error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        notes: list[Note] | None = None,
        help: str | None = None,
    ) -> None:
        self._diagnostics.error(code, message, span, notes=notes or (), help=help)

    def _fail(self, code: str, message: str, span: Span, *, help: str) -> NoReturn:
        self._error(code, message, span, help=help)
        raise Unreadable
