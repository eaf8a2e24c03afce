"""One stage: what it does, when, and how its context is typed. Stages nest by the bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from wfcompile.ir.expressions import Expr
from wfcompile.types import Type


@dataclass(frozen=True, slots=True)
class BashBody:
    """Shell text, verbatim but for the holes; `env` in order: the YAML's, then the holes'.

    `words` are the lists that become several words each: the array, or `@`, and its values.
    `constant` is the module-level name of the text, e.g. CHECK_LANDING__COUNT_FILES.
    """

    constant: str
    script: str
    env: tuple[tuple[str, Expr], ...]
    shell: str = "bash"
    cwd: Expr | None = None
    words: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class BlockHole:
    """A template in a `run:` block.

    `placeholder` is an identifier that stands in the block's text for the expression. `quote` is
    the quote sign that the expression may not contain (it stands in an f-string part), else "".
    `name` is that of the local which holds the value where it cannot stand in its place.
    """

    placeholder: str
    value: Expr
    quote: str = ""
    name: str = ""


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
    `yaml_lines` has the line of the YAML, 1-based, for each of `lines`.
    """

    variables: tuple[tuple[str, Expr], ...]
    lines: tuple[BlockLine, ...]
    holes: tuple[BlockHole, ...]
    outputs: tuple[BlockOutput, ...]
    outputs_class: str
    declared: tuple[str, ...] = ()
    completes: bool = True
    yaml_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VirtualPyBody:
    """Python as a script: its header, then the block with names in the place of its templates.

    `variables` are the global names of the script: `vars:`, then those of the templates.
    `yaml_lines` has the line of the YAML, 1-based, for each line behind the header.
    """

    constant: str
    script: str
    variables: tuple[tuple[str, Expr], ...]
    yaml_lines: tuple[int, ...] = ()


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
class DispatchBody:
    """One of several calls: the one that `key` has in the table when the stage runs.

    Attributes:
        calls: key -> call, in the order of the table; none of them has `dump`.
        is_uniform: the functions are alike and take the same: `constant` is a table of them, and
            `local` the one that is called; else `local` is a table of calls.
        dump: the result goes through `rt.dump`.
    """

    key: Expr
    calls: tuple[tuple[str | int, CallBody], ...]
    constant: str
    local: str
    is_uniform: bool
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
class TriggerBody:
    """`ctx.trigger(module.WORKFLOW, ...)`.

    `arguments` are fields of the module's `Params` when `is_typed`, else raw values by the YAML
    names of its params, which the run converts.
    """

    module: str
    arguments: tuple[tuple[str, Expr], ...]
    is_typed: bool


@dataclass(frozen=True, slots=True)
class TriggerTableBody:
    """`ctx.trigger(rt.pick(local, key), {...})`; `table`: what `key` can be -> module.

    `arguments` are raw values by YAML names.
    """

    local: str
    key: Expr
    table: tuple[tuple[str | int | bool, str], ...]
    arguments: tuple[tuple[str, Expr], ...]


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
class ArmValue:
    """The value of an arm that is read at run time; `part` stands for it in names and paths."""

    part: str
    value: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class CaseBody:
    """`match`: value -> stages, in order; `otherwise` None when there is no else."""

    case: Expr
    case_type: Type
    match: tuple[tuple[str | int | ArmValue, tuple[Stage, ...]], ...]
    otherwise: tuple[Stage, ...] | None
    skip_not_match: bool


@dataclass(frozen=True, slots=True)
class ParallelBody:
    branches: tuple[tuple[str, tuple[Stage, ...]], ...]
    max_workers: Expr


Body: TypeAlias = (
    "BashBody | BlockBody | VirtualPyBody | CallBody | DispatchBody | EchoBody | RaiseBody"
    " | TriggerBody | TriggerTableBody | ForEachBody | UntilBody | CaseBody | ParallelBody"
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
        id: what gives the name of the record, where a row of the matrix decides it; printed as
            a function `<function>__id`.
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
    id: Expr | None = None
