"""Further lines for the minutes that a schedule's lines do not start where a clock changes.

A line is right at a distance of two zones. Where a clock jumps, a schedule may mean a minute that
is at none: the first one behind the jump, for the times that it leaves out; one between the
changes of two zones on one day; one of an hour that the host's clock shows again, in which cron
does not start lines with fixed hours and minutes a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from wfruntime import Cron
from wfruntime.cron import Times

from wfcompile import ir
from wfcompile.crontab.zones import YEARS
from wfcompile.resolve.cron_values import Fields, read_fields

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_LONGEST_REPEAT = timedelta(hours=3)


def further_lines(
    schedule: ir.Schedule, lines: Iterable[str], host_zone: str, year: int
) -> tuple[str, ...]:
    """The five fields of each, for the years from `year` on that `YEARS` counts.

    Args:
        lines: the five fields of the lines that there are.
    """
    host = ZoneInfo(host_zone)
    started = [_CronLine(fields) for fields in lines]
    left = [
        local
        for local in _near_changes(schedule, host, year)
        if not any(line.starts(local) for line in started)
    ]
    return tuple(_lines(left))


def times_of(schedule: ir.Schedule) -> Times:
    """The minutes of a schedule, as the emitted module has them."""
    return Times(
        Cron(
            schedule.expression,
            timezone=schedule.timezone,
            gap=schedule.gap,
            fold=schedule.fold,
            day_match=schedule.day_match,
        )
    )


class _CronLine:
    """A line as Debian's cron reads it."""

    def __init__(self, text: str) -> None:
        self.fields: Fields = read_fields(text)
        minute, hour = text.split()[:2]
        self.is_real_time = minute.startswith("*") or hour.startswith("*")
        day, _, weekday = text.split()[2:]
        self.is_either = "*" not in (day, weekday)

    def starts(self, local: datetime) -> bool:
        """Whether in the minute of the host's clock, a second showing of which has `fold` 1."""
        if local.fold and not self.is_real_time:
            return False
        fields = self.fields
        in_month = local.day in fields.days
        in_week = local.isoweekday() % 7 in fields.weekdays
        has_day = in_month or in_week if self.is_either else in_month and in_week
        return (
            has_day
            and local.month in fields.months
            and local.hour in fields.hours
            and local.minute in fields.minutes
        )


def _near_changes(
    schedule: ir.Schedule, host: ZoneInfo, year: int
) -> Iterator[datetime]:
    """Minutes of the schedule on the host's clock, from a change on until all is as usual."""
    ours = changes(schedule.timezone, year)
    all_changes = sorted({*ours, *changes(host.key, year)})
    times = times_of(schedule)
    for change in all_changes:
        near = [each for each in all_changes if change <= each < change + _DAY]
        end = near[-1] + _LONGEST_REPEAT
        for minute in times.since(change - _MINUTE):
            if minute >= end:
                break
            yield minute.astimezone(host)


@cache
def changes(zone: str, year: int) -> Sequence[datetime]:
    """The first minutes of a new offset, in UTC, from the year on."""
    info = ZoneInfo(zone)
    moment = datetime(year, 1, 1, tzinfo=timezone.utc)
    found = []
    for _ in range(YEARS * 366):
        if info.utcoffset(moment.astimezone(info)) != info.utcoffset(
            (moment + _DAY).astimezone(info)
        ):
            found.append(_change(moment, moment + _DAY, info))
        moment += _DAY
    return found


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > _MINUTE:
        middle = low + (high - low) // (2 * _MINUTE) * _MINUTE
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


# --- printing ---


def _lines(left: Iterable[datetime]) -> Iterator[str]:
    """Days are a range from the first to the last one of the month: a rule such as the last
    Sunday moves through them."""
    days: Mapping[tuple[int, int, int], set[int]] = defaultdict(set)
    repeated = set()
    for local in left:
        key = (local.month, local.hour, local.minute)
        days[key].add(local.day)
        if local.fold:
            repeated.add(key)
    minutes: Mapping[tuple[int, int, str, bool], set[int]] = defaultdict(set)
    for (month, hour, minute), found in sorted(days.items()):
        span = f"{min(found)}-{max(found)}" if len(found) > 1 else str(min(found))
        is_again = (month, hour, minute) in repeated
        minutes[month, hour, span, is_again].add(minute)
    for (month, hour, span, is_again), values in minutes.items():
        texts = [str(value) for value in sorted(values)]
        # with a star cron goes by real time, and starts it in the second showing too
        minute_field = ",".join(["*/60", *texts] if is_again else texts)
        yield f"{minute_field} {hour} {span} {month} *"
