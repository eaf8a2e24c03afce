"""Cancels and timeouts of runs, jobs and stages, and threads that cannot be stopped."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from wfruntime import threads
from wfruntime.cancel import CancelEvent, Stop
from wfruntime.convert import call_async
from wfruntime.errors import StageCancelError, StageSkipError
from wfruntime.graph import ForEach, Job, Parallel, Retry, Stage
from wfruntime.journal import read_journal
from wfruntime.runner import run
from wfruntime.stages import echo
from wfruntime.threads import fan_out, run_abandonable

from tests.runtime.running import (
    Recorder,
    calling,
    outputs_of,
    plain,
    put,
    raising,
    run_jobs,
    stages_of,
    statuses,
    workflow,
)

pytestmark = pytest.mark.usefixtures("runs")
OK = {"s": put(x=1)}
CANCELLED = "the run was cancelled"
LEFT = "its thread could not be stopped and was abandoned"


def error(name: str, message: str) -> dict[str, str]:
    return {"name": name, "message": message}


def sleeping(cancel: threading.Event | None = None) -> Any:
    """A stage that sleeps for ever; first it sets the event."""

    def stage(ctx: Any) -> Any:
        if cancel is not None:
            cancel.set()
        return echo(sleep=600)

    return stage


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """What a stuck stage waits for; set at the end of the test, so that it ends too."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Abandon at once what does not stop."""
    monkeypatch.setattr(threads, "ABANDON_AFTER_S", 0.05)


def stuck(release: threading.Event, cancel: threading.Event | None = None) -> Any:
    """A stage that listens to nothing until it is released."""

    def stage(ctx: Any) -> dict[str, object]:
        if cancel is not None:
            cancel.set()
        release.wait()
        ctx.result.trace.info("too late")
        return {"late": True}

    return stage


# --- cancel ---


@pytest.mark.parametrize("event", [threading.Event(), CancelEvent()])
def test_a_cancel_before_the_start_begins_nothing(event: threading.Event) -> None:
    event.set()
    assert plain(run_jobs(Job("a", stages=OK), cancel=event).context) == {
        "status": "CANCEL",
        "params": {},
        "jobs": {},
        "errors": error("WorkflowCancelError", CANCELLED),
    }


@pytest.mark.parametrize("kind", [threading.Event, CancelEvent])
def test_a_cancel_ends_a_sleep_and_begins_no_further_job(
    kind: type[threading.Event],
) -> None:
    cancel = kind()
    result = run_jobs(
        Job("a", stages={"f": put(x=1), "s": sleeping(cancel), "t": put()}),
        Job("b", needs=["a"], trigger_rule="all_done", stages=OK),
        cancel=cancel,
    )
    slept = error("StageCancelError", f"stopped while it slept: {CANCELLED}")
    message = f'stage "s" was cancelled: StageCancelError: {slept["message"]}'
    assert result.exit_code == 1
    assert plain(result.context) == {
        "status": "CANCEL",
        "params": {},
        "jobs": {
            "a": {
                "status": "CANCEL",
                "stages": {
                    "f": {"outputs": {"x": 1}, "status": "SUCCESS"},
                    "s": {"outputs": {}, "status": "CANCEL", "errors": slept},
                },
                "errors": error("JobCancelError", message),
            }
        },
        "errors": error("WorkflowCancelError", CANCELLED),
    }


def test_a_cancel_after_the_last_stage_changes_nothing() -> None:
    cancel = threading.Event()
    job = Job("a", stages={"s": calling(cancel.set)})
    assert run_jobs(job, cancel=cancel).status == "SUCCESS"


def test_a_failure_before_a_cancel_stays_a_failure() -> None:
    cancel = threading.Event()
    result = run_jobs(
        Job("a", stages={"s": raising(ValueError("boom"))}),
        Job("b", needs=["a"], trigger_rule="all_done", stages={"s": sleeping(cancel)}),
        cancel=cancel,
    )
    assert statuses(result) == {"a": "FAILED", "b": "CANCEL"}
    assert result.status == "FAILED"


