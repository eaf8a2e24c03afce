"""What the keys of well-known services look like, wherever in a file they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wfcompile.credentials.values import is_placeholder

_FORMATS = {
    "AWS access key": r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{40,}",
    "GitLab token": r"\bglpat-[\w-]{20,}",
    "Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{20,}",
    "Slack webhook": r"(?<=hooks\.slack\.com/services/)T\w+/B\w+/\w{20,}",
    "Google API key": r"\bAIza[\w-]{35}(?![\w-])",
    "Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{24,}",
    "OpenAI or Anthropic key": r"\bsk-(?:ant-|proj-)?[\w-]{40,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgE[\w-]{50,}",
    "SendGrid key": r"\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])",
    "Azure storage key": r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==",
    "JSON web token": r"\beyJ[\w-]{10,999}\.eyJ[\w-]{10,9999}\.[\w-]{10,999}",
    "private key": (
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=\s\\]{40,}"
        r"(?:-----END [A-Z0-9 ]+-----)?"
    ),
}
_KEYS = re.compile(
    "|".join(
        f"(?P<_{number}>{pattern})" for number, pattern in enumerate(_FORMATS.values())
    )
)
_NAMES = tuple(_FORMATS)
_HINT = re.compile(
    r"AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|hooks\.slack|AIza|k_live_|sk-|npm_"
    r"|pypi-|SG\.|AccountKey=|eyJ|PRIVATE KEY"
)
_URL = re.compile(
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@'\"${}<>?#]*:(?P<password>[^\s/@'\"${}<>]+)"
    r"@(?P<host>[A-Za-z0-9.\[-]+)"
)
_LOCAL = ("localhost", "127.", "[", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class Key:
    """`text[start:end]` is one; `name` says of what kind, with its article."""

    name: str
    start: int
    end: int


def keys_in(text: str) -> Iterator[Key]:
    """The keys and the passwords of addresses in a text, in no order."""
    for match in _KEYS.finditer(text) if _HINT.search(text) else ():
        if not is_placeholder(match.group()):
            name = _NAMES[int(str(match.lastgroup)[1:])]
            article = "an" if name[0] in "AOn" else "a"
            yield Key(f"{article} {name}", *match.span())
    for match in _URL.finditer(text) if "://" in text else ():
        is_local = match["host"].startswith(_LOCAL)
        if not is_local and not is_placeholder(match["password"]):
            yield Key("the password of an address", *match.span("password"))
