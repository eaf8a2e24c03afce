"""A call stage with templates in its `uses` -> a call by a table of callers.

What the stage gives must fit each of them, and later stages read what all of them give back. Adds
WF413 (no caller matches), and for each caller of the table what `lower_call` adds for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from wfcompile import ir
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.lower.bodies import NOTHING, Lowered, lower_call
from wfcompile.lower.dispatch import Dispatch, Fixed, Key, dispatch, name_parts
from wfcompile.lower.naming import WorkflowNames
from wfcompile.models import CallStage
from wfcompile.nodes import Scalar
from wfcompile.resolve.arguments import (
    BoundEntry,
    CallOutputs,
    fit_arguments,
    returns_outputs,
)
from wfcompile.resolve.caller_reports import report_unmatched
from wfcompile.resolve.callers import Caller, CallerRegistry
from wfcompile.source import Span
from wfcompile.types import (
    STR,
    UNKNOWN,
    Field,
    MapType,
    OpaqueType,
    RecordType,
    Type,
    map_of,
    union,
)

_ANY_MAP = MapType(STR, UNKNOWN)
_OF_MODULES = (ir.CallBody, ir.Filter, RecordType, OpaqueType)


def lower_dispatched_call(
    stage: CallStage,
    binder: ValueBinder,
    registry: CallerRegistry,
    names: WorkflowNames,
) -> Lowered:
    own = Diagnostics()
    found = _resolved(stage.uses, replace(binder, diagnostics=own), registry)
    binder.diagnostics.extend(own)
    if found is None or own.has_errors:
        return lower_call(stage, binder, None)
    binder.uses.callers.update((caller, None) for _, caller in found.callers)
    if found.key is None:
        return lower_call(stage, binder, found.callers[0][1])
    return _lower_table(found.key, found.callers, stage, binder, names)


Callers = tuple[tuple[Key, Caller], ...]


@dataclass(frozen=True, slots=True)
class _Resolved:
    """The callers by the values of the key; `key` None when it can be only one."""

    key: ir.Expr | None
    callers: Callers


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The callers that there are, for one `uses`."""

    registry: CallerRegistry
    uses: Scalar
    diagnostics: Diagnostics

    def has(self, name: str) -> bool:
        return self.registry.has(name)

    def matching(self, parts: Sequence[str | None]) -> list[str]:
        return self.registry.matching(parts, self.uses, self.diagnostics)


def _resolved(
    uses: Scalar, binder: ValueBinder, registry: CallerRegistry
) -> _Resolved | None:
    diagnostics = binder.diagnostics
    candidates = _Candidates(registry, uses, diagnostics)
    match dispatch(uses, binder, candidates, key="uses"):
        case Fixed(text):
            caller = registry.find_rendered(text, uses, diagnostics)
            return None if caller is None else _Resolved(None, ((text, caller),))
        case Dispatch() as found:
            if not found.table:
                _report_unmatched(uses, registry, diagnostics)
            return _Resolved(
                found.key, tuple(_found_callers(found, uses, registry, diagnostics))
            )
    return None


def _report_unmatched(
    uses: Scalar, registry: CallerRegistry, diagnostics: Diagnostics
) -> None:
    there_are = registry.matching(name_parts(uses), uses, diagnostics)
    # a module that is not there was told instead
    if not diagnostics.has_errors:
        report_unmatched(uses, there_are, diagnostics)


def _found_callers(
    found: Dispatch, uses: Scalar, registry: CallerRegistry, diagnostics: Diagnostics
) -> Iterator[tuple[Key, Caller]]:
    for value, text in found.table:
        own = Diagnostics()
        caller = registry.find_rendered(text, uses, own)
        note = Note(f'"uses" can become "{text}"', uses.span)
        for each in own:
            is_here = found.is_sure and each.span == uses.span
            diagnostics.add(
                replace(each, notes=(*each.notes, note)) if is_here else each
            )
        if caller is not None:
            yield value, caller


