"""A result context as JSON: text, or a file that is there as a whole.

Dates are ISO text, decimals and statuses their text, sets sorted lists, tuples and
views lists, keys text; what has no other form is its `str`, as are the floats that JSON
lacks. All text is masked, keys too. Written by hand: `json` loads `re`, and takes
longer than all the rest of a small run.
"""

from __future__ import annotations

import os
from _json import encode_basestring as quote

from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VIEWS = ("dict_keys", "dict_values", "dict_items")  # and those of an OrderedDict
MAX_DEPTH = 100  # below it, and in circles, a value is its text
MAX_BITS = 14_000  # Python writes no longer numbers in decimal
LITERALS = {None: "null", True: "true", False: "false"}


def json_text(context: object) -> str:
    """Indented; what is not ASCII stays as it is."""
    return _text(context, "\n", MAX_DEPTH)


def write_json(path: str, context: object, *, permissions: int = 0o666) -> None:
    """Write it to a file, which changes all at once or not at all.

    Args:
        permissions: Of a file; what is no file (a pipe, a terminal) is written as it
            is.

    Raises:
        OSError: It is not written.
    """
    text = json_text(context) + "\n"
    # half a surrogate pair becomes its JSON escape
    form: Any = {"encoding": "utf-8", "errors": "backslashreplace"}
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "w", **form) as file:
            file.write(text)
        return
    target = os.path.realpath(path)
    # at random: a killed process may have left one, and a later one may have its pid
    partial = f"{target}.{os.urandom(5).hex()}.partial"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, permissions)
    try:
        with open(descriptor, "w", **form) as file:
            file.write(text)
        os.replace(partial, target)
    except BaseException:  # also Ctrl-C
        os.unlink(partial)
        raise


def plain(value: Any, depth: int = MAX_DEPTH) -> Any:
    """The value of maps, lists, texts, numbers and None only, by their exact types.

    >>> plain({1: ("a", {3, 2})})
    {'1': ['a', [2, 3]]}
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return mask(str.__str__(value))  # also of an enum's member
    if isinstance(value, int):
        return int(value) if value.bit_length() <= MAX_BITS else hex(value)
    if isinstance(value, float):
        return float(value) if value - value == 0.0 else float.__repr__(value)
    if depth == 0:
        return _shown(value)
    try:
        return _plain_object(value, depth - 1)
    except Exception:  # what a user's class does when it is asked
        return _shown(value)


def _plain_object(value: Any, depth: int) -> Any:
    if isinstance(value, type):
        return value.__qualname__
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "keys") and hasattr(value, "items"):
        return {_shown(key): plain(item, depth) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, depth) for item in value), key=_order)
    if isinstance(value, (list, tuple)) or type(value).__name__.endswith(VIEWS):
        return [plain(item, depth) for item in value]
    if hasattr(value, "model_dump"):
        return plain(value.model_dump(by_alias=True), depth)
    if hasattr(value, "__dataclass_fields__"):
        names = value.__dataclass_fields__
        return {name: plain(getattr(value, name), depth) for name in names}
    return _shown(value)


def _shown(value: object) -> str:
    try:
        return mask(str(value))
    except Exception:  # a user's __str__
        return f"a {type(value).__name__}"


def _order(value: object) -> tuple[str, str]:
    return type(value).__name__, _shown(value)


def _text(value: Any, line: str, depth: int) -> str:
    """The JSON of a value; it is made plain on the way, where it is not.

    Args:
        line: A line break and the indent of the line that the value begins on.
        depth: How many levels may be inside.
    """
    kind = type(value)
    if kind is str:
        return quote(mask(value))
    if (kind is dict or kind is list or isinstance(value, dict)) and depth:
        inner = f"{line}  "
        if kind is list:
            parts = [_text(item, inner, depth - 1) for item in value]
        else:
            parts = [
                f"{quote(_shown(key))}: {_text(item, inner, depth - 1)}"
                for key, item in value.items()
            ]
        first, last = "[]" if kind is list else "{}"
        body = f",{inner}".join(parts)
        return f"{first}{inner}{body}{line}{last}" if parts else f"{first}{last}"
    if value is None or kind is bool:
        return LITERALS[value]
    simple = plain(value, depth)
    kind = type(simple)
    if kind is int or kind is float:
        return repr(simple)
    return _text(simple, line, depth)
