"""Where the runs of tests leave their state."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the journals; audit records are off."""
    monkeypatch.setenv("WFC_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("WORKFLOW_LOG_AUDIT_ENABLE_WRITE", "false")
    return tmp_path / "runs"
