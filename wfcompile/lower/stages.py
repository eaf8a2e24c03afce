"""The stages of one job -> IR, in order, each under the scope of those that ran before it.

Adds WF420 (foreach over what is no list), WF421 (a case that can never match) and what the
bodies add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from json import loads

from wfcompile import ir
from wfcompile.bind.operators import can_equal, plain
from wfcompile.bind.scope import Scope, StageSymbol
from wfcompile.bind.typed import POISON, Typed
from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.lower.blocks import lower_block
from wfcompile.lower.bodies import (
    NOTHING,
    Lowered,
    ShellDefaults,
    lower_bash,
    lower_call,
    lower_empty,
    lower_raise,
)
from wfcompile.lower.counts import MAX_WORKERS
from wfcompile.lower.dispatch import has_templates
from wfcompile.lower.dispatched_calls import lower_dispatched_call
from wfcompile.lower.endless import report_endless
from wfcompile.lower.item_keys import report_no_keys
from wfcompile.lower.loop_items import is_covered, next_item
from wfcompile.lower.naming import WorkflowNames
from wfcompile.lower.project import Project
from wfcompile.lower.record_types import nested_record, stages_map
from wfcompile.lower.shell_values import is_written
from wfcompile.lower.triggers import lower_trigger
from wfcompile.lower.virtual_py import lower_virtual_py
from wfcompile.models import (
    BashStage,
    BrokenStage,
    CallStage,
    CaseArm,
    CaseStage,
    EmptyStage,
    ForEachStage,
    ParallelStage,
    PyStage,
    RaiseStage,
    Retry,
    Stage,
    TriggerStage,
    UntilStage,
    VirtualPyStage,
)
from wfcompile.nodes import Node, Scalar, is_unread
from wfcompile.resolve.bound import Bound
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.misfits import constant_in_words, in_words
from wfcompile.source import Span
from wfcompile.types import (
    INT,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    RecordType,
    Type,
    is_assignable,
    map_of,
    type_of_value,
    union,
    without_none,
)


@dataclass(frozen=True, slots=True)
class StageLowering:
    """What all stages of one workflow share; `callers`: id of a call stage -> its caller."""

    names: WorkflowNames
    project: Project
    callers: Mapping[int, Caller | None]
    uses: Uses
    diagnostics: Diagnostics


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list of stages stands: how `ctx` is typed there, and what the shell defaults are."""

    scope: Scope
    context: ir.ContextType
    shell: ShellDefaults


Inside = tuple[ir.Stage, ...]

_READ_BY_PATH = (TriggerStage, ForEachStage, UntilStage, CaseStage, ParallelStage)
"""Stages whose outputs hold records of other stages."""

_TRIES = 2
"""Under the first item's type, and under one that takes the second item too."""


def lower_stages(
    stages: Sequence[Stage], place: Place, shared: StageLowering
) -> tuple[Inside, dict[str, StageSymbol]]:
    """The stages of one list, and id -> symbol of those that can be read afterwards."""
    lowered: list[ir.Stage] = []
    symbols: dict[str, StageSymbol] = {}
    later = {
        each.id: each.id_node.span
        for each in stages
        if each.id is not None and each.id_node is not None and not each.has_matrix_id
    }
    # grows as the stages are lowered: a copy for each would cost the square of their number
    before = dict(place.scope.stages)
    scope = replace(place.scope, stages=before, later={**place.scope.later, **later})
    here = replace(place, scope=scope)
    for stage in stages:
        made, symbol = _lower_stage(stage, here, shared)
        lowered.append(made)
        if has_unread_ids((stage,)):
            unread = here.scope.unread | {"stages"}
            here = replace(here, scope=replace(here.scope, unread=unread))
        if stage.has_matrix_id:
            here = replace(here, scope=replace(here.scope, has_matrix_ids=True))
        if symbol is not None:
            symbols[symbol.id] = before[symbol.id] = symbol
    return tuple(lowered), symbols


def has_unread_ids(stages: Sequence[Stage]) -> bool:
    return any("id" in stage.unread for stage in stages)


