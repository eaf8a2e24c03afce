"""housekeeping: the emitted module on real folders with old and new files."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

AS_OF = datetime(2024, 6, 30, tzinfo=timezone.utc)
FILES = {
    "open-data/USD-THB/raw/20240101.json": 150,
    "open-data/USD-THB/raw/20240629.json": 1,
    "open-data/USD-THB/raw/20240101.csv": 150,
    "open-data/USD-THB/curated/a name with spaces; rm -rf $HOME.csv": 31,
    "open-data/USD-THB/curated/20240601.csv": 29,
    "open-data/USD-THB/curated/20240101.jsonl": 150,
    "open-data/USD-THB/other/20240101.csv": 150,
}
"""File below the landing -> its age in days."""

OLD = [
    "open-data/USD-THB/curated/20240101.jsonl",
    "open-data/USD-THB/curated/a name with spaces; rm -rf $HOME.csv",
    "open-data/USD-THB/raw/20240101.json",
]
"""What the matrix covers: not raw/*.csv, which is excluded, and no other layer."""


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    landing = tmp_path / "landing"
    for name, age_days in FILES.items():
        file = landing / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        changed = AS_OF.timestamp() - age_days * 86400
        os.utime(file, (changed, changed))
    return landing


def run(
    repository: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    module = repository / "build" / "housekeeping.py"
    return subprocess.run(
        [sys.executable, str(module), "--param=as-of=2024-06-30", *arguments],
        cwd=environment["HOME"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def files_in(landing: Path) -> list[str]:
    return sorted(
        str(path.relative_to(landing)) for path in landing.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("mode", ["list", "delete"])
def test_removes_old_files_only_when_told_to(
    repository: Path, environment: dict[str, str], landing: Path, mode: str
) -> None:
    done = run(repository, environment, f"--param=mode={mode}")
    assert done.returncode == 0, done.stdout + done.stderr
    gone = set(OLD) if mode == "delete" else set()
    assert files_in(landing) == sorted(FILES.keys() - gone)


def test_a_landing_that_was_never_used_is_no_error(
    repository: Path, environment: dict[str, str]
) -> None:
    done = run(repository, environment, "--param=mode=delete")
    assert done.returncode == 0, done.stdout + done.stderr


def test_refuses_a_short_retention(
    repository: Path, environment: dict[str, str], landing: Path
) -> None:
    done = run(
        repository, environment, "--param=mode=delete", "--param=retention-days=1"
    )
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert "retention-days must be at least 7, not 1" in told
    assert files_in(landing) == sorted(FILES)
