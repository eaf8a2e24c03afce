"""The service's records: a pair and a day give the same quotes on every machine.

No state and no random numbers. Saturdays and Sundays have no quotes, as on a real market, so that
the empty answer of a successful request can be seen too.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256
from typing import TypedDict

MID_BY_PAIR = {
    "EUR-USD": 1.0850,
    "USD-JPY": 148.20,
    "USD-SGD": 1.3340,
    "USD-THB": 35.150,
}
VENUES = (("Bangkok", "TH"), ("Singapore", "SG"), ("London", "GB"))
OPENING_HOUR = 8
CLOSING_HOUR = 18


class Venue(TypedDict):
    city: str
    country: str


class Rate(TypedDict):
    bid: float
    ask: float


class Quote(TypedDict):
    pair: str
    time: str
    rate: Rate
    venue: Venue
    tags: list[str]


def quotes_of(pair: str, day: date) -> list[Quote]:
    """One quote an opening hour, in order of time; none on a weekend.

    Raises:
        KeyError: the service does not know the pair.

    >>> [quote["rate"] for quote in quotes_of("USD-THB", date(2024, 1, 1))][:1]
    [{'bid': 35.3134, 'ask': 35.3487}]
    >>> quotes_of("USD-THB", date(2024, 1, 6))
    []
    """
    mid = MID_BY_PAIR[pair]
    if day.weekday() >= 5:
        return []
    opening = datetime.combine(day, time(OPENING_HOUR), timezone.utc)
    hours = range(CLOSING_HOUR - OPENING_HOUR)
    return [_quote(pair, mid, opening + timedelta(hours=hour)) for hour in hours]


def _quote(pair: str, mid: float, at: datetime) -> Quote:
    digest = sha256(f"{pair} {at.isoformat()}".encode()).digest()
    # within half a per cent of the mid price
    bid = mid * (1 + (digest[0] - 128) / 25600)
    city, country = VENUES[digest[1] % len(VENUES)]
    return {
        "pair": pair,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "rate": {"bid": round(bid, 4), "ask": round(bid * 1.001, 4)},
        "venue": {"city": city, "country": country},
        "tags": ["spot", "indicative"] if digest[2] % 2 else ["spot"],
    }
