"""What is known of the users' functions and types beyond what `wfcompile.types` has room for.

A type there is what an annotation is spelled as. How a value of it is made from YAML data is kept
here, beside it: a `set[str]` is a call of `set`, an enum a call of its class, and a model reads
some fields by alias. Filled while sources are read, only looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wfcompile.resolve.limits import Limits
from wfcompile.source import Span
from wfcompile.types import UNKNOWN, Field, OpaqueType, RecordType, Type

MadeKind = Literal[
    "tuple", "set", "frozenset", "iterable", "class", "enum", "protocol", "variable"
]

ParameterKind = Literal["positional", "plain", "named"]


@dataclass(frozen=True, slots=True)
class Made:
    """How a value of an `OpaqueType` is made.

    Attributes:
        kind: "class" is a class or NewType that is called with one value, "protocol" one that
            values fit by their methods, "variable" a TypeVar.
        items: what it holds; for a class what it is called with, for an enum its values.
        is_fixed: a tuple with exactly these items.
    """

    kind: MadeKind
    items: tuple[Type, ...] = ()
    is_fixed: bool = False

    @property
    def item(self) -> Type:
        return self.items[0] if self.items else UNKNOWN


@dataclass(frozen=True, slots=True)
class RecordRules:
    """How a record takes data.

    Attributes:
        place: the head of its class.
        by_name: a field with an alias can be given by its name too.
        is_loose: it looks at the data itself first, so nothing can be said about them.
        output: the keys of what `rt.dump` makes of it.
        has_more_output: there may be more keys in that.
        limits: the bounds of its fields, by name.
        rewrites_text: texts are changed before their bounds are looked at.
    """

    place: Span
    by_name: bool = False
    is_loose: bool = False
    output: tuple[Field, ...] = ()
    has_more_output: bool = False
    limits: Mapping[str, Limits] = field(default_factory=dict)
    rewrites_text: bool = False


@dataclass(frozen=True, slots=True)
class Declarations:
    """`inexact`: records with a field whose type is spelled in another way than it is written."""

    made: dict[OpaqueType, Made] = field(default_factory=dict)
    rules: dict[RecordType, RecordRules] = field(default_factory=dict)
    inexact: set[Type] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind`: by position only, by both, by name only."""

    name: str
    type: Type
    required: bool
    kind: ParameterKind = "plain"
    limits: Limits | None = None

    @property
    def key(self) -> str:
        """What the YAML calls it: `_exec` is given as `exec`."""
        return self.name.removeprefix("_")


@dataclass(frozen=True, slots=True)
class Signature:
    """Attributes:
    rest: the type of what `*args` takes, None without.
    keywords: the type of what `**kwargs` takes, None without.
    returns_exactly: the type of `returns` is spelled as it was written.
    is_annotated: False when nothing in it has a type, so that mypy does not look at it.
    is_sure: False when a decorator may have changed what is taken.
    """

    parameters: tuple[Parameter, ...]
    rest: Type | None
    keywords: Type | None
    returns: Type
    returns_exactly: bool
    is_async: bool
    is_annotated: bool = True
    is_sure: bool = True
