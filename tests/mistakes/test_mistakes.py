"""A mistake that is planted into a clean workflow is told at its line.

`pytest tests/mistakes -s` shows how many of each kind are. Which ones are planted is the same in
every run: what changes it are other clean workflows, and other kinds.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mistakes import code, names, references, values, yaml_traps
from tests.mistakes.bases import Base, case_bases, own_bases
from tests.mistakes.document import Document, Edit
from tests.mistakes.kinds import KINDS
from tests.mistakes.summary import FOUND, MISSED, OUTCOMES, WRONG_LINE, line

assert code and names and references and values and yaml_traps  # they fill the table

OF_A_KIND = 2
SHARE = 0.97

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Mutant:
    kind: str
    base: Base
    document: Document
    edit: Edit

    @property
    def text(self) -> str:
        text, edit = self.document.text, self.edit
        return text[: edit.start] + edit.new + text[edit.end :]

    def outcome(self) -> str:
        lines = {each.span.first.line for each in self.base.check_text(self.text)}
        if lines & self.edit.lines:
            return FOUND
        return WRONG_LINE if lines else MISSED

    def shown(self, outcome: str) -> str:
        where = "/".join(map(str, sorted(self.edit.lines)))
        return f"{outcome}: {self.kind}, {self.base.name}:{where}: {self.edit.new!r}"


def mutants(bases: Sequence[Base]) -> list[Mutant]:
    """Some of each kind, taken by chance from all places where it can be."""
    documents = [(base, Document(base.file.read_text("utf-8"))) for base in bases]
    taken = []
    for kind, plant in KINDS.items():
        chance = random.Random(kind)
        found = [
            Mutant(kind, base, document, edit)
            for base, document in documents
            for edit in plant(document, chance)
        ]
        taken += chance.sample(found, min(OF_A_KIND, len(found)))
    return taken


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
    record_property("mistakes", line(counts, len(kinds)))
    others = [mutant.shown(outcome) for mutant, outcome in outcomes if outcome != FOUND]
    print("", *others, sep="\n")
    assert sorted(counts) == sorted(set(counts) & set(OUTCOMES))
    assert set(KINDS) - kinds == set()
    assert len(planted) >= 300
    assert counts[FOUND] >= SHARE * len(planted), "\n".join(others)
