"""Conversions that a stage function asks for by name, where a type is known only in the run.

None of these reads a value as code: `literal` knows Python literals and nothing else.
"""

from __future__ import annotations

from .context import current, enter
from .errors import StageCancelError, StageError
from .wording import kind, quoted, shown, suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from typing import Any, TypeVar

    from .context import Context

    T = TypeVar("T")


def to(type: type[T], value: object) -> T:
    """The value as pydantic's lax mode would convert it for a parameter of the type.

    Raises:
        StageError: The value does not fit.

    >>> to(int, " 12 "), to(list[int], ("1", 2))
    (12, [1, 2])
    """
    from .lax import CONVERTERS

    parts = getattr(type, "__args__", ())
    convert = CONVERTERS.get(f"{type.__module__}.{type.__qualname__}")
    if parts:
        items = _items(type, parts, value)
        if items is not None:
            return items  # type: ignore[return-value]
    elif convert is not None:
        try:
            return convert(value)  # type: ignore[return-value]
        except (ValueError, OverflowError):
            pass
    elif isinstance(value, type):
        return value
    raise StageError(f"{shown(value)} ({kind(value)}) does not fit {_spelled(type)}")


def _items(type: Any, parts: tuple[Any, ...], value: Any) -> object:
    """What a list or map becomes, part by part; None: it is another thing."""
    if type.__origin__ is dict and isinstance(value, dict):
        return {to(parts[0], key): to(parts[1], item) for key, item in value.items()}
    if type.__origin__ is list and _is_series(value):
        return [to(parts[0], item) for item in value]
    return None


def _is_series(value: object) -> bool:
    """What pydantic takes for a list: the keys of a map too, but no map and no text."""
    is_text = isinstance(value, (str, bytes, bytearray))
    return hasattr(value, "__iter__") and not (is_text or hasattr(value, "keys"))


def _spelled(type: Any) -> str:
    return str(type) if hasattr(type, "__args__") else type.__name__


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

    Raises:
        StageCancelError: The stage must stop, and the caller let itself be cancelled.
    """
    import asyncio

    context = current()

    def run_here() -> T:
        enter(context)
        return asyncio.run(_until_stopped(coroutine, context))

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run_here()

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run_here).result()


async def _until_stopped(coroutine: Awaitable[T], context: Context[Any] | None) -> T:
    """Await it as a task, which the stage's stop cancels."""
    import asyncio

    async def result() -> T:
        return await coroutine

    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(result())
    stop = None if context is None else context._stop
    if stop is None:
        return await task

    def cancel() -> None:
        try:
            loop.call_soon_threadsafe(task.cancel)
        except RuntimeError:  # the loop has just ended
            return

    stop.add(cancel)
    try:
        return await task
    except asyncio.CancelledError:
        if task.cancelled() and stop.is_set():
            raise StageCancelError(f"its caller was cancelled: {stop.why()}") from None
        raise
    finally:
        stop.discard(cancel)


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
