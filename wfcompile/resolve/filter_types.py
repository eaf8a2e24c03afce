"""Types of filters with type variables: what fits, and what comes out.

A pattern is the type of a parameter, with TypeVars as `OpaqueType`s that the declarations know.
"""

from __future__ import annotations

from wfcompile.resolve.declarations import Declarations
from wfcompile.types import (
    BOOL,
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
    Primitive,
    RecordType,
    Type,
    UnionType,
    annotation,
    is_assignable,
    literal_base,
    union,
)

Bindings = dict[OpaqueType, Type]
"""TypeVar -> what it stands for."""

_NUMBERS = (INT, FLOAT, BOOL, DECIMAL)
_WHOLE = (INT, BOOL)


def bind(pattern: Type, given: Type, known: Declarations, bindings: Bindings) -> bool:
    """Whether a value of `given` is taken; grows the bindings."""
    if isinstance(given, LiteralType):
        given = literal_base(given)
    if isinstance(pattern, UnionType):
        return _bind_union(pattern, given, known, bindings)
    if isinstance(given, UnionType):
        return all(bind(pattern, each, known, bindings) for each in given.members)
    match pattern:
        case OpaqueType() if pattern in known.made:
            return _bind_made(pattern, given, known, bindings)
        case ListType(item):
            held = given.item if isinstance(given, ListType) else None
        case MapType(key, item):
            if not bind(key, _key_of(given), known, bindings):
                return False
            held = _value_of(given)
        case _:
            return is_assignable(given, pattern)
    held = UNKNOWN if given == UNKNOWN or isinstance(given, OpaqueType) else held
    return held is not None and bind(item, held, known, bindings)


def _bind_union(
    pattern: UnionType, given: Type, known: Declarations, bindings: Bindings
) -> bool:
    """Each part of the value by the first member that takes it; None by None."""
    parts = given.members if isinstance(given, UnionType) else (given,)
    members = [each for each in pattern.members if each != NONE]
    if NONE in pattern.members:
        parts = tuple(part for part in parts if part != NONE)
    return all(
        any(bind(member, part, known, bindings) for member in members) for part in parts
    )


def _bind_made(
    pattern: OpaqueType, given: Type, known: Declarations, bindings: Bindings
) -> bool:
    made = known.made[pattern]
    if made.kind == "variable":
        bindings[pattern] = union((bindings.get(pattern, given), given))
        return True
    if given == UNKNOWN or isinstance(given, OpaqueType):
        return bind(made.item, UNKNOWN, known, bindings) if made.items else True
    if made.kind == "iterable":
        held = _item_of(given)
        return held is not None and bind(made.item, held, known, bindings)
    if made.kind == "protocol":
        fits = given in (
            _WHOLE if pattern.name.startswith("SupportsIndex") else _NUMBERS
        )
        number = INT if given == BOOL else given
        return fits and (not made.items or bind(made.item, number, known, bindings))
    # a list is none of these for mypy, and what is one is an OpaqueType
    return made.kind not in ("tuple", "set", "frozenset")


def _item_of(given: Type) -> Type | None:
    """What a loop over the value gives."""
    match given:
        case ListType(item):
            return item
        case MapType(key):
            return key
        case RecordType(kind="typeddict"):
            return STR
    return STR if given == STR else None


def _key_of(given: Type) -> Type:
    return given.key if isinstance(given, MapType) else STR


def _value_of(given: Type) -> Type | None:
    match given:
        case MapType(_, value):
            return value
        case RecordType(kind="typeddict"):
            return UNKNOWN  # mypy takes a TypedDict for a Mapping[str, object]
    return None


def bound(pattern: Type, known: Declarations, bindings: Bindings) -> Type:
    """The pattern with its TypeVars replaced; what no argument told is left out."""
    match pattern:
        case OpaqueType() if pattern in known.made:
            is_variable = known.made[pattern].kind == "variable"
            return bindings.get(pattern, UNKNOWN) if is_variable else UNKNOWN
        case ListType(item):
            return ListType(bound(item, known, bindings))
        case MapType(key, value):
            return MapType(bound(key, known, bindings), bound(value, known, bindings))
        case UnionType(members):
            told = [
                bound(each, known, bindings)
                for each in members
                if not _is_untold(each, known, bindings)
            ]
            return union(told)
    return pattern


def _is_untold(type_: Type, known: Declarations, bindings: Bindings) -> bool:
    if not isinstance(type_, OpaqueType) or type_ in bindings:
        return False
    return type_ in known.made and known.made[type_].kind == "variable"


def pattern_in_words(pattern: Type, known: Declarations) -> str:
    """What a filter takes, as a person says it."""
    match pattern:
        case UnionType(members):
            words = (pattern_in_words(member, known) for member in members)
            *most, last = dict.fromkeys(words)
            return f"{', '.join(most)} or {last}" if most else last
        case ListType():
            return "a list"
        case MapType() | RecordType(kind="typeddict"):
            return "a map"
        case OpaqueType() if pattern in known.made:
            return _made_in_words(pattern, known)
        case OpaqueType() | RecordType():
            return pattern.name
        case Primitive("object"):
            return "anything"
    return annotation(pattern)


def _made_in_words(pattern: OpaqueType, known: Declarations) -> str:
    words = {
        "protocol": "a number",
        "iterable": "a list",
        "variable": "anything",
        "tuple": "a tuple",
        "set": "a set",
    }
    return words.get(known.made[pattern].kind, pattern.name)