def test_a_cancel_reaches_into_containers() -> None:
    cancel = threading.Event()
    inner = Parallel({"b": {"s": sleeping(cancel), "t": put()}})
    each = ForEach(lambda ctx: [1, 2], stages={"p": inner})
    result = run_jobs(Job("a", stages={"e": each}), cancel=cancel)
    record = stages_of(result)["e"]
    slept = f"StageCancelError: stopped while it slept: {CANCELLED}"
    branch = f'stage "s" was cancelled: {slept}'
    item = f'stage "p" was cancelled: branch "b": {branch}'
    assert record["status"] == "CANCEL"
    assert record["errors"] == {1: error("StageCancelError", item)}
    assert list(record["outputs"]["foreach"]) == [1]


def test_a_run_forgets_the_event_when_it_ends() -> None:
    cancel = CancelEvent()
    run_jobs(Job("a", stages=OK), cancel=cancel)
    assert cancel._callbacks == []


def test_a_cancel_ends_the_wait_for_the_next_try() -> None:
    cancel = CancelEvent()

    class Cancelling(Recorder):
        def event(self, kind: str, path: str, fields: Any) -> None:
            if kind == "log":
                threading.Thread(target=cancel.set).start()

    stage = Stage(raising(ValueError("boom")), retry=Retry(1, delay=600.0))
    job = Job("a", stages={"s": stage})
    result = run_jobs(job, cancel=cancel, observer=Cancelling())
    why = f"stopped before try 1: {CANCELLED}; before: ValueError: boom"
    assert stages_of(result)["s"] == {
        "outputs": {},
        "status": "CANCEL",
        "errors": error("StageCancelError", why),
    }


# --- timeouts ---


@pytest.mark.parametrize("seconds", [0, 0.0])
def test_a_run_without_time_begins_nothing(seconds: float) -> None:
    result = run_jobs(Job("a", stages=OK), timeout=seconds)
    late = f"the run took longer than {seconds:g} s"
    assert plain(result.context) == {
        "status": "FAILED",
        "params": {},
        "jobs": {},
        "errors": error("WorkflowTimeoutError", late),
    }


def test_a_run_that_takes_too_long_is_failed() -> None:
    wf = workflow(
        Job("a", stages={"s": sleeping(), "t": put()}),
        Job("b", needs=["a"], stages=OK),
        timeout=0.05,
    )
    result = run(wf)
    late = "the run took longer than 0.05 s"
    assert result.context["errors"] == error("WorkflowTimeoutError", late)
    assert (result.status, statuses(result)) == ("FAILED", {"a": "CANCEL"})
    assert run(wf, timeout=0).context["jobs"] == {}


def test_a_job_that_takes_too_long_is_failed() -> None:
    result = run_jobs(
        Job("a", timeout=0.05, stages={"s": sleeping(), "t": put()}),
        Job("b", needs=["a"], trigger_rule="one_failed", stages=OK),
    )
    late = "the job took longer than 0.05 s"
    slept = error("StageCancelError", f"stopped while it slept: {late}")
    assert plain(result.context["jobs"]["a"]) == {
        "status": "FAILED",
        "stages": {"s": {"outputs": {}, "status": "CANCEL", "errors": slept}},
        "errors": error("JobTimeoutError", late),
    }
    assert statuses(result)["b"] == "SUCCESS"


def test_a_stage_that_takes_too_long_is_failed_and_may_be_tried_again() -> None:
    tries = iter([600.0, 0.0])
    stage = Stage(
        lambda ctx: echo(sleep=next(tries)),
        timeout=0.05,
        retry=Retry(1, delay=0.0, on=["TimeoutError"]),
    )
    record = stages_of(run_jobs(Job("a", stages={"s": stage})))["s"]
    assert record == {"outputs": {"retry": 1}, "status": "SUCCESS"}


def test_a_container_that_takes_too_long_is_failed() -> None:
    each = ForEach(lambda ctx: [1, 2], stages={"s": sleeping()})
    result = run_jobs(Job("a", stages={"e": Stage(each, timeout=0.05)}))
    record = stages_of(result)["e"]
    late = "it took longer than 0.05 s"
    assert (record["status"], record["errors"]) == (
        "FAILED",
        error("StageTimeoutError", late),
    )
    assert record["outputs"]["foreach"][1]["status"] == "CANCEL"


def returning_late(ctx: Any) -> dict[str, object]:
    """Listens to its stop, yet returns as if all were well."""
    ctx._stop.wait(600.0)
    return {"rows": 3}


