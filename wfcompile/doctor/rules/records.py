"""D17, D26 and D38: what the record of a run holds."""

from __future__ import annotations

from collections.abc import Iterator

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import WorkflowPlace, entries_of
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.rules.outcomes import can_fail
from wfcompile.doctor.texts import holes, nodes_in, parsed
from wfcompile.expressions.nodes import FilterCall, Path


def unnamed_failures(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D17: the direct stages without an id that may fail, told once a job."""
    for job in workflow.jobs:
        unnamed = [
            stage
            for stage in job.stages
            if stage.text("id") is None and can_fail(stage)
        ]
        if not unnamed:
            continue
        more = len(unnamed) - 1
        others = f" and of {more} more without an id" if more else ""
        name = unnamed[0].text("name")
        yield differs(
            "D17",
            f'the message of a failure of "{unnamed[0].title}"{others} is in the error of '
            f'job "{job.id}"; the interpreter loses it',
            name.span if name else unnamed[0].action_span,
            help="keep it",
        )


def read_messages(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D17: templates that read the error of a job."""
    for scalar, hole in holes(workflow):
        for path in nodes_in(hole.tree, Path):
            match [each.name for each in path.segments]:
                case ["jobs", _, "errors"] | ["jobs", _, "errors", "message"]:
                    yield differs(
                        "D17",
                        "the message of a job tells the cause of its failure; the "
                        "interpreter tells the stage alone",
                        scalar.span_of(path.start, path.end),
                        help="keep it where people read it; compare it with no fixed text",
                    )


def kept_extras(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D26: `extras` of a workflow."""
    entry = workflow.node.entry("extras")
    if entry is not None and entries_of(entry.value):
        yield differs(
            "D26",
            "extras are there in every run; the interpreter deletes them after the first",
            entry.key.span,
            help="keep them",
        )


def filtered_names(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D38: stages without an id with a filter in their names."""
    for job in workflow.jobs:
        for stage in job.stages:
            name = stage.text("name")
            if name is None or stage.text("id") is not None:
                continue
            for hole in parsed(name, env=False).holes:
                if isinstance(hole.tree, FilterCall):
                    yield differs(
                        "D38",
                        "the filter does not count for the name of the record that "
                        "stage_default_id asks for",
                        name.span_of(hole.start, hole.end),
                        help="give the stage an id where its record is looked up",
                    )
