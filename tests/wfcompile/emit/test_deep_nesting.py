"""Stages inside stages: flat functions that pass the tools of a reviewer, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emit.nested_workflows import KID, nested_workflow
from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.report import render_text
from wfcompile.settings import find_settings

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
SEEDS = {0: 3, 1: 3, 2: 3, 3: 3, 4: 3, 5: 3, 6: 4, 7: 4, 8: 4, 9: 5}
"""Seed -> how deep."""


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the modules."""
    folder = tmp_path_factory.mktemp("nested")
    conf, build = folder / "conf", folder / "build"
    conf.mkdir()
    build.mkdir()
    (conf / "kid.yml").write_text(KID)
    for seed, depth in SEEDS.items():
        (conf / f"deep_{seed}.yml").write_text(nested_workflow(seed, depth))
    diagnostics = Diagnostics()
    compilation = compile_project(find_settings(conf, build, {}), diagnostics)
    assert render_text(diagnostics, colours=False) == ""
    for each in compilation.workflows:
        (build / f"{each.module}.py").write_text(each.text, encoding="utf-8")
    return build


def run(
    *command: str | Path, folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=110,
    )


def test_the_tools_of_a_reviewer_find_nothing(build: Path) -> None:
    cache = ROOT / ".mypy_cache" / "nested"
    black = run(BIN / "black", "--check", "--quiet", ".", folder=build)
    check = (BIN / "ruff", "check", "--isolated", "--quiet", "--no-cache")
    ruff = run(*check, build.name, folder=build.parent)
    mypy = run(
        *(BIN / "mypy", "--strict", "--config-file=", "--no-error-summary"),
        *(f"--cache-dir={cache}", *(path.name for path in build.glob("*.py"))),
        folder=build,
        MYPYPATH=str(ROOT / "runtime"),
    )
    said = [done.stdout + done.stderr for done in (black, ruff, mypy)]
    assert said == ["", "", ""]


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_they_run(build: Path, tmp_path: Path, mode: str) -> None:
    for seed in SEEDS:
        done = run(
            *(sys.executable, build / f"deep_{seed}.py", "--quiet"),
            *("--param", f"mode={mode}", "--context", "-"),
            folder=tmp_path,
            WFC_RUNS_DIR=str(tmp_path),
            WORKFLOW_LOG_AUDIT_ENABLE_WRITE="false",
        )
        assert (done.returncode, done.stderr) == (0, ""), seed
        assert json.loads(done.stdout)["status"] == "SUCCESS"
