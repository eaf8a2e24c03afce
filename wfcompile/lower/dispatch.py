"""A name with templates in it (`uses`, `trigger`) -> the table of the names that it can be.

Where each template has known values (a choice, a key of the matrix) the table is made of them:
of the rows of the matrix that run, and each option of a choice. A template that may give any text
makes a pattern of the name, and the table holds what matches it. The keys are in the order of the
values, or sorted. That nothing is left is for the caller to say.
Adds WF416 (a template that gives no text).
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Protocol, TypeAlias

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.typed import POISON, Typed
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.lexer import OPEN
from wfcompile.expressions.nodes import EnvRef, Hole, TextPart
from wfcompile.expressions.parser import parse_text
from wfcompile.nodes import Scalar, is_unread
from wfcompile.resolve.misfits import in_words
from wfcompile.types import NONE, STR, ListType, LiteralType, MapType, RecordType

_MOST_COMBINATIONS = 1000
"""Of more the names are not put together one by one, but matched with those that there are."""


class Candidates(Protocol):
    """The names that there are."""

    def has(self, name: str) -> bool:
        """Whether there is this one."""

    def matching(self, parts: Sequence[str | None]) -> Iterable[str]:
        """At least those that begin, go on and end with the parts; None stands for any text."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A name without templates, or with constants alone."""

    text: str


