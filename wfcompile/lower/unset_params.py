"""Schedules that start a workflow without a value that it needs.

A param that nothing gives a value is None then (differences D4); a param that is required ends
the run. Only what is sure is told: a workflow that asks anywhere whether the param is None, or
gives it a value in its place, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wfcompile import ir
from wfcompile.bind.scope import ParamSymbol
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.ir.parts import inner_fields
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.schedules import ResolvedSchedule
from wfcompile.source import Span
from wfcompile.types import (
    DATE,
    DATETIME,
    NONE,
    ListType,
    LiteralType,
    MapType,
    is_assignable,
)

_FOR_NONE = frozenset(["==", "!=", "is", "is not", "in", "not in"])
"""The comparisons that None takes part in."""


@dataclass(frozen=True, slots=True)
class Started:
    """A workflow as its schedules start it, with the callers that it uses."""

    parameters: Sequence[ir.Parameter]
    symbols: Mapping[str, ParamSymbol]
    jobs: Sequence[ir.Job]
    callers: Iterable[Caller]


def report_unset(
    started: Started,
    schedules: Iterable[tuple[ResolvedSchedule, ir.Schedule]],
    diagnostics: Diagnostics,
) -> None:
    """Adds WF354, one for each param and schedule."""
    uses = _Uses({(each.module, each.function): each for each in started.callers})
    uses.look(started.jobs)
    needed = [each for each in started.parameters if uses.need(each)]
    for resolved, schedule in schedules:
        given = {name for name, _ in schedule.params}
        for parameter in needed:
            if parameter.name not in given:
                span = started.symbols[parameter.name].span
                _report(parameter, resolved, span, diagnostics)


def _report(
    parameter: ir.Parameter,
    schedule: ResolvedSchedule,
    declared: Span,
    diagnostics: Diagnostics,
) -> None:
    why, instead = "which has no default", "give it a default"
    if parameter.has_default:
        why = "which is required in spite of its default"
        instead = 'take "required" out'
    diagnostics.warning(
        "WF354",
        f'the schedule sets no value for param "{parameter.name}", {why}',
        schedule.span,
        notes=[Note("it is declared here", declared)],
        help=f'set it below "params" of the schedule, or {instead}',
    )


@dataclass(slots=True)
class _Uses:
    """Attributes:
    callers: those of the workflow by module and function.
    strict: the attributes of params that are used where None cannot be.
    asked: those that are somewhere asked for None, or have a value in its place.
    """

    callers: Mapping[tuple[str, str], Caller]
    strict: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def need(self, parameter: ir.Parameter) -> bool:
        if dict(parameter.metadata).get("required"):
            return True
        if parameter.has_default:
            return False
        # these have a value when nothing gives one
        if parameter.type in (DATE, DATETIME) or isinstance(
            parameter.type, LiteralType | MapType | ListType
        ):
            return False
        return parameter.attribute in self.strict - self.asked

    def look(self, part: Any) -> None:
        """Sorts the uses in a part of the IR and in all that it holds."""
        if isinstance(part, (tuple, list)):
            for each in part:
                self.look(each)
        elif isinstance(part, ir.EchoBody | ir.RaiseBody):
            # a "None" in a message does no harm
            message = part.message
            self.look(message.parts if isinstance(message, ir.Join) else message)
        elif names := inner_fields(part.__class__):
            if isinstance(part, _STRICT):
                self.strict.update(_params(self._strict(part)))
            if isinstance(part, _ASKING):
                self.asked.update(_params(_asking(part)))
            for name in names:
                self.look(getattr(part, name))

    def _strict(self, part: object) -> Iterator[object]:
        """What stands directly in it where None would be a mistake, if only in the text."""
        match part:
            case ir.Join(parts):
                yield from parts
            case ir.Binary(_, left, right):
                yield from (left, right)
            case ir.Comparison(left, rest):
                if not {op for op, _ in rest} <= _FOR_NONE:
                    yield from (left, *(each for _, each in rest))
            case ir.Method(receiver=value) | ir.Attribute(value) | ir.Index(value):
                yield value
            case ir.Call("rt.not_none", (value, _)):
                yield value
            case ir.Convert(type_, value) if not is_assignable(NONE, type_):
                yield value
            case ir.BlockHole(value=value, quote=quote) if quote:
                yield value
            case ir.ForEachBody(items=items):
                yield items
            case ir.CallBody():
                yield from self._strict_arguments(part)

    def _strict_arguments(self, call: ir.CallBody) -> Iterator[object]:
        caller = self.callers.get((call.module, call.function))
        parameters = caller.parameters if caller else ()
        strict = {
            each.name for each in parameters if not is_assignable(NONE, each.type)
        }
        yield from (value for name, value in call.arguments if name in strict)


_STRICT = (
    *(ir.Join, ir.Binary, ir.Comparison, ir.Method, ir.Attribute, ir.Index, ir.Call),
    *(ir.Convert, ir.BlockHole, ir.ForEachBody, ir.CallBody),
)
"""What `_Uses._strict` knows: most of the IR is something else."""


def _asking(part: object) -> Iterator[object]:
    """What stands directly in it and is asked for None, or for being there at all."""
    match part:
        case ir.Comparison(left, rest):
            if {op for op, _ in rest} <= _FOR_NONE:
                yield from (left, *(each for _, each in rest))
        case ir.Logic(operands=operands):
            yield from operands
        case ir.Unary("not", operand):
            yield operand
        case ir.Conditional(test=test):
            yield test
        case ir.Call("bool", args):
            yield from args
        case ir.BlockHole(value=value, quote=""):
            yield value  # the block may ask
        case ir.Filter(function="coalesce", value=value):
            yield value
        case ir.Stage(condition=condition) | ir.Job(condition=condition):
            yield condition


_ASKING = (
    *(ir.Comparison, ir.Logic, ir.Unary, ir.Conditional, ir.Call, ir.BlockHole),
    *(ir.Filter, ir.Stage, ir.Job),
)
"""What `_asking` knows."""


def _params(values: Iterable[object]) -> Iterator[str]:
    return (each.attribute for each in values if isinstance(each, ir.Param))
