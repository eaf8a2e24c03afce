"""The golden cases: folders with a project each, and how they are compiled.

A case has `conf/` (YAML and callers), what its callers need beside it, `wfc.toml` where the
defaults do not do, `build/` (what is compiled), `runs/*.json`, and `diagnostics.txt` when the
compiler has warnings.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.report import render_text
from wfcompile.settings import Settings, caller_roots, find_settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Case:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def build(self) -> Path:
        return self.folder / "build"

    @property
    def modules(self) -> list[Path]:
        return sorted(self.build.glob("*.py"))

    @property
    def settings(self) -> Settings:
        return find_settings(self.folder / "conf", None, {})

    @property
    def caller_folders(self) -> list[Path]:
        return list(dict.fromkeys(folder for folder, _ in caller_roots(self.settings)))


CASES = [Case(path.parent) for path in sorted(HERE.glob("*/conf"))]


@dataclass(frozen=True)
class Compiled:
    """`texts`: file name -> text; `said`: the diagnostics as text."""

    texts: Mapping[str, str]
    said: str


def compiled(settings: Settings) -> Compiled:
    """The working folder is that of the case: diagnostics show paths relative to it."""
    diagnostics = Diagnostics()
    compilation = compile_project(settings, diagnostics)
    texts = {f"{each.module}.py": each.text for each in compilation.workflows}
    return Compiled(texts, render_text(diagnostics, colours=False))


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"]} if environment is None else environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
