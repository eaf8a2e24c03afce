"""Once per slot: scheduled starts as real processes, and the log of what they decided."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from command_runs import Project
from wfruntime import starts
from wfruntime.graph import Workflow
from wfruntime.starts import StartsLog

from tests.runtime.running import workflow

NOW = datetime(2026, 3, 8, 7, 30, tzinfo=timezone.utc)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Its workflow is due 4 minutes ago, so that no minute ends in the middle of a test."""
    made = Project(tmp_path / "project")
    made.environment["ON"] = f"{minute_of(made):%M %H} * * *"
    return made


def minute_of(project: Project) -> datetime:
    begun = datetime.fromtimestamp(project.folder.stat().st_ctime, timezone.utc)
    return begun.replace(second=0, microsecond=0) - timedelta(minutes=4)


def slot_of(project: Project) -> str:
    return f"{minute_of(project):%Y-%m-%dT%H:%MZ}"


def log_of(project: Project, name: str = starts.FILE) -> Path:
    return project.folder / ".wfruns/guarded" / name


def decisions(project: Project) -> list[tuple[str | None, str]]:
    return [(each["slot"], each["decision"]) for each in project.starts("guarded")]


# --- one slot, many starts ---


def test_200_starts_of_one_slot_run_it_once(project: Project) -> None:
    command = project.command("guarded", "--scheduled", "-q")
    running = [
        subprocess.Popen(
            command,
            env=project.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(200)
    ]
    told = [each.communicate(timeout=120)[1] for each in running]
    assert {each.returncode for each in running} == {0}
    assert [text.count(b"holds") for text in told if text] == [1]
    assert len(project.journals("guarded")) == 1
    slot = slot_of(project)
    first, *others = project.starts("guarded")
    assert (first["slot"], first["decision"]) == (slot, "run")
    assert len(others) == 199
    assert {(x["slot"], x["decision"], x["run"]) for x in others} == {
        (slot, "skip", first["run"])
    }


def test_a_failed_slot_is_not_begun_again(project: Project) -> None:
    project.environment["FAIL"] = "1"
    failed = project.run("guarded", "--scheduled", "-q")
    del project.environment["FAIL"]
    later = project.run("guarded", "--scheduled")
    forced = project.run("guarded", "--scheduled", "-q", "--mode", "force")
    assert [failed.returncode, later.returncode, forced.returncode] == [1, 0, 0]
    slot = slot_of(project)
    assert project.told(later.stdout) == (
        f"CLOCK INFO    guarded: SKIP: run RUN has begun {slot} already\n"
    )
    assert decisions(project) == [(slot, "run"), (slot, "skip"), (slot, "skip")]
    (run_id,) = {each["run"] for each in project.starts("guarded")}
    ((start, *_),) = project.journals("guarded")
    assert (start["run_id"], start["slot"]) == (run_id, slot)
    # by hand it may be done again
    again = project.run("guarded", "-q", "--release", slot, "--mode", "rerun")
    assert (again.returncode, len(project.journals("guarded"))) == (0, 2)


def test_a_killed_run_is_not_begun_again(project: Project) -> None:
    project.environment["HOLD"] = "3"
    running = project.start("guarded", "--scheduled")
    assert running.stdout is not None
    assert any("holds" in line for line in running.stdout)
    running.kill()
    running.communicate(timeout=10)
    after = project.run("guarded", "--scheduled")
    assert (running.returncode, after.returncode) == (-signal.SIGKILL, 0)
    assert "has begun" in after.stdout
    assert len(project.journals("guarded")) == 1


def test_a_release_that_was_done_by_hand_is_not_run(project: Project) -> None:
    slot = slot_of(project)
    by_hand = project.run("guarded", "-q", "--release", slot)
    scheduled = project.run("guarded", "--scheduled")
    assert [by_hand.returncode, scheduled.returncode] == [0, 0]
    assert "has done this release already" in scheduled.stdout
    assert decisions(project) == [(slot, "skip")]


def test_a_dry_run_decides_nothing(project: Project) -> None:
    dry = project.run("guarded", "--scheduled", "-q", "--mode", "dryrun")
    assert (dry.returncode, log_of(project).exists()) == (0, False)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert decisions(project) == [(slot_of(project), "run")]


def test_a_start_that_cannot_begin_decides_nothing(project: Project) -> None:
    wrong = project.run("guarded", "--scheduled", "-p", "none=1")
    assert (wrong.returncode, log_of(project).exists()) == (2, False)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0


# --- what the file may look like ---


def test_a_torn_last_line_is_no_decision(project: Project) -> None:
    slot = slot_of(project)
    log_of(project).parent.mkdir(parents=True)
    torn = f'{{"ts":1.000,"slot":"{slot}","decision":"run","reason":"it is'
    log_of(project).write_text(torn)
    first = project.run("guarded", "--scheduled", "-q")
    second = project.run("guarded", "--scheduled", "-q")
    assert [first.returncode, second.returncode] == [0, 0]
    assert len(project.journals("guarded")) == 1
    head, *lines = log_of(project).read_text().splitlines()
    assert head == torn
    assert [json.loads(line)["decision"] for line in lines] == ["run", "skip"]


def test_a_folder_that_is_read_only_is_an_error(project: Project) -> None:
    folder = project.folder / ".wfruns"
    folder.mkdir(mode=0o500)
    # root has to give up what lets it write anywhere
    as_others = ["setpriv", "--bounding-set=-all"] if os.getuid() == 0 else []
    done = subprocess.run(
        [*as_others, *project.command("guarded", "--scheduled", "-q")],
        env=project.environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be used: Permission denied" in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("blocked", [".wfruns", ".wfruns/guarded/starts.jsonl"])
def test_a_log_that_cannot_be_written_is_an_error(
    project: Project, blocked: str
) -> None:
    path = project.folder / blocked
    if blocked == ".wfruns":
        path.write_text("")
        why = "Not a directory"
    else:
        path.mkdir(parents=True)
        why = "Is a directory"
    done = project.run("guarded", "--scheduled", "-q")
    assert (done.returncode, done.stdout) == (2, "")
    assert project.told(done.stderr) == (
        "guarded.py: the log of scheduled starts "
        f"PROJECT/.wfruns/guarded/starts.jsonl cannot be used: {why}; "
        "WFC_RUNS_DIR sets another folder\n"
    )
    assert project.journals("guarded") == []


def test_a_full_disk_begins_no_run(project: Project) -> None:
    log_of(project).parent.mkdir(parents=True)
    log_of(project).symlink_to("/dev/full")
    done = project.run("guarded", "--scheduled", "-q")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert project.journals("guarded") == []


def test_the_file_is_rotated_and_the_old_one_is_read(project: Project) -> None:
    first = project.run("guarded", "--scheduled", "-q")
    moment = minute_of(project).timestamp() + 300
    line = f'{{"ts":{moment:.3f},"slot":null,"decision":"skip"}}\n'
    begun = log_of(project).read_text()
    log_of(project).write_text(begun + line * (starts.MAX_BYTES // len(line) - 3))
    second = project.run("guarded", "--scheduled", "-q")
    assert [first.returncode, second.returncode] == [0, 0]
    assert log_of(project, starts.OLD_FILE).read_text().startswith(begun)
    assert decisions(project) == [(slot_of(project), "skip")]
    third = project.run("guarded", "--scheduled")
    assert "has begun" in third.stdout
    assert len(project.journals("guarded")) == 1


# --- the clock ---


def entry(
    at: datetime, slot: datetime, decision: str = "run", run: str = "R"
) -> tuple[float, datetime, Any, str, str]:
    return at.timestamp(), slot, decision, "it is due", run


def test_a_clock_that_goes_back_doubles_no_slot(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour was done; the clock went back, and 10 minutes have passed since then."""
    slot = minute_of(project)
    monkeypatch.setenv("WFC_RUNS_DIR", str(project.folder / ".wfruns"))
    guarded = Workflow("guarded", format=1, source="conf/guarded.yml", jobs=[])
    with StartsLog(guarded) as log:
        for minute in range(60):
            each = slot + timedelta(minutes=minute)
            log.append(*entry(each, each, run=f"R{minute}"))
        for minute in range(10, 0, -1):
            each = slot - timedelta(minutes=minute)
            log.append(*entry(each, each))
    done = project.run("guarded", "--scheduled")
    assert done.returncode == 0
    assert f"run R0 has begun {slot_of(project)} already" in done.stdout
    assert project.journals("guarded") == []
    assert project.starts("guarded")[-1]["run"] == "R0"


def test_a_line_behind_a_later_moment_says_so(runs: Path) -> None:
    with StartsLog(workflow()) as log:
        for minutes in (0, 60, 1, 2, 61, 62):
            each = NOW + timedelta(minutes=minutes)
            log.append(*entry(each, each))
        for minutes in (0, 60, 1, 2, 61, 62):
            assert log.decided(NOW + timedelta(minutes=minutes))
        for minutes in (3, 59, 63):
            assert log.decided(NOW + timedelta(minutes=minutes)) is None
    lines = (runs / "wf" / starts.FILE).read_text().splitlines()
    furthest = (NOW + timedelta(minutes=60)).timestamp()
    told = [json.loads(line).get("ahead") for line in lines]
    assert told == [None, None, furthest, furthest, None, None]


def test_the_run_of_a_slot_is_told_and_not_a_skip(runs: Path) -> None:
    with StartsLog(workflow()) as log:
        log.append(*entry(NOW, NOW, run="R1"))
        log.append(*entry(NOW, NOW, "skip", run="R1"))
        later = NOW + timedelta(minutes=1)
        log.append(*entry(later, later, "skip", run="R1"))
        log.append(*entry(later, later, "skip", run="R2"))
        assert (log.decided(NOW) or {})["decision"] == "run"
        assert (log.decided(later) or {})["run"] == "R1"


def test_only_the_end_of_a_big_file_is_read(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StartsLog(workflow()) as log:
        for minutes in range(1000):
            each = NOW + timedelta(minutes=minutes)
            log.append(*entry(each, each))
        asked = []
        read = starts._furthest
        monkeypatch.setattr(
            starts, "_furthest", lambda line: asked.append(line) or read(line)
        )
        assert log.decided(NOW + timedelta(minutes=995))
        assert log.decided(NOW + timedelta(minutes=1000)) is None
    assert len(asked) < 20
