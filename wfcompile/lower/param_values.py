"""Values of the YAML for a param -> what the param holds (language.md section 3)."""

from __future__ import annotations

from ast import literal_eval
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
    return f'write such a value, or change the type of "{param.name}"'


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
