"""The types that flow through a workflow, their assignability, and their Python spelling.

`Unknown` is what cannot be known before the run; it fits everywhere and silences follow-on errors.
This is the only module that spells Python annotations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal as TypingLiteral
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Primitive:
    """A type without parts; `name` is its Python spelling."""

    name: str


@dataclass(frozen=True, slots=True)
class UnknownType:
    """Not known before the run, or poisoned by an error that was reported already."""


@dataclass(frozen=True, slots=True)
class LiteralType:
    """One of some constants."""

    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True)
class ListType:
    item: Type


@dataclass(frozen=True, slots=True)
class MapType:
    key: Type
    value: Type


@dataclass(frozen=True, slots=True)
class UnionType:
    """Two or more members, none of them a union; `None` is the member `NONE`."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record. `name` is the attribute, `alias` the key when it is another one."""

    name: str
    type: Type
    required: bool = True
    alias: str | None = None

    @property
    def key(self) -> str:
        return self.alias or self.name


RecordKind = TypingLiteral["typeddict", "dataclass", "model", "namedtuple"]


@dataclass(frozen=True, slots=True)
class RecordType:
    """A named type with known fields, spelled `module.name`.

    One without a name is a map whose keys are known here and nowhere else: it is spelled
    `dict[str, Any]`, and one of the module `typing` is spelled `Any`. `extra` is True when keys beyond the fields are allowed. `path`, `line` say
    where it is defined.
    """

    module: str
    name: str
    kind: RecordKind
    fields: tuple[Field, ...]
    extra: bool = False
    path: str = ""
    line: int = 0

    @property
    def is_map(self) -> bool:
        return self.module in ("", "typing") and self.name in ("", "Any")

    def field(self, key: str) -> Field | None:
        for each in self.fields:
            if each.key == key or each.name == key:
                return each
        return None


@dataclass(frozen=True, slots=True)
class OpaqueType:
    """A class whose inside is not looked into, spelled `module.name`."""

    module: str
    name: str


Type: TypeAlias = (
    "Primitive | UnknownType | LiteralType | ListType | MapType | UnionType | RecordType"
    " | OpaqueType"
)

STR = Primitive("str")
INT = Primitive("int")
FLOAT = Primitive("float")
BOOL = Primitive("bool")
DECIMAL = Primitive("Decimal")
DATE = Primitive("date")
DATETIME = Primitive("datetime")
TIMEDELTA = Primitive("timedelta")
BYTES = Primitive("bytes")
NONE = Primitive("None")
PATH = Primitive("Path")
SECRET = Primitive("rt.CallerSecret")
UNKNOWN = UnknownType()

BASH_OUTPUTS = RecordType(
    "wfruntime",
    "BashOutputs",
    "typeddict",
    (
        Field("return_code", INT),
        Field("stdout", UnionType((STR, NONE))),
        Field("stderr", UnionType((STR, NONE))),
    ),
)
NO_OUTPUTS = RecordType("wfruntime", "NoOutputs", "typeddict", ())
TRIGGER_OUTPUTS = RecordType(
    "wfruntime",
    "TriggerOutputs",
    "typeddict",
    (Field("params", MapType(STR, UNKNOWN)), Field("jobs", MapType(STR, UNKNOWN))),
)

IMPORT_OF_PRIMITIVE = {
    "date": ("datetime", "date"),
    "datetime": ("datetime", "datetime"),
    "timedelta": ("datetime", "timedelta"),
    "Decimal": ("decimal", "Decimal"),
    "Path": ("pathlib", "Path"),
}
"""Primitive name -> (module, name) that an annotation with it must import."""


def map_of(fields: Iterable[Field], *, extra: bool = False) -> RecordType:
    """A map with these keys."""
    return RecordType("", "", "typeddict", tuple(fields), extra)


def without_fields(type_: Type) -> Type:
    """The type as it is spelled: without keys that only the compiler knows."""
    match type_:
        case RecordType() if type_.is_map:
            return UNKNOWN if type_.name else MapType(STR, UNKNOWN)
        case ListType(item):
            return ListType(without_fields(item))
        case MapType(key, value):
            return MapType(without_fields(key), without_fields(value))
        case UnionType(members):
            return union(map(without_fields, members))
    return type_


def union(members: Iterable[Type]) -> Type:
    """The members as one type: flat, without doubles; Unknown wins.

    >>> annotation(union([INT, NONE, INT]))
    'int | None'
    """
    flat: dict[Type, None] = {}
    for member in members:
        for part in member.members if isinstance(member, UnionType) else (member,):
            flat[part] = None
    if UNKNOWN in flat or not flat:
        return UNKNOWN
    parts = tuple(sorted(flat, key=lambda part: part == NONE))
    return parts[0] if len(parts) == 1 else UnionType(parts)


