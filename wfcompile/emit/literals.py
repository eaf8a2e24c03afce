"""Values and texts -> Python literals, the same bytes on every machine.

Characters that cannot be seen (control, bidirectional, no-break space) are always escaped: what a
reviewer sees is what runs. The quote sign is the one that black would choose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from math import isfinite

from wfcompile.emit.imports import Imports

QUOTES = ('"', "'")
_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNSEEN = frozenset(["Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"])
_SENTENCE_ENDS = (".", "!", "?", ":", "…")
_WIDE = 80


class UnprintableError(Exception):
    """No literal fits into the f-string around it (Python 3.10: no backslash, no outer quote)."""


@dataclass(frozen=True, slots=True)
class Style:
    """Where a literal stands.

    Attributes:
        quotes: the quote signs that it may use.
        flat: it must stay on one line.
        escapes: backslashes are allowed; not inside an f-string.
    """

    quotes: tuple[str, ...] = QUOTES
    flat: bool = False
    escapes: bool = True

    def allows(self, inside: str) -> bool:
        """Whether a literal may have this inside; the quote signs around it count too."""
        if self.escapes:
            return True
        around = [quote for quote in QUOTES if quote not in self.quotes]
        return not any(sign in inside for sign in ("\\", *around))


TOP = Style()
FLAT = Style(flat=True)


def escape(text: str, quote: str = "") -> str:
    """The inside of a literal between `quote` signs.

    >>> print(escape('a "b"\\n', '"'))
    a \\"b\\"\\n
    """
    return "".join(f"\\{c}" if c == quote else _escape_character(c) for c in text)


def _escape_character(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character == " " or unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def best_quotes(text: str, quotes: Sequence[str]) -> list[str]:
    """`quotes`, the one that `text` holds least first."""
    return sorted(quotes, key=text.count)


def text_literal(text: str, style: Style = TOP) -> str:
    """A str as one literal on one line."""
    for quote in best_quotes(text, style.quotes):
        inside = escape(text, quote)
        if style.allows(inside):
            return f"{quote}{inside}{quote}"
    raise UnprintableError


def entries(rows: Sequence[str]) -> str:
    """What stands between brackets: two or more get a line each, by the last comma."""
    shown = ",\n".join(rows)
    return f"\n{shown},\n" if len(rows) > 1 or "\n" in shown else shown


def script_literal(text: str) -> str:
    """A shell text, flush left in a raw string; with escapes where a raw one cannot hold it.

    A newline is added in front, and behind when there is none: both mean nothing to a shell.
    """
    body = text if text.endswith("\n") else f"{text}\n"
    seen = all(c in "\n\t" or _escape_character(c) in (c, "\\\\") for c in text)
    if seen and not text.endswith("\\"):
        for quotes in ('"""', "'''"):
            if quotes not in text:
                return f"r{quotes}\n{body}{quotes}"
    return best_literal(text_literal(text), map(text_literal, split_lines(text)))


def split_lines(text: str) -> list[str]:
    """The lines with their newlines; none of the other line ends of Unicode ends one."""
    *ended, last = text.split("\n")
    return [f"{line}\n" for line in ended] + [last] * bool(last)


def best_literal(whole: str, lines: Iterable[str]) -> str:
    """`whole`, or the literals of its lines in parentheses when it would be too wide."""
    shown = list(lines)
    if len(shown) < 2 or len(whole) <= _WIDE:
        return whole
    return "(\n" + "\n".join(shown) + "\n)"


def docstring(text: str, indent: str = "") -> str:
    """A docstring of one sentence, or of the lines of `text`."""
    inside = docstring_text(text.strip())
    if not inside.endswith(_SENTENCE_ENDS):
        inside += "."
    return f'"""{inside}"""'.replace("\n", f"\n{indent}")


def docstring_text(text: str) -> str:
    """The inside of a docstring; lines stay lines."""
    lines = [escape(line.rstrip()) for line in text.split("\n")]
    return "\n".join(lines).replace('"""', '\\"\\"\\"')


def comment(text: str) -> str:
    """Any text as a part of a comment: one line, nothing unseen."""
    return "".join(c if c == "\\" else _escape_character(c) for c in text)


def number(value: int | float, style: Style = TOP) -> str:
    """An int or a float; what has no literal is made of its text.

    >>> number(1.5), number(float("-inf"))
    ('1.5', 'float("-inf")')
    """
    if isinstance(value, float) and not isfinite(value):
        return f"float({text_literal(str(value), style)})"
    return repr(value)


def decimal(value: Decimal, style: Style, imports: Imports) -> str:
    name, text = imports.name("decimal", "Decimal"), str(value)
    # linters want a whole number without quotes
    is_whole = text.removeprefix("-").isdigit() and text == str(int(value))
    return f"{name}({text if is_whole else text_literal(text, style)})"


def moment(value: date, imports: Imports) -> str:
    """`date(2024, 1, 1)`, `datetime(2024, 1, 1, 6, 30, tzinfo=timezone.utc)`."""
    parts = [str(value.year), str(value.month), str(value.day)]
    if not isinstance(value, datetime):
        return f"{imports.name('datetime', 'date')}({', '.join(parts)})"
    times = [value.hour, value.minute, value.second, value.microsecond]
    while times and times[-1] == 0:
        times.pop()
    if len(times) == 1:
        times.append(0)
    parts += map(str, times)
    offset = value.utcoffset()
    if offset is not None:
        parts.append(f"tzinfo={_timezone(offset, imports)}")
    return f"{imports.name('datetime', 'datetime')}({', '.join(parts)})"


def _timezone(offset: timedelta, imports: Imports) -> str:
    zone = imports.name("datetime", "timezone")
    if timezone(offset) == timezone.utc:
        return f"{zone}.utc"
    minutes, seconds = divmod(round(offset.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    shown = {"hours": hours, "minutes": minutes, "seconds": seconds}
    parts = ", ".join(f"{unit}={count}" for unit, count in shown.items() if count)
    return f"{zone}({imports.name('datetime', 'timedelta')}({parts}))"
