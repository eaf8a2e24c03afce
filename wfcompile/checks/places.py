"""The jobs and stages of a workflow, each as its model and as its IR, with what is known there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from wfcompile import ir
from wfcompile.checks.guards import Guards
from wfcompile.checks.truth import Domain
from wfcompile.lower.matrix import combinations
from wfcompile.lower.naming import nested_lists
from wfcompile.models import Job, Stage, Workflow
from wfcompile.types import LiteralType

_ITEM, _LOOP = ir.ContextValue("item"), ir.ContextValue("loop")


@dataclass(frozen=True, slots=True)
class StagePlace:
    """Attributes:
    domain: what is known of the values that the stage reads.
    guards: the conditions that hold when it is reached, its own not among them.
    """

    model: Stage
    ir: ir.Stage
    domain: Domain
    guards: Guards


@dataclass(frozen=True, slots=True)
class JobPlace:
    """Attributes:
    lists: all lists of stages, that of the job first, each before those inside it.
    domain: what is known of the values that its `if` reads.
    """

    model: Job
    ir: ir.Job
    lists: Sequence[Sequence[StagePlace]]
    domain: Domain

    @property
    def stages(self) -> Sequence[StagePlace]:
        return self.lists[0]

    def all_stages(self) -> Iterator[StagePlace]:
        for each in self.lists:
            yield from each


def places_of(workflow: Workflow, module: ir.Module) -> list[JobPlace]:
    choices: Mapping[ir.Expr, Sequence[ir.Value]] = {
        ir.Param(each.attribute): each.type.values
        for each in module.parameters
        if isinstance(each.type, LiteralType)
    }
    places = []
    for job, lowered in zip(workflow.jobs, module.jobs, strict=True):
        rows = combinations(job.strategy) if job.strategy else ()
        domain = Domain(choices, rows)
        guards = _with((), lowered.condition)
        lists = tuple(_lists(job.stages, lowered.stages, domain, guards))
        places.append(JobPlace(job, lowered, lists, Domain(choices)))
    return places


def _lists(
    stages: Sequence[Stage],
    lowered: Sequence[ir.Stage],
    domain: Domain,
    guards: Guards,
) -> Iterator[Sequence[StagePlace]]:
    places = [
        StagePlace(stage, made, domain, guards)
        for stage, made in zip(stages, lowered, strict=True)
    ]
    yield places
    for place in places:
        body = place.ir.body
        inside = _inside(body, domain)
        held = _with(guards, place.ir.condition)
        nested = zip(
            nested_lists(place.model), nested_bodies(body), _arms(body), strict=False
        )
        for (_, models), bodies, arm in nested:
            yield from _lists(models, bodies, inside, _with(held, arm))


def _with(guards: Guards, condition: ir.Expr | None) -> Guards:
    return guards if condition is None else (*guards, condition)


def _arms(body: ir.Body) -> Iterator[ir.Expr | None]:
    """What holds in each list of stages inside a container, as far as it is a comparison."""
    if isinstance(body, ir.CaseBody):
        for value, _ in body.match:
            operand = value.value if isinstance(value, ir.ArmValue) else ir.Const(value)
            yield ir.Comparison(body.case, (("==", operand),))
    yield from repeat(None)


def nested_bodies(body: ir.Body) -> list[Sequence[ir.Stage]]:
    """The lists of stages inside a container, in the order of `nested_lists`."""
    match body:
        case ir.ForEachBody(stages=stages) | ir.UntilBody(stages=stages):
            return [stages]
        case ir.CaseBody(match=match, otherwise=otherwise):
            arms = [stages for _, stages in match]
            return [*arms, *([] if otherwise is None else [otherwise])]
        case ir.ParallelBody(branches=branches):
            return [stages for _, stages in branches]
    return []


def _inside(body: ir.Body, domain: Domain) -> Domain:
    """What is known in the stages of a container."""
    match body:
        case ir.ForEachBody(items=ir.Const(list(items))):
            return domain.having({_ITEM: items, _LOOP: range(len(items))})
        case ir.ForEachBody() | ir.UntilBody():
            return domain.without(_ITEM, _LOOP)
    return domain


def in_order_of_needs(places: Sequence[JobPlace]) -> dict[str, JobPlace]:
    """By id, each job behind those that it needs, which are in no circle."""
    jobs = {place.model.id: place for place in places}
    order: dict[str, JobPlace] = {}
    stack = [*jobs][::-1]
    while stack:
        id = stack[-1]
        missing = [need for need in jobs[id].ir.needs if need not in order]
        if missing and id not in order:
            stack += missing[::-1]
        else:
            order.setdefault(id, jobs[stack.pop()])
    return order
