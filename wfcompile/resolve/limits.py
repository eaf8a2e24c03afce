"""The bounds that a declaration sets to its value: `Field(ge=1)`, `PositiveInt`, `constr(...)`.

Goes in: an annotation, and the `Field(...)` behind it; comes out: `Limits`, with which a constant
of the YAML is compared. A bound that is not written as a constant is left out, and so is what
pydantic's own engine reads in another way than Python: nothing is told that need not be true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import ge, gt, le, lt

import griffe

from wfcompile.resolve.sources import Definition, Scope, Sources
from wfcompile.resolve.written import Written, call_parts, constant, parts_of, unquoted
from wfcompile.source import Span

_DEPTH = 20
_NESTED = 5
"""So deep are lists in lists looked into."""
_NAMED: dict[str, dict[str, int]] = {
    **dict.fromkeys(("PositiveInt", "PositiveFloat"), {"gt": 0}),
    **dict.fromkeys(("NegativeInt", "NegativeFloat"), {"lt": 0}),
    **dict.fromkeys(("NonNegativeInt", "NonNegativeFloat"), {"ge": 0}),
    **dict.fromkeys(("NonPositiveInt", "NonPositiveFloat"), {"le": 0}),
}
_MARKS = {
    **{"Ge": "ge", "Gt": "gt", "Le": "le", "Lt": "lt", "MultipleOf": "multiple_of"},
    **{"MinLen": "min_length", "MaxLen": "max_length"},
}
"""Classes of `annotated_types` -> the keyword of `Field` that means the same."""
_OF_ITEMS = {
    **dict.fromkeys(("list", "List", "Sequence", "MutableSequence"), 0),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet"), 0),
    **dict.fromkeys(("dict", "Dict", "Mapping", "MutableMapping"), -1),
}
"""What holds items -> which part between its brackets says what they are."""
_SETS = ("Field", "StringConstraints", "Interval", "Query")
_MAKERS = ("conint", "confloat", "condecimal", "constr", "conlist")
_ALTERING = ("strip_whitespace", "to_lower", "to_upper")
_LENGTHS = ("min_length", "max_length", "min_items", "max_items")
_TEXT = (*_LENGTHS, "pattern")

_LONGEST = 64
"""Longer texts are not matched with a pattern."""
_LONGEST_NESTED = 16
"""The same for patterns with repetitions inside of repetitions, which can take very long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Attributes:
    bounds: keyword of `Field` -> the constant.
    place: where they are declared.
    inside: those of each item of a list, each value of a mapping.
    """

    bounds: Mapping[str, object]
    place: Span
    inside: Limits | None = None


@dataclass(slots=True)
class _Found:
    bounds: dict[str, object] = field(default_factory=dict)
    inside: tuple[Written, Scope] | None = None

    def take(self, written: Written) -> None:
        for name, each in call_parts(written).named.items():
            self.bounds[name] = constant(each)


def read_limits(
    annotation: Written,
    default: Written,
    scope: Scope,
    sources: Sources,
    place: Span,
    *,
    depth: int = _NESTED,
) -> Limits | None:
    """None without any.

    Args:
        default: what stands behind the `=`; only a `Field(...)` counts.
    """
    found = _Found()
    _of_annotation(annotation, scope, sources, found, _DEPTH)
    if sources.name_of(default, scope) in _SETS:
        found.take(default)
    bounds = found.bounds
    if any(bounds.get(name) not in (None, False) for name in _ALTERING):
        bounds = {name: each for name, each in bounds.items() if name not in _TEXT}
    kept = {name: each for name, each in bounds.items() if name in _CHECKS}
    inside = None
    if found.inside is not None and depth:
        item, where = found.inside
        inside = read_limits(item, None, where, sources, place, depth=depth - 1)
    return Limits(kept, place, inside) if kept or inside else None


def without_text_limits(limits: Limits | None) -> Limits | None:
    """For a model that rewrites its texts before it looks at them."""
    if limits is None:
        return None
    kept = {name: each for name, each in limits.bounds.items() if name not in _TEXT}
    inside = without_text_limits(limits.inside)
    return Limits(kept, limits.place, inside) if kept or inside else None


def _of_annotation(
    written: Written, scope: Scope, sources: Sources, found: _Found, depth: int
) -> None:
    plain = unquoted(written, scope.module.tree)
    if plain is None or isinstance(plain, str) or not depth:
        return
    match plain:
        case griffe.ExprBinOp(operator="|"):
            sides = [each for each in (plain.left, plain.right) if str(each) != "None"]
            if len(sides) == 1:
                _of_annotation(sides[0], scope, sources, found, depth - 1)
        case griffe.ExprSubscript():
            _of_brackets(plain, scope, sources, found, depth)
        case griffe.ExprCall() if sources.name_of(plain, scope) in _MAKERS:
            found.take(plain)
            if sources.name_of(plain, scope) == "conlist":
                found.inside = (call_parts(plain).get("item_type", 0), scope)
        case griffe.ExprName() | griffe.ExprAttribute():
            _of_name(str(plain), scope, sources, found, depth)


def _of_brackets(
    written: griffe.ExprSubscript,
    scope: Scope,
    sources: Sources,
    found: _Found,
    depth: int,
) -> None:
    name = sources.name_of(written, scope)
    if name in _OF_ITEMS:
        found.inside = (parts_of(written)[_OF_ITEMS[name]], scope)
    if name == "tuple" and str(parts_of(written)[-1]) == "...":
        found.inside = (parts_of(written)[0], scope)
    if name not in ("Annotated", "Optional", "Final", "Required", "NotRequired"):
        return
    first, *extras = parts_of(written)
    _of_annotation(first, scope, sources, found, depth - 1)
    for each in extras if name == "Annotated" else ():
        mark = sources.name_of(each, scope)
        if mark in _SETS:
            found.take(each)
        elif mark in _MARKS:
            found.bounds[_MARKS[mark]] = constant(call_parts(each).get("", 0))


def _of_name(
    name: str, scope: Scope, sources: Sources, found: _Found, depth: int
) -> None:
    meaning = sources.resolve(name, scope)
    if isinstance(meaning, str):
        if meaning.startswith("pydantic."):
            found.bounds.update(_NAMED.get(meaning.rpartition(".")[2], {}))
    elif isinstance(meaning, Definition) and isinstance(
        meaning.node, griffe.Attribute | griffe.TypeAlias
    ):
        inside = Scope(meaning.module)
        _of_annotation(meaning.node.value, inside, sources, found, depth - 1)


# --- what breaks them ---


def broken(value: object, limits: Limits) -> str | None:
    """What is expected instead of a constant, or None: it may be taken."""
    return next(_complaints(value, limits), None)


def _complaints(value: object, limits: Limits) -> Iterator[str]:
    for name, bound in limits.bounds.items():
        complaint = _CHECKS[name](value, bound)
        if complaint is not None:
            yield complaint


_Check = Callable[[object, object], "str | None"]


_Number = int | float | Decimal


def _number(words: str, holds: Callable[[_Number, _Number], bool]) -> _Check:
    def check(value: object, bound: object) -> str | None:
        if isinstance(bound, bool) or isinstance(value, bool):
            return None
        match value, bound:
            # of a decimal and a float pydantic compares the texts
            case (int() | float() as one, int() | float() as other) | (
                Decimal() as one,
                int() as other,
            ):
                fits = holds(one, other)
                return None if fits else f"expected {words} {bound}"
        return None

    return check


def _length(words: str, holds: Callable[[int, int], bool]) -> _Check:
    def check(value: object, bound: object) -> str | None:
        if not isinstance(value, str | list) or type(bound) is not int:
            return None
        if holds(len(value), bound):
            return None
        unit = "character" if isinstance(value, str) else "item"
        plural = "" if bound == 1 else "s"
        return f"expected {words} {bound} {unit}{plural}, found {len(value)}"

    return check


def _multiple(value: object, bound: object) -> str | None:
    if type(value) is not int or type(bound) is not int or not bound:
        return None
    return None if value % bound == 0 else f"expected a multiple of {bound}"


def _pattern(value: object, bound: object) -> str | None:
    """Only of texts that Python's engine reads as that of pydantic, and fast."""
    if not isinstance(value, str) or not isinstance(bound, str):
        return None
    is_nested = re.search(r"\)[*+{]", bound) is not None
    longest = _LONGEST_NESTED if is_nested else _LONGEST
    if len(value) > longest or not value.isascii() or "\n" in value:
        return None
    try:
        is_found = re.search(bound, value) is not None
    except (re.error, RecursionError, OverflowError):
        return None
    return None if is_found else f'expected text that matches "{bound}"'


_AT_LEAST, _AT_MOST = _length("at least", ge), _length("at most", le)
_CHECKS: dict[str, _Check] = {
    "ge": _number("at least", ge),
    "gt": _number("more than", gt),
    "le": _number("at most", le),
    "lt": _number("less than", lt),
    "multiple_of": _multiple,
    **dict.fromkeys(("min_length", "min_items"), _AT_LEAST),
    **dict.fromkeys(("max_length", "max_items"), _AT_MOST),
    "pattern": _pattern,
}
