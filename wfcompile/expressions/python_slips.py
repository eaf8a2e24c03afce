"""What other languages write, in a line that is no Python: what to write instead."""

from __future__ import annotations

import re

_OF_OTHERS = (
    (re.compile(r"^\s*else\s+if\b"), 'write "elif"'),
    (re.compile(r"\+\+|--(?!\d)"), 'write "+= 1" or "-= 1"'),
    (re.compile(r"&&"), 'write "and"'),
    (re.compile(r"\|\|"), 'write "or"'),
    (re.compile(r"^\s*(const|let|var)\s"), "write the name alone, without the word"),
    (re.compile(r"[\u2018\u2019\u201c\u201d]"), "write straight quotes"),
)
"""What other languages have, and what Python has instead; the first that fits counts."""


def slip_help(line: str) -> str | None:
    """
    >>> slip_help("else if a > 1:")
    'write "elif"'
    """
    return next((help for sign, help in _OF_OTHERS if sign.search(line)), None)
