"""Hooks of the command line: exit codes, runs that cannot begin, signals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_runs import Project
from hook_servers import serving
from processes_of import has_ended

pytestmark = pytest.mark.usefixtures("default_signals")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project")
    made.environment |= {"CODE": "3", "SLOW": "", "WAIT": ""}
    made.environment["HOOK_URL"] = "http://127.0.0.1:9/secret-path"  # nobody is there
    return made


def told(project: Project) -> list[str]:
    path = project.folder / "told.txt"
    return path.read_text().splitlines() if path.is_file() else []


def pid(project: Project) -> int:
    path = project.folder / "pid.txt"
    begin = time.monotonic()
    while not (path.is_file() and path.read_text().endswith("\n")):
        assert time.monotonic() - begin < 30
        time.sleep(0.02)
    return int(path.read_text())


def hook_events(project: Project) -> list[str]:
    (events,) = project.journals("tells")
    return [each["hook"] for each in events if each["event"] == "hook"]


def test_a_failed_run_keeps_its_code(project: Project) -> None:
    done = project.run("tells")
    assert done.returncode == 1
    assert told(project) == [
        'FAILED||job "wait" failed: stage "shell" failed: StageError: exit code 3'
        "|conf/tells.yml:12"
    ]
    assert "secret-path" not in done.stdout + done.stderr
    assert project.told(done.stderr) == (
        "CLOCK WARNING tells: on-failure[1] (http://127.0.0.1:9/**********) failed after "
        "3 tries: no connection: Connection refused\n"
    )
    assert hook_events(project) == ["on-failure[0]", "on-failure[1]"]


def test_a_good_run_keeps_its_code(project: Project) -> None:
    project.environment["CODE"] = "0"
    done = project.run("tells", "--release", "2024-01-31T02:30", "--quiet")
    assert done.returncode == 0
    assert told(project) == ["SUCCESS|2024-01-31T02:30:00+00:00"]
    assert project.told(done.stderr) == (
        "CLOCK WARNING tells: on-success failed: exit code 7\n"
    )
    again = project.run("tells", "--release", "2024-01-31T02:30")
    assert (again.returncode, len(told(project))) == (0, 1)  # it is skipped


def test_a_missing_variable_is_told_at_once(project: Project) -> None:
    del project.environment["HOOK_URL"]
    project.environment["CODE"] = "0"
    done = project.run("tells")
    assert done.returncode == 0
    assert project.told(done.stderr).startswith(
        "CLOCK WARNING tells: environment variable HOOK_URL is not set "
        "(conf/tells.yml:5): its hook will fail\n"
    )


def test_a_dry_run_and_a_slip_of_the_fingers_tell_nobody(project: Project) -> None:
    assert project.run("tells", "--mode", "dryrun").returncode == 0
    assert project.run("tells", "--param", "limit=x").returncode == 2
    assert project.run("tells", "--params", "nowhere.json").returncode == 2
    dry = ("--scheduled", "--mode", "dryrun", "--param", "limit=x")
    assert project.run("tells", *dry).returncode == 2
    assert told(project) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--scheduled", "--param", "limit=x"), 'param "limit"'),
        (("--scheduled", "--params", "nowhere.json"), "No such file"),
        (("--scheduled", "--context", "no/folder/x.json"), "its folder is not there"),
        (("--release", "2024-01-31T02:30", "--param", "limit=x"), 'param "limit"'),
    ],
)
def test_a_scheduled_run_that_cannot_begin(
    project: Project, arguments: tuple[str, ...], error: str
) -> None:
    with serving() as server:
        project.environment["HOOK_URL"] = server.url
        done = project.run("tells", *arguments)
    assert done.returncode == 2
    (line,) = told(project)
    assert line.startswith("FAILED|20") and line.endswith("|conf/tells.yml")
    assert error in line
    (request,) = server.requests
    body = json.loads(request[2])
    assert (body["status"], body["journal"]) == ("FAILED", "")
    assert error in body["error"]
    assert list(project.folder.glob(".wfruns/tells/*.jsonl")) == []


def test_a_signal_lets_the_hooks_run(project: Project) -> None:
    project.environment["WAIT"] = "1"
    running = project.start("tells")
    assert running.stdout is not None
    for line in running.stdout:
        if "waits" in line:
            break
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 143
    (line,) = told(project)
    assert line == "CANCEL||the run was cancelled|conf/tells.yml:12"
    assert hook_events(project) == ["on-failure[0]", "on-failure[1]"]


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_leaves_a_hook_at_once(project: Project, first: int) -> None:
    project.environment["SLOW"] = "1"
    running = project.start("tells")
    hook = pid(project)
    running.send_signal(first)
    time.sleep(0.3)
    assert running.poll() is None
    begin = time.monotonic()
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert (running.returncode, time.monotonic() - begin < 5) == (143, True)
    assert has_ended(hook)
    (events,) = project.journals("tells")
    assert (events[-1]["event"], events[-1]["status"]) == ("run.end", "FAILED")


def test_a_run_without_hooks_loads_nothing_of_them(project: Project) -> None:
    code = (
        "import runpy, sys\nsys.argv.pop(0)\n"
        "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "except SystemExit: pass\n"
        "names = ('hooks', 'posts', 'hook_commands')\n"
        "print([n for n in names if 'wfruntime.' + n in sys.modules])\n"
        "print('urllib.request' in sys.modules, 'http.client' in sys.modules)\n"
    )
    loaded = []
    for module in ("quick", "tells"):
        path = project.folder / f"build/{module}.py"
        project.environment["CODE"] = "0"
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env=project.environment,
            cwd=project.folder.parent,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        loaded.append(done.stdout.splitlines()[-2:])
    assert loaded == [
        ["[]", "False False"],
        ["['hooks', 'hook_commands']", "False False"],
    ]


MISSING = """\
# Code generated by wfc from conf/missing.yml. DO NOT EDIT.
\"\"\"Workflow missing.\"\"\"

import wfruntime as rt
import no_such_module


def ping_url() -> str:
    \"\"\"ping.url.\"\"\"
    return f"{rt.env('PING_HOST')}/{rt.env('PING_ID', 'id')}"


ON_FAILURE = r\"\"\"
echo "$WFC_ERROR" >> "$HOME/told.txt"
\"\"\"

WORKFLOW = rt.Workflow(
    "missing",
    format=1,
    source="conf/missing.yml",
    on_failure=[rt.RunHook(ON_FAILURE, timeout=20.5), rt.RunHook("false")],
    ping=rt.Ping(ping_url, retry=0),
    jobs=[rt.Job("a", stages={"b": no_such_module.b})],
    lines={"a/b": 9},
    hook_env={"PING_HOST": 4},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
"""


def test_a_module_whose_callers_cannot_be_imported(project: Project) -> None:
    (project.folder / "build/missing.py").write_text(MISSING)
    with serving() as server:
        project.environment["PING_HOST"] = server.url
        done = project.run("missing", "--scheduled")
    assert done.returncode == 1
    assert [path.partition("?")[0] for path in server.paths] == ["/id/fail"]
    (line,) = told(project)
    assert line.startswith('module "no_such_module" cannot be imported')
    assert "missing: on-failure[1] failed: exit code 1" in done.stderr
