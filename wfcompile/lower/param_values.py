"""Values of the YAML for a param -> what the param holds (language.md section 3)."""

from __future__ import annotations

import re
from ast import literal_eval
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from json import loads

from wfcompile import ir
from wfcompile.diagnostics import close_match
from wfcompile.lower.moments import read_date, read_datetime
from wfcompile.models import Param
from wfcompile.resolve.misfits import constant_in_words

PRECISION = 6
_DAY = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)", re.ASCII)


def convert(param: Param, value: object) -> ir.Value:
    """
    Raises:
        ValueError: the param does not take the value; says what it is, and what it takes.
    """
    try:
        return _CONVERTERS[param.type](param, value)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise ValueError(misfit(param, constant_in_words(value))) from error


def misfit(param: Param, found: str) -> str:
    """What was found, and what the param takes, for a message."""
    return f"{found}, expected {_WANTED[param.type](param)}"


def help_for(param: Param, written: object) -> str:
    """What to do about a value that a param does not take."""
    if param.type == "choice":
        near = close_match(str(written), map(str, param.options))
        further = 'write one of them, or add this one to "options"'
        return f'did you mean "{near}"?' if near else further
    fitting = _fitting_type(param, written)
    other = f', or declare "{param.name}" as {fitting}' if fitting else ""
    return (_dashed(param, written) or f"write {_SUCH[param.type]}") + other


def _dashed(param: Param, written: object) -> str | None:
    """A day of the right form, for one with other signs or of another order."""
    found = _DAY.fullmatch(str(written)) if param.type == "date" else None
    if found is None:
        return None
    year, month, day = found["year"], int(found["month"]), int(found["day"])
    days = monthrange(int(year), month)[1] if 1 <= month <= 12 and int(year) else 0
    if days and day > days:
        return f"write a day of {year}-{month:02}, which has {days}"
    return f"write {year}-{month:02}-{day:02}" if days and day else None


def _fitting_type(param: Param, written: object) -> str | None:
    """The type that takes the value as it is written."""
    if written is None or isinstance(written, bool):
        return None
    kinds = {int: "int", float: "float", str: "str", list: "array", dict: "map"}
    found = kinds.get(type(written))
    return found if found != param.type else None


_SUCH = {
    "str": "a text",
    "int": "a whole number, such as 3",
    "float": "a number, such as 0.5",
    "decimal": "a number, such as 0.5",
    "date": "a day, such as 2024-01-31",
    "datetime": "a day and a time, such as 2024-01-31T02:30",
    "map": "a mapping, such as {key: value}",
    "array": "a list, such as [first, second]",
}
"""Type of a param -> what to write for it."""


def _options(param: Param) -> str:
    return f"one of {', '.join(map(str, param.options))}"


_WANTED: dict[str, Callable[[Param], str]] = {
    "str": lambda _: "text",
    "int": lambda _: "an int",
    "float": lambda _: "a float",
    "decimal": lambda _: "a decimal",
    "date": lambda _: "a date such as 2024-01-31",
    "datetime": lambda _: "a datetime such as 2024-01-31T02:30",
    "choice": _options,
    "map": lambda _: "a mapping",
    "array": lambda _: "a list",
}


def _to_str(param: Param, value: object) -> str:
    if isinstance(value, list | dict):
        raise ValueError
    return str(value)


def _to_int(param: Param, value: object) -> int:
    if isinstance(value, bool | float | list | dict):
        raise ValueError
    return value if isinstance(value, int) else int(str(value))


def _to_float(param: Param, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    places = PRECISION if param.precision is None else param.precision
    return float(f"{round(float(value), places):.{places}f}")


def _to_decimal(param: Param, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    places = PRECISION if param.precision is None else param.precision
    # a float of the YAML means its digits, as a reader sees them
    exact = Decimal(str(value))
    return exact.quantize(Decimal(10) ** -places, rounding=ROUND_HALF_EVEN)


def _to_date(param: Param, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return read_date(value)
    raise ValueError


def _to_datetime(param: Param, value: object) -> datetime:
    """In UTC; what has no zone is in UTC already (differences D13)."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    moment = read_datetime(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise ValueError
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def _to_choice(param: Param, value: object) -> str | int:
    for option in param.options:
        if option == value and type(option) is type(value):
            return option
    raise ValueError


def _to_map(param: Param, value: object) -> dict[str, ir.Value]:
    if value == "":
        return {}
    read = value
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        try:
            read = literal_eval(value)
        except (SyntaxError, MemoryError, RecursionError) as error:
            raise ValueError from error
    if not isinstance(read, dict):
        raise ValueError
    return read


def _to_array(param: Param, value: object) -> list[ir.Value]:
    if value == "":
        return []
    read = value
    if isinstance(value, str):
        try:
            read = loads(value)
        except RecursionError as error:
            raise ValueError from error
    if not isinstance(read, list):
        raise ValueError
    return read


_CONVERTERS: dict[str, Callable[[Param, object], ir.Value]] = {
    "str": _to_str,
    "int": _to_int,
    "float": _to_float,
    "decimal": _to_decimal,
    "date": _to_date,
    "datetime": _to_datetime,
    "choice": _to_choice,
    "map": _to_map,
    "array": _to_array,
}