def _lower_stage(
    stage: Stage, place: Place, shared: StageLowering
) -> tuple[ir.Stage, StageSymbol | None]:
    scope = place.scope
    if stage.retry is not None or "retry" in stage.unread:
        scope = replace(scope, names=scope.names | {"retry"})
        place = replace(place, scope=scope)
    one = _OneStage(stage, place, shared)
    condition = one.binder.condition(stage.if_)
    lowered = one.lower()
    name = shared.names.stage(stage)
    made = ir.Stage(
        key=stage.id or stage.name,
        has_id=stage.id is not None,
        function=name.function,
        title=stage.name,
        line=stage.node.span.line,
        condition=condition,
        context=place.context,
        body=lowered.body,
        returns=lowered.spelled,
        retry=_stage_retry(stage, shared),
        timeout_s=stage.timeout_s,
    )
    if stage.has_matrix_name:
        one.binder.text(stage.name_node)  # for what is wrong with it
    if stage.id is None or stage.id_node is None:
        return made, None
    if stage.has_matrix_id:
        return replace(made, id=one.id(stage.id_node)), None
    symbol = StageSymbol(
        stage.id,
        name.function,
        lowered.outputs,
        lowered.spelled,
        stage.id_node.span,
        is_container=isinstance(stage, _READ_BY_PATH),
        may_skip=condition is not None,
    )
    return made, symbol


def _stage_retry(stage: Stage, shared: StageLowering) -> ir.RetryPolicy | None:
    """Adds WF125 to a stage that fails in each try."""
    if stage.retry is None or not isinstance(stage, RaiseStage):
        return retry_policy(stage.retry)
    shared.diagnostics.warning(
        "WF125",
        'stage "raise" fails in each try, so "retry" has no effect',
        stage.retry.node.span,
        help='remove "retry", or write it at the stage that may fail',
    )
    return None


def retry_policy(retry: Retry | None) -> ir.RetryPolicy | None:
    if retry is None:
        return None
    return ir.RetryPolicy(
        retry.max, retry.delay, retry.backoff, retry.max_delay, retry.jitter, retry.on
    )


