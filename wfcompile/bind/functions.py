"""The functions, methods and attributes that a `${{ }}` expression may use, with their types.

A fixed list (design.md section 6): everything in it is pure, needs no import, and reads the same
in the emitted module. `docs/expressions.md` shows the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wfcompile.types import (
    BOOL,
    DATE,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    Primitive,
    RecordType,
    Type,
    literal_base,
    union,
)

Returns: TypeAlias = "Type | Callable[[Sequence[Type]], Type]"


@dataclass(frozen=True, slots=True)
class Signature:
    """`least` and `most` count arguments; `returns` may depend on the arguments' types."""

    least: int
    most: int
    returns: Returns

    def result(self, arguments: Sequence[Type]) -> Type:
        return self.returns(arguments) if callable(self.returns) else self.returns


def _same(arguments: Sequence[Type]) -> Type:
    return arguments[0] if arguments and arguments[0] in (INT, FLOAT) else UNKNOWN


def _item(type_: Type) -> Type:
    match type_:
        case ListType(item):
            return item
        case MapType(key):
            return key
        case Primitive("str"):
            return STR
    return UNKNOWN


def _extreme(arguments: Sequence[Type]) -> Type:
    return _item(arguments[0]) if len(arguments) == 1 else union(arguments)


def _listed(arguments: Sequence[Type]) -> Type:
    return ListType(_item(arguments[0])) if arguments else ListType(UNKNOWN)


def _round(arguments: Sequence[Type]) -> Type:
    return INT if len(arguments) == 1 else FLOAT


FUNCTIONS = {
    "len": Signature(1, 1, INT),
    "str": Signature(1, 1, STR),
    "int": Signature(1, 1, INT),
    "float": Signature(1, 1, FLOAT),
    "bool": Signature(1, 1, BOOL),
    "abs": Signature(1, 1, _same),
    "round": Signature(1, 2, _round),
    "min": Signature(1, 9, _extreme),
    "max": Signature(1, 9, _extreme),
    "sum": Signature(1, 1, lambda arguments: _item(arguments[0])),
    "sorted": Signature(1, 1, _listed),
    "list": Signature(1, 1, _listed),
    "any": Signature(1, 1, BOOL),
    "all": Signature(1, 1, BOOL),
}

_STR_METHODS = {
    **dict.fromkeys(
        ("upper", "lower", "title", "capitalize", "casefold", "swapcase"),
        Signature(0, 0, STR),
    ),
    **dict.fromkeys(("strip", "lstrip", "rstrip"), Signature(0, 1, STR)),
    **dict.fromkeys(("removeprefix", "removesuffix", "zfill"), Signature(1, 1, STR)),
    **dict.fromkeys(("ljust", "rjust", "center"), Signature(1, 2, STR)),
    "replace": Signature(2, 3, STR),
    "join": Signature(1, 1, STR),
    **dict.fromkeys(("split", "rsplit"), Signature(0, 2, ListType(STR))),
    "splitlines": Signature(0, 0, ListType(STR)),
    **dict.fromkeys(("startswith", "endswith"), Signature(1, 1, BOOL)),
    **dict.fromkeys(
        ("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace"),
        Signature(0, 0, BOOL),
    ),
    **dict.fromkeys(("find", "rfind", "count"), Signature(1, 1, INT)),
}
_DATE_METHODS = {
    "isoformat": Signature(0, 0, STR),
    "strftime": Signature(1, 1, STR),
    "weekday": Signature(0, 0, INT),
    "isoweekday": Signature(0, 0, INT),
}
_DATETIME_METHODS = {
    **_DATE_METHODS,
    "date": Signature(0, 0, DATE),
    "timestamp": Signature(0, 0, FLOAT),
}
_LIST_METHODS = {"count": Signature(1, 1, INT), "index": Signature(1, 1, INT)}
_DATE_ATTRIBUTES = dict.fromkeys(("year", "month", "day"), INT)
_DATETIME_ATTRIBUTES = {
    **_DATE_ATTRIBUTES,
    **dict.fromkeys(("hour", "minute", "second", "microsecond"), INT),
}


def methods_of(type_: Type) -> dict[str, Signature]:
    """The methods of a value of this type; for Unknown all of them, with unknown results."""
    match type_:
        case LiteralType():
            return methods_of(literal_base(type_))
        case Primitive("str"):
            return _STR_METHODS
        case Primitive("date"):
            return _DATE_METHODS
        case Primitive("datetime"):
            return _DATETIME_METHODS
        case ListType():
            return _LIST_METHODS
        case MapType(key, value):
            return _map_methods(key, value)
        case RecordType():
            return _map_methods(STR, UNKNOWN)
    if type_ == UNKNOWN:
        known = {
            **_map_methods(UNKNOWN, UNKNOWN),
            **_LIST_METHODS,
            **_DATETIME_METHODS,
            **_STR_METHODS,
        }
        return {
            name: Signature(0, max(signature.most, 2), UNKNOWN)
            for name, signature in known.items()
        }
    return {}


def _map_methods(key: Type, value: Type) -> dict[str, Signature]:
    return {
        "get": Signature(
            1, 2, lambda arguments: union((value, *(arguments[1:] or (NONE,))))
        ),
        "keys": Signature(0, 0, UNKNOWN),
        "values": Signature(0, 0, UNKNOWN),
        "items": Signature(0, 0, UNKNOWN),
    }


def attributes_of(type_: Type) -> dict[str, Type]:
    match type_:
        case Primitive("date"):
            return dict(_DATE_ATTRIBUTES)
        case Primitive("datetime"):
            return dict(_DATETIME_ATTRIBUTES)
    return {}
