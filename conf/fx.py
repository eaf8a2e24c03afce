"""The callers of fx-report.yml: read positions, value them in one currency, write Markdown.

Standard library only, so that the host needs nothing but the runtime.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict

from wfruntime import Result, tag

OTHER = "other"


class Position(TypedDict):
    desk: str
    currency: str
    amount: float


class Book(TypedDict):
    positions: list[Position]
    count: int


class Exposure(TypedDict):
    currency: str
    amount: float


class Valuation(TypedDict):
    exposures: list[Exposure]


class Written(TypedDict):
    path: str
    lines: int


@dataclass(frozen=True)
class Report:
    day: date
    currency: str
    exposures: list[Exposure]


@tag("v1")
def read_positions(path: str, desks: list[str], result: Result) -> Book:
    """The positions of the desks, from a CSV file with the columns desk, currency, amount."""
    with open(path, encoding="utf-8", newline="") as file:
        positions = [
            Position(
                desk=row["desk"],
                currency=row["currency"],
                amount=float(row["amount"]),
            )
            for row in csv.DictReader(file)
            if row["desk"] in desks
        ]
    result.trace.info(f"{len(positions)} positions in {path}")
    return {"positions": positions, "count": len(positions)}


@tag("v1")
def convert(
    positions: list[Position],
    currency: str,
    rates: dict[str, float],
    min_amount: float = 0.0,
) -> Valuation:
    """The exposure to each currency, largest first; small ones together as "other"."""
    unknown = {position["currency"] for position in positions} - rates.keys()
    if unknown:
        raise ValueError(f"no rate for {', '.join(sorted(unknown))}")
    amounts: dict[str, float] = {}
    for position in positions:
        own = position["currency"]
        value = position["amount"] * rates[own] / rates[currency]
        amounts[own] = amounts.get(own, 0.0) + value
    large = {k: v for k, v in amounts.items() if abs(v) >= min_amount}
    if len(large) < len(amounts):
        large[OTHER] = sum(v for k, v in amounts.items() if k not in large)
    ranked = sorted(large.items(), key=lambda item: -abs(item[1]))
    return {"exposures": [Exposure(currency=k, amount=v) for k, v in ranked]}


@tag("v1")
def write_report(path: str, headline: str, report: Report) -> Written:
    """A Markdown table with one row an exposure."""
    lines = [
        f"# {headline}",
        "",
        f"{report.day:%d %B %Y}",
        "",
        f"| exposure to | {report.currency} |",
        "|---|---:|",
        *(_row(exposure) for exposure in report.exposures),
    ]
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"path": path, "lines": len(lines)}


def _row(exposure: Exposure) -> str:
    return f"| {exposure['currency']} | {exposure['amount']:,.2f} |"
