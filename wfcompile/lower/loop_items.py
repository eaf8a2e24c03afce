"""What the rounds of an `until` stage hand on: the type of the next item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.scope import StageSymbol
from wfcompile.types import (
    INT,
    NO_OUTPUTS,
    UNKNOWN,
    MapType,
    RecordType,
    Type,
    imports,
    is_assignable,
    union,
)


def is_covered(following: Type, item: Type) -> bool:
    """Whether the next item is of the item's type, and not just by the Any in it."""
    if ("typing", "Any") in imports(following):
        return union((item, following)) == item
    return is_assignable(following, item)


def next_item(stages: Sequence[ir.Stage], symbols: Mapping[str, StageSymbol]) -> Type:
    """The output `item` of the last stage that has one, else the number of the loop."""
    found: Type = INT
    for stage in stages:
        outputs: Type = NO_OUTPUTS
        if stage.has_id:
            # those of an id that the matrix decides are known by no name
            symbol = symbols.get(stage.key)
            outputs = UNKNOWN if symbol is None else symbol.outputs
        field = outputs.field("item") if isinstance(outputs, RecordType) else None
        if isinstance(outputs, MapType) or outputs == UNKNOWN:
            found = UNKNOWN
        elif field is not None and field.required and stage.condition is None:
            found = plain(field.type)
        elif field is not None:
            found = union((plain(field.type), found))
    return found
