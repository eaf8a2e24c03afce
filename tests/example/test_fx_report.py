"""fx-report: its callers, and the emitted module on the positions that ship with the example."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def fx(monkeypatch: pytest.MonkeyPatch, repository: Path) -> ModuleType:
    monkeypatch.syspath_prepend(str(repository / "conf"))
    return pytest.importorskip("fx")


def test_convert_sums_up_small_exposures(fx: ModuleType) -> None:
    positions = [
        fx.Position(desk="a", currency="USD", amount=200.0),
        fx.Position(desk="b", currency="USD", amount=-50.0),
        fx.Position(desk="a", currency="EUR", amount=300.0),
        fx.Position(desk="a", currency="JPY", amount=5.0),
        fx.Position(desk="a", currency="CHF", amount=-1.0),
    ]
    rates = {"EUR": 1.0, "USD": 0.5, "JPY": 1.0, "CHF": 1.0}
    assert fx.convert(positions, "EUR", rates, min_amount=10.0) == {
        "exposures": [
            {"currency": "EUR", "amount": 300.0},
            {"currency": "USD", "amount": 75.0},
            {"currency": "other", "amount": 4.0},
        ]
    }


def test_convert_names_the_currencies_without_a_rate(fx: ModuleType) -> None:
    positions = [fx.Position(desk="a", currency="SEK", amount=1.0)]
    with pytest.raises(ValueError, match="no rate for SEK"):
        fx.convert(positions, "EUR", {"EUR": 1.0})


REPORT = """\
# FX EXPOSURE in CHF: 478,763.72

02 January 2024

| exposure to | CHF |
|---|---:|
| USD | 672,641.08 |
| EUR | -292,452.83 |
| CHF | 98,000.00 |
| other | 575.47 |
"""


def run(
    repository: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    module = repository / "build" / "fx_report.py"
    return subprocess.run(
        [sys.executable, str(module), *arguments],
        cwd=environment["HOME"],
        env=environment
        | {
            "POSITIONS_FILE": str(repository / "examples/positions.csv"),
            "REPORT_ROOT": "reports",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_writes_the_report(
    repository: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    done = run(
        repository,
        environment,
        "--param=report-date=2024-01-02",
        "--param=currency=CHF",
        "--context=context.json",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "reports/fx-2024-01-02.md").read_text() == REPORT
    jobs = json.loads((tmp_path / "context.json").read_text())["jobs"]
    assert {job_id: job["status"] for job_id, job in jobs.items()} == {
        "positions": "SUCCESS",
        "value": "SUCCESS",
        "publish": "SUCCESS",
        "alarm": "SKIP",
    }
    shown = jobs["publish"]["stages"]["show"]["outputs"]["stdout"]
    assert shown == REPORT.strip("\n")


def test_an_empty_book_fails_and_raises_the_alarm(
    repository: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    done = run(
        repository,
        environment,
        '--param=desks=["unknown"]',
        "--param=report-date=2024-01-02",
        "--context=context.json",
    )
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert "no open positions of ['unknown'] on 2024-01-02" in told
    jobs = json.loads((tmp_path / "context.json").read_text())["jobs"]
    assert {job_id: job["status"] for job_id, job in jobs.items()} == {
        "positions": "FAILED",
        "value": "SKIP",
        "publish": "SKIP",
        "alarm": "SUCCESS",
    }


def test_a_currency_that_is_no_option_is_a_usage_error(
    repository: Path, environment: dict[str, str]
) -> None:
    done = run(repository, environment, "--param=currency=USS")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "USD" in done.stderr
