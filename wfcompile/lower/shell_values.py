"""What is known of the values in shell text: their types, and whether they may be any text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import TypeVar

from wfcompile import ir
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.nodes import FilterCall, Hole, Path
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_places import asks_for_words, may_be_any_text
from wfcompile.expressions.shell_text import ShellVariable
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.types import Type

T = TypeVar("T")

_CERTAIN = frozenset(("params", "release"))
"""Roots of values that have their types in every run; annotations of callers only promise them."""


def shell_variables(
    env: MappingNode | None, binder: ValueBinder
) -> list[ShellVariable]:
    """The entries of a stage's `env` whose values have templates."""
    quiet = _quiet(binder)
    variables = []
    for entry in env or ():
        if not isinstance(entry.value, Scalar):
            continue
        text = parse_text(entry.value, quiet.diagnostics, env=True)
        if holes := tuple(hole for hole in text.holes if hole.tree is not None):
            variables.append(
                ShellVariable(
                    entry.key.text,
                    entry.value,
                    holes,
                    type_of=partial(_type_of, quiet, entry.value),
                    is_free=partial(_is_free, quiet, entry.value),
                )
            )
    return variables


def is_free_text(scalar: Scalar, hole: Hole, binder: ValueBinder) -> bool:
    """Whether the value may be any text.

    What is made of numbers, dates and choices alone may not, whatever filter forms its text: all
    else in it was written by the author.
    """
    return _is_free(_quiet(binder), scalar, hole)


def _is_free(binder: ValueBinder, scalar: Scalar, hole: Hole) -> bool:
    tree = hole.tree
    if isinstance(tree, FilterCall) and asks_for_words(hole):
        tree = tree.value
    if tree is None:
        return False
    if any(_is_free_path(binder, scalar, path) for path in paths_of(tree)):
        return True
    # a filter of the project may read its text anywhere
    filters = _parts(binder.expression(scalar, tree).expr, ir.Filter)
    return any(each.module is not None for each in filters)


def _is_free_path(binder: ValueBinder, scalar: Scalar, path: Path) -> bool:
    root = path.segments[0].name
    if root in ("matrix", "branch") or (
        root == "item" and binder.scope.is_item_written
    ):
        return False
    return root not in _CERTAIN or may_be_any_text(binder.expression(scalar, path).type)


def is_written(value: ir.Expr) -> bool:
    """Whether the value stands in the YAML."""
    match value:
        case ir.ListExpr(items):
            return all(map(is_written, items))
        case ir.DictExpr(entries):
            return all(is_written(key) and is_written(each) for key, each in entries)
    return isinstance(value, ir.Const)


def _type_of(binder: ValueBinder, scalar: Scalar, hole: Hole) -> Type:
    return binder.hole(scalar, hole).type


def _quiet(binder: ValueBinder) -> ValueBinder:
    """Binds what is bound already: its mistakes are told."""
    return replace(binder, diagnostics=Diagnostics())


def paths_of(tree: object) -> Iterator[Path]:
    """All paths of a tree of expressions."""
    return _parts(tree, Path)


def _parts(tree: object, kind: type[T]) -> Iterator[T]:
    if isinstance(tree, kind):
        yield tree
    if isinstance(tree, tuple):
        for part in tree:
            yield from _parts(part, kind)
    elif is_dataclass(tree):
        for each in fields(tree):
            yield from _parts(getattr(tree, each.name), kind)
