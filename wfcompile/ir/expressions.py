"""What a template, a condition or a constant is in the emitted module: a tree to be spelled.

Names are Python's already and types are known; the spelling itself is the emitter's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from wfcompile.types import RecordType, Type

Value: TypeAlias = (
    "str | int | float | bool | None | date | datetime | Decimal | list[Value] | dict[str, Value]"
)


@dataclass(frozen=True, slots=True)
class Const:
    """A literal of the YAML; lists and dicts of constants too."""

    value: Value


@dataclass(frozen=True, slots=True)
class Param:
    """`ctx.params.<attribute>`."""

    attribute: str


@dataclass(frozen=True, slots=True)
class MatrixValue:
    """`ctx.matrix["<key>"]`."""

    key: str


@dataclass(frozen=True, slots=True)
class ContextValue:
    """`ctx.<name>`: item, loop, branch, case, retry, result, extras."""

    name: str


@dataclass(frozen=True, slots=True)
class ReleaseValue:
    """`release.<name>` in a function of schedule params: logical_date, execute_date, ..."""

    name: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`ctx.outputs(<function>)`."""

    function: str


@dataclass(frozen=True, slots=True)
class MatrixOutputs:
    """`ctx.matrix_outputs(<function>)`: strategy id -> outputs."""

    function: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """`ctx.lookup("jobs", "a", ...)`: a path of the result context with no static shape."""

    path: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Env:
    """`rt.env("<name>")` or `rt.env("<name>", "<default>")`."""

    name: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A local name of the emitted function."""

    identifier: str


@dataclass(frozen=True, slots=True)
class Join:
    """Parts as one text: an f-string. Constant parts are `Const` of str; where two of them meet,
    the line of the YAML ends."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the runtime (`module` None: `rt.filters.<function>`) or a custom one."""

    module: str | None
    function: str
    value: Expr
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """`function(args, name=value)`; `function` is source such as `len` or `rt.literal`."""

    function: str
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """`receiver.name(args)`."""

    receiver: Expr
    name: str
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """`value[key]`."""

    value: Expr
    key: Expr


@dataclass(frozen=True, slots=True)
class Attribute:
    """`value.name`."""

    value: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    op: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Expr
    rest: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Logic:
    op: str
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class ListExpr:
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class TupleExpr:
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class SetExpr:
    """`is_frozen`: `frozenset`."""

    items: tuple[Expr, ...]
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class DictExpr:
    """Printed one entry a line, so that one YAML line stays one Python line."""

    items: tuple[tuple[Expr, Expr], ...]


@dataclass(frozen=True, slots=True)
class Convert:
    """`rt.to(<type>, value)`: what pydantic's lax mode would do at the call."""

    type: Type
    value: Expr


@dataclass(frozen=True, slots=True)
class ModelExpr:
    """`module.Model.model_validate({...})`."""

    record: RecordType
    value: Expr


@dataclass(frozen=True, slots=True)
class Construct:
    """`module.Record(name=value, ...)`: dataclass or NamedTuple."""

    record: RecordType
    keywords: tuple[tuple[str, Expr], ...]


Expr: TypeAlias = (
    "Const | Param | MatrixValue | ContextValue | ReleaseValue | Outputs | MatrixOutputs | Lookup"
    " | Env | Name | Join | Filter | Call | Method | Index | Attribute | Unary | Binary"
    " | Comparison | Logic | Conditional | ListExpr | TupleExpr | SetExpr | DictExpr | Convert"
    " | ModelExpr | Construct"
)
