"""Two mistakes at different stages: both are told, and nothing that follows from either.

Each of the planted mistakes gets a second one in the same file: what is said of the two is what is
said of each alone. Only what makes a file unreadable as YAML hides the rest of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.mistakes.bases import case_bases, own_bases
from tests.mistakes.document import Edit, span
from tests.mistakes.kinds import KINDS
from tests.mistakes.mutants import Mutant, mutants
from wfcompile.diagnostics import Diagnostics
from wfcompile.reader import read
from wfcompile.source import SourceFile

pytestmark = pytest.mark.timeout(600)

_OF_WHOLE = re.compile(r"WF5[4-6]\d|WF38[123]")
"""What is said of a workflow without errors alone: where it may lead, and what it takes from one
that triggers it."""

Said = frozenset[tuple[str, int]]
"""Codes with their offsets."""


@dataclass(frozen=True, eq=False)
class Planted:
    """One mistake with what is said when it is alone."""

    mutant: Mutant

    @cached_property
    def said(self) -> Said:
        return _said(self.mutant, self.mutant.text)

    @cached_property
    def is_readable(self) -> bool:
        return read(SourceFile("x.yml", self.mutant.text), Diagnostics()) is not None

    @cached_property
    def place(self) -> tuple[str, int]:
        """The stage of the list of a job that it is in, or its line outside of them."""
        start, document = self.mutant.edit.start, self.mutant.document
        if "- name: Planted" in self.mutant.edit.new:
            return "planted", start
        for stage in document.stages:
            first, last = span(stage.siblings[stage.position])
            if stage.depth == 0 and first <= start < last:
                return "stage", first
        return "line", document.line(start)

    def said_beside(self, other: Planted) -> Said:
        """The same, in the text that has the other mistake, too."""
        own, edit = self.mutant.edit, other.mutant.edit
        end = edit.end + (_growth(own) if own.end <= edit.start else 0)
        return frozenset(
            (code, at + (_growth(edit) if at >= end else 0)) for code, at in self.said
        )


def _growth(edit: Edit) -> int:
    return len(edit.new) - (edit.end - edit.start)


def _said(mutant: Mutant, text: str) -> Said:
    return frozenset(
        (each.code, each.span.start) for each in mutant.base.check_text(text)
    )


def _both(first: Planted, second: Planted) -> str:
    text = first.mutant.document.text
    edits = (first.mutant.edit, second.mutant.edit)
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def _pairs(planted: Sequence[Planted]) -> Iterator[tuple[Planted, Planted]]:
    """Each with one of the others of its file, or else with another mistake there."""
    of_file: dict[str, list[Planted]] = {}
    for each in planted:
        of_file.setdefault(each.mutant.base.name, []).append(each)
    for first in planted:
        chance = random.Random(first.mutant.kind + first.mutant.base.name)
        others = [*of_file[first.mutant.base.name]]
        chance.shuffle(others)
        for second in (*others, *_further(first.mutant, chance)):
            if _fit(first, second):
                yield first, second
                break


def _further(mutant: Mutant, chance: random.Random) -> Iterator[Planted]:
    kinds = list(KINDS)
    chance.shuffle(kinds)
    for kind in kinds:
        for edit in KINDS[kind](mutant.document, chance):
            yield Planted(Mutant(kind, mutant.base, mutant.document, edit))


def _fit(first: Planted, second: Planted) -> bool:
    """Whether each is at a stage of its own, and both leave what the other is about."""
    one, two = sorted((first, second), key=lambda each: each.mutant.edit.start)
    if first.place == second.place or one.mutant.edit.end >= two.mutant.edit.start:
        return False
    if not second.is_readable:
        return False
    text = _both(first, second)
    lines = [
        {text.count("\n", 0, at) for _, at in each.said_beside(other)}
        for each, other in ((first, second), (second, first))
    ]
    return lines[0].isdisjoint(lines[1])


def test_both_of_two_mistakes_are_told_and_nothing_else(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    bases = (*own_bases(tmp_path), *case_bases(tmp_path))
    planted = [Planted(each) for each in mutants([b for b in bases if not b.check()])]
    pairs = list(_pairs([each for each in planted if each.is_readable]))
    wrong = []
    for first, second in pairs:
        expected = first.said_beside(second) | second.said_beside(first)
        found = _said(first.mutant, _both(first, second))
        if found > expected or any(
            not _OF_WHOLE.fullmatch(code) for code, _ in expected ^ found
        ):
            kinds = f"{first.mutant.kind} and {second.mutant.kind}"
            hidden, further = sorted(expected - found), sorted(found - expected)
            wrong.append((kinds, first.mutant.base.name, hidden, further))
    record_property("pairs of mistakes", f"{len(pairs)}, {len(wrong)} told wrongly")
    assert wrong == []
    assert len(pairs) >= 300
