"""Which types may become which: pydantic's lax mode over types instead of values.

"May" because a text can be a number and a value that may be None need not be it; what these
functions refuse can never be given.
"""

from __future__ import annotations

from wfcompile.resolve.constants import constant_for
from wfcompile.resolve.declarations import Declarations
from wfcompile.types import (
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    PATH,
    SECRET,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Primitive,
    RecordType,
    Type,
    UnionType,
    is_assignable,
    literal_base,
)

OBJECT = Primitive("object")
ANYTHING = (UNKNOWN, OBJECT)

_SOURCES: dict[Type, tuple[Type, ...]] = {
    INT: (STR, FLOAT, BOOL, DECIMAL),
    FLOAT: (STR, INT, BOOL, DECIMAL),
    BOOL: (STR, INT, FLOAT, DECIMAL),
    STR: (BYTES, SECRET),
    DECIMAL: (STR, INT, FLOAT),
    DATE: (STR, DATETIME, INT, FLOAT),
    DATETIME: (STR, DATE, INT, FLOAT),
    PATH: (STR,),
    BYTES: (STR,),
    SECRET: (STR,),
}


def may_become(source: Type, target: Type, known: Declarations) -> bool:
    """Whether some value of `source` is taken where `target` is declared."""
    if source == target or source in ANYTHING or target in ANYTHING:
        return True
    match source, target:
        case UnionType(members), _:
            return any(may_become(member, target, known) for member in members)
        case _, UnionType(members):
            return any(may_become(source, member, known) for member in members)
        case LiteralType(values), LiteralType(allowed):
            return bool(set(values) & set(allowed))
        case _, LiteralType():
            return may_become(source, literal_base(target), known) and is_assignable(
                source, literal_base(target)
            )
        case LiteralType(values), Primitive():
            return any(constant_for(value, target) is not None for value in values)
        case LiteralType(), _:
            return may_become(literal_base(source), target, known)
        case _, OpaqueType():
            return _may_become_opaque(source, target, known)
        case OpaqueType(), _:
            return True
        case _, RecordType():
            return _may_become_record(source, target, known)
        case ListType(item), ListType(wanted):
            return may_become(item, wanted, known)
        case MapType(key, value), MapType(key_wanted, value_wanted):
            return may_become(key, key_wanted, known) and may_become(
                value, value_wanted, known
            )
        case RecordType(kind="typeddict"), MapType(key, value):
            return may_become(STR, key, known) and all(
                may_become(field.type, value, known) for field in source.fields
            )
    return source in _SOURCES.get(target, ())


def _may_become_opaque(source: Type, target: OpaqueType, known: Declarations) -> bool:
    made = known.made.get(target)
    if made is None or isinstance(source, OpaqueType):
        return True
    if made.kind in ("class", "enum"):
        return may_become(source, made.item, known)
    if made.kind == "iterable":
        return not isinstance(source, Primitive) or source in (STR, BYTES)
    if made.kind in ("tuple", "set", "frozenset"):
        return isinstance(source, ListType) and all(
            may_become(source.item, item, known) for item in made.items
        )
    return True


def _may_become_record(source: Type, target: RecordType, known: Declarations) -> bool:
    rules = known.rules.get(target)
    if rules is not None and rules.is_loose:
        return True
    match source:
        case MapType(key, value):
            needed_types = [each.type for each in target.fields if each.required]
            return may_become(key, STR, known) and all(
                may_become(value, type_, known) for type_ in needed_types
            )
        case RecordType(kind="typeddict"):
            keys = {field.key for field in source.fields}
            needed = {field.key for field in target.fields if field.required}
            return source.extra or needed <= keys
        case ListType():
            return target.kind == "namedtuple"
    return False


def is_same(source: Type, target: Type) -> bool:
    """Whether mypy takes a variable of one type for the other: equal, but for Any."""
    if source == target or UNKNOWN in (source, target):
        return True
    match source, target:
        case ListType(item), ListType(wanted):
            return is_same(item, wanted)
        case MapType(key, value), MapType(key_wanted, value_wanted):
            return is_same(key, key_wanted) and is_same(value, value_wanted)
    return False
