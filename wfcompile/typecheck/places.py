"""Errors in an emitted module -> places of its workflow's YAML. Adds WF445."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wfcompile import ir
from wfcompile.diagnostics import Diagnostics
from wfcompile.emit.graph import stage_paths
from wfcompile.lower.naming import all_stages
from wfcompile.models import CallStage, PyStage, Stage, Workflow
from wfcompile.source import Span
from wfcompile.typecheck.block_places import in_block
from wfcompile.typecheck.call_places import in_call
from wfcompile.typecheck.mypy import Error

_FOLLOWING = "no-any-return"


def report_errors(
    errors: Iterable[Error],
    module: ir.Module,
    text: str,
    workflow: Workflow,
    diagnostics: Diagnostics,
) -> None:
    """Tells of those of a module that lie inside of its blocks and calls."""
    own = [error for error in errors if error.module == module.module]
    if not own:
        return
    placed = list(_placed(module, text, workflow))
    for error in _without_followers(own):
        span = _find(error, placed)
        if span is not None:
            message = f"mypy: {error.message} [{error.code}]"
            diagnostics.error("WF445", message, span)


def _without_followers(errors: Sequence[Error]) -> Iterator[Error]:
    """An Any that comes from a mistake in the same line is none of its own."""
    others = {each.line for each in errors if each.code != _FOLLOWING}
    for each in errors:
        if each.code != _FOLLOWING or each.line not in others:
            yield each


@dataclass(frozen=True, slots=True)
class _Placed:
    """A function of the module with the stage that it is, in the IR and in the YAML."""

    function: ast.FunctionDef
    lowered: ir.Stage
    stage: Stage


def _find(error: Error, placed: Iterable[_Placed]) -> Span | None:
    """None for what no author has written."""
    for each in placed:
        last = each.function.end_lineno or 0
        if not each.function.lineno <= error.line <= last:
            continue
        match each.lowered.body, each.stage:
            case ir.BlockBody() as body, PyStage() as stage:
                return in_block(error, body, each.function, stage.run.span.file)
            case _, CallStage() as stage:
                return in_call(error, each.function, stage)
    return None


def _placed(module: ir.Module, text: str, workflow: Workflow) -> Iterator[_Placed]:
    functions = {
        each.name: each
        for each in ast.parse(text).body
        if isinstance(each, ast.FunctionDef)
    }
    stages = {
        (stage.node.span.line, stage.id or stage.name): stage
        for job in workflow.jobs
        for stage in all_stages(job.stages)
    }
    for _, lowered in stage_paths(module):
        stage = stages.get((lowered.line, lowered.key))
        function = functions.get(lowered.function)
        if stage is not None and function is not None:
            yield _Placed(function, lowered, stage)
