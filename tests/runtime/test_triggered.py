"""`Context.trigger`: a run inside a stage, what comes back of it, and how it ends with the stage."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from wfruntime import threads
from wfruntime.context import Context
from wfruntime.errors import OutputError, StageSkipError
from wfruntime.graph import Job, Stage, Workflow
from wfruntime.result import RunResult
from wfruntime.runner import run
from wfruntime.stages import echo

from tests.runtime.running import Recorder, plain, put, raising, run_jobs, seen

pytestmark = pytest.mark.usefixtures("runs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    n: int


def child(stage: Any, **options: Any) -> Workflow[Any]:
    jobs = [Job("j", stages={"s": stage})]
    return Workflow("child", format=1, source="conf/child.yml", jobs=jobs, **options)


def run_trigger(workflow: Workflow[Any], params: Any = None, **more: Any) -> RunResult:
    stage = Stage(lambda ctx: ctx.trigger(workflow, params), **more)
    return run_jobs(Job("a", stages={"t": stage}))


def record(result: RunResult) -> Any:
    return plain(result.context["jobs"]["a"]["stages"]["t"])


def job(status: str, stage: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"j": {"status": status, "stages": {"s": stage}, **more}}


@pytest.mark.parametrize("given", [Params(n=3), {"n": 3}, {"n": "3"}])
def test_its_outputs_are_the_context_of_the_run(given: object) -> None:
    workflow = child(seen(lambda ctx: ctx.params.n * 2), params=Params)
    assert record(run_trigger(workflow, given)) == {
        "status": "SUCCESS",
        "outputs": {
            "params": {"n": 3},
            "jobs": job("SUCCESS", {"status": "SUCCESS", "outputs": {"v": 6}}),
        },
    }


def test_a_run_that_fails_fails_the_stage_with_its_outputs() -> None:
    error = {"name": "ValueError", "message": "boom"}
    stage = {"status": "FAILED", "outputs": {}, "errors": error}
    why = {"name": "JobError", "message": 'stage "s" failed: ValueError: boom'}
    assert record(run_trigger(child(raising(ValueError("boom"))))) == {
        "status": "FAILED",
        "outputs": {"params": {}, "jobs": job("FAILED", stage, errors=why)},
        "errors": {
            "name": "StageError",
            "message": 'workflow "child" failed: job "j" failed: stage "s" failed: '
            "ValueError: boom",
        },
    }


def test_a_run_that_was_skipped_skips_the_stage_with_its_outputs() -> None:
    workflow = child(raising(StageSkipError("no")))
    assert record(run_trigger(workflow)) == {
        "status": "SKIP",
        "outputs": {
            "params": {},
            "jobs": job("SKIP", {"status": "SKIP", "outputs": {}}),
        },
    }


def test_params_that_do_not_fit_fail_the_stage() -> None:
    workflow = child(put(), params=Params)
    assert record(run_trigger(workflow, {"n": "x"})) == {
        "status": "FAILED",
        "outputs": {"params": {}, "jobs": {}},
        "errors": {
            "name": "StageError",
            "message": 'workflow "child" failed: param "n": \'x\' is not an int',
        },
    }


def test_a_timeout_of_the_stage_ends_the_run() -> None:
    def waits(ctx: Any) -> Any:
        return echo("", sleep=60)

    result = run_trigger(child(waits), timeout=0.05)
    assert record(result)["errors"] == {
        "name": "StageTimeoutError",
        "message": "it took longer than 0.05 s",
    }
    assert record(result)["outputs"]["jobs"]["j"]["status"] == "CANCEL"


def test_a_cancel_of_the_outer_run_cancels_it() -> None:
    cancel = threading.Event()

    def waits(ctx: Any) -> Any:
        cancel.set()
        return echo("", sleep=60)

    workflow = child(waits)
    stages = {"t": lambda ctx: ctx.trigger(workflow)}
    outer = Workflow("wf", format=1, source="", jobs=[Job("a", stages=stages)])
    result = run(outer, cancel=cancel)
    assert result.status == "CANCEL"
    assert record(result)["status"] == "CANCEL"


def test_workflows_that_trigger_each_other_without_end_are_stopped() -> None:
    workflow = child(lambda ctx: ctx.trigger(workflow))
    message = record(run_trigger(workflow))["errors"]["message"]
    assert message.count('workflow "child" failed') == 19
    assert message.endswith(
        "workflows trigger each other more than 20 deep: "
        "... -> child -> child -> child -> child"
    )


def test_it_has_a_journal_of_its_own_that_names_the_run_around_it(runs: Path) -> None:
    outer = run_trigger(child(put()))
    (journal,) = (runs / "child").iterdir()
    start = json.loads(journal.read_text().splitlines()[0])
    assert start["parent_run_id"] == outer.run_id


def test_what_its_stages_log_is_shown_as_the_stage_s() -> None:
    def speaks(ctx: Any) -> Any:
        return echo("hello")

    workflow = child(speaks)
    observer = Recorder()
    job = Job("a", stages={"t": lambda ctx: ctx.trigger(workflow)})
    run_jobs(job, observer=observer)
    assert observer.of("log") == [{"level": "INFO", "message": "hello"}]
    assert observer.told() == [
        "run.start",
        "job.start a",
        "stage.start a/t",
        "log a/t",
        "stage.end a/t SUCCESS",
        "job.end a SUCCESS",
        "run.end SUCCESS",
    ]


def test_the_extras_of_the_outer_run_are_seen() -> None:
    def puts(ctx: Any) -> Any:
        ctx.extras["seen"] = 1
        return ctx.trigger(workflow)

    workflow = child(seen(lambda ctx: ctx.extras))
    result = run_jobs(Job("a", stages={"t": puts}))
    stages = record(result)["outputs"]["jobs"]["j"]["stages"]
    assert stages["s"]["outputs"] == {"v": {"seen": 1}}


def test_a_context_made_by_hand_gives_what_it_was_given() -> None:
    workflow = child(put())
    outputs = {"params": {}, "jobs": {}}
    ctx: Context[None] = Context(None, outputs={workflow: outputs})
    assert ctx.trigger(workflow) == outputs


def test_a_context_made_by_hand_without_them_says_so() -> None:
    ctx: Context[None] = Context(None)
    with pytest.raises(OutputError) as caught:
        ctx.trigger(child(put()))
    assert str(caught.value) == (
        'this context was made without outputs of workflow "child"; '
        "give them: outputs={its WORKFLOW: ...}"
    )


def test_a_stuck_stage_of_it_is_abandoned_inside(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "ABANDON_AFTER_S", 0.05)
    release = threading.Event()

    def stuck(ctx: Any) -> dict[str, object]:
        release.wait()
        return {}

    found = record(run_trigger(child(stuck), timeout=0.05))
    release.set()
    assert found["errors"]["name"] == "StageTimeoutError"
    assert found["outputs"]["jobs"]["j"]["status"] == "CANCEL"
    (journal,) = (runs / "child").iterdir()
    last = json.loads(journal.read_text().splitlines()[-1])
    assert (last["event"], last["status"]) == ("run.end", "CANCEL")
