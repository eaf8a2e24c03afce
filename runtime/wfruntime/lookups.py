"""References from one stage to another: by its function, or by a path of the context.

By function, the innermost scope that holds the stage answers, then those around it, then
other jobs. What is inside a container can be seen from inside it alone; from outside it is
read by a path, as the language does (`stages.each.outputs.foreach...`).
"""

from __future__ import annotations

from .errors import OutputError
from .result import SKIP
from .wording import kind, quoted, suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, NoReturn, TypeVar

    from .context import Context, Record, Scope
    from .plan import StageNode

    T = TypeVar("T")

NAMES = ("item", "loop", "branch", "case", "retry")


def given_outputs(given: Mapping[Any, Any], origin: Any) -> Any:
    """The outputs that a hand-made context was given for a stage's function or a workflow."""
    if origin not in given:
        name = getattr(origin, "__name__", None)
        what = f'workflow "{origin.name}"' if name is None else name
        raise OutputError(
            f"this context was made without outputs of {what}; "
            f"give them: outputs={{{name or 'its WORKFLOW'}: ...}}"
        )
    return given[origin]


def outputs_of(scope: Scope, function: Callable[..., T]) -> T:
    """See `Context.outputs`."""
    node = _node(scope, function)
    around: Scope | None = scope
    while around is not None:
        if around.block is node.block:
            found: T = _outputs(around.records, node)
            return found
        around = around.parent
    job = _job_record(scope, node)
    if node.block is not node.job.block:
        raise OutputError(
            f"stage {_shown(node)} is inside a container; read it by ctx.lookup"
        )
    if "strategies" in job:
        raise OutputError(
            f"stage {_shown(node)} ran once for each combination of its job's matrix; "
            "read it by ctx.matrix_outputs"
        )
    found = _outputs(job.get("stages", {}), node, ended=True)
    return found


def matrix_outputs_of(scope: Scope, function: Callable[..., T]) -> Mapping[str, T]:
    """See `Context.matrix_outputs`."""
    node = _node(scope, function)
    job = _job_record(scope, node)
    if "strategies" not in job:
        raise OutputError(f"job {quoted([node.job.id])} has no matrix")
    if node.block is not node.job.block:
        raise OutputError(
            f"stage {_shown(node)} is inside a container; read it by ctx.lookup"
        )
    found = {}
    for strategy, record in job["strategies"].items():
        stage = record.get("stages", {}).get(node.id)
        if stage is not None and _is_readable(stage):
            found[strategy] = _readable_outputs(stage, node)
    return found


def look_up(context: Context[Any], path: tuple[str, ...], *, optional: bool) -> Any:
    """See `Context.lookup`."""
    value: Any = _Root(context)
    for depth, key in enumerate(path):
        step = _step(value, key)
        if step is MISSING:
            if optional and hasattr(value, "keys"):
                return None
            raise _no_such_key(path[:depth], key, value)
        value = step
    return value.plain() if isinstance(value, _Jobs) else value


# --- by function ---


def _node(scope: Scope, function: Callable[..., Any]) -> StageNode:
    plan = scope.run.plan
    node = None if plan is None else plan.node_of(function)
    if node is None:
        raise OutputError(f"{function.__name__} is no stage of this workflow")
    return node


def _job_record(scope: Scope, node: StageNode) -> Record:
    """The record of the stage's job, if this job may see it: it needs that one."""
    plan, here = scope.run.plan, scope.job
    assert plan is not None and here is not None
    if node.job is here:
        raise OutputError(f"stage {_shown(node)} is in a list that cannot be seen here")
    if node.job.index not in here.needs and node.job.index not in plan.upstream(here):
        raise OutputError(
            f"job {quoted([here.id])} does not need job {quoted([node.job.id])}, "
            f"so the outputs of its stage {_shown(node)} may not be there"
        )
    record = scope.run.records[node.job.index]
    assert record is not None  # the needs of a job have ended when it begins
    return record


def _outputs(
    records: Mapping[str, Record], node: StageNode, *, ended: bool = False
) -> Any:
    if node.id is None:
        raise OutputError(f"stage {_shown(node)} has no id, so it leaves no outputs")
    record = records.get(node.id)
    if record is None:
        why = "did not run" if ended else "has not run yet"
        raise OutputError(f"stage {_shown(node)} {why}")
    if not _is_readable(record):
        why = "was skipped" if record["status"] == SKIP else "has failed"
        raise OutputError(f"stage {_shown(node)} {why}")
    return _readable_outputs(record, node)


