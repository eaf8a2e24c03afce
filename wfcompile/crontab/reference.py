"""The minutes that an expression means over years, by a way that shares nothing with the others.

It reads the fields by itself, writes them down as a row of bits of a zone's clock, one a minute,
and lays that row onto UTC, piece by piece between the changes that `zoneinfo` shows. What crontab
lines and emitted modules do is held against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
_PAD = 2 * DAY_MINUTES
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7), (1990, 2100))


@dataclass(frozen=True, slots=True)
class Span:
    """Whole years; a minute is known by its number from their beginning, in UTC."""

    first_year: int
    years: int

    @property
    def begin(self) -> datetime:
        return datetime(self.first_year, 1, 1, tzinfo=timezone.utc)

    @property
    def minutes(self) -> int:
        end = datetime(self.first_year + self.years, 1, 1, tzinfo=timezone.utc)
        return (end - self.begin) // timedelta(minutes=1)

    def moment(self, minute: int) -> datetime:
        return self.begin + timedelta(minutes=minute)


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes with one offset; `jump` is by how many minutes the clock jumps at the beginning."""

    begin: int
    end: int
    offset: int
    jump: int


@cache
def pieces(zone: str, span: Span) -> tuple[Piece, ...]:
    """The span in pieces of one offset."""
    info, found = ZoneInfo(zone), []
    begin, offset, jump = 0, _offset(span, 0, info), 0
    for hour in range(0, span.minutes, 60):
        if _offset(span, hour + 59, info) == offset:
            continue
        for minute in range(hour, hour + 60):
            new = _offset(span, minute, info)
            if new != offset:
                found.append(Piece(begin, minute, offset, jump))
                begin, offset, jump = minute, new, new - offset
    return (*found, Piece(begin, span.minutes, offset, jump))


def _offset(span: Span, minute: int, zone: ZoneInfo) -> int:
    offset = span.moment(minute).astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def minutes_of(
    expression: str,
    clock: Sequence[Piece],
    span: Span,
    *,
    gap: str,
    fold: str,
    day_match: str = "any",
) -> int:
    """A row of bits: bit n is set when the expression means minute n of the span.

    With `gap` next and `fold` first it is also what Debian's cron does with a line.

    Args:
        clock: the pieces of its zone.
    """
    minute, hour = expression.split()[:2]
    is_real_time = minute.startswith("*") or hour.startswith("*")
    local = _local_row(expression, span, day_match)
    row = 0
    for piece in clock:
        shown = (local >> (piece.begin + piece.offset + _PAD)) & _ones(
            piece.end - piece.begin
        )
        if not is_real_time:
            if piece.jump < 0 and fold == "first":
                shown &= ~_ones(-piece.jump)
            if piece.jump > 0 and gap == "next":
                left_out = local >> (piece.begin + piece.offset - piece.jump + _PAD)
                shown |= bool(left_out & _ones(piece.jump))
        row |= shown << piece.begin
    return row


def numbers(row: int) -> Iterator[int]:
    """The minutes that are set, in their order."""
    for place, byte in enumerate(row.to_bytes(row.bit_length() // 8 + 1, "little")):
        if byte:
            yield from (place * 8 + bit for bit in range(8) if byte >> bit & 1)


def _ones(count: int) -> int:
    return (1 << count) - 1


def _local_row(expression: str, span: Span, day_match: str) -> int:
    """The minutes of the clock itself, from `_PAD` before the span on to as much behind it."""
    texts = expression.split()
    fields = [
        _values(text, low, high)
        for text, (low, high) in zip(texts, _BOUNDS, strict=False)
    ]
    times = sum(
        1 << (hour * 60 + minute) for hour in fields[1] for minute in fields[0]
    ).to_bytes(DAY_MINUTES // 8, "little")
    nothing = bytes(DAY_MINUTES // 8)
    is_either = "*" not in (texts[2], texts[4]) and day_match == "any"
    days = span.minutes // DAY_MINUTES + 2 * _PAD // DAY_MINUTES
    first = date(span.first_year, 1, 1) - timedelta(days=_PAD // DAY_MINUTES)
    rows = (
        times if _has(fields, first + timedelta(day), is_either) else nothing
        for day in range(days)
    )
    return int.from_bytes(b"".join(rows), "little")


def _has(fields: list[set[int]], day: date, is_either: bool) -> bool:
    in_month = day.day in fields[2]
    in_week = bool({day.isoweekday(), day.isoweekday() % 7} & fields[4])
    fits = in_month or in_week if is_either else in_month and in_week
    in_year = len(fields) < len(_BOUNDS) or day.year in fields[5]
    return fits and day.month in fields[3] and in_year


def _values(text: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin, end = (low, high) if first == "*" else (int(first), int(last or first))
        found.update(range(begin, end + 1, int(step or 1)))
    return found
