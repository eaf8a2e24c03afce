"""How a pydantic model takes and gives data, as its class says: config, validators, `Field(...)`.

Source of the rules: pydantic 2, models, fields, aliases, validators; the names of pydantic 1 that
it still reads (`Config`, `validator`) count too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import griffe

from wfcompile.resolve.limits import Limits
from wfcompile.resolve.written import (
    CallParts,
    Written,
    call_parts,
    constant,
    entries_of,
    parts_of,
)
from wfcompile.types import UNKNOWN, Field, Type

_BY_NAME = ("populate_by_name", "validate_by_name", "allow_population_by_field_name")
_TEXT_OPTIONS = ("str_strip_whitespace", "str_to_lower", "str_to_upper")
_EARLY = ("before", "wrap", "plain")
_OWN_WAYS = ("__init__", "__new__", "model_validate", "__get_pydantic_core_schema__")
_EVERY = "*"


@dataclass(frozen=True, slots=True)
class ModelTraits:
    """What holds for a whole model.

    Attributes:
        extra: keys beyond the fields are allowed, kept or not.
        by_name: a field with an alias can be given by its name too.
        is_loose: code of the user sees the data first, or their keys cannot be told.
        has_more_output: it may give more keys than its fields.
        rewritten: fields whose data go through code of the user; `*` is every field.
        reshaped: fields that code of the user writes.
        rewrites_text: texts are changed before their bounds are looked at.
    """

    extra: bool = False
    by_name: bool = False
    is_loose: bool = False
    has_more_output: bool = False
    rewritten: frozenset[str] = frozenset()
    reshaped: frozenset[str] = frozenset()
    rewrites_text: bool = False


@dataclass(frozen=True, slots=True)
class ModelField:
    """A field as it is read, and as it is given out, None when it is left out there.

    `is_clear` is False when the keys it is read from cannot be told.
    """

    field: Field
    output: Field | None
    is_clear: bool = True
    limits: Limits | None = None


def model_traits(
    node: griffe.Class, base: ModelTraits, name_of: Callable[[Written], str]
) -> ModelTraits:
    """The traits of a class whose bases have those of `base`.

    Args:
        name_of: the own name of what is called, however it was imported.
    """
    traits = replace(base, rewritten=frozenset(), reshaped=frozenset())
    for name, written in _config(node):
        traits = _configured(traits, name, written)
    for member in node.members.values():
        if isinstance(member, griffe.Function):
            for decorator in member.decorators:
                name = name_of(decorator.value)
                traits = _decorated(traits, name, call_parts(decorator.value))
            if member.name in _OWN_WAYS:
                traits = replace(traits, is_loose=True)
        elif isinstance(member, griffe.Attribute) and "property" in member.labels:
            # griffe does not keep whether it is a computed field
            traits = replace(traits, has_more_output=True)
    return traits


def model_field(
    attribute: griffe.Attribute,
    traits: ModelTraits,
    read: Callable[[Written], Type],
    name_of: Callable[[Written], str],
) -> ModelField | None:
    """A field with an annotation; None for a private attribute."""
    name, value, written = attribute.name, attribute.value, attribute.annotation
    if name_of(value) == "PrivateAttr":
        return None
    is_call = name_of(value) == "Field"
    calls = [
        call_parts(each)
        for each in [*_extras(written, name_of), value]
        if name_of(each) == "Field"
    ]
    type_ = UNKNOWN if traits.rewritten & {name, _EVERY} else read(written)
    alias, is_clear = _alias(calls, ("validation_alias", "alias"))
    output_alias, _ = _alias(calls, ("serialization_alias", "alias"))
    field = Field(name, type_, _is_required(None if is_call else value, calls), alias)
    if any(constant(call.get("exclude")) is True for call in calls):
        return ModelField(field, None, is_clear)
    shown = UNKNOWN if traits.reshaped & {name, _EVERY} else type_
    return ModelField(field, Field(name, shown, alias=output_alias), is_clear)


# --- the class ---


def _config(node: griffe.Class) -> Iterator[tuple[str, Written]]:
    """Options by all the ways in which they can be set, the stronger ones later."""
    old = node.members.get("Config")
    if isinstance(old, griffe.Class):
        for name, member in old.members.items():
            if isinstance(member, griffe.Attribute):
                yield name, member.value
    config = node.members.get("model_config")
    if isinstance(config, griffe.Attribute):
        for key, written in entries_of(config.value):
            yield str(key), written
    yield from node.keywords.items()


def _configured(traits: ModelTraits, name: str, written: Written) -> ModelTraits:
    if name == "extra":
        mode = str(written).strip("'\"").rpartition(".")[2]
        return replace(traits, extra=mode in ("allow", "ignore"))
    if name in _BY_NAME:
        return replace(traits, by_name=constant(written) is not False)
    is_generated = name == "alias_generator" and written != "None"
    if is_generated or (
        name == "coerce_numbers_to_str" and constant(written) is not False
    ):
        return replace(traits, is_loose=True)
    if name in _TEXT_OPTIONS and constant(written) is not False:
        return replace(traits, rewrites_text=True)
    return traits


def _decorated(traits: ModelTraits, name: str, parts: CallParts) -> ModelTraits:
    fields = frozenset(
        text for text in map(constant, parts.positional) if isinstance(text, str)
    )
    is_early = constant(parts.get("mode")) in _EARLY or constant(parts.get("pre"))
    match name:
        case "model_validator" | "root_validator" if is_early is True:
            return replace(traits, is_loose=True)
        case "field_validator" | "validator" if is_early is True:
            return replace(traits, rewritten=traits.rewritten | fields)
        case "field_serializer":
            return replace(traits, reshaped=traits.reshaped | fields)
        case "model_serializer":
            return replace(
                traits, has_more_output=True, reshaped=traits.reshaped | {_EVERY}
            )
    return traits


# --- a field ---


def _extras(
    written: Written, name_of: Callable[[Written], str]
) -> Sequence[str | griffe.Expr]:
    """What stands behind the type of an `Annotated`."""
    if isinstance(written, griffe.ExprSubscript) and name_of(written) == "Annotated":
        return parts_of(written)[1:]
    return ()


def _alias(calls: list[CallParts], names: tuple[str, str]) -> tuple[str | None, bool]:
    """The key by the first of the names that is set, and whether it can be told."""
    for name in names:
        for call in reversed(calls):
            written = call.get(name)
            if written not in (None, "None"):
                alias = constant(written)
                return (alias, True) if isinstance(alias, str) else (None, False)
    return None, True


def _is_required(value: Written, calls: list[CallParts]) -> bool:
    if value is not None:
        return value == "..."
    return not any(
        call.get("default", 0) not in (None, "...")
        or call.get("default_factory") is not None
        for call in calls
    )