def _readable_outputs(record: Record, node: StageNode) -> Any:
    """The outputs, which say what is missing; the record keeps them for the next reader."""
    outputs = record["outputs"]
    if type(outputs) is not Outputs:
        outputs = record["outputs"] = Outputs(outputs, node.path)
    return outputs


def _is_readable(record: Record) -> bool:
    """A stage that has failed is read if it has put something out all the same."""
    status = record["status"]
    return status == "SUCCESS" or (status != SKIP and bool(record["outputs"]))


def _shown(node: StageNode) -> str:
    return quoted([node.path])


class Outputs(dict[str, object]):
    """The outputs of the stage at a path; which it is, a missing one says."""

    __slots__ = ("_path",)

    def __init__(self, outputs: Mapping[str, object], path: str) -> None:
        super().__init__(outputs)
        self._path = path

    def __missing__(self, key: object) -> NoReturn:
        hint = _known(key, self) or "; it has put out nothing"
        raise OutputError(
            f"stage {quoted([self._path])} has no output {quoted([key])}{hint}"
        )


# --- by path ---

MISSING = object()


class _Root:
    """The context map, its branches made when a path enters them."""

    def __init__(self, context: Context[Any]) -> None:
        scope = context._scope
        self._scope = scope
        self._values: dict[str, Any] = {
            "params": scope.run.named_params,
            "matrix": scope.matrix,
            "item": scope.item,
            "loop": scope.loop,
            "branch": scope.branch,
            "case": scope.case,
            "retry": context.retry,
        }

    def keys(self) -> list[str]:
        return [*self._values, "stages", "jobs"]

    def __getitem__(self, key: str) -> Any:
        if key == "stages":
            return _stages(self._scope)
        if key == "jobs":
            return _Jobs(self._scope)
        return self._values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.keys()


class _Jobs:
    """The jobs that this one needs, directly or through others: they all have ended."""

    def __init__(self, scope: Scope) -> None:
        self._run = scope.run
        self._job = scope.job

    def keys(self) -> list[str]:
        return [*self.plain()]

    def __getitem__(self, job_id: str) -> Any:
        assert self._run.plan is not None
        return self._run.records[self._run.plan.index_by_id[job_id]]

    def __contains__(self, job_id: str) -> bool:
        plan, here = self._run.plan, self._job
        if plan is None or here is None:
            return False
        index = plan.index_by_id.get(job_id)
        return index in here.needs or index in plan.upstream(here)

    def plain(self) -> dict[str, Any]:
        plan = self._run.plan
        jobs = [] if plan is None else plan.jobs
        return {node.id: self[node.id] for node in jobs if node.id in self}


def _stages(scope: Scope) -> Mapping[str, Any]:
    """Of nested lists the outputs alone can be seen, of the job's own all (section 5)."""
    scopes = [scope]
    while scopes[-1].parent is not None:
        scopes.append(scopes[-1].parent)
    stages: dict[str, Any] = dict(scopes.pop().records)
    for inner in reversed(scopes):
        for stage_id, record in inner.records.items():
            stages[stage_id] = {"outputs": record["outputs"]}
    return stages


def _step(value: Any, key: str) -> Any:
    """A key of a map: the text, else the number that it spells."""
    if not hasattr(value, "keys"):
        return MISSING
    if key in value:
        return value[key]
    if key.removeprefix("-").isdecimal() and int(key) in value:
        return value[int(key)]
    return MISSING


def _no_such_key(path: tuple[str, ...], key: str, value: Any) -> OutputError:
    shown = ".".join(path) or "the context"
    if not hasattr(value, "keys"):
        return OutputError(f'{shown} is {kind(value)}, so it has no key "{key}"')
    return OutputError(f'{shown} has no "{key}"{_known(key, value.keys())}')


def _known(key: object, keys: Iterable[object]) -> str:
    """The end of a message: the close match among the keys, or all, or nothing."""
    known = list(keys)
    return suggestion(key, known) or (f"; it has {quoted(known)}" if known else "")
