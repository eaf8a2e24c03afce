"""Where the runs of tests leave their state."""

from __future__ import annotations

from pathlib import Path

import pytest
from wfruntime import secrets


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the journals; audit records are off."""
    monkeypatch.setenv("WFC_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", "false")
    return tmp_path / "runs"


@pytest.fixture(autouse=True)
def nothing_is_secret_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests of this process have registered masks nothing here."""
    monkeypatch.setattr(secrets, "_values", ())
