"""Whether a value is a credential, or only stands for one.

A password may be any text; what else has such a name is one only when it looks made by a machine:
`secret: db-credentials` names a secret, `secret: 9f86d081884c7d65` is one.
"""

from __future__ import annotations

import re

from wfcompile.secret_names import is_password_name, is_secret_name

_PLACEHOLDERS = re.compile(
    r"example|change[-_ ]?(?:me|it|this)|placeholder|\byour|dummy|sample|redacted|replace"
    r"|insert|fixme|to-?do|xxx|\*\*\*|\.\.\.|^<.*>$|^\[.*\]$|^_+$|fake",
    re.IGNORECASE,
)
_WORDS_FOR_ONE = frozenset(
    (
        *("password", "passwd", "pass", "pwd", "pw", "p", "secret", "token", "key"),
        *("apikey", "api-key", "api_key", "test", "none", "null", "true", "false"),
        *("prompt", "required", "optional", "unset", "empty", "hidden", "default"),
        *("str", "int", "float", "bool", "date", "datetime", "array", "list", "map"),
        *("choice", "decimal", "string", "basic", "bearer", "oauth", "oauth2"),
    )
)
"""What stands in the place of a value in documentation, and types."""
_SCHEME = re.compile(r"(?:Bearer|Basic|Token)\s+", re.IGNORECASE)
_REFERENCE = re.compile(r"[/.~@%].*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
"""A path, or the name of a variable."""
_PART = re.compile(r"[A-Za-z0-9+=]+")
_SHORTEST, _SHORTEST_PART = 4, 8


def is_placeholder(value: str) -> bool:
    """
    >>> is_placeholder("<your token>"), is_placeholder("AKIAXXXXXXXXXXXXXXXX")
    (True, True)
    >>> is_placeholder("hunter2")
    False
    """
    if value.lower() in _WORDS_FOR_ONE or _PLACEHOLDERS.search(value):
        return True
    return 2 * max(map(value.count, set(value))) > len(value)


def is_credential(name: str, value: str) -> bool:
    """Whether the value of that name, which is that of a secret, is one.

    >>> is_credential("db_password", "hunter2"), is_credential("password", "db_password")
    (True, False)
    >>> is_credential("secret", "prod/db-2"), is_credential("token", "9f86d081884c")
    (False, True)
    """
    value = _SCHEME.sub("", value.strip(), count=1)
    if len(value) < _SHORTEST or re.search(r"[\s$`{}]|://", value):
        return False
    if is_placeholder(value) or _REFERENCE.fullmatch(value) or is_secret_name(value):
        return False
    if is_password_name(name):
        return True
    parts = _PART.findall(value)
    return any(map(_is_made, parts))


def _is_made(part: str) -> bool:
    """Letters and digits in one, too long for a number behind a name."""
    name = part.rstrip("0123456789")
    is_name = name.isalpha() and len(part) - len(name) <= _SHORTEST
    has_both = re.search(r"[A-Za-z]", part) and re.search(r"\d", part)
    return len(part) >= _SHORTEST_PART and bool(has_both) and not is_name
