"""What is odd about a workflow that has no errors: a model and its IR in, warnings out.

A model says where things stand, the IR what they mean; both have the same jobs and stages in the
same order. Each module here is about one matter.
"""

from __future__ import annotations

from collections.abc import Collection

from wfcompile import ir
from wfcompile.checks.choices import report_choices
from wfcompile.checks.conditions import report_conditions, report_untils
from wfcompile.checks.dead_jobs import (
    find_dead_jobs,
    report_dead_jobs,
    report_idle_rules,
)
from wfcompile.checks.dead_stages import report_dead_stages
from wfcompile.checks.doubles import report_doubles
from wfcompile.checks.empty_matrix import report_empty_matrices
from wfcompile.checks.places import places_of
from wfcompile.checks.schedules import report_schedules
from wfcompile.checks.skipped_outputs import report_skipped_outputs
from wfcompile.checks.style import find_style
from wfcompile.diagnostics import Diagnostics
from wfcompile.lower.project import Project
from wfcompile.models import Workflow


def check_workflow(
    workflow: Workflow, module: ir.Module, diagnostics: Diagnostics
) -> None:
    """Adds WF540 to WF548, WF550, and WF551."""
    places = places_of(workflow, module)
    dead = find_dead_jobs(places)
    report_conditions(places, dead.notes(), diagnostics)
    report_dead_jobs(dead, places, diagnostics)
    report_idle_rules(places, diagnostics)
    report_dead_stages(places, diagnostics)
    report_untils(places, diagnostics)
    report_skipped_outputs(places, diagnostics)
    report_doubles(places, diagnostics)
    report_empty_matrices(places, diagnostics)
    report_choices(places, diagnostics)
    report_schedules(workflow, module, places, diagnostics)


def check_style(
    workflow: Workflow,
    module: ir.Module,
    project: Project,
    asked_for: Collection[str],
    diagnostics: Diagnostics,
) -> None:
    """Adds those of WF560 to WF563 that are asked for."""
    if asked_for:
        found = find_style(workflow, module, places_of(workflow, module), project)
        diagnostics.extend(each for each in found if each.code in asked_for)
