"""A mistake that is planted into a clean workflow is told at its line.

`pytest tests/mistakes -s` shows how many of each kind are. Which ones are planted is the same in
every run: what changes it are other clean workflows, and other kinds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mistakes.bases import case_bases, own_bases
from tests.mistakes.kinds import KINDS
from tests.mistakes.mutants import mutants
from tests.mistakes.summary import FOUND, OUTCOMES, line

SHARE = 0.97

pytestmark = pytest.mark.timeout(600)


def test_nothing_is_wrong_with_the_clean_ones(tmp_path: Path) -> None:
    errors = {
        base.name: found
        for base in own_bases(tmp_path)
        if (found := [each for each in base.check() if each.severity == "error"])
    }
    assert errors == {}


def test_planted_mistakes_are_told_at_their_line(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    bases = (*own_bases(tmp_path), *case_bases(tmp_path))
    planted = mutants([base for base in bases if not base.check()])
    outcomes = [(mutant, mutant.outcome()) for mutant in planted]
    counts = Counter(outcome for _, outcome in outcomes)
    kinds = {mutant.kind for mutant in planted}
    record_property("planted mistakes", line(counts, len(kinds)))
    others = [mutant.shown(outcome) for mutant, outcome in outcomes if outcome != FOUND]
    print("", *others, sep="\n")
    assert sorted(counts) == sorted(set(counts) & set(OUTCOMES))
    assert set(KINDS) - kinds == set()
    assert len(planted) >= 300
    assert counts[FOUND] >= SHARE * len(planted), "\n".join(others)
