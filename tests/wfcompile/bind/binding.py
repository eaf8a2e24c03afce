"""Short ways to bind a text under a scope that holds a value of each type."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wfcompile.bind.scope import (
    JobSymbol,
    MatrixSymbol,
    ParamSymbol,
    Scope,
    StageSymbol,
)
from wfcompile.bind.typed import Typed
from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.emit.expressions import Printer
from wfcompile.emit.imports import Imports
from wfcompile.emit.literals import FLAT
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.reader import read
from wfcompile.resolve.callers import CallerRoot
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.source import SourceFile, Span
from wfcompile.types import (
    BASH_OUTPUTS,
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    RecordType,
    Type,
    annotation,
    union,
)

PARAMS: dict[str, Type] = {
    "text": STR,
    "count": INT,
    "share": FLOAT,
    "price": DECIMAL,
    "day": DATE,
    "moment": DATETIME,
    "mode": LiteralType(("full", "delta")),
    "level": LiteralType((1, 2)),
    "rows": ListType(UNKNOWN),
    "options": MapType(STR, UNKNOWN),
    "maybe": union((INT, NONE)),
    "run-date": DATE,
}
RECORD = RecordType(
    "", "Picked", "typeddict", (Field("base", STR), Field("total", INT, required=False))
)
NOWHERE = Span(SourceFile("conf/w.yml", "jobs"), 0, 4)


def attribute(name: str) -> str:
    return name.replace("-", "_")


def stage(id: str, outputs: Type, *, is_container: bool = False) -> StageSymbol:
    function = f"job__{attribute(id)}"
    return StageSymbol(id, function, outputs, outputs, NOWHERE, is_container)


STAGES = {
    "pick": stage("pick", RECORD),
    "shell": stage("shell", BASH_OUTPUTS),
    "call": stage("call", MapType(STR, INT)),
    "each": stage(
        "each",
        RecordType(
            "",
            "Container",
            "typeddict",
            (Field("items", ListType(STR)), Field("foreach", MapType(STR, UNKNOWN))),
        ),
        is_container=True,
    ),
}
JOBS = {
    "before": JobSymbol("before", NOWHERE, False, {"pick": STAGES["pick"]}),
    "many": JobSymbol("many", NOWHERE, True, {"pick": STAGES["pick"]}),
}
SCOPE = Scope(
    params={
        name: ParamSymbol(attribute(name), type_, NOWHERE)
        for name, type_ in PARAMS.items()
    },
    job_id="job",
    upstream=frozenset(JOBS),
    job_spans=dict.fromkeys(("before", "many", "job", "other"), NOWHERE),
    jobs=JOBS,
    stages=STAGES,
    later={"after": NOWHERE},
    matrix={
        "os": MatrixSymbol(STR, True, ("linux",)),
        "part": MatrixSymbol(INT, False, (1,)),
        "gone": MatrixSymbol(STR, False, (), NOWHERE),
    },
    item=STR,
    names=frozenset(["loop", "branch"]),
)
FLAGS: dict[str, Type] = {"flag": BOOL}


@dataclass
class Binding:
    """What a text is bound to, as it would be printed."""

    typed: Typed
    diagnostics: Diagnostics
    uses: Uses
    imports: Imports = field(default_factory=Imports)

    @property
    def source(self) -> str:
        return Printer(self.imports, FLAT).source(self.typed.expr)

    @property
    def type(self) -> str:
        return annotation(self.typed.type)

    @property
    def messages(self) -> list[str]:
        """`WF310 4-9: message (help)`; the places count characters of the text."""
        return [
            f"{each.code} {each.span.start - START}-{each.span.end - START}: {each.message}"
            + (f" ({each.help})" if each.help else "")
            for each in self.diagnostics
        ]


START = len("value: ")


def scalar_of(text: str) -> Scalar:
    """The text as a plain or quoted scalar of a YAML file."""
    diagnostics = Diagnostics()
    node = read(SourceFile("w.yml", f"value: {text}\n"), diagnostics)
    assert isinstance(node, MappingNode), [each.message for each in diagnostics]
    value = node.get("value")
    assert isinstance(value, Scalar)
    return value


def filters(folder: Path | None = None, *modules: str) -> FilterRegistry:
    roots = [] if folder is None else [CallerRoot(folder, "")]
    return FilterRegistry(roots, modules)


def binder(scope: Scope = SCOPE, registry: FilterRegistry | None = None) -> ValueBinder:
    return ValueBinder(scope, registry or _FILTERS, Uses(), Diagnostics())


_FILTERS = filters()


def bound(text: str, scope: Scope = SCOPE) -> Binding:
    """A YAML text, such as `${{ params.count }} rows`."""
    values = binder(scope)
    typed = values.text(scalar_of(text))
    return Binding(typed, values.diagnostics, values.uses)


def condition(text: str, scope: Scope = SCOPE) -> Binding:
    """The text of an `if`; without one the value is True."""
    values = binder(scope)
    found = values.condition(scalar_of(text))
    typed = bound("True").typed if found is None else Typed(found, BOOL)
    return Binding(typed, values.diagnostics, values.uses)
