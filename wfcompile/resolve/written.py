"""Small questions to expressions as griffe writes them down.

A griffe expression is an `Expr`, or for a constant its source: `'"text"'`, `"5"`, `"None"`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import griffe

Written: TypeAlias = "str | griffe.Expr | None"


class _Unclear:
    """What cannot be told without running it."""


UNCLEAR: Final = _Unclear()


def constant(written: Written) -> object:
    """The value of a literal, else `UNCLEAR`.

    >>> constant("'daily'")
    'daily'
    """
    try:
        value: object = ast.literal_eval(str(written))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return UNCLEAR
    return value


def head_of(written: Written) -> str:
    """What is called or has brackets: `pydantic.Field` of `pydantic.Field(alias="x")`."""
    if isinstance(written, griffe.ExprCall):
        written = written.function
    if isinstance(written, griffe.ExprSubscript):
        written = written.left
    return str(written)


def parts_of(written: griffe.ExprSubscript) -> tuple[str | griffe.Expr, ...]:
    """What stands between the brackets; of `tuple[()]` that are the inner ones."""
    inside = written.slice
    if isinstance(inside, griffe.ExprTuple):
        return tuple(inside.elements) or ("()",)
    return (inside,)


@dataclass(frozen=True, slots=True)
class CallParts:
    positional: tuple[Written, ...] = ()
    named: dict[str, Written] = field(default_factory=dict)

    def get(self, name: str, index: int | None = None) -> Written:
        """An argument by name, or by its 0-based place."""
        if name in self.named:
            return self.named[name]
        if index is not None and index < len(self.positional):
            return self.positional[index]
        return None


def call_parts(written: Written) -> CallParts:
    """The arguments of a call; none for anything else."""
    if not isinstance(written, griffe.ExprCall):
        return CallParts()
    named: dict[str, Written] = {
        each.name: each.value
        for each in written.arguments
        if isinstance(each, griffe.ExprKeyword)
    }
    positional = tuple(
        each for each in written.arguments if not isinstance(each, griffe.ExprKeyword)
    )
    return CallParts(positional, named)


def entries_of(written: Written) -> Iterator[tuple[object, Written]]:
    """Key and value of each entry of a dict display or a call of `dict`-like `f(key=value)`."""
    if isinstance(written, griffe.ExprDict):
        for key, value in zip(written.keys, written.values, strict=True):
            yield constant(key), value
    yield from call_parts(written).named.items()


def unquoted(written: Written, parent: griffe.Module) -> Written:
    """An annotation in quotes as it would be read without them."""
    if not isinstance(written, str) or not written.startswith(("'", '"')):
        return written
    try:
        text = ast.literal_eval(written)
        node = ast.parse(text.strip(), mode="eval").body
    except (ValueError, SyntaxError, AttributeError, RecursionError, MemoryError):
        return None
    with griffe.logger.disable():
        found: Written = griffe.safe_get_expression(
            node, parent=parent, parse_strings=False
        )
    return found