Key: TypeAlias = "str | int | bool"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Attributes:
    key: what picks a name when the stage runs.
    table: its values, each with the name that it stands for.
    is_sure: each of the values can come, whether there is such a name or not. Two choices that
        belong together have combinations that nobody asks for.
    """

    key: ir.Expr
    table: tuple[tuple[Key, str], ...]
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class _Template:
    """A part of the name that is known when the stage runs; `values` empty for any text."""

    typed: Typed
    values: tuple[Key, ...] = ()

    @property
    def pattern(self) -> str:
        texts = "|".join(re.escape(str(value)) for value in self.values)
        return f"({texts or '.*'})"


_Part: TypeAlias = "str | _Template"


def dispatch(
    scalar: Scalar,
    binder: ValueBinder,
    candidates: Candidates,
    *,
    key: str,
    env: bool = False,
) -> Fixed | Dispatch | None:
    """What the name of a scalar can be; None when something about it was reported.

    Args:
        key: the key of the stage that holds the scalar.
        env: references to the environment are read.
    """
    parts = _parts(scalar, binder, key=key, env=env)
    if parts is None:
        return None
    templates = [part for part in parts if isinstance(part, _Template)]
    if not templates:
        return Fixed("".join(map(str, parts)).strip())
    if not all(template.values for template in templates):
        return _matched(parts, templates, candidates)
    if len(templates) == 1:
        (only,) = templates
        table = [
            (value, _text(parts, {only.typed.expr: value})) for value in only.values
        ]
        return Dispatch(only.typed.expr, tuple(table), is_sure=True)
    axes = _axes(templates, binder.scope.rows)
    if prod(map(len, axes)) > _MOST_COMBINATIONS:
        return _matched(parts, templates, candidates)
    return _combined(parts, axes, candidates)


def has_templates(scalar: Scalar) -> bool:
    return OPEN in scalar.text


def is_written_out(scalar: Scalar) -> bool:
    """Whether the name is all there: it was read, and has no templates."""
    return not is_unread(scalar) and not has_templates(scalar)


def name_parts(scalar: Scalar) -> list[str | None]:
    """The fixed text of a name, None where a template stands; nothing is reported."""
    text = parse_text(scalar, Diagnostics(), env=False)
    return [part if isinstance(part, str) else None for part in _stripped(text.parts)]


# --- the parts ---


def _parts(
    scalar: Scalar, binder: ValueBinder, *, key: str, env: bool
) -> list[_Part] | None:
    text = parse_text(scalar, binder.diagnostics, env=env)
    parts: list[_Part] = []
    is_sound = True
    for part in _stripped(text.parts):
        match part:
            case str():
                parts.append(part)
            case EnvRef():
                reference = binder.uses.env(scalar, part)
                parts.append(_Template(Typed(reference, STR)))
            case Hole():
                found = _hole(scalar, part, binder, key)
                is_sound &= found is not None
                parts.append(found or "")
    return _merged(parts) if is_sound else None


def _merged(parts: Iterable[_Part]) -> list[_Part]:
    """Texts that stand side by side as one."""
    merged: list[_Part] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _stripped(parts: Sequence[TextPart]) -> Iterator[TextPart]:
    """Without white space at both ends."""
    last = len(parts) - 1
    for index, part in enumerate(parts):
        if isinstance(part, str):
            part = part.lstrip() if index == 0 else part
            part = part.rstrip() if index == last else part
        if part != "":
            yield part


def _hole(scalar: Scalar, hole: Hole, binder: ValueBinder, key: str) -> _Part | None:
    typed = binder.hole(scalar, hole)
    if typed is POISON:
        return None
    if isinstance(typed.expr, ir.Const) and isinstance(typed.expr.value, str | int):
        return str(typed.expr.value)
    if isinstance(typed.type, ListType | MapType | RecordType) or typed.type == NONE:
        binder.diagnostics.error(
            "WF416",
            f'the template in "{key}" is {in_words(typed.type)}, expected text',
            scalar.span_of(hole.start, hole.end),
            help="write a template that gives a text",
        )
        return None
    return _Template(typed, tuple(_values(typed, binder)))


def _values(typed: Typed, binder: ValueBinder) -> Iterable[Key]:
    match typed.expr, typed.type:
        case ir.MatrixValue(key), _:
            return (binder.scope.matrix or {})[key].values
        case _, LiteralType(values):
            return values
    return ()


# --- the table ---


_Values: TypeAlias = "Mapping[ir.Expr, Key]"
"""A value for each template."""


def _axes(
    templates: Sequence[_Template], rows: Sequence[Mapping[str, str | int]]
) -> list[list[_Values]]:
    """What varies on its own: each choice, and the keys of the matrix together."""
    axes: dict[ir.Expr | None, list[_Values]] = {}
    keys = [t.typed.expr for t in templates if isinstance(t.typed.expr, ir.MatrixValue)]
    for template in templates:
        expr = template.typed.expr
        if isinstance(expr, ir.MatrixValue):
            axes[None] = [
                {key: row[key.key] for key in keys}
                for row in rows
                if all(key.key in row for key in keys)
            ]
        else:
            axes[expr] = [{expr: value} for value in template.values]
    return [*axes.values()]


def _combined(
    parts: Sequence[_Part], axes: Sequence[Sequence[_Values]], candidates: Candidates
) -> Dispatch:
    texts = dict.fromkeys(
        _text(parts, ChainMap(*map(dict, values))) for values in product(*axes)
    )
    is_sure = sum(not _is_matrix(axis) for axis in axes) <= 1
    table = tuple((text, text) for text in texts if is_sure or candidates.has(text))
    return Dispatch(_joined(parts), table, is_sure)


def _is_matrix(axis: Sequence[_Values]) -> bool:
    return all(isinstance(expr, ir.MatrixValue) for values in axis for expr in values)


def _text(parts: Iterable[_Part], values: _Values) -> str:
    return "".join(
        part if isinstance(part, str) else str(values[part.typed.expr])
        for part in parts
    )


def _joined(parts: Iterable[_Part]) -> ir.Expr:
    exprs = [
        ir.Const(part) if isinstance(part, str) else part.typed.expr for part in parts
    ]
    return ir.Join(tuple(exprs))


def _matched(
    parts: Sequence[_Part], templates: Sequence[_Template], candidates: Candidates
) -> Dispatch:
    """The keys are what the only template gives as text, or whole names."""
    pattern = re.compile(
        "".join(
            re.escape(part) if isinstance(part, str) else part.pattern for part in parts
        ),
        re.DOTALL,
    )
    shape = [part if isinstance(part, str) else None for part in parts]
    names = sorted(set(candidates.matching(shape)))
    found = [match for match in map(pattern.fullmatch, names) if match]
    if len(templates) > 1:
        return Dispatch(_joined(parts), tuple((each[0], each[0]) for each in found))
    (only,) = templates
    expr = only.typed.expr
    key = expr if plain(only.typed.type) == STR else ir.Join((expr,))
    return Dispatch(key, tuple((each[1], each[0]) for each in found))
