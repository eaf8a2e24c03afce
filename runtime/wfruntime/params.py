"""Raw values (Python, JSON or command line text) to an instance of a module's `Params`.

The dataclass is the only declaration: a field's annotation says the type, its metadata the
rest (`name`, `desc`, `required`, `precision`). What a type accepts is in the language's
description, section "Params". All that is wrong with the values is told by one error.
Imports no `dataclasses` and no `typing`: a module with params has loaded them already.
"""

from __future__ import annotations

from .convert import literal
from .errors import ConfigurationError, ParamError
from .secrets import is_secret_name, register_named
from .wording import kind, quoted, shown, suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from typing import Any, TypeVar

    P = TypeVar("P")

PRECISION = 6
TYPE_BY_CLASS = {
    "builtins.str": "str",
    "builtins.int": "int",
    "builtins.float": "float",
    "decimal.Decimal": "decimal",
    "datetime.date": "date",
    "datetime.datetime": "datetime",
    "builtins.dict": "map",
    "builtins.list": "array",
}


class Param:
    """One declared param; `type` is the YAML's word, `options` is () unless it is choice."""

    __slots__ = ("desc", "field", "name", "options", "precision", "required", "type")

    def __init__(self, field: Any, annotation: object) -> None:
        self.field = field
        self.name: str = field.metadata.get("name") or field.name.replace("_", "-")
        self.type, self.options = _type_of(annotation, self.name)
        self.desc: str | None = field.metadata.get("desc")
        self.required: bool = field.metadata.get("required", False)
        self.precision: int = field.metadata.get("precision", PRECISION)

    @property
    def has_default(self) -> bool:
        """Whether the YAML gives one; most types but text and numbers have one of their own."""
        from dataclasses import MISSING

        return (
            self.field.default is not MISSING
            or self.field.default_factory is not MISSING
        )

    def default(self, now: datetime | None) -> object:
        """What a missing or None value stands for; not converted.

        Args:
            now: The run's start, in UTC; None: a date has no default.
        """
        from dataclasses import MISSING

        if self.field.default_factory is not MISSING:
            return self.field.default_factory()
        if self.field.default is not MISSING:
            return self.field.default
        if self.type == "choice":
            return self.options[0]
        if now is not None and self.type in ("date", "datetime"):
            return now.date() if self.type == "date" else now
        return {"map": {}, "array": []}.get(self.type)


def describe(params_class: type) -> list[Param]:
    """The declared params, in the YAML's order."""
    return [
        Param(field, annotation)
        for field, annotation in _annotated_fields(params_class)
    ]


def convert_params(
    params_class: type[P], raw: Mapping[str, object] | P, *, now: datetime
) -> P:
    """The params of one run.

    Args:
        raw: YAML name -> value, or an instance, whose values are converted once more.
        now: The run's start, aware.

    Raises:
        ParamError: for all unknown names, missing required names and bad values at once.
    """
    declared = describe(params_class)
    given = _given(params_class, raw)
    problems = [*_unknown(given, declared), *_missing(given, declared, now)]
    values: dict[str, Any] = {}
    for param in declared:
        value = given.get(param.name)
        try:
            values[param.field.name] = (
                param.default(now)
                if value is None
                else CONVERTERS[param.type](param, value)
            )
        except ValueError as error:
            problems.append(f'param "{param.name}": {_told(param, error)}')
        register_named(param.name, values.get(param.field.name, value))
    if problems:
        raise ParamError("; ".join(problems))
    return params_class(**values)


def to_context(instance: object) -> dict[str, object]:
    """YAML name -> value."""
    return {
        param.name: getattr(instance, param.field.name)
        for param in describe(type(instance))
    }


def match_options(params_class: type, texts: Mapping[str, str]) -> dict[str, object]:
    """Command line texts, where `1` means the option 1 of a choice of numbers."""
    options = {param.name: param.options for param in describe(params_class)}
    return {
        name: next((o for o in options.get(name, ()) if str(o) == text), text)
        for name, text in texts.items()
    }


# --- the declaration ---


def _annotated_fields(params_class: type) -> Iterator[tuple[Any, object]]:
    fields = getattr(params_class, "__dataclass_fields__", {}).values()
    annotations: dict[str, object] = {field.name: field.type for field in fields}
    if any(isinstance(annotation, str) for annotation in annotations.values()):
        from typing import get_type_hints

        annotations = get_type_hints(params_class)
    return ((field, annotations[field.name]) for field in fields)


