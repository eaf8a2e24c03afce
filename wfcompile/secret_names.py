"""Names of what nobody may see: a warning needs a better reason than masking does.

The runtime masks each value whose name holds such a word anywhere. Here the last word decides, for
it says what the value is: `API_TOKEN` is a token, `TOKEN_URL` is an address. All that is a secret
here is masked there.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PASSWORDS = frozenset(("PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "DBPASS"))
_SECRETS = _PASSWORDS | {"SECRET", "TOKEN", "APIKEY", "AUTHORIZATION"}
_PASSWORD_ENDINGS = ("PASSWORD", "PASSWD", "PASSPHRASE")
_ENDINGS = (
    *_PASSWORD_ENDINGS,
    *("APIKEY", "ACCESSKEY", "SECRETKEY", "PRIVATEKEY", "AUTHTOKEN", "ACCESSTOKEN"),
)
"""Of words without a break: PGPASSWORD."""
_BEFORE_KEY = frozenset(
    (
        *("API", "ACCESS", "SECRET", "PRIVATE", "ACCOUNT", "AUTH", "SIGNING"),
        *("ENCRYPTION", "MASTER", "SHARED", "SUBSCRIPTION", "FERNET", "HMAC", "SSH"),
    )
)
"""Other keys find something, as those of caches, partitions and objects do."""
_BEFORE_PASS = frozenset(("DB", "SMTP", "FTP", "SFTP", "MYSQL", "PG", "LDAP", "USER"))
"""Others are passes over something."""
_NO_SECRET_BEFORE = frozenset(
    (
        # a place in a list of pages, a mark against forged forms, a sign of a language model
        *("NEXT", "PAGE", "CONTINUATION", "SYNC", "CURSOR", "RESUME", "CANCEL"),
        *("CANCELLATION", "CSRF", "XSRF", "MASK", "PAD", "EOS", "BOS", "UNK", "STOP"),
        # the name of a record that holds one
        *("K8S", "KUBE", "KUBERNETES", "PULL", "VAULT"),
    )
)
_QUESTIONS = frozenset(
    ("IS", "HAS", "HAVE", "USE", "USES", "NEEDS", "REQUIRE", "REQUIRES", "NO", "CHECK")
)
"""First words of what is true or false."""
_QUALIFIERS = frozenset(("PROD", "DEV", "TEST", "STAGING", "OLD", "NEW", "VALUE"))
"""Last words that say which one of several it is; so does a number."""


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """
    >>> is_secret_name("API_ACCESS_REFRESH_TOKEN"), is_secret_name("TOKEN_URL")
    (True, False)
    >>> is_secret_name("accountKey"), is_secret_name("partition-key")
    (True, False)
    >>> is_secret_name("PGPASSWORD"), is_secret_name("OLDPWD"), is_secret_name("PWD")
    (True, False, False)
    """
    *before, last = _words(name) or [""]
    if before and before[0] in _QUESTIONS:
        return False
    nearest = before[-1] if before else ""
    if last == "KEY":
        return nearest in _BEFORE_KEY
    if last == "PASS":
        return nearest in _BEFORE_PASS
    if last == "PWD":
        return bool(before)
    is_secret = last in _SECRETS or last.endswith(_ENDINGS)
    return is_secret and nearest not in _NO_SECRET_BEFORE


def is_password_name(name: str) -> bool:
    """Whether the value is one that a person may have chosen, of whatever form."""
    last = (_words(name) or [""])[-1]
    is_password = (
        last in _PASSWORDS or last == "PASS" or last.endswith(_PASSWORD_ENDINGS)
    )
    return is_password and is_secret_name(name)


def _words(name: str) -> list[str]:
    """In capitals, without what only says which one of several it is.

    `K8S` is one word.
    """
    words = [each.upper() for each in _WORDS.findall(name.replace("K8S", "KUBE"))]
    while len(words) > 1 and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words.pop()
    return words
