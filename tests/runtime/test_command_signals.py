"""Signals and terminals: real processes, real signals, a terminal of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from command_runs import Project, Terminal
from processes_of import has_ended

pytestmark = pytest.mark.usefixtures("default_signals")
AGAIN = "press Ctrl-C again to leave at once"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def read_until(running: subprocess.Popen[str], text: str) -> str:
    """The line that has the text."""
    assert running.stdout is not None
    for line in running.stdout:
        if text in line:
            return line
    raise AssertionError(f"{text!r} was never printed")


def pid_in(line: str) -> int:
    found = re.search(r"waits as (\d+)", line)
    assert found, line
    return int(found[1])


def assert_ended(pid: int) -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        (signal.SIGINT, 130, f"(SIGINT): waiting for wait/shell; {AGAIN}"),
        (
            signal.SIGTERM,
            143,
            "(SIGTERM): waiting for wait/shell; send SIGINT to leave at once",
        ),
        (
            signal.SIGHUP,
            129,
            "(SIGHUP): waiting for wait/shell; send SIGINT to leave at once",
        ),
    ],
)
def test_a_signal_cancels_the_run(
    project: Project, number: int, code: int, told: str
) -> None:
    running = project.start("waits")
    shell = pid_in(read_until(running, "waits as"))
    running.send_signal(number)
    rest, _ = running.communicate(timeout=30)
    assert running.returncode == code
    assert_ended(shell)
    assert project.told(rest) == f"""\
CLOCK WARNING waits: cancelling {told}
CLOCK WARNING wait/shell: CANCEL 0.0s: its shell was stopped: the run was cancelled
CLOCK WARNING wait: CANCEL 0.0s: stage "shell" was cancelled: StageCancelError: \
its shell was stopped: the run was cancelled
CLOCK WARNING waits: CANCEL 0.0s: the run was cancelled, \
journal PROJECT/.wfruns/waits/RUN.jsonl
"""
    (events,) = project.journals("waits")
    ends = [(e["event"], e["status"]) for e in events if e["event"].endswith(".end")]
    assert ends == [
        ("stage.end", "CANCEL"),
        ("job.end", "CANCEL"),
        ("run.end", "CANCEL"),
    ]
    (audit,) = project.audits("waits")
    jobs = audit["context"]["jobs"]
    assert (audit["context"]["status"], jobs["wait"]["status"], list(jobs)) == (
        "CANCEL",
        "CANCEL",
        ["wait"],
    )


def test_a_stage_that_ends_well_after_the_signal_leaves_nothing_out(
    project: Project,
) -> None:
    running = project.start("lingers")
    read_until(running, "wait/read")
    running.send_signal(signal.SIGINT)
    assert project.told(read_until(running, "cancelling")) == (
        f"CLOCK WARNING lingers: cancelling (SIGINT): waiting for wait/read; {AGAIN}\n"
    )
    rest, _ = running.communicate("done\n", timeout=30)
    assert running.returncode == 0
    assert project.told(rest) == """\
CLOCK INFO    wait/read: SUCCESS 0.0s
CLOCK INFO    wait: SUCCESS 0.0s
CLOCK INFO    lingers: SUCCESS 0.0s, journal PROJECT/.wfruns/lingers/RUN.jsonl
"""


def test_a_job_that_is_left_out_makes_it_a_cancel(project: Project) -> None:
    project.environment["MORE"] = "1"
    running = project.start("lingers", "--quiet")
    read_until(running, "wait/read")
    running.send_signal(signal.SIGTERM)
    told = read_until(running, "cancelling")  # while the stage still runs
    rest, _ = running.communicate("done\n", timeout=30)
    assert running.returncode == 143
    assert project.told(told + rest) == """\
CLOCK WARNING lingers: cancelling (SIGTERM): waiting for wait/read; \
send SIGINT to leave at once
CLOCK WARNING lingers: CANCEL 0.0s: the run was cancelled, \
journal PROJECT/.wfruns/lingers/RUN.jsonl
"""
    (audit,) = project.audits("lingers")
    assert audit["context"]["jobs"]["wait"]["status"] == "SUCCESS"


def test_a_second_interrupt_leaves_at_once_and_nothing_behind(project: Project) -> None:
    project.environment["DEAF"] = "1"
    running = project.start("waits")
    shell = pid_in(read_until(running, "waits as"))
    running.send_signal(signal.SIGTERM)
    read_until(running, "cancelling")
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=30)
    assert (running.returncode, rest) == (130, "")
    assert has_ended(shell)
    (events,) = project.journals("waits")
    errors = {"name": "WorkflowCancelError", "message": "the run was left at once"}
    ends = [
        (event["event"], event["path"], event["status"], event["errors"])
        for event in events
        if event["event"].endswith(".end")
    ]
    assert ends == [
        ("stage.end", "wait/shell", "CANCEL", errors),
        ("job.end", "wait", "CANCEL", errors),
        ("run.end", "", "CANCEL", errors),
    ]


def test_a_second_interrupt_does_not_wait_for_a_caller_that_stays(
    project: Project,
) -> None:
    project.environment["STAY"] = "1"
    running = project.start("waits")
    read_until(running, "stays")
    running.send_signal(signal.SIGINT)
    read_until(running, f"waiting for wait/shell; {AGAIN}")
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    (events,) = project.journals("waits")
    assert (events[-1]["event"], events[-1]["status"]) == ("run.end", "CANCEL")


def test_a_fork_of_a_caller_is_not_the_run(project: Project) -> None:
    # from Python 3.12 on a fork beside threads is warned of
    project.environment["PYTHONWARNINGS"] = "ignore::DeprecationWarning"
    done = project.run("forks")
    assert (done.returncode, done.stderr) == (0, "")
    assert project.told(done.stdout) == """\
