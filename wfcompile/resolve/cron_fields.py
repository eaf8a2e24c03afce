"""Cron text -> the values of its fields, and back in normal form.

Every mistake is told at its own characters inside the scalar. What the fields mean together
(dates that never come, both day fields) is looked at in `schedules.py`.
Source: language.md section 9; differences D22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wfcompile.diagnostics import Diagnostics, did_you_mean, shortened
from wfcompile.nodes import Scalar
from wfcompile.source import Span


@dataclass(frozen=True, slots=True)
class Unit:
    """What one field counts; `names` stand for the numbers from `low` on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    @property
    def is_day(self) -> bool:
        return self.name.startswith("day")

    @property
    def is_clock(self) -> bool:
        return self.name in ("minute", "hour")

    @property
    def all(self) -> range:
        return range(self.low, self.high + 1)

    @property
    def expected(self) -> str:
        named = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.low} to {self.high}{named}"


MONTH_NAMES = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
WEEKDAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
UNITS = (
    Unit("minute", 0, 59),
    Unit("hour", 0, 23),
    Unit("day of the month", 1, 31),
    Unit("month", 1, 12, MONTH_NAMES),
    Unit("day of the week", 0, 6, WEEKDAY_NAMES),
    Unit("year", 1990, 2100),
)
DAY, MONTH, WEEKDAY, YEAR = 2, 3, 4, 5

# longer ones are no value of any field, and slow or refused to convert
_NEXT = {"minute": 60, "hour": 24}
"""Field -> the number that people write for its 0."""
_NUMBER = re.compile("[0-9]{1,9}")
_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@dataclass(frozen=True, slots=True)
class CronField:
    """A field with its values, sorted; Sunday is 0.

    Attributes:
        is_star: whether it is written with a star at its beginning; for minutes and hours that
            means real time where the clock changes, as cron has it.
    """

    unit: Unit
    values: tuple[int, ...]
    span: Span
    is_star: bool = False

    @property
    def is_restricted(self) -> bool:
        return len(self.values) < len(self.unit.all)

    def __str__(self) -> str:
        """The normal form: as few signs as the values need (`MON-FRI` is `1-5`)."""
        if not self.is_restricted:
            return "*"
        if self.unit.is_clock and self.is_star:
            return self._with_star()
        first, last = self.values[0], self.values[-1]
        step = self.values[1] - first if len(self.values) > 2 else 0
        if step < 2 or self.values != tuple(range(first, last + 1, step)):
            return ",".join(_runs(self.values))
        if first == self.unit.low and last + step > self.unit.high:
            return f"{first}-{last}/{step}" if self.unit.is_clock else f"*/{step}"
        return f"{first}-{last}/{step}"

    def _with_star(self) -> str:
        low, high = self.unit.low, self.unit.high
        for step in range(2, high + 2):
            if self.values == tuple(range(low, high + 1, step)):
                return f"*/{step}"
        # the star of a list, such as */30,10, is never lost: it means the first value here
        others = [value for value in self.values if value != low]
        return ",".join([f"*/{high + 1}", *_runs(others)])


def _runs(values: Sequence[int]) -> Iterator[str]:
    start = 0
    for index, value in enumerate(values):
        if index + 1 == len(values) or values[index + 1] != value + 1:
            first = values[start]
            yield str(value) if first == value else f"{first}-{value}"
            start = index + 1


def read_cron(scalar: Scalar, diagnostics: Diagnostics) -> tuple[CronField, ...] | None:
    """Five fields or six, or None when one of them cannot be read.

    Adds WF330 (number of fields), WF331 (`@daily` and the like), WF332 (what is no value of its
    field), WF333 (out of range), WF334 (a range that runs backwards), WF335 (a step), WF336 (`?`).
    """
    tokens = list(re.finditer(r"\S+", scalar.text))
    if len(tokens) not in (5, 6):
        _refuse_count(scalar, [token[0] for token in tokens], diagnostics)
        return None
    fields = [
        _FieldReader(scalar, unit, diagnostics).read(*token.span())
        for unit, token in zip(UNITS, tokens, strict=False)
    ]
    if tokens[DAY][0] == "?" == tokens[WEEKDAY][0]:
        diagnostics.error(
            "WF336",
            'both day fields are "?"',
            scalar.span_of(*tokens[WEEKDAY].span()),
            help='write "*" for every day',
        )
        return None
    known = tuple(field for field in fields if field is not None)
    return known if len(known) == len(fields) else None


def _refuse_count(scalar: Scalar, tokens: list[str], diagnostics: Diagnostics) -> None:
    if len(tokens) == 1 and tokens[0].startswith("@"):
        right = _MACROS.get(tokens[0].lower())
        diagnostics.error(
            "WF331",
            f'"{shortened(tokens[0])}" is not known, expected the fields of a cron expression',
            scalar.span,
            help=f'write "{right}"' if right else 'write them out: "0 0 * * *"',
        )
        return
    fields = "1 field" if len(tokens) == 1 else f"{len(tokens)} fields"
    diagnostics.error(
        "WF330",
        f"the cron expression has {fields}, expected 5, or 6 with a year",
        scalar.span,
        help="write minute, hour, day of the month, month, day of the week",
    )


