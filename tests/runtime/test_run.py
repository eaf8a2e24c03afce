"""A run as a whole: what it is asked for, its journal, its audit record, its result."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wfruntime import secrets
from wfruntime.errors import RunError
from wfruntime.graph import Case, Cron, ForEach, Job, Retry, Stage, Workflow
from wfruntime.journal import Journal, read_journal
from wfruntime.matrix import hashed_id
from wfruntime.result import RunResult
from wfruntime.runner import run
from wfruntime.stages import bash, echo, env

from tests.runtime.running import (
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
    workflow,
)

OK = {"s": put(x=1)}


@dataclass(frozen=True, kw_only=True)
class Params:
    run_date: datetime
    limit: int = field(default=10)


@dataclass(frozen=True, kw_only=True)
class SecretParams:
    api_key: str
    pass_days: int | None = None


def error(name: str, message: str) -> dict[str, str]:
    return {"name": name, "message": message}


def events_of(result: RunResult) -> list[dict[str, Any]]:
    assert result.journal is not None
    return list(read_journal(result.journal))


# --- params ---

FIRST = datetime(2024, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "given",
    [
        {"run-date": "2024-01-01", "limit": "3"},
        {"run-date": FIRST, "limit": 3},
        Params(run_date=FIRST, limit=3),
    ],
    ids=["text", "values", "instance"],
)
def test_params(runs: Path, given: Any) -> None:
    wf = workflow(Job("a", stages={"s": seen(lambda c: c.params)}), params=Params)
    result = run(wf, given)
    assert result.context["params"] == {"run-date": FIRST, "limit": 3}
    assert outputs_of(result) == {"s": {"v": Params(run_date=FIRST, limit=3)}}


def test_params_that_do_not_fit(runs: Path) -> None:
    result = run(
        workflow(Job("a", stages=OK), params=Params), {"limt": 1, "run-date": ""}
    )
    message = (
        'unknown param "limt"; did you mean "limit"?; param "run-date": \'\' is not a '
        "datetime; write it as 2024-01-31T10:20:30"
    )
    assert plain(result.context) == {
        "status": "FAILED",
        "jobs": {},
        "errors": error("ParamError", message),
    }
    assert result.exit_code == 2
    assert [event["event"] for event in events_of(result)] == ["run.start", "run.end"]


def test_params_of_a_workflow_without_params(runs: Path) -> None:
    result = run(workflow(Job("a", stages=OK)), {"x": 1})
    assert result.context["errors"]["message"] == (
        'unknown param "x"; there are no params'
    )


# --- what it is asked for ---


@pytest.mark.parametrize("count", [0, -1, "2", True])
def test_max_parallel_is_a_number(runs: Path, count: Any) -> None:
    result = run_jobs(Job("a", stages=OK), max_parallel=count)
    message = f"max_parallel is a number from 1, not {count!r}"
    assert result.context["errors"] == error("ConfigurationError", message)
    assert result.exit_code == 2


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "2", True])
def test_timeout_is_a_number(runs: Path, seconds: Any) -> None:
    result = run_jobs(Job("a", stages=OK), timeout=seconds)
    message = f"timeout is a number of seconds, not {seconds!r}"
    assert result.context["errors"] == error("ConfigurationError", message)
    assert result.exit_code == 2


@pytest.mark.parametrize("mode", ["rerun", "nonsense"])
def test_a_mode_that_needs_a_release(runs: Path, mode: str) -> None:
    result = run_jobs(Job("a", stages=OK), mode=mode)
    message = f'mode "{mode}" needs a release'
    assert result.context["errors"] == error("ConfigurationError", message)


def test_a_dry_run_executes_nothing(runs: Path) -> None:
    never = raising(AssertionError("executed"))
    result = run_jobs(
        Job(
            "a",
            matrix={"x": [1]},
            max_parallel=lambda ctx: never(ctx) and 0 or 1,
            stages={"s": never, "e": ForEach(never, stages={})},
        ),
        Job(
            "b",
            needs=["a"],
            condition=lambda ctx: bool(never(ctx)),
            stages={"s": never},
        ),
        mode="dryrun",
    )
    assert statuses(result) == {"a": "SUCCESS", "b": "SUCCESS"}
    assert stages_of(result, "b") == {"s": {"outputs": {}, "status": "SUCCESS"}}
    assert events_of(result)[0]["mode"] == "dryrun"


def test_a_run_inside_a_stage_leaves_the_stage_its_events(runs: Path) -> None:
    inner = workflow(Job("i", stages={"s": lambda ctx: echo("inside")}))

    def stage(ctx: Any) -> Any:
        status = run(inner).status
        echo("outside")
        return {"status": status}

    recorder = Recorder()
    result = run_jobs(Job("a", stages={"s": stage}), observer=recorder)
    assert outputs_of(result) == {"s": {"status": "SUCCESS"}}
    assert recorder.of("log") == [{"level": "INFO", "message": "outside"}]


# --- environment ---


def test_all_missing_variables_are_told_before_the_first_stage(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMPTY_ONE", "")
    ran: list[int] = []
    wf = workflow(
        Job("a", stages={"s": calling(lambda: ran.append(1))}),
        env={"NO_SUCH_A": 23, "EMPTY_ONE": 24, "NO_SUCH_B": 7},
    )
    result = run(wf)
    message = (
        "environment variable NO_SUCH_A is not set (conf/wf.yml:23); "
        "environment variable NO_SUCH_B is not set (conf/wf.yml:7)"
    )
    assert plain(result.context) == {
        "status": "FAILED",
        "params": {},
        "jobs": {},
        "errors": error("EnvError", message),
    }
    assert (ran, result.exit_code) == ([], 1)


def test_a_variable_that_goes_missing_in_the_run(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOES_MISSING", "there")

    def stage(ctx: Any) -> Any:
        del os.environ["GOES_MISSING"]
        return {"v": env("GOES_MISSING")}

    result = run(workflow(Job("a", stages={"s": stage}), env={"GOES_MISSING": 9}))
    message = "environment variable GOES_MISSING is not set (conf/wf.yml:9)"
    assert stages_of(result)["s"]["errors"] == error("EnvError", message)


def test_secrets_by_name_are_masked_everywhere(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing declares the variables, and each line of one comes alone."""
    monkeypatch.setenv("DB_PASSWORD", "p4ss-w0rd")
    monkeypatch.setenv("API_TOKENS", "t0k-en\nline-two-of-it")

    def stage(ctx: Any) -> Any:
        echo(f"log {os.environ['DB_PASSWORD']}")
        for line in os.environ["API_TOKENS"].splitlines():
            echo(line)
        bash('echo "$ONE_PWD" >&2', env={"ONE_PWD": "p4ss-of-a-shell"})
        echo(f"has {ctx.params.api_key}")
        raise ValueError(f"at {os.environ['DB_PASSWORD']}")

    wf = workflow(Job("a", stages={"s": stage}), params=SecretParams)
    result = run(wf, {"api-key": "k3y-of-params"})
    told = [
        event.get("message") for event in events_of(result) if event["event"] == "log"
    ]
    mask = secrets.MASK
    assert told == [f"log {mask}", mask, mask, mask, f"has {mask}"]
    assert stages_of(result)["s"]["errors"] == error("ValueError", f"at {mask}")
    journal = Path(str(result.journal)).read_text()
    for secret in ("p4ss", "t0k-en", "line-two-of-it", "k3y"):
        assert secret not in journal


