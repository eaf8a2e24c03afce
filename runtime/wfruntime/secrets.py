"""The values that nothing written may show, and the masking of texts.

Whatever leaves the process (lines, journal, audit, error messages) goes through `mask`.
Masked are the texts whose names look like those of secrets: variables of the environment
from the start of a run on, params, variables of shells. Values shorter than `MIN_LENGTH`
are not: that would hide half of every line.
"""

from __future__ import annotations

import _thread
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MASK = "**********"
MIN_LENGTH = 4
MAX_DEPTH = 20  # of maps and lists in a param
WORDS = frozenset(
    (
        *("TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "PWD"),
        *("DBPASS", "KEY", "APIKEY", "AUTH", "OAUTH", "AUTHORIZATION"),
        *("CREDENTIAL", "CRED", "PRIVATE"),
    )
)
ENDINGS = (
    *("PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "TOKEN", "SECRET", "CREDENTIAL"),
    *("APIKEY", "ACCESSKEY", "AUTHKEY", "PRIVATEKEY", "SECRETKEY"),
)
"""Of words without a break: PGPASSWORD, APIKEY."""
HARMLESS_NAMES = frozenset(("PWD", "OLDPWD", "SSH_AUTH_SOCK"))
HARMLESS_VALUES = frozenset(("true", "false", "none", "null"))
"""As in `NPM_CONFIG_ALWAYS_AUTH=true`."""
HARMLESS_ENTRIES = frozenset(("KEY", "KEYS"))
"""Of maps: `{"key": "region", "value": "eu"}`."""

_lock = _thread.allocate_lock()
_values: tuple[str, ...] = ()  # longest first; replaced as a whole, so reading is safe


def register(value: str) -> None:
    """Mask the value from now on, also line by line and in the forms of literals."""
    global _values
    if value.lower() in HARMLESS_VALUES:
        return
    new = {form for form in _forms(value) if form not in _values}
    if new:
        with _lock:
            _values = tuple(sorted({*_values, *new}, key=len, reverse=True))


def register_environment() -> None:
    """Mask the variables of this process that hold secrets."""
    for name in os.environ:
        if is_secret_name(name):
            register(os.environ[name])


def register_named(name: object, value: object) -> None:
    """Mask a value if its name is that of a secret; in maps, what has such a name there.

    Only texts are masked, not numbers and dates: `max-tokens: 4096` would hide each 4096.
    """
    for text in _secret_texts(str(name), value, MAX_DEPTH):
        register(text)


def mask(text: str) -> str:
    """The text with stars for each registered value; the longest value first."""
    for value in _values:
        if value in text:
            text = text.replace(value, MASK)
    return text


def is_secret_name(name: str) -> bool:
    """Whether a variable or param of that name holds a secret.

    >>> is_secret_name("API_ACCESS_REFRESH_TOKEN"), is_secret_name("KEYBOARD")
    (True, False)
    >>> is_secret_name("PGPASSWORD"), is_secret_name("OLDPWD")
    (True, False)
    >>> is_secret_name("accountKey"), is_secret_name("monkey")
    (True, False)
    """
    if name.upper() in HARMLESS_NAMES:
        return False
    before = ""
    signs = []
    for sign in name:
        begins_word = sign.isupper() and before.islower()
        signs.append(f" {sign}" if begins_word else sign if sign.isalnum() else " ")
        before = sign
    for word in "".join(signs).upper().split():
        one = word if word in WORDS else word.removesuffix("S")
        if one in WORDS or one.endswith(ENDINGS):
            return True
    return False


def _secret_texts(name: str, value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, dict):
        is_secret = is_secret_name(name)
        for key, item in value.items():
            if is_secret:
                yield from _secret_texts(name, item, depth - 1)
            elif str(key).upper() not in HARMLESS_ENTRIES:
                yield from _secret_texts(str(key), item, depth - 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _secret_texts(name, item, depth - 1)
    elif isinstance(value, str) and is_secret_name(name):
        yield str.__str__(value)


def _forms(value: str) -> list[str]:
    """The value as it may appear: whole, without its ends, its lines; each also escaped."""
    from _json import encode_basestring_ascii

    stripped = value.strip()
    forms: list[str] = []
    for part in (value, stripped, *map(str.strip, stripped.splitlines())):
        forms += (part, repr(part)[1:-1], encode_basestring_ascii(part)[1:-1])
    return [form for form in forms if len(form) >= MIN_LENGTH]
