"""The command line of modules, as real processes: output, exit codes, records."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from command_runs import Project
from wfruntime.command import main
from wfruntime.graph import Cron
from wfruntime.release import Release

from tests.runtime.running import workflow

DAY = ("--param", "run-date=2024-01-31")
SLOT = ("--release", "2024-01-31T02:30+07:00")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def statuses_of(context: dict[str, Any]) -> dict[str, str]:
    return {job_id: job["status"] for job_id, job in context["jobs"].items()}


def test_a_success(project: Project) -> None:
    done = project.run("nightly", *DAY, "-p", "mode=delta")
    assert (done.returncode, done.stderr) == (0, "")
    assert project.told(done.stdout) == """\
CLOCK INFO    nightly: run RUN started, run-date=2024-01-31, code=0, mode=delta, \
regions=['eu', 'jp']
CLOCK INFO    load/regions: SUCCESS 0.0s
CLOCK INFO    load: SUCCESS 0.0s
CLOCK INFO    check/count (layer='raw'): counts raw with **********
CLOCK INFO    check/count (layer='raw'): SUCCESS 0.0s
CLOCK INFO    check/count (layer='gold'): counts gold with **********
CLOCK INFO    check/count (layer='gold'): SUCCESS 0.0s
CLOCK INFO    check: SUCCESS 0.0s
CLOCK INFO    report/say: delta of 2024-01-31
CLOCK INFO    report/say: SUCCESS 0.0s
CLOCK INFO    report: SUCCESS 0.0s
CLOCK INFO    nightly: SUCCESS 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl
"""
    (events,) = project.journals("nightly")
    assert (events[0]["event"], events[-1]["event"]) == ("run.start", "run.end")
    (audit,) = project.audits("nightly")
    assert audit["context"]["status"] == "SUCCESS"


def test_a_caller_that_raises(project: Project) -> None:
    done = project.run("nightly", *DAY, "-p", 'regions=["eu", "us"]')
    assert (done.returncode, done.stderr) == (1, "")
    assert project.told(done.stdout) == """\
CLOCK INFO    nightly: run RUN started, run-date=2024-01-31, code=0, mode=full, \
regions=['eu', 'us']
CLOCK ERROR   load/regions/pull (item='us'): FAILED 0.0s: ValueError: no rows for us
CLOCK ERROR   load/regions: FAILED 0.0s: see load/regions/pull (item='us')
CLOCK ERROR   load: FAILED 0.0s: see load/regions/pull (item='us')
CLOCK INFO    check: SKIP: trigger rule "all_success" is not met: "load" is FAILED
CLOCK INFO    report: SKIP: all that it needs was skipped: "check"

conf/nightly.yml:16: load/regions/pull (item='us'): ValueError: no rows for us
    ask the bank
    Traceback (most recent call last):
      File "PROJECT/conf/nightly_tasks.py", line 13, in pull
        return _refused(region)
      File "PROJECT/conf/nightly_tasks.py", line 18, in _refused
        raise ValueError(f"no rows for {region}\\nask the bank")

CLOCK ERROR   nightly: FAILED 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl
"""


def test_quiet_prints_errors_alone(project: Project) -> None:
    good = project.run("nightly", *DAY, "--quiet")
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    bad = project.run("nightly", *DAY, "-q", "-p", "code=4")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert project.told(bad.stderr) == """\
conf/nightly.yml:25: check/count (layer='raw'): StageError: exit code 4
    and 1 more like this
CLOCK ERROR   nightly: FAILED 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl
"""


def test_missing_variables_are_told_at_once(project: Project) -> None:
    del project.environment["NIGHTLY_TOKEN"], project.environment["NIGHTLY_URL"]
    done = project.run("nightly", *DAY)
    assert (done.returncode, done.stderr) == (1, "")
    assert project.told(done.stdout) == """\
CLOCK INFO    nightly: run RUN started, run-date=2024-01-31, code=0, mode=full, \
regions=['eu', 'jp']

conf/nightly.yml:26: environment variable NIGHTLY_TOKEN is not set
conf/nightly.yml:27: environment variable NIGHTLY_URL is not set

