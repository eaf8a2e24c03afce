"""Declared params -> fields of `Params` and the symbols that templates see.

Source of the conversions: language.md section 3; differences D4 (defaults are filled in).
Adds WF350 (a default that does not fit), WF351 (a template in a default), WF352 (two params with
one Python name).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from json import loads

from wfcompile import ir
from wfcompile.bind.scope import ParamSymbol
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.models import Param
from wfcompile.names import attribute_name
from wfcompile.nodes import Node, Scalar, plain_value
from wfcompile.types import (
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    Type,
    union,
)

_PRECISION = 6
_TYPES: dict[str, Type] = {
    "str": STR,
    "int": INT,
    "float": FLOAT,
    "decimal": DECIMAL,
    "date": DATE,
    "datetime": DATETIME,
    "map": MapType(STR, UNKNOWN),
    "array": ListType(UNKNOWN),
}


def lower_params(
    params: Iterable[Param], diagnostics: Diagnostics
) -> tuple[tuple[ir.Parameter, ...], dict[str, ParamSymbol]]:
    """The fields in YAML order, and param name -> symbol."""
    fields: list[ir.Parameter] = []
    symbols: dict[str, ParamSymbol] = {}
    for param in params:
        field = _lower_param(param, diagnostics)
        twin = next((f for f in fields if f.attribute == field.attribute), None)
        if twin is not None:
            diagnostics.error(
                "WF352",
                f'params "{twin.name}" and "{param.name}" would both be '
                f'"{field.attribute}" in Python',
                param.name_span,
                notes=[Note("the other one is here", symbols[twin.name].span)],
                help="rename one of them",
            )
        else:
            fields.append(field)
        symbols[param.name] = ParamSymbol(field.attribute, field.type, param.name_span)
    return tuple(fields), symbols


def _lower_param(param: Param, diagnostics: Diagnostics) -> ir.Parameter:
    type_ = LiteralType(param.options) if param.type == "choice" else _TYPES[param.type]
    default: ir.Value = None
    if param.default is not None:
        default = _default(param, param.default, diagnostics)
        if default is None:
            type_ = union((type_, NONE))
    attribute = attribute_name(param.name)
    return ir.Parameter(
        param.name,
        attribute,
        type_,
        has_default=param.default is not None,
        default=default,
        metadata=tuple(_metadata(param, attribute)),
    )


def _metadata(param: Param, attribute: str) -> Iterable[tuple[str, str | int | bool]]:
    if attribute.replace("_", "-") != param.name:
        yield "name", param.name
    if param.desc:
        yield "desc", param.desc
    if param.required:
        yield "required", True
    if param.precision is not None and param.precision != _PRECISION:
        yield "precision", param.precision


# --- defaults ---


def _default(param: Param, node: Node, diagnostics: Diagnostics) -> ir.Value:
    value = plain_value(node)
    if isinstance(value, str) and "${{" in value:
        diagnostics.error(
            "WF351",
            f'default of param "{param.name}" holds a template, expected a constant',
            node.span,
            help="write the template where the param is used",
        )
        return None
    if value is None:
        return None
    try:
        return _CONVERTERS[param.type](param, value)
    except (ValueError, TypeError, InvalidOperation):
        shown = node.text if isinstance(node, Scalar) else "a list or mapping"
        diagnostics.error(
            "WF350",
            f'default of param "{param.name}" is "{shown}", '
            f"expected {_WANTED[param.type](param)}",
            node.span,
        )
        return None


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
    places = _PRECISION if param.precision is None else param.precision
    return float(f"{round(float(value), places):.{places}f}")


def _to_decimal(param: Param, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    places = _PRECISION if param.precision is None else param.precision
    # a float of the YAML means its digits, as a reader sees them
    exact = Decimal(str(value))
    return exact.quantize(Decimal(10) ** -places, rounding=ROUND_HALF_EVEN)


def _to_date(param: Param, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError


def _to_datetime(param: Param, value: object) -> datetime:
    """In UTC; what has no zone is in UTC already (differences D13)."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
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
    if not isinstance(value, dict):
        raise ValueError
    return value


def _to_array(param: Param, value: object) -> list[ir.Value]:
    if value == "":
        return []
    read = loads(value) if isinstance(value, str) else value
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
