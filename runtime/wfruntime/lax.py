"""The conversions of pydantic's lax mode for the plain types, without pydantic.

A caller's parameter has a type and the value's type is known only in the run: the emitted
module says `rt.to(int, value)` there. What pydantic refuses is a `ValueError` here; the
tests compare the two. Each function takes any value and imports what it needs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from decimal import Decimal
    from pathlib import Path

TRUE = ("1", "on", "t", "true", "y", "yes")
FALSE = ("0", "off", "f", "false", "n", "no")
INT = r"[+-]?\d+(?:_\d+)*(?:\.0+)?"
TIMESTAMP = r"[+-]?(?:\d+\.?\d*|\.\d+)"
MOMENT = (
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt _](?P<clock>\d\d:\d\d(?::\d\d)?)(?:(?<=:\d\d:\d\d)[.,](?P<decimals>\d+))?"
    r"(?P<zone>[Zz]|(?P<sign>[+−-])(?P<hours>\d\d):?(?P<minutes>\d\d))?)?"
)
# larger numbers are milliseconds since 1970, as in pydantic
MAX_TIMESTAMP_S = 20_000_000_000


def to_int(value: object) -> int:
    import decimal

    text = _text_of(value)
    if text is not None:
        if not _matches(INT, text.strip()):
            raise ValueError
        return int(text.strip().partition(".")[0])
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (float, decimal.Decimal)) and value == value.__trunc__():
        if not -(2**63) <= value < 2**63:
            raise ValueError
        return int(value)
    raise ValueError


def to_float(value: object) -> float:
    import decimal

    text = _text_of(value)
    if text is not None:
        text = text.strip()
        if "__" in text or text[:1] == "_" or text[-1:] == "_" or not text.isascii():
            raise ValueError
        return float(text.replace("_", ""))
    if isinstance(value, (int, float, decimal.Decimal)):
        return float(value)
    raise ValueError


def to_bool(value: object) -> bool:
    import decimal

    text = _text_of(value)
    if text is not None and text.lower() in TRUE + FALSE:
        return text.lower() in TRUE
    if isinstance(value, (int, float, decimal.Decimal)) and value in (0, 1):
        return bool(value)
    raise ValueError


def to_str(value: object) -> str:
    text = _text_of(value)
    if text is None:
        raise ValueError
    return text


def to_decimal(value: object) -> Decimal:
    from decimal import Decimal, InvalidOperation

    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError
    try:
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        raise ValueError from None
    if not number.is_finite():
        raise ValueError
    return number


def to_path(value: object) -> Path:
    from pathlib import Path

    if not isinstance(value, (str, Path)):
        raise ValueError
    return Path(value)


def to_date(value: object) -> date:
    """A datetime only where it is a midnight."""
    from datetime import date, datetime, time

    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    moment = to_datetime(value)
    if moment.time() != time():
        raise ValueError
    return moment.date()


def to_datetime(value: object) -> datetime:
    """Naive where the value has no zone; a number is a timestamp in UTC."""
    from datetime import date, datetime
    from decimal import Decimal

    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = _text_of(value)
    if text is not None:
        if _matches(TIMESTAMP, text):
            return _datetime_at(Decimal(text))
        return _datetime_of(text)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _datetime_at(Decimal(value))
    raise ValueError


CONVERTERS: dict[str, Callable[[object], object]] = {
    "builtins.int": to_int,
    "builtins.float": to_float,
    "builtins.bool": to_bool,
    "builtins.str": to_str,
    "datetime.date": to_date,
    "datetime.datetime": to_datetime,
    "decimal.Decimal": to_decimal,
    "pathlib.Path": to_path,
    "pathlib._local.Path": to_path,
}


def _text_of(value: object) -> str | None:
    """Text, also as bytes."""
    if isinstance(value, (bytes, bytearray)):
        return value.decode()
    return value if isinstance(value, str) else None


def _matches(pattern: str, text: str) -> bool:
    import re

    return re.fullmatch(pattern, text, re.ASCII) is not None


def _datetime_at(timestamp: Decimal) -> datetime:
    from datetime import datetime, timedelta, timezone

    if not timestamp.is_finite():
        raise ValueError
    scale = 1000 if abs(timestamp) > MAX_TIMESTAMP_S else 1_000_000
    since = timedelta(microseconds=round(timestamp * scale))
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + since


def _datetime_of(text: str) -> datetime:
    import re
    from datetime import datetime, timedelta, timezone

    found = re.fullmatch(MOMENT, text, re.ASCII)
    if found is None:
        raise ValueError
    moment = datetime.fromisoformat(f"{found['day']}T{found['clock'] or '00:00'}")
    moment = moment.replace(microsecond=int(f"{found['decimals'] or '':0<6.6}"))
    if found["hours"]:
        if int(found["minutes"]) > 59:
            raise ValueError
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
        sign = 1 if found["sign"] == "+" else -1
        return moment.replace(tzinfo=timezone(sign * offset))
    return moment.replace(tzinfo=timezone.utc) if found["zone"] else moment
