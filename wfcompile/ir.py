"""The waist of the compiler: what `lower` decides and `emit` prints.

Frozen data without behaviour. Everything is decided here: names are Python identifiers, types are
known, texts are rewritten; `emit` only spells. No pydantic object, no node, no span crosses; the
YAML lines that the module shows are plain numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from wfcompile.types import RecordType, Type

Value: TypeAlias = (
    "str | int | float | bool | None | date | datetime | Decimal | list[Value] | dict[str, Value]"
)

# --- expressions ---


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

# --- what a stage does ---


@dataclass(frozen=True, slots=True)
class BashBody:
    """Shell text, verbatim but for the holes; `env` in order: the YAML's, then the holes'.

    `constant` is the module-level name of the text, e.g. CHECK_LANDING__COUNT_FILES.
    """

    constant: str
    script: str
    env: tuple[tuple[str, Expr], ...]
    shell: str = "bash"
    cwd: Expr | None = None


@dataclass(frozen=True, slots=True)
class BlockHole:
    """A template in a `run:` block.

    `placeholder` is an identifier that stands in the block's text for the expression. `quote` is
    the quote sign that the expression may not contain (it stands in an f-string part), else "".
    """

    placeholder: str
    value: Expr
    quote: str = ""


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A line of a block; `indent` False inside a string of several lines: printed as it is."""

    text: str
    indent: bool = True


@dataclass(frozen=True, slots=True)
class BlockOutput:
    """A name that the block binds; `always` False when some path leaves it unbound.

    `is_function`: the name of a nested `def`, given on as its text (`type` is str).
    """

    name: str
    type: Type
    always: bool = True
    is_function: bool = False


@dataclass(frozen=True, slots=True)
class BlockBody:
    """A `run:` block: real code of the function, line for line.

    `variables` are `vars:` and the injected names, assigned at the head in this order.
    `outputs_class` is the name of the TypedDict that is emitted for the outputs.
    `declared` are names that mypy wants declared: `name: Any` at the head.
    `completes` is False when every path raises: then nothing is returned.
    """

    variables: tuple[tuple[str, Expr], ...]
    lines: tuple[BlockLine, ...]
    holes: tuple[BlockHole, ...]
    outputs: tuple[BlockOutput, ...]
    outputs_class: str
    declared: tuple[str, ...] = ()
    completes: bool = True


@dataclass(frozen=True, slots=True)
class CallBody:
    """A direct typed call of a caller; `module.function(name=value, ...)`.

    `dump`: the result is a model, a dataclass or a NamedTuple and goes through `rt.dump`.
    """

    module: str
    function: str
    arguments: tuple[tuple[str, Expr], ...]
    is_async: bool = False
    dump: bool = False


@dataclass(frozen=True, slots=True)
class EchoBody:
    """`rt.echo(message)`; message None when the stage only has a name."""

    message: Expr | None
    sleep: Expr | None = None


@dataclass(frozen=True, slots=True)
class RaiseBody:
    message: Expr


@dataclass(frozen=True, slots=True)
class ForEachBody:
    """`items` is printed as a function `<function>__items`; `item_type` types `ctx.item`."""

    items: Expr
    items_type: Type
    item_type: Type
    concurrent: int
    use_index_as_key: bool
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class UntilBody:
    until: Expr
    item: Expr
    item_type: Type
    max_loop: int
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class CaseBody:
    """`match`: value -> stages, in order; `otherwise` None when there is no else."""

    case: Expr
    case_type: Type
    match: tuple[tuple[str | int, tuple[Stage, ...]], ...]
    otherwise: tuple[Stage, ...] | None
    skip_not_match: bool


@dataclass(frozen=True, slots=True)
class ParallelBody:
    branches: tuple[tuple[str, tuple[Stage, ...]], ...]
    max_workers: Expr


Body: TypeAlias = (
    "BashBody | BlockBody | CallBody | EchoBody | RaiseBody | ForEachBody | UntilBody | CaseBody"
    " | ParallelBody"
)
CONTAINERS = (ForEachBody, UntilBody, CaseBody, ParallelBody)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`rt.Retry(max, ...)`; None is "not given"."""

    max: int
    delay: float | None = None
    backoff: float | None = None
    max_delay: float | None = None
    jitter: float | None = None
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextType:
    """How `ctx` is annotated: `matrix` is the job's TypedDict, `item` the type of `ctx.item`."""

    matrix: str | None = None
    item: Type | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage.

    Attributes:
        key: its key in `stages={...}`: the id, or the name when it has no id.
        has_id: False prints `rt.Stage(..., id=None)`.
        function: the Python name, `job__stage`, unique in the module.
        title: the YAML `name`, printed as the docstring.
        line: 1-based line of the stage in the YAML.
        condition: None, or what `rt.skip_unless` guards (containers: `condition=`).
        returns: the type of the outputs.
    """

    key: str
    has_id: bool
    function: str
    title: str
    line: int
    condition: Expr | None
    context: ContextType
    body: Body
    returns: Type
    retry: RetryPolicy | None = None
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class MatrixField:
    """A key of the matrix; `required` False when some combination lacks it."""

    key: str
    type: Type
    required: bool = True


@dataclass(frozen=True, slots=True)
class Matrix:
    """`class_name` names the TypedDict of the values."""

    class_name: str
    fields: tuple[MatrixField, ...]
    values: tuple[tuple[str, tuple[str | int, ...]], ...]
    include: tuple[dict[str, Value], ...] = ()
    exclude: tuple[dict[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingDirectory:
    """Where the shell stages of a job or workflow run; printed as `function`, which they call."""

    function: str
    value: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Job:
    """`name` is the Python form of the id; functions of the job begin with it.

    `condition` is printed as a function `<name>__if`; `max_parallel` as `<name>__max_parallel`
    unless it is a constant. `working_directory` is None when no stage runs there.
    """

    id: str
    name: str
    needs: tuple[str, ...]
    trigger_rule: str
    condition: Expr | None
    matrix: Matrix | None
    max_parallel: Expr
    fail_fast: bool
    retry: RetryPolicy | None
    timeout_s: float | None
    stages: tuple[Stage, ...]
    working_directory: WorkingDirectory | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of `Params`.

    `metadata` holds only what the field itself does not say: name, desc, required, precision.
    """

    name: str
    attribute: str
    type: Type
    has_default: bool
    default: Value
    metadata: tuple[tuple[str, str | int | bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """One `on` entry; `params` is printed as a function `schedule_params` (numbered from 2)."""

    expression: str
    timezone: str
    params: tuple[tuple[str, Expr], ...] = ()


Untyped = Literal["functions", "calls", "imports"]


@dataclass(frozen=True, slots=True)
class Module:
    """One emitted module.

    Attributes:
        name: the workflow's name.
        module: the Python module name, also the file's stem.
        source: the YAML as shown in the header and in errors, relative, with `/`.
        search_path: folders, relative to the emitted file's folder, that hold the users' modules.
        env_lines: variable without default -> first YAML line that reads it.
        untyped: what the authors left without types, which mypy must let pass: functions of
            blocks, calls of callers, imports of modules that are not in the project.
    """

    name: str
    module: str
    source: str
    description: str | None
    parameters: tuple[Parameter, ...]
    schedules: tuple[Schedule, ...]
    timeout_s: float | None
    jobs: tuple[Job, ...]
    search_path: tuple[str, ...]
    env_lines: tuple[tuple[str, int], ...]
    untyped: frozenset[Untyped] = frozenset()
    working_directory: WorkingDirectory | None = None
