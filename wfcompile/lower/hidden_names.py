"""Names that are taken in the function of a block: by its values, and by its own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from math import isfinite

from wfcompile import ir
from wfcompile.expressions.nodes import Hole

_WORD = re.compile(r"[^\W\d]\w*")


def names_read(part: object) -> Iterator[str]:
    """All but `ctx` and `rt`, which no block can bind; builtins count.

    Args:
        part: an expression, or what one holds.
    """
    match part:
        case tuple():
            for each in part:
                yield from names_read(each)
        case ir.Const(value):
            yield from _of_constant(value)
        case ir.Call(function):
            yield function.partition(".")[0]
        case ir.Filter(str(module)):
            yield module.partition(".")[0]
        case ir.Outputs(function) | ir.MatrixOutputs(function):
            yield function
    if is_dataclass(part) and not isinstance(part, ir.Const):
        for field in fields(part):
            yield from names_read(getattr(part, field.name))


def words_of(text: str, holes: Iterable[Hole]) -> list[str]:
    """All that may be a name in a block, its templates left out."""
    at, words = 0, []
    for hole in holes:
        words += _WORD.findall(text[at : hole.start])
        at = hole.end
    return words + _WORD.findall(text[at:])


def _of_constant(value: ir.Value) -> Iterator[str]:
    match value:
        case list():
            for each in value:
                yield from _of_constant(each)
        case dict():
            for each in value.values():
                yield from _of_constant(each)
        case datetime():
            yield from ("datetime", "timezone", "timedelta")
        case date():
            yield "date"
        case float() if not isfinite(value):
            yield "float"
