"""Which record of a union a mapping of the YAML is meant for, by a field of fixed values."""

from __future__ import annotations

from collections.abc import Sequence

from wfcompile import ir
from wfcompile.resolve.bound import Bound, BoundEntry
from wfcompile.resolve.misfits import is_constant_of
from wfcompile.types import LiteralType, RecordType, Type


def is_chosen(value: Bound, member: Type) -> bool:
    """Whether a field of one fixed value says that this record is meant."""
    if not isinstance(member, RecordType):
        return False
    fields = {entry.key: entry.value for entry in value.entries}
    return any(
        isinstance(field.type, LiteralType)
        and field.key in fields
        and is_constant_of(fields[field.key], field.type)
        for field in member.fields
    )


def tag_of(
    value: Bound, members: Sequence[Type]
) -> tuple[BoundEntry, LiteralType] | None:
    """The entry that should tell which of the records is meant, and what it may be."""
    for entry in value.entries:
        fields = [_literal_field(each, entry.key) for each in members]
        known = [each for each in fields if each is not None]
        is_constant = isinstance(entry.value.expr, ir.Const)
        if known and len(known) == len(members) and is_constant:
            values = [value for each in known for value in each.values]
            return entry, LiteralType(tuple(dict.fromkeys(values)))
    return None


def _literal_field(member: Type, key: str) -> LiteralType | None:
    field = member.field(key) if isinstance(member, RecordType) else None
    found = field.type if field is not None else None
    return found if isinstance(found, LiteralType) else None
