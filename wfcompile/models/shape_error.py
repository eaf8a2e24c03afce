"""`ShapeError`: how a converter says what is wrong with a node, and where.

Nothing of it gets to pydantic: a field whose converter raises one is `Unread` for the moment, and
its model (`base.py`) notes the error and goes on without the field. `parse.py` makes a
`Diagnostic` of it. The subject of the message is the key of the field unless the error names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationInfo

from wfcompile.diagnostics import Note, shortened
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span


class ShapeError(ValueError):
    """One finding about the shape of the input.

    Attributes:
        clause: the message behind its subject: `is a list, expected a mapping`.
        subject: what the message is about; None: the key or item that is validated.
    """

    def __init__(
        self,
        code: str,
        clause: str,
        span: Span,
        *,
        subject: str | None = None,
        notes: Iterable[Note] = (),
        help: str | None = None,
    ) -> None:
        super().__init__(clause)
        self.code = code
        self.clause = clause
        self.span = span
        self.subject = subject
        self.notes = tuple(notes)
        self.help = help


@dataclass(frozen=True, slots=True)
class Unread:
    """The value of a field, or an item of its list, that could not be read.

    Attributes:
        error: why; None when that has been noted.
        is_list: it is no item: the list itself could not be read.
    """

    error: ShapeError | None = None
    is_list: bool = False


def noted_in(info: ValidationInfo) -> list[ShapeError]:
    """What has been found so far, for validators to add to: the context of the validation."""
    assert isinstance(info.context, list)
    return info.context


def unexpected(
    node: Node,
    expected: str,
    *,
    code: str = "WF106",
    subject: str | None = None,
    help: str | None = None,
) -> ShapeError:
    """`is <found>, expected <expected>`; WF106 is the wrong kind of value."""
    clause = f"is {found(node)}, expected {expected}"
    return ShapeError(code, clause, place(node), subject=subject, help=help)


def found(node: Node) -> str:
    """What stands there, in the words of YAML."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    match node.value:
        case None:
            return "empty"
        case str(text):
            if not text.strip():
                return "an empty text"
            return f'the text "{shortened(text)}"'
        case bool():
            return f"the boolean {node.text}"
        case int() | float():
            return f"the number {node.text}"
        case date():
            return f"the date {node.text}"
        case _:
            return f'"{shortened(node.text)}"'


def region(key: Scalar | None, node: Node) -> Span:
    """Where an entry or item is written, be it only as an alias of a node elsewhere."""
    span = node.span
    if key is None or span.holds(key.span):
        return span
    start = key.span.start
    if span.start >= key.span.end:
        return Span(span.file, start, span.end)
    ends = (each.end for each, _ in span.file.aliases if each.start >= key.span.end)
    return Span(span.file, start, next(ends, key.span.end))


def place(node: Node) -> Span:
    """The node, or its first line: a span over many lines shows nothing."""
    span = node.span
    end = span.file.text.find("\n", span.start, span.end)
    if end < 0:
        return span
    line = span.file.text[span.start : end].rstrip()
    return Span(span.file, span.start, span.start + len(line))
