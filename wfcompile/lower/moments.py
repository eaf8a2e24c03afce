"""ISO 8601 text of the YAML -> dates and datetimes, the same whatever Python compiles.

`fromisoformat` of Python 3.10 takes less than that of 3.11, which the interpreter has.
"""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = (
    r"(?P<year>\d{4})(?P<dash>-?)(?:(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
    r"|W(?P<week>\d\d)(?:(?P=dash)(?P<weekday>\d))?)"
)
_TIME = (
    r"(?P<hour>\d\d)(?:(?P<colon>:?)(?P<minute>\d\d)"
    r"(?:(?P=colon)(?P<second>\d\d)(?:[.,](?P<decimals>\d+))?)?)?"
)
_ZONE = r"(?P<zone>Z|(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>\d\d))?)"
_MOMENT = re.compile(rf"{_DAY}(?:(?s:.){_TIME}{_ZONE}?)?", re.ASCII)


def read_date(text: str) -> date:
    """
    >>> read_date("20240305"), read_date("2024-W10-2")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))

    Raises:
        ValueError: it is no date.
    """
    found = re.fullmatch(_DAY, text, re.ASCII)
    if found is None:
        raise ValueError(text)
    return _day(found)


def read_datetime(text: str) -> datetime:
    """Naive where the text has no zone.

    >>> read_datetime("20240305T1020Z").isoformat()
    '2024-03-05T10:20:00+00:00'

    Raises:
        ValueError: it is no datetime.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    zone = "+00:00" if found["zone"] == "Z" else ""
    if found["sign"]:
        zone = f"{found['sign']}{found['hours']}:{found['minutes'] or '00'}"
    clock = ":".join(found[part] or "00" for part in ("hour", "minute", "second"))
    decimals = f"{found['decimals'] or '0':0<6.6}"
    return datetime.fromisoformat(f"{_day(found)}T{clock}.{decimals}{zone}")


def _day(found: re.Match[str]) -> date:
    year = int(found["year"])
    if found["week"]:
        return date.fromisocalendar(
            year, int(found["week"]), int(found["weekday"] or 1)
        )
    return date(year, int(found["month"]), int(found["day"]))
