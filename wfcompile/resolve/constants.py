"""Constants of the YAML for the type of a parameter, converted before the run.

The conversions are those of pydantic's lax mode, as `rt.to` makes them in the run. Where a text
may be a moment in a form that only the runtime reads, it is left to that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from wfcompile import ir
from wfcompile.types import BYTES, PATH, SECRET, Primitive

_TRUE = ("1", "on", "t", "true", "y", "yes")
_FALSE = ("0", "off", "f", "false", "n", "no")
_INT = re.compile(r"[+-]?\d+(?:_\d+)*(?:\.0+)?", re.ASCII)
_TIMESTAMP = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# what every Python's own reader takes; further forms are read in the run
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.(?:\d{3}|\d{6}))?)?"
    r"(?:[+-]\d\d:\d\d|Z)?",
    re.ASCII,
)
_INT_LIMIT = 2**63


class _LaterError(Exception):
    """Only the run can tell."""


def constant_for(value: ir.Value, type_: Primitive) -> ir.Expr | None:
    """The constant as a value of that type, None when it can never be one.

    >>> constant_for("10", Primitive("int"))
    Const(value=10)
    """
    if type_ in _OF_TEXT:
        return _OF_TEXT[type_](ir.Const(value)) if isinstance(value, str) else None
    convert = _CONVERTERS.get(type_.name)
    if convert is None:
        return None
    try:
        return ir.Const(convert(value))
    except _LaterError:
        return ir.Convert(type_, ir.Const(value))
    except (ValueError, OverflowError, InvalidOperation):
        return None


def _int(value: ir.Value) -> int:
    match value:
        case bool() | int():
            return int(value)
        case float() if value.is_integer() and -_INT_LIMIT <= value < _INT_LIMIT:
            return int(value)
        case str() if _INT.fullmatch(value.strip()):
            return int(value.strip().partition(".")[0])
    raise ValueError


def _float(value: ir.Value) -> float:
    if isinstance(value, str):
        text = value.strip()
        if "__" in text or text.startswith("_") or text.endswith("_"):
            raise ValueError
        value = float(text.replace("_", "")) if text.isascii() else ""
    if not isinstance(value, int | float):
        raise ValueError
    if not math.isfinite(value):
        raise _LaterError
    return float(value)


def _bool(value: ir.Value) -> bool:
    text = value.lower() if isinstance(value, str) else None
    if text in _TRUE + _FALSE:
        return text in _TRUE
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    raise ValueError


def _str(value: ir.Value) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _decimal(value: ir.Value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _date(value: ir.Value) -> date:
    """A datetime only where it is a midnight."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    moment = _datetime(value)
    if moment.time() != time():
        raise ValueError
    return moment.date()


def _datetime(value: ir.Value) -> datetime:
    match value:
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)
        case bool():
            raise ValueError
        case int() | float():
            raise _LaterError
        case str() if _DAY.match(value):
            return _moment(value)
        case str() if _TIMESTAMP.fullmatch(value):
            raise _LaterError
    raise ValueError


def _moment(text: str) -> datetime:
    day = datetime.fromisoformat(text[:10])
    if len(text) == 10:
        return day
    if _MOMENT.fullmatch(text):
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    raise _LaterError


_CONVERTERS: dict[str, Callable[[ir.Value], str | float | date | Decimal]] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "str": _str,
    "Decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
}
_OF_TEXT: dict[Primitive, Callable[[ir.Const], ir.Expr]] = {
    PATH: lambda text: ir.Convert(PATH, text),
    BYTES: lambda text: ir.Call("bytes", (text, ir.Const("utf-8"))),
    SECRET: lambda text: ir.Call("rt.CallerSecret", (text,)),
}
