"""Callers of every shape: async, a dataclass, a NamedTuple, a filter."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass
class Window:
    start: int
    stop: int


class Point(NamedTuple):
    x: int
    y: int


def quoted(value: str) -> str:
    return f"'{value}'"


async def fetch(window: Window) -> Point:
    return Point(window.start, window.stop)


def nothing() -> dict[str, int]:
    return {}
