"""ISO 8601 text to dates and datetimes, the same on every Python.

`fromisoformat` of Python 3.10 knows only what `isoformat` writes; from 3.11 on it also
takes `Z`, the basic format (`20240305T102030`), week dates and any number of decimals.
What 3.11 reads is read here on 3.10 too. Bad text is a `ValueError`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo
    from re import Match

DATE = (
    r"(?P<year>\d{4})(?:"
    r"(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)|"
    r"(?P<week_dash>-?)W(?P<week>\d\d)(?:(?P=week_dash)(?P<weekday>\d))?)"
)
TIME = (
    r"(?P<hour>\d\d)(?:(?P<colon>:?)(?P<minute>\d\d)"
    r"(?:(?P=colon)(?P<second>\d\d)(?:[.,](?P<decimals>\d+))?)?)?"
)
ZONE = (
    r"(?:Z|(?P<sign>[+-])(?P<zone_hour>\d\d)(?:(?P<zone_colon>:?)(?P<zone_minute>\d\d)"
    r"(?:(?P=zone_colon)(?P<zone_second>\d\d)(?:[.,](?P<zone_decimals>\d+))?)?)?)"
)
DATETIME = rf"{DATE}(?:(?s:.){TIME}(?P<zone>{ZONE})?)?"


def parse_date(text: str) -> date:
    """
    >>> parse_date("20240305")
    datetime.date(2024, 3, 5)
    """
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return date_of(match(DATE, text))


def parse_datetime(text: str) -> datetime:
    """Naive where the text has no zone.

    >>> parse_datetime("2024-03-05T10:20:30Z").isoformat()
    '2024-03-05T10:20:30+00:00'
    """
    from datetime import datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime_of(match(DATETIME, text))


def match(pattern: str, text: str) -> Match[str]:
    """The match of the whole text."""
    import re

    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is not ISO 8601")
    return found


def date_of(found: Match[str]) -> date:
    """The date of a match of `DATE`, as a calendar date or a week date."""
    from datetime import date

    year = int(found["year"])
    if found["week"]:
        return date.fromisocalendar(
            year, int(found["week"]), _number(found, "weekday", 1)
        )
    return date(year, int(found["month"]), int(found["day"]))


def datetime_of(found: Match[str]) -> datetime:
    """The datetime of a match of `DATETIME`; decimals past the sixth are cut off."""
    from datetime import datetime, time

    clock = time(
        _number(found, "hour"),
        _number(found, "minute"),
        _number(found, "second"),
        _microseconds(found["decimals"]),
        tzinfo=_zone_of(found) if found["zone"] else None,
    )
    return datetime.combine(date_of(found), clock)


def _zone_of(found: Match[str]) -> tzinfo:
    from datetime import timedelta, timezone

    offset = timedelta(
        hours=_number(found, "zone_hour"),
        minutes=_number(found, "zone_minute"),
        seconds=_number(found, "zone_second"),
        microseconds=_microseconds(found["zone_decimals"]),
    )
    if not offset:
        return timezone.utc
    return timezone(-offset if found["sign"] == "-" else offset)


def _number(found: Match[str], group: str, default: int = 0) -> int:
    return int(found[group] or default)


def _microseconds(decimals: str | None) -> int:
    return int(f"{decimals or '0':0<6.6}")
