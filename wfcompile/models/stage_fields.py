"""Converters and checks of single fields of stages; a field with templates stays a node."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from wfcompile.diagnostics import Note, shortened
from wfcompile.models.shape_error import ShapeError, found, unexpected
from wfcompile.models.values import (
    as_list,
    has_template,
    in_quotes,
    is_text_or_whole,
    number,
    text_scalar,
    whole,
)
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode

_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MATRIX_TEMPLATE = re.compile(r"\$\{\{\s*matrix\s*\.\s*([\w-]+)\??\s*(?:\|[^{}]*)?\}\}")
_sleep = number(
    "a number of seconds from 0 to less than 1800",
    lambda seconds: 0 <= seconds < 1800,
    help="write fewer seconds, and let a schedule do longer waits",
)
_workers = whole(1, 19)


def stage_name(node: Node) -> Scalar:
    """Source: language.md section 4.5, `id` and `name` hold matrix values only.

    Adds WF109 (no name).
    """
    scalar = text_scalar(node)
    if not scalar.text.strip():
        raise unexpected(node, "a name", code="WF109")
    if not has_template(node):
        return scalar
    if "${{" in _MATRIX_TEMPLATE.sub("", scalar.text):
        raise ShapeError(
            "WF109",
            f'is "{shortened(scalar.text)}", but may hold matrix values only',
            scalar.span,
            help="write a constant name",
        )
    return scalar


def shown_name(text: str) -> str:
    """A name in which the keys of matrix values stand for them.

    >>> shown_name("load-${{ matrix.region }}")
    'load-{region}'
    """
    return _MATRIX_TEMPLATE.sub(r"{\1}", text) if "${{" in text else text


def sleep_time(node: Node) -> Scalar:
    _sleep(node)
    assert isinstance(node, Scalar)
    return node


def env_problems(node: Node | None) -> Iterator[ShapeError]:
    """Adds WF106 (a value that is no text), WF109 (a name that no shell can read)."""
    for entry in node if isinstance(node, MappingNode) else ():
        name, value = entry.key, entry.value
        if not isinstance(name.value, str) or not _ENV_NAME.fullmatch(name.text):
            yield ShapeError(
                "WF109",
                f'"{name.text}" is no name that a shell can read',
                name.span,
                subject="environment variable",
                help="use letters, digits and _, and begin with a letter or _",
            )
        if not isinstance(value, Scalar) or not isinstance(value.value, str):
            subject = f'environment variable "{name.text}"'
            yield unexpected(value, "text", subject=subject, help=in_quotes(value))


# --- containers ---


def foreach_items(node: Node) -> Node:
    """A list of text, a list of whole numbers, or text that gives a list when it is read.

    Adds WF117 (both kinds in one list). Source: language.md section 6, foreach; H-1.
    """
    expected = "a list of text or of whole numbers, or a template that gives a list"
    if isinstance(node, SequenceNode):
        _same_kind(node)
        return node
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise unexpected(node, expected)
    if "${" not in node.text and not _is_json_list(node.text):
        raise unexpected(node, expected, help=as_list(node))
    return node


def _is_json_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _same_kind(node: SequenceNode) -> None:
    kinds = set()
    for item in node.items:
        if not is_text_or_whole(item):
            expected = "text or a whole number"
            raise unexpected(item, expected, subject="an item of foreach")
        kinds.add(type(item.value))
        if len(kinds) > 1:
            raise ShapeError(
                "WF117",
                f"is {found(item)} among items of another kind",
                item.span,
                subject="an item of foreach",
                help="write all of them in quotes, or none",
            )


def items_twice(node: Node | None) -> Iterator[ShapeError]:
    """Adds WF119. Items are the keys of the record, so that one item has one place in it."""
    first: dict[object, Scalar] = {}
    for item in node.items if isinstance(node, SequenceNode) else ():
        if not isinstance(item, Scalar):
            continue
        if item.value in first:
            yield ShapeError(
                "WF119",
                "is in the list twice",
                item.span,
                subject=f'item "{shortened(item.text)}"',
                notes=[Note("the first one is here", first[item.value].span)],
                help="remove one of them, or add use_index_as_key: true",
            )
        first.setdefault(item.value, item)


def until_item(node: Node) -> Scalar:
    """Text, a whole number or a boolean."""
    if isinstance(node, Scalar) and isinstance(node.value, (str, int)):
        return node
    raise unexpected(node, "text, a whole number or a boolean")


def workers(node: Node) -> Node:
    """A whole number from 1 to 19, or a template that gives one.

    Source: language.md section 6, parallel; a number as text fails when it runs.
    """
    if has_template(node):
        return node
    if isinstance(node, Scalar) and isinstance(node.value, str):
        raise unexpected(node, "a whole number from 1 to 19, or a template")
    _workers(node)
    return node


def case_value(node: Node) -> Scalar:
    """Text, which may hold templates, or a whole number."""
    if not is_text_or_whole(node):
        raise unexpected(node, "text or a whole number", help=in_quotes(node))
    return node
