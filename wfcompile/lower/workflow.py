"""A checked workflow -> `ir.Module`: everything is decided here, nothing is printed.

Each part is lowered even when another has errors, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.scope import JobSymbol, ParamSymbol, Scope
from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics, Note, did_you_mean
from wfcompile.lower.bodies import ShellDefaults
from wfcompile.lower.counts import MAX_PARALLEL
from wfcompile.lower.dispatch import has_templates, is_written_out, name_parts
from wfcompile.lower.hooks import lower_hooks
from wfcompile.lower.matrix import combinations, lower_matrix, matrix_symbols
from wfcompile.lower.naming import WorkflowNames, all_stages
from wfcompile.lower.param_values import convert, help_for
from wfcompile.lower.params import lower_params
from wfcompile.lower.project import Project
from wfcompile.lower.record_types import stages_map, strategies_map
from wfcompile.lower.stages import (
    Place,
    StageLowering,
    has_unread_ids,
    lower_stages,
    retry_policy,
)
from wfcompile.lower.triggers import triggers_by_template, triggers_of
from wfcompile.lower.unset_params import Started, report_unset
from wfcompile.models import BashStage, CallStage, Job, Param, Schedule, Workflow
from wfcompile.models.job import TWICE
from wfcompile.models.shape_error import region
from wfcompile.names import WORKING_DIRECTORY, module_name
from wfcompile.nodes import Node, Scalar
from wfcompile.resolve.arguments import Bound
from wfcompile.resolve.caller_reports import also_at
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.circles import Links
from wfcompile.resolve.graph import resolve_needs
from wfcompile.resolve.schedules import ResolvedSchedule, resolve_schedules
from wfcompile.types import STR, UNKNOWN, MapType


def lower_workflow(
    workflow: Workflow,
    source: str,
    project: Project,
    schedules: Mapping[str, Schedule],
    diagnostics: Diagnostics,
) -> ir.Module | None:
    """The workflow's module, or None when something about it is an error.

    Args:
        source: the YAML file as the module shows it.
        schedules: the named ones of all files.
    """
    own = Diagnostics()
    module = _Lowering(workflow, project, own, Uses()).module(source, schedules)
    own.replace(TWICE, "")
    written = region(workflow.key, workflow.node)
    diagnostics.extend(each.used_in(written) for each in own)
    return module if workflow.is_whole and not own.has_errors else None


class _Lowering:
    """One workflow on its way to the IR."""

    def __init__(
        self,
        workflow: Workflow,
        project: Project,
        diagnostics: Diagnostics,
        uses: Uses,
    ) -> None:
        self.workflow = workflow
        self.project = project
        self.diagnostics = diagnostics
        self.uses = uses

    def module(self, source: str, named: Mapping[str, Schedule]) -> ir.Module:
        workflow = self.workflow
        parameters, params = lower_params(workflow.params, self.diagnostics)
        callers = self._callers()
        used = [caller for caller in callers.values() if caller is not None]
        modules = self._modules(used) | self._triggered() | self._dispatched()
        names = WorkflowNames(workflow.jobs, modules)
        shared = StageLowering(
            names, self.project, callers, self.uses, self.diagnostics
        )
        folder = self._folder(
            workflow.working_directory,
            WORKING_DIRECTORY,
            Scope(params=params),
            [job for job in workflow.jobs if job.working_directory is None],
        )
        schedules = resolve_schedules(workflow.schedules, named, self.diagnostics)
        lowered_schedules = tuple(self._schedule(each, params) for each in schedules)
        jobs = self._jobs(params, shared, folder)
        filters = self.project.filters
        hooks = lower_hooks(workflow, names, filters, self.uses, self.diagnostics)
        used += self.uses.callers
        self.project.shell_texts.extend(self.uses.shell_texts)
        if workflow.is_whole and not self.diagnostics.has_errors:
            started = Started(parameters, params, jobs, used)
            pairs = list(zip(schedules, lowered_schedules, strict=True))
            report_unset(started, pairs, self.diagnostics)
        modules = {*(caller.module for caller in used), *self.uses.filter_modules}
        return ir.Module(
            name=workflow.name,
            module=module_name(workflow.name),
            source=source,
            description=workflow.desc,
            parameters=parameters,
            schedules=lowered_schedules,
            timeout_s=workflow.timeout_s,
            jobs=jobs,
            search_path=self.project.search_path(modules | self.uses.block_modules),
            env_lines=tuple(self.uses.env_lines.items()),
            untyped=frozenset(self.uses.untyped),
            working_directory=folder,
            triggered=frozenset(self.uses.triggered),
            concurrency=self._concurrency(),
            missed=self._missed(),
            hooks=hooks,
        )

    def _concurrency(self) -> ir.Concurrency | None:
        asked = self.workflow.concurrency
        if asked is None:
            return None
        group = None if asked.group is None else asked.group.text
        return ir.Concurrency(asked.policy, group)

    def _missed(self) -> ir.Missed | None:
        asked = self.workflow.missed
        if asked is None or asked.policy == "skip":
            return None
        return ir.Missed(asked.policy, asked.window_s)

    # --- callers ---

    def _callers(self) -> dict[int, Caller | None]:
        """id of each call stage without templates in its `uses` -> its caller.

        Unknown ones are reported, each name once.
        """
        stages: dict[str, list[CallStage]] = {}
        for job in self.workflow.jobs:
            for stage in all_stages(job.stages):
                if isinstance(stage, CallStage) and is_written_out(stage.uses):
                    stages.setdefault(stage.uses.text, []).append(stage)
        found: dict[int, Caller | None] = {}
        for first, *others in stages.values():
            own = Diagnostics()
            caller = self.project.callers.find(first.uses, own)
            also = [stage.uses.span for stage in others]
            self.diagnostics.extend(also_at(also, first.uses.span, own))
            found.update((id(stage), caller) for stage in (first, *others))
        return found

    def _modules(self, callers: Iterable[Caller]) -> set[str]:
        """Modules that the emitted one may import: their names are taken."""
        filters = (self.project.filters.find(n) for n in self.project.filters.names())
        custom = {each.module for each in filters if each is not None and each.module}
        return {caller.module for caller in callers} | custom

    def _dispatched(self) -> set[str]:
        """Modules of the callers that templates in `uses` may lead to."""
        stages = (
            stage for job in self.workflow.jobs for stage in all_stages(job.stages)
        )
        return {
            module
            for stage in stages
            if isinstance(stage, CallStage) and has_templates(stage.uses)
            for module in self.project.callers.modules_of(name_parts(stage.uses))
        }

    def _triggered(self) -> set[str]:
        """Modules of the workflows that this one may trigger."""
        known = self.project.workflows
        names = [name for name, _ in triggers_of(self.workflow).targets]
        if triggers_by_template(self.workflow):
            names = list(known)
        return {module_name(name) for name in names if name in known}

    # --- schedules ---

    def _schedule(
        self, schedule: ResolvedSchedule, params: Mapping[str, ParamSymbol]
    ) -> ir.Schedule:
        """Adds WF340 (a param that the workflow does not declare) and WF348 (one that does not
        take its value)."""
        scope = Scope(in_release=True)
        # its variables are read when it starts a run, not by each run
        uses = replace(self.uses, env_lines={})
        binder = ValueBinder(scope, self.project.filters, uses, self.diagnostics)
        entries = binder.entries(schedule.params) if schedule.params else ()
        declared = {param.name: param for param in self.workflow.params}
        for entry in entries:
            if entry.key in declared:
                self._check_value(declared[entry.key], entry.value)
                continue
            if "params" in self.workflow.unread:
                continue
            self.diagnostics.error(
                "WF340",
                f'the schedule sets "{entry.key}", which is no param',
                entry.key_span,
                help=did_you_mean(entry.key, params) or _listing(params),
            )
        values = tuple((entry.key, entry.value.expr) for entry in entries)
        return ir.Schedule(
            schedule.expression,
            schedule.timezone,
            values,
            gap=schedule.gap,
            fold=schedule.fold,
            day_match=schedule.day_match,
        )

    def _check_value(self, param: Param, value: Bound) -> None:
        """Only what is written out; what a param makes of a list or text, it says when it runs."""
        is_free = param.type in ("str", "map", "array") or param.unread
        if not isinstance(value.expr, ir.Const) or is_free:
            return
        constant = value.expr.value
        if isinstance(constant, str | int | float) and not isinstance(constant, bool):
            try:
                convert(param, constant)
            except ValueError as misfit:
                message = f'the schedule sets "{param.name}" to {misfit}'
                self.diagnostics.error(
                    "WF348",
                    message,
                    value.span,
                    notes=[Note("the param is declared here", param.name_span)],
                    help=help_for(param, constant),
                )

    # --- jobs ---

    def _jobs(
        self,
        params: Mapping[str, ParamSymbol],
        shared: StageLowering,
        folder: ir.WorkingDirectory | None,
    ) -> tuple[ir.Job, ...]:
        """In YAML order; lowered in the order of their needs, so that types are known."""
        jobs = {job.id: job for job in self.workflow.jobs}
        needs = [
            Links(job.id, job.id_span, tuple((n.text, n.span) for n in job.needs))
            for job in jobs.values()
        ]
        graph = resolve_needs(needs, self.diagnostics)
        scope = Scope(
            params=params,
            job_spans={job.id: job.id_span for job in jobs.values()},
            unread=self.workflow.unread & {"params"},
        )
        shell = ShellDefaults().below(self.workflow.shell, _function(folder))
        symbols: dict[str, JobSymbol] = {}
        lowered: dict[str, ir.Job] = {}
        for id in graph.order:
            upstream = graph.upstream[id]
            here = replace(scope, job_id=id, upstream=upstream, jobs=dict(symbols))
            needing = (jobs[each] for each in (id, *upstream) if each in jobs)
            if any("needs" in job.unread for job in needing):
                here = replace(here, unread=here.unread | {"jobs"})
            lowered[id], symbols[id] = self._told_of(jobs[id], here, shared, shell)
        self.project.jobs[self.workflow.name] = {id: symbols[id] for id in jobs}
        return tuple(lowered[id] for id in jobs)

    def _told_of(
        self, job: Job, scope: Scope, shared: StageLowering, shell: ShellDefaults
    ) -> tuple[ir.Job, JobSymbol]:
        """The job; what is found in a part that it takes from elsewhere has a note to its use."""
        own = Diagnostics()
        one = _Lowering(self.workflow, self.project, own, self.uses)
        made = one._job(job, scope, replace(shared, diagnostics=own), shell)
        written = region(job.key, job.node)
        self.diagnostics.extend(each.used_in(written) for each in own)
        return made

    def _job(
        self, job: Job, scope: Scope, shared: StageLowering, shell: ShellDefaults
    ) -> tuple[ir.Job, JobSymbol]:
        name = shared.names.job(job)
        matrix = None
        if job.strategy is not None:
            matrix = lower_matrix(job.strategy, name.matrix, self.diagnostics)
        binder = ValueBinder(scope, self.project.filters, self.uses, self.diagnostics)
        condition = binder.condition(job.if_)
        wanted = job.strategy.max_parallel if job.strategy else None
        max_parallel = MAX_PARALLEL.expr(wanted, binder)
        if job.retry is not None or "retry" in job.unread:
            scope = replace(scope, names=scope.names | {"retry"})
        is_known = _is_matrix_known(job)
        scope = _with_matrix(scope, job, matrix)
        if not is_known:
            scope = replace(scope, unread=scope.unread | {"matrix"})
        folder = self._folder(
            job.working_directory, name.working_directory, scope, [job]
        )
        place = Place(
            scope,
            ir.ContextType(matrix.class_name if matrix else None),
            shell.below(job.shell, _function(folder)),
        )
        stages, symbols = lower_stages(job.stages, place, shared)
        lowered = ir.Job(
            id=job.id,
            name=name.name,
            needs=tuple(need.text for need in job.needs),
            trigger_rule=job.trigger_rule,
            condition=condition,
            matrix=matrix,
            max_parallel=max_parallel,
            fail_fast=job.strategy is not None and job.strategy.fail_fast,
            retry=retry_policy(job.retry),
            timeout_s=job.timeout_s,
            stages=stages,
            working_directory=folder,
            line=_line(
                job.if_ if condition is not None else None,
                None if isinstance(max_parallel, ir.Const) else wanted,
            ),
        )
        is_complete = "stages" not in job.unread and not has_unread_ids(job.stages)
        extra = not is_complete or any(each.has_matrix_id for each in job.stages)
        strategies = MapType(STR, UNKNOWN)
        if matrix is not None:
            records = stages_map(symbols.values(), extra=extra)
            strategies = strategies_map(matrix, records)
        symbol = JobSymbol(
            job.id,
            job.id_span,
            matrix is not None,
            symbols,
            is_complete,
            is_known,
            strategies,
        )
        return lowered, symbol

    # --- working directories ---

    def _folder(
        self, node: Scalar | None, function: str, scope: Scope, jobs: Iterable[Job]
    ) -> ir.WorkingDirectory | None:
        """None when no stage of these jobs runs there; what it holds is checked all the same."""
        if node is None:
            return None
        is_used = any(_runs_where_told(job) for job in jobs)
        uses = self.uses if is_used else Uses()
        typed = ValueBinder(scope, self.project.filters, uses, self.diagnostics).text(
            node
        )
        folder = ir.WorkingDirectory(function, typed.expr, plain(typed.type))
        return folder if is_used else None


def _is_matrix_known(job: Job) -> bool:
    if job.strategy is None:
        return "strategy" not in job.unread
    return job.strategy.unread.isdisjoint(("matrix", "include", "exclude"))


def _with_matrix(scope: Scope, job: Job, matrix: ir.Matrix | None) -> Scope:
    if matrix is None or job.strategy is None:
        return replace(scope, matrix={})
    rows = combinations(job.strategy)
    return replace(scope, matrix=matrix_symbols(matrix, job.strategy, rows), rows=rows)


def _line(*nodes: Node | None) -> int | None:
    """The line of the first one that is there."""
    return next((each.span.first.line for each in nodes if each is not None), None)


def _runs_where_told(job: Job) -> bool:
    """Whether some shell stage of the job has no working directory of its own."""
    return any(
        isinstance(stage, BashStage) and stage.working_directory is None
        for stage in all_stages(job.stages)
    )


def _function(folder: ir.WorkingDirectory | None) -> str | None:
    return None if folder is None else folder.function


def _listing(params: Mapping[str, ParamSymbol]) -> str:
    return f"the params are {', '.join(params)}" if params else "declare it in params"
