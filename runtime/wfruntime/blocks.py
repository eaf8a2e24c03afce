"""What a `run:` block puts out when some path through it leaves a name unbound."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def bound(outputs: type[T], names: Mapping[str, object]) -> T:
    """The names of `outputs` (a TypedDict) that the block has bound.

    A function is given as its name; modules and classes are no outputs.

    Args:
        names: the block's `locals()`.
    """
    made = outputs()
    assert isinstance(made, dict)
    for key in outputs.__annotations__:
        if key in names:
            value = names[key]
            if isinstance(value, (type, type(sys))):
                continue
            is_function = hasattr(value, "__code__") or type(value) is type(len)
            made[key] = getattr(value, "__name__", key) if is_function else value
    return made
