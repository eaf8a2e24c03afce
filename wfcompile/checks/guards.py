"""Which conditions hold where something is read, and whether they make another one hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wfcompile import ir
from wfcompile.checks.truth import Domain, verdict
from wfcompile.ir.parts import inner_fields

Guards = tuple[ir.Expr, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One read of a stage's outputs, with the conditions that hold when it happens."""

    function: str
    guards: Guards


def reads(part: Any, guards: Guards) -> Iterator[Read]:
    """Those in a part of the IR; what decides inside an expression counts as a condition."""
    match part:
        case ir.Outputs(function):
            yield Read(function, guards)
        case ir.Conditional(test, then, otherwise):
            yield from reads(test, guards)
            yield from reads(then, (*guards, test))
            yield from reads(otherwise, (*guards, ir.Unary("not", test)))
        case ir.Logic(op, operands):
            for operand in operands:
                yield from reads(operand, guards)
                held = operand if op == "and" else ir.Unary("not", operand)
                guards = (*guards, held)
        case ir.Stage() | ir.Const():
            return
        case tuple():
            for each in part:
                yield from reads(each, guards)
        case _:
            for name in inner_fields(part.__class__):
                yield from reads(getattr(part, name), guards)


def implied(condition: ir.Expr, guards: Guards, domain: Domain) -> bool:
    """Whether the condition holds wherever all the guards do."""
    held = set(map(repr, _conjuncts(guards)))
    if all(repr(each) in held for each in _conjuncts([condition])):
        return True
    denied = tuple(ir.Unary("not", guard) for guard in guards)
    return verdict(ir.Logic("or", (*denied, condition)), domain).holds is True


def _conjuncts(exprs: Iterable[ir.Expr]) -> Iterator[ir.Expr]:
    for expr in exprs:
        match expr:
            case ir.Logic("and", operands):
                yield from _conjuncts(operands)
            case _:
                yield expr


def lookups(parts: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    """The paths that are looked up in parts of the IR, but not in stages inside them."""
    for part in parts:
        match part:
            case ir.Lookup(path):
                yield path
            case ir.Stage():
                continue
            case tuple():
                yield from lookups(part)
            case ir.Const():
                pass
            case _:
                names = inner_fields(part.__class__)
                yield from lookups(getattr(part, name) for name in names)
