"""What a `run:` block puts out when some path through it leaves a name unbound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def bound(outputs: type[T], names: Mapping[str, object]) -> T:
    """The names of `outputs` (a TypedDict) that the block has bound; a function as its name.

    Args:
        names: the block's `locals()`.
    """
    made = outputs()
    assert isinstance(made, dict)
    for key in outputs.__annotations__:
        if key in names:
            value = names[key]
            is_function = hasattr(value, "__code__")
            made[key] = getattr(value, "__name__", key) if is_function else value
    return made
