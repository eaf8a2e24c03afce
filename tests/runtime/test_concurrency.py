"""One run of a group at a time: real processes that wait, skip, cancel and are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from command_runs import Project
from wfruntime.command import main
from wfruntime.graph import Concurrency, Job, Workflow
from wfruntime.groups import GroupLock

from tests.runtime.running import put, workflow

Process = subprocess.Popen[str]
LONG = "30"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def holding(project: Project, *arguments: str, **environment: str) -> Process:
    """A start that has begun its run."""
    process = started(project, *arguments, **environment)
    read_until(process, "holds")
    return process


def started(project: Project, *arguments: str, **environment: str) -> Process:
    return subprocess.Popen(
        project.command("guarded", *arguments),
        env={**project.environment, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: Process, text: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(f"{text} was never shown")


def finished(process: Process) -> tuple[int, str]:
    output, _ = process.communicate(timeout=30)
    return process.returncode, output


def end(process: Process) -> None:
    """In order, so that its shell ends too."""
    process.terminate()
    process.communicate(timeout=10)


def schedule(project: Project, minutes_ago: int) -> dict[str, str]:
    """Due so long before the test began: no minute ends in the middle of it."""
    begun = datetime.fromtimestamp(project.folder.stat().st_ctime, timezone.utc)
    minute = begun - timedelta(minutes=minutes_ago)
    return {"ON": f"{minute:%M %H} * * *"}


def spans(project: Project, *names: str) -> list[tuple[float, float]]:
    """Start and end of the runs in the order of their starts; they have ended."""
    runs = [run for name in names or ("guarded",) for run in project.journals(name)]
    assert all(run[-1]["event"] == "run.end" for run in runs)
    return sorted((run[0]["ts"], run[-1]["ts"]) for run in runs)


def follow_each_other(runs: list[tuple[float, float]]) -> bool:
    return all(a[1] <= b[0] for a, b in zip(runs, runs[1:], strict=False))


# --- skip ---


def test_skip_says_which_run_goes_on(project: Project) -> None:
    first = holding(project, HOLD=LONG, POLICY="skip")
    second = finished(started(project, POLICY="skip"))
    quiet = finished(started(project, "-q", POLICY="skip"))
    context = finished(started(project, "-q", "--context", "-", POLICY="skip"))
    ((start, *_),) = project.journals("guarded")
    end(first)
    assert second[0] == 0
    shown = second[1].replace(start["run_id"], "ID")
    head, _, since = shown.partition(", since ")
    assert head.endswith(f"guarded: SKIP: run ID (pid {first.pid}")
    assert since.endswith("Z) goes on\n")
    assert quiet == (0, "")
    assert json.loads(context[1]) == {"status": "SKIP"}


def test_starts_by_hand_are_free_without_the_key(project: Project) -> None:
    first = holding(project, HOLD=LONG)
    assert finished(started(project, "-q"))[1].count("holds") == 1
    assert not (project.folder / ".wfruns/.groups").exists()
    end(first)


def test_scheduled_starts_skip_without_the_key(project: Project) -> None:
    first = holding(project, "--scheduled", HOLD=LONG, **schedule(project, 9))
    code, told = finished(started(project, "--scheduled", **schedule(project, 3)))
    assert (code, f"(pid {first.pid}, " in told) == (0, True)
    end(first)
    # that was the decision of its slot: a further start does not run it later
    code, told = finished(started(project, "--scheduled", **schedule(project, 3)))
    assert (code, "was skipped already: run " in told) == (0, True)
    run, *skips = project.starts("guarded")
    assert [each["decision"] for each in (run, *skips)] == ["run", "skip", "skip"]
    assert {each["run"] for each in skips} == {run["run"]}
    assert len(project.journals("guarded")) == 1


def test_a_group_is_shared_by_workflows(project: Project) -> None:
    policy = {"POLICY": "skip", "GROUP": "ware/house"}
    first = holding(project, HOLD=LONG, **policy)
    code, told = finished(started(project, NAME="other", **policy))
    assert (code, 'of "guarded" (pid ' in told) == (0, True)
    apart = finished(started(project, "-q", POLICY="skip", GROUP="ware_house"))
    assert (apart[0], "holds" in apart[1]) == (0, True)
    end(first)


def test_allow_excludes_nothing(project: Project) -> None:
    first = holding(project, HOLD=LONG, POLICY="allow")
    assert "holds" in finished(started(project, POLICY="allow"))[1]
    assert "holds" in finished(started(project, POLICY="skip"))[1]
    end(first)


def test_a_dry_run_is_not_governed(project: Project) -> None:
    first = holding(project, HOLD=LONG, POLICY="skip")
    code, told = finished(started(project, "--mode", "dryrun", POLICY="skip"))
    assert (code, "SKIP" in told) == (0, False)
    end(first)


# --- the lock ---


@pytest.mark.parametrize("fork", ["", "1"])
def test_a_killed_run_frees_the_lock_at_once(project: Project, fork: str) -> None:
    """Its shell, and a child that is a fork, live on."""
    first = holding(project, HOLD="5", FORK=fork, POLICY="skip")
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    assert first.stdout is not None
    first.stdout.close()
    code, told = finished(started(project, POLICY="skip"))
    assert (code, "holds" in told) == (0, True)


def test_a_file_that_is_read_in_the_run_stays_locked(
    runs: Path, tmp_path: Path
) -> None:
    """A lock of the process would go when the process closes any file that is this one."""
    one = GroupLock(workflow(), "g")
    assert one.try_acquire()
    one.announce("R1")
    for path in (runs / ".groups").iterdir():
        path.read_bytes()
    other = GroupLock(workflow(), "g")
    assert not other.try_acquire()
    one.release()
    assert other.try_acquire()
    other.release()


def test_each_group_has_a_file_of_its_own(runs: Path) -> None:
    names = ["a/b", "a_b", "a%2Fb", "A/B", "..", "ก" * 60, "ก" * 61, "x" * 300]
    locks = [GroupLock(workflow(), name) for name in names]
    assert all(lock.try_acquire() for lock in locks)
    for lock in locks:
        lock.release()


def test_the_lock_is_free_when_main_has_returned(runs: Path) -> None:
    wf = workflow(Job("a", stages={"s": put()}), concurrency=Concurrency("skip"))
    assert [main(wf, ["-q"]), main(wf, ["-q"])] == [0, 0]
    assert len(list(runs.rglob("2*.jsonl"))) == 2


def test_a_lock_that_cannot_be_made_is_an_error(project: Project) -> None:
    (project.folder / ".wfruns").write_text("")
    code, told = finished(started(project, POLICY="queue"))
    assert (code, project.told(told)) == (
        2,
        "guarded.py: the lock PROJECT/.wfruns/.groups/guarded.lock cannot be used: "
        "Not a directory; WFC_RUNS_DIR sets another folder\n",
    )


# --- queue ---


def test_queue_runs_one_after_the_other_in_order(project: Project) -> None:
    first = holding(project, HOLD="3", POLICY="queue")
    others = []
    for number in range(3):
        others.append(started(project, HOLD="0.3", POLICY="queue"))
        line = read_until(others[number], "waits for")
        assert f"(pid {first.pid}, since " in line
        time.sleep(0.1)
    # one that comes now does not go first
    last = started(project, POLICY="queue")
    assert {finished(each)[0] for each in (first, *others, last)} == {0}
    assert len(spans(project)) == 5
    assert follow_each_other(spans(project))
    by_start = sorted(project.journals("guarded"), key=lambda run: run[0]["ts"])
    pids = [run[0]["pid"] for run in by_start]
    assert pids[:4] == [first.pid, *(each.pid for each in others)]
    assert ["waited" in run[0] for run in by_start[:4]] == [False, True, True, True]


def test_queue_holds_between_workflows(project: Project) -> None:
    policy = {"HOLD": "0.2", "POLICY": "queue", "GROUP": "warehouse"}
    running = [started(project, NAME=name, **policy) for name in ("a", "b") * 3]
    ends = [finished(each) for each in running]
    assert [each for each in ends if each[0]] == []
    assert len(spans(project, "a", "b")) == 6
    assert follow_each_other(spans(project, "a", "b"))


def test_a_start_that_is_killed_gives_its_turn_on(project: Project) -> None:
    first = holding(project, HOLD=LONG, POLICY="queue")
    killed = started(project, POLICY="queue")
    read_until(killed, "waits for")
    waiting = started(project, POLICY="queue")
    read_until(waiting, "waits for")
    killed.kill()
    finished(killed)
    end(first)
    assert finished(waiting)[0] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_wait(project: Project, number: signal.Signals) -> None:
    first = holding(
        project, "--scheduled", HOLD=LONG, POLICY="queue", **schedule(project, 9)
    )
    waiting = started(project, "--scheduled", POLICY="queue", **schedule(project, 3))
    read_until(waiting, "waits for")
    began = time.monotonic()
    waiting.send_signal(number)
    code, told = finished(waiting)
    assert time.monotonic() - began < 5
    assert (code, f"{number.name} ended the wait for run " in told) == (
        128 + number,
        True,
    )
    end(first)
    # no decision was taken, so another start may still begin the slot
    code, told = finished(
        started(project, "--scheduled", POLICY="queue", **schedule(project, 3))
    )
    assert (code, "holds" in told) == (0, True)
    starts = [
        (each["decision"], bool(each["slot"])) for each in project.starts("guarded")
    ]
    assert starts == [("run", True), ("skip", False), ("run", True)]


def test_a_slot_that_was_begun_during_the_wait_is_skipped(project: Project) -> None:
    first = holding(
        project, "--scheduled", HOLD="1", POLICY="queue", **schedule(project, 9)
    )
    twice = [
        started(project, "--scheduled", POLICY="queue", **schedule(project, 3))
        for _ in "ab"
    ]
    ends = [finished(each) for each in (first, *twice)]
    assert [code for code, _ in ends] == [0, 0, 0]
    assert sum("has begun" in told for _, told in ends) == 1
    assert len(spans(project)) == 2
    assert follow_each_other(spans(project))


def test_a_release_that_was_done_during_the_wait_is_skipped(project: Project) -> None:
    options = ("--release", "2026-03-08T07:30")
    first = holding(project, *options, HOLD="1", POLICY="queue", ON="* * * * *")
    second = started(project, *options, POLICY="queue", ON="* * * * *")
    assert finished(first)[0] == 0
    code, told = finished(second)
    assert (code, "has done this release already" in told) == (0, True)


def test_a_usage_error_does_not_wait(project: Project) -> None:
    first = holding(project, HOLD=LONG, POLICY="queue")
    assert finished(started(project, "-p", "none=1", POLICY="queue"))[0] == 2
    end(first)


# --- cancel ---


def test_cancel_ends_the_run_and_begins_its_own(project: Project) -> None:
    first = holding(project, HOLD=LONG, POLICY="cancel")
    second = started(project, POLICY="cancel")
    assert f"(pid {first.pid}, since " in read_until(second, "cancels run ")
    assert finished(second)[0] == 0
    assert finished(first)[0] == 128 + signal.SIGTERM
    ended = [run[-1]["status"] for run in project.journals("guarded")]
    assert sorted(ended) == ["CANCEL", "SUCCESS"]
    assert follow_each_other(spans(project))


def test_the_newest_start_cancels_all_before(project: Project) -> None:
    running = [holding(project, HOLD=LONG, POLICY="cancel")]
    for _ in range(3):
        running.append(started(project, HOLD=LONG, POLICY="cancel"))
        read_until(running[-1], "cancels run ")
    read_until(running[-1], "holds")
    end(running[-1])
    assert {finished(each)[0] for each in running[:-1]} == {128 + signal.SIGTERM}


def test_cancel_spares_the_run_of_its_own_slot(project: Project) -> None:
    first = holding(
        project, "--scheduled", HOLD=LONG, POLICY="cancel", **schedule(project, 9)
    )
    many = [
        started(
            project, "--scheduled", HOLD="1", POLICY="cancel", **schedule(project, 3)
        )
        for _ in range(4)
    ]
    ends = [finished(each) for each in many]
    assert finished(first)[0] == 128 + signal.SIGTERM
    assert [code for code, _ in ends] == [0] * 4
    assert sum("has begun" in told for _, told in ends) == 3
    statuses = [run[-1]["status"] for run in project.journals("guarded")]
    assert sorted(statuses) == ["CANCEL", "SUCCESS"]


def test_cancel_asks_the_process_that_has_the_lock(project: Project) -> None:
    """What a file says of a process that is dead counts for nothing."""
    bystander = subprocess.Popen(["sleep", LONG])
    folder = project.folder / ".wfruns/.groups"
    folder.mkdir(parents=True)
    told = {"pid": bystander.pid, "run": "R1", "workflow": "guarded", "since": ""}
    (folder / "guarded.lock").write_text(json.dumps(told))
    assert finished(started(project, POLICY="cancel"))[0] == 0
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


# --- what it costs ---


def test_a_graph_keeps_what_it_is_given() -> None:
    asked: Any = Concurrency("queue", group="warehouse")
    assert (asked.policy, asked.group) == ("queue", "warehouse")
    assert (Concurrency().policy, Concurrency().group) == ("skip", None)
    wf = Workflow("a", format=1, source="a.yml", jobs=[])
    assert wf.concurrency is None
