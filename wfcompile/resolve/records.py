"""Classes of the users' sources -> record types: models, dataclasses, TypedDicts, NamedTuples.

Fields come from the class and from its bases in the same sources. A class that looks at its data
with code of its own, or inherits what is not known, is loose: nothing is said about its data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, cast

import griffe

from wfcompile.resolve.declarations import Declarations, Made, RecordRules
from wfcompile.resolve.limits import Limits, read_limits, without_text_limits
from wfcompile.resolve.pydantic_models import (
    ModelField,
    ModelTraits,
    model_field,
    model_traits,
)
from wfcompile.resolve.sources import Definition, Meaning, Scope, Sources
from wfcompile.resolve.written import (
    CallParts,
    Written,
    call_parts,
    constant,
    entries_of,
    parts_of,
    unquoted,
)
from wfcompile.types import (
    UNKNOWN,
    Field,
    LiteralType,
    OpaqueType,
    RecordKind,
    RecordType,
    Type,
)

_KINDS: dict[str, RecordKind] = {
    **dict.fromkeys(("pydantic.BaseModel", "pydantic.main.BaseModel"), "model"),
    **dict.fromkeys(("pydantic.RootModel", "pydantic_settings.BaseSettings"), "model"),
    **dict.fromkeys(("typing.TypedDict", "typing_extensions.TypedDict"), "typeddict"),
    **dict.fromkeys(("typing.NamedTuple",), "namedtuple"),
}
_ENUMS = ("enum.Enum", "enum.IntEnum", "enum.StrEnum")
_CLEAR_BASES = (
    *("typing.Generic", "typing_extensions.Generic", "typing.Protocol", "abc.ABC"),
    *("pydantic.BaseModel", "pydantic.main.BaseModel", "typing.NamedTuple"),
    *("typing.TypedDict", "typing_extensions.TypedDict", "builtins.object"),
)
"""Bases that bring no fields and no code; what has another one from elsewhere is loose."""
_FIELD = ("field", "Field")
_DATACLASSES = ("dataclasses.dataclass", "pydantic.dataclasses.dataclass")


class Reading(Protocol):
    """What reads the types of the fields."""

    @property
    def sources(self) -> Sources: ...
    @property
    def declarations(self) -> Declarations: ...
    def read(self, written: Written, scope: Scope) -> Type: ...


@dataclass(frozen=True, slots=True)
class _Base:
    """`type` is what the base is among the users' types, or Unknown."""

    meaning: Meaning
    type: Type


def read_class(found: Definition, reading: Reading) -> Type:
    """A record, an enum, or an `OpaqueType`; what is known of them goes to the declarations."""
    node = cast(griffe.Class, found.node)
    opaque = OpaqueType(found.module.name, found.name)
    bases = tuple(_bases(found, node, reading))
    if any(_is_enum(base, reading) for base in bases):
        values = [constant(each.value) for each in _attributes(node)]
        reading.declarations.made[opaque] = Made("enum", (_one_of(values),))
        return opaque
    kind = _kind(found, node, bases, reading)
    if kind is None:
        return opaque
    traits = _inherited_traits(bases, reading)
    scope = Scope(found.module, node)
    match kind:
        case "model":
            name_of = partial(reading.sources.name_of, scope=scope)
            traits = model_traits(node, traits, name_of)
            own = list(_model_fields(node, traits, scope, reading))
        case "typeddict":
            own = list(_entries(node, scope, reading))
        case _:
            own = list(_attribute_fields(node, scope, reading))
            if "__init__" in node.members:
                traits = replace(traits, is_loose=True)
    return _declare(found, kind, bases, own, traits, reading)


def variables_of(node: griffe.Class, scope: Scope, sources: Sources) -> list[str]:
    """The paths of the TypeVars of a generic class, in their order."""
    for written in node.bases:
        is_generic = isinstance(written, griffe.ExprSubscript)
        if is_generic and sources.name_of(written, scope) in ("Generic", "Protocol"):
            assert isinstance(written, griffe.ExprSubscript)
            found = [sources.resolve(str(e), scope) for e in parts_of(written)]
            return [each.path for each in found if isinstance(each, Definition)]
    return []


