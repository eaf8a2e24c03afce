"""Which mistakes are planted: some of each kind, the same ones in every run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.mistakes import code, names, references, values, yaml_traps
from tests.mistakes.bases import Base
from tests.mistakes.document import Document, Edit
from tests.mistakes.kinds import KINDS
from tests.mistakes.summary import FOUND, MISSED, WRONG_LINE

assert code and names and references and values and yaml_traps  # they fill the table

OF_A_KIND = 2


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