def skipping_late(ctx: Any) -> dict[str, object]:
    ctx._stop.wait(600.0)
    raise StageSkipError("late")


@pytest.mark.parametrize(
    ("stage", "outputs"), [(returning_late, {"rows": 3}), (skipping_late, {})]
)
def test_a_stage_that_returns_after_its_timeout_is_failed(
    stage: Any, outputs: dict[str, object]
) -> None:
    job = Job("a", stages={"s": Stage(stage, timeout=0.05), "t": put()})
    assert stages_of(run_jobs(job)) == {
        "s": {
            "outputs": outputs,
            "status": "FAILED",
            "errors": error("StageTimeoutError", "it took longer than 0.05 s"),
        }
    }


def test_a_stage_that_is_too_quick_for_a_wait_may_be_late_all_the_same() -> None:
    job = Job("a", stages={"s": Stage(put(x=1), timeout=1e-9)})
    record = stages_of(run_jobs(job))["s"]
    assert (record["status"], record["errors"]["name"]) == (
        "FAILED",
        "StageTimeoutError",
    )


@pytest.mark.parametrize("matrix", [None, {"x": [1, 2]}])
def test_a_job_whose_last_stage_returns_after_its_timeout_is_failed(
    matrix: Any,
) -> None:
    recorder = Recorder()
    job = Job("a", timeout=0.05, matrix=matrix, stages={"s": returning_late})
    result = run_jobs(job, observer=recorder)
    record = plain(result.context["jobs"]["a"])
    late = error("JobTimeoutError", "the job took longer than 0.05 s")
    assert (result.status, record["status"], record["errors"]) == (
        "FAILED",
        "FAILED",
        late,
    )
    (ended,) = recorder.of("job.end", "a")
    assert (ended["status"], ended["errors"]) == ("FAILED", late)
    inner = record if matrix is None else next(iter(record["strategies"].values()))
    assert inner["stages"]["s"] == {"outputs": {"rows": 3}, "status": "SUCCESS"}


def test_a_run_whose_last_stage_returns_after_its_timeout_is_failed() -> None:
    result = run_jobs(Job("a", stages={"s": returning_late}), timeout=0.05)
    assert (result.status, result.exit_code, statuses(result)) == (
        "FAILED",
        1,
        {"a": "SUCCESS"},
    )
    assert result.context["errors"] == error(
        "WorkflowTimeoutError", "the run took longer than 0.05 s"
    )


# --- async callers ---


class Caller:
    """An async caller that waits for ever, and keeps what has happened to it.

    Args:
        begun: Set when it waits.
        answer: What it puts out when it is cancelled; None: it lets itself be cancelled.
    """

    def __init__(
        self, begun: threading.Event | None = None, answer: Any = None
    ) -> None:
        self.told: list[str] = []
        self._begun = begun
        self._answer = answer

    async def __call__(self) -> dict[str, object]:
        if self._begun is not None:
            self._begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.told.append("cancelled")
            if self._answer is None:
                raise
        finally:
            self.told.append("tidied up")
        return dict(self._answer)

    def stage(self, ctx: Any) -> dict[str, object]:
        return call_async(self())


def test_a_timeout_cancels_an_async_caller() -> None:
    caller = Caller()
    job = Job("a", stages={"s": Stage(caller.stage, timeout=0.05)})
    assert stages_of(run_jobs(job))["s"] == {
        "outputs": {},
        "status": "FAILED",
        "errors": error("StageTimeoutError", "it took longer than 0.05 s"),
    }
    assert caller.told == ["cancelled", "tidied up"]


@pytest.mark.parametrize("kind", [threading.Event, CancelEvent])
def test_a_cancel_cancels_an_async_caller(kind: type[threading.Event]) -> None:
    cancel = kind()
    caller = Caller(cancel)
    result = run_jobs(Job("a", stages={"s": caller.stage, "t": put()}), cancel=cancel)
    assert stages_of(result) == {
        "s": {
            "outputs": {},
            "status": "CANCEL",
            "errors": error(
                "StageCancelError", f"its caller was cancelled: {CANCELLED}"
            ),
        }
    }
    assert caller.told == ["cancelled", "tidied up"]


