"""When the entries of a schedule fire: an entry and a moment in, a bool or moments out.

Five fields or six (the sixth is the year), names, ranges, steps, lists, `?`. As cron
does, a day fits when either of two restricted day fields has it, unless the entry says
all. An entry whose minute or hour begins with a star follows real time: what a zone's
clock leaves out is no time, what it shows twice is two. Any other entry means times of
the day, and its policies say what becomes of these. The compiler has checked the
expressions of emitted modules; here a mistake is a `ConfigurationError`.
"""

from __future__ import annotations

from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from .graph import Cron

MONTHS = [
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
FIELDS = {
    "minute": range(60),
    "hour": range(24),
    "day of month": range(1, 32),
    "month": range(1, 13),
    "day of week": range(8),  # 0 and 7 are Sunday
    "year": range(1990, 2101),
}
NAMES = {
    "month": {name: number for number, name in enumerate(MONTHS, 1)},
    "day of week": {name: number for number, name in enumerate(WEEKDAYS)},
}
SEARCH_DAYS = 8 * 366
"""29 February may be as far away as that: 2096 is a leap year, 2100 is none."""
RARE_DAYS = 40 * 366
"""And so one that is a Monday."""


class Times:
    """The minutes in which an entry fires, in UTC.

    Raises:
        ConfigurationError: The expression cannot be read, or the zone is not known.
    """

    __slots__ = ("_fields", "_has_both", "_has_gaps", "_zone")

    def __init__(self, cron: Cron) -> None:
        self._fields = _Fields(cron.expression, is_all=cron.day_match == "all")
        self._zone = _zone(cron.timezone)
        is_real_time = self._fields.is_real_time
        self._has_both = is_real_time or cron.fold == "both"
        self._has_gaps = not is_real_time and cron.gap == "next"

    def has(self, moment: datetime) -> bool:
        """Whether it fires in the moment's minute; a naive moment means UTC."""
        minute = slot(moment)
        try:
            local = minute.astimezone(self._zone)
            if self._fields.has(local) and (self._has_both or not local.fold):
                return True
            return self._has_gaps and self._ends_gap(minute, local)
        except OverflowError:  # the calendar's last day or first
            return False

    def after(self, moment: datetime) -> datetime | None:
        """The first minute after the moment's; None: there is none."""
        return next(self.since(moment), None)

    def since(self, moment: datetime) -> Iterator[datetime]:
        """All minutes after the moment's, in their order."""
        from datetime import timedelta

        last = slot(moment)
        held: list[datetime] = []
        try:
            # of the day before, the clock may show a part again
            first = last.astimezone(self._zone).date() - timedelta(1)
            for day in self._fields.days_from(first):
                begin = self._utc(day, 0, 0)
                for minute in held:
                    if last < minute < begin:
                        last = minute
                        yield minute
                held = sorted(
                    {*(each for each in held if each >= begin), *self._of(day)}
                )
        except OverflowError:  # the calendar's end
            pass
        yield from (minute for minute in held if minute > last)

    def _of(self, day: date) -> Iterator[datetime]:
        """Those of a day that fits, in no certain order."""
        for hour in self._fields.hours:
            for minute in self._fields.minutes:
                moment = self._utc(day, hour, minute)
                shown = moment.astimezone(self._zone)
                if (shown.hour, shown.minute) == (hour, minute):
                    yield moment
                    if self._has_both:
                        yield self._utc(day, hour, minute, fold=1)
                elif self._has_gaps:
                    # of a time that is left out, fold 1 is a minute before the gap
                    begin = self._utc(day, hour, minute, fold=1)
                    yield _end_of_gap(begin, moment, self._zone)

    def _utc(self, day: date, hour: int, minute: int, fold: int = 0) -> datetime:
        from datetime import datetime, time, timezone

        at = time(hour, minute, tzinfo=self._zone, fold=fold)
        return datetime.combine(day, at).astimezone(timezone.utc)

    def _ends_gap(self, minute: datetime, local: datetime) -> bool:
        """Whether the minute is the first one after a gap that holds a time of the entry."""
        from datetime import timedelta

        step = timedelta(minutes=1)
        time = (minute - step).astimezone(self._zone).replace(tzinfo=None) + step
        end = local.replace(tzinfo=None)
        while time < end:
            if self._fields.has(time):
                return True
            time += step
        return False


def _end_of_gap(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The first minute with the offset of `high`, which `low` has not."""
    from datetime import timedelta

    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def slot(moment: datetime) -> datetime:
    """The moment's minute in UTC: what one run of a schedule is known by."""
    return _utc(moment).replace(second=0, microsecond=0)


class _Fields:
    """The values of each field; () where it leaves all open."""

    def __init__(self, expression: str, *, is_all: bool) -> None:
        texts = expression.split()
        if len(texts) not in (5, 6):
            raise ConfigurationError(
                f'cron expression "{expression}" has {len(texts)} fields, not 5 or 6'
            )
        try:
            values = [
                _values(name, text) for name, text in zip(FIELDS, texts, strict=False)
            ]
        except ValueError as error:
            raise ConfigurationError(
                f'cron expression "{expression}": {error}'
            ) from None
        self.minutes = values[0] or FIELDS["minute"]
        self.hours = values[1] or FIELDS["hour"]
        self.days, self.months, self.weekdays = values[2:5]
        self.years = values[5] if len(values) == 6 else ()
        self.is_real_time = texts[0][0] == "*" or texts[1][0] == "*"
        self.is_all = is_all

    def has(self, time: datetime) -> bool:
        return (
            time.minute in self.minutes
            and time.hour in self.hours
            and self.has_day(time.date())
        )

    def has_day(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.years and day.year not in self.years:
            return False
        in_month = day.day in self.days
        in_week = day.isoweekday() % 7 in self.weekdays
        if self.days and self.weekdays:
            return (in_month and in_week) if self.is_all else (in_month or in_week)
        return in_month or in_week or not (self.days or self.weekdays)

    def days_from(self, day: date) -> Iterator[date]:
        """The days that fit, this one and later, until none has come for long."""
        from datetime import timedelta

        reach = RARE_DAYS if self.is_all else SEARCH_DAYS
        last = day
        while (day - last).days < reach or self.years:
            if self.years and day.year > self.years[-1]:
                return
            if self.has_day(day):
                yield day
                last = day
            day += timedelta(1)


def _values(name: str, text: str) -> Sequence[int]:
    """What a field's text stands for, () for all."""
    if text in ("*", "*/1") or (text == "?" and name.startswith("day")):
        return ()
    values: set[int] = set()
    for part in text.split(","):
        values.update(_part(name, part))
    if name == "day of week":
        values = {value % 7 for value in values}
    return sorted(values)


def _part(name: str, text: str) -> range:
    """One of a list: a value, `a-b`, `*`, each with `/step` or without."""
    base, slash, step = text.partition("/")
    first, dash, last = base.partition("-")
    if slash and not (step.isascii() and step.isdigit() and int(step)):
        raise ValueError(f'{name} has the step "{step}", which is no number from 1 on')
    # Sunday is 0 and 7, but once only in a week
    end = 6 if name == "day of week" else FIELDS[name][-1]
    if base == "*":
        low, high = FIELDS[name][0], end
    else:
        low = _value(name, first)
        high = _value(name, last) if dash else max(low, end) if slash else low
        if name == "day of week" and dash and high == 0:
            high = 7  # up to Sunday
    if low > high:
        raise ValueError(f'{name} has the range "{base}", which runs backwards')
    return range(low, high + 1, int(step or 1))


def _value(name: str, text: str) -> int:
    known = FIELDS[name]
    named = NAMES.get(name, {}).get(text.upper())
    if named is not None:
        return named
    if text.isascii() and text.isdigit() and int(text) in known:
        return int(text)
    raise ValueError(
        f'{name} has "{text}", which is not from {known[0]} to {known[-1]}'
    )


def _utc(moment: datetime) -> datetime:
    from datetime import timezone

    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        from datetime import timezone

        return timezone.utc
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigurationError(
            f'time zone "{name}" is not known here; '
            "if it exists, install the package tzdata"
        ) from None