# --- the calls ---


def _lower_table(
    key: ir.Expr,
    callers: Callers,
    stage: CallStage,
    binder: ValueBinder,
    names: WorkflowNames,
) -> Lowered:
    entries = binder.entries(stage.with_) if stage.with_ else ()
    span = stage.uses.span
    own = Diagnostics()
    returns = [returns_outputs(caller, span, own) for _, caller in callers]
    given = _given(returns)
    if "with" in stage.unread:
        binder.diagnostics.extend(own)
        return Lowered(NOTHING.body, given.outputs, given.spelled)
    calls = [(value, _call(caller, entries, span, own)) for value, caller in callers]
    binder.diagnostics.extend(own)
    if not all(caller.is_annotated for _, caller in callers):
        binder.uses.untyped.add("calls")
    if own.has_errors:
        return Lowered(NOTHING.body, given.outputs, given.spelled)
    is_uniform = _are_alike([caller for _, caller in callers]) and all(
        call.arguments == calls[0][1].arguments for _, call in calls
    )
    local = stage.id or stage.name.lower() if is_uniform else "calls"
    body = ir.DispatchBody(
        key,
        tuple(calls),
        names.stage(stage).constant,
        names.local(local, _modules_in([call for _, call in calls])),
        is_uniform,
        given.dump,
    )
    return Lowered(body, given.outputs, given.spelled)


def _call(
    caller: Caller,
    entries: tuple[BoundEntry, ...],
    uses: Span,
    diagnostics: Diagnostics,
) -> ir.CallBody:
    """Without arguments when they do not fit; what is said then names the caller."""
    own = Diagnostics()
    arguments = fit_arguments(caller, entries, uses, own) or ()
    note = Note(f'the caller is "{caller.key}"', caller.place)
    for each in own:
        is_named = caller.key in each.message
        diagnostics.add(each if is_named else replace(each, notes=(note, *each.notes)))
    return ir.CallBody(
        caller.module, caller.function, arguments, is_async=caller.is_async
    )


def _are_alike(callers: Sequence[Caller]) -> bool:
    """Whether mypy sees functions of one type in them."""
    return len({_signature(caller) for caller in callers}) == 1


def _signature(caller: Caller) -> tuple[object, ...]:
    return (
        *(caller.parameters, caller.rest, caller.keywords, caller.returns),
        *(caller.is_async, caller.is_annotated),
    )


def _modules_in(part: object) -> set[str]:
    """The modules whose names the printed form of a part of the IR reads."""
    if isinstance(part, _OF_MODULES) and part.module:
        return {part.module, *_modules_inside(part)}
    return _modules_inside(part)


def _modules_inside(part: object) -> set[str]:
    if isinstance(part, tuple | list):
        return set().union(*map(_modules_in, part))
    if is_dataclass(part):
        return _modules_in([getattr(part, each.name) for each in fields(part)])
    return set()


# --- what they give back ---


def _given(returns: Sequence[CallOutputs]) -> CallOutputs:
    """What the stage gives, whichever of them is called."""
    if all(each == returns[0] for each in returns):
        return returns[0]
    return CallOutputs(_common(returns), _ANY_MAP, dump=True)


def _common(returns: Sequence[CallOutputs]) -> Type:
    """The fields of all; one that some of them do not give may be missing."""
    outputs = [each.outputs for each in returns]
    records = [each for each in outputs if isinstance(each, RecordType)]
    if len(records) < len(outputs):
        return _ANY_MAP
    keys = dict.fromkeys(field.key for record in records for field in record.fields)
    return map_of(
        (_field(key, records) for key in keys),
        extra=any(record.extra for record in records),
    )


def _field(key: str, records: Sequence[RecordType]) -> Field:
    found = [each for record in records if (each := record.field(key)) is not None]
    is_sure = len(found) == len(records) and all(each.required for each in found)
    return Field(key, union(each.type for each in found), is_sure)
