"""The smallest workflow that still shows a finding: parts are taken out while it does."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.fuzz.trial import Sample


def shrunk(
    sample: Sample, shows: Callable[[Sample], bool], *, limit_s: float
) -> Sample:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        for smaller in _smaller(sample):
            if time.monotonic() > deadline:
                return sample
            if shows(smaller):
                sample = smaller
                break
        else:
            return sample
    return sample


def _smaller(sample: Sample) -> Iterator[Sample]:
    """With one entry less, the large ones first."""
    for path in sorted(_paths(sample.document), key=len):
        document = copy.deepcopy(sample.document)
        owner: Any = document
        for step in path[:-1]:
            owner = owner[step]
        del owner[path[-1]]
        yield replace(sample, document=document)


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    else:
        return
    for key, item in entries:
        yield (*above, key)
        yield from _paths(item, (*above, key))
