"""Types of operators: what mypy would say of the emitted expression, said at the YAML.

Pure functions; None means "these types do not go together".
"""

from __future__ import annotations

from collections.abc import Iterable

from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    TIMEDELTA,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    RecordType,
    Type,
    UnionType,
    is_optional,
    literal_base,
    union,
    without_fields,
    without_none,
)

_NUMBERS = (BOOL, INT, FLOAT)
_MOMENTS = (DATE, DATETIME)


def plain(type_: Type) -> Type:
    """Literals as the type of their values."""
    return literal_base(type_) if isinstance(type_, LiteralType) else type_


def members(type_: Type) -> tuple[Type, ...]:
    """What a value of the type can be: more than one type for a union alone."""
    parts = type_.members if isinstance(type_, UnionType) else (type_,)
    return tuple(plain(part) for part in parts)


def either(types: Iterable[Type]) -> Type:
    """One of the values: constants stay known when all are."""
    found = tuple(types)
    values = [v for each in found if isinstance(each, LiteralType) for v in each.values]
    if all(isinstance(each, LiteralType) for each in found):
        return LiteralType(tuple(dict.fromkeys(values)))
    return union(map(plain, found))


def arithmetic(op: str, left: Type, right: Type) -> Type | None:
    """Of unions every pair has to go together."""
    results = [
        _arithmetic(op, one, other) for one in members(left) for other in members(right)
    ]
    known = [each for each in results if each is not None]
    return union(known) if len(known) == len(results) else None


def _arithmetic(op: str, left: Type, right: Type) -> Type | None:
    if left == UNKNOWN or right == UNKNOWN or isinstance(left, OpaqueType):
        return None if NONE in (left, right) else UNKNOWN
    if left in _NUMBERS and right in _NUMBERS:
        if op == "/":
            return FLOAT
        if op == "**":
            return UNKNOWN
        return FLOAT if FLOAT in (left, right) else INT
    if DECIMAL in (left, right) and {left, right} <= {DECIMAL, INT, BOOL}:
        return DECIMAL
    if TIMEDELTA in (left, right) or left in _MOMENTS:
        return _time_arithmetic(op, left, right)
    match op, left, right:
        case "+", ListType(a), ListType(b):
            return ListType(union((a, b)))
        case "*", ListType(), _ if right == INT:
            return left
    if op == "+" and left == right == STR:
        return STR
    if op == "*" and (left, right) in ((STR, INT), (INT, STR)):
        return STR
    return None


def _time_arithmetic(op: str, left: Type, right: Type) -> Type | None:
    if left in _MOMENTS:
        if op == "-" and left == right:
            return TIMEDELTA
        return left if op in ("+", "-") and right == TIMEDELTA else None
    if left == right == TIMEDELTA:
        return {"+": TIMEDELTA, "-": TIMEDELTA, "/": FLOAT, "//": INT}.get(op)
    if op in ("*", "/") and left == TIMEDELTA and right in (INT, FLOAT):
        return TIMEDELTA
    return None


def negated(type_: Type) -> Type | None:
    """The type of `-value`."""
    found = members(type_)
    if not set(found) <= {BOOL, INT, FLOAT, DECIMAL, TIMEDELTA, UNKNOWN}:
        return None
    return union(INT if each == BOOL else each for each in found)


def can_equal(left: Type, right: Type) -> bool:
    """Whether `==` can ever be true: mypy's strict equality, over the types known here."""
    left, right = without_fields(left), without_fields(right)
    if UNKNOWN in (left, right):
        return True
    if is_optional(left) and is_optional(right):
        # two values that are None both are not what a comparison is meant for
        left, right = without_none(left), without_none(right)
    if isinstance(left, UnionType):
        return any(can_equal(member, right) for member in left.members)
    if isinstance(right, UnionType):
        return any(can_equal(left, member) for member in right.members)
    if isinstance(left, LiteralType) and isinstance(right, LiteralType):
        return bool(set(left.values) & set(right.values))
    left, right = plain(left), plain(right)
    if left == right or isinstance(left, UnionType) or isinstance(right, UnionType):
        return True
    numbers = (*_NUMBERS, DECIMAL)
    if left in numbers and right in numbers:
        return True
    match left, right:
        case ListType(one), ListType(other):
            return can_equal(one, other)
        case MapType(key, one), MapType(other_key, other):
            return can_equal(key, other_key) and can_equal(one, other)
    return False


def can_be_key(type_: Type) -> bool:
    """Whether a map can have such a key, and be asked for it."""
    return not all(
        isinstance(each, ListType | MapType | RecordType) for each in members(type_)
    )


def can_order(left: Type, right: Type) -> bool:
    return all(
        _can_order(one, other) for one in members(left) for other in members(right)
    )


def _can_order(left: Type, right: Type) -> bool:
    if UNKNOWN in (left, right):
        return NONE not in (left, right)
    if left in _NUMBERS and right in _NUMBERS:
        return True
    if {left, right} <= {DECIMAL, INT, BOOL}:
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return can_order(left.item, right.item)
    return left == right and left in (STR, *_MOMENTS, TIMEDELTA, DECIMAL)


def can_contain(item: Type, container: Type) -> bool:
    match plain(container):
        case UnionType(parts):
            return all(can_contain(item, part) for part in parts)
        case ListType(element):
            return can_equal(item, element)
        case MapType(key):
            return can_be_key(item) and can_equal(item, key)
        case RecordType():
            return can_equal(item, STR)
        case other if other == STR:
            return set(members(item)) <= {STR, UNKNOWN}
        case other:
            return other == UNKNOWN or isinstance(other, OpaqueType)
