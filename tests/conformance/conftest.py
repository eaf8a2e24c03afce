"""What the tests of the cases share: the compiled projects, and the process that runs modules."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.conformance import summary
from tests.conformance.projects import Projects
from tests.conformance.server import Server


def pytest_configure(config: pytest.Config) -> None:
    summary.register(config)


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    base = tmp_path_factory.getbasetemp()
    # each process of pytest-xdist has a folder of its own in that of the session
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Projects(shared / "conformance")


@pytest.fixture(scope="session")
def worker() -> Iterator[Server]:
    """Runs what was compiled; see worker.py."""
    with Server([sys.executable, "-m", "tests.conformance.worker"]) as server:
        yield server
