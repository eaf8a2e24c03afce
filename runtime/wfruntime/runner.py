"""A run from its params to its result: nothing here raises for an error of the run.

`run` opens the journal, looks up the release, converts the params, checks the environment,
lets the pool run the jobs, and writes the audit record. The main thread does the jobs
itself when nothing can stop the run before its end. Otherwise it waits beside them, so
that a job that does not stop can be left behind.
"""

from __future__ import annotations

import os
import time

from . import switches
from .asked import MAX_PARALLEL, Asked
from .cancel import CtrlC, HeldCtrlC, Stop
from .context import RunState, current, enter
from .errors import (
    ConfigurationError,
    EnvError,
    ParamError,
    WorkflowCancelError,
    WorkflowError,
    WorkflowTimeoutError,
)
from .events import Events, Span
from .graph import NoParams
from .job_runner import JobRunner
from .journal import Journal, journal_path, new_run_id
from .plan import plan_of
from .pool import Pool
from .result import CANCEL, FAILED, SKIP, SUCCESS, RunResult, combine
from .run_record import end_fields, run_context, start_fields
from .secrets import register_environment
from .stage_runner import StageRunner
from .threads import has_ended, is_debugged, run_abandonable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timezone
    from threading import Event
    from typing import Any, TypeVar

    from .context import Context
    from .events import Observer
    from .graph import Workflow
    from .hooks import Hooks
    from .release import Prepared
    from .trace_files import TraceFiles
    from .triggered import TriggerOutputs

    P = TypeVar("P")
else:
    # see `result`
    from _datetime import datetime, timezone

TRACE_HANDLERS = "WORKFLOW_LOG_TRACE_HANDLERS"
ASKED_WRONGLY = (ConfigurationError, ParamError)


def run(
    workflow: Workflow[P],
    params: P | Mapping[str, object] | None = None,
    *,
    release: datetime | None = None,
    mode: str = "normal",
    timeout: float | None = None,
    max_parallel: int | None = None,
    cancel: Event | None = None,
    observer: Observer | None = None,
    extras: Mapping[str, object] | None = None,
    audit_excluded: Sequence[str] = (),
    override_log_name: str | None = None,
) -> RunResult:
    """Run a workflow.

    Args:
        params: YAML name -> raw value, or an instance of the module's `Params`.
        release: The moment of the schedule that the run is for; naive means UTC.
        mode: normal, force, rerun or dryrun; without a release only dryrun matters.
        timeout: Seconds; instead of the workflow's own.
        max_parallel: How many jobs run at a time; 2 when left out.
        cancel: Ends the run when it is set, also from another thread.
        observer: Told of each event, after the journal.
        extras: What `ctx.extras` and `result.extras` hold. Those that are settings have
            their types: `stage_default_id` (bool), `max_job_parallel` (int),
            `enable_write_audit` (bool), `trace_handlers` (list).
        audit_excluded: Keys that the audit record leaves out; without its "context" it
            is that of a release that was done.
        override_log_name: The name in the audit record, and of its folder.

    Raises:
        KeyboardInterrupt: Ctrl-C came while no handler turned it into a cancel; the run
            has ended in order and its journal is whole.
    """
    around = current()
    asked = Asked(
        params,
        release=release,
        mode=mode,
        timeout=timeout,
        max_parallel=max_parallel,
        cancel=cancel,
        extras=extras,
        audit_excluded=audit_excluded,
        log_name=override_log_name,
    )
    try:
        return WorkflowRun(workflow, asked).run(observer)
    finally:
        enter(around)


