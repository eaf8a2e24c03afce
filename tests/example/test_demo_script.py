"""examples/demo.sh in a copy of the project's example: what it shows, and that its server ends."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEADINGS = [
    "Build: conf/*.yml -> build/*.py",
    "Start the finance API",
    "Run: python build/run_py_local.py",
    "Landed: demo/landing/",
    "Journal: each event of the run as it happened (.wfruns/run-py-local/)",
    "Context: what each stage has put out (demo/context.json)",
]


@pytest.fixture
def project(repository: Path, tmp_path: Path) -> Path:
    for name in ("conf", "examples"):
        shutil.copytree(
            repository / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copy(repository / "pyproject.toml", tmp_path)
    return tmp_path


def demo(project: Path) -> subprocess.CompletedProcess[str]:
    commands = Path(sys.executable).parent
    return subprocess.run(
        ["sh", str(project / "examples/demo.sh")],
        env={"PATH": "/usr/bin:/bin", "HOME": str(project), "BIN": str(commands)},
        capture_output=True,
        text=True,
        timeout=100,
    )


def server_pid(told: str) -> int:
    found = re.search(
        r"listening at http://127\.0\.0\.1:\d+/open-data, pid (\d+)", told
    )
    assert found, told
    return int(found.group(1))


def assert_ended(pid: int) -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_shows_rows_journal_and_context(project: Path) -> None:
    done = demo(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall("^== (.*)$", done.stdout, re.MULTILINE) == HEADINGS
    assert "pair,time,rate.bid,rate.ask,venue.city,venue.country,tags" in done.stdout
    assert "USD-THB,2024-01-01T08:00:00Z,35.3134,35.3487" in done.stdout
    assert "status: SUCCESS" in done.stdout
    assert "demo-token" not in done.stdout
    assert_ended(server_pid(done.stdout))


def test_stops_the_server_when_the_run_fails(project: Path) -> None:
    workflow = project / "conf/run-py-local.yml"
    text = workflow.read_text()
    workflow.write_text(text.replace("method: post", "method: get"))
    done = demo(project)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "405 Method Not Allowed" in done.stdout + done.stderr
    assert_ended(server_pid(done.stdout))
