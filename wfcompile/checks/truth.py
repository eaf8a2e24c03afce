"""What a condition of the IR says for sure: whether it holds in every run, in none, or in some.

Values are known where the YAML has them: constants, the options of a choice, the rows of a matrix,
the items of a list that is written out. All of them are tried; what else an expression holds may
be anything. An operation that fails on its values is not known either: what the run makes of it is
told elsewhere.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import product
from math import prod
from operator import add, eq, floordiv, ge, gt, is_, is_not, le, lt, mod, mul, ne, sub
from typing import Any

from wfcompile import ir

_MOST = 1000
"""Of more combinations nothing is said."""

_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    **{"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge},
    **{"is": is_, "is not": is_not},
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    **{"+": add, "-": sub, "*": mul, "//": floordiv, "%": mod},
}
_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {"bool": bool, "len": len, "str": str}
_METHODS = frozenset(
    ["lower", "upper", "title", "strip", "lstrip", "rstrip", "startswith", "endswith"]
)
"""Those of a text that have no more than texts as arguments."""

Known = Mapping[ir.Expr, ir.Value]


class _Unknown:
    """In the place of a value that only the run has."""


_UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class Domain:
    """Attributes:
    values: an expression -> all that it can be, each by itself.
    rows: the combinations of the matrix that run.
    """

    values: Mapping[ir.Expr, Sequence[ir.Value]] = field(default_factory=dict)
    rows: Sequence[Mapping[str, str | int]] = ()

    def having(self, values: Mapping[ir.Expr, Sequence[ir.Value]]) -> Domain:
        return replace(self, values={**self.values, **values})

    def without(self, *exprs: ir.Expr) -> Domain:
        kept = {key: each for key, each in self.values.items() if key not in exprs}
        return replace(self, values=kept)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Attributes:
    holds: True: in every run; False: in none; None: that depends.
    reads: what the answer was tried with: an expression -> its values.
    """

    holds: bool | None
    reads: Mapping[ir.Expr, Sequence[ir.Value]]


def verdict(condition: ir.Expr, domain: Domain) -> Verdict:
    parts = [*dict.fromkeys(parts_of(condition))]
    ways = _ways(parts, domain)
    if ways is None:
        return Verdict(None, {})
    answers = {_truth(condition, known) for known in ways}
    reads = {each: domain.values[each] for each in parts if each in domain.values}
    for each in parts:
        if isinstance(each, ir.MatrixValue):
            reads[each] = _column(each.key, domain)
    return Verdict(answers.pop() if len(answers) == 1 else None, reads)


def possible_values(
    expr: ir.Expr, guards: Sequence[ir.Expr], domain: Domain
) -> list[ir.Value] | None:
    """All that an expression can be where the guards hold; None when that is not known."""
    ways = _ways([*dict.fromkeys(parts_of((expr, *guards)))], domain)
    found = [
        _value(expr, known)
        for known in ways or ()
        if all(_truth(guard, known) is not False for guard in guards)
    ]
    is_known = ways is not None and not any(isinstance(v, _Unknown) for v in found)
    return list(dict.fromkeys(found)) if is_known else None


def _ways(parts: Iterable[ir.Expr], domain: Domain) -> list[Known] | None:
    """The values that the parts can have together; None when they are too many."""
    parts = list(parts)
    keys = [each.key for each in parts if isinstance(each, ir.MatrixValue)]
    axes = [
        [{each: value} for value in domain.values[each]]
        for each in parts
        if each in domain.values
    ]
    if keys:
        axes.append(_matrix_axis(keys, domain.rows))
    if prod(map(len, axes)) > _MOST:
        return None
    return [ChainMap(*combination) for combination in product(*axes)]


def _matrix_axis(
    keys: Sequence[str], rows: Iterable[Mapping[str, str | int]]
) -> list[dict[ir.Expr, ir.Value]]:
    """Each combination once; a key that a row lacks is not known in it."""
    found = dict.fromkeys(
        tuple((key, row[key]) for key in keys if key in row) for row in rows
    )
    return [{ir.MatrixValue(key): value for key, value in each} for each in found]