class _OneStage:
    """Lowers one stage at its place."""

    def __init__(self, stage: Stage, place: Place, shared: StageLowering) -> None:
        self.stage = stage
        self.place = place
        self.shared = shared
        self.binder = ValueBinder(
            place.scope, shared.project.filters, shared.uses, shared.diagnostics
        )

    def lower(self) -> Lowered:
        stage, binder = self.stage, self.binder
        name = self.shared.names.stage(stage)
        match stage:
            case BrokenStage():
                return Lowered(NOTHING.body, UNKNOWN, MapType(STR, UNKNOWN))
            case EmptyStage():
                return lower_empty(stage, binder)
            case RaiseStage():
                return lower_raise(stage, binder)
            case BashStage():
                return lower_bash(stage, binder, name.constant, self.place.shell)
            case CallStage():
                return self._call(stage)
            case PyStage():
                return lower_block(stage, binder, name.type, self.shared.project)
            case VirtualPyStage():
                return lower_virtual_py(stage, binder, name.constant)
            case TriggerStage():
                return lower_trigger(
                    stage, binder, self.shared.project, self.shared.names
                )
            case ForEachStage():
                return self._for_each(stage)
            case UntilStage():
                return self._until(stage)
            case CaseStage():
                return self._case(stage)
            case ParallelStage():
                return self._parallel(stage)

    def _call(self, stage: CallStage) -> Lowered:
        if is_unread(stage.uses):
            return lower_call(stage, self.binder, None)
        if not has_templates(stage.uses):
            return lower_call(stage, self.binder, self.shared.callers[id(stage)])
        return lower_dispatched_call(
            stage, self.binder, self.shared.project.callers, self.shared.names
        )

    def id(self, node: Scalar) -> ir.Expr:
        """What gives the name of its record, where the matrix decides it: a text."""
        typed = self.binder.text(node)
        return typed.expr if plain(typed.type) == STR else ir.Join((typed.expr,))

    def _inside(
        self,
        stages: Sequence[Stage],
        *names: str,
        item: Type | None = None,
        is_item_written: bool = False,
        shared: StageLowering | None = None,
    ) -> tuple[Inside, dict[str, StageSymbol]]:
        """The stages of a list inside this one, where `names` and perhaps `item` exist."""
        scope = replace(
            self.place.scope, names=self.place.scope.names | set(names), later={}
        )
        context = self.place.context
        if item is not None:
            scope = replace(scope, item=item, is_item_written=is_item_written)
            context = replace(context, item=item)
        place = Place(scope, context, self.place.shell)
        return lower_stages(stages, place, shared or self.shared)

    # --- foreach ---

    def _for_each(self, stage: ForEachStage) -> Lowered:
        items = self._items(stage.foreach)
        item = items.type.item if isinstance(items.type, ListType) else UNKNOWN
        if not stage.use_index_as_key:
            report_no_keys(item, stage.foreach.span, self.shared.diagnostics)
        nested, symbols = self._inside(
            stage.stages, "loop", item=item, is_item_written=is_written(items.expr)
        )
        body = ir.ForEachBody(
            items.expr,
            items.type,
            item,
            stage.concurrent,
            stage.use_index_as_key,
            nested,
        )
        record = nested_record(_stages_map(stage.stages, symbols, stage), item=item)
        fields = (
            Field("items", ListType(item)),
            Field("foreach", MapType(UNKNOWN, record)),
        )
        return _container(body, fields)

    def _items(self, node: Node) -> Typed:
        """The list; the runtime reads a text as JSON (language.md section 6, foreach)."""
        bound: Typed | Bound = (
            self.binder.text(node)
            if isinstance(node, Scalar)
            else self.binder.value(node)
        )
        if isinstance(bound.expr, ir.Const) and isinstance(bound.expr.value, str):
            return self._json_items(bound.expr.value, node.span)
        type_ = plain(bound.type)
        if isinstance(bound, Typed) and _is_view(bound.expr):
            return Typed(ir.Call("list", (bound.expr,)), ListType(bound.held))
        match type_:
            case ListType(item):
                return Typed(bound.expr, ListType(plain(item)))
            case _ if without_none(type_) == STR:
                return Typed(bound.expr, type_)
            case _ if is_assignable(type_, ListType(UNKNOWN)):
                return Typed(bound.expr, ListType(UNKNOWN))
        return self._no_list(node.span, f"foreach is given {in_words(type_)}")

    def _json_items(self, text: str, span: Span) -> Typed:
        try:
            items = loads(text)
        except (ValueError, RecursionError):
            items = None
        if not isinstance(items, list):
            return self._no_list(span, "foreach is given a text that is no JSON list")
        return Typed(ir.Const(items), type_of_value(items))

    def _no_list(self, span: Span, found: str) -> Typed:
        self.shared.diagnostics.error(
            "WF420",
            f"{found}, expected a list",
            span,
            help="write [first, second], or a template that gives a list",
        )
        return POISON

    # --- until ---

    def _until(self, stage: UntilStage) -> Lowered:
        first = self._first_item(stage.item)
        item, nested, symbols = self._rounds(stage.stages, first.type)
        scope = replace(
            self.place.scope, item=item, names=self.place.scope.names | {"loop"}
        )
        until = replace(self.binder, scope=scope).condition(stage.until)
        if until is not None:
            report_endless(stage.until, self.shared.diagnostics)
        # None: the text is empty or true, which ends the first round
        expr = ir.Const(True) if until is None else until
        body = ir.UntilBody(expr, first.expr, item, stage.max_loop, nested)
        stages = _stages_map(stage.stages, symbols, stage)
        record = nested_record(stages, loop=INT, item=item)
        return _container(body, (Field("until", MapType(INT, record)),))

    def _rounds(
        self, stages: Sequence[Stage], first: Type
    ) -> tuple[Type, Inside, dict[str, StageSymbol]]:
        """The type of all items, and the stages under it.

        What the stages put out decides the next item; where that is of another type, they are
        lowered again, and what was said of the try is forgotten. An item that grows with every
        round (`item = [item]`) has no type that can be written down.
        """
        item = first
        for _ in range(_TRIES):
            own = replace(self.shared, diagnostics=Diagnostics(), uses=Uses())
            nested, symbols = self._inside(stages, "loop", item=item, shared=own)
            following = next_item(nested, symbols)
            if is_covered(following, item):
                self.shared.diagnostics.extend(own.diagnostics)
                self.shared.uses.add(own.uses)
                return item, nested, symbols
            item = union((item, following))
        return UNKNOWN, *self._inside(stages, "loop", item=UNKNOWN)

    def _first_item(self, node: Scalar | None) -> Typed:
        if node is None:
            return Typed(ir.Const(0), INT)
        typed = self.binder.text(node)
        return Typed(typed.expr, plain(typed.type))

    # --- case ---

    def _case(self, stage: CaseStage) -> Lowered:
        case = self.binder.rendering_only().text(stage.case)
        arms: list[tuple[str | int | ir.ArmValue, Inside]] = []
        records: list[Field] = []
        for part, arm in stage.match:
            value = self._arm_value(part, arm)
            if not isinstance(value, ir.ArmValue):
                self._check_arm(case.type, value, arm.span)
            nested, symbols = self._inside(arm.stages, "case")
            records += stages_map(symbols.values()).fields
            arms.append((value, nested))
        otherwise = None
        if stage.otherwise is not None:
            otherwise, symbols = self._inside(stage.otherwise, "case")
            records += stages_map(symbols.values()).fields
        spelled = UNKNOWN if case is POISON else plain(case.type)
        body = ir.CaseBody(
            case.expr, spelled, tuple(arms), otherwise, stage.skip_not_match
        )
        lists = [*(arm.stages for _, arm in stage.match), stage.otherwise or ()]
        has_matrix_ids = any(e.has_matrix_id for each in lists for e in each)
        is_unread = bool(stage.unread) or any(map(has_unread_ids, lists))
        stages = map_of(_one_of(records), extra=has_matrix_ids or is_unread)
        fields = (Field("case", UNKNOWN), Field("stages", stages))
        return _container(body, fields)

    def _arm_value(self, part: str, arm: CaseArm) -> str | int | ir.ArmValue:
        if arm.case is None or not arm.is_template:
            return arm.value
        typed = self.binder.text(arm.case)
        if isinstance(typed.expr, ir.Const) and isinstance(typed.expr.value, str):
            return typed.expr.value
        type_ = UNKNOWN if typed is POISON else plain(typed.type)
        return ir.ArmValue(part, typed.expr, type_)

    def _check_arm(self, case: Type, value: str | int, span: Span) -> None:
        own = LiteralType((value,)) if isinstance(value, str) else type_of_value(value)
        if not can_equal(case, own):
            self.shared.diagnostics.warning(
                "WF421",
                f"case {constant_in_words(value)} can never match: "
                f"the value is {in_words(case)}",
                span,
                help="remove the case, or write a value that can come",
            )

    # --- parallel ---

    def _parallel(self, stage: ParallelStage) -> Lowered:
        branches: list[tuple[str, Inside]] = []
        records: list[Field] = []
        for branch in stage.branches:
            nested, symbols = self._inside(branch.stages, "branch")
            branches.append((branch.name, nested))
            stages = _stages_map(branch.stages, symbols, stage)
            records.append(Field(branch.name, nested_record(stages, branch=STR)))
        workers = MAX_WORKERS.expr(stage.max_workers, self.binder)
        fields = (
            Field("workers", INT),
            Field("parallel", map_of(records, extra=bool(stage.unread))),
        )
        return _container(ir.ParallelBody(tuple(branches), workers), fields)


def _container(body: ir.Body, fields: tuple[Field, ...]) -> Lowered:
    record = map_of(fields)
    return Lowered(body, record, record)


def _stages_map(
    stages: Sequence[Stage], symbols: Mapping[str, StageSymbol], around: Stage
) -> RecordType:
    is_unread = bool(around.unread) or has_unread_ids(stages)
    extra = is_unread or any(stage.has_matrix_id for stage in stages)
    return stages_map(symbols.values(), extra=extra)


def _one_of(records: Sequence[Field]) -> Iterator[Field]:
    """Of the arms of a case only one has run: none of their stages need be there."""
    for key in dict.fromkeys(each.name for each in records):
        types = [each.type for each in records if each.name == key]
        yield Field(key, types[0] if len(types) == 1 else UNKNOWN, required=False)


def _is_view(expr: ir.Expr) -> bool:
    """Whether it is no list, but can be made one: the keys or values of a map."""
    return (
        isinstance(expr, ir.Filter)
        and expr.module is None
        and expr.function in ("keys", "values")
    )
