"""Node -> the value of a field: what the fields of all models are made of.

Each converter takes a node and returns the field's value, or raises `ShapeError` with what it
found and what it expected; in a field the error is then the value, `Unread`. Numbers and booleans are also read from text, as pydantic's lax mode
does in the interpreter; text is never made of anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Annotated, TypeAlias, TypeGuard

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from wfcompile.diagnostics import Replacement, did_you_mean, shortened
from wfcompile.models.shape_error import ShapeError, Unread, unexpected
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_DURATION = re.compile(r"(?P<count>[1-9][0-9]{0,8})\s*(?P<unit>[smhdw])")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_MOST_DOUBLES = 20
"""A file with more is no work of hands."""
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_WORDS_OF_TRUTH = {
    **dict.fromkeys(("true", "yes", "on", "y", "t", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "f", "0"), False),
}


@dataclass(frozen=True)
class From:
    """The field's value is what `convert` makes of the node."""

    convert: Callable[..., object]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        # the handler would look into the dataclasses of the node tree
        return core_schema.no_info_plain_validator_function(self._value)

    def _value(self, node: object) -> object:
        if isinstance(node, Unread):
            return node
        try:
            return self.convert(node)
        except ShapeError as error:
            return Unread(error)


def optional(convert: Callable[[Node], object]) -> Callable[[Node], object]:
    """The same for a key that may be written without a value."""
    return lambda node: None if is_empty(node) else convert(node)


