"""Values as JSON text that gives them back with their types, and back.

JSON's own types stand for themselves. Others are an object with one key that begins with
`$`: `{"$datetime": "2024-01-01T00:00:00+00:00"}`. What cannot be given back is its masked
text below `$str`. All text is masked. Encoding never fails: an outcome must be written.
"""

from __future__ import annotations

from _json import encode_basestring_ascii

from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

LITERALS: dict[object, str] = {None: "null", True: "true", False: "false"}


def stored_text(value: object) -> str:
    """
    >>> stored_text({"a": (1, 2.5), "b": None})
    '{"a":{"$tuple":[1,2.5]},"b":null}'
    """
    try:
        return _text(value)
    except Exception:  # a circle, too deep, a huge int, or what a user's class does
        return _as_str(value)


def entries(fields: Mapping[str, object]) -> str:
    """Entries of a JSON object that follow others; the names are plain.

    >>> entries({"status": "SUCCESS", "line": 3})
    ',"status":"SUCCESS","line":3'
    """
    try:
        return "".join([f',"{name}":{_text(fields[name])}' for name in fields])
    except Exception:
        return "".join([f',"{name}":{stored_text(fields[name])}' for name in fields])


def restored(value: Any) -> Any:
    """The value that was stored, of its JSON as `json.loads` reads it.

    >>> restored({"a": {"$tuple": [1, 2.5]}})
    {'a': (1, 2.5)}
    """
    if isinstance(value, list):
        return [restored(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((tag, content),) = value.items()
        if tag in RESTORERS:
            return RESTORERS[tag](content)
    return {key: restored(item) for key, item in value.items()}


# --- to text ---


def _text(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return str(encode_basestring_ascii(mask(value)))
    if kind is int:
        return repr(value)
    if value is None or kind is bool:
        return LITERALS[value]
    if kind is dict:
        return _map(value)
    if kind is list:
        return _list(value)
    if kind is float and value - value == 0.0:  # neither infinite nor NaN
        return repr(value)
    encode = ENCODERS.get(f"{kind.__module__}.{kind.__qualname__}")
    if encode is not None:
        return encode(value)
    if isinstance(value, dict):
        return _map(value)
    return _as_str(value)


def _list(items: Iterable[object]) -> str:
    return f"[{','.join([_text(item) for item in items])}]"


def _map(value: dict[object, object]) -> str:
    parts = []
    for key, item in value.items():
        if type(key) is not str or key.startswith("$"):
            pairs = [f"[{_text(key)},{_text(item)}]" for key, item in value.items()]
            return f'{{"$map":[{",".join(pairs)}]}}'
        parts.append(f"{_text(key)}:{_text(item)}")
    return f"{{{','.join(parts)}}}"


def _as_str(value: object) -> str:
    try:
        text = str(value)
    except Exception:  # a user's __str__
        text = f"a {type(value).__name__}"
    return _tagged("str", text)


def _tagged(tag: str, text: str) -> str:
    return f'{{"${tag}":{encode_basestring_ascii(mask(text))}}}'


def _bytes(value: bytes) -> str:
    from binascii import b2a_base64

    try:  # a secret is masked in bytes too, then they cannot be given back
        if mask(text := value.decode()) != text:
            return _tagged("str", text)
    except UnicodeDecodeError:
        pass
    return _tagged("bytes", b2a_base64(value, newline=False).decode())


def _path(value: Any) -> str:
    return _tagged("path", str(value))


ENCODERS: dict[str, Callable[[Any], str]] = {
    "builtins.tuple": lambda value: f'{{"$tuple":{_list(value)}}}',
    "builtins.set": lambda value: f'{{"$set":{_list(_in_order(value))}}}',
    "builtins.frozenset": lambda value: f'{{"$frozenset":{_list(_in_order(value))}}}',
    "builtins.bytes": _bytes,
    "builtins.float": lambda value: _tagged("float", repr(value)),
    "datetime.datetime": lambda value: _tagged("datetime", value.isoformat()),
    "datetime.date": lambda value: _tagged("date", value.isoformat()),
    "datetime.time": lambda value: _tagged("time", value.isoformat()),
    "datetime.timedelta": lambda value: (
        f'{{"$timedelta":[{value.days},{value.seconds},{value.microseconds}]}}'
    ),
    "decimal.Decimal": lambda value: _tagged("decimal", str(value)),
    "pathlib.PosixPath": _path,
    "pathlib._local.PosixPath": _path,  # its name in Python 3.13
    "uuid.UUID": lambda value: _tagged("uuid", str(value)),
}
"""Full name of a class -> its encoder; a name, since its module may not be loaded."""


def _in_order(items: Iterable[object]) -> list[object]:
    return sorted(items, key=lambda item: (type(item).__name__, _as_str(item)))


# --- back ---


def _made(module: str, name: str, constructor: str = "") -> Callable[[Any], Any]:
    """A restorer by a class that is loaded when a value of it is met."""

    def restore(content: Any) -> Any:
        from importlib import import_module

        made = getattr(import_module(module), name)
        return getattr(made, constructor)(content) if constructor else made(content)

    return restore


def _timedelta(content: list[int]) -> object:
    from datetime import timedelta

    return timedelta(*content)


def _from_base64(content: str) -> bytes:
    from binascii import a2b_base64

    return a2b_base64(content)


RESTORERS: dict[str, Callable[[Any], Any]] = {
    "$tuple": lambda content: tuple(restored(item) for item in content),
    "$set": lambda content: {restored(item) for item in content},
    "$frozenset": lambda content: frozenset(restored(item) for item in content),
    "$map": lambda content: {restored(key): restored(item) for key, item in content},
    "$bytes": _from_base64,
    "$float": float,
    "$datetime": _made("datetime", "datetime", "fromisoformat"),
    "$date": _made("datetime", "date", "fromisoformat"),
    "$time": _made("datetime", "time", "fromisoformat"),
    "$timedelta": _timedelta,
    "$decimal": _made("decimal", "Decimal"),
    "$path": _made("pathlib", "Path"),
    "$uuid": _made("uuid", "UUID"),
    "$str": str,
}
