"""A long run: `python -m tests.fuzz [NUMBER] [SEED]`; what it finds goes to tests/fuzz/found/."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.fuzz.campaign import Campaign, numbers
from tests.fuzz.shrink import shrunk
from tests.fuzz.trial import Bench, Outcome, Sample, case_text

FOUND = Path(__file__).parent / "found"
STEP = 100
SHRINK_S = 45.0
MOST_SHRUNK = 10


def main(number: int, seed: int) -> int:
    with Bench() as bench:
        return _run(bench, number, seed)


def _run(bench: Bench, number: int, seed: int) -> int:
    counts: Counter[str] = Counter()
    causes: dict[str, tuple[Sample, Outcome]] = {}
    done = 0
    while done < number:
        campaign = Campaign(bench)
        campaign.run(min(STEP, number - done), seed + done)
        counts += campaign.counts
        done += STEP
        for sample, outcome in campaign.findings:
            causes.setdefault(outcome.cause, (sample, outcome))
        print(f"{min(done, number)} of {number}: {numbers(counts)}", flush=True)
    for sample, outcome in list(causes.values())[:MOST_SHRUNK]:
        _keep(bench, sample, outcome, seed)
    print(f"seed {seed}: {numbers(counts)}, {len(causes)} causes")
    return 1 if causes else 0


def _keep(bench: Bench, sample: Sample, outcome: Outcome, seed: int) -> None:
    def shows(smaller: Sample) -> bool:
        return bench.try_out(smaller).cause == outcome.cause

    smallest = bench.try_out(shrunk(sample, shows, limit_s=SHRINK_S))
    FOUND.mkdir(exist_ok=True)
    number = len(list(FOUND.glob("*.case")))
    path = FOUND / f"found_{seed}_{number}.case"
    path.write_text(case_text(smallest.case), encoding="utf-8")
    print(
        f"\n{path}\n{smallest.said}\n{smallest.case.conf['workflow.yml']}", flush=True
    )


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [1000, 0][len(given) :])))
