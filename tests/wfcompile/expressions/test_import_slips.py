"""Names that the standard library nearly has, and names that others may have."""

from __future__ import annotations

import ast

import pytest

from wfcompile.expressions.import_slips import import_slips


def slips(text: str) -> list[tuple[str, str]]:
    return [(each.written, each.meant) for each in import_slips(ast.parse(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import jsno", [("jsno", "json")]),
        ("import os, dateitme.x", [("dateitme", "datetime")]),
        ("from pathlb import Path", [("pathlb", "pathlib")]),
        ("from math import flor, ceil", [("flor", "floor")]),
        ("def f():\n    from datetime import dateitme", [("dateitme", "datetime")]),
    ],
)
def test_a_slip(text: str, found: list[tuple[str, str]]) -> None:
    assert slips(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "import httpx, pickle5, toml, yaml, requests, trio, attr, zstd",
        "from typing import TypeIs, Self, override",
        "from datetime import UTC",
        "from itertools import batched",
        "from urllib import parse, request, error",
        "from xml import etree",
        "from os import *",
        "from . import jsno",
        "from jsonschema import validat",
        "import os.pth",
    ],
)
def test_no_slip(text: str) -> None:
    assert slips(text) == []
