"""A whole module: params, schedules, and the jobs with their matrices and stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wfcompile.ir.expressions import Expr, Value
from wfcompile.ir.stages import RetryPolicy, Stage
from wfcompile.types import Type


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
    unless it is a constant; `line` is that of the one or the other, None where both are
    missing. `working_directory` is None when no stage runs there.
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
    line: int | None = None


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
    """One `on` entry; `params` is printed as a function `schedule_params` (numbered from 2).

    Attributes:
        gap: what becomes of a time that the zone's clock leaves out.
        fold: which of the two minutes counts that the zone's clock shows as one time.
        day_match: whether any or all of two restricted day fields must fit.
    """

    expression: str
    timezone: str
    params: tuple[tuple[str, Expr], ...] = ()
    gap: Literal["next", "skip"] = "next"
    fold: Literal["first", "both"] = "first"
    day_match: Literal["any", "all"] = "any"


@dataclass(frozen=True, slots=True)
class Concurrency:
    """`group` is None where it is the workflow's name."""

    policy: Literal["skip", "queue", "cancel", "allow"]
    group: str | None = None


@dataclass(frozen=True, slots=True)
class RunHook:
    """A command that is called when a run has ended; a long one is printed as `constant`."""

    constant: str
    script: str
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class UrlHook:
    """An address that is called then, or pinged.

    `url` is printed as `function` unless it is a constant; `key` says in the docstring whose it
    is. `retry` and `timeout_s` are None where the runtime's own are meant.
    """

    key: str
    function: str
    url: Expr
    retry: int | None = None
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class Hooks:
    """Those of a workflow; `env_lines` are as those of the module, whom they stop not."""

    on_failure: tuple[RunHook | UrlHook, ...] = ()
    on_success: tuple[RunHook | UrlHook, ...] = ()
    ping: UrlHook | None = None
    env_lines: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """`window_s` is None where the runtime's own is meant."""

    policy: Literal["last", "all"]
    window_s: float | None = None


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
        triggered: the modules of the workflows that it triggers, which it imports.
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
    triggered: frozenset[str] = frozenset()
    concurrency: Concurrency | None = None
    missed: Missed | None = None
    hooks: Hooks = Hooks()
