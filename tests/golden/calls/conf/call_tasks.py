"""The callers of calls.yml, as a user writes them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal, NamedTuple, Optional, TypedDict

from pydantic import BaseModel, Field
from wfruntime import CallerSecret, Result, tag


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Address(BaseModel):
    street: str
    number: int = 1


class Person(BaseModel):
    name: str
    address: Address
    others: list[Address] = []
    token: CallerSecret = CallerSecret("")
    run_id: str = Field(default="", alias="run-id")


@dataclass
class Window:
    start: date
    stop: Optional[date] = None  # noqa: UP045
    tags: list[str] = field(default_factory=list)


class Point(NamedTuple):
    x: int
    y: float = 0.0


class Target(TypedDict):
    path: str
    mode: Literal["new", "append"]


class Counted(TypedDict, total=False):
    rows: int
    text: str


@tag("v1")
def takes_models(
    person: Person, window: Window, point: Point, target: Target
) -> dict[str, str]:
    return {
        "person": person.model_dump_json(),
        "window": repr(window),
        "point": repr(point),
        "target": repr(target),
    }


@tag("v1")
def takes_plain(
    text: str,
    whole: int,
    share: float,
    price: Decimal,
    flag: bool,
    day: date,
    moment: datetime,
    where: Path,
    colour: Colour,
    mode: Literal["full", "delta"],
    rows: list[int],
    names: Sequence[str],
    options: Mapping[str, float],
    anything: Any,
    pair: tuple[int, str],
    unique: set[str],
    maybe: Optional[int] = None,  # noqa: UP045
    either: int | str = 0,
) -> dict[str, str]:
    shown = dict(locals())
    shown["unique"] = sorted(unique)
    return {key: repr(value) for key, value in shown.items()}


@tag("v1")
def defaults(a: int, b: int = 2, *, _c: int = 3, d: str | None = None) -> Counted:
    return {"rows": a + b + _c, "text": str(d)}


@tag("v1")
def private(_path: str, _limit: int = 1) -> dict[str, Any]:
    return {"path": _path, "limit": _limit}


@tag("v1", alias="any-arguments")
def takes_all(first: str, **others: object) -> dict[str, object]:
    return {"first": first, "others": sorted(others)}


@tag("v1")
def numbers(**numbers: int) -> dict[str, int]:
    return numbers


@tag("v1")
def injected(name: str, result: Result, extras: dict[str, Any]) -> dict[str, Any]:
    result.trace.info(f"hello {name}")
    return {"has_id": bool(result.run_id), "extras": extras}


@tag("v1")
async def waits(seconds: float) -> dict[str, float]:
    await asyncio.sleep(seconds)
    return {"seconds": seconds}


@tag("v1")
async def waits_for_model(seconds: float) -> Address:
    await asyncio.sleep(seconds)
    return Address(street="a", number=2)


@tag("v1")
def secret(token: CallerSecret) -> dict[str, int]:
    return {"length": len(token.get_secret_value())}


@tag("v1")
def gives_model() -> Person:
    return Person.model_validate(
        {"name": "a", "address": {"street": "s"}, "run-id": "7"}
    )


@tag("v1")
def gives_dataclass() -> Window:
    return Window(date(2024, 1, 31))


@tag("v1")
def gives_tuple() -> Point:
    return Point(1, 2.5)


@tag("v1")
def gives_typed_dict(path: str) -> Target:
    return {"path": path, "mode": "new"}


@tag("v1")
def gives_map() -> Mapping[str, int]:
    return {"a": 1}


@tag("v1")
def gives_maybe() -> dict[str, int] | None:
    return {"a": 1}


@tag("v1")
def gives_models() -> dict[str, list[Address]]:
    return {"all": [Address(street="x")]}


@tag()
def latest() -> dict[str, Any]:
    return {"free": [1, {"deep": "value"}]}


@tag("v1")
def untyped(a, b=2):  # type: ignore[no-untyped-def]
    return {"a": a, "b": b}
