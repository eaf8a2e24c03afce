"""Runs stages, one after the other or one alone: tries, timeouts, records, events.

A stage's outcome is written before the next stage begins. Nothing that a stage raises gets
out of here, whatever it is; only `Abandoned` does, in a thread whose work does not count.
"""

from __future__ import annotations

from .cancel import Stop
from .context import enter, make_context, record_name
from .errors import StageCancelError, StageError, StageSkipError, StageTimeoutError
from .events import Span
from .failures import add_place, error_record, place, traceback_text
from .outcome import Outcome, raised
from .result import CANCEL, FAILED, SKIP, SUCCESS, timing
from .threads import Abandoned, is_quit, run_abandonable
from .wording import kind, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .block_lines import BlockLines
    from .context import Context, Record, RunState, Scope
    from .events import Events
    from .graph import Retry
    from .plan import StageNode

PARTS = ("foreach", "until", "parallel", "stages")
"""Outputs of containers that their events leave out: the events of what is inside tell."""


class StageRunner:
    """Runs the stages of one run, in any of its threads.

    Args:
        stop: The run's.
        module: The file of the emitted module, whose frames tracebacks leave out.
        dry: Stages are not executed; their outputs are empty.
    """

    def __init__(
        self,
        state: RunState,
        events: Events,
        stop: Stop,
        *,
        module: str | None,
        dry: bool,
    ) -> None:
        self.state = state
        self.events = events
        self.module = module
        self.dry = dry
        self._stop = stop

    def run_list(self, scope: Scope) -> Outcome:
        """Run the scope's list to its end, its first failure, or its stop."""
        stop = scope.stop
        assert scope.block is not None and stop is not None
        ended = SKIP
        for node in scope.block:
            if stop.is_set():
                cause = f'stopped before stage "{node.key}": {stop.why()}'
                return Outcome(CANCEL, cause=cause)
            outcome = self.run_stage(node, scope)
            if outcome.status == SUCCESS:
                ended = SUCCESS
            elif outcome.status != SKIP:
                ending = "failed" if outcome.status == FAILED else "was cancelled"
                cause = f'stage "{node.key}" {ending}: {outcome.cause}'
                return Outcome(outcome.status, cause=cause, inner=outcome)
        return Outcome(ended)

    def run_stage(self, node: StageNode, scope: Scope) -> Outcome:
        """Run a stage with its tries, and leave its record in the scope."""
        line = self.state.lines.get(node.path)
        span = Span("stage", node.path, scope.span, scope.fields, scope.text, line)
        self.events.start(span)
        if node.retry is None:
            outcome = self._try(node, scope, span, 0)
        else:
            outcome = self._tries(node.retry, node, scope, span)
        try:
            name = record_name(node, scope)
        except Exception as error:  # a key that its row of the matrix lacks
            name, outcome = node.key, raised(FAILED, error, outcome.outputs)
        fields: dict[str, object] = {}
        record: Record = {"outputs": outcome.outputs, "status": outcome.status}
        outputs = outcome.outputs
        if node.arms is not None:
            outputs = {key: outputs[key] for key in outputs if key not in PARTS}
        if outputs:
            fields["outputs"] = outputs
        if outcome.status == SKIP and outcome.cause:
            fields["reason"] = outcome.cause
        if outcome.errors is not None:
            record["errors"] = outcome.errors
            fields.update(self._told_errors(outcome, node, span))
        latency = self.events.end(span, outcome.status, fields)
        record["info"] = timing(span.started, latency)
        if name is not None:
            scope.records[name] = record
        return outcome

    # --- tries ---

    def _tries(
        self, retry: Retry, node: StageNode, scope: Scope, span: Span
    ) -> Outcome:
        from .retry import run_tries

        stop = scope.stop
        assert stop is not None
        outcome, number = run_tries(
            retry,
            stop,
            lambda number: self._try(node, scope, span, number),
            tell=lambda n, why: self.events.log(span, "WARNING", why, attempt=n),
            cancelled=StageCancelError,
        )
        if number:
            outcome.outputs = {"retry": number, **outcome.outputs}
        return outcome

    def _try(self, node: StageNode, scope: Scope, span: Span, number: int) -> Outcome:
        if node.timeout is not None:
            return self._try_for(node.timeout, node, scope, span, number)
        context = make_context(scope, span, scope.stop, number)
        return self._execute(node, context)

    def _try_for(
        self, timeout: float, node: StageNode, scope: Scope, span: Span, number: int
    ) -> Outcome:
        """A try that is stopped when it takes longer than its timeout, in seconds.

        It has failed then, also when it ends well after all; its outputs are kept.
        """
        stop = Stop(scope.stop)
        context = make_context(scope, span, stop, number)
        outcomes: list[Outcome] = []
        ended = run_abandonable(
            lambda: outcomes.append(self._execute(node, context)),
            stop,
            timeout=timeout,
            reason=f"it took longer than {timeout:g} s",
        )
        left = "; its thread could not be stopped and was abandoned"
        outputs: dict[str, Any] = {}
        if ended:
            (outcome,) = outcomes
            if not stop.is_late:
                return outcome
            left, outputs = "", outcome.outputs
        else:
            lost = StageCancelError(f"abandoned: {stop.why()}")
            self.events.abandon(span, CANCEL, {"errors": error_record(lost)})
        if not stop.is_late:
            error: BaseException = StageCancelError(f"stopped: {stop.why()}{left}")
            return raised(CANCEL, error, outputs)
        return raised(FAILED, StageTimeoutError(f"{stop.reason}{left}"), outputs)

    def _execute(self, node: StageNode, context: Context[Any]) -> Outcome:
        enter(context)
        try:
            if self.dry:
                return Outcome(SUCCESS)
            if node.arms is not None:
                from .containers import run_container

                return run_container(self, node, context)
            return Outcome(SUCCESS, _checked(node.run(context)))
        except StageSkipError as error:
            return Outcome(SKIP, dict(error.outputs), cause=str(error))
        except StageCancelError as error:
            return raised(CANCEL, error, error.outputs)
        except Abandoned:
            raise
        except KeyboardInterrupt as error:
            return self._interrupted(error, context)
        except BaseException as error:
            if is_quit(error):
                return self._interrupted(KeyboardInterrupt(), context)
            kept = error.outputs if isinstance(error, StageError) else {}
            return raised(FAILED, error, kept)

    def _interrupted(
        self, interrupt: KeyboardInterrupt, context: Context[Any]
    ) -> Outcome:
        """Ctrl-C has torn the thread out of the stage, or out of one inside it."""
        self._stop.interrupt(interrupt)
        error = StageCancelError(self._stop.why())
        assert context._span is not None
        self.events.abandon(context._span, CANCEL, {"errors": error_record(error)})
        return raised(CANCEL, error)

    def _told_errors(
        self, outcome: Outcome, node: StageNode, span: Span
    ) -> dict[str, object]:
        error = outcome.error
        if outcome.is_nested or error is None:
            # a container: its record has the errors of its parts
            name = "StageError" if outcome.status == FAILED else "StageCancelError"
            return {"errors": {"name": name, "message": outcome.cause}}
        fields: dict[str, object] = {"errors": outcome.errors}
        block = self._block_lines(node)
        line = block.failed_at(error) if block is not None else None
        if line is not None:
            fields["error_line"] = line
        line = self.state.lines.get(node.path) if line is None else line
        matrix = span.fields.get("matrix")
        add_place(error, place(self.state.source, line, node.path, matrix))
        traceback = traceback_text(error, self.module, block)
        if traceback:
            fields["traceback"] = traceback
        return fields

    def _block_lines(self, node: StageNode) -> BlockLines | None:
        lines = self.state.blocks.get(node.path)
        if lines is None:
            return None
        from .block_lines import BlockLines

        line = self.state.lines[node.path]
        return BlockLines(node.run, self.state.source, line, lines)


def _checked(outputs: Any) -> dict[str, Any]:
    if isinstance(outputs, dict):
        return dict(outputs)
    if hasattr(outputs, "keys") and hasattr(outputs, "__getitem__"):
        return {key: outputs[key] for key in outputs}
    raise StageError(f"a stage puts out a map, not {shown(outputs)} ({kind(outputs)})")