def _column(key: str, domain: Domain) -> list[ir.Value]:
    return list(dict.fromkeys(row[key] for row in domain.rows if key in row))


def parts_of(expr: object) -> Iterator[ir.Expr]:
    """The expressions of an expression that can be known by themselves."""
    if isinstance(expr, ir.Param | ir.MatrixValue | ir.ContextValue):
        yield expr
    elif isinstance(expr, tuple):
        for each in expr:
            yield from parts_of(each)
    elif is_dataclass(expr) and not isinstance(expr, ir.Const):
        for own in fields(expr):
            yield from parts_of(getattr(expr, own.name))


# --- truth ---


def _truth(expr: ir.Expr, known: Known) -> bool | None:
    match expr:
        case ir.Unary("not", operand):
            return _negated(_truth(operand, known))
        case ir.Logic("and", operands):
            return _all(_truth(each, known) for each in operands)
        case ir.Logic("or", operands):
            return _negated(_all(_negated(_truth(each, known)) for each in operands))
        case ir.Comparison(left, rest):
            return _all(_links(left, rest, known))
    value = _value(expr, known)
    return None if isinstance(value, _Unknown) else bool(value)


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if False in found:
        return False
    return None if None in found else True


def _links(
    left: ir.Expr, rest: Iterable[tuple[str, ir.Expr]], known: Known
) -> Iterator[bool | None]:
    """One answer for each operator of a chain."""
    for op, right in rest:
        if op in ("==", "!=") and left == right:
            yield op == "=="  # whatever it is: it is compared with itself
        else:
            made = _made(_COMPARISONS[op], _value(left, known), _value(right, known))
            yield None if isinstance(made, _Unknown) else bool(made)
        left = right


# --- values ---


def _value(expr: ir.Expr, known: Known) -> Any:
    match expr:
        case ir.Param() | ir.MatrixValue() | ir.ContextValue():
            return known.get(expr, _UNKNOWN)
        case ir.Const(value):
            return value
        case ir.ListExpr(items) | ir.TupleExpr(items):
            return _made(lambda *found: list(found), *_values(items, known))
        case ir.Join(parts):
            return _made(_joined, *_values(parts, known))
        case ir.Unary("-", operand):
            return _made(lambda value: -value, _value(operand, known))
        case ir.Binary(op, left, right) if op in _ARITHMETIC:
            return _calculated(op, _value(left, known), _value(right, known))
        case ir.Call(name, (only,)) if name in _FUNCTIONS:
            return _made(_FUNCTIONS[name], _value(only, known))
        case ir.Method(receiver, name, args) if name in _METHODS:
            return _of_text(name, _value(receiver, known), _values(args, known))
        case ir.Conditional(test, then, otherwise):
            return _chosen(_truth(test, known), then, otherwise, known)
        case ir.Unary("not") | ir.Comparison():
            answer = _truth(expr, known)
            return _UNKNOWN if answer is None else answer
    return _UNKNOWN


def _values(exprs: Iterable[ir.Expr], known: Known) -> list[Any]:
    return [_value(each, known) for each in exprs]


def _made(function: Callable[..., Any], *values: Any) -> Any:
    if any(isinstance(each, _Unknown) for each in values):
        return _UNKNOWN
    try:
        return function(*values)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return _UNKNOWN


def _joined(*parts: Any) -> Any:
    """Texts and numbers: how others are written as text is the runtime's."""
    if all(type(each) in (str, int) for each in parts):
        return "".join(map(str, parts))
    return _UNKNOWN


def _calculated(op: str, left: Any, right: Any) -> Any:
    """With numbers alone: a text times a number may be of any size."""
    is_number = {type(left), type(right)} <= {int, float}
    return _made(_ARITHMETIC[op], left, right) if is_number else _UNKNOWN


def _of_text(name: str, receiver: Any, args: Sequence[Any]) -> Any:
    if not all(isinstance(each, str) for each in (receiver, *args)):
        return _UNKNOWN
    return _made(getattr(receiver, name), *args)


def _chosen(test: bool | None, then: ir.Expr, otherwise: ir.Expr, known: Known) -> Any:
    if test is None:
        return _UNKNOWN
    return _value(then if test else otherwise, known)
