"""What a stage function sees of the run, and contexts that are made by hand."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from wfruntime.context import Context, ItemContext, MatrixContext, MatrixItemContext
from wfruntime.errors import OutputError, StageError, StageSkipError
from wfruntime.graph import Case, ForEach, Job, NoParams, Stage
from wfruntime.release import Release
from wfruntime.stages import bash

from tests.runtime.running import (
    Recorder,
    outputs_of,
    put,
    raising,
    run_jobs,
    seen,
    stages_of,
)

pytestmark = pytest.mark.usefixtures("runs")
first = put(x=1)
skipped = raising(StageSkipError("no"))
failed = raising(StageError("boom"))
failed_with_outputs = raising(StageError("boom", outputs={"stderr": "oh"}))


def reads(function: Any) -> Any:
    """A stage that puts out the outputs of another, or why it cannot read them."""

    def read(ctx: Any) -> object:
        try:
            return ctx.outputs(function)
        except OutputError as error:
            return str(error)

    return seen(read)


def read_in(*jobs: Job, job: str = "b") -> Any:
    """What the stage `r` of a job has read."""
    return outputs_of(run_jobs(*jobs), job)["r"]["v"]


# --- outputs ---


def test_of_an_earlier_stage() -> None:
    assert read_in(Job("b", stages={"f": first, "r": reads(first)})) == {"x": 1}


def test_of_a_job_that_is_needed_directly_or_through_others() -> None:
    jobs = [Job("a", stages={"f": first}), Job("m", needs=["a"], stages={"s": put()})]
    job = Job("b", needs=["m"], stages={"r": reads(first)})
    assert read_in(*jobs, job) == {"x": 1}


def test_outputs_are_not_copied() -> None:
    rows = [1]
    stage = put(rows=rows)
    job = Job("b", stages={"s": stage, "r": seen(lambda c: c.outputs(stage)["rows"])})
    assert read_in(job) is rows


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (
            {"totals": 1, "rows": 2},
            'stage "b/f" has no output "total"; did you mean "totals"?',
        ),
        ({"x": 1, 2: 3}, 'stage "b/f" has no output "total"; it has "x", "2"'),
        ({}, 'stage "b/f" has no output "total"; it has put out nothing'),
    ],
)
def test_an_output_that_a_stage_has_not_put_out(
    outputs: dict[Any, object], message: str
) -> None:
    stage: Any = lambda ctx: outputs  # noqa: E731
    twice = {"r": seen(lambda ctx: len(ctx.outputs(stage)))}
    reading = {"s": seen(lambda ctx: ctx.outputs(stage)["total"])}
    result = run_jobs(Job("b", stages={"f": stage, **twice, **reading}))
    record = stages_of(result, "b")
    assert record["s"]["errors"] == {"name": "OutputError", "message": message}
    assert record["f"]["outputs"] == outputs


def test_an_output_that_is_missing_is_a_missing_key() -> None:
    def read(ctx: Any) -> object:
        outputs = ctx.outputs(first)
        try:
            outputs["y"]
        except KeyError as error:
            return [str(error), "y" in outputs, outputs.get("y"), outputs == {"x": 1}]

    job = Job("b", stages={"f": first, "r": seen(read)})
    assert read_in(job) == [
        'stage "b/f" has no output "y"; it has "x"',
        False,
        None,
        True,
    ]


def test_an_output_that_no_strategy_has_put_out() -> None:
    jobs = [Job("a", matrix={"x": [1]}, stages={"f": first})]

    def read(ctx: Any) -> object:
        (outputs,) = ctx.matrix_outputs(first).values()
        return outputs["y"]

    job = Job("b", needs=["a"], stages={"r": seen(read)})
    errors = stages_of(run_jobs(*jobs, job), "b")["r"]["errors"]
    assert errors["message"] == 'stage "a/f" has no output "y"; it has "x"'


def test_of_a_failed_stage_that_has_put_something_out() -> None:
    rule = {"needs": ["a"], "trigger_rule": "all_done"}
    jobs = [Job("a", stages={"f": failed_with_outputs})]
    job = Job("b", **rule, stages={"r": reads(failed_with_outputs)})  # type: ignore[arg-type]
    assert read_in(*jobs, job) == {"stderr": "oh"}


def test_the_innermost_scope_is_first() -> None:
    inner = seen(lambda ctx: ctx.item)
    each = ForEach(lambda ctx: [1, 2], stages={"i": inner, "r": reads(inner)})
    found = outputs_of(run_jobs(Job("b", stages={"f": first, "e": each})), "b")
    items = found["e"]["foreach"].values()
    read = [item["stages"]["r"]["outputs"]["v"] for item in items]
    assert read == [{"v": 1}, {"v": 2}]


def test_an_inner_stage_sees_those_around_it() -> None:
    case = Case(lambda ctx: "a", match={"a": {"r": reads(first)}})
    each = ForEach(lambda ctx: [1], stages={"c": case})
    found = outputs_of(run_jobs(Job("b", stages={"f": first, "e": each})), "b")
    item = found["e"]["foreach"][1]
    assert item["stages"]["c"]["outputs"]["stages"]["r"]["outputs"]["v"] == {"x": 1}


ALONE = {"needs": ["a"], "trigger_rule": "all_done"}


@pytest.mark.parametrize(
    ("jobs", "why"),
    [
        (
            [Job("b", stages={"r": reads(first), "f": first})],
            'stage "b/f" has not run yet',
        ),
        (
            [Job("b", stages={"f": skipped, "r": reads(skipped)})],
            'stage "b/f" was skipped',
        ),
        (
            [
                Job("a", stages={"x": raising(ValueError()), "f": first}),
                Job("b", **ALONE, stages={"r": reads(first)}),  # type: ignore[arg-type]
            ],
            'stage "a/f" did not run',
        ),
        (
            [
                Job("a", stages={"f": failed}),
                Job("b", **ALONE, stages={"r": reads(failed)}),  # type: ignore[arg-type]
            ],
            'stage "a/f" has failed',
        ),
        (
            [Job("b", stages={"f": Stage(first, id=None), "r": reads(first)})],
            'stage "b/f" has no id, so it leaves no outputs',
        ),
        (
            [Job("a", stages={"f": first}), Job("b", stages={"r": reads(first)})],
            'job "b" does not need job "a", so the outputs of its stage "a/f" may not be '
            "there",
        ),
        (
            [
                Job("a", matrix={"x": [1]}, stages={"f": first}),
                Job("b", needs=["a"], stages={"r": reads(first)}),
            ],
            'stage "a/f" ran once for each combination of its job\'s matrix; read it by '
            "ctx.matrix_outputs",
        ),
        (
            [
                Job("a", stages={"e": ForEach(lambda ctx: [1], stages={"f": first})}),
                Job("b", needs=["a"], stages={"r": reads(first)}),
            ],
            'stage "a/e/f" is inside a container; read it by ctx.lookup',
        ),
        (
            [
                Job(
                    "b",
                    stages={
                        "e": ForEach(lambda ctx: [1], stages={"f": first}),
                        "r": reads(first),
                    },
                )
            ],
            'stage "b/e/f" is in a list that cannot be seen here',
        ),
        ([Job("b", stages={"r": reads(put)})], "put is no stage of this workflow"),
    ],
    ids=[
        "later",
        "skipped",
        "unreached",
        "failed",
        "unnamed",
        "unneeded",
        "matrix",
        "inside",
        "closed",
        "alien",
    ],
)
def test_what_cannot_be_read(jobs: list[Job], why: str) -> None:
    assert read_in(*jobs) == why


def test_matrix_outputs() -> None:
    def stage(ctx: Any) -> dict[str, object]:
        if ctx.matrix["x"] == 2:
            raise StageSkipError("no")
        return {"x": ctx.matrix["x"]}

    jobs = [
        Job("a", matrix={"x": [1, 2, 3]}, stages={"s": stage}),
        Job(
            "b",
            needs=["a"],
            stages={"r": seen(lambda ctx: dict(ctx.matrix_outputs(stage)))},
        ),
    ]
    assert read_in(*jobs) == {"3941390096": {"x": 1}, "4914143835": {"x": 3}}


def test_matrix_outputs_of_a_job_without_matrix() -> None:
    jobs = [
        Job("a", stages={"f": first}),
        Job("b", needs=["a"], stages={"r": lambda ctx: ctx.matrix_outputs(first)}),
    ]
    errors = stages_of(run_jobs(*jobs), "b")["r"]["errors"]
    assert errors == {"name": "OutputError", "message": 'job "a" has no matrix'}


# --- paths ---


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("params",), {}),
        (("matrix", "x"), 7),
        (("item",), "i"),
        (("loop",), 0),
        (("stages", "out", "status"), "SUCCESS"),
        (("stages", "out", "outputs", "m", "5"), "five"),
        (("stages", "in", "outputs"), {"x": 2}),
        (("jobs", "a", "stages", "f", "outputs", "x"), 1),
        (("jobs", "a", "status"), "SUCCESS"),
    ],
)
def test_lookup(path: tuple[str, ...], value: object) -> None:
    assert look_up(*path) == value


@pytest.mark.parametrize(
    "path",
    [
        ("stages", "none", "outputs"),
        ("stages", "in", "status"),
        ("stages", "out", "errors"),
        ("jobs", "late", "status"),
        ("nothing",),
    ],
)
def test_lookup_of_what_may_be_missing(path: tuple[str, ...]) -> None:
    assert look_up(*path, optional=True) is None


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (
            ("jobs", "a", "stages", "g"),
            'jobs.a.stages has no "g"; it has "f"',
        ),
        (
            ("stages", "out", "outputs", "rows"),
            'stages.out.outputs has no "rows"; it has "m", "n"',
        ),
        (("jobs", "late"), 'jobs has no "late"; it has "a"'),
        (
            ("nothing",),
            'the context has no "nothing"; it has "params", "matrix", "item", "loop", '
            '"branch", "case", "retry", "stages", "jobs"',
        ),
    ],
)
def test_lookup_of_what_is_not_there(path: tuple[str, ...], why: str) -> None:
    assert look_up(*path) == why


@pytest.mark.parametrize("optional", [True, False])
def test_lookup_through_what_is_no_map(optional: bool) -> None:
    found = look_up("stages", "out", "outputs", "n", "deeper", optional=optional)
    assert found == 'stages.out.outputs.n is None, so it has no key "deeper"'


def look_up(*path: str, optional: bool = False) -> Any:
    """The value, or why there is none, seen from an item in a job with a matrix."""

    def look(ctx: Any) -> object:
        try:
            return ctx.lookup(*path, optional=optional)
        except OutputError as error:
            return str(error)

    each = ForEach(lambda ctx: ["i"], stages={"in": put(x=2), "r": seen(look)})
    result = run_jobs(
        Job("a", stages={"f": first}),
        Job(
            "b",
            needs=["a"],
            matrix={"x": [7]},
            stages={"out": put(m={5: "five"}, n=None), "e": each},
        ),
        Job("late", needs=["b"], stages={}),
    )
    (strategy,) = result.context["jobs"]["b"]["strategies"].values()
    item = strategy["stages"]["e"]["outputs"]["foreach"]["i"]
    return item["stages"]["r"]["outputs"]["v"]


def test_lookup_of_all_jobs_gives_those_that_are_needed() -> None:
    jobs = [
        Job("a", stages={"f": first}),
        Job("other", stages={"f": put()}),
        Job("b", needs=["a"], stages={"r": seen(lambda ctx: list(ctx.lookup("jobs")))}),
    ]
    assert read_in(*jobs) == ["a"]


# --- the run ---


def test_result_is_what_callers_are_given() -> None:
    def stage(ctx: Any) -> dict[str, object]:
        result = ctx.result
        result.trace.info("hello")
        result.gen_trace().warning("careful")
        ctx.extras["n"] = 1
        kept = (result.status, result.parent_run_id, result.extras)
        return {"run_id": result.run_id, "kept": kept}

    recorder = Recorder()
    result = run_jobs(Job("a", stages={"s": stage}), observer=recorder)
    outputs = outputs_of(result)["s"]
    assert outputs == {"run_id": result.run_id, "kept": ("WAIT", None, {"n": 1})}
    assert recorder.of("log", "a/s") == [
        {"level": "INFO", "message": "hello"},
        {"level": "WARNING", "message": "careful"},
    ]


# --- by hand ---


def test_a_context_by_hand() -> None:
    def stage(ctx: MatrixItemContext[NoParams, dict[str, object], str]) -> Any:
        rows = ctx.outputs(first)
        return [
            rows,
            ctx.matrix["x"],
            ctx.item,
            ctx.loop,
            ctx.branch,
            ctx.case,
            ctx.retry,
        ]

    context: MatrixItemContext[NoParams, dict[str, object], str] = MatrixItemContext(
        NoParams(),
        matrix={"x": 5},
        item="i",
        loop=2,
        branch="left",
        case="c",
        retry=1,
        outputs={first: {"x": 1}},
    )
    assert stage(context) == [{"x": 1}, 5, "i", 2, "left", "c", 1]
    assert context.lookup("matrix", "x") == 5
    assert context.extras == {}


def test_a_context_by_hand_names_the_outputs_that_it_lacks() -> None:
    def another(ctx: Any) -> dict[str, object]:
        return {}

    with pytest.raises(OutputError) as raised:
        Context(NoParams()).outputs(another)
    assert str(raised.value) == (
        "this context was made without outputs of another; "
        "give them: outputs={another: ...}"
    )


def test_a_context_by_hand_prints_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    Context(NoParams()).result.trace.info("hello")
    assert capsys.readouterr().err == "INFO hello\n"


def test_stage_functions_work_without_a_run() -> None:
    assert bash("echo hi") == {"return_code": 0, "stdout": "hi", "stderr": None}


def test_a_release_by_hand() -> None:
    moment = datetime(2024, 1, 1, tzinfo=timezone.utc)
    release = Release(moment, moment, "R1")
    assert Context(NoParams(), release=release).release is release


@pytest.mark.parametrize(
    ("kind", "count"),
    [(Context, 1), (MatrixContext, 2), (ItemContext, 2), (MatrixItemContext, 3)],
)
def test_annotations_can_be_subscripted(kind: Any, count: int) -> None:
    assert kind[(int,) * count] is kind
