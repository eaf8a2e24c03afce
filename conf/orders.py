"""The callers of nightly-orders.yml and full-report.yml."""

from datetime import date
from pathlib import Path
from typing import TypedDict

from wfruntime import tag

ORDERS_A_DAY = {"eu": 1200, "us": 800}


class Pulled(TypedDict):
    rows: int


class Published(TypedDict):
    target: str


class Written(TypedDict):
    path: str


@tag("v1", alias="pull-full")
def pull_full(region: str, day: date) -> Pulled:
    """All orders that are open on the day."""
    return {"rows": ORDERS_A_DAY[region] * day.day}


@tag("v1", alias="pull-delta")
def pull_delta(region: str, day: date) -> Pulled:
    """The orders that the day has added; none on a weekend."""
    return {"rows": 0 if day.weekday() >= 5 else ORDERS_A_DAY[region]}


@tag("s3", alias="publish")
def publish_s3(day: date) -> Published:
    """Say where the day's orders go in the object store."""
    return {"target": f"s3://orders/day={day}"}


@tag("db", alias="publish")
def publish_db(day: date) -> Published:
    """Say where the day's orders go in the database."""
    return {"target": f"orders_{day:%Y%m%d}"}


@tag("v1")
def write_report(day: date, path: str) -> Written:
    """One line a region."""
    rows = [f"{region} {pull_full(region, day)['rows']}" for region in ORDERS_A_DAY]
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return {"path": path}
