"""How values and names appear in the runtime's error messages.

A value is masked before it is cut, since the half of a secret would not be recognised any
more. Nothing here raises: an error message must not fail because of the value in it.
"""

from __future__ import annotations

from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 80


def shown(value: object) -> str:
    """The value as Python writes it, on one line and not longer than `WIDTH`.

    >>> shown("12a")
    "'12a'"
    """
    try:
        text = mask(repr(value))
    except Exception:  # a user's __repr__
        text = f"a {kind(value)}"
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."


def kind(value: object) -> str:
    """The name of the value's type, as in a YAML author's words."""
    return "None" if value is None else type(value).__name__


def quoted(names: Iterable[object]) -> str:
    """
    >>> quoted(["a", "b"])
    '"a", "b"'
    """
    return ", ".join(f'"{name}"' for name in names)


def suggestion(name: object, names: Iterable[object]) -> str:
    """The end of a message that names the close match, or nothing.

    >>> suggestion("run-dat", ["run-date", "limit"])
    '; did you mean "run-date"?'
    """
    from difflib import get_close_matches

    close = get_close_matches(str(name), [str(known) for known in names], n=1)
    return f'; did you mean "{close[0]}"?' if close else ""
