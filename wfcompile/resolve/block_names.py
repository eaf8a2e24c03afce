"""What the users' own modules give to a block: functions, classes, values.

Only what a type checker is sure to see the same way is told: of a function that a decorator may
have changed, or a `Sequence`, which is a list in our types, nothing.
"""

from __future__ import annotations

from dataclasses import replace

import griffe

from wfcompile.resolve.annotations import TypeReader
from wfcompile.resolve.declarations import Signature
from wfcompile.resolve.signatures import Marked, read_signature
from wfcompile.resolve.sources import Definition, Scope
from wfcompile.resolve.written import UNCLEAR, Written, constant
from wfcompile.types import (
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Primitive,
    RecordType,
    Type,
    UnionType,
    type_of_value,
    union,
)


class SourceNames:
    """The names of the users' modules, by their full import paths; each is read once."""

    def __init__(self, types: TypeReader) -> None:
        self._types = types
        self._called: dict[str, Type] = {}

    def called(self, path: str) -> Type:
        if path not in self._called:
            self._called[path] = self._call(path)
        return self._called[path]

    def value(self, path: str) -> Type:
        found = self._found(path)
        if found is None or not isinstance(found.node, griffe.Attribute):
            return UNKNOWN
        if found.node.annotation is not None:
            return self._read(found.node.annotation, found)
        value = constant(found.node.value)
        is_plain = value is not UNCLEAR and isinstance(value, str | int | float)
        return type_of_value(value) if is_plain else UNKNOWN

    def meant(self, path: str) -> Type:
        found = self._found(path)
        if found is None or isinstance(found.node, griffe.Function):
            return UNKNOWN
        if isinstance(found.node, griffe.Class):
            return self._class(found)
        return self._read(found.node.value, found)

    def is_untyped(self, path: str) -> bool:
        """Whether it is a function without any annotation, whose call mypy would tell of."""
        found = self._found(path)
        if found is None or not isinstance(found.node, griffe.Function):
            return False
        return not self._signature(found, found.node).is_annotated

    def _found(self, path: str) -> Definition | None:
        meaning = self._types.sources.follow(path)
        return meaning if isinstance(meaning, Definition) else None

    def _call(self, path: str) -> Type:
        found = self._found(path)
        if found is None:
            return UNKNOWN
        if isinstance(found.node, griffe.Class):
            return self._class(found)
        if not isinstance(found.node, griffe.Function) or found.node.overloads:
            return UNKNOWN
        signature = self._signature(found, found.node)
        is_clear = signature.returns_exactly and signature.is_sure
        if not is_clear or signature.is_async:
            return UNKNOWN
        return self._shown(signature.returns)

    def _signature(self, found: Definition, node: griffe.Function) -> Signature:
        return read_signature(
            Marked(found, node, None, Scope(found.module)), self._types
        )

    def _class(self, found: Definition) -> Type:
        type_ = self._types.read_definition(found)
        return self._shown(type_) if isinstance(type_, RecordType) else UNKNOWN

    def _read(self, written: Written, found: Definition) -> Type:
        self._types.is_exact = True
        type_ = self._types.read(written, Scope(found.module))
        return self._shown(type_) if self._types.is_exact else UNKNOWN

    def _shown(self, type_: Type) -> Type:
        """Without what is spelled in another way than it is written."""
        match type_:
            case OpaqueType():
                return UNKNOWN
            case ListType(item):
                return ListType(self._shown(item))
            case MapType(key, value):
                return MapType(self._shown(key), self._shown(value))
            case UnionType(members):
                return union(map(self._shown, members))
            case RecordType():
                is_exact = type_ not in self._types.declarations.inexact
                fields = (
                    replace(each, type=self._shown(each.type))
                    for each in type_.fields
                    if is_exact or isinstance(each.type, _PLAIN)
                )
                kept = tuple(fields)
                extra = type_.extra or len(kept) < len(type_.fields)
                return replace(type_, fields=kept, extra=extra)
        return type_


_PLAIN = (Primitive, LiteralType, RecordType)
