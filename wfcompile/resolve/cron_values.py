"""The five fields of a cron expression <-> the values that they stand for.

Expressions were checked before. Fields are printed from their values, so that what comes out is
what a plain cron reads: no `?`, no names, and a star before a step only where cron does not take
it for more (`*/2` as the day of the month beside a weekday would mean "and").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MINUTES, HOURS, DAYS, MONTHS = range(60), range(24), range(1, 32), range(1, 13)
WEEKDAYS = range(7)
OPEN = ("*", "*/1", "?")


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of the five fields; Sunday is 0."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]


def read_fields(expression: str) -> Fields:
    """The values of an expression; a year as the sixth field is left out.

    Days and weekdays, both restricted, mean either; so when one of them lists all there are, every
    day is meant.
    """
    minute, hour, day, month, weekday = expression.split()[:5]
    days, weekdays = _values(day, DAYS), _values(weekday, WEEKDAYS)
    weekdays = frozenset(value % 7 for value in weekdays)
    is_either = day not in OPEN and weekday not in OPEN
    if is_either and (len(days) == len(DAYS) or len(weekdays) == len(WEEKDAYS)):
        days, weekdays = frozenset(DAYS), frozenset(WEEKDAYS)
    return Fields(
        _values(minute, MINUTES),
        _values(hour, HOURS),
        days,
        _values(month, MONTHS),
        weekdays,
    )


def _values(field: str, allowed: range) -> frozenset[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span in OPEN:
            values.update(allowed[:: int(step or 1)])
        elif dash:
            # a week may end with Sunday
            end = int(last) or (7 if allowed == WEEKDAYS and int(first) else 0)
            values.update(range(int(first), end + 1, int(step or 1)))
        elif step:
            values.update(range(int(first), allowed[-1] + 1, int(step)))
        else:
            values.add(int(first))
    return frozenset(values)


def spelled(values: Collection[int], allowed: range) -> str:
    """A field; only minutes and hours are written with a star and a step.

    >>> spelled([0, 15, 30, 45], MINUTES), spelled([1, 2, 3, 5], WEEKDAYS)
    ('*/15', '1-3,5')
    """
    ordered = sorted(values)
    if len(ordered) == len(allowed):
        return "*"
    step = _step(ordered)
    if step > 1:
        first, last = ordered[0], ordered[-1]
        is_all = first == allowed[0] and last + step > allowed[-1]
        if is_all and allowed in (MINUTES, HOURS):
            return f"*/{step}"
        return f"{first}-{last}/{step}"
    return ",".join(_runs(ordered))


def _step(ordered: Sequence[int]) -> int:
    """The one distance between three values or more; 0 when there is none."""
    distances = {after - before for before, after in pairwise(ordered)}
    return distances.pop() if len(ordered) > 2 and len(distances) == 1 else 0


def _runs(ordered: Iterable[int]) -> Iterator[str]:
    """
    >>> list(_runs([1, 2, 3, 5, 6]))
    ['1-3', '5', '6']
    """
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        if len(values) > 2:
            yield f"{values[0]}-{values[-1]}"
        else:
            yield from map(str, values)
