"""Releases: what matches the schedule, what an earlier run means for a later one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from wfruntime import secrets
from wfruntime.audit import write_audit
from wfruntime.errors import ConfigurationError, ParamError
from wfruntime.events import Events, Span
from wfruntime.graph import Cron, Job, Workflow
from wfruntime.journal import Journal, journal_path
from wfruntime.release import Prepared, Release, due, prepare
from wfruntime.result import RunResult

NOW = datetime(2024, 3, 4, 5, 6, 7, tzinfo=timezone.utc)
MOMENT = datetime(2024, 3, 4, 5, 6, 59)
SLOT = datetime(2024, 3, 4, 5, 6, tzinfo=timezone.utc)
DONE = {
    "status": "SUCCESS",
    "stages": {"s": {"outputs": {"rows": 3}}},
    "info": {"exec_start": NOW},
}
NOTHING: Mapping[str, Any] = {}
FAILED = {"status": "FAILED", "errors": {"name": "StageError", "message": "no"}}


@dataclass(frozen=True, kw_only=True)
class Params:
    day: str
    limit: int = 10


@pytest.fixture(autouse=True)
def audits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WFC_RUNS_DIR", str(tmp_path / "runs"))
    sink = {"type": "file", "path": str(tmp_path / "audits")}
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_URL", json.dumps(sink))
    monkeypatch.delenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", raising=False)


def workflow_of(*on: Cron, jobs: str = "load report") -> Workflow[Params]:
    """With jobs such as `load report<load`: report needs load."""
    parts = [name.partition("<") for name in jobs.split()]
    return Workflow(
        "wf",
        format=1,
        source="conf/wf.yml",
        params=Params,
        on=list(on),
        jobs=[
            Job(name, needs=needs.split(",") if needs else [], stages={})
            for name, _, needs in parts
        ],
    )


def ran(
    run_id: str,
    status: str,
    *,
    release: bool = True,
    ended: datetime = NOW,
    journal: bool = True,
    **context: Any,
) -> None:
    """Leave the record of an earlier run of the slot, and its journal."""
    if journal:
        leave_journal(run_id, **context)
    result = RunResult(
        status=status,
        context={"status": status, "jobs": {}, "params": {}, **context},
        run_id=run_id,
        journal=None,
        exit_code=0,
    )
    write_audit(
        workflow_of(),
        result,
        release=Release(SLOT, NOW, run_id) if release else None,
        mode="normal",
        started=SLOT,
        ended=ended,
    )


def leave_journal(
    run_id: str, jobs: Mapping[str, Any] = NOTHING, params: Mapping[str, Any] = NOTHING
) -> None:
    journal = Journal(journal_path(workflow_of(), run_id))
    events = Events(journal, None, lambda error: None)
    run = Span("run", "", None)
    events.start(run, {"params": params})
    for job, record in jobs.items():
        stored = {"record": record} if record["status"] == "SUCCESS" else {}
        events.note(Span("job", job, run), record["status"], {}, stored=stored)
    events.close()


def prepared(
    workflow: Workflow[Params] | None = None,
    moment: datetime = MOMENT,
    *,
    mode: str = "normal",
    **params: object,
) -> Prepared:
    return prepare(workflow or workflow_of(), moment, params, mode, "R9", NOW)


def refused(prepare: Callable[[], object]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        prepare()
    return str(caught.value)


def test_any_moment_without_a_schedule() -> None:
    found = prepared(day="x")
    assert (found.params, found.skip, found.kept, found.dry) == (
        {"day": "x"},
        None,
        {},
        False,
    )
    release = found.release
    assert (release.logical_date, release.execute_date) == (SLOT, NOW)
    assert (release.run_id, release.runs_metadata) == ("R9", {})


def test_the_zone_of_the_schedule_counts() -> None:
    workflow = workflow_of(Cron("0 8 * * *", timezone="Asia/Bangkok"))
    eight = datetime(2024, 3, 4, 8, tzinfo=timezone(timedelta(hours=7)))
    assert prepared(workflow, eight).release.logical_date.isoformat() == (
        "2024-03-04T01:00:00+00:00"
    )
    assert refused(lambda: prepared(workflow, datetime(2024, 3, 4, 8))) == (
        '2024-03-04T08:00+00:00 is not on the schedule "0 8 * * *" Asia/Bangkok; '
        "the next one is 2024-03-05T01:00+00:00"
    )


def test_none_of_several_entries_matches() -> None:
    workflow = workflow_of(Cron("0 0 * * * 2020"), Cron("*/5 * * * *"))
    assert refused(lambda: prepared(workflow)) == (
        '2024-03-04T05:06+00:00 is not on the schedule "0 0 * * * 2020" UTC, '
        '"*/5 * * * *" UTC; the next one is 2024-03-04T05:10+00:00'
    )
    over = workflow_of(Cron("0 0 * * * 2020"))
    assert refused(lambda: prepared(over)) == (
        '2024-03-04T05:06+00:00 is not on the schedule "0 0 * * * 2020" UTC; '
        "no later one is"
    )


def test_the_params_of_the_entry_that_matches() -> None:
    workflow = workflow_of(
        Cron("0 0 * * *", params=lambda release: {"day": "other entry"}),
        Cron(
            "6 5 * * *",
            params=lambda release: {"day": f"{release.logical_date:%H:%M}", "limit": 1},
        ),
    )
    assert prepared(workflow, limit=2).params == {"day": "05:06", "limit": 2}


def test_params_that_cannot_be_made() -> None:
    workflow = workflow_of(Cron("* * * * *", params=lambda release: {"day": 1 / 0}))
    assert refused(lambda: prepared(workflow)) == (
        'params of the schedule "* * * * *": ZeroDivisionError: division by zero'
    )


def test_a_module_that_names_the_class_loads_no_more() -> None:
    code = "import sys, wfruntime as rt; rt.Release; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    ours = {name for name in told.stdout.split() if name.startswith("wfruntime.")}
    assert ours == {
        f"wfruntime.{n}" for n in ("errors", "release", "secrets", "wording")
    }


def test_params_that_are_no_map() -> None:
    with pytest.raises(ParamError) as caught:
        prepare(workflow_of(), MOMENT, ["x"], "normal", "R9", NOW)  # type: ignore[arg-type]
    assert str(caught.value) == "params are not a map of names to values: ['x']"


def test_an_unknown_mode() -> None:
    assert refused(lambda: prepared(mode="forced")) == (
        'mode "forced" is not one of "normal", "force", "rerun", "dryrun"'
    )


@pytest.mark.parametrize("mode", ["force", "dryrun"])
def test_modes_that_look_at_no_record(mode: str) -> None:
    ran("R1", "SUCCESS", jobs={"load": DONE, "report": DONE})
    found = prepared(mode=mode)
    assert (found.skip, found.kept, found.dry) == (None, {}, mode == "dryrun")


def test_only_a_success_blocks() -> None:
    ran("R1", "FAILED")
    ran("R2", "CANCEL")
    ran("R3", "SUCCESS", release=False)
    assert prepared().skip is None
    ran("R4", "SUCCESS", ended=NOW - timedelta(1))
    assert prepared().skip == "run R4 has done this release already"
    assert prepared(moment=MOMENT + timedelta(minutes=1)).skip is None


def test_rerun_without_a_record_runs_all() -> None:
    found = prepared(mode="rerun", day="x")
    assert (found.params, found.skip, found.kept) == ({"day": "x"}, None, {})


def test_rerun_goes_on_with_the_newest_record() -> None:
    ran("R1", "FAILED", jobs={"load": FAILED, "report": DONE}, params={"day": "old"})
    ran(
        "R2",
        "FAILED",
        jobs={"load": DONE, "report": FAILED, "gone": DONE},
        params={"day": "x", "limit": 3, "gone": 1},
        ended=NOW + timedelta(1),
    )
    schedule = Cron("* * * * *", params=lambda release: {"day": "schedule's"})
    found = prepared(workflow_of(schedule), mode="rerun", limit=4)
    assert (found.params, found.skip, found.kept) == (
        {"day": "x", "limit": 4},
        None,
        {"load": DONE},
    )


def test_rerun_of_a_success() -> None:
    skipped = {"status": "SKIP"}
    ran("R1", "SUCCESS", jobs={"load": DONE, "report": skipped})
    assert prepared(mode="rerun").skip == "run R1 has left nothing to run again"
    found = prepared(workflow_of(jobs="load report new"), mode="rerun")
    assert (found.skip, found.kept) == (None, {"load": DONE})


def test_rerun_runs_again_what_needs_what_runs_again() -> None:
    statuses = {"a": DONE, "b": FAILED, "c": DONE, "d": DONE, "e": DONE, "f": DONE}
    ran("R1", "FAILED", jobs=statuses, params={"day": "x"})
    # in the YAML a need may stand behind the job that has it
    workflow = workflow_of(jobs="f<e d<c,a c<b b<a a e<a")
    assert list(prepared(workflow, mode="rerun").kept) == ["f", "a", "e"]


def test_rerun_runs_again_what_needs_a_job_that_was_skipped_or_is_new() -> None:
    jobs = {"a": {"status": "SKIP"}, "b": DONE, "c": DONE, "d": DONE}
    ran("R1", "FAILED", jobs=jobs, params={"day": "x"})
    workflow = workflow_of(jobs="a b<a c<new new d")
    assert list(prepared(workflow, mode="rerun").kept) == ["d"]


def test_rerun_does_not_take_a_mask_for_a_value() -> None:
    secrets.register("pa55-of-releases")
    token = {
        "status": "SUCCESS",
        "stages": {"s": {"outputs": {"a": ("pa55-of-releases",)}}},
        "info": {},
    }
    ran(
        "R1",
        "FAILED",
        jobs={"load": token, "report": DONE},
        params={"day": "pa55-of-releases"},
    )
    assert refused(lambda: prepared(mode="rerun")) == (
        'rerun needs a value for "day" again: '
        "the journal of run R1 does not hold secrets"
    )
    found = prepared(mode="rerun", day="x")
    assert (found.params, found.kept) == ({"day": "x"}, {"report": DONE})


@pytest.mark.parametrize(
    ("left", "why"),
    [(None, "No such file or directory"), ("{}\nno journal\n", "it is no journal")],
)
def test_rerun_does_not_go_on_without_the_journal(
    tmp_path: Path, left: str | None, why: str
) -> None:
    ran("R1", "FAILED", journal=False, jobs={"load": DONE, "report": FAILED})
    path = tmp_path / "runs/wf/R1.jsonl"
    if left is not None:
        path.parent.mkdir(parents=True)
        path.write_text(left)
    assert refused(lambda: prepared(mode="rerun", day="x")) == (
        f"rerun needs the journal of run R1, {path}: {why}; "
        "mode force runs all jobs again"
    )


def test_rerun_needs_no_journal_where_nothing_is_kept() -> None:
    jobs = {"load": FAILED}
    ran("R1", "FAILED", journal=False, jobs=jobs, params={"day": "x", "limit": 3})
    found = prepared(mode="rerun")
    assert (found.params, found.kept) == ({"day": "x", "limit": 3}, {})


# --- what is due ---


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((5, 6, 7), "2024-03-04T05:06:00+00:00"),
        ((5, 20, 59), "2024-03-04T05:06:00+00:00"),
        ((5, 21, 59), "2024-03-04T05:06:00+00:00"),
        ((5, 22, 0), None),
        ((5, 5, 59), None),
        ((1, 0, 0), "2024-03-04T01:00:00+00:00"),
        ((1, 14, 0), "2024-03-04T01:10:00+00:00"),
        ((1, 9, 59), "2024-03-04T01:00:00+00:00"),
        ((8, 0, 0), None),
    ],
)
def test_what_is_due(now: tuple[int, int, int], expected: str | None) -> None:
    workflow = workflow_of(
        Cron("6 5 * * *"), Cron("0,10 8 * * *", timezone="Asia/Bangkok")
    )
    found = due(workflow, datetime(2024, 3, 4, *now, tzinfo=timezone.utc))
    assert (None if found is None else found.isoformat()) == expected
