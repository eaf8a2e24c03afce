"""The modules of all cases pass the tools of a reviewer: black, ruff, and mypy with their callers.

Each tool gets all modules at once; mypy runs once for each text of golden_reg/tasks.py, since it
knows a module by its name.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.case_files import DIVERGE, FURTHER, GOLDEN, Case
from tests.conformance.projects import Compiled, Projects
from tests.conformance.server import ROOT

BIN = Path(sys.executable).parent
PLAIN = "plain"
"""The folder of the modules that import nothing of their project."""


@pytest.fixture(scope="module")
def emitted(projects: Projects, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of folders: modules that can be looked at together, and what they import."""
    top = tmp_path_factory.mktemp("emitted")
    for case in GOLDEN + DIVERGE + FURTHER:
        compiled = projects.compiled(case)
        if compiled.texts:
            write_modules(case, compiled, projects, top)
    return top


def write_modules(
    case: Case, compiled: Compiled, projects: Projects, top: Path
) -> None:
    imported = imports_of(compiled)
    if imported & set(compiled.texts):  # they must keep their names
        folder, prefix = top / case.name, ""
    else:
        callers = case.asked["callers"] if imported else PLAIN
        folder, prefix = top / callers, f"{case.name}__"
    folder.mkdir(exist_ok=True)
    for module, text in compiled.texts.items():
        (folder / f"{prefix}{module}.py").write_text(text, encoding="utf-8")
    for path in callers_of(case, projects) if imported else ():
        target = folder / path.relative_to(projects.folder / case.name)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())


def imports_of(compiled: Compiled) -> set[str]:
    """Roots of the imports that are neither the runtime's nor the standard library's."""
    return {
        name
        for text in compiled.texts.values()
        for name in re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
        if name != "wfruntime" and name not in sys.stdlib_module_names
    }


def callers_of(case: Case, projects: Projects) -> list[Path]:
    project = projects.folder / case.name
    return [*project.glob("*.py"), *project.glob("golden_reg/*.py")]


def run(command: list[str], folder: Path, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=110,
    )
    return done.returncode, done.stdout + done.stderr


def modules_of(emitted: Path) -> list[Path]:
    """Without the callers, which are the users'."""
    every = emitted.glob("*/*.py")
    return sorted(path for path in every if path.name != "tasks.py")


UNUSED = "py_error__wf.py:F841"
"""A name that the block of this case binds before it raises, as its author wrote it."""


def test_black_changes_nothing(emitted: Path) -> None:
    files = [str(path) for path in modules_of(emitted)]
    config = f"--config={ROOT / 'pyproject.toml'}"
    assert run(["black", "--check", "--quiet", config, *files], emitted) == (0, "")


def test_ruff_finds_nothing(emitted: Path) -> None:
    files = [str(path) for path in modules_of(emitted)]
    options = ["--quiet", "--isolated", "--no-cache", "--target-version=py310"]
    options.append(f"--per-file-ignores={UNUSED}")
    assert run(["ruff", "check", *options, *files], emitted) == (0, "")


def test_python_3_10_reads_them(emitted: Path) -> None:
    for path in modules_of(emitted):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 10))


def test_mypy_finds_nothing(emitted: Path) -> None:
    cache = ROOT / ".mypy_cache" / "conformance"
    modules = modules_of(emitted)
    said: dict[str, str] = {}
    for folder in sorted(path for path in emitted.iterdir() if path.is_dir()):
        _, text = run(
            [
                "mypy",
                "--strict",
                "--config-file=",
                "--no-error-summary",
                "--python-version=3.10",
                "--explicit-package-bases",
                f"--cache-dir={cache}",
                *(path.name for path in modules if path.parent == folder),
            ],
            folder,
            MYPYPATH=f"{ROOT / 'runtime'}{os.pathsep}{folder}",
        )
        # what the cases' callers leave without types is not ours
        own = [line for line in text.splitlines() if "tasks.py:" not in line]
        if own:
            said[folder.name] = "\n".join(own)
    assert said == {}
