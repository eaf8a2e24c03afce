"""Conversions that a stage function asks for by name, where a type is known only in the run.

None of these reads a value as code: `literal` knows Python literals and nothing else.
"""

from __future__ import annotations

from .errors import StageError
from .wording import kind, quoted, shown, suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from typing import Any, TypeVar

    T = TypeVar("T")


def to(type: type[T], value: object) -> T:
    """The value as pydantic's lax mode would convert it for a parameter of the type.

    Raises:
        StageError: The value does not fit.

    >>> to(int, " 12 ")
    12
    """
    from .lax import CONVERTERS

    convert = CONVERTERS.get(f"{type.__module__}.{type.__qualname__}")
    if convert is not None:
        try:
            return convert(value)  # type: ignore[return-value]
        except (ValueError, OverflowError):
            pass
    elif isinstance(value, type):
        return value
    raise StageError(f"{shown(value)} ({kind(value)}) does not fit {type.__name__}")


def text(value: object) -> str:
    """The value inside a text; None is `None`."""
    return str(value)


def literal(value: object) -> Any:
    """A text that is a Python literal as its value; everything else as it is.

    >>> literal("[1, 'a']"), literal("eu-west"), literal(5)
    ([1, 'a'], 'eu-west', 5)
    """
    if not isinstance(value, str):
        return value
    from ast import literal_eval

    try:
        return literal_eval(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return value


def items(value: object) -> list[Any]:
    """The items of a foreach: a list as it is, a text as JSON.

    Raises:
        StageError: The value is neither a list nor the text of one.

    >>> items('["a", 1]')
    ['a', 1]
    """
    read = value
    if isinstance(value, str):
        from json import loads

        try:
            read = loads(value)
        except (ValueError, RecursionError):
            read = None
    if isinstance(read, list):
        return read
    raise StageError(f"foreach needs a list, not {shown(value)} ({kind(value)})")


def dump(model: object) -> dict[str, Any]:
    """What a caller returned, as plain data: models by alias, also inside maps and lists.

    Raises:
        StageError: The value is neither a mapping nor a model.
    """
    plain = _plain(model)
    if isinstance(plain, dict):
        return plain
    raise StageError(
        f"a caller returns a mapping or a model, not {shown(model)} ({kind(model)})"
    )


def pick(table: Mapping[Any, T], key: object) -> T:
    """The entry of a dispatch table.

    Raises:
        StageError: There is no such key; the message lists those that there are.
    """
    try:
        return table[key]
    except (KeyError, TypeError):
        hint = suggestion(key, table)
    raise StageError(f"{shown(key)} is not one of {quoted(table)}{hint}")


def call_async(coroutine: Awaitable[T]) -> T:
    """Run an async caller to its end, in a loop of its own.

    A thread that runs a loop already cannot run another: then a second thread does it.
    """
    import asyncio

    async def result() -> T:
        return await coroutine

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(result())

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, result()).result()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):  # a NamedTuple
        return _plain(value._asdict())
    if isinstance(value, (list, tuple, set)) and type(value) in (list, tuple, set):
        return type(value)(_plain(item) for item in value)
    if isinstance(value, type):
        return value
    if hasattr(value, "model_dump"):
        return value.model_dump(by_alias=True)
    if hasattr(value, "__dataclass_fields__"):
        return {
            name: _plain(getattr(value, name)) for name in value.__dataclass_fields__
        }
    return value
