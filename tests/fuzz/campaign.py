"""Many workflows, tried one after the other, and what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.trial import Bench, Outcome, Sample
from tests.fuzz.workflows import samples

VERDICTS = ("agreed", "explained", "unexplained", "invalid")


class Campaign:
    """Attributes:
    findings: the workflows on which the two do not agree, or that the interpreter refuses.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.counts: Counter[str] = Counter()
        self.findings: list[tuple[Sample, Outcome]] = []

    def run(self, number: int, start: int) -> None:
        """Equal numbers give equal workflows."""

        @seed(start)
        @settings(
            max_examples=number,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(samples())
        def try_out(sample: Sample) -> None:
            outcome = self._bench.try_out(sample)
            self.counts[outcome.verdict] += 1
            if outcome.verdict in ("unexplained", "invalid"):
                self.findings.append((sample, outcome))

        try_out()


def numbers(counts: Mapping[str, int]) -> str:
    shown = (f"{counts[each]} {each}" for each in VERDICTS)
    return f"{sum(counts.values())} compared: {', '.join(shown)}"
