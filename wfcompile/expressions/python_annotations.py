"""The annotations of a block -> types; Unknown where they are not understood."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from wfcompile.expressions.known_names import KnownNames
from wfcompile.types import (
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    PATH,
    STR,
    TIMEDELTA,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    Type,
    union,
)

_BUILTINS: dict[str, Type] = {
    "str": STR,
    "int": INT,
    "float": FLOAT,
    "bool": BOOL,
    "bytes": BYTES,
    "list": ListType(UNKNOWN),
    "dict": MapType(UNKNOWN, UNKNOWN),
}
_LIBRARY: dict[str, Type] = {
    "datetime.date": DATE,
    "datetime.datetime": DATETIME,
    "datetime.timedelta": TIMEDELTA,
    "decimal.Decimal": DECIMAL,
    "pathlib.Path": PATH,
}
_FORMS = {
    **{f"typing.{name}": name for name in ("Optional", "Union", "Literal", "Final")},
    **{"typing.List": "list", "typing.Dict": "dict", "typing.Annotated": "Annotated"},
    **{"list": "list", "dict": "dict"},
}


def annotated(
    node: ast.expr, path_of: Callable[[ast.expr], str], known: KnownNames
) -> Type:
    """
    Args:
        path_of: the full name of what is imported or built in, "" for anything else.
    """
    reading = _Reading(path_of, known)
    return reading.read(node)


class _Reading:
    def __init__(self, path_of: Callable[[ast.expr], str], known: KnownNames) -> None:
        self.path_of = path_of
        self.known = known

    def read(self, node: ast.expr) -> Type:
        match node:
            case ast.Constant(None):
                return NONE
            case ast.Constant(str(text)):
                return self._quoted(text)
            case ast.Name() | ast.Attribute():
                path = self.path_of(node)
                found = _BUILTINS.get(path) or _LIBRARY.get(path)
                return found or (self.known.meant(path) if path else UNKNOWN)
            case ast.Subscript(head, ast.Tuple(parts)):
                return self._form(_FORMS.get(self.path_of(head), ""), parts)
            case ast.Subscript(head, part):
                return self._form(_FORMS.get(self.path_of(head), ""), [part])
            case ast.BinOp(left, ast.BitOr(), right):
                return union((self.read(left), self.read(right)))
        return UNKNOWN

    def _quoted(self, text: str) -> Type:
        try:
            return self.read(ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN

    def _form(self, form: str, parts: Sequence[ast.expr]) -> Type:
        if form == "Literal":
            return _literal(parts)
        types = [self.read(part) for part in parts]
        match form, types:
            case "list", [item]:
                return ListType(item)
            case "dict", [key, value]:
                return MapType(key, value)
            case "Optional", [one]:
                return union((one, NONE))
            case "Union", _:
                return union(types)
            case "Final", [one]:
                return one
            case "Annotated", [one, *_]:
                return one
        return UNKNOWN


def _literal(parts: Sequence[ast.expr]) -> Type:
    values = [part.value for part in parts if isinstance(part, ast.Constant)]
    plain = tuple(value for value in values if isinstance(value, str | int))
    return LiteralType(plain) if len(plain) == len(parts) else UNKNOWN
