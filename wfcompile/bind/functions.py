"""The functions, methods and attributes that a `${{ }}` expression may use, with their types.

A fixed list (design.md section 6): everything in it is pure, needs no import, and reads the same
in the emitted module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wfcompile.bind.operators import can_order, negated, plain
from wfcompile.resolve.misfits import in_words
from wfcompile.types import (
    BOOL,
    DATE,
    DECIMAL,
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
    UnionType,
    is_assignable,
    literal_base,
    union,
)

Returns: TypeAlias = "Type | Callable[[Sequence[Type]], Type]"


@dataclass(frozen=True, slots=True)
class Takes:
    """What an argument may be; `words` says it in a message."""

    words: str
    fits: Callable[[Type], bool]


@dataclass(frozen=True, slots=True)
class Signature:
    """`least` counts arguments; `takes` has one for each, and the last for those behind it.

    `returns` may depend on the arguments' types.
    """

    least: int
    most: int
    returns: Returns
    takes: tuple[Takes, ...] = ()

    def result(self, arguments: Sequence[Type]) -> Type:
        return self.returns(arguments) if callable(self.returns) else self.returns

    def misfit(self, arguments: Sequence[Type]) -> tuple[int, Takes] | None:
        """The first argument that is of no type that is taken."""
        for index, type_ in enumerate(arguments):
            if self.takes:
                wanted = self.takes[min(index, len(self.takes) - 1)]
                if not _each_fits(type_, wanted):
                    return index, wanted
        return None


def _each_fits(type_: Type, wanted: Takes) -> bool:
    """Of a union each member has to fit; what is not known fits."""
    members = type_.members if isinstance(type_, UnionType) else (type_,)
    return all(each == UNKNOWN or wanted.fits(plain(each)) for each in members)


def _one_of(*types: Type) -> Callable[[Type], bool]:
    return lambda type_: type_ in types


def _is_sized(type_: Type) -> bool:
    return type_ == STR or isinstance(type_, ListType | MapType | RecordType)


def _is_ordered(type_: Type) -> bool:
    return _is_sized(type_) and can_order(_item(type_), _item(type_))


def _holds(*types: Type) -> Callable[[Type], bool]:
    """A list or text whose items are of one of these types, or not known."""
    return lambda type_: _is_sized(type_) and plain(_item(type_)) in (*types, UNKNOWN)


_ANY = Takes("a value", lambda _: True)
_TEXT = Takes("str", _one_of(STR))
_TEXT_OR_NONE = Takes("str", _one_of(STR, NONE))
_WHOLE = Takes("int", _one_of(INT, BOOL))
_NUMBER = Takes("a number", _one_of(INT, FLOAT, BOOL, DECIMAL))
_NUMERIC = Takes("a number or str", _one_of(INT, FLOAT, BOOL, DECIMAL, STR))
_SIZED = Takes("str, a list or a map", _is_sized)
_ORDERED = Takes("a list of values that have an order", _is_ordered)
_NUMBERS = Takes("a list of numbers", _holds(INT, FLOAT, BOOL, DECIMAL))
_TEXTS = Takes("a list of str", _holds(STR))


def _absolute(arguments: Sequence[Type]) -> Type:
    return negated(arguments[0]) or UNKNOWN


def _total(arguments: Sequence[Type]) -> Type:
    """Of no items it is the int 0, which mypy takes for a float too."""
    item = plain(_item(arguments[0]))
    return item if item in (FLOAT, UNKNOWN) else union((INT, negated(item) or UNKNOWN))


def _item(type_: Type) -> Type:
    match type_:
        case ListType(item):
            return item
        case MapType(key):
            return key
        case RecordType() | Primitive("str") | LiteralType():
            return STR
    return UNKNOWN


def _extreme(arguments: Sequence[Type]) -> Type:
    if len(arguments) == 1:
        return _item(arguments[0])
    found = union(plain(argument) for argument in arguments)
    # mypy knows no type that an int and a Decimal have in common
    is_mixed = isinstance(found, UnionType) and DECIMAL in found.members
    return UNKNOWN if is_mixed else found


def _listed(arguments: Sequence[Type]) -> Type:
    return ListType(_item(arguments[0])) if arguments else ListType(UNKNOWN)


def _round(arguments: Sequence[Type]) -> Type:
    if len(arguments) == 1:
        return INT
    number = plain(arguments[0])
    return number if number in (INT, FLOAT, DECIMAL) else UNKNOWN


FUNCTIONS = {
    "len": Signature(1, 1, INT, (_SIZED,)),
    "str": Signature(1, 1, STR),
    "int": Signature(1, 1, INT, (_NUMERIC,)),
    "float": Signature(1, 1, FLOAT, (_NUMERIC,)),
    "bool": Signature(1, 1, BOOL),
    "abs": Signature(1, 1, _absolute, (_NUMBER,)),
    "round": Signature(1, 2, _round, (_NUMBER, _WHOLE)),
    "min": Signature(1, 9, _extreme),
    "max": Signature(1, 9, _extreme),
    "sum": Signature(1, 1, _total, (_NUMBERS,)),
    "sorted": Signature(1, 1, _listed, (_ORDERED,)),
    "list": Signature(1, 1, _listed, (_SIZED,)),
    "any": Signature(1, 1, BOOL, (_SIZED,)),
    "all": Signature(1, 1, BOOL, (_SIZED,)),
}
_EXTREMES = ("min", "max")
FILTERS = {"length": "len"}
"""Filters that are functions under another name."""


def misfit(
    name: str, signature: Signature, arguments: Sequence[Type]
) -> tuple[int, Takes] | None:
    """As `Signature.misfit`; `min` and `max` take one list, or values of one kind."""
    if name not in _EXTREMES or not arguments:
        return signature.misfit(arguments)
    if len(arguments) == 1:
        return Signature(1, 1, UNKNOWN, (_ORDERED,)).misfit(arguments)
    first = Takes(
        f"what can be compared with {in_words(arguments[0])}",
        lambda type_: can_order(arguments[0], type_),
    )
    return Signature(1, 9, UNKNOWN, (first,)).misfit(arguments)


_STR_METHODS = {
    **dict.fromkeys(
        ("upper", "lower", "title", "capitalize", "casefold", "swapcase"),
        Signature(0, 0, STR),
    ),
    **dict.fromkeys(
        ("strip", "lstrip", "rstrip"), Signature(0, 1, STR, (_TEXT_OR_NONE,))
    ),
    **dict.fromkeys(("removeprefix", "removesuffix"), Signature(1, 1, STR, (_TEXT,))),
    "zfill": Signature(1, 1, STR, (_WHOLE,)),
    **dict.fromkeys(
        ("ljust", "rjust", "center"), Signature(1, 2, STR, (_WHOLE, _TEXT))
    ),
    "replace": Signature(2, 3, STR, (_TEXT, _TEXT, _WHOLE)),
    "join": Signature(1, 1, STR, (_TEXTS,)),
    **dict.fromkeys(
        ("split", "rsplit"), Signature(0, 2, ListType(STR), (_TEXT_OR_NONE, _WHOLE))
    ),
    "splitlines": Signature(0, 0, ListType(STR)),
    **dict.fromkeys(("startswith", "endswith"), Signature(1, 1, BOOL, (_TEXT,))),
    **dict.fromkeys(
        ("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace"),
        Signature(0, 0, BOOL),
    ),
    **dict.fromkeys(("find", "rfind", "count"), Signature(1, 1, INT, (_TEXT,))),
}
_DATE_METHODS = {
    "isoformat": Signature(0, 0, STR),
    "strftime": Signature(1, 1, STR, (_TEXT,)),
    "weekday": Signature(0, 0, INT),
    "isoweekday": Signature(0, 0, INT),
}
_DATETIME_METHODS = {
    **_DATE_METHODS,
    "date": Signature(0, 0, DATE),
    "timestamp": Signature(0, 0, FLOAT),
}
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
        case Primitive("timedelta"):
            return {"total_seconds": Signature(0, 0, FLOAT)}
        case ListType(item):
            return _list_methods(item)
        case MapType(key, value):
            return _map_methods(key, value)
        case RecordType():
            return _map_methods(STR, UNKNOWN)
    if type_ == UNKNOWN:
        known = {
            **_map_methods(UNKNOWN, UNKNOWN),
            **_list_methods(UNKNOWN),
            **_DATETIME_METHODS,
            **_STR_METHODS,
        }
        return {
            name: Signature(0, max(signature.most, 2), UNKNOWN)
            for name, signature in known.items()
        }
    return {}


def _list_methods(item: Type) -> dict[str, Signature]:
    takes = Takes(in_words(item), lambda type_: is_assignable(type_, item))
    return dict.fromkeys(("count", "index"), Signature(1, 1, INT, (takes,)))


def _map_methods(key: Type, value: Type) -> dict[str, Signature]:
    takes = Takes(in_words(key), lambda type_: is_assignable(type_, key))
    return {
        "get": Signature(
            1,
            2,
            lambda arguments: union((value, *map(plain, arguments[1:] or (NONE,)))),
            (takes, _ANY),
        ),
        "keys": Signature(0, 0, UNKNOWN),
        "values": Signature(0, 0, UNKNOWN),
        "items": Signature(0, 0, UNKNOWN),
    }


def attributes_of(type_: Type) -> dict[str, Type]:
    match type_:
        case Primitive("timedelta"):
            return dict.fromkeys(("days", "seconds"), INT)
        case Primitive("date"):
            return dict(_DATE_ATTRIBUTES)
        case Primitive("datetime"):
            return dict(_DATETIME_ATTRIBUTES)
    return {}