class _Mistake(Exception):
    """Reported; the field has no values."""


class _FieldReader:
    """Reads one field of one expression."""

    def __init__(self, scalar: Scalar, unit: Unit, diagnostics: Diagnostics) -> None:
        self.scalar = scalar
        self.unit = unit
        self.diagnostics = diagnostics

    def read(self, start: int, end: int) -> CronField | None:
        text = self.scalar.text[start:end]
        span = self.scalar.span_of(start, end)
        if text == "?" and self.unit.is_day:
            return CronField(self.unit, tuple(self.unit.all), span)
        values: set[int] = set()
        is_known = True
        for part in re.finditer(r"[^,]+|(?<![^,])(?![^,])", text):
            try:
                values.update(self._part(start + part.start(), start + part.end()))
            except _Mistake:
                is_known = False
        if self.unit.names == WEEKDAY_NAMES:
            values = {value % 7 for value in values}
        if not is_known:
            return None
        return CronField(self.unit, tuple(sorted(values)), span, text.startswith("*"))

    def _part(self, start: int, end: int) -> range:
        """One of a list: `*`, a value, `a-b`, and a step behind it."""
        text = self.scalar.text[start:end]
        base, slash, step = text.partition("/")
        values = self._base(start, start + len(base))
        if not slash:
            return values
        if not _NUMBER.fullmatch(step) or int(step) == 0:
            message = f'"{shortened(step)}" is no step, expected a number from 1 on'
            self._refuse(
                "WF335",
                message,
                start + len(base) + 1,
                end,
                help=f'write "{base}" for each one, or a step such as "{base}/5"',
            )
        if base != "*" and "-" not in base:
            self._refuse_lone_step(values[0], step, start, end)
        return values[:: int(step)]

    def _base(self, start: int, end: int) -> range:
        text = self.scalar.text[start:end]
        if text == "*":
            return self.unit.all
        first, dash, last = text.partition("-")
        low = self._value(start, start + len(first))
        if not dash:
            return range(low, low + 1)
        high = self._value(start + len(first) + 1, end)
        if self.unit.names == WEEKDAY_NAMES and high == 0 < low:
            high = 7  # a week may end with its Sunday
        if high < low:
            self._refuse(
                "WF334",
                f'the range "{text}" runs backwards',
                start,
                end,
                help=f'write "{low}-{self.unit.high},{self.unit.low}-{high}"',
            )
        return range(low, high + 1)

    def _value(self, start: int, end: int) -> int:
        text, unit = self.scalar.text[start:end], self.unit
        if text.upper() in unit.names:
            return unit.low + unit.names.index(text.upper())
        if not _NUMBER.fullmatch(text):
            self._refuse_value(text, start, end)
        highest = 7 if unit.names == WEEKDAY_NAMES else unit.high
        if not unit.low <= int(text) <= highest:
            self._refuse(
                "WF333",
                f"the {unit.name} {text} is out of range, expected {unit.expected}",
                start,
                end,
                help='write "0"' if int(text) == _NEXT.get(unit.name) else None,
            )
        return int(text)

    # --- mistakes ---

    def _refuse(
        self, code: str, message: str, start: int, end: int, *, help: str | None = None
    ) -> None:
        span = self.scalar.span_of(start, end)
        self.diagnostics.error(code, message, span, help=help)
        raise _Mistake

    def _refuse_value(self, text: str, start: int, end: int) -> None:
        unit = self.unit
        if text == "?":
            help = '"?" stands alone, for the day of the month or of the week'
            self._refuse("WF336", f'"?" is no {unit.name}', start, end, help=help)
        short = text[:3].upper()
        help_ = (
            f'did you mean "{short}"?'
            if short in unit.names
            else did_you_mean(text.upper(), unit.names)
        )
        if help_ is None and re.search("[LWH#]", text.upper()):
            help_ = "L, W, H and # are not known here: write the days out"
        what = f'"{shortened(text)}" is no {unit.name}'
        if not text:
            what = f"the {unit.name} is missing"
        self._refuse(
            "WF332",
            f"{what}, expected {unit.expected}",
            start,
            end,
            help=help_ or 'write numbers, ranges "a-b", lists "a,b", steps "*/n"',
        )

    def _refuse_lone_step(self, low: int, step: str, start: int, end: int) -> None:
        """The interpreter reads `0/15` as 0; other crons read it as `*/15`."""
        unit = self.unit
        base = "*" if low == unit.low else f"{low}-{unit.high}"
        text = self.scalar.text[start:end]
        self._refuse(
            "WF335",
            f'"{text}" has a step but no range',
            start,
            end,
            help=f'write "{base}/{step}"',
        )
