"""The table of kinds of mistakes: what plants them, one function a kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.mistakes.document import Document, Edit

Plant = Callable[[Document, random.Random], Iterator[Edit]]

KINDS: dict[str, Plant] = {}


def kind(plant: Plant) -> Plant:
    """The name of the function, with spaces, is that of the kind."""
    KINDS[plant.__name__.replace("_", " ")] = plant
    return plant


def planted(name: str, *lines: str, at: int) -> None:
    """A kind that is a whole stage with the mistake in its line `at`, from 1."""

    def plant(document: Document, _: random.Random) -> Iterator[Edit]:
        return document.plant(*lines, at=at)

    KINDS[name] = plant


def replaced(name: str, pattern: str, new: str) -> None:
    r"""A kind that is each match of a pattern, written anew; `\1` is a group of it."""

    def plant(document: Document, _: random.Random) -> Iterator[Edit]:
        return document.replace_all(pattern, new)

    KINDS[name] = plant
