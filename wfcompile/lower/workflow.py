"""A checked workflow -> `ir.Module`: everything is decided here, nothing is printed.

Each part is lowered even when another has errors, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wfcompile import ir
from wfcompile.bind.scope import JobSymbol, ParamSymbol, Scope
from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics, did_you_mean
from wfcompile.lower.bodies import ShellDefaults
from wfcompile.lower.matrix import lower_matrix, matrix_symbols
from wfcompile.lower.naming import WorkflowNames, all_stages
from wfcompile.lower.params import lower_params
from wfcompile.lower.project import Project
from wfcompile.lower.stages import (
    Place,
    StageLowering,
    count_expr,
    lower_stages,
    retry_policy,
)
from wfcompile.models import CallStage, Job, Schedule, Workflow
from wfcompile.names import module_name
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.graph import JobNeeds, resolve_needs
from wfcompile.resolve.schedules import ResolvedSchedule, resolve_schedules


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
    module = _Lowering(workflow, project, own).module(source, schedules)
    diagnostics.extend(own)
    return None if own.has_errors else module


class _Lowering:
    """One workflow on its way to the IR."""

    def __init__(
        self, workflow: Workflow, project: Project, diagnostics: Diagnostics
    ) -> None:
        self.workflow = workflow
        self.project = project
        self.diagnostics = diagnostics
        self.uses = Uses()

    def module(self, source: str, named: Mapping[str, Schedule]) -> ir.Module:
        workflow = self.workflow
        parameters, params = lower_params(workflow.params, self.diagnostics)
        callers = self._callers()
        used = [caller for caller in callers.values() if caller is not None]
        names = WorkflowNames(workflow.jobs, self._modules(used))
        shared = StageLowering(
            names, self.project, callers, self.uses, self.diagnostics
        )
        schedules = resolve_schedules(workflow.schedules, named, self.diagnostics)
        lowered_schedules = tuple(self._schedule(each, params) for each in schedules)
        jobs = self._jobs(params, shared)
        filters = self.uses.filter_roots
        modules = {*(caller.module for caller in used), *filters}
        folders = {*(caller.root for caller in used), *filters.values()}
        return ir.Module(
            name=workflow.name,
            module=module_name(workflow.name),
            source=source,
            description=workflow.desc,
            parameters=parameters,
            schedules=lowered_schedules,
            timeout_s=workflow.timeout_s,
            jobs=jobs,
            search_path=self.project.search_path(folders),
            caller_modules=tuple(sorted(modules)),
            env_lines=tuple(self.uses.env_lines.items()),
            untyped=self.uses.untyped,
        )

    # --- callers ---

    def _callers(self) -> dict[int, Caller | None]:
        """id of each call stage -> its caller; unknown ones are reported."""
        found: dict[int, Caller | None] = {}
        for job in self.workflow.jobs:
            for stage in all_stages(job.stages):
                if isinstance(stage, CallStage):
                    caller = self.project.callers.find(stage.uses, self.diagnostics)
                    found[id(stage)] = caller
        return found

    def _modules(self, callers: Iterable[Caller]) -> set[str]:
        """Modules that the emitted one may import: their names are taken."""
        filters = (self.project.filters.find(n) for n in self.project.filters.names())
        custom = {each.module for each in filters if each is not None and each.module}
        return {caller.module for caller in callers} | custom

    # --- schedules ---

    def _schedule(
        self, schedule: ResolvedSchedule, params: Mapping[str, ParamSymbol]
    ) -> ir.Schedule:
        """Adds WF340: a param that the workflow does not declare."""
        scope = Scope(in_release=True)
        binder = ValueBinder(scope, self.project.filters, self.uses, self.diagnostics)
        entries = binder.entries(schedule.params) if schedule.params else ()
        for entry in entries:
            if entry.key not in params:
                self.diagnostics.error(
                    "WF340",
                    f'the schedule sets "{entry.key}", which is no param',
                    entry.key_span,
                    help=did_you_mean(entry.key, params) or _listing(params),
                )
        values = tuple((entry.key, entry.value.expr) for entry in entries)
        return ir.Schedule(schedule.expression, schedule.timezone, values)

    # --- jobs ---

    def _jobs(
        self, params: Mapping[str, ParamSymbol], shared: StageLowering
    ) -> tuple[ir.Job, ...]:
        """In YAML order; lowered in the order of their needs, so that types are known."""
        jobs = {job.id: job for job in self.workflow.jobs}
        needs = [
            JobNeeds(job.id, job.id_span, tuple((n.text, n.span) for n in job.needs))
            for job in jobs.values()
        ]
        graph = resolve_needs(needs, self.diagnostics)
        scope = Scope(
            params=params, job_spans={job.id: job.id_span for job in jobs.values()}
        )
        symbols: dict[str, JobSymbol] = {}
        lowered: dict[str, ir.Job] = {}
        for id in graph.order:
            here = replace(
                scope, job_id=id, upstream=graph.upstream[id], jobs=dict(symbols)
            )
            lowered[id], symbols[id] = self._job(jobs[id], here, shared)
        return tuple(lowered[id] for id in jobs)

    def _job(
        self, job: Job, scope: Scope, shared: StageLowering
    ) -> tuple[ir.Job, JobSymbol]:
        name = shared.names.job(job)
        matrix = None
        if job.strategy is not None:
            matrix = lower_matrix(job.strategy, name.matrix, self.diagnostics)
        binder = ValueBinder(scope, self.project.filters, self.uses, self.diagnostics)
        condition = binder.condition(job.if_)
        wanted = job.strategy.max_parallel if job.strategy else None
        max_parallel = count_expr(wanted, binder, "max-parallel", 1)
        if job.retry is not None:
            scope = replace(scope, names=scope.names | {"retry"})
        if matrix is not None:
            scope = replace(scope, matrix=matrix_symbols(matrix))
        place = Place(
            scope,
            ir.ContextType(matrix.class_name if matrix else None),
            self._shell().below(job.shell, job.working_directory),
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
        )
        return lowered, JobSymbol(job.id, job.id_span, matrix is not None, symbols)

    def _shell(self) -> ShellDefaults:
        own = self.workflow
        return ShellDefaults().below(own.shell, own.working_directory)


def _listing(params: Mapping[str, ParamSymbol]) -> str:
    return f"the params are {', '.join(params)}" if params else "declare it in params"