CLOCK ERROR   nightly: FAILED 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl
"""


# --- params ---


def test_params_of_a_file_and_over_them_of_options(
    project: Project, tmp_path: Path
) -> None:
    params = {"run-date": "2024-01-31", "mode": "delta", "regions": []}
    (tmp_path / "params.json").write_text(json.dumps(params))
    done = project.run(
        "nightly", "--params", "params.json", "-p", "mode=full", "--context", "-"
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["params"] == {
        "run-date": "2024-01-31",
        "code": 0,
        "mode": "full",
        "regions": [],
    }
    assert project.told(done.stderr).splitlines()[-1] == (
        "CLOCK INFO    nightly: SUCCESS 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl"
    )


def test_params_of_standard_input(project: Project) -> None:
    params = '{"run-date": "2024-01-31", "code": 3}'
    done = project.run("nightly", "-q", "--params", "-", "--context=-", stdin=params)
    assert done.returncode == 1
    assert json.loads(done.stdout)["params"]["code"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--parm", "a=1"], 'unknown option "--parm"; did you mean "--param"?'),
        ([], 'required param not set: "run-date"'),
        (
            [*DAY, "-p", "cod=1", "-p", "mode=fast"],
            'unknown param "cod"; did you mean "code"?; '
            "param \"mode\": 'fast' is not one of 'full', 'delta'",
        ),
        (
            ["-p", "run-date=today"],
            "param \"run-date\": 'today' is not a date; write it as 2024-01-31",
        ),
        (["--params", "none.json"], "--params none.json: No such file or directory"),
        (
            ["--params", '{"code": 3}'],
            '--params takes a file; write the JSON to one, or pass it to "--params -"',
        ),
        (
            ["--params", "-"],
            "--params - is not JSON: Expecting value: line 1 column 1 (char 0)",
        ),
        ([*DAY, "--mode", "rerun"], "--mode rerun needs --release or --scheduled"),
        (["--scheduled", *SLOT], "--scheduled and --release exclude each other"),
        (
            [*DAY, "--context", "none/x.json"],
            "--context none/x.json: its folder is not there",
        ),
        ([*DAY, "--context", "project"], "--context project cannot be written"),
        (
            [*SLOT, "-p", "cod=1"],
            'unknown param "cod"; did you mean "code"?',
        ),
        (
            ["--release", "2024-01-31T02:31"],
            "2024-01-31T02:31+00:00 is not on the schedule "
            '"30 2 * * *" Asia/Bangkok; the next one is 2024-01-31T19:30+00:00',
        ),
    ],
)
def test_usage_errors(project: Project, arguments: list[str], message: str) -> None:
    done = project.run("nightly", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"nightly.py: {message}\n"
    assert not (project.folder / ".wfruns").exists()


def test_help_needs_nothing(project: Project) -> None:
    project.environment.clear()
    done = project.run("nightly", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "run-date=DATE" in done.stdout
    assert not (project.folder / ".wfruns").exists()


# --- the other options ---


def test_the_context_is_a_file_written_as_a_whole(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "context.json").write_text("old")
    done = project.run("nightly", *DAY, "--context", "context.json")
    assert done.returncode == 0
    context = json.loads((tmp_path / "context.json").read_text())
    assert (context["status"], statuses_of(context)) == (
        "SUCCESS",
        {"load": "SUCCESS", "check": "SUCCESS", "report": "SUCCESS"},
    )
    assert "pa55-of-nightly" not in (tmp_path / "context.json").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "context.json",
        "project",
    ]


def test_the_context_goes_through_a_link_and_into_a_pipe(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert project.run("quick", "-q", "--context", "link.json").returncode == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["status"] == "SUCCESS"
    piped = project.run("quick", "-q", "--context", "/dev/stdout")
    assert json.loads(piped.stdout)["status"] == "SUCCESS"


def test_a_journal_that_cannot_be_made(project: Project) -> None:
    (project.folder / ".wfruns").write_text("a file")
    done = project.run("quick")
    assert (done.returncode, done.stderr) == (2, "")
    assert project.told(done.stdout) == """\

conf/quick.yml: ConfigurationError: the journal PROJECT/.wfruns/quick/RUN.jsonl cannot \
be written: Not a directory; WFC_RUNS_DIR sets another folder

