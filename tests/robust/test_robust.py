"""Mutants of the cases, and files that are meant to hurt: exit 0 or 1, soon, in little memory.

A small number of mutants, the same ones each time; `make robust NUMBER=100000` is for more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.robust.bombs import BOMBS
from tests.robust.campaign import Campaign
from tests.robust.worker import MOST_MB, Outcome, Trial
from tests.robust.yardstick import slowness

NUMBER = 400
FOUND_BEFORE = [13775, 76414]
"""Mutants that were answered by a traceback, or not in time."""
REAL = [
    "a billion laughs",
    "deep lists",
    "a large quoted scalar",
    "a large Python block",
]
"""Bombs for the command itself: a start of it takes some time."""
LIMIT_S = 3.0
"""Of processor time, with the start: 2 s on a machine that does nothing else."""


@pytest.fixture(scope="module")
def campaign() -> Iterator[Campaign]:
    with Campaign.opened() as campaign:
        yield campaign


def findings(campaign: Campaign, numbers: range) -> list[str]:
    found: list[str] = []

    def note(number: int, trial: Trial, outcome: Outcome) -> None:
        found.append(f"{number}: {outcome.cause}\n{outcome.said}\n{trial.text[:2000]}")

    campaign.run(numbers, note)
    return found


@pytest.mark.xdist_group("robust")
def test_a_mutant_is_checked_like_any_file(campaign: Campaign) -> None:
    assert findings(campaign, range(NUMBER)) == []


@pytest.mark.xdist_group("robust")
@pytest.mark.parametrize("number", FOUND_BEFORE)
def test_a_mutant_that_was_too_much_once(number: int, campaign: Campaign) -> None:
    assert findings(campaign, range(number, number + 1)) == []


@pytest.mark.xdist_group("robust")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_no_harm(name: str, campaign: Campaign) -> None:
    outcome = campaign.try_out(Trial(0, BOMBS[name](), "text"))
    assert outcome.cause == "", outcome.said


@pytest.mark.parametrize("name", REAL)
def test_a_bomb_does_no_harm_to_the_command(name: str, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "bomb.yml").write_text(BOMBS[name](), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "wfcompile", "check"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode in (0, 1), said) == (True, b"")
    assert used.ru_utime + used.ru_stime < LIMIT_S * slowness()
    assert used.ru_maxrss / 1024 < MOST_MB
