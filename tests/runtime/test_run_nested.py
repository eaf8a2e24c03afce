"""Foreach, until, case and parallel: their records, statuses, and what is seen inside."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from wfruntime.errors import StageCancelError, StageSkipError
from wfruntime.graph import Case, ForEach, Job, Parallel, Retry, Stage, Until
from wfruntime.result import RunResult
from wfruntime.stages import echo

from tests.runtime.running import (
    Recorder,
    outputs_of,
    plain,
    put,
    raising,
    run_jobs,
    seen,
    stages_of,
)

pytestmark = pytest.mark.usefixtures("runs")
BOOM = ValueError("boom")
SKIP = raising(StageSkipError("no"))


def run_stage(stage: Any, **more: Any) -> RunResult:
    return run_jobs(Job("a", stages={"n": stage}), **more)


def record(stage: Any) -> Any:
    """The record of a stage that stands alone in its job."""
    return stages_of(run_stage(stage))["n"]


def part(status: str, **more: Any) -> dict[str, Any]:
    return {"status": status, **more}


def done(status: str = "SUCCESS", **outputs: Any) -> dict[str, Any]:
    return {"outputs": outputs, "status": status}


def foreach(items: Any, stages: Any = None, **options: Any) -> ForEach:
    stages = {"s": seen(lambda ctx: ctx.item)} if stages is None else stages
    return ForEach(lambda ctx: items, stages=stages, **options)


# --- foreach ---


def test_foreach() -> None:
    assert record(foreach([1, "b"])) == done(
        items=[1, "b"],
        foreach={
            1: part("SUCCESS", item=1, stages={"s": done(v=1)}),
            "b": part("SUCCESS", item="b", stages={"s": done(v="b")}),
        },
    )


def test_foreach_by_index_takes_items_that_can_be_no_keys() -> None:
    found = record(foreach([{"k": 1}, {"k": 1}], use_index_as_key=True))
    assert {key: each["item"] for key, each in found["outputs"]["foreach"].items()} == {
        0: {"k": 1},
        1: {"k": 1},
    }


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ('["a", 2]', ["a", 2]),
        ((1, 2), [1, 2]),
        (range(2), [0, 1]),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.values(), [1]),
    ],
)
def test_foreach_takes_what_is_a_list(given: Any, items: list[Any]) -> None:
    assert record(foreach(given))["outputs"]["items"] == items


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("a,b", "foreach needs a list, not the text 'a,b'"),
        ("5", "foreach needs a list, not 5 (int)"),
        ({"a": 1}, "foreach needs a list, not {'a': 1} (dict)"),
        (None, "foreach needs a list, not None (None)"),
        ([1, 2, 1], "foreach has the item 1 twice; set use_index_as_key: true"),
        (
            [{}],
            "foreach needs items that can be keys of its record, "
            "or set use_index_as_key: true",
        ),
    ],
)
def test_foreach_refuses_other_items(given: Any, message: str) -> None:
    error = {"name": "StageError", "message": message}
    assert record(foreach(given)) == {**done("FAILED"), "errors": error}


def test_foreach_of_no_items_succeeds_and_of_no_stages_skips() -> None:
    assert record(foreach([])) == done(items=[], foreach={})
    assert record(foreach([1], {})) == done(
        "SKIP", items=[1], foreach={1: part("SKIP", item=1, stages={})}
    )


def test_foreach_stops_at_the_first_failure() -> None:
    def stage(ctx: Any) -> dict[str, object]:
        return {"x": 10 // (2 - ctx.item)}

    division = "ZeroDivisionError: integer division or modulo by zero"
    inner = {"name": "StageError", "message": f'stage "s" failed: {division}'}
    name, message = division.split(": ")
    left = {
        "name": "StageCancelError",
        "message": "stopped before it began: item 2 has failed",
    }
    assert record(foreach([1, 2, 3, 4], {"s": stage})) == {
        "outputs": {
            "items": [1, 2, 3, 4],
            "foreach": {
                1: part("SUCCESS", item=1, stages={"s": done(x=10)}),
                2: part(
                    "FAILED",
                    item=2,
                    stages={
                        "s": {
                            **done("FAILED"),
                            "errors": {"name": name, "message": message},
                        }
                    },
                    errors=inner,
                ),
                3: part("CANCEL", item=3, stages={}, errors=left),
            },
        },
        "errors": {2: inner, 3: left},
        "status": "FAILED",
    }


def test_foreach_cancels_the_items_that_run() -> None:
    begun = threading.Event()

    def stage(ctx: Any) -> dict[str, object]:
        if ctx.item == 2:
            assert begun.wait(10)
            raise BOOM
        begun.set()
        with contextlib.suppress(StageCancelError):
            echo(sleep=60)
        return {}

    found = record(foreach([1, 2], {"s": stage, "t": put()}, concurrent=2))
    message = 'stopped before stage "t": item 2 has failed'
    error = {"name": "StageCancelError", "message": message}
    assert list(found["errors"]) == [1, 2]
    assert found["outputs"]["foreach"][1] == part(
        "CANCEL", item=1, stages={"s": done()}, errors=error
    )


def test_foreach_keeps_the_order_of_the_items() -> None:
    together = threading.Barrier(3)

    def stage(ctx: Any) -> dict[str, object]:
        together.wait(10)
        return {}

    found = record(foreach(list("cabfed"), {"s": stage}, concurrent=3))
    assert "".join(found["outputs"]["foreach"]) == "cabfed"


# --- until ---


def count_up(ctx: Any) -> dict[str, object]:
    return {"item": ctx.item + 1}


def test_until() -> None:
    until = Until(lambda ctx: ctx.item >= 3, item=1, stages={"s": count_up})
    assert record(until) == done(
        until={
            1: part("SUCCESS", loop=1, item=1, stages={"s": done(item=2)}),
            2: part("SUCCESS", loop=2, item=2, stages={"s": done(item=3)}),
        }
    )


def test_until_counts_when_no_stage_puts_an_item_out() -> None:
    until = Until(lambda ctx: ctx.item == 3, stages={"s": seen(lambda ctx: ctx.loop)})
    rounds = record(until)["outputs"]["until"]
    assert [(each["loop"], each["item"]) for each in rounds.values()] == [
        (1, 0),
        (2, 2),
    ]


def test_until_may_begin_with_an_item_of_the_context() -> None:
    until = Until(lambda ctx: True, item=lambda ctx: "first", stages={"s": put()})
    assert record(until)["outputs"]["until"][1]["item"] == "first"


def test_until_sees_what_its_round_has_put_out() -> None:
    stage = put(done=True)
    until = Until(lambda ctx: ctx.outputs(stage)["done"] is True, stages={"s": stage})
    assert list(record(until)["outputs"]["until"]) == [1]


def test_until_fails_after_its_last_round_and_keeps_the_rounds() -> None:
    found = record(Until(lambda ctx: False, max_loop=2, stages={"s": put()}))
    error = {"name": "StageError", "message": "it was not done after 2 rounds"}
    assert (found["status"], found["errors"]) == ("FAILED", error)
    assert list(found["outputs"]["until"]) == [1, 2]


def test_until_stops_at_a_failure() -> None:
    def stage(ctx: Any) -> dict[str, object]:
        if ctx.loop == 2:
            raise BOOM
        return {}

    found = record(Until(lambda ctx: False, stages={"s": stage}))
    error = {"name": "StageError", "message": 'stage "s" failed: ValueError: boom'}
    assert found["errors"] == found["outputs"]["until"][2]["errors"] == error
    assert list(found["outputs"]["until"]) == [1, 2]


def test_until_needs_a_bool() -> None:
    done: Any = lambda ctx: 1  # noqa: E731
    assert record(Until(done, stages={"s": put()}))["errors"] == {
        "name": "StageError",
        "message": "until is True or False, not 1 (int)",
    }


def test_until_of_skipped_rounds_is_skipped() -> None:
    found = record(Until(lambda ctx: True, stages={"s": SKIP}))
    assert found["status"] == "SKIP"


# --- case ---

CASES: Any = {"a": {"s": put(x=1)}, 2: {"s": put(x=2)}}


@pytest.mark.parametrize(
    ("value", "outputs"),
    [
        ("a", {"case": "a", "stages": {"s": done(x=1)}}),
        (2, {"case": 2, "stages": {"s": done(x=2)}}),
        ("2", {"case": "_", "stages": {"s": done(v="_")}}),
        ([], {"case": "_", "stages": {"s": done(v="_")}}),
    ],
)
def test_case(value: Any, outputs: dict[str, Any]) -> None:
    case = Case(
        lambda ctx: value,
        match=CASES,
        otherwise={"s": seen(lambda ctx: ctx.case)},
    )
    assert record(case) == done(**outputs)


def test_a_case_may_be_called_else() -> None:
    case = Case(
        lambda ctx: "else", match={"else": {"s": put(x=1)}}, otherwise={"s": put(x=2)}
    )
    assert record(case)["outputs"]["stages"]["s"]["outputs"] == {"x": 1}


def test_case_without_a_match() -> None:
    message = '\'z\' is none of the cases "a", "2", and there is no else'
    error = {"name": "StageError", "message": message}
    case = Case(lambda ctx: "z", match=CASES)
    assert record(case) == {**done("FAILED"), "errors": error}
    skipping = Case(lambda ctx: "z", match=CASES, skip_not_match=True)
    assert record(skipping) == done("SKIP")


def test_case_keeps_its_outputs_when_a_stage_fails() -> None:
    case = Case(lambda ctx: "a", match={"a": {"p": put(x=1), "s": raising(BOOM)}})
    boom = {"name": "ValueError", "message": "boom"}
    message = 'case "a": stage "s" failed: ValueError: boom'
    assert record(case) == {
        "outputs": {
            "case": "a",
            "stages": {"p": done(x=1), "s": {**done("FAILED"), "errors": boom}},
        },
        "status": "FAILED",
        "errors": {"name": "StageError", "message": message},
    }


# --- parallel ---


def test_parallel() -> None:
    branches = {
        "left": {"l": seen(lambda ctx: ctx.branch)},
        "right": {"r": put(x=1), "s": SKIP},
        "off": {"s": SKIP},
    }
    assert record(Parallel(branches)) == done(
        workers=2,
        parallel={
            "left": part("SUCCESS", branch="left", stages={"l": done(v="left")}),
            "right": part(
                "SUCCESS", branch="right", stages={"r": done(x=1), "s": done("SKIP")}
            ),
            "off": part("SKIP", branch="off", stages={"s": done("SKIP")}),
        },
    )


def test_a_branch_that_fails_stops_itself_only() -> None:
    branches = {
        "bad": {"s": raising(BOOM), "t": put()},
        "good": {"s": put(), "t": put()},
    }
    found = record(Parallel(branches, max_workers=1))
    error = {"name": "StageError", "message": 'stage "s" failed: ValueError: boom'}
    assert (found["status"], found["errors"]) == ("FAILED", {"bad": error})
    assert list(found["outputs"]["parallel"]["good"]["stages"]) == ["s", "t"]


def test_branches_run_at_a_time() -> None:
    together = threading.Barrier(3)
    stage = {"s": lambda ctx: {"n": together.wait(10) * 0}}
    branches = dict.fromkeys("abc", stage)
    found = record(Parallel(branches, max_workers=lambda ctx: 3))
    assert (found["status"], found["outputs"]["workers"]) == ("SUCCESS", 3)


def test_no_branches_succeed() -> None:
    assert record(Parallel({})) == done(workers=2, parallel={})


@pytest.mark.parametrize("count", [0, 20, "3", True])
def test_max_workers_is_a_small_number(count: Any) -> None:
    message = f"max-workers is a number from 1 to 19, not {count!r}"
    error = {"name": "StageError", "message": message}
    found = record(Parallel({"a": {}}, max_workers=lambda ctx: count))
    assert found == {**done("FAILED"), "errors": error}


# --- all kinds ---


@pytest.mark.parametrize(
    "container",
    [
        lambda c: foreach([1], condition=c),
        lambda c: Until(lambda ctx: True, condition=c, stages={}),
        lambda c: Case(lambda ctx: "a", condition=c, match={"a": {}}),
        lambda c: Parallel({}, condition=c),
    ],
    ids=["foreach", "until", "case", "parallel"],
)
def test_a_condition_that_does_not_hold_skips(container: Any) -> None:
    assert record(container(lambda ctx: False)) == done("SKIP")
    error = "a condition is True or False, not 'no' (str)"
    assert record(container(lambda ctx: "no"))["errors"]["message"] == error


def deep(stages: Any) -> Parallel:
    case = Case(lambda ctx: "go", match={"go": stages})
    return Parallel({"b": {"each": foreach([7], {"pick": case})}})


def test_a_failure_deep_inside_is_told_on_the_way_up() -> None:
    recorder = Recorder()
    result = run_stage(deep({"boom": raising(BOOM)}), observer=recorder)
    assert result.context["errors"]["message"] == (
        'job "a" failed: stage "n" failed: branch "b": stage "each" failed: item 7: '
        'stage "pick" failed: case "go": stage "boom" failed: ValueError: boom'
    )
    paths = [
        path
        for kind, path, fields in recorder.events
        if kind == "stage.end" and fields["status"] == "FAILED"
    ]
    boom = "a/n/b/each/pick/go/boom"
    assert paths == [boom, "a/n/b/each/pick", "a/n/b/each", "a/n"]
    (told,) = recorder.of("stage.end", boom)
    assert {key: told[key] for key in ("branch", "item", "case", "scope")} == {
        "branch": "b",
        "item": 7,
        "case": "go",
        "scope": [7],
    }


def test_inner_stages_see_the_values_around_them() -> None:
    stage = seen(lambda ctx: (ctx.branch, ctx.item, ctx.loop, ctx.case))
    outputs = outputs_of(run_stage(deep({"s": stage})))["n"]
    item = outputs["parallel"]["b"]["stages"]["each"]["outputs"]["foreach"][7]
    found = item["stages"]["pick"]["outputs"]["stages"]["s"]["outputs"]
    assert found == {"v": ("b", 7, 0, "go")}


def test_a_container_may_be_tried_again() -> None:
    failures = iter([BOOM])

    def stage(ctx: Any) -> dict[str, object]:
        for error in failures:
            raise error
        return {}

    retry = Retry(1, delay=0.0, on=["ValueError"])
    found = record(Stage(foreach([1], {"s": stage}), retry=retry))
    assert (found["status"], found["outputs"]["retry"]) == ("SUCCESS", 1)


def test_a_container_without_id_leaves_no_record() -> None:
    result = run_stage(Stage(foreach([1]), id=None))
    assert plain(result.context["jobs"]["a"]) == {"status": "SUCCESS", "stages": {}}


def test_an_inner_stage_without_id_leaves_no_record() -> None:
    found = record(foreach([1], {"s": Stage(put(), id=None), "t": put(x=1)}))
    assert found["outputs"]["foreach"][1]["stages"] == {"t": done(x=1)}
