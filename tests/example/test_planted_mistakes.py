"""mypy follows the emitted modules into the callers: a mistake planted in either is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# one worker: they share a cache, and mypy does not lock it
pytestmark = pytest.mark.xdist_group("planted")

PLANTED = {
    "a wrong argument name": (
        "build/run_py_local.py",
        'writing_mode="flatten"',
        'writing_node="flatten"',
        'Unexpected keyword argument "writing_node"',
    ),
    "a wrong choice": (
        "build/run_py_local.py",
        'writing_mode="flatten"',
        'writing_mode="flat"',
        "incompatible type \"Literal['flat']\"",
    ),
    "an output that is not there": (
        "build/run_py_local.py",
        'ctx.outputs(report__pick)["pairs"]',
        'ctx.outputs(report__pick)["pears"]',
        'has no key "pears"',
    ),
    "a stage that is gone": (
        "build/run_py_local.py",
        "ctx.outputs(getting_api_data__retrieve_api)",
        "ctx.outputs(getting_api_data__fetch)",
        'Name "getting_api_data__fetch" is not defined',
    ),
    "a param of another type": (
        "build/run_py_local.py",
        "    run_date: datetime",
        "    run_date: str",
        'Argument 1 to "fmt" has incompatible type "str"',
    ),
    "a matrix key that is not there": (
        "build/run_py_local.py",
        'ctx.matrix["layer"]',
        'ctx.matrix["lair"]',
        'has no key "lair"',
    ),
    "a caller that gives something else": (
        "conf/tasks.py",
        "    result: Result,\n) -> dict[str, int]:",
        "    result: Result,\n) -> dict[str, str]:",
        "Incompatible return value type",
    ),
    "a parameter of a caller renamed": (
        "conf/fx.py",
        "    min_amount: float = 0.0,",
        "    least: float = 0.0,",
        'Unexpected keyword argument "min_amount"',
    ),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_mypy_finds_a_planted_mistake(
    mistake: str, repository: Path, tmp_path: Path
) -> None:
    for folder in ("build", "conf"):
        source = repository / folder
        shutil.copytree(
            source, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    name, found, planted, message = PLANTED[mistake]
    file = tmp_path / name
    text = file.read_text()
    assert found in text
    file.write_text(text.replace(found, planted, 1))
    told = mypy(tmp_path, repository)
    assert message in told, told


def mypy(project: Path, repository: Path) -> str:
    path = f"{project / 'conf'}:{repository / 'runtime'}"
    # the cache is of the untouched modules: only what was planted is checked anew
    cache = repository / ".mypy_cache" / "planted"
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "build"]
        + ["--cache-dir", str(cache)],
        cwd=project,
        env={"PATH": "/usr/bin:/bin", "MYPYPATH": path},
        capture_output=True,
        text=True,
        timeout=110,
    )
    return done.stdout + done.stderr
