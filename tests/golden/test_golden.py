"""Whole projects: `<case>/conf/` is compiled and must give `<case>/build/`, byte for byte.

What was compiled is then held to the tools of a reviewer (black, ruff, mypy --strict, together
with the callers) and run. A new case is a folder; `pytest tests/golden --update` writes its build,
and what its runs gave.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.golden.cases import BIN, CASES, HERE, ROOT, Case, compiled, run
from wfcompile.write import write_build

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_the_modules_are_as_expected(
    case: Case, update: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case.folder)
    found = compiled(case.settings)
    said = case.folder / "diagnostics.txt"
    if update:
        write_build(case.build, found.texts)
        said.write_text(found.said) if found.said else said.unlink(missing_ok=True)
    expected = {path.name: path.read_text() for path in case.modules}
    assert found.texts == expected
    assert found.said == (said.read_text() if said.is_file() else "")


@pytest.mark.parametrize(
    "command",
    [
        ("black", "--check", "--quiet", f"--config={ROOT}/pyproject.toml"),
        (
            "ruff",
            "check",
            "--quiet",
            "--isolated",
            "--no-cache",
            "--target-version=py310",
        ),
    ],
    ids=lambda command: command[0],
)
def test_the_modules_pass_the_linters(command: tuple[str, ...]) -> None:
    files = [str(path) for case in CASES for path in case.modules]
    assert files
    done = run([str(BIN / command[0]), *command[1:], *files], ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@each_case
def test_python_3_10_reads_the_modules(case: Case) -> None:
    for path in case.modules:
        ast.parse(path.read_text(), feature_version=(3, 10))


# --- mypy, once for all cases ---


def test_no_two_cases_have_a_module_of_one_name() -> None:
    """All are checked in one run of mypy, which knows a module by its name."""
    folders = {path for case in CASES for path in (case.build, *case.caller_folders)}
    stems = [p.stem for folder in folders for p in folder.glob("*.py")]
    assert [name for name, count in Counter(stems).items() if count > 1] == []


@pytest.fixture(scope="module")
def said_by_mypy() -> list[str]:
    return mypy([path for case in CASES for path in case.modules])


def mypy(files: list[Path]) -> list[str]:
    """The lines that mypy has to say of modules and of what they import."""
    folders = [path for case in CASES for path in (*case.caller_folders, case.build)]
    path = os.pathsep.join(map(str, [ROOT / "runtime", *folders]))
    command = [str(BIN / "mypy"), "--strict", "--config-file=", "--no-error-summary"]
    command += ["--python-version=3.10", "--explicit-package-bases"]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "golden"), *map(str, files)]
    done = run(command, HERE, {"MYPYPATH": path})
    assert done.stderr == ""
    return done.stdout.splitlines()


@each_case
def test_the_modules_are_strictly_typed(case: Case, said_by_mypy: list[str]) -> None:
    assert [line for line in said_by_mypy if line.startswith(f"{case.name}/")] == []


def test_what_the_modules_import_is_strictly_typed(said_by_mypy: list[str]) -> None:
    own = tuple(f"{case.name}/" for case in CASES)
    assert [line for line in said_by_mypy if not line.startswith(own)] == []


# --- runs ---

RUNS = sorted(HERE.glob("*/runs/*.json"))
RESULTS = ("exit", "context", "said")


@pytest.mark.parametrize(
    "path", RUNS, ids=lambda path: f"{path.parents[1].name}-{path.stem}"
)
def test_the_modules_run_as_expected(path: Path, tmp_path: Path, update: bool) -> None:
    """A run file: `module`, `arguments`, `environment`, `folders`, `exit`, `context`.

    `folders` are made in the working folder, which holds nothing else. Where nothing was run
    there is `said` instead of `context`.
    """
    wanted = json.loads(path.read_text())
    module = path.parents[1] / "build" / f"{wanted['module']}.py"
    context, work = tmp_path / "context.json", tmp_path / "work"
    for folder in ("", *wanted.get("folders", ())):
        (work / folder).mkdir(parents=True, exist_ok=True)
    environment = {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": "/home/nobody",
        "WFC_RUNS_DIR": str(tmp_path / "wfruns"),
        "WORKFLOW_LOG_AUDIT_CONF": json.dumps({"type": "file", "path": str(tmp_path)}),
        **wanted.get("environment", {}),
    }
    arguments = [*wanted.get("arguments", ()), "--context", str(context)]
    done = run([sys.executable, str(module), *arguments], work, environment)
    found: dict[str, Any] = {"exit": done.returncode}
    if context.is_file():
        found["context"] = plain(json.loads(context.read_text()))
    else:
        found["said"] = done.stderr
    if update:
        given = {key: wanted[key] for key in wanted if key not in RESULTS}
        path.write_text(json.dumps({**given, **found}, indent=2) + "\n")
        return
    expected = {key: wanted[key] for key in RESULTS if key in wanted}
    assert found == expected, done.stdout + done.stderr


def plain(value: Any) -> Any:
    """Without what differs from run to run."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != "info"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
