"""mypy as a process: it sees the modules in a folder of their own, and the callers' folders."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

_OPTIONS = (
    *("--strict", "--follow-imports=silent", "--explicit-package-bases"),
    *("--show-column-numbers", "--hide-error-end", "--show-error-codes"),
    *("--no-pretty", "--no-color-output", "--no-error-summary"),
    *("--hide-error-context", "--no-warn-unused-configs"),
)
_FOUND = re.compile(
    r"(?P<file>.+\.py):(?P<line>\d+):(?P<column>\d+): error: "
    r"(?P<message>.*?)(?:  \[(?P<code>[\w-]+)\])?"
)
_CACHE = "MYPY_CACHE_DIR"


class MypyError(Exception):
    """mypy could not check anything; the message is its own."""


@dataclass(frozen=True, slots=True)
class Error:
    """One error of mypy; lines and columns count from 1.

    `has_columns`: they can be trusted; mypy 2 miscounts in a line that is not ASCII.
    """

    module: str
    line: int
    column: int
    message: str
    code: str
    has_columns: bool = True


def has_mypy() -> bool:
    return find_spec("mypy") is not None


def ask_mypy(
    texts: Mapping[str, str], roots: Sequence[Path], project: Path
) -> list[Error]:
    """What mypy says of some modules.

    Args:
        texts: module name -> text.
        roots: the folders of the callers.
        project: where mypy looks for its settings.

    Raises:
        MypyError: it does not run, or stops before it has looked at them.
    """
    if not texts:
        return []
    with TemporaryDirectory(prefix="wfc-mypy-") as name:
        folder = Path(name)
        modules = folder / "modules"
        modules.mkdir()
        for module, text in texts.items():
            (modules / f"{module}.py").write_text(text, encoding="utf-8")
        done = _run(modules, list(texts), [modules, *roots], project, folder / "cache")
    if done.returncode not in (0, 1):
        raise MypyError(_reason(done))
    lines = {module: text.split("\n") for module, text in texts.items()}
    return list(_errors(done.stdout, lines))


def _run(
    modules: Path,
    names: Sequence[str],
    path: Sequence[Path],
    project: Path,
    cache: Path,
) -> subprocess.CompletedProcess[str]:
    """With a cache of its own: a check writes nothing into the project."""
    environment = {_CACHE: str(cache)} | os.environ
    environment["MYPYPATH"] = os.pathsep.join(map(str, path))
    files = [str(modules / f"{name}.py") for name in names]
    try:
        return subprocess.run(
            [sys.executable, "-m", "mypy", *_OPTIONS, "--", *files],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise MypyError(error.strerror or str(error)) from error


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """The first line that says why."""
    lines = (done.stdout + done.stderr).strip().split("\n")
    told = [line for line in lines if "error:" in line] or lines
    return told[0].strip() or f"exit code {done.returncode}"


def _errors(output: str, lines: Mapping[str, Sequence[str]]) -> Iterator[Error]:
    for line in output.split("\n"):
        found = _FOUND.fullmatch(line.rstrip("\r"))
        if found is None:
            continue
        module, number = Path(found["file"]).stem, int(found["line"])
        if module in lines:
            yield Error(
                module,
                number,
                int(found["column"]),
                found["message"],
                found["code"] or "misc",
                lines[module][number - 1].isascii(),
            )
