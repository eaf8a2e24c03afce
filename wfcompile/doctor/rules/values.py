"""D5, D6, D35: what the texts of a workflow become."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import WorkflowPlace, text_of
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.texts import (
    Rendered,
    holes,
    is_expression,
    is_plain,
    parsed,
    rendered,
)
from wfcompile.expressions.nodes import EnvRef

_ESCAPED = re.compile(r"\$\$\{[^{}]+\}")


def unset_variables(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D5: each `${NAME}` outside scripts, one of a kind once a workflow."""
    told: set[str] = set()
    for each in rendered(workflow):
        for part in parsed(each.scalar).parts:
            if isinstance(part, EnvRef) and (message := _unset(part)) not in told:
                told.add(message)
                span = each.scalar.span_of(part.start, part.end)
                yield differs("D5", message, span, _HELP_UNSET)


_HELP_UNSET = "set it where the module runs, or write a default: ${NAME:default}"


def _unset(part: EnvRef) -> str:
    if part.default:
        return (
            f'variable "{part.name}" that is set but empty is empty; '
            'the interpreter makes the text "null" of it'
        )
    unset = "is an error when it is not set, and empty when it is empty"
    if part.default == "":
        unset = "is empty when it is not set or empty"
    return (
        f'variable "{part.name}" {unset}; '
        'the interpreter makes the text "null" of both'
    )


def second_passes(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D6: texts of the author that another pass of the interpreter changes.

    What values bring in is known at run time only; WF351 and WF353 tell of defaults.
    """
    for each in rendered(workflow):
        text = each.scalar.text
        if text.strip() == "None" or (text == "null" and each.twice):
            yield differs(
                "D6",
                f'the text "{text.strip()}" stays a text; the interpreter makes None of it',
                each.scalar.span,
                help="leave the value empty for None",
            )
        yield from _escapes(each)


def _escapes(each: Rendered) -> Iterator[Finding]:
    for match in _ESCAPED.finditer(each.scalar.text) if each.twice else ():
        yield differs(
            "D6",
            f'"{match.group()}" stays "{match.group()[1:]}"; '
            "the interpreter reads the variable in a second pass",
            each.scalar.span_of(*match.span()),
            help="write one $ to read the variable",
        )


def new_expressions(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D35: expressions that the interpreter leaves as text, or fails at."""
    for scalar, hole in holes(workflow):
        if hole.tree is None or is_plain(hole) and is_expression(scalar, hole):
            continue
        there = "leaves it in the text as it is"
        if is_expression(scalar, hole):
            there = "fails at it"
        yield differs(
            "D35",
            f"this expression has a value here; the interpreter {there}",
            scalar.span_of(hole.start, hole.end),
            help="keep it if the value is meant",
        )


def accepted_shapes(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D35: shapes that the interpreter crashes at or makes an empty stage of."""
    places = [workflow.node, *(job.node for job in workflow.jobs)]
    for node in places:
        desc = node.entry("desc")
        if desc is not None and text_of(node, "desc") is None:
            yield differs(
                "D35",
                '"desc" may be empty; the interpreter cannot load it',
                desc.key.span,
                help="keep it",
            )
    for stage in workflow.stages:
        if stage.action == "parallel" and "until" in stage.around:
            yield differs(
                "D35",
                '"parallel" runs inside "until"; '
                "the interpreter makes a stage of it that does nothing",
                stage.action_span,
                help="keep it if it is meant to run",
            )
