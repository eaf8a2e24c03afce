"""Fields -> the TypedDict classes of a matrix and of a block's outputs."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import dataclass

from wfcompile import types
from wfcompile.emit.imports import Imports
from wfcompile.emit.literals import text_literal
from wfcompile.emit.view import ClassCallView, ClassView


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    type: types.Type
    required: bool


def typed_dict_views(
    name: str, entries: Sequence[Entry], imports: Imports
) -> list[ClassView | ClassCallView]:
    """One class, or two when some keys may be missing: Python 3.10 has no `NotRequired`."""
    imports.name("typing", "TypedDict")
    spelled = [(each, imports.annotation(each.type)) for each in entries]
    if not entries or not all(_fits_class(each.key) for each in entries):
        rows = tuple(f"{text_literal(each.key)}: {type_}" for each, type_ in spelled)
        options = "" if all(each.required for each in entries) else ", total=False"
        return [ClassCallView(name, rows, options)]
    always = tuple(f"{each.key}: {type_}" for each, type_ in spelled if each.required)
    maybe = tuple(
        f"{each.key}: {type_}" for each, type_ in spelled if not each.required
    )
    if not maybe:
        return [ClassView(name, "TypedDict", always)]
    if not always:
        return [ClassView(name, "TypedDict, total=False", maybe)]
    base = f"_{name}Always"
    return [
        ClassView(base, "TypedDict", always),
        ClassView(name, f"{base}, total=False", maybe),
    ]


def _fits_class(key: str) -> bool:
    """A key that a class body can declare: an identifier that Python does not mangle."""
    plain = key.isidentifier() and key.isascii() and not keyword.iskeyword(key)
    return plain and not key.startswith("__")
