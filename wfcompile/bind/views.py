"""The keys and values of a map, which are no lists but can be made ones: what they hold."""

from __future__ import annotations

from wfcompile.bind.operators import plain
from wfcompile.bind.typed import Typed
from wfcompile.types import STR, UNKNOWN, ListType, MapType, RecordType, Type, UnionType


def held_by(name: str, map: Typed) -> Type:
    """What the view of this name of the map gives; Unknown for anything else."""
    match name, map.type:
        case "keys", MapType(key):
            return _sure(key)
        case "keys", RecordType(kind="typeddict"):
            return STR
        case "values", MapType(_, value):
            return _sure(value)
    return UNKNOWN


def _sure(type_: Type) -> Type:
    """Of several types mypy makes one of its own."""
    return UNKNOWN if isinstance(plain(type_), UnionType) else plain(type_)


def listed(*views: Typed) -> Type | None:
    """The list of what a view holds; None for no view."""
    if len(views) != 1 or views[0].held == UNKNOWN:
        return None
    return ListType(views[0].held)