def _type_of(annotation: Any, name: str) -> tuple[str, tuple[object, ...]]:
    """The YAML's type and, for a choice, its options."""
    arguments = getattr(annotation, "__args__", ())
    if type(None) in arguments:
        annotation = next(a for a in arguments if a is not type(None))
        arguments = getattr(annotation, "__args__", ())
    origin = getattr(annotation, "__origin__", annotation)
    if getattr(origin, "_name", None) == "Literal":
        return "choice", arguments
    key = f"{getattr(origin, '__module__', '')}.{getattr(origin, '__qualname__', '')}"
    if key not in TYPE_BY_CLASS:
        raise ConfigurationError(f'param "{name}" has the unknown type {annotation}')
    return TYPE_BY_CLASS[key], ()


# --- the values ---


def _told(param: Param, error: ValueError) -> str:
    """The problem with a value; that of a secret is not shown."""
    if is_secret_name(param.name):
        return f"its value does not fit the type {param.type}"
    return str(error)


def _given(params_class: type, raw: object) -> Mapping[str, object]:
    given: Any = to_context(raw) if isinstance(raw, params_class) else raw
    if not hasattr(given, "items"):
        raise ParamError(f"params are not a map of names to values: {shown(raw)}")
    return given  # type: ignore[no-any-return]


def _unknown(given: Mapping[str, object], declared: list[Param]) -> Iterator[str]:
    names = [param.name for param in declared]
    for name in given:
        if name not in names:
            known = f"; known: {quoted(names)}" if names else "; there are no params"
            yield f'unknown param "{name}"' + (suggestion(name, names) or known)


def _missing(
    given: Mapping[str, object], declared: list[Param], now: datetime
) -> Iterator[str]:
    """Only an absent name is missing: None stands for the default, if there is one."""
    missing = [
        param.name
        for param in declared
        if param.required
        and given.get(param.name) is None
        and (param.name not in given or param.default(now) is None)
    ]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        yield f"required param{plural} not set: {quoted(missing)}"


def _to_str(param: Param, value: object) -> str:
    return str(value)


def _to_int(param: Param, value: object) -> int:
    if isinstance(value, int):
        return value
    try:
        return int(str(value))
    except ValueError:
        raise _misfit(value, "an int") from None


def _to_float(param: Param, value: object) -> float:
    if not isinstance(value, (int, float, str)):
        raise _misfit(value, "a float")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise _misfit(value, "a float") from None
    return float(f"{round(number, param.precision):.{param.precision}f}")


def _to_decimal(param: Param, value: object) -> Decimal:
    from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

    if not isinstance(value, (int, float, str, Decimal)):
        raise _misfit(value, "a decimal")
    places = Decimal(10) ** -param.precision
    # a float means its digits, as a reader sees them; a bool is a number here, too
    digits = str(int(value) if isinstance(value, bool) else value)
    try:
        return Decimal(digits).quantize(places, rounding=ROUND_HALF_EVEN)
    except InvalidOperation:
        raise _misfit(value, f"a decimal of {param.precision} places") from None


def _to_date(param: Param, value: object) -> date:
    from datetime import date, datetime

    from .isotime import parse_date

    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return parse_date(value)
        except ValueError:
            pass
    raise _misfit(value, "a date; write it as 2024-01-31")


def _to_datetime(param: Param, value: object) -> datetime:
    """In UTC; text and objects without a zone are in UTC already."""
    from datetime import date, datetime, timezone

    from .isotime import parse_datetime

    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    moment = value
    try:
        if isinstance(value, str):
            moment = parse_datetime(value)
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                return moment.replace(tzinfo=timezone.utc)
            return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise _misfit(value, "a datetime; write it as 2024-01-31T10:20:30")


def _to_choice(param: Param, value: object) -> object:
    if value not in param.options:
        options = ", ".join(shown(option) for option in param.options)
        raise ValueError(f"{shown(value)} is not one of {options}")
    return value


def _to_map(param: Param, value: object) -> dict[object, object]:
    """Text is a Python literal, as in the interpreter."""
    read: object = value
    if value == "":
        read = {}
    elif isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        read = literal(value)
    if not isinstance(read, dict):
        raise _misfit(value, "a map; write a Python literal such as {'a': 1}")
    return read


def _to_array(param: Param, value: object) -> list[object]:
    """Text is JSON, as in the interpreter."""
    read: object = value
    if value == "":
        read = []
    elif isinstance(value, (tuple, set)):
        read = list(value)
    elif isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        from json import loads

        try:
            read = loads(value)
        except (ValueError, RecursionError):
            read = None
    if not isinstance(read, list):
        raise _misfit(value, 'an array; write JSON such as ["a", 1]')
    return read


def _misfit(value: object, wanted: str) -> ValueError:
    # a date as it is written, not as Python makes one
    found = str(value) if hasattr(value, "isoformat") else shown(value)
    if not isinstance(value, str):
        found += f" ({kind(value)})"
    return ValueError(f"{found} is not {wanted}")


CONVERTERS: dict[str, Callable[[Param, object], object]] = {
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
