"""Numbers of mutants -> what is wrong with them; the same numbers are the same mutants."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.robust.mutations import mutant
from tests.robust.seeds import seeds
from tests.robust.worker import Outcome, Trial, Worker

FORMATS = ("text", "text", "json", "github", "sarif", "concise", "diff")

TRIES = 3

Found = Callable[[int, Trial, Outcome], None]


class Campaign:
    """Attributes:
    slowest_s, peak_mb: of all trials.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.seeds = seeds()
        self._texts = [seed.text for seed in self.seeds]
        self.slowest_s = 0.0
        self.peak_mb = 0.0

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Campaign]:
        with (
            tempfile.TemporaryDirectory() as folder,
            Worker(seeds(), Path(folder)) as worker,
        ):
            yield cls(worker)

    def trial(self, number: int) -> Trial:
        random = Random(number)
        seed = random.randrange(len(self.seeds))
        text = mutant(self._texts[seed], random, self._texts)
        return Trial(seed, text, random.choice(FORMATS), random.random() < 0.2)

    def run(self, numbers: range, found: Found) -> None:
        for number in numbers:
            trial = self.trial(number)
            outcome = self.try_out(trial)
            if outcome.cause:
                found(number, trial, outcome)

    def try_out(self, trial: Trial) -> Outcome:
        """What is slow is tried again: a machine that does other work takes longer at times."""
        for _ in range(TRIES):
            outcome = self._worker.try_out(trial)
            if outcome.cause != "slow":
                break
        self.slowest_s = max(self.slowest_s, outcome.cpu_s)
        self.peak_mb = max(self.peak_mb, outcome.peak_mb)
        return outcome

    def shrunk(self, trial: Trial, cause: str, *, limit_s: float) -> Trial:
        """The smallest text found that has the same cause: pieces are taken out, large ones first."""
        deadline = time.monotonic() + limit_s
        size = max(1, len(trial.text) // 2)
        while size and time.monotonic() < deadline:
            at = 0
            while at < len(trial.text) and time.monotonic() < deadline:
                text = trial.text[:at] + trial.text[at + size :]
                smaller = replace(trial, text=text)
                if self._worker.try_out(smaller).cause == cause:
                    trial = smaller
                else:
                    at += size
            size //= 2
        return trial
