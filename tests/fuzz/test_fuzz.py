"""Random workflows give the same by the interpreter and compiled: 500 here, more by `make fuzz`.

Ten parts, so that the processes of pytest-xdist share them; the workflows are always the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.campaign import Campaign
from tests.fuzz.trial import INTERPRETER, Bench, case_text

PARTS = 10
WORKFLOWS_A_PART = 50


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    assert INTERPRETER.exists(), "the interpreter is not installed: make unit"
    with Bench() as bench:
        yield bench


@pytest.mark.parametrize("part", range(PARTS))
def test_modules_do_what_the_interpreter_does(part: int, bench: Bench) -> None:
    campaign = Campaign(bench)
    campaign.run(WORKFLOWS_A_PART, part)
    found = [f"{each.said}\n{case_text(each.case)}" for _, each in campaign.findings]
    assert found == [], "\n\n".join(found)
    assert campaign.counts["agreed"] >= WORKFLOWS_A_PART // 2
