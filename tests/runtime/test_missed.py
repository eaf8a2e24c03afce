"""Slots that no start has run: real processes, with a schedule that was known for a while."""

from __future__ import annotations

import json
import signal
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from command_runs import Project
from wfruntime.graph import Cron
from wfruntime.missed import FILE, SUPERSEDED
from wfruntime.starts import slot_text

Process = subprocess.Popen[str]
DUE, OLD, OLDER = 4, 34, 64
"""Minutes before the test began."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Twice an hour, the last time 4 minutes ago; it has been known for 99 minutes."""
    made = Project(tmp_path / "project")
    made.environment |= {"MISSED": "all", "ON": on(made, DUE, OLD)}
    known_since(made, 99)
    return made


def minute_of(project: Project, minutes_ago: int) -> datetime:
    begun = datetime.fromtimestamp(project.folder.stat().st_ctime, timezone.utc)
    return begun.replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)


def on(project: Project, *minutes_ago: int) -> str:
    minutes = sorted(minute_of(project, each).minute for each in minutes_ago)
    return f"{','.join(map(str, minutes))} * * * *"


def slot(project: Project, minutes_ago: int) -> str:
    return slot_text(minute_of(project, minutes_ago))


def file_of(project: Project) -> Path:
    return project.folder / ".wfruns/guarded" / FILE


def known_since(project: Project, minutes_ago: int, settled: int = 9999) -> None:
    cron = Cron(project.environment["ON"])
    key = f"{cron.expression} | UTC | next | first | any"
    told = {
        "settled": minute_of(project, settled).timestamp(),
        "entries": {key: minute_of(project, minutes_ago).timestamp()},
    }
    file_of(project).parent.mkdir(parents=True, exist_ok=True)
    file_of(project).write_text(json.dumps(told))


def begun(project: Project) -> list[str]:
    """The slots of the runs, in the order in which they have begun."""
    return [events[0]["slot"] for events in project.journals("guarded")]


def decisions(project: Project) -> list[tuple[str | None, str, str]]:
    return [
        (each["slot"], each["decision"], each["reason"])
        for each in project.starts("guarded")
    ]


def read_until(process: Process, text: str) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if text in line)


# --- what is run ---


def test_all_are_run_the_oldest_first_and_each_once(project: Project) -> None:
    first = project.run("guarded", "--scheduled")
    again = project.run("guarded", "--scheduled")
    assert (first.returncode, again.returncode) == (0, 0)
    expected = [slot(project, each) for each in (94, OLDER, OLD, DUE)]
    assert begun(project) == expected
    assert decisions(project) == [
        *((each, "run", "it was missed") for each in expected[:-1]),
        (expected[-1], "run", "it is due"),
        (expected[-1], "skip", decisions(project)[-1][2]),
    ]
    assert (
        f"guarded: catches up what was missed: {expected[0]} and 2 more\n"
        in first.stdout
    )
    assert "catches up" not in again.stdout
    late = [each["late"] // 60 for each in project.starts("guarded")]
    assert late[:3] == [94, OLDER, OLD]


def test_the_last_alone_is_run(project: Project) -> None:
    project.environment["MISSED"] = "last"
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    missed = [slot(project, each) for each in (94, OLDER, OLD)]
    assert decisions(project) == [
        *((each, "skip", SUPERSEDED) for each in missed),
        (slot(project, DUE), "run", "it is due"),
    ]
    assert begun(project) == [slot(project, DUE)]


def test_the_last_is_a_missed_one_where_none_is_due(project: Project) -> None:
    project.environment |= {"MISSED": "last", "ON": on(project, 20)}
    known_since(project, 99)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, 20)]
    assert decisions(project)[-1] == (slot(project, 20), "run", "it was missed")


def test_what_is_longer_ago_than_the_window_is_let_go(project: Project) -> None:
    project.environment["WINDOW"] = "50"
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, OLD), slot(project, DUE)]


def test_a_failed_one_is_no_end(project: Project) -> None:
    project.environment["FAIL"] = "1"
    assert project.run("guarded", "--scheduled", "-q").returncode == 1
    assert len(begun(project)) == 4


