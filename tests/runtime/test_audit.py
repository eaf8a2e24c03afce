"""Audit records: where they lie, what they hold, which of them a slot finds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from wfruntime import secrets
from wfruntime.audit import read_audits, write_audit
from wfruntime.errors import ConfigurationError
from wfruntime.graph import Job, Workflow
from wfruntime.release import Release
from wfruntime.result import RunResult

STARTED = datetime(2024, 3, 4, 5, 6, 7, 250000, tzinfo=timezone.utc)
ENDED = STARTED + timedelta(seconds=2.5)
SLOT = datetime(2024, 3, 4, 5, 6, tzinfo=timezone.utc)


@dataclass(frozen=True, kw_only=True)
class Params:
    limit: int
    day: datetime


@pytest.fixture
def workflow() -> Workflow[Any]:
    return workflow_called("wf")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sink = {"type": "file", "path": str(tmp_path / "audits")}
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_URL", json.dumps(sink))
    monkeypatch.delenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", raising=False)
    return tmp_path / "audits"


def workflow_called(name: str) -> Workflow[Any]:
    return Workflow(
        name,
        format=1,
        source="conf/wf.yml",
        params=Params,
        timeout=60.0,
        jobs=[Job("a", stages={})],
    )


def result_of(
    run_id: str = "R1", *, status: str = "SUCCESS", **context: Any
) -> RunResult:
    return RunResult(
        status=status,
        context={"status": status, "jobs": {}, "params": {}, **context},
        run_id=run_id,
        journal=None,
        exit_code=0,
    )


def write(
    workflow: Workflow[Any],
    result: RunResult,
    slot: datetime | None = SLOT,
    *,
    mode: str = "normal",
    ended: datetime = ENDED,
    **more: Any,
) -> str | None:
    release = None if slot is None else Release(slot, STARTED, result.run_id)
    return write_audit(
        workflow,
        result,
        release=release,
        mode=mode,
        started=STARTED,
        ended=ended,
        timeout=60.0,
        **more,
    )


def run_ids(workflow: Workflow[Any]) -> list[str]:
    return [record["run_id"] for record in read_audits(workflow, SLOT)]


def test_the_record_of_a_release(workflow: Workflow[Any], folder: Path) -> None:
    jobs = {"a": {"status": "SUCCESS", "stages": {}}}
    result = result_of(jobs=jobs, params={"limit": "3"}, release={"type": "normal"})
    path = write(workflow, result)
    assert path == str(folder / "workflow=wf/release=20240304050600/R1.log")
    assert json.loads(Path(path).read_text()) == {
        "name": "wf",
        "release": "2024-03-04 05:06:00",
        "type": "normal",
        "context": {
            "status": "SUCCESS",
            "jobs": jobs,
            "params": {"limit": 3, "day": "2024-03-04 05:06:07.250000+00:00"},
        },
        "run_id": "R1",
        "parent_run_id": None,
        "runs_metadata": {
            "slot": "2024-03-04 05:06:00+00:00",
            "exec_start": "2024-03-04 05:06:07.250000+00:00",
            "exec_end": "2024-03-04 05:06:09.750000+00:00",
            "exec_latency": 2.5,
            "timeout": 60.0,
            "original_name": "wf",
            "audit_excluded": None,
        },
    }


def test_a_plain_run_is_no_release_of_the_minute_it_starts_in(
    workflow: Workflow[Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.STARTED", SLOT)
    path = write(workflow, result_of(), None)
    assert path == str(folder / "workflow=wf/release=20240304050600/R1.log")
    record = json.loads(Path(path).read_text())
    assert (record["type"], record["runs_metadata"]["slot"]) == ("normal", None)
    assert read_audits(workflow, SLOT) == []


def test_a_plain_run_is_found_by_the_second_of_its_start(
    workflow: Workflow[Any], folder: Path
) -> None:
    path = write(workflow, result_of(), None)
    assert path == str(folder / "workflow=wf/release=20240304050607/R1.log")


def test_params_that_did_not_fit_are_left_out(
    workflow: Workflow[Any], folder: Path
) -> None:
    errors = {"name": "ParamError", "message": "no"}
    result = result_of(
        status="FAILED", params={"limit": "x"}, release={}, errors=errors
    )
    write(workflow, result)
    (record,) = read_audits(workflow, SLOT)
    assert record["context"] == {"status": "FAILED", "jobs": {}, "errors": errors}


def test_the_file_is_masked_and_its_owners(
    workflow: Workflow[Any], folder: Path
) -> None:
    secrets.register("pa55-of-audits")
    path = write(workflow, result_of(params={"url": "https://me:pa55-of-audits@x"}))
    assert path is not None
    assert "pa55-of-audits" not in Path(path).read_text()
    assert Path(path).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in Path(path).parent.iterdir()] == ["R1.log"]


def test_a_slot_finds_its_releases_in_the_order_they_ended(
    workflow: Workflow[Any], folder: Path
) -> None:
    write(workflow, result_of("R1"), ended=ENDED + timedelta(1))
    write(
        workflow, result_of("R2", status="FAILED"), ended=ENDED.replace(microsecond=0)
    )
    write(workflow, result_of("R3"), SLOT + timedelta(minutes=1))
    write(workflow, result_of("R4"), mode="force")
    write(workflow, result_of("R5"), mode="dryrun")
    assert run_ids(workflow) == ["R2", "R4", "R1"]


def test_what_is_no_record_is_left_out(workflow: Workflow[Any], folder: Path) -> None:
    path = write(workflow, result_of())
    assert path is not None
    for name, text in {
        "torn.log": '{"name": "wf", "context": {"sta',
        "list.log": "[]",
        "other.log": '{"name": "wf"}',
        "R0.log.17.partial": Path(path).read_text(),
    }.items():
        (Path(path).parent / name).write_text(text)
    assert run_ids(workflow) == ["R1"]


def test_a_record_of_the_interpreter_is_a_release(
    workflow: Workflow[Any], folder: Path
) -> None:
    place = folder / "workflow=wf/release=20240304050600"
    place.mkdir(parents=True)
    record = {
        "name": "wf",
        "release": "2024-03-04 05:06:00",
        "type": "normal",
        "context": {"status": "SUCCESS", "jobs": {}, "params": {}, "info": {}},
        "run_id": "20240304050600123456T0123456789",
        "runs_metadata": {"timeout": 600, "original_name": "wf"},
    }
    (place / "20240304050600123456T0123456789.log").write_text(json.dumps(record))
    assert read_audits(workflow, SLOT) == [record]


def test_names_that_share_a_folder_are_kept_apart(folder: Path) -> None:
    write(workflow_called("a/b"), result_of("R1"))
    write(workflow_called("a_b"), result_of("R2"))
    assert run_ids(workflow_called("a/b")) == ["R1"]
    assert sorted(path.name for path in folder.iterdir()) == ["workflow=a_b"]


def test_no_record_is_written_when_none_is_asked_for(
    workflow: Workflow[Any], folder: Path
) -> None:
    write(workflow, result_of("R1"))
    assert write(workflow, result_of("R2"), is_on=False) is None
    assert run_ids(workflow) == ["R1"]


def test_the_readmes_variable_is_relative_to_the_working_directory(
    workflow: Workflow[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKFLOW_LOG_AUDIT_URL", raising=False)
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_CONF", '{"type": "file", "path": "./x"}')
    path = write(workflow, result_of())
    assert path == str(tmp_path / "x/workflow=wf/release=20240304050600/R1.log")


def test_without_a_variable_it_is_the_project(
    workflow: Workflow[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WORKFLOW_LOG_AUDIT_URL", "WORKFLOW_LOG_AUDIT_CONF"):
        monkeypatch.delenv(name, raising=False)
    workflow.file = str(tmp_path / "build/wf.py")
    path = write(workflow, result_of())
    assert path == str(tmp_path / "audits/workflow=wf/release=20240304050600/R1.log")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "./audits",
            "WORKFLOW_LOG_AUDIT_URL is not JSON such as "
            '{"type": "file", "path": "./audits"}',
        ),
        (
            '{"type": "file"}',
            "WORKFLOW_LOG_AUDIT_URL is not JSON such as "
            '{"type": "file", "path": "./audits"}',
        ),
        (
            '{"type": "sqlite", "path": "./audits"}',
            'WORKFLOW_LOG_AUDIT_URL has the type "sqlite", which is not available; '
            '"file" is',
        ),
    ],
)
def test_variables_that_are_not_understood(
    workflow: Workflow[Any], monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_URL", text)
    with pytest.raises(ConfigurationError) as caught:
        read_audits(workflow, SLOT)
    assert str(caught.value) == message


def test_a_folder_that_cannot_be_made(workflow: Workflow[Any], folder: Path) -> None:
    folder.write_text("a file")
    with pytest.raises(ConfigurationError) as caught:
        write(workflow, result_of())
    assert str(caught.value) == (
        f"the audit record {folder}/workflow=wf/release=20240304050600/R1.log "
        "cannot be written: Not a directory"
    )


def test_a_record_that_cannot_be_replaced(
    workflow: Workflow[Any], folder: Path
) -> None:
    place = folder / "workflow=wf/release=20240304050600"
    (place / "R1.log").mkdir(parents=True)
    with pytest.raises(ConfigurationError) as caught:
        write(workflow, result_of())
    assert str(caught.value) == (
        f"the audit record {place}/R1.log cannot be written: Is a directory"
    )
    assert [path.name for path in place.iterdir()] == ["R1.log"]


def test_a_record_that_cannot_be_read(workflow: Workflow[Any], folder: Path) -> None:
    place = folder / "workflow=wf/release=20240304050600"
    (place / "R1.log").mkdir(parents=True)
    with pytest.raises(ConfigurationError) as caught:
        read_audits(workflow, SLOT)
    assert str(caught.value) == (
        f"the audit record {place}/R1.log cannot be read: Is a directory"
    )


def test_a_record_of_another_name_is_found_by_it(
    workflow: Workflow[Any], folder: Path
) -> None:
    path = write(workflow, result_of(), name="other")
    assert path == str(folder / "workflow=other/release=20240304050600/R1.log")
    assert run_ids(workflow) == []
    (record,) = read_audits(workflow, SLOT, "other")
    assert record["name"] == "other"


@pytest.mark.parametrize("key", ["name", "context", "run_id", "parent_run_id"])
def test_a_record_without_a_key_is_found(
    workflow: Workflow[Any], folder: Path, key: str
) -> None:
    path = write(workflow, result_of(), excluded=[key])
    assert path is not None
    assert key not in json.loads(Path(path).read_text())
    (record,) = read_audits(workflow, SLOT)
    assert (record["run_id"], record["context"]["status"]) == ("R1", "SUCCESS")
