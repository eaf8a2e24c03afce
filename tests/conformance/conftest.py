"""What the tests of the cases share: the compiled projects, and the process that runs modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import summary
from tests.conformance.case_files import Case
from tests.conformance.projects import Compiled, Projects

ROOT = Path(__file__).parents[2]


def pytest_configure(config: pytest.Config) -> None:
    summary.register(config)


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    base = tmp_path_factory.getbasetemp()
    # each process of pytest-xdist has a folder of its own in that of the session
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Projects(shared / "conformance")


class Worker:
    """Runs what was compiled; see worker.py."""

    def __init__(self, process: subprocess.Popen[str], projects: Projects) -> None:
        self._process = process
        self._projects = projects

    def run(self, case: Case, compiled: Compiled) -> dict[str, Any]:
        """The result of what the case asks for."""
        request = {
            "folder": str(self._projects.folder / case.name),
            "module": compiled.modules[case.workflow],
            "environment": {"PATH": os.environ["PATH"], **case.environment},
            "asked": case.asked,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that runs the modules has ended"
        reply: dict[str, Any] = json.loads(line)
        return reply


@pytest.fixture(scope="session")
def worker(projects: Projects) -> Iterator[Worker]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Worker(process, projects)
    process.communicate(timeout=10)