def read_typed_dict(
    found: Definition, call: griffe.ExprCall, reading: Reading
) -> RecordType | None:
    """`Row = TypedDict("Row", {"run-id": str}, total=False)`."""
    parts, scope = call_parts(call), Scope(found.module)
    display = parts.get("fields", 1)
    if not isinstance(display, griffe.ExprDict):
        return None
    is_total = constant(parts.get("total")) is not False
    own = [
        _entry(name, written, is_total, scope, reading)
        for name, written in entries_of(display)
        if isinstance(name, str)
    ]
    return _declare(found, "typeddict", (), own, ModelTraits(), reading)


def _declare(
    found: Definition,
    kind: RecordKind,
    bases: Sequence[_Base],
    own: Sequence[ModelField],
    traits: ModelTraits,
    reading: Reading,
) -> RecordType:
    fields: dict[str, Field] = {}
    output: dict[str, Field] = {}
    limits: dict[str, Limits] = {}
    for base in bases:
        if isinstance(base.type, RecordType):
            fields.update((each.name, each) for each in base.type.fields)
            rules = reading.declarations.rules[base.type]
            output.update((each.name, each) for each in rules.output)
            limits.update(rules.limits)
    for each in own:
        fields[each.field.name] = each.field
        if each.output is not None:
            output[each.field.name] = each.output
        else:
            output.pop(each.field.name, None)
        limits.pop(each.field.name, None)
        if each.limits is not None and each.field.type != UNKNOWN:
            limits[each.field.name] = each.limits
    record = RecordType(
        found.module.name,
        found.name,
        kind,
        tuple(fields.values()),
        traits.extra,
        found.module.file.path,
        found.node.lineno or 1,
    )
    reading.declarations.rules[record] = RecordRules(
        found.place,
        traits.by_name,
        traits.is_loose or not all(each.is_clear for each in own),
        tuple(output.values()),
        traits.has_more_output or traits.is_loose,
        limits,
        traits.rewrites_text,
    )
    return record


# --- the bases ---


def _bases(found: Definition, node: griffe.Class, reading: Reading) -> Iterator[_Base]:
    owner = node.parent if isinstance(node.parent, griffe.Class) else None
    scope = Scope(found.module, owner)
    for written in node.bases:
        plain = written.left if isinstance(written, griffe.ExprSubscript) else written
        meaning = reading.sources.resolve(str(plain), scope)
        is_ours = isinstance(meaning, Definition)
        yield _Base(meaning, reading.read(written, scope) if is_ours else UNKNOWN)


def _is_enum(base: _Base, reading: Reading) -> bool:
    if isinstance(base.type, OpaqueType):
        made = reading.declarations.made.get(base.type)
        return made is not None and made.kind == "enum"
    return base.meaning in _ENUMS


def _kind(
    found: Definition, node: griffe.Class, bases: Sequence[_Base], reading: Reading
) -> RecordKind | None:
    for decorator in node.decorators:
        name = str(decorator.value).partition("(")[0]
        if reading.sources.resolve(name, Scope(found.module)) in _DATACLASSES:
            no_init = constant(call_parts(decorator.value).get("init")) is False
            return None if no_init else "dataclass"
    for base in bases:
        if isinstance(base.type, RecordType):
            return base.type.kind
        if isinstance(base.meaning, str) and base.meaning in _KINDS:
            return _KINDS[base.meaning]
    return None


