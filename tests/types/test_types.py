"""Each row of the table: what is wrong is told, what is right is silent and sound for mypy."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.types.cases import FILES, Row, rows, said, settings_of, write
from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project

ROWS = [row for file in FILES for row in rows(file)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_is_wrong_is_told(
    row: Row, update: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, row.sources(right=False))
    found = said(tmp_path)
    if update and found != row.expected:
        _rewrite(row, found)
    assert found == (found if update else row.expected)


def _rewrite(row: Row, found: str) -> None:
    text = row.file.read_text(encoding="utf-8")
    head = f"=== {row.title}\n"
    start = text.index(head)
    end = text.find("\n=== ", start)
    end = len(text) if end < 0 else end + 1
    body = text[start:end].partition("--- expected\n")[0].rstrip()
    new = f"{body}\n--- expected\n{found}\n"
    changed = f"{text[:start]}{new}{text[end:]}".rstrip()
    row.file.write_text(f"{changed}\n", encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_is_right_is_silent(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, row.sources(right=True))
    assert said(tmp_path) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_right_is_sound_for_mypy(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows of a file together, each with names of its own."""
    monkeypatch.chdir(tmp_path)
    for number, row in enumerate(rows(file)):
        for name, text in row.sources(right=True).items():
            write(tmp_path, {_numbered(name, number): _numbered(text, number)})
    compiled = compile_project(settings_of(tmp_path), Diagnostics())
    write(tmp_path, {f"build/{e.module}.py": e.text for e in compiled.workflows})
    assert _mypy(tmp_path) == "Success"


def _numbered(text: str, number: int) -> str:
    """The names of modules and workflows are those of one row alone."""
    names = r"\b(tasks|models|lib|w|inner)\b(?=[./:]| import|$)"
    return re.sub(names, rf"\g<1>_{number}", text, flags=re.MULTILINE)


def _mypy(folder: Path) -> str:
    modules: Iterable[str] = sorted(map(str, (folder / "build").glob("*.py")))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *modules],
        cwd=folder,
        env={"MYPYPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.stdout + done.stderr or "Success"
