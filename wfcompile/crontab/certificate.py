"""Whether the lines of a crontab and the module together run each minute that a schedule means.

Three answers are held against each other: the minutes that the reference finds, those in which
cron starts one of the lines, and those that the emitted module runs when it is started.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wfcompile import ir
from wfcompile.crontab.reference import Piece, Span, minutes_of, numbers, pieces
from wfcompile.crontab.uncovered import times_of

_MOST = 20_000
"""Of more minutes the module is asked only around changes of a clock; else it is the same day
again and again."""
_AROUND = 2 * 24 * 60


@dataclass(frozen=True, slots=True)
class Certificate:
    """Minutes of one entry.

    Attributes:
        intended: how many the entry means.
        covered: of them, how many some line starts.
        extra: starts in which the module does nothing.
        lost: meant, but not started, or refused by the module.
        doubled: started and run by the module, but not meant.
        asked: in how many the module was asked.
    """

    intended: int
    covered: int
    extra: int
    lost: tuple[datetime, ...]
    doubled: tuple[datetime, ...]
    asked: int


def certify(
    schedule: ir.Schedule, lines: Sequence[str], host_zone: str, span: Span
) -> Certificate:
    """
    Args:
        lines: the five fields of each line that starts the module for the entry.
    """
    clock, host = pieces(schedule.timezone, span), pieces(host_zone, span)
    meant = minutes_of(
        schedule.expression,
        clock,
        span,
        gap=schedule.gap,
        fold=schedule.fold,
        day_match=schedule.day_match,
    )
    started = 0
    for line in lines:
        # of lines with fixed times, cron starts those of a gap behind it, of a repeat once
        started |= minutes_of(line, host, span, gap="next", fold="first")
    asked = _asked(meant, [*clock, *host], span)
    run = _run(schedule, asked, span)
    lost = meant & ~started | meant & asked & ~run
    doubled = run & started & asked & ~meant
    return Certificate(
        intended=meant.bit_count(),
        covered=(meant & started).bit_count(),
        extra=(started & ~meant).bit_count(),
        lost=tuple(map(span.moment, numbers(lost))),
        doubled=tuple(map(span.moment, numbers(doubled))),
        asked=asked.bit_count(),
    )


def _asked(meant: int, clock: Sequence[Piece], span: Span) -> int:
    """All minutes, or those around the changes and at the beginning."""
    whole = (1 << span.minutes) - 1
    if meant.bit_count() <= _MOST:
        return whole
    asked = 0
    for piece in clock:
        asked |= ((1 << 2 * _AROUND) - 1) << max(piece.begin - _AROUND, 0)
    return asked & whole


def _run(schedule: ir.Schedule, asked: int, span: Span) -> int:
    """What the module runs of the minutes that are asked."""
    times, row = times_of(schedule), bytearray(span.minutes // 8 + 1)
    for begin, end in _stretches(asked):
        for moment in times.since(span.moment(begin - 1)):
            minute = (moment - span.begin) // timedelta(minutes=1)
            if minute >= end:
                break
            row[minute >> 3] |= 1 << (minute & 7)
    return int.from_bytes(row, "little")


def _stretches(row: int) -> Iterator[tuple[int, int]]:
    """Runs of minutes that are set: the first one, and that after the last one."""
    minute = 0
    while rest := row >> minute:
        begin = minute + (rest & -rest).bit_length() - 1
        tail = row >> begin
        minute = begin + (~tail & (tail + 1)).bit_length() - 1
        yield begin, minute
