"""The named schedules of all files -> one table, in which each name means one schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wfcompile.diagnostics import Diagnostics
from wfcompile.models import Schedule
from wfcompile.nodes import Entry
from wfcompile.resolve.schedule_names import defined_twice


def join_schedules(
    files: Iterable[Mapping[str, Schedule]], diagnostics: Diagnostics
) -> dict[str, Schedule]:
    """Name -> schedule.

    Adds WF349 (a name in two files); no workflow can use such a name.

    Args:
        files: the named schedules of each file, in the order of the files.
    """
    joined: dict[str, Schedule] = {}
    for schedules in files:
        for name, schedule in schedules.items():
            first = joined.setdefault(name, schedule)
            if first is not schedule:
                joined[name] = _doubled(name, first, schedule, diagnostics)
    return joined


def _doubled(
    name: str, first: Schedule, other: Schedule, diagnostics: Diagnostics
) -> Schedule:
    """What stands for the first one where it is named."""
    assert first.key is not None and other.key is not None
    twice = defined_twice(name, first.key.span, other.key.span)
    diagnostics.add(twice)
    entry = Entry(first.key, first.node)
    return Schedule.broken(entry, (*first.mistakes, twice))
