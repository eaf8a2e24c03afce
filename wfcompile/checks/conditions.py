"""Conditions that have one answer: WF540 for `if`, WF545 for `until`.

What an alias repeats is told of only where all its places agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wfcompile import ir
from wfcompile.checks.places import JobPlace, StagePlace
from wfcompile.checks.rounds import ITEM, LOOP, rounds_of
from wfcompile.checks.truth import Domain, Verdict, parts_of, verdict
from wfcompile.diagnostics import Diagnostics, Note, listing
from wfcompile.models import UntilStage
from wfcompile.nodes import Node, Scalar

_SHOWN = 4
"""So many items does a help line list before the last one."""
_NOTHING_READ: Mapping[ir.Expr, Sequence[ir.Value]] = {}


def answer(
    node: Node | None, condition: ir.Expr | None, domain: Domain
) -> Verdict | None:
    """What an `if` says for sure; None where there is none.

    Args:
        condition: None for one that is found true when it is bound, and for one that is empty.
    """
    if not isinstance(node, Scalar) or node.text == "":
        return None
    if condition is None:
        return Verdict(True, _NOTHING_READ)
    return verdict(condition, domain)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An `if` at one of its places; `notes` are for one that never holds."""

    what: str
    node: Node
    verdict: Verdict
    notes: tuple[Note, ...] = ()


def report_conditions(
    places: Iterable[JobPlace],
    skipped: Mapping[str, Sequence[Note]],
    diagnostics: Diagnostics,
) -> None:
    """Adds WF540, one for each place in the YAML.

    Args:
        skipped: job -> what else never runs because of it.
    """
    by_start: dict[tuple[str, int], list[_Asked]] = {}
    for each in _all_asked(places, skipped):
        span = each.node.span
        by_start.setdefault((span.file.path, span.start), []).append(each)
    for same in by_start.values():
        answers = {each.verdict.holds for each in same}
        if answers == {False}:
            _report_never(same[0], diagnostics)
        elif answers == {True} and not any(map(_is_narrow, same)):
            _report_always(same[0], diagnostics)


def _all_asked(
    places: Iterable[JobPlace], skipped: Mapping[str, Sequence[Note]]
) -> Iterator[_Asked]:
    for job in places:
        found = answer(job.model.if_, job.ir.condition, job.domain)
        if job.model.if_ is not None and found is not None:
            notes = tuple(skipped.get(job.model.id, ()))
            yield _Asked(f'job "{job.model.id}"', job.model.if_, found, notes)
        for stage in job.all_stages():
            model = stage.model
            found = answer(model.if_, stage.ir.condition, stage.domain)
            if model.if_ is not None and found is not None:
                yield _Asked(f'stage "{model.name}"', model.if_, found)


def _is_narrow(asked: _Asked) -> bool:
    """Whether something in it has one value so far, as a matrix that is still to grow."""
    return any(len(set(map(repr, each))) < 2 for each in asked.verdict.reads.values())


def _report_never(asked: _Asked, diagnostics: Diagnostics) -> None:
    values = tuple(_values_of(asked.verdict))
    diagnostics.warning(
        "WF540",
        f"the condition of {asked.what} never holds, so it never runs",
        asked.node.span,
        notes=[*values, *asked.notes],
        help=(
            "compare with a value that can come"
            if values
            else "remove it, or write a condition that can hold"
        ),
    )


def _report_always(asked: _Asked, diagnostics: Diagnostics) -> None:
    diagnostics.warning(
        "WF540",
        f"the condition of {asked.what} always holds",
        asked.node.span,
        notes=list(_values_of(asked.verdict)),
        help='remove the "if"',
    )


def _values_of(verdict: Verdict) -> Iterator[Note]:
    for expr, values in verdict.reads.items():
        match expr:
            case ir.MatrixValue(key):
                name = f"matrix.{key}"
            case ir.ContextValue(name):
                pass
            case _:
                continue
        lead = listing(f'the values of "{name}" are', dict.fromkeys(map(str, values)))
        if lead is not None:
            yield Note(lead)


# --- until ---


def report_untils(places: Iterable[JobPlace], diagnostics: Diagnostics) -> None:
    """Adds WF545."""
    stages = (stage for job in places for stage in job.all_stages())
    by_start: dict[tuple[str, int], list[StagePlace]] = {}
    for stage in stages:
        if isinstance(stage.model, UntilStage):
            span = stage.model.until.span
            by_start.setdefault((span.file.path, span.start), []).append(stage)
    for same in by_start.values():
        if all(map(_never_ends, same)):
            _report_endless(same[0], diagnostics)


def _never_ends(stage: StagePlace) -> bool:
    """Whether the answer is no after each of its rounds; WF521 tells of those without both."""
    body = stage.ir.body
    assert isinstance(body, ir.UntilBody)
    parts = set(parts_of(body.until))
    if not parts & {ITEM, LOOP}:
        return False
    domain = stage.domain.without(ITEM)  # that of a loop around it is another one
    return all(
        verdict(body.until, domain.having(each)).holds is False
        for each in rounds_of(body, stage.domain)
    )


def _report_endless(stage: StagePlace, diagnostics: Diagnostics) -> None:
    model, body = stage.model, stage.ir.body
    assert isinstance(model, UntilStage) and isinstance(body, ir.UntilBody)
    rounds = f"{model.max_loop} rounds" if model.max_loop > 1 else "round"
    items = [each.get(ITEM) for each in rounds_of(body, stage.domain)]
    values = [str(each[0]) for each in items if each is not None]
    is_own = ITEM in parts_of(body.until) and len(values) == len(items)
    *first, last = dict.fromkeys(values) if is_own else [""]
    shown = ", ".join([*first[:_SHOWN], "..."] if len(first) > _SHOWN else first)
    come = f"{shown} and {last}" if shown else last
    numbers = f"loop is 2 to {model.max_loop + 1}"
    diagnostics.warning(
        "WF545",
        f"the condition holds after none of the {rounds}, so the stage always fails",
        model.until.span,
        help=f"ask for a value that comes: {f'item is {come}' if is_own else numbers} there",
    )