def test_what_was_done_by_hand_is_not_missed(project: Project) -> None:
    by_hand = slot(project, OLD)
    assert project.run("guarded", "-q", "--release", by_hand).returncode == 0
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    ran = [each for each, decision, _ in decisions(project) if decision == "run"]
    assert ran == [slot(project, each) for each in (94, OLDER, DUE)]
    (skipped,) = [each for each in decisions(project) if each[1] == "skip"]
    assert skipped[0] == by_hand and "has done this release" in skipped[2]


# --- what was not missed ---


def test_a_first_start_has_missed_nothing(project: Project) -> None:
    file_of(project).unlink()
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, DUE)]
    told = json.loads(file_of(project).read_text())
    assert list(told["entries"]) == [
        f"{project.environment['ON']} | UTC | next | first | any"
    ]


def test_another_schedule_has_missed_nothing(project: Project) -> None:
    project.environment["ON"] = on(project, DUE, 44)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, DUE)]


def test_without_the_policy_nothing_is_looked_for(project: Project) -> None:
    del project.environment["MISSED"]
    before = file_of(project).read_bytes()
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, DUE)]
    assert file_of(project).read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"settled": null}', '{"entries": 1}'])
def test_a_damaged_memory_knows_of_nothing(project: Project, text: str) -> None:
    file_of(project).write_text(text)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, DUE)]


def test_a_clock_that_was_ahead_is_no_reason_to_wait(project: Project) -> None:
    known_since(project, -9999, settled=-9999)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, DUE)]
    told = json.loads(file_of(project).read_text())
    now = datetime.now(timezone.utc).timestamp()
    assert told["settled"] <= now and max(told["entries"].values()) <= now


def test_what_is_settled_is_not_looked_at_again(project: Project) -> None:
    known_since(project, 99, settled=40)
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, OLD), slot(project, DUE)]


# --- starts beside it, and its end ---


def test_a_start_during_the_catch_up_leaves_its_slot_to_it(project: Project) -> None:
    project.environment["HOLD"] = "1"
    first = project.start("guarded", "--scheduled")
    read_until(first, "holds")
    second = project.run("guarded", "--scheduled")
    assert "goes on, and what is due comes behind it" in second.stdout
    first.communicate(timeout=30)
    assert (first.returncode, second.returncode) == (0, 0)
    assert begun(project) == [slot(project, each) for each in (94, OLDER, OLD, DUE)]
    assert [each for each in decisions(project) if each[1] == "skip"] == [
        (None, "skip", decisions(project)[1][2])
    ]


@pytest.mark.parametrize("policy", ["queue", "allow"])
def test_two_starts_share_what_was_missed(project: Project, policy: str) -> None:
    project.environment |= {"HOLD": "0.2", "POLICY": policy}
    running = [project.start("guarded", "--scheduled", "-q") for _ in range(3)]
    for each in running:
        each.communicate(timeout=30)
    assert {each.returncode for each in running} == {0}
    expected = [slot(project, each) for each in (94, OLDER, OLD, DUE)]
    assert sorted(begun(project)) == expected


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_is_left_of_a_catch_up_comes_with_the_next_start(
    project: Project, number: int
) -> None:
    project.environment["HOLD"] = "3"
    first = project.start("guarded", "--scheduled")
    read_until(first, "holds")
    first.send_signal(number)
    first.communicate(timeout=30)
    assert first.returncode == (143 if number == signal.SIGTERM else -number)
    assert begun(project) == [slot(project, 94)]
    project.environment["HOLD"] = "0"
    assert project.run("guarded", "--scheduled", "-q").returncode == 0
    assert begun(project) == [slot(project, each) for each in (94, OLDER, OLD, DUE)]


def test_a_memory_that_cannot_be_written(project: Project) -> None:
    new = file_of(project).with_suffix(".json.new")
    new.mkdir()
    done = project.run("guarded", "--scheduled")
    assert (done.returncode, begun_or_none(project)) == (2, [])
    assert "which tells what was missed, cannot be used: Is a directory" in done.stderr


def begun_or_none(project: Project) -> list[str]:
    return begun(project)
