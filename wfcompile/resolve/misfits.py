"""The words for a value that does not fit: what it is, what was expected, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from wfcompile import ir
from wfcompile.diagnostics import Replacement, did_you_mean
from wfcompile.resolve.bound import Bound
from wfcompile.types import (
    SECRET,
    STR,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    RecordType,
    Type,
    UnionType,
    annotation,
    is_optional,
    map_of,
    type_of_value,
    without_none,
)

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
        return None
    if is_optional(value.type) and not is_optional(target):
        return "give it a value first: | coalesce(...)"
    if wanted == STR and not isinstance(value.type, ListType | MapType | RecordType):
        return "make a text of it: | str"
    return None


def _quoted(value: Bound) -> str:
    written = value.span.file.text[value.span.start : value.span.end]
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