CLOCK INFO    forks: run RUN started
**********
CLOCK INFO    only/fork: SUCCESS 0.0s
CLOCK INFO    only: SUCCESS 0.0s
CLOCK INFO    forks: SUCCESS 0.0s, journal PROJECT/.wfruns/forks/RUN.jsonl
"""


def test_what_a_parent_ignores_stays_ignored(project: Project) -> None:
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        running = project.start("waits")
    finally:
        signal.signal(signal.SIGHUP, previous)
    read_until(running, "waits as")
    running.send_signal(signal.SIGHUP)
    running.send_signal(signal.SIGTERM)
    rest, _ = running.communicate(timeout=30)
    assert running.returncode == 143


# --- a terminal ---


def test_a_run_on_a_terminal(project: Project) -> None:
    terminal = Terminal(project, "nightly", "-p", "run-date=2024-01-31", "-p", "code=4")
    assert terminal.exit_code() == 1
    assert project.told("\n".join(terminal.screen())) == """\
CLOCK INFO    check/count (layer='raw'): counts raw with **********
CLOCK ERROR   check/count (layer='raw'): FAILED 0.0s: StageError: exit code 4
CLOCK INFO    check/count (layer='gold'): counts gold with **********
CLOCK ERROR   check/count (layer='gold'): FAILED 0.0s: StageError: exit code 4
STATUS   JOB       TIME
SUCCESS  load      0.0s
FAILED   check     0.0s
SKIP     report          trigger rule "all_success" is not met: "check" is FAILED

conf/nightly.yml:25: check/count (layer='raw'): StageError: exit code 4
    and 1 more like this

nightly: FAILED 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl
"""
    assert "\x1b[31mFAILED\x1b[0m   check" in terminal.shown


def test_the_live_lines_of_a_run(project: Project) -> None:
    project.environment["NO_COLOR"] = "1"
    terminal = Terminal(project, "waits")
    terminal.read_until("waits as")
    terminal.read_until("shell\x1b[K")
    live = project.told("\n".join(terminal.screen()))
    terminal.type("\x03")
    assert terminal.exit_code() == 130
    assert re.sub(r"\d+ *\n", "PID\n", live) == """\
CLOCK INFO    wait/shell: waits as PID
RUNNING  wait    0.0s  shell
WAITING  late
waits: 1 RUNNING, 1 WAITING 0.0s"""
    shown = project.told("\n".join(terminal.screen())).replace("^C", "")
    assert re.sub(r"waits as \d+", "waits as PID", shown) == """\
CLOCK INFO    wait/shell: waits as PID
CLOCK WARNING waits: cancelling (SIGINT): waiting for wait/shell; press Ctrl-C again to leave at once
STATUS   JOB     TIME
CANCEL   wait    0.0s  stage "shell" was cancelled: StageCancelError: its shell was stopped: the...
not run  late
waits: CANCEL 0.0s: the run was cancelled, journal PROJECT/.wfruns/waits/RUN.jsonl
"""


def test_a_terminal_that_cannot_move_its_cursor(project: Project) -> None:
    project.environment["TERM"] = "dumb"
    terminal = Terminal(project, "quick")
    assert terminal.exit_code() == 0
    assert project.told(terminal.shown.replace("\r", "")) == """\
CLOCK INFO    quick: run RUN started
CLOCK INFO    only/say: hello
CLOCK INFO    only/say: SUCCESS 0.0s
CLOCK INFO    only: SUCCESS 0.0s
CLOCK INFO    quick: SUCCESS 0.0s, journal PROJECT/.wfruns/quick/RUN.jsonl
"""


def test_what_a_caller_prints_goes_above_the_lines(project: Project) -> None:
    terminal = Terminal(project, "prints")
    assert terminal.exit_code() == 0
    assert project.told("\n".join(terminal.screen())) == """\
CLOCK INFO    only/say: one
CLOCK INFO    only/say: two **********
CLOCK INFO    only/say: half a line
STATUS   JOB     TIME
SUCCESS  only    0.0s
prints: SUCCESS 0.0s, journal PROJECT/.wfruns/prints/RUN.jsonl
"""


def test_a_terminal_is_left_at_the_begin_of_a_line(project: Project) -> None:
    project.environment["STAY"] = "1"
    terminal = Terminal(project, "waits")
    terminal.read_until("shell\x1b[K")
    terminal.type("\x03")
    terminal.read_until("cancelling (SIGINT)")
    terminal.type("\x03")
    assert terminal.exit_code() == 130
    assert terminal.screen()[-1] == ""


def test_a_terminal_that_goes_away_cancels_the_run(project: Project) -> None:
    terminal = Terminal(project, "waits")
    terminal.read_until("waits as")
    shell = pid_in(terminal.shown)
    assert terminal.hang_up() == 129
    assert_ended(shell)
    (events,) = project.journals("waits")
    assert (events[-1]["event"], events[-1]["status"]) == ("run.end", "CANCEL")