def test_the_value_of_a_secret_param_is_not_in_its_error(runs: Path) -> None:
    wf = workflow(Job("a", stages=OK), params=SecretParams)
    result = run(wf, {"api-key": "x", "pass-days": "of-a-secret"})
    message = 'param "pass-days": its value does not fit the type int'
    assert result.context["errors"] == error("ParamError", message)
    assert "of-a-secret" not in Path(str(result.journal)).read_text()


# --- releases ---

DAILY = [Cron("0 2 * * *", params=lambda release: {"run-date": release.logical_date})]
SLOT = datetime(2024, 1, 1, 2, tzinfo=timezone.utc)


def released(*stages: Any, mode: str = "normal", **options: Any) -> RunResult:
    jobs = [Job(f"j{n}", stages={"s": stage}) for n, stage in enumerate(stages)]
    wf = workflow(*jobs, on=DAILY, params=Params)
    return run(wf, release=options.pop("release", SLOT), mode=mode, **options)


@pytest.fixture
def audits(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sink = {"type": "file", "path": str(tmp_path / "audits")}
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_URL", json.dumps(sink))
    monkeypatch.delenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE")
    return tmp_path / "audits"


def test_a_release_fills_in_the_params_of_its_schedule(audits: Path) -> None:
    stage = seen(lambda ctx: (ctx.params.run_date, ctx.release.logical_date))
    result = released(stage, params={"limit": "3"})
    assert outputs_of(result, "j0") == {"s": {"v": (SLOT, SLOT)}}
    context = plain(result.context)
    assert context["params"] == {"run-date": SLOT, "limit": "3"}
    assert context["release"] == {"type": "normal", "logical_date": SLOT}
    (record,) = audits.rglob("*.log")
    assert record.parts[-3:] == (
        "workflow=wf",
        "release=20240101020000",
        f"{result.run_id}.log",
    )


def test_a_release_that_has_succeeded_is_skipped(audits: Path) -> None:
    first = released(put())
    again = released(raising(AssertionError()))
    assert again.context == {"status": "SKIP"}
    assert again.exit_code == 0
    end = events_of(again)[-1]
    assert end["reason"] == f"run {first.run_id} has done this release already"
    assert len(list(audits.rglob("*.log"))) == 1
    assert released(put(), mode="force").status == "SUCCESS"


def test_a_rerun_keeps_the_jobs_that_have_succeeded(audits: Path) -> None:
    released(put(x=1), raising(ValueError()))
    recorder = Recorder()
    never = raising(AssertionError("it was kept"))
    again = released(never, put(y=2), mode="rerun", observer=recorder)
    assert again.status == "SUCCESS"
    assert outputs_of(again, "j0") == {"s": {"x": 1}}
    assert outputs_of(again, "j1") == {"s": {"y": 2}}
    (kept,) = recorder.of("job.end", "j0")
    assert kept == {"status": "SUCCESS", "is_kept": True, "duration": 0.0}


def test_a_rerun_has_the_values_with_their_types(audits: Path) -> None:
    """Also the rerun of a rerun, and what is inside a matrix and containers."""
    values = {
        "at": FIRST,
        "day": FIRST.date(),
        "price": Decimal("1.50"),
        "pair": (1, {2}),
        "by_number": {1: "a"},
        "path": Path("a/b"),
    }
    each = ForEach(lambda ctx: [1, FIRST], stages={"in": put(**values)})
    fails = Job("last", needs=["first"], stages={"s": raising(ValueError())})
    first = Job(
        "first",
        matrix={"x": [1]},
        retry=Retry(1, delay=0.0),
        stages={"s": put(**values), "e": each},
    )
    wf = workflow(first, fails, on=DAILY, params=Params)
    before = run(wf, {"limit": 3}, release=SLOT)
    never = Job("first", matrix={"x": [1]}, stages={"s": raising(AssertionError())})
    stopped = run(
        workflow(never, fails, on=DAILY, params=Params), release=SLOT, mode="rerun"
    )
    sees = Job(
        "last", needs=["first"], stages={"s": seen(lambda ctx: ctx.lookup("jobs"))}
    )
    again = run(
        workflow(never, sees, on=DAILY, params=Params), release=SLOT, mode="rerun"
    )
    record = before.context["jobs"]["first"]
    for run_after in (stopped, again):
        kept = run_after.context["jobs"]["first"]
        assert plain(kept) == plain(record)
        assert repr(plain(kept)) == repr(plain(record))
        assert list(kept["info"]) == list(record["info"])
    assert outputs_of(again, "last")["s"]["v"] == {"first": plain(record)}
    assert again.context["params"] == {"run-date": SLOT, "limit": 3}


def test_a_moment_that_is_not_on_the_schedule(audits: Path) -> None:
    result = released(put(), release=datetime(2024, 1, 1, 3))
    assert result.context["errors"]["name"] == "ConfigurationError"
    assert (result.exit_code, list(audits.rglob("*.log"))) == (2, [])


def test_a_release_whose_params_do_not_fit_is_audited(audits: Path) -> None:
    result = released(put(), params={"limit": "many"})
    refusal = error("ParamError", "param \"limit\": 'many' is not an int")
    assert plain(result.context) == {
        "status": "FAILED",
        **refusal,
        "params": {"run-date": SLOT, "limit": "many"},
        "release": {"type": "normal", "logical_date": SLOT},
        "jobs": {},
        "errors": refusal,
    }
    assert len(list(audits.rglob("*.log"))) == 1


def test_an_audit_that_cannot_be_written_fails_the_run_and_keeps_its_result(
    audits: Path,
) -> None:
    audits.write_text("a file where the folder should be")
    recorder = Recorder()
    result = run_jobs(Job("a", stages=OK), observer=recorder)
    assert (result.status, result.exit_code) == ("SUCCESS", 1)
    assert outputs_of(result) == {"s": {"x": 1}}
    (told,) = recorder.of("log", "")
    assert told["level"] == "ERROR"
    assert told["message"].startswith(f"the audit record {audits}/workflow=wf/")


# --- the journal ---


def test_the_journal_has_each_event_as_a_line(runs: Path) -> None:
    def stage(ctx: Any) -> Any:
        echo("hello")
        return {"at": FIRST, "pair": (1, 2)}

    each = ForEach(lambda ctx: ["i"], stages={"in": put(y=1)})
    jobs = [
        Job("a", stages={"s": stage}),
        Job("b", needs=["a"], matrix={"x": [1]}, stages={"e": each}),
    ]
    wf = Workflow(
        "wf",
        format=1,
        source="conf/wf.yml",
        jobs=jobs,
        lines={"a/s": 5, "b/e": 9, "b/e/in": 12},
    )
    result = run(wf)
    journal = Path(str(result.journal))
    assert journal == runs / "wf" / f"{result.run_id}.jsonl"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    told = [
        {k: v for k, v in each.items() if k not in TIMES} for each in events_of(result)
    ]
    strategy = {"strategy": "3941390096", "matrix": {"x": 1}}
    item = {**strategy, "item": "i", "scope": ["3941390096", "i"]}
    assert told == [
        {
            "event": "run.start",
            "path": "",
            "version": 1,
            "workflow": "wf",
            "source": "conf/wf.yml",
            "run_id": result.run_id,
            "pid": os.getpid(),
            "mode": "normal",
            "params": {},
        },
        {"event": "job.start", "path": "a"},
        {"event": "stage.start", "path": "a/s", "line": 5},
        {"event": "log", "path": "a/s", "line": 5, "level": "INFO", "message": "hello"},
        {
            "event": "stage.end",
            "path": "a/s",
            "line": 5,
            "status": "SUCCESS",
            "outputs": {"at": FIRST, "pair": (1, 2)},
        },
        {"event": "job.end", "path": "a", "status": "SUCCESS"},
        {"event": "job.start", "path": "b"},
        {"event": "strategy.start", "path": "b", **strategy},
        {"event": "stage.start", "path": "b/e", "line": 9, **strategy},
        {"event": "stage.start", "path": "b/e/in", "line": 12, **item},
        {
            "event": "stage.end",
            "path": "b/e/in",
            "line": 12,
            **item,
            "status": "SUCCESS",
            "outputs": {"y": 1},
        },
        {
            "event": "stage.end",
            "path": "b/e",
            "line": 9,
            **strategy,
            "status": "SUCCESS",
            "outputs": {"items": ["i"]},
        },
        {"event": "strategy.end", "path": "b", **strategy, "status": "SUCCESS"},
        {"event": "job.end", "path": "b", "status": "SUCCESS"},
        {"event": "run.end", "path": "", "status": "SUCCESS"},
    ]


TIMES = ("ts", "duration")


def test_an_event_is_one_write(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    write = os.write

    def counting(descriptor: int, data: bytes) -> int:
        written.append(data)
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", counting)
    result = run_jobs(Job("a", stages={"s": put(), "t": put()}))
    assert [line.count(b"\n") for line in written] == [1] * 8
    assert Path(str(result.journal)).read_bytes() == b"".join(written)


def test_an_outcome_is_written_before_the_next_stage_begins(runs: Path) -> None:
    def stage(ctx: Any) -> Any:
        (journal,) = runs.rglob("*.jsonl")
        last = json.loads(journal.read_text().splitlines()[-2])
        return {"last": (last["event"], last["path"])}

    result = run_jobs(Job("a", stages={"s": put(), "t": stage}))
    assert outputs_of(result)["t"]["last"] == ("stage.end", "a/s")


def test_the_state_lies_in_the_project_of_the_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WFC_RUNS_DIR", raising=False)
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", "false")
    wf = workflow(Job("a", stages=OK))
    wf.name = "up/../and away"
    wf.file = str(tmp_path / "build" / "m.py")
    result = run(wf)
    folder = tmp_path / ".wfruns" / "up_.._and away"
    assert result.journal == str(folder / f"{result.run_id}.jsonl")


def test_a_journal_that_cannot_be_made_is_told_before_any_stage(
    runs: Path,
) -> None:
    runs.write_text("a file where the folder should be")
    ran: list[int] = []
    result = run_jobs(Job("a", stages={"s": calling(lambda: ran.append(1))}))
    message = (
        f"the journal {runs}/wf/{result.run_id}.jsonl cannot be written: "
        "Not a directory; WFC_RUNS_DIR sets another folder"
    )
    assert plain(result.context) == {
        "status": "FAILED",
        "jobs": {},
        "errors": error("ConfigurationError", message),
    }
    assert (ran, result.journal, result.exit_code) == ([], None, 2)


def test_a_journal_that_breaks_stops_the_run(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Journal.write

    def breaking(journal: Journal, line: str) -> None:
        if '"path":"a/s","status"' in line:
            raise OSError(28, "No space left on device")
        write(journal, line)

    monkeypatch.setattr(Journal, "write", breaking)
    result = run_jobs(
        Job("a", stages={"s": put(x=1), "t": put()}), Job("b", needs=["a"], stages=OK)
    )
    message = "the journal cannot be written: No space left on device"
    assert result.context["errors"] == error("ConfigurationError", message)
    assert outputs_of(result) == {"s": {"x": 1}}
    assert statuses(result) == {"a": "CANCEL"}


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_text('{"event":"a"}\n{"event":"b"}\n{"eve')
    assert list(read_journal(str(path))) == [{"event": "a"}, {"event": "b"}]


def test_run_ids_sort_by_time_and_are_unique(runs: Path) -> None:
    ids = [run_jobs().run_id for _ in range(20)]
    assert ids == sorted(set(ids))
    assert {len(each) for each in ids} == {31}


# --- observers and errors ---


def test_events_come_in_the_order_of_the_journal(runs: Path) -> None:
    recorder = Recorder()
    jobs = [Job(f"j{n}", stages={"s": put(), "t": put()}) for n in range(20)]
    result = run_jobs(*jobs, observer=recorder, max_parallel=4)
    journal = [(event["event"], event["path"]) for event in events_of(result)]
    assert [(kind, path) for kind, path, _ in recorder.events] == journal


def test_an_observer_that_fails_does_not_disturb_the_run(runs: Path) -> None:
    class Failing:
        def event(self, kind: str, path: str, fields: Any) -> None:
            raise ValueError("no")

    result = run_jobs(Job("a", stages=OK), observer=Failing())
    assert result.status == "SUCCESS"
    (told,) = [event for event in events_of(result) if event["event"] == "log"]
    assert told["message"] == "the observer has failed: ValueError: no"


def test_a_retry_is_told(runs: Path) -> None:
    recorder = Recorder()
    retry = Retry(1, delay=0.0)
    stage = Stage(raising(ValueError("boom")), retry=retry)
    result = run_jobs(Job("a", stages={"s": stage}), observer=recorder)
    assert recorder.of("log", "a/s") == [
        {
            "level": "WARNING",
            "message": "ValueError: boom; try 1 of 1 in 0 s",
            "attempt": 1,
        }
    ]
    assert stages_of(result)["s"]["outputs"] == {"retry": 1}


def test_the_context_of_a_try_has_its_number(runs: Path) -> None:
    tries: list[int] = []

    def stage(ctx: Any) -> Any:
        tries.append(ctx.retry)
        raise RunError

    retry = Retry(2, delay=0.0)
    run_jobs(Job("a", stages={"s": Stage(stage, retry=retry)}))
    assert tries == [0, 1, 2]


def test_ctrl_c_in_a_stage_ends_the_run_in_order_and_is_raised(runs: Path) -> None:
    stages = {"s": raising(KeyboardInterrupt()), "t": put()}
    with pytest.raises(KeyboardInterrupt):
        run_jobs(Job("a", stages=stages), Job("b", needs=["a"], stages=OK))
    (journal,) = runs.rglob("*.jsonl")
    ends = [
        (event["event"], event["path"], event["status"])
        for event in read_journal(str(journal))
        if event["event"].endswith(".end")
    ]
    assert ends == [
        ("stage.end", "a/s", "CANCEL"),
        ("job.end", "a", "CANCEL"),
        ("run.end", "", "CANCEL"),
    ]


def test_a_skip_has_its_reason(runs: Path) -> None:
    recorder = Recorder()
    case = Case(lambda ctx: "z", match={}, skip_not_match=True)
    condition = ForEach(lambda ctx: [], condition=lambda ctx: False, stages={})
    run_jobs(Job("a", stages={"c": case, "d": condition}), observer=recorder)
    reasons = [fields.get("reason") for fields in recorder.of("stage.end")]
    assert reasons == [None, "the condition does not hold"]


FORMAT_2 = """
import sys
sys.path[:0] = sys.argv[1:]
import wfruntime as rt
rt.Workflow("wf", format=2, source="conf/wf.yml", jobs=[])
"""


def test_an_unknown_format_is_refused_with_one_line() -> None:
    folder = str(Path(secrets.__file__).parents[1])
    command = [sys.executable, "-c", FORMAT_2, folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "conf/wf.yml: its module has format 2, this wfruntime knows 1: "
        "install the wfruntime that fits, or run wfc build again\n",
    )


# --- extras ---


def test_extras_are_what_the_stages_see(runs: Path) -> None:
    given = {"team": "loads"}
    result = run_jobs(
        Job("a", stages={"s": seen(lambda ctx: ctx.extras)}), extras=given
    )
    assert outputs_of(result) == {"s": {"v": given}}


def test_stages_without_an_id_have_records_when_extras_ask_for_them(runs: Path) -> None:
    job = Job("a", stages={"no id": Stage(put(x=1), id=None)})
    result = run_jobs(job, extras={"stage_default_id": True})
    assert outputs_of(result) == {"8108891682": {"x": 1}}
    assert outputs_of(run_jobs(job)) == {}


def test_a_record_of_a_stage_without_an_id_is_found_by_its_rendered_name(
    runs: Path,
) -> None:
    stages = {"load {region}": Stage(put(x=1), id=None)}
    job = Job("a", matrix={"region": ["eu", "us"]}, stages=stages)
    result = run_jobs(job, extras={"stage_default_id": True})
    strategies = result.context["jobs"]["a"]["strategies"].values()
    names = [name for each in strategies for name in each["stages"]]
    assert names == [hashed_id("load eu"), hashed_id("load us")]


@pytest.mark.parametrize(("variable", "is_on"), [("true", False), ("false", True)])
def test_extras_turn_audit_records_on_and_off(
    runs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    is_on: bool,
) -> None:
    sink = json.dumps({"type": "file", "path": str(tmp_path / "audits")})
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_URL", sink)
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", variable)
    run_jobs(Job("a", stages=OK), extras={"enable_write_audit": is_on})
    assert (tmp_path / "audits").exists() is is_on


def test_a_setting_of_another_type_is_refused(runs: Path) -> None:
    result = run_jobs(Job("a", stages={}), extras={"max_job_parallel": "two"})
    assert plain(result.context) == {
        "status": "FAILED",
        "jobs": {},
        "errors": error(
            "ConfigurationError", "extras \"max_job_parallel\" is 'two', expected int"
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        "WORKFLOW_CORE_STAGE_DEFAULT_ID",
        "WORKFLOW_LOG_AUDIT_ENABLE_WRITE",
    ],
)
def test_a_variable_that_says_neither_yes_nor_no_is_refused(
    runs: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "maybe")
    result = run_jobs(Job("a", stages=OK))
    assert (result.exit_code, result.context["errors"]["message"]) == (
        2,
        f"{name} is 'maybe', expected true or false",
    )


def test_a_variable_asks_for_records_of_stages_without_an_id(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKFLOW_CORE_STAGE_DEFAULT_ID", "true")
    job = Job("a", stages={"no id": Stage(put(x=1), id=None)})
    assert outputs_of(run_jobs(job)) == {"8108891682": {"x": 1}}
    off = run_jobs(job, extras={"stage_default_id": False})
    assert outputs_of(off) == {}


def test_extras_say_how_many_jobs_run_at_a_time(runs: Path) -> None:
    running: list[int] = []
    most: list[int] = []

    def counts(ctx: Any) -> dict[str, object]:
        running.append(1)
        most.append(len(running))
        echo("", sleep=0.02)
        running.pop()
        return {}

    jobs = [Job(id, stages={"s": counts}) for id in "abc"]
    run_jobs(*jobs, extras={"max_job_parallel": 1})
    assert most == [1, 1, 1]


def test_a_setting_of_none_is_refused(runs: Path) -> None:
    result = run_jobs(Job("a", stages={}), extras={"max_job_parallel": None})
    assert result.context["errors"]["message"] == (
        'extras "max_job_parallel" is None, expected int'
    )


# --- audit records of another form ---


def test_a_release_of_another_name_runs_once(audits: Path) -> None:
    first, second = (released(put(), override_log_name="other") for _ in range(2))
    assert [first.status, second.status] == ["SUCCESS", "SKIP"]
    assert released(put()).status == "SUCCESS"


@pytest.mark.parametrize("key", ["name", "context", "run_id", "runs_metadata"])
def test_a_release_whose_record_lacks_a_key_runs_once(audits: Path, key: str) -> None:
    first, second = (released(put(), audit_excluded=[key]) for _ in range(2))
    assert [first.status, second.status] == ["SUCCESS", "SKIP"]


def test_no_slot_finds_a_run_without_a_release(audits: Path) -> None:
    run_jobs(Job("a", stages={"s": put(v=1)}), audit_excluded=["runs_metadata"])
    (path,) = audits.rglob("*.log")
    assert json.loads(path.read_text())["runs_metadata"] == {"slot": None}


def test_the_hash_of_a_name_is_that_of_the_rendered_one(runs: Path) -> None:
    unnamed = Job("a", matrix={"x": ["b"]}, stages={"do {x}": Stage(put(), id=None)})
    result = run(workflow(unnamed), extras={"stage_default_id": True})
    (row,) = plain(result.context["jobs"]["a"]["strategies"]).values()
    assert list(row["stages"]) == [hashed_id("do b")]


def test_a_value_in_the_name_of_a_stage_is_put_in_once(runs: Path) -> None:
    stages = {"{x} of {y}": Stage(put(), id=None)}
    job = Job("a", matrix={"x": ["{y}"], "y": ["{x} {z}"]}, stages=stages)
    result = run_jobs(job, extras={"stage_default_id": True})
    (row,) = plain(result.context["jobs"]["a"]["strategies"]).values()
    assert list(row["stages"]) == [hashed_id("{y} of {x} {z}")]


def test_an_id_that_cannot_be_made_fails_its_stage(runs: Path) -> None:
    def no_id(ctx: Any) -> str:
        return str(ctx.matrix["y"])

    stage = Stage(put(v=1), id=no_id)
    result = run_jobs(Job("a", matrix={"x": [1]}, stages={"s-{y}": stage}))
    (row,) = plain(result.context["jobs"]["a"]["strategies"]).values()
    assert row["stages"] == {
        "s-{y}": {
            "outputs": {"v": 1},
            "status": "FAILED",
            "errors": error("KeyError", "there is no key 'y'"),
        }
    }
