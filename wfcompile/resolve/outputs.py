"""What a caller returns -> the outputs that the YAML may read.

A model, a dataclass or a NamedTuple becomes plain data on the way (`rt.dump`), also inside a map,
so what is annotated then is only `dict[str, Any]`, while the keys are still known here.
"""

from __future__ import annotations

from typing import NamedTuple

from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.declarations import Declarations
from wfcompile.resolve.lax_types import OBJECT
from wfcompile.resolve.misfits import in_words
from wfcompile.source import Span
from wfcompile.types import (
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Primitive,
    RecordType,
    Type,
    UnionType,
    map_of,
    union,
    without_fields,
    without_none,
)

_ANY_MAP = MapType(STR, UNKNOWN)


class CallOutputs(NamedTuple):
    """Attributes:
    outputs: what the YAML may read.
    spelled: how the stage's function is annotated.
    dump: the result goes through `rt.dump`.
    """

    outputs: Type
    spelled: Type
    dump: bool


def returns_outputs(
    caller: Caller, uses_span: Span, diagnostics: Diagnostics
) -> CallOutputs:
    """Adds WF409: what the caller returns can be no mapping; then the outputs are Unknown."""
    known, returns = caller.declarations, caller.returns
    if not _may_be_mapping(returns, known):
        diagnostics.error(
            "WF409",
            f'caller "{caller.key}" returns {in_words(returns)}, '
            "expected a mapping or a model",
            # the mistake is one, however many stages use it
            caller.place,
            notes=[Note("it is used here", uses_span)],
            help="return a dict, a TypedDict, a dataclass or a model",
        )
        return CallOutputs(UNKNOWN, _ANY_MAP, False)
    is_map = isinstance(returns, MapType | RecordType)
    if is_map and caller.returns_exactly and _is_plain(returns, known):
        return CallOutputs(_readable(returns, known), returns, False)
    return CallOutputs(_dumped(without_none(returns), known), _ANY_MAP, True)


def _may_be_mapping(type_: Type, known: Declarations) -> bool:
    match type_:
        case UnionType(members):
            return any(_may_be_mapping(member, known) for member in members)
        case LiteralType() | ListType():
            return False
        case Primitive():
            return type_ == OBJECT
        case OpaqueType():
            made = known.made.get(type_)
            if made is None or made.kind in ("protocol", "variable"):
                return True
            return made.kind == "class" and _may_be_mapping(made.item, known)
    return True


def _is_plain(type_: Type, known: Declarations) -> bool:
    """Whether a value holds nothing that `rt.dump` would change."""
    match type_:
        case Primitive() | LiteralType():
            return type_ != OBJECT
        case ListType(item):
            return _is_plain(item, known)
        case MapType(key, value):
            return _is_plain(key, known) and _is_plain(value, known)
        case UnionType(members):
            return all(_is_plain(member, known) for member in members)
        case RecordType(kind="typeddict"):
            return all(_is_plain(field.type, known) for field in type_.fields)
        case OpaqueType():
            made = known.made.get(type_)
            return (
                made is not None
                and made.kind in ("tuple", "set", "frozenset")
                and all(_is_plain(item, known) for item in made.items)
            )
    return False


def _dumped(type_: Type, known: Declarations) -> Type:
    """What `rt.dump` gives, as far as its keys are known."""
    match type_:
        case RecordType():
            return _as_map(type_, known)
        case MapType(key, value):
            return MapType(STR if key == UNKNOWN else key, _inside(value, known))
    return _ANY_MAP


def _as_map(record: RecordType, known: Declarations) -> RecordType:
    rules = known.rules[record]
    fields = (
        Field(field.key, _inside(field.type, known), field.required)
        for field in rules.output
    )
    return map_of(fields, extra=rules.has_more_output or record.extra)


def _inside(type_: Type, known: Declarations) -> Type:
    """The type of a part of dumped data: it is spelled where a later stage reads it."""
    match type_:
        case RecordType():
            return _as_map(type_, known)
        case ListType(item):
            return ListType(_inside(item, known))
        case MapType(key, value):
            return MapType(_inside(key, known), _inside(value, known))
        case UnionType(members):
            parts = [_inside(member, known) for member in members]
            is_one = sum(isinstance(part, RecordType) for part in parts) <= 1
            return union(parts if is_one else map(without_fields, parts))
        case OpaqueType():
            return UNKNOWN
    return type_


def _readable(type_: Type, known: Declarations) -> Type:
    """A plain type without parts that no annotation of the emitted module can spell."""
    match type_:
        case RecordType():
            fields = tuple(
                Field(each.name, _readable(each.type, known), each.required)
                for each in type_.fields
            )
            return RecordType(
                type_.module,
                type_.name,
                type_.kind,
                fields,
                type_.extra,
                type_.path,
                type_.line,
            )
        case ListType(item):
            return ListType(_readable(item, known))
        case MapType(key, value):
            return MapType(_readable(key, known), _readable(value, known))
        case UnionType(members):
            return union(_readable(member, known) for member in members)
        case OpaqueType():
            return UNKNOWN
    return type_
