"""What nobody reads, and other matters of style; told only of what a project asks for.

Adds WF560 (a param), WF561 (a stage with an id), WF562 (a matrix key), WF563 (a schedule that does
not wait for the timeout).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass

from wfcompile import ir
from wfcompile.checks.places import JobPlace, StagePlace
from wfcompile.checks.schedules import schedule_gaps
from wfcompile.diagnostics import Diagnostics
from wfcompile.lower.project import Project
from wfcompile.lower.triggers import triggers_by_template, triggers_of
from wfcompile.models import UntilStage, Workflow
from wfcompile.types import RecordType

_READS = (
    ir.Param,
    ir.MatrixValue,
    ir.Outputs,
    ir.MatrixOutputs,
    ir.Lookup,
    ir.ContextValue,
)


def find_style(
    workflow: Workflow, module: ir.Module, places: Sequence[JobPlace], project: Project
) -> Diagnostics:
    """All rules of style."""
    found = Diagnostics()
    _report_keys(places, found)
    if not _is_triggered(workflow, project):
        _report_params(workflow, module, found)
        _report_stages(places, found)
    _report_frequent(workflow, module, found)
    return found


def _reads(part: object) -> Iterator[ir.Expr]:
    """All that a part of the IR reads, and the stages inside it."""
    if isinstance(part, _READS):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _reads(each)
    elif is_dataclass(part) and not isinstance(part, ir.Const):
        for own in fields(part):
            yield from _reads(getattr(part, own.name))


# --- params ---


def _report_params(
    workflow: Workflow, module: ir.Module, diagnostics: Diagnostics
) -> None:
    reads = {*_reads(module.jobs), *_reads(module.working_directory)}
    paths = {each.path for each in reads if isinstance(each, ir.Lookup)}
    if ("params",) in paths:
        return
    for param, lowered in zip(workflow.params, module.parameters, strict=True):
        by_path = any(path[:2] == ("params", param.name) for path in paths)
        if not by_path and ir.Param(lowered.attribute) not in reads:
            diagnostics.warning(
                "WF560",
                f'param "{param.name}" is read nowhere',
                param.name_span,
                help="remove it, or read it with ${{ params." + param.name + " }}",
            )


# --- matrix keys ---


def _report_keys(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    for job in places:
        strategy = job.model.strategy
        reads = set(_reads(job.ir))
        paths = {each.path for each in reads if isinstance(each, ir.Lookup)}
        is_whole = ir.ContextValue("matrix") in reads or ("matrix",) in paths
        for key in strategy.matrix if strategy and not is_whole else ():
            if ir.MatrixValue(key.name) in reads or _is_in_a_name(key.name, job):
                continue
            if not any(path[:2] == ("matrix", key.name) for path in paths):
                diagnostics.warning(
                    "WF562",
                    f'matrix key "{key.name}" is read in no stage of the job',
                    key.span,
                    help="remove it, or read it with ${{ matrix." + key.name + " }}",
                )


def _is_in_a_name(key: str, job: JobPlace) -> bool:
    names = (stage.model.name_node.text for stage in job.all_stages())
    return any(f"matrix.{key}" in name for name in names)


# --- stages ---


def _is_triggered(workflow: Workflow, project: Project) -> bool:
    """Whether another workflow may read its params, and what it puts out."""
    return any(
        triggers_by_template(each)
        or workflow.name in [name for name, _ in triggers_of(each).targets]
        for each in project.workflows.values()
    )


def _report_stages(places: Sequence[JobPlace], diagnostics: Diagnostics) -> None:
    """Of those with an id that put something out."""
    reads = {each for place in places for each in _reads(place.ir)}
    functions = {
        each.function
        for each in reads
        if isinstance(each, ir.Outputs | ir.MatrixOutputs)
    }
    paths = {each.path for each in reads if isinstance(each, ir.Lookup)}
    for job in places:
        for stage in _with_outputs(job):
            own = ("stages", stage.ir.key)
            inside = (("jobs", job.model.id, *own), own)
            if stage.ir.function in functions:
                continue
            if any(_meet(path, each) for path in paths for each in inside):
                continue
            node = stage.model.id_node or stage.model.name_node
            diagnostics.warning(
                "WF561",
                f'nobody reads what stage "{stage.ir.key}" puts out',
                node.span,
                help='take the "id" away, or read an output of it',
            )


def _meet(path: Sequence[str], record: Sequence[str]) -> bool:
    """Whether a path leads to a record, into it, or to all records around it."""
    size = min(len(path), len(record))
    is_through = "strategies" in path and path[:2] == record[:2]
    return is_through or tuple(path[:size]) == tuple(record[:size])


def _with_outputs(job: JobPlace) -> Iterator[StagePlace]:
    """Whose outputs nothing else can take: an until takes the `item` of its stages."""
    in_rounds = {
        id(each)
        for stage in job.all_stages()
        if isinstance(stage.model, UntilStage)
        for each in stage.model.stages
    }
    for stage in job.all_stages():
        if stage.ir.has_id and _puts_out(stage.ir) and id(stage.model) not in in_rounds:
            yield stage


def _puts_out(stage: ir.Stage) -> bool:
    """More than what a command prints, which is there whether it is wanted or not."""
    if not isinstance(stage.body, ir.BlockBody | ir.CallBody | ir.DispatchBody):
        return False
    returns = stage.returns
    return not isinstance(returns, RecordType) or bool(returns.fields or returns.extra)


# --- schedules ---


def _report_frequent(
    workflow: Workflow, module: ir.Module, diagnostics: Diagnostics
) -> None:
    if module.timeout_s is None:
        return
    for expression, span, gap in schedule_gaps(workflow, module):
        if gap is not None and gap * 60 < module.timeout_s:
            after = "a minute" if gap == 1 else f"{gap} minutes"
            diagnostics.warning(
                "WF563",
                f'the schedule "{expression}" fires again after {after}, '
                f"and a run may take {module.timeout_s:g} seconds",
                span,
                help='give the workflow a shorter "timeout", or let it fire less often',
            )
