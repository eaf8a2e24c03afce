"""Callers that are chosen when a stage runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from wfruntime import tag


class Pulled(TypedDict):
    rows: int
    how: str


class Landed(TypedDict):
    rows: int
    path: str


@dataclass
class Report:
    rows: int
    title: str = "report"


@tag("v1", alias="pull-full")
def pull_full(region: str, limit: int = 10) -> Pulled:
    return {"rows": limit, "how": f"full {region}"}


@tag("v1", alias="pull-delta")
def pull_delta(region: str, limit: int = 10) -> Pulled:
    return {"rows": 1, "how": f"delta {region}"}


@tag("v1")
def load_csv(path: str, delimiter: str = ",") -> Pulled:
    return {"rows": 2, "how": f"csv {path} {delimiter}"}


@tag("v1")
async def load_json(path: str, *, depth: int = 1) -> Landed:
    return {"rows": 3, "path": f"{path}/{depth}"}


@tag("v1")
def load_xml(path: str) -> Report:
    return Report(rows=4, title=path)


@tag("v2")
async def land_eu(day: str) -> dict[str, Any]:
    return {"day": day, "where": "eu"}


@tag("v2")
async def land_us(day: str) -> dict[str, Any]:
    return {"day": day, "where": "us"}


@tag("1")
def step(n: int) -> dict[str, int]:
    return {"n": n}


@tag("2")
def step_more(n: int) -> dict[str, int]:
    return {"n": -n}


@tag("2", alias="step")
def step_2(n: int) -> dict[str, int]:
    return {"n": n * 2}


@tag("v1")
def send_raw_eu(text: str) -> dict[str, str]:
    return {"text": f"raw eu {text}"}


@tag("v1")
def send_raw_us(text: str) -> dict[str, str]:
    return {"text": f"raw us {text}"}


@tag("v1")
def send_clean_eu(text: str) -> dict[str, str]:
    return {"text": f"clean eu {text}"}
