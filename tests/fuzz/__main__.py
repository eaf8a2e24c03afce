"""A long run: `python -m tests.fuzz [NUMBER] [SEED]`; what it finds goes to tests/fuzz/found/.

The first workflow of each cause is made smaller before it is written there.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.fuzz.campaign import Campaign, numbers
from tests.fuzz.shrink import shrunk
from tests.fuzz.trial import Bench, Outcome, Sample, case_text

FOUND = Path(__file__).parent / "found"
STEP = 100
SHRINK_S = 30.0
MOST_KEPT = 20


def main(number: int, seed: int) -> int:
    with Bench() as bench:
        return _run(bench, number, seed)


def _run(bench: Bench, number: int, seed: int) -> int:
    counts: Counter[str] = Counter()
    causes: set[str] = set()
    for done in range(0, number, STEP):
        campaign = Campaign(bench)
        campaign.run(min(STEP, number - done), seed + done)
        counts += campaign.counts
        for sample, outcome in campaign.findings:
            if outcome.cause not in causes and len(causes) < MOST_KEPT:
                causes.add(outcome.cause)
                _keep(bench, sample, outcome, f"{seed + done}_{len(causes)}")
        print(f"{min(done + STEP, number)} of {number}: {numbers(counts)}", flush=True)
    print(f"seed {seed}: {numbers(counts)}, {len(causes)} causes")
    return 1 if causes else 0


def _keep(bench: Bench, sample: Sample, outcome: Outcome, name: str) -> None:
    def shows(smaller: Sample) -> bool:
        return bench.try_out(smaller).cause == outcome.cause

    smallest = bench.try_out(shrunk(sample, shows, limit_s=SHRINK_S))
    if smallest.cause != outcome.cause:  # it does not show each time
        smallest = outcome
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"found_{name}.case"
    path.write_text(case_text(smallest.case), encoding="utf-8")
    path.with_suffix(".diff").write_text(smallest.said, encoding="utf-8")
    print(f"{path}: {outcome.cause}", flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [1000, 0][len(given) :])))
