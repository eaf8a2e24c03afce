"""Callers for `test_lax_calls.py`: a class of every kind, as users write them."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NewType, Optional
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr
from typing_extensions import TypedDict
from wfruntime import CallerSecret, tag

UserId = NewType("UserId", int)
IMPORTED = (Iterable, Mapping, Sequence, date, datetime, Decimal, Path, UUID, SecretStr)
ALSO_IMPORTED = (Annotated, CallerSecret, Optional, tag)


class Mode(enum.Enum):
    FULL = "full"
    DELTA = "delta"


class Level(enum.IntEnum):
    LOW = 1


class Inner(BaseModel):
    n: int
    t: str | None = None


class Model(BaseModel):
    path: str
    inner: Inner
    items: list[Inner] = []
    kind: Literal["a", "b"] = "a"


class Aliased(BaseModel):
    label: str = Field(alias="theLabel")
    other: int = Field(0, alias="o")


class ByName(BaseModel):
    model_config = {"populate_by_name": True, "extra": "allow"}

    label: str = Field(alias="theLabel")


class Strict(BaseModel, extra="forbid"):
    a: int


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    legs: int


@dataclass
class Base:
    x: int
    y: str = "z"


@dataclass
class Data(Base):
    z: list[int] = field(default_factory=list)


class RowNeeded(TypedDict):
    a: int


class Row(RowNeeded, total=False):
    b: str


class Pair(NamedTuple):
    x: int
    y: str = "d"


def outputs(value: Any) -> dict[str, Any]:
    return {"value": value}
