"""What the workflows ask of the warehouse."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypedDict

from pydantic import BaseModel, Field
from wfruntime import tag

Region = Literal["eu", "us", "asia"]
Limit = Annotated[int, Field(ge=1)]


class Window(BaseModel):
    start: str = Field("00:00", pattern=r"^\d\d:\d\d$")
    hours: int = Field(24, ge=1, le=24)


class Options(BaseModel):
    batch: int = Field(100, gt=0)
    columns: list[Annotated[str, Field(min_length=2)]] = []
    window: Window = Window()
    tries: int = 1


class Row(TypedDict):
    id: int
    amount: float


class Orders(TypedDict):
    rows: list[Row]
    path: str


class Loaded(TypedDict):
    rows: int
    seconds: float


@tag("v1")
def read_orders(region: str, day: date, options: Options) -> Orders:

    rows: list[Row] = [{"id": 1, "amount": 2.5}]
    return {"rows": rows, "path": f"/data/{region}-{day}"}


@tag("v1")
def load_orders_daily(day: date, limit: int) -> Loaded:
    return {"rows": limit, "seconds": 0.1}


@tag("v1")
def load_orders_monthly(day: date, limit: int) -> Loaded:
    return {"rows": limit, "seconds": 0.2}


@tag("v1")
def load_items_daily(day: date, limit: int) -> Loaded:
    return {"rows": limit, "seconds": 0.3}


@tag("v1")
def load_items_monthly(day: date, limit: int) -> Loaded:
    return {"rows": limit, "seconds": 0.4}


@tag("v1")
def check_quota(region: str, limits: list[Limit]) -> dict[str, bool]:
    return {"is_kept": bool(region and limits)}
