r"""Backslash escapes of text literals, as Python reads them.

An unknown escape keeps its backslash (Python does, with a warning), so that patterns such as
"\d+" mean the same as in the interpreter.
"""

from __future__ import annotations

import re
import unicodedata

_ESCAPE = re.compile(
    r"""\\(?:
        (?P<octal>[0-7]{1,3})
      | x(?P<hex2>[0-9a-fA-F]{2})
      | u(?P<hex4>[0-9a-fA-F]{4})
      | U(?P<hex8>[0-9a-fA-F]{8})
      | N\{(?P<name>[^{}]+)\}
      | (?P<cut>[xuUN])
      | (?P<plain>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


class EscapeError(ValueError):
    """An escape that names no character; `start`, `end` count from the decoded piece's start."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__("escape names no character")
        self.start = start
        self.end = end


def decode(piece: str) -> str:
    r"""The text that the inside of a literal stands for.

    Raises:
        EscapeError: for a cut `\x`, `\u`, `\U`, an unknown `\N{...}`, a number beyond Unicode.

    >>> decode(r"a\tb\d")
    'a\tb\\d'
    """
    return _ESCAPE.sub(_character, piece)


def _character(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups["plain"] is not None:
        return _PLAIN.get(groups["plain"], match.group())
    if groups["octal"] is not None:
        return chr(int(groups["octal"], 8))
    try:
        if groups["name"] is not None:
            return unicodedata.lookup(groups["name"])
        if groups["cut"] is None:
            return chr(int(groups["hex2"] or groups["hex4"] or groups["hex8"], 16))
    except (KeyError, ValueError, OverflowError):
        pass
    raise EscapeError(*match.span())