def test_an_async_caller_may_put_something_out_when_it_is_cancelled() -> None:
    cancel = CancelEvent()
    caller = Caller(cancel, answer={"rows": 3})
    result = run_jobs(Job("a", stages={"s": caller.stage}), cancel=cancel)
    assert (result.status, outputs_of(result)) == ("SUCCESS", {"s": {"rows": 3}})


def test_a_caller_inside_a_loop_is_cancelled_too() -> None:
    cancel = CancelEvent()
    caller = Caller(cancel)

    def stage(ctx: Any) -> Any:
        async def around() -> dict[str, object]:
            return call_async(caller())

        return asyncio.run(around())

    result = run_jobs(Job("a", stages={"s": stage}), cancel=cancel)
    assert stages_of(result)["s"]["errors"] == error(
        "StageCancelError", f"its caller was cancelled: {CANCELLED}"
    )


def test_a_caller_that_cancels_itself_has_failed() -> None:
    async def caller() -> dict[str, object]:
        raise asyncio.CancelledError("by itself")

    job = Job("a", stages={"s": lambda ctx: call_async(caller())})
    record = stages_of(run_jobs(job))["s"]
    assert (record["status"], record["errors"]) == (
        "FAILED",
        # Python 3.10 loses the text on its way out of the loop
        error("CancelledError", "by itself" if sys.version_info >= (3, 11) else ""),
    )


def test_a_stage_in_time_is_not_disturbed() -> None:
    stage = Stage(put(x=1), timeout=600.0)
    job = Job("a", timeout=600.0, stages={"s": stage})
    assert outputs_of(run_jobs(job, timeout=600.0)) == {"s": {"x": 1}}


# --- what cannot be stopped ---


@pytest.mark.usefixtures("soon")
def test_a_stage_that_does_not_stop_is_abandoned(release: threading.Event) -> None:
    stage = Stage(stuck(release), timeout=0.05)
    result = run_jobs(Job("a", stages={"f": put(x=1), "s": stage}))
    late = f"it took longer than 0.05 s; {LEFT}"
    assert stages_of(result)["s"] == {
        "outputs": {},
        "status": "FAILED",
        "errors": error("StageTimeoutError", late),
    }


@pytest.mark.usefixtures("soon")
def test_a_job_that_does_not_stop_is_abandoned(release: threading.Event) -> None:
    result = run_jobs(
        Job("a", timeout=0.05, stages={"f": put(x=1), "s": stuck(release)}),
        Job("b", needs=["a"], trigger_rule="all_done", stages=OK),
    )
    late = "the job took longer than 0.05 s"
    lost = error("JobCancelError", f"abandoned: {late}")
    assert plain(result.context["jobs"]["a"]) == {
        "status": "FAILED",
        "stages": {
            "f": {"outputs": {"x": 1}, "status": "SUCCESS"},
            "s": {"outputs": {}, "status": "CANCEL", "errors": lost},
        },
        "errors": error("JobTimeoutError", f"{late}; {LEFT}"),
    }
    assert statuses(result)["b"] == "SUCCESS"


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("matrix", [None, {"x": [1]}])
def test_a_run_that_does_not_stop_is_abandoned_with_its_records(
    release: threading.Event, matrix: Any
) -> None:
    cancel = threading.Event()
    recorder = Recorder()
    stages = {"f": put(x=1), "s": stuck(release, cancel)}
    result = run_jobs(
        Job("a", matrix=matrix, stages=stages),
        Job("b", needs=["a"], trigger_rule="all_done", stages=OK),
        cancel=cancel,
        observer=recorder,
    )
    record = plain(result.context["jobs"]["a"])
    lost = error("JobCancelError", f"abandoned: {CANCELLED}")
    found = {
        "f": {"outputs": {"x": 1}, "status": "SUCCESS"},
        "s": {"outputs": {}, "status": "CANCEL", "errors": lost},
    }
    if matrix is None:
        assert record["stages"] == found
    else:
        (strategy,) = record["strategies"].values()
        assert strategy["stages"] == found
    assert record["errors"] == error("JobCancelError", f"{CANCELLED}; {LEFT}")
    assert (result.status, statuses(result)) == ("CANCEL", {"a": "CANCEL"})
    ends = [told for told in recorder.told() if "CANCEL" in told]
    strategy_end = [] if matrix is None else ["strategy.end a CANCEL"]
    assert ends == [
        "stage.end a/s CANCEL",
        *strategy_end,
        "job.end a CANCEL",
        "run.end CANCEL",
    ]


