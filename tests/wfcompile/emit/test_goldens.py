"""Modules of an IR that no YAML gives, byte for byte, and what must hold for each of them.

What YAML gives is in `tests/golden`. `WFC_UPDATE_GOLDENS=1` writes the goldens again.
"""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from wfcompile import ir
from wfcompile.emit import EmitError, emit_module, emit_modules
from wfcompile.emit.format import format_module, format_modules

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "emit"
NAMES = sorted(path.parent.name for path in CASES.glob("*/case.py"))
by_name = pytest.mark.parametrize("name", NAMES)


def case(name: str) -> ir.Module:
    module: ir.Module = importlib.import_module(f"tests.emit.{name}.case").MODULE
    return module


def built(name: str) -> Path:
    return CASES / name / "build" / f"{name}.py"


def tool(*command: str, **options: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **{key: str(value) for key, value in options.items()}},
    )
    return done.stdout + done.stderr if done.returncode else ""


@by_name
def test_the_module_is_the_golden(name: str) -> None:
    text = emit_module(case(name))
    if os.environ.get("WFC_UPDATE_GOLDENS"):
        built(name).write_text(text)
    assert text == built(name).read_text()


@by_name
def test_black_has_nothing_to_do(name: str) -> None:
    text = built(name).read_text()
    assert format_module(text) == text


@by_name
def test_python_3_10_reads_it(name: str) -> None:
    ast.parse(built(name).read_text(), feature_version=(3, 10))


def test_ruff_has_nothing_to_say() -> None:
    assert (
        tool("ruff", "check", "--no-cache", *(str(built(name)) for name in NAMES)) == ""
    )


@by_name
def test_mypy_has_nothing_to_say(name: str, tmp_path: Path) -> None:
    folder = CASES / name
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nstrict = true\npython_version = 3.10\n")
    files = [str(built(name)), *map(str, sorted((folder / "conf").glob("*.py")))]
    command = (
        "mypy",
        "--config-file",
        str(config),
        "--cache-dir",
        str(tmp_path),
        *files,
    )
    assert tool(*command, MYPYPATH=f"{ROOT / 'runtime'}:{folder / 'conf'}") == ""


def variants(count: int) -> list[ir.Module]:
    first = case(NAMES[0])
    return [replace(first, name=f"w-{n}", module=f"w_{n}") for n in range(count)]


def test_several_modules_tell_how_far_they_are() -> None:
    told: list[tuple[int, int, str]] = []
    texts = emit_modules(variants(3), lambda *progress: told.append(progress))
    assert list(texts) == ["w_0", "w_1", "w_2"]
    assert told == [(0, 3, "w-0"), (1, 3, "w-1"), (2, 3, "w-2")]


def test_many_modules_are_the_same_in_several_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # as many modules as two processes are worth
    modules = variants(16)
    monkeypatch.setattr("wfcompile.emit.format._processors", lambda: 1)
    alone = emit_modules(modules)
    monkeypatch.setattr("wfcompile.emit.format._processors", lambda: 2)
    assert emit_modules(modules) == alone


def test_a_text_that_is_no_python_is_told_by_other_processes_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wfcompile.emit.format._processors", lambda: 2)
    texts = [*["x = 1\n"] * 15, "def a():\n    b c\n"]
    with pytest.raises(EmitError, match="the printed source of a is no Python"):
        list(format_modules(texts))


def test_black_is_loaded_with_the_first_text() -> None:
    code = "import sys, wfcompile.emit; sys.exit('black' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
