"""Text for a terminal: colours, widths in columns, what is safe to show.

Text that comes from a workflow may hold anything, cursor movements too; `visible` spells out what
a terminal would obey and what would hide the order of the characters.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO
from unicodedata import combining, east_asian_width

RED, GREEN, YELLOW, BLUE, CYAN, BOLD = "31", "32", "33", "34", "36", "1"
TAB = "    "


class Unwritten(Exception):
    """Output that could not be written, as on a full disk; the message says where and why."""


def is_live(stream: TextIO | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the stream is a terminal that can move its cursor."""
    if stream is None or environment.get("TERM", "dumb") in ("", "dumb"):
        return False
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def has_colours(
    stream: TextIO | None, environment: Mapping[str, str] = os.environ
) -> bool:
    """Whether to colour: on a terminal, if NO_COLOR is unset or empty (no-color.org)."""
    return is_live(stream, environment) and not environment.get("NO_COLOR")


def coloured(text: str, *codes: str) -> str:
    """The text between the codes of the terminal; without codes as it is."""
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if text and codes else text


def visible(text: str) -> str:
    """What is not printable is spelled out; a tab is four blanks.

    >>> visible("\\x1b[2Jred\\t!\\u202e")
    '\\\\x1b[2Jred    !\\\\u202e'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _spelled(c) for c in text)


def _spelled(character: str) -> str:
    if character == "\t":
        return TAB
    return character.encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """How many columns visible text takes.

    >>> width("größe"), width("日本")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text
    )


def say(text: str, stream: TextIO | None) -> None:
    """Writes and flushes what can be written.

    A reader that has gone away ends no build, and an encoding that lacks a character gets its
    number instead.

    Raises:
        Unwritten: the output goes to what takes no more.
    """
    if stream is None or not text:
        return
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except (BrokenPipeError, ValueError):
        _forget(stream)
    except OSError as error:
        _forget(stream)
        raise Unwritten(_unwritten(stream, error)) from error


def complain(text: str) -> None:
    """To standard error; that this cannot be written can be told nowhere."""
    with suppress(Unwritten):
        say(text, sys.stderr)


def forget_unwritten() -> None:
    """Give up what is in the buffers of the standard streams and cannot be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            _forget(stream)


def _unwritten(stream: TextIO, error: OSError) -> str:
    name = "standard error" if stream is sys.stderr else "standard output"
    return f"{name} cannot be written: {(error.strerror or str(error)).lower()}"


def _forget(stream: TextIO) -> None:
    """What is still in the buffer goes nowhere: Python would complain about it at its exit."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, descriptor)
    finally:
        os.close(nowhere)