def without_none(type_: Type) -> Type:
    if not isinstance(type_, UnionType):
        return type_
    return union(member for member in type_.members if member != NONE)


def is_optional(type_: Type) -> bool:
    return type_ == NONE or (isinstance(type_, UnionType) and NONE in type_.members)


def type_of_value(value: object) -> Type:
    """The type of a constant: what mypy would infer for its literal in a typed context."""
    match value:
        case None:
            return NONE
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case str():
            return STR
        case datetime():
            return DATETIME
        case date():
            return DATE
        case Decimal():
            return DECIMAL
        case list():
            return (
                ListType(union(map(type_of_value, value)))
                if value
                else ListType(UNKNOWN)
            )
        case dict():
            return MapType(
                union(map(type_of_value, value)),
                union(map(type_of_value, value.values())),
            )
        case _:
            return UNKNOWN


def literal_base(type_: LiteralType) -> Type:
    return union(type_of_value(value) for value in type_.values)


def is_assignable(source: Type, target: Type) -> bool:
    """Whether mypy accepts a `source` value where `target` is declared.

    Containers are taken as covariant: the emitter prints literals in typed contexts, and values
    are shared read-only (differences D27).
    """
    if source == target or UNKNOWN in (source, target):
        return True
    match source, target:
        case UnionType(members), _:
            return all(is_assignable(member, target) for member in members)
        case _, UnionType(members):
            return any(is_assignable(source, member) for member in members)
        case LiteralType(values), LiteralType(allowed):
            return set(values) <= set(allowed)
        case LiteralType(), _:
            return is_assignable(literal_base(source), target)
        case RecordType(), MapType(key, value) if source.is_map:
            return is_assignable(STR, key) and all(
                is_assignable(field.type, value) for field in source.fields
            )
        case MapType() | RecordType(), RecordType() if target.is_map:
            return isinstance(source, MapType) or source.is_map
        case Primitive(), Primitive():
            return (source.name, target.name) in _WIDENING or target == Primitive(
                "object"
            )
        case _, Primitive("object"):
            return True
        case ListType(item), ListType(expected):
            return is_assignable(item, expected)
        case MapType(key, value), MapType(key_expected, value_expected):
            return is_assignable(key, key_expected) and is_assignable(
                value, value_expected
            )
        case (OpaqueType(), _) | (_, OpaqueType()):
            return True
        case _:
            return False


_WIDENING = {
    ("bool", "int"),
    ("bool", "float"),
    ("int", "float"),
    ("datetime", "date"),
    ("rt.CallerSecret", "str"),
}


def annotation(type_: Type) -> str:
    """The Python spelling, with `rt.` for the runtime's own names."""
    match type_:
        case Primitive(name):
            return name
        case UnknownType():
            return "Any"
        case LiteralType(values):
            return f"Literal[{', '.join(map(_literal, values))}]"
        case ListType(item):
            return f"list[{annotation(item)}]"
        case MapType(key, value):
            return f"dict[{annotation(key)}, {annotation(value)}]"
        case UnionType(members):
            return " | ".join(dict.fromkeys(map(annotation, members)))
        case RecordType("", ""):
            return "dict[str, Any]"
        case RecordType("typing", name):
            return name
        case RecordType("wfruntime", name) | OpaqueType("wfruntime", name):
            return f"rt.{name}"
        case RecordType("", name) | OpaqueType("", name):
            return name
        case RecordType(module, name) | OpaqueType(module, name):
            return f"{module}.{name}"


def _literal(value: str | int | bool) -> str:
    return f'"{value}"' if isinstance(value, str) and '"' not in value else repr(value)


def imports(type_: Type) -> set[tuple[str, str]]:
    """`(module, name)` pairs that `annotation(type_)` needs; name "" means `import module`."""
    match type_:
        case Primitive(name):
            return {IMPORT_OF_PRIMITIVE[name]} if name in IMPORT_OF_PRIMITIVE else set()
        case UnknownType():
            return {("typing", "Any")}
        case LiteralType():
            return {("typing", "Literal")}
        case ListType(item):
            return imports(item)
        case MapType(key, value):
            return imports(key) | imports(value)
        case UnionType(members):
            return set().union(*map(imports, members))
        case RecordType("", "") | RecordType("typing"):
            return {("typing", "Any")}
        case RecordType(module) | OpaqueType(module):
            return {(module, "")} if module not in ("", "wfruntime") else set()
