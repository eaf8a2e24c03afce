"""What a run tells of itself: its context, and the fields of `run.start` and `run.end`."""

from __future__ import annotations

import os
import time

from .failures import error_record, traceback_text
from .journal import VERSION
from .result import timing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import RunState
    from .events import Span
    from .graph import Workflow
    from .release import Prepared


def run_context(
    status: str,
    error: BaseException | None,
    span: Span,
    state: RunState,
    prepared: Prepared | None,
    mode: str,
) -> dict[str, Any]:
    """The context of a run that was not skipped.

    Args:
        prepared: Of a release.
    """
    context: dict[str, Any] = {"status": status}
    if prepared is not None:
        # as the interpreter: what was given stays as it was given
        context["params"] = {**state.named_params, **prepared.params}
        context["release"] = {
            "type": mode,
            "logical_date": prepared.release.logical_date,
        }
    elif state.params is not None:
        context["params"] = state.named_params
    nodes = [] if state.plan is None else state.plan.jobs
    context["jobs"] = {
        node.id: record
        for node, record in zip(nodes, state.records, strict=True)
        if record is not None
    }
    latency = time.perf_counter() - span.clock
    context["info"] = timing(span.started, latency)
    if error is not None:
        context["errors"] = error_record(error)
        if prepared is not None:  # as the interpreter has it in a release
            context.update(context["errors"])
    return context


def start_fields(
    workflow: Workflow[Any],
    state: RunState,
    mode: str,
    parent_run_id: str | None,
    told_by_guard: Mapping[str, object],
) -> dict[str, object]:
    fields: dict[str, object] = {
        "version": VERSION,
        "workflow": workflow.name,
        "source": workflow.source,
        "run_id": state.run_id,
        "pid": os.getpid(),
        "mode": mode,
    }
    if parent_run_id is not None:
        fields["parent_run_id"] = parent_run_id
    if state.release is not None:
        fields["release"] = state.release.logical_date
    fields |= told_by_guard
    if state.params is not None:
        fields["params"] = state.named_params
    return fields


def end_fields(
    skip: str | None, error: BaseException | None, module: str | None
) -> dict[str, object]:
    """
    Args:
        skip: Why nothing was run.
        module: The file of the emitted module.
    """
    fields: dict[str, object] = {}
    if skip is not None:
        fields["reason"] = skip
    if error is not None:
        fields["errors"] = error_record(error)
        traceback = traceback_text(error, module)
        if traceback:
            fields["traceback"] = traceback
    return fields
