"""A run from its params to its result: nothing here raises for an error of the run.

`run` opens the journal, looks up the release, converts the params, checks the environment,
lets the pool run the jobs, and writes the audit record. The main thread does the jobs
itself when nothing can stop the run before its end. Otherwise it waits beside them, so
that a job that does not stop can be left behind.
"""

from __future__ import annotations

import os
import time

from .cancel import INTERRUPTED, Stop
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
from .failures import error_record, traceback_text
from .graph import NoParams
from .job_runner import JobRunner
from .journal import VERSION, Journal, journal_path, new_run_id
from .plan import plan_of
from .pool import Pool
from .result import CANCEL, FAILED, SKIP, SUCCESS, RunResult, combine, timing
from .stage_runner import StageRunner
from .threads import run_abandonable
from .wording import quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timezone
    from threading import Event
    from typing import Any, TypeVar

    from .events import Observer
    from .graph import Workflow
    from .release import Prepared

    P = TypeVar("P")
else:
    # see `result`
    from _datetime import datetime, timezone

MAX_PARALLEL = 2
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

    Raises:
        KeyboardInterrupt: Ctrl-C came while no handler turned it into a cancel; the run
            has ended in order and its journal is whole.
    """
    around = current()
    asked = Asked(params, release, mode, timeout, max_parallel, cancel)
    try:
        return WorkflowRun(workflow, asked).run(observer)
    finally:
        enter(around)


class Asked:
    """What `run` was asked for."""

    __slots__ = ("cancel", "max_parallel", "mode", "params", "release", "timeout")

    def __init__(
        self,
        params: Any,
        release: datetime | None,
        mode: str,
        timeout: float | None,
        max_parallel: int | None,
        cancel: Event | None,
    ) -> None:
        self.params = {} if params is None else params
        self.release = release
        self.mode = mode
        self.timeout = timeout
        self.max_parallel = MAX_PARALLEL if max_parallel is None else max_parallel
        self.cancel = cancel


class WorkflowRun:
    """One run; `run` is called once."""

    def __init__(self, workflow: Workflow[Any], asked: Asked) -> None:
        now = time.time()
        self._workflow = workflow
        self._asked = asked
        self._timeout = workflow.timeout if asked.timeout is None else asked.timeout
        self._run_id = new_run_id(now)
        self._started = datetime.fromtimestamp(now, timezone.utc)
        self._span = Span("run", "", None)
        self._stop = Stop()
        self._state = RunState(self._run_id, workflow)
        self._prepared: Prepared | None = None
        self._broken: OSError | None = None  # why the journal could not be written
        self._interrupt: KeyboardInterrupt | None = None

    def run(self, observer: Observer | None) -> RunResult:
        try:
            journal = Journal(journal_path(self._workflow, self._run_id))
        except ConfigurationError as refusal:
            return self._result(self._context(FAILED, refusal), None, refusal)
        events = Events(journal, observer, self._give_up)
        self._state.events = events
        status, error = self._run(events)
        result = self._result(self._context(status, error), journal.path, error)
        self._audit(events, result)
        events.end(self._span, result.status, self._told_end(error))
        events.close()
        if self._interrupt is not None:
            raise self._interrupt
        return result

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
        if self._skip is not None:
            return SKIP, None
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
        asked, workflow, state = self._asked, self._workflow, self._state
        if type(asked.max_parallel) is not int or asked.max_parallel < 1:
            raise ConfigurationError(
                f"max_parallel is a number from 1, not {shown(asked.max_parallel)}"
            )
        state.set_plan(plan_of(workflow))
        if asked.release is not None:
            self._prepare_release(asked.release)
        elif asked.mode not in ("normal", "force", "dryrun"):
            raise ConfigurationError(f'mode "{asked.mode}" needs a release')
        if self._skip is not None:
            return
        raw = asked.params if self._prepared is None else self._prepared.params
        if workflow.params is not NoParams or raw:
            from .params import convert_params, to_context

            state.params = convert_params(workflow.params, raw, now=self._started)
            state.named_params = to_context(state.params)
        else:
            state.params = NoParams()
        self._check_environment()

    def _prepare_release(self, moment: datetime) -> None:
        from .params import to_context
        from .release import prepare

        raw = self._asked.params
        if isinstance(raw, self._workflow.params):
            raw = to_context(raw)
        self._prepared = prepare(
            self._workflow, moment, raw, self._asked.mode, self._run_id, self._started
        )
        self._state.release = self._prepared.release

    @property
    def _skip(self) -> str | None:
        return None if self._prepared is None else self._prepared.skip

    def _check_environment(self) -> None:
        """All variables without a default are set; those of secrets are masked from now."""
        if not self._workflow.env:
            return
        from .secrets import is_secret_name, register
        from .stages import unset

        source = self._workflow.source
        missing = []
        for name, line in self._workflow.env.items():
            value = os.environ.get(name)
            if value is None:
                missing.append(unset(name, f"{source}:{line}"))
            elif is_secret_name(name):
                register(value)
        if missing:
            raise EnvError("; ".join(missing))

    # --- the jobs ---

    def _run_jobs(self, events: Events) -> tuple[str, BaseException | None]:
        prepared, state, stop = self._prepared, self._state, self._stop
        assert state.plan is not None
        dry = self._asked.mode == "dryrun"
        stages = StageRunner(state, events, stop, module=self._workflow.file, dry=dry)
        kept = {} if prepared is None else prepared.kept
        jobs = JobRunner(stages, self._span, stop, kept)
        pool = Pool(state.plan, self._asked.max_parallel, jobs.run)
        try:
            self._work(pool.work)
            self._interrupt = stages.interrupt
        except KeyboardInterrupt as interrupt:
            stop.set(INTERRUPTED)
            self._interrupt = interrupt
        jobs.abandon()
        return self._ending(jobs)

    def _work(self, work: Callable[[], None]) -> None:
        cancel, timeout, stop = self._asked.cancel, self._timeout, self._stop
        if cancel is None and timeout is None:
            work()
            return
        if timeout is not None and timeout <= 0:
            stop.set(self._late())
        leave = None if cancel is None else stop.follow(cancel)
        try:
            run_abandonable(work, stop, timeout=timeout, reason=self._late())
        finally:
            if leave is not None:
                leave()

    def _late(self) -> str:
        return f"the run took longer than {self._timeout or 0.0:g} s"

    def _give_up(self, error: OSError) -> None:
        self._broken = error
        self._stop.set("the journal cannot be written")

    # --- the end ---

    def _ending(self, jobs: JobRunner) -> tuple[str, BaseException | None]:
        records = self._state.records
        status = combine(record["status"] for record in records if record is not None)
        if self._broken is not None:
            return FAILED, ConfigurationError(
                f"the journal cannot be written: {self._broken.strerror}"
            )
        if self._stop.reason == self._late():
            return FAILED, WorkflowTimeoutError(self._late())
        if self._stop.is_set() and (status == CANCEL or None in records):
            why = WorkflowCancelError(self._stop.why())
            return FAILED if status == FAILED else CANCEL, why
        if status in (SUCCESS, SKIP):
            return status, None
        error = WorkflowError if status == FAILED else WorkflowCancelError
        return status, error(self._causes(jobs, status))

    def _causes(self, jobs: JobRunner, status: str) -> str:
        """Which jobs have failed, in the YAML's order, and why the first one has."""
        nodes = self._state.plan.jobs if self._state.plan is not None else []
        ended = [
            node
            for node, record in zip(nodes, self._state.records, strict=True)
            if record is not None and record["status"] == status
        ]
        what = "failed" if status == FAILED else "was cancelled"
        text = f"job {quoted([ended[0].id])} {what}: {jobs.causes[ended[0].index]}"
        others = quoted(node.id for node in ended[1:])
        return f"{text}; so did {others}" if others else text

    def _context(self, status: str, error: BaseException | None) -> dict[str, Any]:
        context: dict[str, Any] = {"status": status}
        if self._skip is not None:
            return context
        state, prepared = self._state, self._prepared
        if prepared is not None:
            # as the interpreter: what was given stays as it was given
            context["params"] = {**state.named_params, **prepared.params}
            context["release"] = {
                "type": self._asked.mode,
                "logical_date": prepared.release.logical_date,
            }
        elif state.params is not None:
            context["params"] = state.named_params
        nodes = [] if state.plan is None else state.plan.jobs
        context["jobs"] = {
            node.id: record
            for node, record in zip(nodes, state.records, strict=True)
            if record is not None
        }
        latency = time.perf_counter() - self._span.clock
        context["info"] = timing(self._span.started, latency)
        if error is not None:
            context["errors"] = error_record(error)
        return context

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
            run_id=self._run_id,
            journal=journal,
            exit_code=2 if isinstance(error, ASKED_WRONGLY) else code,
        )

    def _audit(self, events: Events, result: RunResult) -> None:
        prepared = self._prepared
        if self._skip is not None or (
            self._asked.release is not None and prepared is None
        ):
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
            )
        except Exception as error:
            events.log(self._span, "ERROR", str(error))
            result.exit_code = result.exit_code or 1

    def _told_start(self) -> dict[str, object]:
        fields: dict[str, object] = {
            "version": VERSION,
            "workflow": self._workflow.name,
            "source": self._workflow.source,
            "run_id": self._run_id,
            "pid": os.getpid(),
            "mode": self._asked.mode,
        }
        if self._state.release is not None:
            fields["release"] = self._state.release.logical_date
        if self._state.params is not None:
            fields["params"] = self._state.named_params
        return fields

    def _told_end(self, error: BaseException | None) -> dict[str, object]:
        fields: dict[str, object] = {}
        if self._skip is not None:
            fields["reason"] = self._skip
        if error is not None:
            fields["errors"] = error_record(error)
            traceback = traceback_text(error, self._workflow.file)
            if traceback:
                fields["traceback"] = traceback
        return fields
