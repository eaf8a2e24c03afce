"""The words for a value that does not fit: what it is, what was expected, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from wfcompile import ir
from wfcompile.diagnostics import Replacement, did_you_mean, listing
from wfcompile.resolve.bound import Bound
from wfcompile.resolve.constants import constant_for
from wfcompile.types import (
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
    annotation,
    is_optional,
    map_of,
    type_of_value,
    without_none,
)

_WAYS = {
    "int": "a whole number, such as 3",
    "float": "a number, such as 0.5",
    "Decimal": "a number, such as 0.5",
    "bool": "true or false",
    "date": "a date, such as 2024-01-31",
    "datetime": "a date and time, such as 2024-01-31T02:30:00",
    "timedelta": "a time span, such as PT90M, or its seconds",
    "str": 'a text, or "" for an empty one',
    "None": "nothing",
}
"""Primitive name -> how a value of it is written in YAML."""
_PLAIN = re.compile(r"[\w+-][\w.:+-]*")


def found_in_words(value: Bound) -> str:
    """A constant by its value, else the type."""
    if value.is_list:
        return "a list"
    if value.is_map:
        return "a mapping"
    if isinstance(value.expr, ir.Const):
        return constant_in_words(value.expr.value)
    return in_words(value.type)


def constant_in_words(value: object) -> str:
    """
    >>> constant_in_words("daily"), constant_in_words(True), constant_in_words(None)
    ('"daily"', 'true', 'None')
    """
    match value:
        case str():
            shown = value if len(value) <= 40 else f"{value[:37]}..."
            return f'"{" ".join(shown.split())}"'
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
    return str(value)


def in_words(type_: Type) -> str:
    """A type as a person says it; the module of a class is left out."""
    match type_:
        case LiteralType(values):
            return one_of(map(constant_in_words, values))
        case UnionType(members):
            return one_of(map(in_words, members))
        case ListType(item):
            return f"list[{in_words(item)}]"
        case MapType(key, value):
            return f"dict[{in_words(key)}, {in_words(value)}]"
        case RecordType() if type_.is_map:
            return annotation(map_of(()))
        case RecordType() | OpaqueType():
            return type_.name
    return "CallerSecret" if type_ == SECRET else annotation(type_)


def one_of(words: Iterable[str]) -> str:
    """
    >>> one_of(["a", "b", "c"])
    'a, b or c'
    """
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def one_of_each(types: Sequence[Type]) -> str:
    """
    >>> one_of_each([STR, type_of_value(1)])
    'a list of 2: [str, int]'
    """
    return f"a list of {len(types)}: [{', '.join(map(in_words, types))}]"


def help_for(value: Bound, target: Type) -> str | None:
    """What to do about it, where that is plain."""
    wanted = without_none(target)
    if isinstance(wanted, LiteralType) and isinstance(value.expr, ir.Const):
        return did_you_mean(str(value.expr.value), map(str, wanted.values))
    if isinstance(wanted, RecordType) and not value.is_map:
        names = ", ".join(field.key for field in wanted.fields)
        return f"write its fields here: {names}" if names else None
    if isinstance(value.expr, ir.Const) and not (value.is_list or value.is_map):
        if wanted == STR and value.expr.value is not None:
            return _quoted(value)
        return _of_many(value, wanted) or _written_as(wanted)
    if is_optional(value.type) and not is_optional(target):
        return "give it a value first: | coalesce(...)"
    if wanted == STR and not isinstance(value.type, ListType | MapType | RecordType):
        return "make a text of it: | str"
    return _of_many(value, wanted) or _written_as(wanted)


def _written_as(wanted: Type) -> str | None:
    """How a value of the type is written; None for a class, which takes what it likes."""
    match wanted:
        case UnionType(members):
            ways = list(filter(None, map(_way_to_write, members)))
            return f"write {', or '.join(ways)}" if len(ways) == len(members) else None
    way = _way_to_write(wanted)
    return f"write {way}" if way else None


def _way_to_write(type_: Type) -> str | None:
    match type_:
        case ListType():
            return "a list: [first, second]"
        case MapType():
            return "a mapping: {key: value}"
        case Primitive(name):
            return _WAYS.get(name)
    return None


def _of_many(value: Bound, wanted: Type) -> str | None:
    """A list or a mapping where one value is wanted, or the other way round."""
    if isinstance(wanted, Primitive) and (
        value.is_list or isinstance(value.type, ListType)
    ):
        return "give one of its items" + ("" if value.is_list else ": | getindex(0)")
    if isinstance(wanted, Primitive) and isinstance(value.type, RecordType):
        names = listing("give one of its values:", (f.key for f in value.type.fields))
        return names or "give one of its values"
    if isinstance(wanted, ListType) and _is_item(value, wanted.item):
        return f"put it into a list: [{_written(value)}]"
    return None


def _is_item(value: Bound, item: Type) -> bool:
    if isinstance(value.expr, ir.Const) and isinstance(item, Primitive):
        return constant_for(value.expr.value, item) is not None
    return item in (value.type, UNKNOWN)


def _written(value: Bound) -> str:
    return value.span.file.text[value.span.start : value.span.end]


def _quoted(value: Bound) -> str:
    written = _written(value)
    if _PLAIN.fullmatch(written):
        return Replacement.of(f'write it in quotes: "{written}"', f'"{written}"')
    return "make a text of it: | str"


def is_constant_of(value: Bound, type_: Type) -> bool:
    """Whether a constant has exactly this type, or is one of its values."""
    if not isinstance(value.expr, ir.Const):
        return False
    constant = value.expr.value
    if isinstance(type_, LiteralType):
        return any(
            constant == each and type(constant) is type(each) for each in type_.values
        )
    return type_of_value(constant) == type_
