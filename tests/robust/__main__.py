"""A long run: `python -m tests.robust [NUMBER] [SEED]`; findings go to tests/robust/found/.

The first mutant of each cause, and the first that are slow, are made smaller for it.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.robust.campaign import Campaign
from tests.robust.worker import Outcome, Trial

FOUND = Path(__file__).parent / "found"
STEP = 1000
SHRINK_S = 60.0
MOST_SLOW = 5
"""Two that are slow need not have the same cause."""


def main(number: int, seed: int) -> int:
    causes: Counter[str] = Counter()
    with Campaign.opened() as campaign:

        def found(which: int, trial: Trial, outcome: Outcome) -> None:
            causes[outcome.cause] += 1
            if causes[outcome.cause] <= (MOST_SLOW if outcome.cause == "slow" else 1):
                _keep(campaign, which, trial, outcome)

        for done in range(0, number, STEP):
            until = min(done + STEP, number)
            campaign.run(range(seed + done, seed + until), found)
            print(
                f"{until} of {number}: {sum(causes.values())} findings, "
                f"slowest {campaign.slowest_s:.2f} s, peak {campaign.peak_mb:.0f} MB",
                flush=True,
            )
    for cause, times in causes.most_common():
        print(f"{times:>6} x {cause}")
    return 1 if causes else 0


def _keep(campaign: Campaign, which: int, trial: Trial, outcome: Outcome) -> None:
    FOUND.mkdir(exist_ok=True)
    small = campaign.shrunk(trial, outcome.cause, limit_s=SHRINK_S)
    path = FOUND / f"{which}.yml"
    path.write_bytes(small.text.encode("utf-8", "surrogatepass"))
    seed = campaign.seeds[trial.seed].name
    said = f"{outcome.cause}\n{seed} --format {trial.format}\n\n{outcome.said}"
    path.with_suffix(".txt").write_text(said, encoding="utf-8")
    print(f"{path}: {outcome.cause}", flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [1000, 0][len(given) :])))
