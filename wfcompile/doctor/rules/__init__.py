"""What the doctor looks for beside the diagnostics: small rules, by number of the difference.

A rule looks at one workflow and tells only of places where the difference really applies. D10,
D11, D12, D24, D25, D28 and D31 are told by diagnostics alone (`codes.py`), D30 by `ignored.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wfcompile.doctor.finding import Finding
from wfcompile.doctor.places import WorkflowPlace
from wfcompile.doctor.rules import (
    blocks,
    calls,
    conditions,
    failures,
    merges,
    params,
    records,
    schedules,
    scripts,
    times,
    triggers,
    values,
)
from wfcompile.doctor.rules.known import Known

Rule = Callable[[WorkflowPlace, Known], Iterator[Finding]]

RULES: Sequence[Rule] = (
    triggers.unmet_rules,
    triggers.counted_rules,
    triggers.skipped_needs,
    params.absent_params,
    values.unset_variables,
    values.second_passes,
    scripts.split_values,
    scripts.pasted_values,
    scripts.python_variables,
    scripts.shell_variables,
    scripts.stops_at_failures,
    scripts.exported,
    scripts.shell_keys,
    conditions.boolean_conditions,
    params.offsets,
    blocks.inner_scopes,
    times.retries,
    times.timeouts,
    records.unnamed_failures,
    records.read_messages,
    blocks.record_names,
    calls.record_keys,
    times.computed_workers,
    calls.async_callers,
    schedules.zones,
    schedules.shapes,
    schedules.intervals,
    schedules.searches,
    schedules.clock_changes,
    schedules.entry_params,
    calls.optional_filters,
    records.kept_extras,
    blocks.changed_in_place,
    blocks.uncopied_outputs,
    blocks.imported_names,
    merges.merged_orders,
    params.decimals,
    params.defaults,
    scripts.own_scripts,
    values.new_expressions,
    values.accepted_shapes,
    failures.wide_failures,
    records.filtered_names,
    blocks.foreign_imports,
)
"""By number; what has none comes last."""


def look(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(workflow, known)


def look_at_all(workflows: Sequence[WorkflowPlace]) -> Iterator[Finding]:
    """What is so of many workflows alike, and told of the first one."""
    yield from schedules.releases(workflows)


__all__ = ["RULES", "Known", "Rule", "look", "look_at_all"]
