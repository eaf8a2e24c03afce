"""The values that nothing written may show, and the masking of texts.

Whatever leaves the process (lines, journal, audit, error messages) goes through `mask`.
Values shorter than `MIN_LENGTH` are not masked: that would hide half of every line.
"""

from __future__ import annotations

import _thread

MASK = "**********"
MIN_LENGTH = 4
MIN_LINE_LENGTH = 8
SECRET_WORDS = frozenset(
    ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL", "PRIVATE")
)

_lock = _thread.allocate_lock()
_values: tuple[str, ...] = ()  # longest first; replaced as a whole, so reading is safe


def register(value: str) -> None:
    """Mask the value from now on, also line by line and in the forms of literals."""
    global _values
    new = {form for form in _forms(value) if form not in _values}
    if new:
        with _lock:
            _values = tuple(sorted({*_values, *new}, key=len, reverse=True))


def mask(text: str) -> str:
    """The text with stars for each registered value; the longest value first."""
    for value in _values:
        if value in text:
            text = text.replace(value, MASK)
    return text


def is_secret_name(name: str) -> bool:
    """Whether a variable of that name holds a secret.

    >>> is_secret_name("API_ACCESS_REFRESH_TOKEN"), is_secret_name("KEYBOARD")
    (True, False)
    """
    words = "".join(c if c.isalnum() else " " for c in name.upper()).split()
    return not SECRET_WORDS.isdisjoint(word.removesuffix("S") for word in words)


def _forms(value: str) -> list[str]:
    """The value as it may appear: whole, without its ends, its lines, escaped."""
    from _json import encode_basestring_ascii

    stripped = value.strip()
    lines = stripped.splitlines()
    forms = [value, stripped, repr(value)[1:-1], encode_basestring_ascii(value)[1:-1]]
    forms = [form for form in forms if len(form) >= MIN_LENGTH]
    if len(lines) > 1:
        forms += [line for line in lines if len(line) >= MIN_LINE_LENGTH]
    return forms
