"""Text for a terminal: colours, widths in columns, lines that are cut to fit.

Text that comes from a run may hold anything, cursor movements too; `plain` takes out what
a terminal would obey.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

RED, GREEN, YELLOW, CYAN, DIM = "31", "32", "33", "36", "2"
COLOUR_BY_STATUS = {
    "SUCCESS": GREEN,
    "FAILED": RED,
    "CANCEL": YELLOW,
    "SKIP": DIM,
    "WAITING": DIM,
    "RUNNING": CYAN,
}


def is_live(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the stream is a terminal that can move its cursor."""
    if environment.get("TERM", "dumb") in ("", "dumb"):
        return False
    return is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def has_colours(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: on a terminal, if NO_COLOR is unset or empty."""
    return is_live(stream, environment) and not environment.get("NO_COLOR")


def size(stream: TextIO) -> tuple[int, int]:
    """Columns and lines; 80 and 24 where the terminal does not say."""
    try:
        columns, lines = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        columns, lines = 0, 0
    return columns or 80, lines or 24


def coloured(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colour else text


def with_status(line: str, status: str) -> str:
    """The line, the status in it in its colour."""
    colour = COLOUR_BY_STATUS.get(status, "")
    head, found, rest = line.partition(status)
    return head + coloured(found, colour) + rest if found else line


def plain(text: str) -> str:
    """Without control characters; a tab is four blanks.

    >>> plain("\\x1b[2Jred\\t!")
    '[2Jred    !'
    """
    if text.isprintable():
        return text
    kept = text.replace("\t", "    ")
    return "".join(c for c in kept if c.isprintable() or ord(c) >= 0xA0)


def width(text: str) -> int:
    """How many columns plain text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text
    )


def cut(text: str, columns: int) -> str:
    """At most so many columns, an ellipsis in place of the rest.

    >>> cut("check-landing", 8)
    'check...'
    """
    if width(text) <= columns:
        return text
    room = max(columns - 3, 0)
    while width(text) > room:
        text = text[: min(len(text) - 1, room)]
    return text + "..."[: max(columns, 0)]


def padded(text: str, columns: int) -> str:
    """Cut or filled up to exactly so many columns."""
    text = cut(text, columns)
    return text + " " * (columns - width(text))
