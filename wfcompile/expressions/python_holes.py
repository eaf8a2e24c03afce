"""The holes of a `run:` block, as the body of a function uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.python_lexer import PlacedHole
from wfcompile.types import UNKNOWN, LiteralType, Primitive, Type, UnionType

_AS_VALUE = frozenset(
    ("int", "float", "bool", "None", "date", "datetime", "timedelta", "Decimal", "Path")
)


@dataclass(frozen=True, slots=True)
class HoleUse:
    """A hole of a block.

    Attributes:
        quote: signs that the printed expression may not contain, because an f-string around it
            would end there: one quote, both where literals nest, three of one for a
            triple-quoted literal; "" in code. Where it is not "" the expression may hold no
            backslash either.
        literal: in code, of type str or not known: the interpreter pasted its text, so it is
            read with `rt.literal`.
    """

    placeholder: str
    hole: Hole
    quote: str
    literal: bool


def uses_of(
    holes: Sequence[PlacedHole], hole_types: Callable[[Hole], Type]
) -> Iterator[HoleUse]:
    """All but those in comments."""
    for placed in holes:
        if placed.position == "comment":
            continue
        is_code = placed.position == "code"
        literal = is_code and _is_pasted(hole_types(placed.hole))
        yield HoleUse(placed.placeholder, placed.hole, placed.quote, literal)


def _is_pasted(type_: Type) -> bool:
    match type_:
        case UnionType(members):
            return any(map(_is_pasted, members))
        case LiteralType(values):
            return any(isinstance(value, str) for value in values)
        case Primitive(name):
            return name not in _AS_VALUE
    return type_ == UNKNOWN


def value_type(use: HoleUse, hole_types: Callable[[Hole], Type]) -> Type:
    return UNKNOWN if use.literal else hole_types(use.hole)
