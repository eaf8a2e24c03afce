"""Jobs: their order, trigger rules, conditions, matrix, tries, and the records they leave."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from wfruntime.errors import StageCancelError, StageSkipError
from wfruntime.graph import Job, Retry, Stage
from wfruntime.stages import echo

from tests.runtime.running import (
    Ctx,
    Recorder,
    calling,
    outputs_of,
    plain,
    put,
    raising,
    run_jobs,
    seen,
    stages_of,
    statuses,
)

pytestmark = pytest.mark.usefixtures("runs")
OK = {"s": put(x=1)}
BOOM = ValueError("boom")
FAILS = {"s": raising(BOOM)}
SKIPS = {"s": raising(StageSkipError("no"))}


def test_a_run_of_one_job() -> None:
    result = run_jobs(Job("a", stages=OK))
    assert result.exit_code == 0
    assert plain(result.context) == {
        "status": "SUCCESS",
        "params": {},
        "jobs": {
            "a": {
                "status": "SUCCESS",
                "stages": {"s": {"outputs": {"x": 1}, "status": "SUCCESS"}},
            }
        },
    }


def test_a_run_without_jobs() -> None:
    assert plain(run_jobs().context) == {"status": "SUCCESS", "params": {}, "jobs": {}}


def test_times_stand_in_info() -> None:
    result = run_jobs(Job("a", stages=OK))
    record = result.context["jobs"]["a"]
    for info in (result.context["info"], record["info"], record["stages"]["s"]["info"]):
        assert list(info) == ["exec_start", "exec_end", "exec_latency"]
        assert info["exec_start"] <= info["exec_end"]


def test_a_failure_stops_its_job_and_no_other() -> None:
    result = run_jobs(
        Job("a", stages={"s": raising(BOOM), "never": put()}), Job("b", stages=OK)
    )
    assert result.exit_code == 1
    failure = {"name": "ValueError", "message": "boom"}
    cause = 'stage "s" failed: ValueError: boom'
    assert plain(result.context) == {
        "status": "FAILED",
        "params": {},
        "jobs": {
            "a": {
                "status": "FAILED",
                "stages": {
                    "s": {"outputs": {}, "errors": failure, "status": "FAILED"},
                },
                "errors": {"name": "JobError", "message": cause},
            },
            "b": {
                "status": "SUCCESS",
                "stages": {"s": {"outputs": {"x": 1}, "status": "SUCCESS"}},
            },
        },
        "errors": {"name": "WorkflowError", "message": f'job "a" failed: {cause}'},
    }


def test_several_failures_are_named_in_the_yaml_order() -> None:
    result = run_jobs(Job("a", stages=FAILS), Job("b", stages=FAILS))
    assert result.context["errors"]["message"] == (
        'job "a" failed: stage "s" failed: ValueError: boom; so did "b"'
    )


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (SystemExit(3), {"name": "SystemExit", "message": "3"}),
        (GeneratorExit(), {"name": "GeneratorExit", "message": ""}),
        (KeyError("k"), {"name": "KeyError", "message": "there is no key 'k'"}),
        (KeyError("no k here"), {"name": "KeyError", "message": "'no k here'"}),
        (KeyError(), {"name": "KeyError", "message": ""}),
    ],
)
def test_whatever_a_stage_raises_leaves_a_record(
    raised: BaseException, told: dict[str, str]
) -> None:
    result = run_jobs(Job("a", stages={"s": raising(raised)}))
    assert stages_of(result)["s"]["errors"] == told


def test_an_error_whose_text_fails_leaves_a_record() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise ValueError

    result = run_jobs(Job("a", stages={"s": raising(Broken())}))
    told = {"name": "Broken", "message": "(its text cannot be shown)"}
    assert stages_of(result)["s"]["errors"] == told


@pytest.mark.parametrize("outputs", [None, 5, "text", [1]])
def test_a_stage_that_puts_out_no_map_fails(outputs: Any) -> None:
    result = run_jobs(Job("a", stages={"s": lambda ctx: outputs}))
    error = stages_of(result)["s"]["errors"]
    shown = f"{outputs!r} ({'None' if outputs is None else type(outputs).__name__})"
    assert error == {
        "name": "StageError",
        "message": f"a stage puts out a map, not {shown}",
    }


def test_outputs_may_be_called_as_the_keys_of_a_record() -> None:
    outputs = {"status": "custom", "info": "text", "errors": {"name": "Mine"}}
    record = run_jobs(Job("a", stages={"s": put(**outputs)})).context["jobs"]["a"]
    assert record["stages"]["s"]["outputs"] == outputs
    assert record["stages"]["s"]["status"] == "SUCCESS"
    assert "errors" not in record["stages"]["s"]


def test_a_stage_without_id_leaves_no_record_but_its_cause() -> None:
    stages = {"quiet": Stage(raising(BOOM), id=None)}
    result = run_jobs(Job("a", stages=stages))
    cause = 'stage "quiet" failed: ValueError: boom'
    assert plain(result.context["jobs"]["a"]) == {
        "status": "FAILED",
        "stages": {},
        "errors": {"name": "JobError", "message": cause},
    }


def test_a_skipped_stage_does_not_stop_its_job() -> None:
    result = run_jobs(Job("a", stages={**SKIPS, "t": put(x=2)}))
    assert statuses(result) == {"a": "SUCCESS"}
    assert stages_of(result) == {
        "s": {"outputs": {}, "status": "SKIP"},
        "t": {"outputs": {"x": 2}, "status": "SUCCESS"},
    }


def test_a_stage_that_cancels_itself_cancels_its_job() -> None:
    cancels = {"s": raising(StageCancelError("enough"))}
    result = run_jobs(
        Job("a", stages=cancels),
        Job("b", needs=["a"], stages=OK),
        Job("c", needs=["a"], trigger_rule="all_done", stages=OK),
    )
    assert statuses(result) == {"a": "CANCEL", "b": "CANCEL", "c": "SUCCESS"}
    assert plain(result.context["jobs"]["b"]) == {
        "status": "CANCEL",
        "errors": {
            "name": "JobCancelError",
            "message": 'it needs "a", which was cancelled',
        },
    }
    assert result.context["errors"] == {
        "name": "WorkflowCancelError",
        "message": (
            'job "a" was cancelled: stage "s" was cancelled: StageCancelError: enough; '
            'so did "b"'
        ),
    }


# --- trigger rules ---


@pytest.mark.parametrize(
    ("needs", "started"),
    [
        ("S", "all_success all_done one_success none_failed none_skipped"),
        ("F", "all_failed all_done one_failed none_skipped"),
        ("K", "all_done"),
        ("KK", "all_done"),
        ("SS", "all_success all_done one_success none_failed none_skipped"),
        ("SF", "all_done one_failed one_success none_skipped"),
        ("SK", "all_done one_success none_failed"),
        ("FF", "all_failed all_done one_failed none_skipped"),
        ("FK", "all_done one_failed"),
        ("SFK", "all_done one_failed one_success"),
    ],
)
def test_trigger_rules(needs: str, started: str) -> None:
    stages = {"S": OK, "F": FAILS, "K": SKIPS}
    rules = [
        "all_success",
        "all_failed",
        "all_done",
        "one_failed",
        "one_success",
        "none_failed",
        "none_skipped",
    ]
    up = [Job(f"up{n}", stages=stages[each]) for n, each in enumerate(needs)]
    ids = [job.id for job in up]
    down = [Job(rule, needs=ids, trigger_rule=rule, stages=OK) for rule in rules]
    result = run_jobs(*up, *down)
    expected = {
        rule: "SUCCESS" if rule in started.split() else "SKIP" for rule in rules
    }
    assert {rule: statuses(result)[rule] for rule in rules} == expected


def test_a_rule_that_is_not_met_is_the_reason_in_the_record() -> None:
    result = run_jobs(
        Job("a", stages=OK),
        Job("b", stages=SKIPS),
        Job("c", needs=["a", "b"], stages=OK),
        Job("d", needs=["c"], stages=OK),
    )
    jobs = result.context["jobs"]
    assert jobs["c"] == {
        "status": "SKIP",
        "info": {"reason": 'trigger rule "all_success" is not met: "b" is SKIP'},
    }
    assert jobs["d"] == {
        "status": "SKIP",
        "info": {"reason": 'all that it needs was skipped: "c"'},
    }
    assert result.status == "SUCCESS"


def test_all_jobs_skipped_is_a_skipped_run() -> None:
    result = run_jobs(Job("a", stages=SKIPS), Job("b", stages={}))
    assert (result.status, result.exit_code) == ("SKIP", 0)


# --- conditions ---


@pytest.mark.parametrize(("holds", "status"), [(True, "SUCCESS"), (False, "SKIP")])
def test_a_condition(holds: bool, status: str) -> None:
    result = run_jobs(Job("a", condition=lambda ctx: holds, stages=OK))
    assert statuses(result) == {"a": status}


def test_a_condition_that_does_not_hold_leaves_a_reason() -> None:
    result = run_jobs(Job("a", condition=lambda ctx: False, stages=OK))
    record = result.context["jobs"]["a"]
    assert record["info"]["reason"] == "the condition does not hold"
    assert plain(record) == {"status": "SKIP"}


def test_a_condition_that_is_no_bool_fails_the_job() -> None:
    condition: Any = lambda ctx: 1  # noqa: E731
    result = run_jobs(Job("a", condition=condition, stages=OK))
    assert plain(result.context["jobs"]["a"]) == {
        "status": "FAILED",
        "errors": {
            "name": "StageError",
            "message": "a condition is True or False, not 1 (int)",
        },
    }


def test_a_condition_that_raises_fails_the_job_and_keeps_its_type() -> None:
    def condition(ctx: Ctx) -> bool:
        raise BOOM

    result = run_jobs(
        Job("a", condition=condition, stages=OK),
        Job("b", needs=["a"], trigger_rule="one_failed", stages=OK),
    )
    errors = {"name": "ValueError", "message": "boom"}
    assert plain(result.context["jobs"]["a"]) == {"status": "FAILED", "errors": errors}
    assert statuses(result)["b"] == "SUCCESS"


# --- the order ---


def test_one_at_a_time_keeps_the_yaml_order_among_the_ready() -> None:
    ran: list[str] = []

    def job(id: str, *needs: str) -> Job:
        return Job(id, needs=needs, stages={"s": calling(lambda: ran.append(id))})

    run_jobs(
        job("late", "a"),
        job("a"),
        job("b"),
        job("c", "a"),
        job("d"),
        max_parallel=1,
    )
    assert ran == ["a", "late", "b", "c", "d"]


def test_two_jobs_run_at_a_time() -> None:
    together = threading.Barrier(2)
    stages = {"s": lambda ctx: {"n": together.wait(10)}}
    result = run_jobs(Job("a", stages=stages), Job("b", stages=stages))
    found = [outputs_of(result, job)["s"]["n"] for job in "ab"]
    assert sorted(found) == [0, 1]


def test_no_more_than_max_parallel_run_at_a_time() -> None:
    lock = threading.Lock()
    running = 0
    most = 0
    together = threading.Barrier(3)

    def stage(ctx: Ctx) -> dict[str, object]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait(10)
        with lock:
            running -= 1
        return {}

    jobs = [Job(f"j{n}", stages={"s": stage}) for n in range(9)]
    assert run_jobs(*jobs, max_parallel=3).status == "SUCCESS"
    assert most == 3


def test_a_line_of_jobs_stays_in_the_thread_of_the_caller() -> None:
    threads: set[int] = set()

    def stage(ctx: Ctx) -> dict[str, object]:
        threads.add(threading.get_ident())
        return {}

    jobs = [
        Job(f"j{n}", needs=[f"j{n - 1}"] if n else [], stages={"s": stage})
        for n in range(20)
    ]
    assert run_jobs(*jobs).status == "SUCCESS"
    assert threads == {threading.get_ident()}


def test_many_jobs_are_all_there() -> None:
    wide = [Job(f"w{n}", stages=OK) for n in range(300)]
    last = Job("last", needs=[job.id for job in wide], stages=OK)
    result = run_jobs(*wide, last, max_parallel=8)
    assert list(statuses(result)) == [*(job.id for job in wide), "last"]
    assert set(statuses(result).values()) == {"SUCCESS"}


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ([Job("a", needs=["x"], stages=OK)], 'job "a" needs "x", which is no job'),
        (
            [Job("a", needs=["b"], stages=OK), Job("b", needs=["a"], stages=OK)],
            'jobs need each other in a circle: "a", "b"',
        ),
        ([Job("a", needs=["a"], stages=OK)], 'jobs need each other in a circle: "a"'),
        ([Job("a", stages=OK), Job("a", stages=OK)], "two jobs have one id"),
        (
            [Job("a", trigger_rule="some", stages=OK)],
            'job "a" has the trigger rule "some"; known: "all_success", "all_failed", '
            '"all_done", "one_success", "one_failed", "none_failed", "none_skipped"',
        ),
    ],
    ids=["unknown need", "circle", "itself", "one id", "rule"],
)
def test_a_graph_that_cannot_run_is_refused(jobs: list[Job], message: str) -> None:
    result = run_jobs(*jobs)
    assert plain(result.context) == {
        "status": "FAILED",
        "jobs": {},
        "errors": {"name": "ConfigurationError", "message": message},
    }
    assert result.exit_code == 2


# --- matrix ---


def test_a_matrix_leaves_a_record_for_each_strategy() -> None:
    def stage(ctx: Any) -> dict[str, object]:
        return {"v": 6 // (2 - ctx.matrix["x"])}

    result = run_jobs(Job("a", matrix={"x": [1, 2, 3]}, stages={"s": stage}))
    division = {
        "name": "ZeroDivisionError",
        "message": "integer division or modulo by zero",
    }
    cause = f'stage "s" failed: ZeroDivisionError: {division["message"]}'
    error = {"name": "JobError", "message": cause}
    assert plain(result.context["jobs"]["a"]) == {
        "status": "FAILED",
        "strategies": {
            "3941390096": {
                "status": "SUCCESS",
                "matrix": {"x": 1},
                "stages": {"s": {"outputs": {"v": 6}, "status": "SUCCESS"}},
            },
            "0093385263": {
                "status": "FAILED",
                "matrix": {"x": 2},
                "stages": {
                    "s": {"outputs": {}, "status": "FAILED", "errors": division}
                },
                "errors": error,
            },
            "4914143835": {
                "status": "SUCCESS",
                "matrix": {"x": 3},
                "stages": {"s": {"outputs": {"v": -6}, "status": "SUCCESS"}},
            },
        },
        "errors": {"0093385263": error},
    }
    told = f"job \"a\" failed: {{'x': 2}}: {cause}"
    assert result.context["errors"]["message"] == told


def test_fail_fast_begins_no_further_strategy() -> None:
    def stage(ctx: Any) -> dict[str, object]:
        if ctx.matrix["x"] == 1:
            raise BOOM
        return {}

    job = Job("a", matrix={"x": [1, 2, 3]}, fail_fast=True, stages={"s": stage})
    result = run_jobs(job)
    strategies = result.context["jobs"]["a"]["strategies"]
    assert [(each["matrix"], each["status"]) for each in strategies.values()] == [
        ({"x": 1}, "FAILED"),
        ({"x": 2}, "CANCEL"),
    ]


def test_fail_fast_cancels_those_that_run_before_their_next_stage() -> None:
    begun = threading.Event()

    def first(ctx: Any) -> dict[str, object]:
        if ctx.matrix["x"] == 1:
            assert begun.wait(10)
            raise BOOM
        begun.set()
        with contextlib.suppress(StageCancelError):
            echo(sleep=60)
        return {}

    job = Job(
        "a",
        matrix={"x": [1, 2]},
        fail_fast=True,
        max_parallel=2,
        stages={"first": first, "second": put()},
    )
    _, cancelled = run_jobs(job).context["jobs"]["a"]["strategies"].values()
    message = "stopped before stage \"second\": strategy {'x': 1} has failed"
    assert plain(cancelled) == {
        "status": "CANCEL",
        "matrix": {"x": 2},
        "stages": {"first": {"outputs": {}, "status": "SUCCESS"}},
        "errors": {"name": "JobCancelError", "message": message},
    }


def test_max_parallel_strategies_run_at_a_time() -> None:
    together = threading.Barrier(3)
    job = Job(
        "a",
        matrix={"x": [1, 2, 3]},
        max_parallel=lambda ctx: 3,
        stages={"s": lambda ctx: {"n": together.wait(10) * 0}},
    )
    assert run_jobs(job).status == "SUCCESS"


@pytest.mark.parametrize("count", [0, 10, "3", True, None])
def test_max_parallel_is_a_small_number(count: Any) -> None:
    job = Job("a", matrix={"x": [1]}, max_parallel=lambda ctx: count, stages=OK)
    result = run_jobs(job)
    assert plain(result.context["jobs"]["a"]) == {
        "status": "FAILED",
        "strategies": {},
        "errors": {
            "name": "JobError",
            "message": f"max-parallel is a number from 1 to 9, not {count!r}",
        },
    }


def test_all_excluded_is_one_empty_strategy() -> None:
    job = Job("a", matrix={"x": [1]}, exclude=[{"x": 1}], stages=OK)
    strategies = run_jobs(job).context["jobs"]["a"]["strategies"]
    assert {key: each["matrix"] for key, each in strategies.items()} == {"EMPTY": {}}


def test_an_include_without_matrix_is_ignored() -> None:
    job = Job("a", include=[{"x": 1}], stages={"s": seen(lambda ctx: dict(ctx.matrix))})
    assert outputs_of(run_jobs(job)) == {"s": {"v": {}}}


# --- tries ---


def failing(times: int, error: Exception = BOOM) -> Any:
    """A stage that fails so often, then puts out how often it was called."""
    calls = 0

    def stage(ctx: Ctx) -> dict[str, object]:
        nonlocal calls
        calls += 1
        if calls <= times:
            raise error
        return {"calls": calls}

    return stage


def test_a_job_is_tried_again_as_a_whole() -> None:
    first = failing(0)
    job = Job(
        "a", retry=Retry(2, delay=0.0), stages={"first": first, "second": failing(1)}
    )
    result = run_jobs(job)
    assert statuses(result) == {"a": "SUCCESS"}
    assert outputs_of(result) == {"first": {"calls": 2}, "second": {"calls": 2}}
    assert result.context["jobs"]["a"]["info"]["retry"] == 1
    assert "errors" not in result.context["jobs"]["a"]


def test_a_job_that_fails_again_has_the_record_of_the_last_try() -> None:
    stage = {"s": seen(lambda ctx: 1), "t": raising(BOOM)}
    result = run_jobs(
        Job("a", retry=Retry(1, delay=0.0), stages=stage),
        Job("b", needs=["a"], trigger_rule="all_done", stages=OK),
    )
    assert statuses(result) == {"a": "FAILED", "b": "SUCCESS"}
    assert result.context["jobs"]["a"]["info"]["retry"] == 1


def test_a_job_with_a_matrix_is_tried_again_without_stale_errors() -> None:
    job = Job(
        "a", matrix={"x": [1]}, retry=Retry(1, delay=0.0), stages={"s": failing(1)}
    )
    recorder = Recorder()
    record = plain(run_jobs(job, observer=recorder).context["jobs"]["a"])
    assert record == {
        "status": "SUCCESS",
        "strategies": {
            "3941390096": {
                "status": "SUCCESS",
                "matrix": {"x": 1},
                "stages": {"s": {"outputs": {"calls": 2}, "status": "SUCCESS"}},
            }
        },
    }
    attempts = [fields.get("attempt") for fields in recorder.of("strategy.start")]
    assert attempts == [None, 1]


def test_a_job_is_tried_again_for_the_errors_of_its_stages() -> None:
    retry = Retry(3, on=["LookupError"], delay=0.0)
    jobs = [
        Job("a", retry=retry, stages={"s": failing(1, KeyError("k"))}),
        Job("b", retry=retry, stages={"s": failing(1, ValueError("v"))}),
    ]
    assert statuses(run_jobs(*jobs)) == {"a": "SUCCESS", "b": "FAILED"}
