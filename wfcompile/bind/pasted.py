"""Values that the interpreter pastes into code as text, where that can matter."""

from __future__ import annotations

from wfcompile.bind.operators import plain
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions import nodes
from wfcompile.nodes import Scalar
from wfcompile.source import Span
from wfcompile.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    Type,
    UnionType,
)


def warn_of_pasted(place: Span, type_: Type, diagnostics: Diagnostics) -> None:
    """Adds WF501, where the value is a text for sure: what it looks like decides what it is."""
    if plain(type_) == STR:
        diagnostics.warning(
            "WF501",
            "template is a text in the place of code; it is read as a Python literal",
            place,
            help="put quotes around it to have the text itself",
        )


def is_hole(scalar: Scalar, tree: nodes.Expression) -> bool:
    """Whether a condition has it as a template of its own, or as `${NAME}`."""
    if isinstance(tree, nodes.EnvRef):
        return True
    before, after = scalar.text[: tree.start], scalar.text[tree.end :]
    return before.rstrip().endswith("${{") and after.lstrip().startswith("}}")


def may_be_text(type_: Type) -> bool:
    """Of a value that is a text or nothing, or that is not known."""
    if isinstance(type_, UnionType):
        return all(member in (STR, NONE) for member in type_.members)
    return type_ in (STR, UNKNOWN)


def holds_number(type_: Type) -> bool:
    """A number, a boolean, or a list of them."""
    type_ = plain(type_)
    held = type_.item if isinstance(type_, ListType) else type_
    return held in (BOOL, INT, FLOAT)
