"""The graph literal at the end of a module: data and function names, defaults left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wfcompile import ir
from wfcompile.emit.expressions import Printer
from wfcompile.emit.hooks import hook_options
from wfcompile.emit.literals import entries, number, text_literal
from wfcompile.emit.stages import nested_lists
from wfcompile.emit.view import GraphView, TableView

_TRIGGER_RULE = "all_success"
_TIMEZONE = "UTC"
_POLICIES = {"gap": "next", "fold": "first", "day_match": "any"}
_MAX_LOOP = 10
_ONE = ir.Const(1)
_TWO = ir.Const(2)


def graph_view(module: ir.Module, printer: Printer) -> GraphView:
    tables = [
        TableView("lines", tuple(_lines(module))),
        TableView("env", tuple(_env(module.env_lines))),
        TableView("hook_env", tuple(_env(module.hooks.env_lines))),
    ]
    return GraphView(
        text_literal(module.name),
        tuple(_options(module, printer)),
        tuple((text_literal(job.id), *_job(job, printer)) for job in module.jobs),
        tuple(table for table in tables if table.rows),
    )


def schedule_functions(schedules: Sequence[ir.Schedule]) -> dict[int, str]:
    """Index of a schedule with params -> its function: `schedule_params`, then numbered."""
    having = [index for index, each in enumerate(schedules) if each.params]
    names = [
        "schedule_params",
        *(f"schedule_params_{n + 2}" for n in range(len(having))),
    ]
    return dict(zip(having, names, strict=False))


def _options(module: ir.Module, printer: Printer) -> Iterator[str]:
    yield f"source={text_literal(module.source)}"
    if module.parameters:
        yield "params=Params"
    if module.schedules:
        functions = schedule_functions(module.schedules)
        crons = [_cron(s, functions.get(n)) for n, s in enumerate(module.schedules)]
        yield f"on=[{entries(crons)}]"
    yield from _timeout(module.timeout_s)
    yield from _concurrency(module.concurrency)
    yield from _missed(module.missed)
    yield from hook_options(module.hooks, printer)


def _concurrency(asked: ir.Concurrency | None) -> Iterator[str]:
    if asked is not None:
        group = "" if asked.group is None else f", group={text_literal(asked.group)}"
        yield f"concurrency=rt.Concurrency({text_literal(asked.policy)}{group})"


def _missed(asked: ir.Missed | None) -> Iterator[str]:
    if asked is not None:
        window = "" if asked.window_s is None else f", window={number(asked.window_s)}"
        yield f"missed=rt.Missed({text_literal(asked.policy)}{window})"


def _cron(schedule: ir.Schedule, function: str | None) -> str:
    arguments = [text_literal(schedule.expression)]
    if schedule.timezone != _TIMEZONE:
        arguments.append(f"timezone={text_literal(schedule.timezone)}")
    for name, default in _POLICIES.items():
        value: str = getattr(schedule, name)
        if value != default:
            arguments.append(f"{name}={text_literal(value)}")
    if function is not None:
        arguments.append(f"params={function}")
    return f"rt.Cron({', '.join(arguments)})"


def _job(job: ir.Job, printer: Printer) -> Iterator[str]:
    if job.needs:
        yield f"needs=[{', '.join(map(text_literal, job.needs))}]"
    if job.trigger_rule != _TRIGGER_RULE:
        yield f"trigger_rule={text_literal(job.trigger_rule)}"
    if job.condition is not None:
        yield f"condition={job.name}__if"
    if job.matrix is not None:
        yield from _matrix(job.matrix, printer)
    if job.max_parallel != _ONE:
        yield f"max_parallel={_count(job.max_parallel, f'{job.name}__max_parallel')}"
    if job.fail_fast:
        yield "fail_fast=True"
    yield from _retry(job.retry)
    yield from _timeout(job.timeout_s)
    yield f"stages={_stages(job.stages, printer)}"


def _matrix(matrix: ir.Matrix, printer: Printer) -> Iterator[str]:
    values = {key: list(options) for key, options in matrix.values}
    yield f"matrix={_constant(values, printer)}"
    if matrix.include:
        yield f"include={_constant(list(matrix.include), printer)}"
    if matrix.exclude:
        yield f"exclude={_constant(list(matrix.exclude), printer)}"


def _constant(value: object, printer: Printer) -> str:
    return printer.source(ir.Const(value))  # type: ignore[arg-type]  # lists are invariant


def _count(value: ir.Expr, function: str) -> str:
    return str(value.value) if isinstance(value, ir.Const) else function


def _retry(policy: ir.RetryPolicy | None) -> Iterator[str]:
    if policy is None:
        return
    arguments = [f"max={policy.max}"]
    for name in ("delay", "backoff", "max_delay", "jitter"):
        value: float | None = getattr(policy, name)
        if value is not None:
            arguments.append(f"{name}={number(value)}")
    if policy.on:
        arguments.append(f"on=[{', '.join(map(text_literal, policy.on))}]")
    yield f"retry=rt.Retry({', '.join(arguments)})"


def _timeout(seconds: float | None) -> Iterator[str]:
    if seconds is not None:
        yield f"timeout={number(float(seconds))}"


# --- stages ---


def _stages(stages: Iterable[ir.Stage], printer: Printer) -> str:
    rows = [f"{text_literal(each.key)}: {_stage(each, printer)}" for each in stages]
    return f"{{{entries(rows)}}}"


def _stage(stage: ir.Stage, printer: Printer) -> str:
    plain = _container(stage, printer) or stage.function
    options = [] if stage.has_id else ["id=None"]
    if stage.id is not None:
        options = [f"id={stage.function}__id"]
    options += [*_retry(stage.retry), *_timeout(stage.timeout_s)]
    return f"rt.Stage({', '.join([plain, *options])})" if options else plain


def _container(stage: ir.Stage, printer: Printer) -> str | None:
    match stage.body:
        case ir.ForEachBody() as body:
            kind, arguments = "ForEach", list(_for_each(stage, body, printer))
        case ir.UntilBody() as body:
            kind, arguments = "Until", list(_until(stage, body, printer))
        case ir.CaseBody() as body:
            kind, arguments = "Case", list(_case(stage, body, printer))
        case ir.ParallelBody() as body:
            kind, arguments = "Parallel", list(_parallel(stage, body, printer))
        case _:
            return None
    if stage.condition is not None:
        arguments.insert(1, f"condition={stage.function}__if")
    return f"rt.{kind}({entries(arguments)})"


def _for_each(stage: ir.Stage, body: ir.ForEachBody, printer: Printer) -> Iterator[str]:
    yield f"{stage.function}__items"
    if body.concurrent != 1:
        yield f"concurrent={body.concurrent}"
    if body.use_index_as_key:
        yield "use_index_as_key=True"
    yield f"stages={_stages(body.stages, printer)}"


def _until(stage: ir.Stage, body: ir.UntilBody, printer: Printer) -> Iterator[str]:
    yield f"{stage.function}__until"
    if not isinstance(body.item, ir.Const):
        yield f"item={stage.function}__item"
    elif body.item != ir.Const(0) or isinstance(body.item.value, bool):
        yield f"item={printer.source(body.item)}"
    if body.max_loop != _MAX_LOOP:
        yield f"max_loop={body.max_loop}"
    yield f"stages={_stages(body.stages, printer)}"


def _case(stage: ir.Stage, body: ir.CaseBody, printer: Printer) -> Iterator[str]:
    yield f"{stage.function}__case"
    arms = [
        f"{_arm(stage, value, printer)}: {_stages(stages, printer)}"
        for value, stages in body.match
    ]
    yield f"match={{{entries(arms)}}}"
    if body.otherwise is not None:
        yield f"otherwise={_stages(body.otherwise, printer)}"
    if body.skip_not_match:
        yield "skip_not_match=True"


def _arm(stage: ir.Stage, value: str | int | ir.ArmValue, printer: Printer) -> str:
    if isinstance(value, ir.ArmValue):
        return f"{stage.function}__{value.part}"
    return _constant(value, printer)


def _parallel(
    stage: ir.Stage, body: ir.ParallelBody, printer: Printer
) -> Iterator[str]:
    rows = [
        f"{text_literal(branch)}: {_stages(stages, printer)}"
        for branch, stages in body.branches
    ]
    yield f"{{{entries(rows)}}}"
    if body.max_workers != _TWO:
        yield f"max_workers={_count(body.max_workers, f'{stage.function}__max_workers')}"


# --- the tables of lines ---


def _env(lines: Iterable[tuple[str, int]]) -> Iterator[str]:
    return (f"{text_literal(name)}: {line}" for name, line in lines)


def stage_paths(module: ir.Module) -> Iterator[tuple[str, ir.Stage]]:
    """Each stage with its path, in the order of the YAML."""
    for job in module.jobs:
        yield from _paths(job.id, job.stages)


def _lines(module: ir.Module) -> Iterator[str]:
    for job in module.jobs:
        if job.line is not None:
            yield f"{text_literal(job.id)}: {job.line}"
        for path, stage in _paths(job.id, job.stages):
            yield f"{text_literal(path)}: {stage.line}"


def _paths(parent: str, stages: Iterable[ir.Stage]) -> Iterator[tuple[str, ir.Stage]]:
    """Branches and cases are parts of a path: two of them may hold stages of one id."""
    for stage in stages:
        path = f"{parent}/{stage.key}"
        yield path, stage
        for part, nested in nested_lists(stage.body):
            yield from _paths(f"{path}/{part}" if part else path, nested)