class WorkflowRun:
    """One run; `run` is called once.

    Args:
        around: The context of the stage that has triggered it.

    Attributes:
        told_by_guard: Fields of `run.start` about how the start was decided.
    """

    def __init__(
        self,
        workflow: Workflow[Any],
        asked: Asked,
        around: Context[Any] | None = None,
    ) -> None:
        now = time.time()
        self._workflow = workflow
        self._asked = asked
        self._timeout = workflow.timeout if asked.timeout is None else asked.timeout
        self.run_id = new_run_id(now)
        self._started = datetime.fromtimestamp(now, timezone.utc)
        self._span = Span("run", "", None)
        self._around = around
        self._stop = Stop(None if around is None else around._stop)
        self._state = RunState(self.run_id, workflow)
        self._state.trigger = _trigger
        if around is not None:
            outer = around._scope.run
            self._state.extras = outer.extras
            self._state.triggered = (*outer.triggered, workflow.name)
        self._prepared: Prepared | None = None
        self._is_checked = False
        self._is_audited = True
        self._limit = MAX_PARALLEL
        self._broken: OSError | None = None  # why the journal could not be written
        self.told_by_guard: dict[str, object] = {}
        self._hooks: Hooks | None = None
        self._failed_at = workflow.source
        if workflow.has_hooks and around is None and asked.mode != "dryrun":
            from .hooks import Hooks

            self._hooks = Hooks(workflow, self.run_id)

    def check(self) -> None:
        """Look up the release and convert the params, before `run` and in its place.

        Raises:
            ConfigurationError: The release cannot be run.
            ParamError: The params do not fit.
        """
        self._is_checked = True
        asked, workflow, state = self._asked, self._workflow, self._state
        if asked.release is not None:
            self._prepare_release(asked.release)
        if self.skip is not None:
            return
        raw = asked.params if self._prepared is None else self._prepared.params
        if workflow.params is not NoParams or raw:
            from .params import convert_params, to_context

            state.params = convert_params(workflow.params, raw, now=self._started)
            state.named_params = to_context(state.params)
        else:
            state.params = NoParams()

    def run(
        self, observer: Observer | None, *, cancel: Event | None = None
    ) -> RunResult:
        """Run it to its end.

        Args:
            cancel: In place of that which was asked for.
        """
        if self._around is None:
            register_environment()
        if cancel is not None:
            self._asked.cancel = cancel
        traces = None
        try:
            traces = self._traces(observer)
            journal = Journal(journal_path(self._workflow, self.run_id))
        except ConfigurationError as refusal:
            if traces is not None:
                traces.close()
            result = self._result(self._context(FAILED, refusal), None, refusal)
            self._call_hooks(result, None)
            return result
        events = Events(journal, traces or observer, self._give_up)
        self._state.events = events
        try:
            status, error = self._run(events)
            with HeldCtrlC(self._stop):
                result = self._result(self._context(status, error), journal.path, error)
                self._audit(events, result)
                events.end(
                    self._span,
                    result.status,
                    end_fields(self.skip, error, self._workflow.file),
                )
                self._call_hooks(result, events)
        finally:
            events.close()
            if traces is not None:
                traces.close()
        if self._around is None and self._stop.interrupted is not None:
            raise self._stop.interrupted
        return result

    def _traces(self, observer: Observer | None) -> TraceFiles | None:
        """Of a triggered run those of the run around it: that is told of its lines."""
        handlers = self._asked.extras.get("trace_handlers")
        is_asked = isinstance(handlers, list) or TRACE_HANDLERS in os.environ
        if self._around is not None or not is_asked:
            return None
        from .trace_files import traced

        return traced(self._workflow, self.run_id, observer, handlers)

    def _run(self, events: Events) -> tuple[str, BaseException | None]:
        """The status, and what it has failed with."""
        refusal: Exception | None = None
        try:
            self._prepare()
        except Exception as raised:
            refusal = raised
        events.start(self._span, self._told_start())
        if refusal is not None:
            return FAILED, refusal
        if self.skip is not None:
            return SKIP, None
        if self._hooks is not None:
            self._hooks.begin()
        try:
            return self._run_jobs(events)
        except Exception as mistake:  # our own; its record is all that we can give
            return FAILED, mistake

    # --- before the first job ---

    def _prepare(self) -> None:
        """Fill the state.

        Raises:
            RunError: The run cannot begin as it was asked for.
        """
        asked = self._asked
        self._set_up()
        self._state.set_plan(plan_of(self._workflow))
        if asked.release is None and asked.mode not in ("normal", "force", "dryrun"):
            raise ConfigurationError(f'mode "{asked.mode}" needs a release')
        if not self._is_checked:
            self.check()
        if self.skip is None:
            self._check_environment()

    def _set_up(self) -> None:
        """Read the settings, of which some are extras."""
        asked, state = self._asked, self._state
        if self._around is None:
            state.extras = dict(asked.extras)
        self._limit = asked.checked_limit(state.extras)
        names_stages = switches.is_on(switches.NAMED_STAGES, unset=False)
        is_audited = switches.is_on(switches.AUDIT, unset=True)
        state.names_stages = state.extras.get("stage_default_id", names_stages)
        self._is_audited = state.extras.get("enable_write_audit", is_audited)

    def _prepare_release(self, moment: datetime) -> None:
        from .params import to_context
        from .release import prepare

        raw = self._asked.params
        if isinstance(raw, self._workflow.params):
            raw = to_context(raw)
        self._prepared = prepare(
            self._workflow,
            moment,
            raw,
            self._asked.mode,
            self.run_id,
            self._started,
            log_name=self._asked.log_name,
        )
        self._state.release = self._prepared.release

    @property
    def skip(self) -> str | None:
        """Why there is nothing to run, as far as `check` has found."""
        return None if self._prepared is None else self._prepared.skip

    def _check_environment(self) -> None:
        """All variables without a default are set."""
        env, source = self._workflow.env, self._workflow.source
        if not env:
            return
        from .stages import unset_variables

        missing = unset_variables(env, source)
        if missing:
            line = min(env[name] for name in env if name not in os.environ)
            self._failed_at = f"{source}:{line}"
            raise EnvError("; ".join(missing))

    # --- the jobs ---

    def _run_jobs(self, events: Events) -> tuple[str, BaseException | None]:
        prepared, state, stop = self._prepared, self._state, self._stop
        assert state.plan is not None
        dry = self._asked.mode == "dryrun"
        stages = StageRunner(state, events, stop, module=self._workflow.file, dry=dry)
        kept = {} if prepared is None else prepared.kept
        jobs = JobRunner(stages, self._span, stop, kept)
        limit = 1 if is_debugged() else self._limit
        pool = Pool(state.plan, limit, jobs.run)
        try:
            with CtrlC(stop):
                self._work(pool.work)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                stop.interrupt(error)
            if stop.interrupted is None:
                raise
            self._leave(pool)
        jobs.abandon()
        return self._ending(jobs)

    def _work(self, work: Callable[[], None]) -> None:
        cancel, timeout, stop = self._asked.cancel, self._timeout, self._stop
        if cancel is None and timeout is None and self._around is None:
            work()
            return
        if timeout is not None and timeout <= 0:
            stop.set(self._late(), is_late=True)
        leave = None if cancel is None else stop.follow(cancel)
        try:
            run_abandonable(work, stop, timeout=timeout, reason=self._late())
        finally:
            if leave is not None:
                leave()

    def _leave(self, pool: Pool) -> None:
        """Wait for the jobs of other threads, which are stopped, or until Ctrl-C again."""
        try:
            has_ended(pool.leave(), self._stop)
        except KeyboardInterrupt:
            return

    def _late(self) -> str:
        return f"the run took longer than {self._timeout or 0.0:g} s"

    def _give_up(self, error: OSError) -> None:
        self._broken = error
        self._stop.set("the journal cannot be written")

    # --- the end ---

    def _ending(self, jobs: JobRunner) -> tuple[str, BaseException | None]:
        records = self._state.records
        self._failed_at = jobs.failed_at()
        status = combine(record["status"] for record in records if record is not None)
        if self._broken is not None:
            return FAILED, ConfigurationError(
                f"the journal cannot be written: {self._broken.strerror}"
            )
        if self._stop.is_late:
            return FAILED, WorkflowTimeoutError(self._late())
        if self._stop.is_set() and (status == CANCEL or None in records):
            why = WorkflowCancelError(self._stop.why())
            return FAILED if status == FAILED else CANCEL, why
        if status in (SUCCESS, SKIP):
            return status, None
        error = WorkflowError if status == FAILED else WorkflowCancelError
        return status, error(jobs.why(status))

    def _context(self, status: str, error: BaseException | None) -> dict[str, Any]:
        if self.skip is not None:
            return {"status": status}
        return run_context(
            status, error, self._span, self._state, self._prepared, self._asked.mode
        )

    def _result(
        self,
        context: dict[str, Any],
        journal: str | None,
        error: BaseException | None,
    ) -> RunResult:
        code = 0 if context["status"] in (SUCCESS, SKIP) else 1
        return RunResult(
            status=context["status"],
            context=context,
            run_id=self.run_id,
            journal=journal,
            exit_code=2 if isinstance(error, ASKED_WRONGLY) else code,
        )

    def _audit(self, events: Events, result: RunResult) -> None:
        prepared = self._prepared
        if self.skip is not None or (
            self._asked.release is not None and prepared is None
        ):
            return
        if self._around is not None:  # its record is that of the stage
            return
        from .audit import write_audit

        try:
            write_audit(
                self._workflow,
                result,
                release=None if prepared is None else prepared.release,
                mode=self._asked.mode,
                started=self._started,
                ended=datetime.now(timezone.utc),
                timeout=self._timeout,
                excluded=self._asked.audit_excluded,
                name=self._asked.log_name,
                is_on=self._is_audited,
            )
        except Exception as error:
            events.log(self._span, "ERROR", str(error))
            result.exit_code = result.exit_code or 1

    def _call_hooks(self, result: RunResult, events: Events | None) -> None:
        if self._hooks is None or self.skip is not None:
            return
        release, moment = self._state.release, self._asked.release
        moment = moment if release is None else release.logical_date
        slot = "" if moment is None else moment.isoformat()
        self._hooks.end(result, slot, self._failed_at, events, self._span)

    def _told_start(self) -> dict[str, object]:
        around = self._around
        parent = None if around is None else around._scope.run.run_id
        return start_fields(
            self._workflow, self._state, self._asked.mode, parent, self.told_by_guard
        )


def _trigger(
    context: Context[Any], workflow: Workflow[Any], params: object
) -> TriggerOutputs:
    from .triggered import Relay, outputs_of, refuse_endless

    refuse_endless(context, workflow)
    asked = Asked(params)
    try:
        result = WorkflowRun(workflow, asked, context).run(Relay(context))
    finally:
        enter(context)  # the stages of the run have entered their own
    return outputs_of(workflow, result)
