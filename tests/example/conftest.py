"""Real servers for the example's tests: on 127.0.0.1, at free ports, ended by their pid."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def api_url() -> Iterator[str]:
    """The finance API's base address; its token is "demo-token"."""
    server = subprocess.Popen(
        [sys.executable, "-m", "examples.finance_api", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "FINANCE_API_TOKEN": "demo-token"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        assert url, "the finance API ended before it named its address"
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        server.stdout.close()


@pytest.fixture
def environment(api_url: str, tmp_path: Path) -> dict[str, str]:
    """What the workflow run-py-local reads, and a state folder of its own; nothing of the caller's shell."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "FINANCE_API_URL": api_url,
        "API_ACCESS_REFRESH_TOKEN": "demo-token",
        "AWS_ACCESS_CLIENT_ID": "an-access-id",
        "AWS_ACCESS_CLIENT_SECRET": "an-access-secret",
        "LANDING_ROOT": str(tmp_path / "landing"),
        "WFC_RUNS_DIR": str(tmp_path / "wfruns"),
        "WORKFLOW_LOG_AUDIT_CONF": f'{{"type": "file", "path": "{tmp_path}/audits"}}',
    }


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """moto's S3 server, as a process of its own."""
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("moto_server")),
            "-H",
            "127.0.0.1",
            "-p",
            "0",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        yield _address_in(server.stderr)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)
        server.stderr.close()


def _address_in(log: IO[str]) -> str:
    """Read the log until it names the address: the port was the system's choice."""
    for line in log:
        found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", line)
        if found:
            return found.group(1)
    raise AssertionError("the server ended before it named its address")


@pytest.fixture
def repository() -> Path:
    return ROOT
