"""`Strategy`: the matrix of a job, with the rows that are added and left out.

Source: language.md section 7.3; `include` and `exclude` stand beside `matrix`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from wfcompile.diagnostics import did_you_mean
from wfcompile.models.base import NODE, Anything, Given, Here, NodeModel
from wfcompile.models.shape_error import ShapeError, unexpected
from wfcompile.models.values import (
    Flag,
    From,
    entries,
    has_template,
    items,
    name_of,
    texts_or_numbers,
    whole,
)
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span

_CONSTANT = "write constants, or use foreach for values that the run computes"
_key_name = name_of("a matrix key")
_parallel = whole(1, 9)
_MOST_COMBINATIONS = 10_000


@dataclass(frozen=True, slots=True)
class MatrixKey:
    """One key with its values: all text or all whole numbers."""

    name: str
    span: Span
    values: tuple[str, ...] | tuple[int, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of `include` or `exclude`; it may leave keys of the matrix out."""

    node: MappingNode
    values: dict[str, str | int]


def _matrix_key(entry: Entry) -> MatrixKey:
    key, node = _key_name(entry.key), entry.value
    subject = f'matrix key "{key.text}"'
    if not isinstance(node, SequenceNode):
        help = f"write it as a list: {key.text}: [first, second]"
        if has_template(node):
            help = _CONSTANT
        expected = "a list of text or of whole numbers"
        raise unexpected(node, expected, subject=subject, help=help)
    if not node.items:
        clause = "is an empty list, expected a value"
        help = f"write its values: {key.text}: [first, second], or remove the key"
        raise ShapeError("WF116", clause, node.span, subject=subject, help=help)
    if key.text in ("include", "exclude") and isinstance(node.items[0], MappingNode):
        raise ShapeError(
            "WF106",
            "holds rows, expected text or whole numbers",
            key.span,
            subject=subject,
            help=f'"{key.text}" stands beside "matrix", not below it',
        )
    for item in node.items:
        _refuse_template(item)
    values = texts_or_numbers(node.items, f'a value of matrix key "{key.text}"')
    return MatrixKey(key.text, key.span, values, node)


def _refuse_template(node: Node) -> None:
    if has_template(node):
        raise unexpected(node, "a constant", subject="a matrix value", help=_CONSTANT)


def _matrix_row(node: Node) -> MatrixRow:
    if not isinstance(node, MappingNode):
        expected = "a mapping of matrix keys to values"
        raise unexpected(node, expected, subject="a matrix row")
    values: dict[str, str | int] = {}
    for entry in node:
        key = _key_name(entry.key).text
        _refuse_template(entry.value)
        (values[key],) = texts_or_numbers((entry.value,), f'matrix key "{key}"')
    return MatrixRow(node, values)


def _max_parallel(node: Node) -> Node:
    """A whole number from 1 to 9, or a template that gives one (language.md section 7.3)."""
    if not has_template(node):
        _parallel(node)
    return node


class Strategy(NodeModel):
    """`include` and `exclude` have no effect without a matrix.

    Attributes:
        max_parallel: None when it is not written, which is 1.
    """

    noun: ClassVar[str] = "strategy"

    node: Here = Field(alias=NODE)
    matrix: Annotated[
        tuple[Annotated[MatrixKey, From(_matrix_key)], ...],
        BeforeValidator(entries("a mapping of keys to lists of values")),
    ] = Field((), alias="matrix")
    include: Annotated[
        tuple[Annotated[MatrixRow, From(_matrix_row)], ...],
        BeforeValidator(items("a list of matrix rows")),
    ] = Field((), alias="include")
    exclude: Annotated[
        tuple[Annotated[MatrixRow, From(_matrix_row)], ...],
        BeforeValidator(items("a list of matrix rows")),
    ] = Field((), alias="exclude")
    max_parallel: Annotated[Anything | None, From(_max_parallel)] = Field(
        None, alias="max-parallel"
    )
    fail_fast: Flag = Field(False, alias="fail-fast")

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF118: a row with a key that the matrix does not have (H-8), and WF122."""
        matrix = given.get("matrix")
        if not isinstance(matrix, MappingNode) or not matrix.entries:
            return
        yield from _too_many(matrix, node)
        keys = [entry.key.text for entry in matrix]
        for name in ("include", "exclude"):
            rows = given.get(name)
            for row in rows.items if isinstance(rows, SequenceNode) else ():
                for entry in row if isinstance(row, MappingNode) else ():
                    if entry.key.text not in keys:
                        yield _foreign_key(entry.key, name, keys)


def _too_many(matrix: MappingNode, strategy: MappingNode) -> Iterable[ShapeError]:
    """Adds WF122: more combinations than anybody wants to run, or a compiler to count."""
    lists = [each.value for each in matrix if isinstance(each.value, SequenceNode)]
    count = prod(len(each.items) for each in lists)
    entry = strategy.entry("matrix")
    if count > _MOST_COMBINATIONS and entry is not None:
        yield ShapeError(
            "WF122",
            f"has {count} combinations, expected at most {_MOST_COMBINATIONS}",
            entry.key.span,
            subject="the matrix",
            help="use fewer values, or several jobs",
        )


def _foreign_key(key: Scalar, where: str, keys: list[str]) -> ShapeError:
    return ShapeError(
        "WF118",
        f'is in "{where}" but not in the matrix',
        key.span,
        subject=f'matrix key "{key.text}"',
        help=did_you_mean(key.text, keys) or f"the matrix has {', '.join(keys)}",
    )