CLOCK ERROR   quick: FAILED
"""


def test_timeout(project: Project) -> None:
    done = project.run("waits", "--timeout", "0.3")
    assert (done.returncode, done.stderr) == (1, "")
    assert project.told(done.stdout).splitlines()[-3:] == [
        "conf/waits.yml: WorkflowTimeoutError: the run took longer than 0.3 s",
        "",
        "CLOCK ERROR   waits: FAILED 0.0s, journal PROJECT/.wfruns/waits/RUN.jsonl",
    ]


@pytest.mark.parametrize(("limit", "patience_s", "code"), [(1, "0.1", 1), (2, "30", 0)])
def test_max_parallel(project: Project, limit: int, patience_s: str, code: int) -> None:
    project.environment["MEET_S"] = patience_s
    done = project.run("pair", "--max-parallel", str(limit), "-q")
    assert done.returncode == code


# --- releases ---


def test_a_release_is_done_once(project: Project) -> None:
    first = project.run("nightly", *SLOT, "-q")
    second = project.run("nightly", *SLOT)
    forced = project.run("nightly", *SLOT, "-q", "--mode", "force", "-p", "mode=delta")
    assert (first.returncode, second.returncode, forced.returncode) == (0, 0, 0)
    assert project.told(second.stdout) == """\
CLOCK INFO    nightly: run RUN started for release 2024-01-30T19:30+00:00
CLOCK INFO    nightly: SKIP: run RUN has done this release already, \
journal PROJECT/.wfruns/nightly/RUN.jsonl
"""
    audits = project.audits("nightly")
    assert [(audit["type"], audit["release"]) for audit in audits] == [
        ("normal", "2024-01-30 19:30:00"),
        ("force", "2024-01-30 19:30:00"),
    ]
    assert [audit["context"]["params"] for audit in audits] == [
        {"run-date": "2024-01-30", "code": 0, "mode": mode, "regions": ["eu", "jp"]}
        for mode in ("full", "delta")
    ]


def test_rerun_runs_what_has_not_succeeded(project: Project) -> None:
    failed = project.run("nightly", *SLOT, "-q", "-p", "code=4", "-p", "mode=delta")
    again = project.run("nightly", *SLOT, "--mode", "rerun", "-p", "code=0")
    nothing = project.run("nightly", *SLOT, "--mode", "rerun")
    assert (failed.returncode, again.returncode, nothing.returncode) == (1, 0, 0)
    assert project.told(again.stdout) == """\
CLOCK INFO    nightly: run RUN started for release 2024-01-30T19:30+00:00, \
mode rerun, run-date=2024-01-30, code=0, mode=delta, regions=['eu', 'jp']
CLOCK INFO    load: SUCCESS, kept from the run before
CLOCK INFO    check/count (layer='raw'): counts raw with **********
CLOCK INFO    check/count (layer='raw'): SUCCESS 0.0s
CLOCK INFO    check/count (layer='gold'): counts gold with **********
CLOCK INFO    check/count (layer='gold'): SUCCESS 0.0s
CLOCK INFO    check: SUCCESS 0.0s
CLOCK INFO    report/say: delta of 2024-01-30
CLOCK INFO    report/say: SUCCESS 0.0s
CLOCK INFO    report: SUCCESS 0.0s
CLOCK INFO    nightly: SUCCESS 0.0s, journal PROJECT/.wfruns/nightly/RUN.jsonl
"""
    assert project.told(nothing.stdout).splitlines()[-1] == (
        "CLOCK INFO    nightly: SKIP: run RUN has left nothing to run again, "
        "journal PROJECT/.wfruns/nightly/RUN.jsonl"
    )


def test_a_dry_run_leaves_no_record(project: Project) -> None:
    done = project.run("nightly", *SLOT, "--mode", "dryrun", "--context", "-", "-q")
    assert done.returncode == 0
    context = json.loads(done.stdout)
    assert context["jobs"]["report"]["stages"]["say"]["outputs"] == {}
    assert project.audits("nightly") == []


def test_an_audit_that_cannot_be_written_fails_the_command(project: Project) -> None:
    (project.folder / "audits").write_text("a file")
    done = project.run("quick", "-q")
    assert (done.returncode, done.stdout) == (1, "")
    head, _, tail = project.told(done.stderr).partition("audits/")
    assert head == "CLOCK ERROR   quick: the audit record PROJECT/"
    assert tail.splitlines()[0].endswith("cannot be written: Not a directory")


# --- the schedule ---


def test_a_release_is_looked_up_once(runs: Path) -> None:
    """As the run itself sees it: its params read the run's own id."""
    asked: list[str] = []

    def params(release: Release) -> dict[str, object]:
        asked.append(release.run_id)
        return {}

    wf = workflow(on=[Cron("* * * * *", params=params)])
    assert main(wf, ["--quiet", "--release", "2024-01-31T02:30"]) == 0
    (journal,) = runs.rglob("*.jsonl")
    assert asked == [journal.stem]


def test_a_mistake_does_not_show_a_secret(project: Project) -> None:
    done = project.run("nightly", "pa55-of-nightly")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'nightly.py: unexpected argument "**********"\n'


