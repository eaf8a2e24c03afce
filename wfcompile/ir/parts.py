"""What a part of the IR holds, for those that look at all of it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache

_PLAIN = frozenset(["str", "int", "bool", "int | None", "frozenset[str]"])


@cache
def inner_fields(class_: type) -> tuple[str, ...]:
    """The fields that may hold parts of the IR; none of what is no part itself."""
    if not is_dataclass(class_):
        return ()
    return tuple(each.name for each in fields(class_) if each.type not in _PLAIN)
