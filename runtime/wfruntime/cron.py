"""When a cron expression fires: an expression, a time zone and a moment in, a bool out.

Five fields or six (the sixth is the year), names, ranges, steps, lists, `?`. As cron
does, a day fits when either of two restricted day fields has it. A zone's clock may
show a minute twice, then both fire, or leave it out, then none does. The compiler has
checked the expressions of emitted modules; here a mistake is a `ConfigurationError`.
"""

from __future__ import annotations

from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime, tzinfo

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


def matches(expression: str, timezone: str, moment: datetime) -> bool:
    """Whether the expression fires in the moment's minute.

    Args:
        timezone: IANA name of the zone whose clock the expression means.
        moment: Naive means UTC.

    Raises:
        ConfigurationError: The expression cannot be read, or the zone is not known.
    """
    fields = _Fields(expression)
    zone = _zone(timezone)
    try:
        local = _utc(moment).astimezone(zone)
    except OverflowError:  # the calendar's last day or first
        return False
    return (
        fields.has_day(local.date())
        and local.hour in fields.hours
        and local.minute in fields.minutes
    )


def following(expression: str, timezone: str, moment: datetime) -> datetime | None:
    """The first minute after the moment's in which the expression fires, in UTC.

    None: there is none within eight years, nor in the years that the expression names.
    """
    fields = _Fields(expression)
    zone = _zone(timezone)
    after = slot(moment)
    try:
        for day in fields.days_from(after.astimezone(zone).date()):
            later = [m for m in fields.moments(day, zone) if m > after]
            if later:
                return min(later)
    except OverflowError:  # the calendar's end
        pass
    return None


def slot(moment: datetime) -> datetime:
    """The moment's minute in UTC: what one run of a schedule is known by."""
    return _utc(moment).replace(second=0, microsecond=0)


class _Fields:
    """The values of each field; () where it leaves all open."""

    def __init__(self, expression: str) -> None:
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

    def has_day(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.years and day.year not in self.years:
            return False
        in_month = day.day in self.days
        in_week = day.isoweekday() % 7 in self.weekdays
        if self.days and self.weekdays:
            return in_month or in_week
        return in_month or in_week or not (self.days or self.weekdays)

    def days_from(self, day: date) -> Iterator[date]:
        """The days that fit, this one and later."""
        from datetime import timedelta

        reach = SEARCH_DAYS
        if self.years:
            reach = (self.years[-1] - day.year + 1) * 366
        for days in range(reach):
            if self.has_day(day + timedelta(days)):
                yield day + timedelta(days)

    def moments(self, day: date, zone: tzinfo) -> Iterator[datetime]:
        """All of a day that fits, in UTC, in no certain order."""
        from datetime import datetime, timezone

        for hour in self.hours:
            for minute in self.minutes:
                for fold in (0, 1):
                    local = datetime(
                        day.year,
                        day.month,
                        day.day,
                        hour,
                        minute,
                        tzinfo=zone,
                        fold=fold,
                    )
                    moment = local.astimezone(timezone.utc)
                    # a time that the clock leaves out comes back as another one
                    back = moment.astimezone(zone)
                    if back.replace(fold=fold) == local:
                        yield moment


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