def test_scheduled_is_a_release_for_the_minute_that_has_come(project: Project) -> None:
    project.environment["ON"] = "* * * * *"
    before = datetime.now(timezone.utc)
    done = project.run("hourly", "--scheduled", "--quiet")
    after = datetime.now(timezone.utc)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (audit,) = project.audits("hourly")
    minute = datetime.fromisoformat(f"{audit['release']}+00:00")
    assert before.replace(second=0, microsecond=0) <= minute <= after
    assert audit["context"]["params"] == {"minute": minute.strftime("%H:%M")}


def test_scheduled_takes_the_minute_that_a_late_start_is_for(project: Project) -> None:
    zone = timezone(timedelta(hours=7))
    minute = datetime.now(zone).replace(second=0, microsecond=0) - timedelta(minutes=9)
    project.environment["ON"] = f"{minute.minute} {minute.hour} * * *"
    done = project.run("hourly", "--scheduled", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (audit,) = project.audits("hourly")
    slot = minute.astimezone(timezone.utc)
    assert audit["release"] == slot.strftime("%Y-%m-%d %H:%M:%S")
    ((start, *_),) = project.journals("hourly")
    assert start["slot"] == slot.strftime("%Y-%m-%dT%H:%MZ")
    assert 9 * 60 <= start["late"] < 11 * 60


def test_scheduled_without_a_minute_that_is_due_does_nothing(project: Project) -> None:
    minute = datetime.now(timezone.utc) + timedelta(hours=3)
    project.environment["ON"] = f"{minute.minute} {minute.hour} * * *"
    quiet = project.run("hourly", "--scheduled", "--quiet")
    told = project.run("hourly", "--scheduled")
    context = project.run("hourly", "--scheduled", "-q", "--context", "-")
    dry = project.run("hourly", "--scheduled", "-q", "--mode", "dryrun")
    assert {x.returncode for x in (quiet, told, context, dry)} == {0}
    assert (quiet.stdout, quiet.stderr, told.stderr) == ("", "", "")
    assert project.told(told.stdout) == (
        "CLOCK INFO    hourly: SKIP: the schedule has no minute that is due\n"
    )
    assert json.loads(context.stdout) == {"status": "SKIP"}
    assert project.journals("hourly") == []
    assert [
        (each["slot"], each["decision"], each["late"])
        for each in project.starts("hourly")
    ] == [(None, "skip", None)] * 3


@pytest.mark.parametrize(
    ("module", "on", "message"),
    [
        (
            "quick",
            "",
            "quick.py: --scheduled needs a schedule, and the workflow has none",
        ),
        (
            "hourly",
            "0 25 * * *",
            'hourly.py: cron expression "0 25 * * *": hour has "25", which is not from '
            "0 to 23",
        ),
    ],
)
def test_a_schedule_that_cannot_be_used(
    project: Project, module: str, on: str, message: str
) -> None:
    project.environment["ON"] = on
    done = project.run(module, "--scheduled", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{message}\n")
    assert not (project.folder / ".wfruns").exists()


# --- output that nobody reads, modules that nobody needs ---


def test_a_closed_output_ends_no_run(project: Project) -> None:
    running = project.start("nightly", *DAY)
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(30) == 0
    assert project.journals("nightly")[0][-1]["status"] == "SUCCESS"


@pytest.mark.parametrize("arguments", [DAY, [*DAY, "--context", "-", "-q"], ["--help"]])
def test_output_on_a_full_disk_is_told_at_the_end(
    project: Project, arguments: list[str]
) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            project.command("nightly", *arguments),
            env=project.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    told = "nightly.py: output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, told)
    assert bool(project.journals("nightly")) is ("--help" not in arguments)


def test_a_run_loads_no_more_than_it_needs(project: Project) -> None:
    project.environment["TELL_MODULES"] = "1"
    done = project.run("quick", "-q")
    loaded = set(done.stderr.split())
    heavy = {"argparse", "logging", "json", "re", "enum", "signal", "subprocess"}
    heavy |= {"concurrent.futures", "dataclasses", "typing", "inspect", "zoneinfo"}
    heavy |= {"asyncio", "datetime", "fcntl"}
    ours = {"live", "summary", "usage", "release", "cron", "params", "shells"}
    ours |= {"guard", "groups", "starts", "printed", "processes", "trace"}
    assert loaded & (heavy | {f"wfruntime.{name}" for name in ours}) == set()
    assert "wfruntime.console" in loaded
