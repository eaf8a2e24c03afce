"""The emitted module build/run_py_local.py end to end, against the real API, landing in a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def module(repository: Path) -> Path:
    path = repository / "build" / "run_py_local.py"
    return path


def run(
    module: Path,
    environment: dict[str, str],
    *arguments: str,
    cwd: Path,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(module), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def outputs_of(context: dict[str, Any], job: str) -> list[tuple[object, Any]]:
    """(matrix, status and outputs) of each strategy of a job."""
    return [
        (strategy["matrix"], strategy["stages"])
        for strategy in context["jobs"][job]["strategies"].values()
    ]


GIVEN = ("--param", "source-extract=USD-THB", "--param", "run-date=2024-01-01")


def test_lands_the_rows_and_counts_the_files(
    module: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """From a working directory that is not the project's."""
    context_file = tmp_path / "context.json"
    done = run(
        module, environment, *GIVEN, "--context", str(context_file), cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr

    table = tmp_path / "landing/open-data/USD-THB/curated/20240101.csv"
    rows = table.read_text().splitlines()
    assert rows[0] == "pair,time,rate.bid,rate.ask,venue.city,venue.country,tags"
    assert len(rows) == 11

    context = json.loads(context_file.read_text())
    assert context["status"] == "SUCCESS"
    api_stages = context["jobs"]["getting-api-data"]["stages"]
    assert api_stages["retrieve-api"]["outputs"] == {"records": 10}
    counted = {
        (stage["matrix"]["layer"], stage["matrix"]["format"]): (
            stage["stages"]["count-files"]["outputs"]["stdout"].strip()
        )
        for stage in context["jobs"]["check-landing"]["strategies"].values()
    }
    assert counted == {
        ("raw", "csv"): "0",
        ("raw", "json"): "1",
        ("curated", "csv"): "1",
        ("curated", "json"): "0",
    }
    picked = context["jobs"]["report"]["stages"]["pick"]["outputs"]
    assert picked == {"base": "USD", "pairs": ["USD-EUR", "USD-JPY"]}


def test_secrets_are_in_nothing_that_is_written(
    module: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    context_file = tmp_path / "context.json"
    done = run(
        module, environment, *GIVEN, "--context", str(context_file), cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(list((tmp_path / "wfruns").rglob("*.jsonl"))) == 1
    for secret in ("demo-token", "an-access-secret"):
        assert not [
            text for text in [done.stdout, done.stderr, *written] if secret in text
        ]


def test_a_weekend_lands_nothing_and_skips_the_count(
    module: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    context_file = tmp_path / "context.json"
    given = ("--param", "source-extract=USD-THB", "--param", "run-date=2024-01-06")
    done = run(
        module, environment, *given, "--context", str(context_file), cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    context = json.loads(context_file.read_text())
    counts = context["jobs"]["check-landing"]["strategies"].values()
    assert [s["stages"]["count-files"]["status"] for s in counts] == ["SKIP"] * 4
    assert not (tmp_path / "landing").exists()


def test_a_refused_token_fails_the_run_at_the_yaml_line(
    module: Path, environment: dict[str, str], tmp_path: Path, repository: Path
) -> None:
    environment["API_ACCESS_REFRESH_TOKEN"] = "another-token"
    done = run(module, environment, *GIVEN, cwd=tmp_path)
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert "answered 401 Unauthorized" in told
    assert "another-token" not in told
    lines = (repository / "conf/run-py-local.yml").read_text().splitlines()
    line = 1 + lines.index('            - name: "Retrieve API Data"')
    assert f"conf/run-py-local.yml:{line}" in told


def test_a_missing_variable_is_named_before_anything_runs(
    module: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    del environment["API_ACCESS_REFRESH_TOKEN"]
    done = run(module, environment, *GIVEN, cwd=tmp_path)
    told = done.stdout + done.stderr
    assert done.returncode in (1, 2), told
    assert "API_ACCESS_REFRESH_TOKEN" in told
    assert "conf/run-py-local.yml:" in told
    assert not (tmp_path / "landing").exists()


def test_an_unknown_param_is_a_usage_error(
    module: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    done = run(module, environment, *GIVEN, "--param", "run-dat=x", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "run-date" in done.stderr
