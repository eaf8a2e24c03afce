"""D18, D20, D23: callers and filters."""

from __future__ import annotations

from collections.abc import Iterator

from wfcompile.diagnostics import Diagnostics
from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import StagePlace, WorkflowPlace
from wfcompile.doctor.rules.blocks import RECORD_KEYS
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.texts import filters_in, holes
from wfcompile.nodes import Scalar
from wfcompile.resolve.callers import Caller
from wfcompile.types import RecordType

_OPTIONAL_FILTERS = frozenset(("fmt", "coalesce", "getitem", "getindex"))
_THEIR_MODULE = "ddeutil.workflow.reusables"


def async_callers(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D20."""
    for _, uses, caller in _calls(workflow, known):
        if caller.is_async:
            yield differs(
                "D20",
                f'caller "{caller.key}" is async and runs; the interpreter fails at it',
                uses.span,
                help="keep it",
            )


def record_keys(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D18: callers whose annotation says that they return such a key."""
    for stage, uses, caller in _calls(workflow, known):
        returns = caller.returns
        fields = returns.fields if isinstance(returns, RecordType) else ()
        names = {each.alias or each.name for each in fields}
        for name in RECORD_KEYS if stage.text("id") else ():
            if name in names:
                yield differs(
                    "D18",
                    f'output "{name}" of caller "{caller.key}" stays an output; '
                    "the interpreter takes it for a part of the record",
                    uses.span,
                    help=f'read it as "outputs.{name}"',
                )


def optional_filters(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D23: filters that the interpreter has only when its registry names their module."""
    if _THEIR_MODULE in known.filters:
        return
    for scalar, hole in holes(workflow):
        for call in filters_in(hole.tree):
            if call.name in _OPTIONAL_FILTERS:
                yield differs(
                    "D23",
                    f'filter "{call.name}" is always there; the interpreter has it when '
                    f'its registry of filters names "{_THEIR_MODULE}"',
                    scalar.span_of(call.name_start, call.name_end),
                    help="keep it, unless a filter of your own has this name",
                )


def _calls(
    workflow: WorkflowPlace, known: Known
) -> Iterator[tuple[StagePlace, Scalar, Caller]]:
    for stage in workflow.stages:
        uses = stage.text("uses")
        # what is wrong with it is told by the checker
        caller = known.callers.find(uses, Diagnostics()) if uses else None
        if uses is not None and caller is not None:
            yield stage, uses, caller
