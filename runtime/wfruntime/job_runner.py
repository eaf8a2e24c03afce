"""Runs a job: trigger rule, condition, tries, timeout, record.

Every job that begins leaves a record, whatever happens in it. A job that has not begun
when the run must stop leaves none.
"""

from __future__ import annotations

from .cancel import INTERRUPTED, Stop
from .context import Scope, enter, make_context
from .errors import JobCancelError, JobTimeoutError, StageError
from .events import NO_FIELDS, Span
from .failures import add_place, error_record, place, place_of, traceback_text
from .outcome import Outcome, raised
from .result import CANCEL, FAILED, SKIP, SUCCESS, timing
from .rules import verdict
from .strategies import JobTry
from .threads import Abandoned, run_abandonable
from .wording import kind, quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import Record
    from .plan import JobNode
    from .stage_runner import StageRunner

ABANDONED = "its thread could not be stopped and was abandoned"


class JobRunner:
    """Runs the jobs of one run, in any of its threads.

    Args:
        span: The run's, as is the stop.
        kept: Job id -> record that an earlier run has left; its job is not run.

    Attributes:
        causes: Index of a job that has failed or was cancelled -> why, in one line.
        errors: The same -> what was raised at the bottom of it.
    """

    def __init__(
        self, stages: StageRunner, span: Span, stop: Stop, kept: Mapping[str, Record]
    ) -> None:
        self._stages = stages
        self._records = stages.state.records
        self._events = stages.events
        self._span = span
        self._stop = stop
        self._kept = kept
        # the run around a triggered one is that which Ctrl-C ends
        self._is_triggered = len(stages.state.triggered) > 1
        self._running: dict[int, JobTry] = {}
        self.causes: dict[int, str] = {}
        self.errors: dict[int, BaseException | None] = {}

    def run(self, node: JobNode) -> None:
        """Run a job and leave its record.

        Raises:
            Abandoned: The run does not wait for it any more.
            KeyboardInterrupt: Ctrl-C has ended the run, and this job.
        """
        if self._stop.is_set() or self._needs_no_run(node):
            return
        span = Span("job", node.id, self._span)
        self._events.start(span)
        try:
            outcome, tries = self._outcome(node, span)
        except Abandoned:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                self._stop.interrupt(error)
            # inside a wait, Ctrl-C may become another error
            is_torn = self._stop.interrupted is not None
            outcome = self._torn(node) if is_torn else raised(FAILED, error)
            tries = 0
        self._end(node, span, outcome, tries)
        if self._stop.interrupted is not None and not self._is_triggered:
            raise self._stop.interrupted

    def abandon(self) -> None:
        """Leave records of the jobs that still run; nobody waits for them any more."""
        for job_try in list(self._running.values()):
            error = JobCancelError(f"{self._stop.why()}; {ABANDONED}")
            outcome = self._abandoned(job_try, CANCEL, error)
            try:
                self._end(job_try.node, job_try.span, outcome, job_try.number)
            except Abandoned:
                continue  # it has ended just now

    def why(self, status: str) -> str:
        """Which jobs have failed, in the YAML's order, and why the first one has."""
        state = self._stages.state
        nodes = [] if state.plan is None else state.plan.jobs
        what = "failed" if status == FAILED else "was cancelled"
        first, *others = [
            node
            for node, record in zip(nodes, self._records, strict=True)
            if record is not None and record["status"] == status
        ]
        text = f"job {quoted([first.id])} {what}: {self.causes[first.index]}"
        also = quoted(node.id for node in others)
        return f"{text}; so did {also}" if also else text

    def failed_at(self) -> str:
        """Where in the YAML the first job has failed, or else was cancelled."""
        state = self._stages.state
        failed = [
            index
            for index in self.errors
            if (self._records[index] or {}).get("status") == FAILED
        ]
        error = self.errors.get(min(failed or self.errors, default=-1))
        return state.source if error is None else place_of(error, state.source)

    # --- before it begins ---

    def _needs_no_run(self, node: JobNode) -> bool:
        """Whether its record is there without a run: it is kept, or its rule says so."""
        record: Record
        if node.id in self._kept:
            record = self._kept[node.id]
            self._note(node, record, {"is_kept": True}, stored={"record": record})
            return True
        instead = self._instead(node) if node.needs else None
        if instead is None:
            return False
        status, reason = instead
        record = {"status": status, **_parts(node), "info": {"reason": reason}}
        if status == CANCEL:
            record["errors"] = error_record(JobCancelError(reason))
            self.causes[node.index] = reason
        self._note(node, record, {"reason": reason})
        return True

    def _instead(self, node: JobNode) -> tuple[str, str] | None:
        """What the trigger rule makes of the job; None: it runs."""
        statuses = []
        for index in node.needs:
            record = self._records[index]
            if record is None:  # the run was stopped just now
                return CANCEL, self._stop.why()
            statuses.append(record["status"])
        return verdict(node.job.trigger_rule, statuses, node.needed_ids)

    def _note(
        self,
        node: JobNode,
        record: Record,
        fields: dict[str, object],
        *,
        stored: Mapping[str, object] = NO_FIELDS,
    ) -> None:
        span = Span("job", node.id, self._span)
        self._events.note(span, record["status"], fields, stored=stored)
        self._records[node.index] = record

    # --- tries ---

    def _outcome(self, node: JobNode, span: Span) -> tuple[Outcome, int]:
        if not self._is_wanted(node, span):
            return Outcome(SKIP, cause="the condition does not hold"), 0
        retry = node.job.retry
        if retry is None:
            return self._try(node, span, 0), 0
        from .retry import run_tries

        return run_tries(
            retry,
            self._stop,
            lambda number: self._try(node, span, number),
            tell=lambda n, why: self._events.log(span, "WARNING", why, attempt=n),
            cancelled=JobCancelError,
        )

    def _is_wanted(self, node: JobNode, span: Span) -> bool:
        """The job's own condition; a dry run has no outputs that it could look at."""
        condition = node.job.condition
        if condition is None or self._stages.dry:
            return True
        scope = Scope(self._stages.state, node, self._stop)
        context = make_context(scope, span, self._stop)
        enter(context)
        wanted: object = condition(context)
        if not isinstance(wanted, bool):
            raise StageError(
                f"a condition is True or False, not {shown(wanted)} ({kind(wanted)})"
            )
        return wanted

    def _try(self, node: JobNode, span: Span, number: int) -> Outcome:
        timeout = node.job.timeout
        stop = self._stop if timeout is None else Stop(self._stop)
        job_try = self._running[node.index] = JobTry(node, span, stop, number)
        if timeout is None:
            return job_try.run(self._stages)
        outcomes: list[Outcome] = []
        ended = run_abandonable(
            lambda: outcomes.append(job_try.run(self._stages)),
            stop,
            timeout=timeout,
            reason=f"the job took longer than {timeout:g} s",
        )
        if not ended:
            return self._late(job_try)
        (outcome,) = outcomes
        if not stop.is_late:
            return outcome
        return raised(FAILED, JobTimeoutError(stop.reason), outcome.outputs)

    def _late(self, job_try: JobTry) -> Outcome:
        if not job_try.stop.is_late:
            error = JobCancelError(f"{self._stop.why()}; {ABANDONED}")
            return self._abandoned(job_try, CANCEL, error)
        late = JobTimeoutError(f"{job_try.stop.reason}; {ABANDONED}")
        return self._abandoned(job_try, FAILED, late)

    def _torn(self, node: JobNode) -> Outcome:
        """Ctrl-C has torn the thread out of the job, wherever that was."""
        error = JobCancelError(INTERRUPTED)
        job_try = self._running.get(node.index)
        if job_try is None:
            return raised(CANCEL, error)
        return self._abandoned(job_try, CANCEL, error)

    def _abandoned(self, job_try: JobTry, status: str, error: Exception) -> Outcome:
        inner = error_record(JobCancelError(f"abandoned: {job_try.stop.why()}"))
        lost = self._events.abandon(job_try.span, CANCEL, {"errors": inner})
        return raised(status, error, job_try.record_so_far(lost, inner))

    # --- the end ---

    def _end(self, node: JobNode, span: Span, outcome: Outcome, tries: int) -> None:
        fields: dict[str, object] = {}
        record: Record = {"status": outcome.status, **_parts(node), **outcome.outputs}
        more: dict[str, object] = {}
        if tries:
            more["retry"] = fields["attempt"] = tries
        if outcome.status == SKIP and outcome.cause:
            more["reason"] = fields["reason"] = outcome.cause
        elif outcome.errors is not None:
            record["errors"] = outcome.errors
            fields.update(self._told(outcome, node.id))

        def commit(latency: float) -> None:
            record["info"] = {**timing(span.started, latency), **more}
            self._records[node.index] = record
            self._running.pop(node.index, None)
            if outcome.cause and outcome.status != SKIP:
                self.causes[node.index] = outcome.cause
                self.errors[node.index] = outcome.error

        stored = NO_FIELDS
        if self._stages.state.release is not None and outcome.status == SUCCESS:
            stored = {"record": record}  # for a rerun, which is of releases alone
        self._events.end(span, outcome.status, fields, commit, stored=stored)

    def _told(self, outcome: Outcome, job: str) -> dict[str, object]:
        """The errors of the event: one, also when the record has one a strategy."""
        if outcome.is_nested or outcome.error is None:
            name = "JobError" if outcome.status == FAILED else "JobCancelError"
            return {"errors": {"name": name, "message": outcome.cause}}
        fields: dict[str, object] = {"errors": outcome.errors}
        state = self._stages.state
        add_place(outcome.error, place(state.source, state.lines.get(job), job))
        traceback = traceback_text(outcome.error, self._stages.module)
        if traceback:
            fields["traceback"] = traceback
        return fields


def _parts(node: JobNode) -> Record:
    """What a record has of a job that never began."""
    return {} if node.job.matrix is None else {"strategies": {}}
