"""One try of a job: its stages once, or once for each combination of its matrix."""

from __future__ import annotations

from .cancel import Stop
from .context import Scope, enter, make_context, record_name
from .errors import JobCancelError, JobError
from .events import Span
from .failures import error_record
from .outcome import Outcome, left_out, raised
from .result import CANCEL, FAILED, combine, timing
from .threads import fan_out
from .wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .context import Record
    from .plan import JobNode
    from .stage_runner import StageRunner

MAX_PARALLEL = 9


class JobTry:
    """One try of a job.

    Attributes:
        number: 0 for the first one.
        scopes: Strategy id -> scope, of what has begun; without a matrix below "".
        records: Strategy id -> record, of what has ended, and of the first row that a
            failure has kept from beginning.
    """

    __slots__ = ("node", "number", "records", "scopes", "span", "stop")

    def __init__(self, node: JobNode, span: Span, stop: Stop, number: int) -> None:
        self.node = node
        self.span = span
        self.stop = stop
        self.number = number
        self.scopes: dict[str, Scope] = {}
        self.records: dict[str, Record] = {}

    def run(self, stages: StageRunner) -> Outcome:
        """Run it to its end or its stop."""
        if self.node.job.matrix is not None:
            return self._run_matrix(stages)
        scope = self._scope("", self.stop, stages)
        scope.span = self.span
        ended = stages.run_list(scope)
        outcome = Outcome(ended.status, {"stages": scope.records})
        if ended.cause:
            outcome = Outcome(
                ended.status,
                outcome.outputs,
                errors=error_of(ended.status, ended.cause),
                cause=ended.cause,
                inner=ended,
            )
        return outcome

    def record_so_far(self, lost: Sequence[Span], error: Record) -> dict[str, Any]:
        """What the job's record holds when nobody waits for it any more.

        Args:
            lost: The spans that were open.
            error: What the stages and strategies among them end with.
        """
        if self.node.job.matrix is None:
            scope = self.scopes.get("")
            return {
                "stages": {} if scope is None else _stages_so_far(scope, lost, error)
            }
        records = dict(self.records)
        for strategy, scope in self.scopes.items():
            if strategy not in records:
                stages = _stages_so_far(scope, lost, error)
                records[strategy] = {
                    "status": CANCEL,
                    "matrix": scope.matrix,
                    "stages": stages,
                    "errors": error,
                }
        return {"strategies": records}

    # --- with a matrix ---

    def _run_matrix(self, stages: StageRunner) -> Outcome:
        job = self.node.job
        try:
            rows = self._rows()
            limit = self._max_parallel(stages)
        except Exception as error:
            return raised(FAILED, error, {"strategies": {}})
        stop = Stop(self.stop) if job.fail_fast else self.stop
        outcomes: dict[str, Outcome] = {}

        def run_strategy(strategy: str) -> None:
            if stop.is_set():
                return
            outcomes[strategy] = self._run_row(strategy, rows[strategy], stop, stages)
            if outcomes[strategy].status == FAILED and job.fail_fast:
                stop.set(f"strategy {rows[strategy]} has failed")

        fan_out(list(rows), limit, run_strategy, stop)
        left = next((each for each in rows if each not in self.records), None)
        if left is not None and job.fail_fast and stop.reason is not None:
            own = {"matrix": rows[left]}
            self.records[left] = left_out(own, stop.reason, JobCancelError)
        return self._gathered(list(rows), outcomes)

    def _rows(self) -> dict[str, dict[str, object]]:
        """Strategy id -> combination."""
        from .matrix import combinations, strategy_id

        job = self.node.job
        assert job.matrix is not None
        rows = combinations(job.matrix, job.include, job.exclude)
        return {strategy_id(row): row for row in rows}

    def _run_row(
        self, strategy: str, row: dict[str, object], stop: Stop, stages: StageRunner
    ) -> Outcome:
        scope = self._scope(strategy, stop, stages)
        scope.matrix = row
        scope.keys = (strategy,)
        scope.tell_apart(strategy=strategy, matrix=row)
        span = Span("strategy", self.node.id, self.span, scope.fields, scope.text)
        scope.span = span
        stages.events.start(span, {"attempt": self.number} if self.number else {})
        ended = stages.run_list(scope)
        told: dict[str, object] = {}
        record: Record = {
            "status": ended.status,
            "matrix": row,
            "stages": scope.records,
        }
        if ended.cause:
            told["errors"] = record["errors"] = error_of(ended.status, ended.cause)
        latency = stages.events.end(span, ended.status, told)
        record["info"] = timing(span.started, latency)
        self.records[strategy] = record
        return ended

    def _max_parallel(self, stages: StageRunner) -> int:
        count: Any = self.node.job.max_parallel
        if callable(count):
            if stages.dry:
                return 1
            scope = Scope(stages.state, self.node, self.stop)
            context = make_context(scope, self.span, self.stop)
            enter(context)
            count = count(context)
        if type(count) is not int or not 1 <= count <= MAX_PARALLEL:
            raise JobError(
                f"max-parallel is a number from 1 to {MAX_PARALLEL}, not {shown(count)}"
            )
        return count

    def _gathered(self, ids: list[str], outcomes: dict[str, Outcome]) -> Outcome:
        records = {each: self.records[each] for each in ids if each in self.records}
        errors = {each: r["errors"] for each, r in records.items() if "errors" in r}
        status = combine(record["status"] for record in records.values())
        parts = {"strategies": records}
        if errors:
            first = next(each for each, r in records.items() if r["status"] == status)
            inner = outcomes[first]
            cause = f"{records[first]['matrix']}: {inner.cause}"
            return Outcome(status, parts, errors=errors, cause=cause, inner=inner)
        if len(records) < len(ids):
            cause = f"stopped: {self.stop.why()}"
            return Outcome(CANCEL, parts, errors=error_of(CANCEL, cause), cause=cause)
        return Outcome(status, parts)

    def _scope(self, strategy: str, stop: Stop, stages: StageRunner) -> Scope:
        scope = Scope(stages.state, self.node, stop)
        self.scopes[strategy] = scope
        return scope


def error_of(status: str, cause: str) -> dict[str, str]:
    """The error of a job, or of a strategy, by the status that it has."""
    return error_record((JobError if status == FAILED else JobCancelError)(cause))


def _stages_so_far(scope: Scope, lost: Sequence[Span], error: Record) -> dict[str, Any]:
    """The records of the stages that have ended, and of the one that was lost."""
    records = dict(scope.records)
    paths = {span.path for span in lost if span.parent is scope.span}
    for node in scope.block or ():
        name = record_name(node, scope) if node.path in paths else None
        if name is not None:
            records[name] = {"outputs": {}, "errors": error, "status": CANCEL}
    return records
