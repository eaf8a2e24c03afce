"""Emitted modules, byte for byte, and what must hold for each of them."""

import importlib
import os
from pathlib import Path

import pytest

from wfcompile import ir
from wfcompile.emit import emit_module

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "emit"
NAMES = sorted(path.parent.name for path in CASES.glob("*/case.py"))


def case(name: str) -> ir.Module:
    module: ir.Module = importlib.import_module(f"tests.emit.{name}.case").MODULE
    return module


def built(name: str) -> Path:
    return CASES / name / "build" / f"{name}.py"


@pytest.mark.parametrize("name", NAMES)
def test_the_module_is_the_golden(name: str) -> None:
    text = emit_module(case(name))
    if os.environ.get("WFC_UPDATE_GOLDENS"):
        built(name).write_text(text)
    assert text == built(name).read_text()
