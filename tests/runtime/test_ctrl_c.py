"""Ctrl-C in a program that calls `rt.run` itself: a real SIGINT to a real process.

No handler turns the signal into a cancel there, so Python raises KeyboardInterrupt wherever
the main thread is: in a stage, or in a wait for others.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from wfruntime import Job, Workflow, run, secrets
from wfruntime.journal import read_journal

from tests.runtime.processes_of import has_ended

pytestmark = pytest.mark.usefixtures("default_signals")
PROGRAM = """
import os, sys, threading
import wfruntime as rt
from wfruntime import threads

begun = threading.Event()

def quick(ctx):
    begun.wait()
    return {}

def slow(ctx):
    begun.set()
    return rt.bash("echo $$ >> pids; echo waits > ready; exec sleep 600")

def stuck(ctx):
    begun.set()
    with open("ready", "w") as file:
        file.write("waits\\n")
    threading.Event().wait()
    return {}

def quick_first(ctx):
    return quick(ctx) if ctx.matrix["x"] == 1 else slow(ctx)

def quick_item(ctx):
    return quick(ctx) if ctx.item == 1 else slow(ctx)

def failing(ctx):
    with open("ready", "w") as file:
        file.write("waits\\n")
    raise ValueError("no")

items = rt.ForEach(lambda ctx: [1, 2], concurrent=2, stages={"in": quick_item})
branches = rt.Parallel({"b": {"in": quick}, "c": {"in": slow}})
two = {"x": [1, 2]}
child = rt.Workflow(
    "child", format=1, source="", jobs=[rt.Job("c", stages={"s": slow})]
)

def triggering(ctx):
    return ctx.trigger(child)

JOBS = {
    "in a stage": [rt.Job("a", stages={"s": slow})],
    "in a triggered run": [rt.Job("a", stages={"s": triggering})],
    "beside a matrix": [
        rt.Job("a", matrix=two, max_parallel=2, stages={"s": quick_first})
    ],
    "beside items": [rt.Job("a", stages={"s": items})],
    "beside branches": [rt.Job("a", stages={"s": branches})],
    "with a timeout of the stage": [
        rt.Job("a", stages={"s": rt.Stage(slow, timeout=600)})
    ],
    "with a timeout of the job": [rt.Job("a", timeout=600, stages={"s": slow})],
    "beside a job": [rt.Job("b", stages={"s": quick}), rt.Job("a", stages={"s": slow})],
    "beside a stuck job": [
        rt.Job("b", stages={"s": quick}), rt.Job("a", stages={"s": stuck})
    ],
    "between tries": [
        rt.Job("a", stages={"s": rt.Stage(failing, retry=rt.Retry(1, delay=600))})
    ],
    "between tries of a job": [
        rt.Job("a", retry=rt.Retry(1, delay=600), stages={"s": failing})
    ],
}
threads.ABANDON_AFTER_S = float(os.environ["ABANDON_AFTER_S"])
timeout = 600 if sys.argv[2:] else None
last = rt.Job("z", needs=["a"], trigger_rule="all_done", stages={"s": quick})
jobs = [*JOBS[sys.argv[1]], last]
os.mkfifo("ready")
print("begins", flush=True)
rt.run(
    rt.Workflow("wf", format=1, source="conf/wf.yml", jobs=jobs),
    timeout=timeout,
)
"""


def interrupted(
    folder: Path, *arguments: str, abandon_after_s: float = 10.0
) -> tuple[int, str, list[tuple[str, str, str]]]:
    """Run to the wait, send one SIGINT: the code, the last line, the ends in the journal."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(secrets.__file__).parents[1]),
        "WFC_RUNS_DIR": str(folder / "runs"),
        "WORKFLOW_LOG_AUDIT_ENABLE_WRITE": "false",
        "ABANDON_AFTER_S": str(abandon_after_s),
    }
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begins\n"
    assert (folder / "ready").read_text() == "waits\n"
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    (journal,) = (folder / "runs").rglob("*.jsonl")
    ends = [
        (event["event"], event["path"], event["status"])
        for event in read_journal(str(journal))
        if event["event"].endswith(".end")
    ]
    return running.returncode, errors.splitlines()[-1], ends


@pytest.mark.parametrize("timeout", [(), ("with a timeout",)])
@pytest.mark.parametrize(
    "where",
    [
        "in a stage",
        "beside a matrix",
        "beside items",
        "beside branches",
        "with a timeout of the stage",
        "with a timeout of the job",
        "beside a job",
        "between tries",
        "between tries of a job",
    ],
)
def test_ctrl_c_ends_the_run_in_order(
    tmp_path: Path, where: str, timeout: tuple[str, ...]
) -> None:
    code, told, ends = interrupted(tmp_path, where, *timeout)
    assert (code, told) == (-signal.SIGINT, "KeyboardInterrupt")
    assert ends[-2:] == [("job.end", "a", "CANCEL"), ("run.end", "", "CANCEL")]
    assert [path for _, path, _ in ends].count("z") == 0
    if (tmp_path / "pids").exists():
        pids = (tmp_path / "pids").read_text().split()
        assert all(has_ended(int(pid)) for pid in pids)


def test_ctrl_c_abandons_a_stuck_job_of_another_thread(tmp_path: Path) -> None:
    code, told, ends = interrupted(tmp_path, "beside a stuck job", abandon_after_s=0.05)
    assert (code, told) == (-signal.SIGINT, "KeyboardInterrupt")
    assert ends[-3:] == [
        ("stage.end", "a/s", "CANCEL"),
        ("job.end", "a", "CANCEL"),
        ("run.end", "", "CANCEL"),
    ]


def pressing(count: int) -> Callable[[str, str], None]:
    """An `os.replace` of somebody who presses Ctrl-C so many times meanwhile."""

    def replace(source: str, target: str) -> None:
        for _ in range(count):
            signal.raise_signal(signal.SIGINT)
        os.rename(source, target)

    return replace


@pytest.mark.parametrize(("count", "records", "last"), [(1, 1, "run"), (2, 0, "job")])
def test_ctrl_c_waits_for_the_audit_record_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    records: int,
    last: str,
) -> None:
    sink = json.dumps({"type": "file", "path": str(tmp_path / "audits")})
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_URL", sink)
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", "true")
    monkeypatch.setenv("WFC_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setattr(os, "replace", pressing(count))
    jobs = [Job("a", stages={"s": lambda ctx: {}})]
    with pytest.raises(KeyboardInterrupt):
        run(Workflow("wf", format=1, source="conf/wf.yml", jobs=jobs))
    (journal,) = tmp_path.rglob("*.jsonl")
    *_, event = read_journal(str(journal))
    assert len(list(tmp_path.rglob("*.log"))) == records
    assert (event["event"], event["status"]) == (f"{last}.end", "SUCCESS")
