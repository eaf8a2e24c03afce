"""Types of operators: what mypy would say of the emitted expression, said at the YAML.

Pure functions; None means "these types do not go together".
"""

from __future__ import annotations

from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Type,
    UnionType,
    is_optional,
    literal_base,
    union,
    without_none,
)

_NUMBERS = (BOOL, INT, FLOAT)


def plain(type_: Type) -> Type:
    """Literals as the type of their values."""
    return literal_base(type_) if isinstance(type_, LiteralType) else type_


def arithmetic(op: str, left: Type, right: Type) -> Type | None:
    left, right = plain(left), plain(right)
    if UNKNOWN in (left, right) or isinstance(left, OpaqueType | UnionType):
        return None if NONE in (left, right) or _has_none(left, right) else UNKNOWN
    if left in _NUMBERS and right in _NUMBERS:
        if op == "/":
            return FLOAT
        if op == "**":
            return UNKNOWN
        return FLOAT if FLOAT in (left, right) else INT
    if DECIMAL in (left, right) and {left, right} <= {DECIMAL, INT, BOOL}:
        return DECIMAL
    match op, left, right:
        case "+", ListType(a), ListType(b):
            return ListType(union((a, b)))
        case "*", ListType(), _ if right == INT:
            return left
    if op == "+" and left == right == STR:
        return STR
    if op == "*" and (left, right) in ((STR, INT), (INT, STR)):
        return STR
    if op == "-" and left == right and left in (DATE, DATETIME):
        return UNKNOWN
    return None


def _has_none(*types: Type) -> bool:
    return any(isinstance(t, UnionType) and NONE in t.members for t in types)


def can_equal(left: Type, right: Type) -> bool:
    """Whether `==` can ever be true: mypy's strict equality, over the types known here."""
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
    return _family(left) == _family(right)


def _family(type_: Type) -> str:
    match type_:
        case ListType():
            return "list"
        case MapType():
            return "map"
    return repr(type_)


def can_order(left: Type, right: Type) -> bool:
    left, right = plain(left), plain(right)
    if UNKNOWN in (left, right):
        return not (left == NONE or right == NONE or _has_none(left, right))
    if left in _NUMBERS and right in _NUMBERS:
        return True
    if {left, right} <= {DECIMAL, INT, BOOL}:
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return can_order(left.item, right.item)
    return left == right and left in (STR, DATE, DATETIME, DECIMAL)


def can_contain(item: Type, container: Type) -> bool:
    match plain(container):
        case UnionType(members):
            return all(can_contain(item, member) for member in members)
        case ListType(element):
            return can_equal(item, element)
        case MapType(key):
            return can_equal(item, key)
        case other if other == STR:
            return plain(item) in (STR, UNKNOWN)
        case other:
            return other == UNKNOWN or isinstance(other, OpaqueType)
