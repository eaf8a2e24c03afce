"""The filters of `${{ value | filter(args) }}`: pure functions, the value comes first.

They take what the interpreter's take and refuse what those refuse, by one `FilterError`
that names the filter and the value. Their names shadow the builtins in this module only,
hence `builtins.str` wherever the type is meant.
"""

from __future__ import annotations

import builtins

from .errors import RunError
from .wording import kind, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, KeysView, Mapping, ValuesView
    from datetime import datetime
    from typing import (
        Any,
        SupportsAbs,
        SupportsIndex,
        SupportsInt,
        TypeVar,
        overload,
    )

    T = TypeVar("T")
    D = TypeVar("D")
    K = TypeVar("K")
    V = TypeVar("V")

__all__ = [
    "FilterError",
    "abs",
    "coalesce",
    "dict",
    "fmt",
    "getindex",
    "getitem",
    "int",
    "keys",
    "list",
    "lower",
    "rstr",
    "str",
    "title",
    "upper",
    "values",
]


class FilterError(RunError):
    """A filter was given a value that it does not take."""


def abs(value: SupportsAbs[T]) -> T:
    result: T = _applied("abs", builtins.abs, value)
    return result


def str(value: object) -> builtins.str:
    return _applied("str", builtins.str, value)


def int(value: builtins.str | SupportsInt | SupportsIndex) -> builtins.int:
    return _applied("int", builtins.int, value)


def list(value: Iterable[T]) -> builtins.list[T]:
    result: builtins.list[T] = _applied("list", builtins.list, value)
    return result


if TYPE_CHECKING:

    @overload
    def dict(value: Mapping[K, V]) -> builtins.dict[K, V]: ...

    @overload
    def dict(value: Iterable[tuple[K, V]]) -> builtins.dict[K, V]: ...

    @overload
    def dict(value: Iterable[builtins.list[V]]) -> builtins.dict[V, V]: ...


def dict(value: Any) -> builtins.dict[Any, Any]:
    return _applied("dict", builtins.dict, value)


def title(value: builtins.str) -> builtins.str:
    return _applied("title", builtins.str.title, value)


def upper(value: builtins.str) -> builtins.str:
    return _applied("upper", builtins.str.upper, value)


def lower(value: builtins.str) -> builtins.str:
    return _applied("lower", builtins.str.lower, value)


def keys(value: Mapping[K, Any]) -> KeysView[K]:
    """A view, as in the interpreter; `| keys | list` makes a list of it."""
    return _applied("keys", lambda table: table.keys(), value)


def values(value: Mapping[Any, V]) -> ValuesView[V]:
    """A view, as `keys`."""
    return _applied("values", lambda table: table.values(), value)


def rstr(value: object) -> builtins.str:
    """The text in quotes.

    >>> rstr(5)
    "'5'"
    """
    return repr(_applied("rstr", builtins.str, value))


def fmt(value: datetime, fmt: builtins.str = "%Y-%m-%d %H:%M:%S") -> builtins.str:
    """A datetime only: a date has no hour to show."""
    from datetime import datetime

    if not isinstance(value, datetime):
        raise _misfit("fmt", value, "a datetime")
    return value.strftime(fmt)


def coalesce(value: T | None, default: D) -> T | D:
    """The default in place of None; 0, False and "" are kept."""
    return default if value is None else value


if TYPE_CHECKING:

    @overload
    def getitem(value: Mapping[K, V], key: K) -> V | None: ...

    @overload
    def getitem(value: Mapping[K, V], key: K, default: D) -> V | D: ...


def getitem(value: Any, key: Any, default: Any = None) -> Any:
    """The item of a map, or the default."""
    if not isinstance(value, builtins.dict):
        raise _misfit("getitem", value, "a map")
    return value.get(key, default)


def getindex(value: builtins.list[T], index: builtins.int) -> T:
    """The item of a list, counted from 0."""
    if not isinstance(value, builtins.list):
        raise _misfit("getindex", value, "a list")
    try:
        return value[index]
    except IndexError:
        raise FilterError(
            f'filter "getindex" has no index {index} in a list of {len(value)}'
        ) from None


def _applied(name: builtins.str, function: Callable[[V], T], value: V) -> T:
    try:
        return function(value)
    except Exception as error:
        raise FilterError(
            f'filter "{name}" does not take {shown(value)} ({kind(value)})'
        ) from error


def _misfit(name: builtins.str, value: object, wanted: builtins.str) -> FilterError:
    return FilterError(
        f'filter "{name}" takes {wanted}, not {shown(value)} ({kind(value)})'
    )