@pytest.mark.usefixtures("soon", "runs")
@pytest.mark.parametrize("repeated", range(10))
def test_the_innermost_wait_abandons_what_is_stuck(
    release: threading.Event, repeated: int
) -> None:
    """The waits for the run, the job, a container and the stage are over at one moment."""
    cancel = CancelEvent()
    inner = Stage(stuck(release, cancel), timeout=600.0)
    each = ForEach(lambda ctx: [1], stages={"s": inner})
    job = Job("a", timeout=600.0, stages={"e": Stage(each, timeout=600.0)})
    result = run_jobs(job, cancel=cancel, timeout=600.0)
    lost = f"stopped: {CANCELLED}; {LEFT}"
    item = f'stage "s" was cancelled: StageCancelError: {lost}'
    record = plain(result.context["jobs"]["a"])
    assert record["stages"]["e"]["outputs"]["foreach"][1]["stages"] == {
        "s": {
            "outputs": {},
            "status": "CANCEL",
            "errors": error("StageCancelError", lost),
        }
    }
    assert record["errors"] == error(
        "JobCancelError", f'stage "e" was cancelled: item 1: {item}'
    )


@pytest.mark.usefixtures("soon")
def test_what_an_abandoned_thread_does_later_counts_nowhere(
    release: threading.Event,
) -> None:
    cancel = threading.Event()
    inner = {"s": stuck(release, cancel), "t": put()}

    def items(ctx: Any) -> list[int]:
        threading.current_thread().name = "abandoned"
        return [1]

    result = run_jobs(
        Job("a", stages={"e": ForEach(items, stages=inner)}), cancel=cancel
    )
    assert result.journal is not None
    before = list(read_journal(result.journal))
    context = plain(result.context)
    (thread,) = [each for each in threading.enumerate() if each.name == "abandoned"]
    release.set()
    thread.join(10)
    assert not thread.is_alive()
    assert list(read_journal(result.journal)) == before
    assert plain(result.context) == context


# --- the parts ---


def test_a_stop_sets_those_inside_it_and_not_those_around() -> None:
    root = Stop()
    inner, other = Stop(root), Stop(root)
    innermost = Stop(inner)
    inner.set("late")
    assert [each.is_set() for each in (root, inner, innermost, other)] == [
        False,
        True,
        True,
        False,
    ]
    root.set("over")
    assert [each.why() for each in (root, inner, innermost, other)] == ["over"] * 4
    assert (inner.reason, innermost.reason) == ("late", None)


def test_a_stop_calls_back_once_for_each_level_at_most() -> None:
    root = Stop()
    inner = Stop(root)
    called: list[str] = []
    inner.add(lambda: called.append("kept"))
    gone = lambda: called.append("gone")  # noqa: E731
    inner.add(gone)
    inner.discard(gone)
    root.set("over")
    inner.add(lambda: called.append("late"))
    assert called == ["kept", "late"]


def test_fan_out_begins_in_order_and_raises_what_is_raised() -> None:
    begun: list[int] = []

    def call(item: int) -> None:
        begun.append(item)
        if item == 2:
            raise StageCancelError("two")

    with pytest.raises(StageCancelError, match="two"):
        fan_out(range(5), 1, call, Stop())
    assert begun == [0, 1, 2]


def test_fan_out_with_one_thread_is_this_thread() -> None:
    found: set[int] = set()
    fan_out(range(3), 1, lambda item: found.add(threading.get_ident()), Stop())
    fan_out(range(1), 9, lambda item: found.add(threading.get_ident()), Stop())
    assert found == {threading.get_ident()}


def test_run_abandonable_raises_what_the_call_raises() -> None:
    def call() -> None:
        raise KeyError("k")

    with pytest.raises(KeyError):
        run_abandonable(call, Stop(), timeout=None, reason="")


def test_a_timeout_may_be_longer_than_a_lock_can_wait() -> None:
    assert run_abandonable(lambda: None, Stop(), timeout=1e30, reason="")
