"""A `trigger:` stage -> the call of another workflow's module (language.md section 6, trigger).

Adds WF380 (an unknown workflow), WF381 (an unknown param), WF382 (a required one is missing),
WF383 (a value that the param does not take).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from wfcompile import ir
from wfcompile.bind.operators import can_equal, plain
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import (
    Diagnostics,
    Note,
    did_you_mean,
    listing,
    shortened,
)
from wfcompile.lower.bodies import NOTHING, Lowered
from wfcompile.lower.dispatch import Dispatch, Fixed, dispatch
from wfcompile.lower.naming import WorkflowNames, all_stages
from wfcompile.lower.param_values import convert, help_for, misfit
from wfcompile.lower.params import lower_params
from wfcompile.lower.project import Project
from wfcompile.lower.record_types import jobs_map
from wfcompile.models import Param, TriggerStage, Workflow
from wfcompile.names import module_name
from wfcompile.nodes import Scalar, is_unread
from wfcompile.resolve.bound import Bound, BoundEntry
from wfcompile.resolve.circles import Links
from wfcompile.resolve.misfits import in_words
from wfcompile.source import Span
from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    TRIGGER_OUTPUTS,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    Type,
    UnionType,
    is_assignable,
    map_of,
    type_of_value,
)

_TAKEN: dict[str, tuple[Type, ...]] = {
    "int": (INT, BOOL, STR),
    "float": (INT, FLOAT, BOOL, STR),
    "decimal": (INT, FLOAT, DECIMAL, BOOL, STR),
    "date": (DATE, DATETIME, STR),
    "datetime": (DATE, DATETIME, STR),
    "map": (MapType(UNKNOWN, UNKNOWN), STR),
    "array": (ListType(UNKNOWN), STR),
}
"""Word of the YAML -> what a param of that type is made from when the workflow starts; text may
be refused then (language.md section 3)."""


NOWHERE = ""
"""In the place of a module: the workflow may be in a file that could not be read."""

_NOTHING = Lowered(NOTHING.body, UNKNOWN, TRIGGER_OUTPUTS)
"""What stands for a stage whose errors were reported."""


@dataclass(frozen=True, slots=True)
class Target:
    """A workflow that can be triggered."""

    workflow: Workflow
    fields: tuple[ir.Parameter, ...]

    @property
    def module(self) -> str:
        return module_name(self.workflow.name)

    @property
    def params(self) -> dict[str, Param]:
        return {param.name: param for param in self.workflow.params}


def _target(workflow: Workflow, project: Project) -> Target:
    fields = project.parameters.get(workflow.name)
    if fields is None:
        # what is wrong with its params is told where it is lowered itself
        fields, _ = lower_params(workflow.params, Diagnostics())
        project.parameters[workflow.name] = fields
    return Target(workflow, fields)


def triggers_by_template(workflow: Workflow) -> bool:
    """Whether a template gives the name of a workflow that it triggers."""
    return any(
        isinstance(stage, TriggerStage) and "${" in stage.trigger.text
        for job in workflow.jobs
        for stage in all_stages(job.stages)
    )


def depends_on_others(workflow: Workflow) -> bool:
    """Whether it triggers workflows, or names schedules that stand elsewhere."""
    return any(each.reference is not None for each in workflow.schedules) or any(
        isinstance(stage, TriggerStage)
        for job in workflow.jobs
        for stage in all_stages(job.stages)
    )


def triggers_of(workflow: Workflow) -> Links:
    """The workflows that it triggers by names that are written out."""
    targets = tuple(
        (stage.trigger.text.strip(), stage.trigger.span)
        for job in workflow.jobs
        for stage in all_stages(job.stages)
        if isinstance(stage, TriggerStage) and _is_written_out(stage.trigger)
    )
    return Links(workflow.name, workflow.name_span, targets)


def _is_written_out(name: Scalar) -> bool:
    return not is_unread(name) and "${" not in name.text


def lower_trigger(
    stage: TriggerStage, binder: ValueBinder, project: Project, names: WorkflowNames
) -> Lowered:
    rendering = binder.rendering_only()
    entries = rendering.entries(stage.params) if stage.params else ()
    names_known = (*project.workflows, *project.unread)
    if is_unread(stage.trigger):
        return _NOTHING
    name = dispatch(
        stage.trigger, binder, _Workflows(names_known), key="trigger", env=True
    )
    match name:
        case Fixed(text):
            return _one(stage, text, entries, project, binder)
        case Dispatch():
            return _one_of(stage, name, entries, project, names, binder)
    return _NOTHING


def _one(
    stage: TriggerStage,
    name: str,
    entries: tuple[BoundEntry, ...],
    project: Project,
    binder: ValueBinder,
) -> Lowered:
    binder.uses.triggered.add(module_name(name))
    workflow = project.workflows.get(name)
    if workflow is None:
        _report_unknown(stage, name, project, binder.diagnostics)
        return _NOTHING
    target = _target(workflow, project)
    if "params" in stage.unread:
        return Lowered(_NOTHING.body, _outputs(target, project), TRIGGER_OUTPUTS)
    own = Diagnostics()
    given = _Given(target, own).fit(entries, stage.trigger.span)
    binder.diagnostics.extend(own)
    if own.has_errors:
        return Lowered(_NOTHING.body, _outputs(target, project), TRIGGER_OUTPUTS)
    body = ir.TriggerBody(target.module, given.arguments, given.is_typed)
    return Lowered(body, _outputs(target, project), TRIGGER_OUTPUTS)


def _one_of(
    stage: TriggerStage,
    name: Dispatch,
    entries: tuple[BoundEntry, ...],
    project: Project,
    names: WorkflowNames,
    binder: ValueBinder,
) -> Lowered:
    """Of a text that is not known before, those are left out that do not take the params."""
    told = Diagnostics()
    table = []
    for key, text in name.table:
        own = Diagnostics()
        workflow = project.workflows.get(text)
        if workflow is None:
            _report_unknown(stage, text, project, own)
        else:
            _Given(_target(workflow, project), own).fit(entries, stage.trigger.span)
        told.extend(own)
        if not own.has_errors:
            table.append((key, module_name(text)))
    if not name.table:
        _report_none(stage, project, told)
        binder.uses.triggered.add(NOWHERE)
    if name.is_sure or not table:
        binder.diagnostics.extend(told)
    if not table or name.is_sure and told.has_errors:
        return _NOTHING
    modules = [module for _, module in table]
    binder.uses.triggered.update(modules)
    raw = tuple((entry.key, entry.value.expr) for entry in entries)
    body = ir.TriggerTableBody(
        names.local("workflows", modules), name.key, tuple(table), raw
    )
    return Lowered(body, TRIGGER_OUTPUTS, TRIGGER_OUTPUTS)


@dataclass(frozen=True, slots=True)
class _Workflows:
    """The names that `trigger` can be."""

    names: Collection[str]

    def has(self, name: str) -> bool:
        return name in self.names

    def matching(self, parts: Sequence[str | None]) -> Iterable[str]:
        return self.names


def _report_unknown(
    stage: TriggerStage, name: str, project: Project, diagnostics: Diagnostics
) -> None:
    names = list(project.workflows)
    if name not in project.unread and project.is_whole:
        diagnostics.error(
            "WF380",
            f'there is no workflow "{shortened(name)}"',
            stage.trigger.span,
            help=did_you_mean(name, names) or listing("the workflows are", names),
        )


def _report_none(
    stage: TriggerStage, project: Project, diagnostics: Diagnostics
) -> None:
    if project.is_whole:
        diagnostics.error(
            "WF380",
            f'there is no workflow that "{shortened(stage.trigger.text)}" can be',
            stage.trigger.span,
            help=listing("the workflows are", project.workflows),
        )


def _outputs(target: Target, project: Project) -> Type:
    """The context of the run: its params by their names, a record for each job.

    One that was not lowered yet is in a circle, or not looked at: only its names are known.
    """
    params = map_of(Field(field.name, field.type) for field in target.fields)
    jobs = map_of(
        (Field(job.id, UNKNOWN) for job in target.workflow.jobs),
        extra=bool(target.workflow.unread),
    )
    symbols = project.jobs.get(target.workflow.name)
    if symbols is not None and not target.workflow.unread:
        jobs = jobs_map(symbols)
    return map_of((Field("params", params), Field("jobs", jobs)))


@dataclass(frozen=True, slots=True)
class _Arguments:
    """`is_typed`: they are fields of `Params`, else raw values by their YAML names."""

    arguments: tuple[tuple[str, ir.Expr], ...]
    is_typed: bool


@dataclass(frozen=True, slots=True)
class _Given:
    """What one workflow is given."""

    target: Target
    diagnostics: Diagnostics

    def fit(self, entries: tuple[BoundEntry, ...], trigger: Span) -> _Arguments:
        """Typed when mypy can check it all: every field has its value, of its type."""
        params = self.target.params
        values: dict[str, ir.Expr] = {}
        is_typed = True
        for entry in entries:
            if entry.key not in params:
                self._report_unknown(entry)
                continue
            fitted = self._fit(params[entry.key], entry)
            values[entry.key] = entry.value.expr if fitted is None else fitted
            is_typed &= fitted is not None
        self._report_missing(values, trigger)
        is_typed &= all(
            field.has_default or field.name in values for field in self.target.fields
        )
        if not is_typed:
            raw = {entry.key: entry.value.expr for entry in entries}
            return _Arguments(tuple(raw.items()), is_typed=False)
        names = {field.name: field.attribute for field in self.target.fields}
        typed = tuple((names[key], value) for key, value in values.items())
        return _Arguments(typed, is_typed=True)

    def _fit(self, param: Param, entry: BoundEntry) -> ir.Expr | None:
        """The value as the field's type; None when that is made at run time, if at all."""
        value = entry.value
        if isinstance(value.expr, ir.Const) and _is_plain(value.expr.value):
            return self._constant(param, entry, value.expr.value)
        type_ = self._field(param).type
        if is_assignable(plain(value.type), type_):
            return value.expr
        for member in _members(value.type):
            if not _may_take(param, type_, member):
                found = in_words(plain(value.type))
                self._report_misfit(param, misfit(param, found), entry)
                return value.expr
        return None

    def _constant(self, param: Param, entry: BoundEntry, value: object) -> ir.Expr:
        try:
            return ir.Const(convert(param, value))
        except ValueError as error:
            self._report_misfit(param, str(error), entry)
            return entry.value.expr

    def _field(self, param: Param) -> ir.Parameter:
        return next(each for each in self.target.fields if each.name == param.name)

    # --- what is wrong ---

    def _report_misfit(self, param: Param, found: str, entry: BoundEntry) -> None:
        self.diagnostics.error(
            "WF383",
            f'param "{param.name}" of workflow "{self.target.workflow.name}" is {found}',
            entry.value.span,
            notes=[Note("the param is declared here", param.name_span)],
            help=_help_for(param, entry.value),
        )

    def _report_unknown(self, entry: BoundEntry) -> None:
        workflow = self.target.workflow
        names = list(self.target.params)
        self.diagnostics.error(
            "WF381",
            f'workflow "{workflow.name}" has no param "{shortened(entry.key)}"',
            entry.key_span,
            notes=[Note("the workflow is defined here", workflow.name_span)],
            help=did_you_mean(entry.key, names)
            or listing("the params are", names)
            or "remove it",
        )

    def _report_missing(self, values: Iterable[str], trigger: Span) -> None:
        workflow = self.target.workflow
        missing = [
            param.name
            for param in workflow.params
            if param.required and param.default is None and param.name not in values
        ]
        for name in missing:
            self.diagnostics.error(
                "WF382",
                f'workflow "{workflow.name}" needs the param "{name}"',
                trigger,
                notes=[
                    Note(
                        "the param is declared here",
                        self.target.params[name].name_span,
                    )
                ],
                help=f'give "{name}" a value below "params"',
            )


def _help_for(param: Param, value: Bound) -> str:
    if isinstance(value.expr, ir.Const):
        return help_for(param, value.expr.value)
    return f'give it a value of another type, or change the type of "{param.name}"'


def _is_plain(value: object) -> bool:
    """Whether it is a scalar that the YAML's author has written."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _members(type_: Type) -> Iterator[Type]:
    """The types that a value can have; None is left out: it stands for the default."""
    match type_:
        case UnionType(members):
            for member in members:
                yield from _members(member)
        case _ if type_ != NONE:
            yield type_


def _may_take(param: Param, field: Type, value: Type) -> bool:
    if param.type == "str":
        return True
    if param.type == "choice":
        return can_equal(value, field)
    kinds = [value]
    if isinstance(value, LiteralType):
        kinds = [type_of_value(each) for each in value.values]
    taken = _TAKEN[param.type]
    return any(is_assignable(kind, each) for kind in kinds for each in taken)