def _inherited_traits(bases: Sequence[_Base], reading: Reading) -> ModelTraits:
    traits = ModelTraits()
    for base in bases:
        if isinstance(base.type, RecordType):
            rules = reading.declarations.rules[base.type]
            traits = ModelTraits(
                extra=traits.extra or base.type.extra,
                by_name=traits.by_name or rules.by_name,
                is_loose=traits.is_loose or rules.is_loose,
                has_more_output=traits.has_more_output or rules.has_more_output,
                rewrites_text=traits.rewrites_text or rules.rewrites_text,
            )
        elif not isinstance(base.meaning, str) or base.meaning not in _CLEAR_BASES:
            traits = replace(traits, is_loose=True)
    return traits


# --- the fields ---


def _attributes(node: griffe.Class) -> Iterator[griffe.Attribute]:
    for member in node.members.values():
        if isinstance(member, griffe.Attribute) and "property" not in member.labels:
            yield member


def _annotated(node: griffe.Class) -> Iterator[griffe.Attribute]:
    """Attributes that make a field; griffe takes the `ClassVar` off an annotation."""
    for each in _attributes(node):
        is_class_variable = each.labels == {"class-attribute"}
        if each.annotation is not None and not is_class_variable:
            yield each


def _model_fields(
    node: griffe.Class, traits: ModelTraits, scope: Scope, reading: Reading
) -> Iterator[ModelField]:
    for each in _annotated(node):
        if each.name.startswith("_") or each.name == "model_config":
            continue
        field = model_field(
            each,
            traits,
            partial(reading.read, scope=scope),
            partial(reading.sources.name_of, scope=scope),
        )
        if field is not None:
            limits = _limits(each, scope, reading)
            if traits.rewrites_text:
                limits = without_text_limits(limits)
            yield replace(field, limits=limits)


def _limits(
    attribute: griffe.Attribute, scope: Scope, reading: Reading
) -> Limits | None:
    return read_limits(
        attribute.annotation,
        attribute.value,
        scope,
        reading.sources,
        scope.module.line(attribute.lineno),
    )


def _entries(
    node: griffe.Class, scope: Scope, reading: Reading
) -> Iterator[ModelField]:
    is_total = constant(node.keywords.get("total")) is not False
    for each in _annotated(node):
        entry = _entry(each.name, each.annotation, is_total, scope, reading)
        yield replace(entry, limits=_limits(each, scope, reading))


def _entry(
    name: str, written: Written, is_total: bool, scope: Scope, reading: Reading
) -> ModelField:
    plain = unquoted(written, scope.module.tree)
    required = is_total
    while isinstance(plain, griffe.ExprSubscript):
        mark = reading.sources.name_of(plain, scope)
        if mark not in ("Required", "NotRequired", "ReadOnly", "Annotated"):
            break
        required = {"Required": True, "NotRequired": False}.get(mark, required)
        plain = unquoted(parts_of(plain)[0], scope.module.tree)
    field = Field(name, reading.read(plain, scope), required)
    return ModelField(field, field)


def _attribute_fields(
    node: griffe.Class, scope: Scope, reading: Reading
) -> Iterator[ModelField]:
    """The fields of dataclasses and NamedTuples."""
    for each in _annotated(node):
        name = reading.sources.name_of(each.value, scope)
        parts = call_parts(each.value) if name in _FIELD else None
        kind = reading.sources.name_of(each.annotation, scope)
        if kind == "KW_ONLY":
            continue
        if parts is not None and constant(parts.get("init")) is False:
            continue
        type_ = reading.read(each.annotation, scope)
        field = Field(each.name, type_, _has_no_default(each.value, parts))
        yield ModelField(
            field,
            field if kind != "InitVar" else None,
            limits=_limits(each, scope, reading),
        )


def _has_no_default(value: Written, parts: CallParts | None) -> bool:
    if parts is None:
        return value is None
    return all(parts.get(each) is None for each in ("default", "default_factory"))


def _one_of(values: Sequence[object]) -> Type:
    plain = tuple(value for value in values if isinstance(value, str | int))
    return LiteralType(plain) if plain and len(plain) == len(values) else UNKNOWN