def is_empty(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is None


def is_text_or_whole(node: Node) -> TypeGuard[Scalar]:
    """Whether it is text or a whole number; a boolean is neither."""
    if not isinstance(node, Scalar) or isinstance(node.value, bool):
        return False
    return isinstance(node.value, (str, int))


def has_template(node: Node) -> bool:
    return isinstance(node, Scalar) and "${{" in node.text


# --- text ---


def text_scalar(node: Node) -> Scalar:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node
    raise unexpected(node, "text", help=in_quotes(node))


def text(node: Node) -> str:
    return text_scalar(node).text


def description(node: Node) -> str | None:
    """Source: language.md section 2, `desc`; null is nothing (H-42)."""
    if is_empty(node):
        return None
    return dedent(text(node).lstrip("\n"))


def name_of(what: str) -> Callable[[Node], Scalar]:
    """A text that names something: not empty, no template. Adds WF109.

    Source: language.md section 1.9.
    """

    def convert(node: Node) -> Scalar:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise unexpected(node, "text", subject=what, help=in_quotes(node))
        if not node.text.strip():
            raise unexpected(node, "a name", code="WF109", subject=what)
        if has_template(node):
            clause = f'"{shortened(node.text)}" holds a template'
            raise ShapeError(
                "WF109", clause, node.span, subject=what, help="write a constant name"
            )
        return node

    return convert


def in_quotes(node: Node) -> Replacement | None:
    """The help for a value that YAML reads as something else than text."""
    if not isinstance(node, Scalar) or node.value is None or "\n" in node.text:
        return None
    return quoted(node.text)


def quoted(text: str) -> Replacement:
    return Replacement.of(f'write it in quotes: "{text}"', f'"{text}"')


# --- numbers and words ---


def whole(low: int, high: int) -> Callable[[Node], int]:
    """A whole number from `low` to `high`. Adds WF107 (out of range)."""
    expected = f"a whole number from {low} to {high}"

    def convert(node: Node) -> int:
        value = whole_value(node)
        if value is None:
            raise unexpected(node, expected, help=_constant(node))
        if not low <= value <= high:
            near, others = (low, "larger") if value < low else (high, "smaller")
            help = f"write {near}, or a {others} number"
            raise unexpected(node, expected, code="WF107", help=help)
        return value

    return convert


def whole_value(node: Node) -> int | None:
    """The whole number that is written there, also as text, or None."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def number(
    expected: str, fits: Callable[[float], bool], *, help: str
) -> Callable[[Node], float]:
    """A finite number that `fits`; `expected` says which do. Adds WF107 with the `help`."""

    def convert(node: Node) -> float:
        value = _number_value(node)
        if value is None:
            raise unexpected(node, expected, help=_constant(node))
        if not math.isfinite(value) or not fits(value):
            raise unexpected(node, expected, code="WF107", help=help)
        return value

    return convert


def duration(node: Node) -> float:
    """Seconds above 0: a number of them, or text such as `90m`, `12h`, `2d`, `1w`."""
    value = node.value if isinstance(node, Scalar) else None
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        return int(found["count"]) * _SECONDS[found["unit"]]
    if (
        isinstance(value, str)
        and _number_value(node) is None
        and not has_template(node)
    ):
        raise unexpected(node, _DURATIONS, help=_DURATION_HELP)
    return _duration_in_seconds(node)


def _number_value(node: Node) -> float | None:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def flag(node: Node) -> bool:
    value = flag_value(node)
    if value is None:
        raise unexpected(node, "true or false", help=_constant(node))
    return value


def flag_value(node: Node | None) -> bool | None:
    """The truth that is written there, also as a word, or None."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return value if isinstance(value, bool) else None
    return _WORDS_OF_TRUTH.get(str(value).lower())


def condition(node: Node) -> Node:
    """Text or a boolean, as a node."""
    if isinstance(node, Scalar) and isinstance(node.value, (str, bool)):
        return node
    raise unexpected(node, "text or a boolean")


def condition_text(node: Node) -> Scalar:
    """A condition where neither a boolean nor an empty text is taken.

    The interpreter fails over an empty one of a job or an `until`, whenever it comes to it.
    """
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.text.strip():
        return node
    is_truth = isinstance(node, Scalar) and isinstance(node.value, bool)
    text = node.text.capitalize() if isinstance(node, Scalar) else ""
    help = quoted(text) if is_truth else None
    raise unexpected(node, "the text of a condition", help=help)


def _constant(node: Node) -> str | None:
    return (
        "no template can stand here: write a constant" if has_template(node) else None
    )


def word(*words: str, also: Mapping[str, str] | None = None) -> Callable[[Node], str]:
    """One of a few words. Adds WF108 (another one).

    Args:
        also: wrong words that people use -> the right one.
    """
    expected = f"one of {', '.join(words)}"

    def convert(node: Node) -> str:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise unexpected(node, expected)
        if node.text in words:
            return node.text
        lower = node.text.strip().lower()
        right = (also or {}).get(lower)
        help = f'did you mean "{right}"?' if right else did_you_mean(lower, words)
        raise unexpected(node, expected, code="WF108", help=help)

    return convert


# --- lists and mappings ---


Items: TypeAlias = "tuple[Node | Entry | Unread, ...]"


def items(expected: str) -> Callable[[object], Items]:
    """The nodes of a list, for pydantic to validate one by one."""

    def convert(node: object) -> Items:
        if isinstance(node, SequenceNode):
            return node.items
        if isinstance(node, Unread):
            return no_items(node.error)
        assert isinstance(node, (Scalar, MappingNode)), node
        return no_items(unexpected(node, expected, help=_as_list(node)))

    return convert


def no_items(error: ShapeError | None) -> Items:
    """What stands for a list that could not be read."""
    return (Unread(error, is_list=True),)


def _as_list(node: Scalar | MappingNode) -> str | None:
    if isinstance(node, MappingNode):
        return 'begin each item with "- "'
    if node.value is None:
        return "write [] for none"
    if not isinstance(node.value, str) or "\n" in node.text or has_template(node):
        return None
    return as_list(node)


def as_list(node: Scalar) -> str:
    """The help for one word where a list is wanted."""
    line = f"write it as a list: [{node.text}]"
    is_word = node.style == "" and _WORD.fullmatch(node.text)
    return Replacement.of(line, f"[{node.text}]") if is_word else line


def entries(
    expected: str, *, help: str | None = None, with_doubles: bool = False
) -> Callable[[object], Items]:
    """The entries of a mapping, for pydantic to validate one by one.

    So are those of a list that look like entries.

    Args:
        with_doubles: and those whose keys are there before, the first of them.
    """

    def convert(node: object) -> Items:
        if isinstance(node, MappingNode):
            further = node.doubles[:_MOST_DOUBLES] if with_doubles else ()
            return (*node.entries, *further)
        if isinstance(node, Unread):
            return no_items(node.error)
        assert isinstance(node, (Scalar, SequenceNode)), node
        error = unexpected(node, expected, help=help)
        return (*no_items(error), *_meant_entries(node))

    return convert


def _meant_entries(node: Scalar | SequenceNode) -> Iterator[Entry]:
    """`- a: {...}`, `- a:` with the body beside it, `- name: a` with the body beside it."""
    for item in node.items if isinstance(node, SequenceNode) else ():
        if not isinstance(item, MappingNode) or not item.entries:
            continue
        first, *others = item.entries
        if not others and not isinstance(first.value, Scalar):
            yield first
        elif others and isinstance(first.value, Scalar):
            name = first.key if first.value.value is None else first.value
            yield Entry(name, MappingNode(tuple(others), item.span))


def mapping(expected: str) -> Callable[[Node], MappingNode]:
    """A mapping, which stays a node."""

    def convert(node: Node) -> MappingNode:
        if isinstance(node, MappingNode):
            return node
        raise unexpected(node, expected)

    return convert


def mapping_of(expected: str) -> Callable[[Node], MappingNode]:
    """A mapping with names as keys; it stays a node. Adds WF109 (another key)."""
    is_mapping, check = mapping(expected), name_of("a key")

    def convert(node: Node) -> MappingNode:
        for entry in is_mapping(node):
            check(entry.key)
        return is_mapping(node)

    return convert


def texts_or_numbers(
    nodes: tuple[Node, ...], what: str
) -> tuple[str, ...] | tuple[int, ...]:
    """All text, or all whole numbers; text that is a number counts among numbers.

    Adds WF117 (both kinds). Source: language.md sections 3 and 7.3; booleans, which the
    interpreter turns into 1 and 0, are refused (differences D10).
    """
    for node in nodes:
        if not is_text_or_whole(node):
            raise unexpected(
                node, "text or a whole number", subject=what, help=in_quotes(node)
            )
    values = [node.value for node in nodes if isinstance(node, Scalar)]
    if all(isinstance(value, str) for value in values):
        return tuple(map(str, values))
    numbers = [whole_value(node) for node in nodes]
    for node, each in zip(nodes, numbers, strict=True):
        if each is None:
            raise unexpected(
                node,
                "a whole number like the others",
                code="WF117",
                subject=what,
                help="write all of them in quotes, or none",
            )
    return tuple(each for each in numbers if each is not None)


_DURATIONS = "a duration such as 12h, 2d or 3600"
_DURATION_HELP = "write a number of seconds, or one with s, m, h, d or w behind it"
_duration_in_seconds = number(_DURATIONS, lambda value: value > 0, help=_DURATION_HELP)

Text: TypeAlias = Annotated[str, From(text)]
TextScalar: TypeAlias = Annotated[Scalar, From(text_scalar)]
Description: TypeAlias = Annotated[str | None, From(description)]
Flag: TypeAlias = Annotated[bool, From(flag)]
Seconds: TypeAlias = Annotated[
    float,
    From(
        number(
            "a number of seconds above 0",
            lambda value: value > 0,
            help="write how many seconds, such as 3600, or remove it",
        )
    ),
]
Duration: TypeAlias = Annotated[float, From(duration)]
