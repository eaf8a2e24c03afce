"""D9: what `if` means when it is a boolean."""

from __future__ import annotations

from collections.abc import Iterator

from wfcompile.doctor.finding import Finding, differs, wrong
from wfcompile.doctor.places import WorkflowPlace
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.texts import is_expression, is_plain, parsed
from wfcompile.nodes import MappingNode, Scalar


def boolean_conditions(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D9: `if: true`, `if: false`, and a condition that is one template."""
    for stage in workflow.stages:
        condition = stage.node.get("if")
        if isinstance(condition, Scalar) and isinstance(condition.value, bool):
            yield _constant(condition)
    conditions = [stage.node for stage in workflow.stages]
    conditions += [job.node for job in workflow.jobs]
    for node in conditions:
        yield from _template(node)


def _constant(condition: Scalar) -> Finding:
    here, there, other = ("runs", "skips", "false")
    if condition.value is False:
        here, there, other = ("skips", "runs", "true")
    return wrong(
        "D9",
        f'"if: {condition.text}" {here} the stage; the interpreter {there} it',
        condition.span,
        help=f'write "if: {other}" to have what the interpreter does',
    )


def _template(node: MappingNode) -> Iterator[Finding]:
    condition = node.get("if")
    if not isinstance(condition, Scalar) or not isinstance(condition.value, str):
        return
    hole = parsed(condition).whole
    if hole is not None and is_plain(hole) and is_expression(condition, hole):
        yield differs(
            "D9",
            "a condition that is one template is its boolean; "
            "the interpreter fails at a boolean, and runs a text as code",
            condition.span_of(hole.start, hole.end),
            help="keep it if the value is a boolean",
        )
