"""Emitted modules, byte for byte, and what must hold for each of them.

`WFC_UPDATE_GOLDENS=1` writes the goldens again.
"""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wfcompile import ir
from wfcompile.emit import emit_module, emit_modules
from wfcompile.emit.format import format_module

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


def test_two_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    script = tmp_path / "emit.py"
    script.write_text(
        f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n"
        "import importlib\n"
        "from wfcompile.emit import emit_module\n"
        f"for name in {NAMES!r}:\n"
        "    case = importlib.import_module(f'tests.emit.{name}.case')\n"
        "    sys.stdout.write(emit_module(case.MODULE))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, str(script)],
            capture_output=True,
            check=True,
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed, folder in (("1", tmp_path), ("2", ROOT), ("3", ROOT / "tests"))
    }
    assert found == {"".join(built(name).read_text() for name in NAMES).encode()}


def test_several_modules_tell_how_far_they_are() -> None:
    told: list[tuple[int, int, str]] = []
    modules = [case(name) for name in NAMES]
    texts = emit_modules(modules, lambda *progress: told.append(progress))
    assert list(texts) == NAMES
    assert told == [(n, 3, module.name) for n, module in enumerate(modules)]


def test_black_is_loaded_with_the_first_text() -> None:
    code = "import sys, wfcompile.emit; sys.exit('black' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
