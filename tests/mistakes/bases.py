"""The clean workflows: those of conf/, of the golden cases, of the conformance cases."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.case_files import DIVERGE, FURTHER, GOLDEN, lay_out
from tests.golden.cases import CASES, ROOT
from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.settings import find_settings

_STEP = 8
"""Of so many conformance cases one is taken: a check costs some time."""


@dataclass(frozen=True)
class Base:
    """Attributes:
    name: for messages.
    file: in a copy of its project that mistakes may be planted into.
    """

    name: str
    file: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> list[Diagnostic]:
        diagnostics = Diagnostics()
        check_project(find_settings(self.file, None, self.environment), diagnostics)
        return [
            each
            for each in diagnostics
            if os.path.abspath(each.span.file.path) == str(self.file)
        ]

    def check_text(self, text: str) -> list[Diagnostic]:
        """As if the file had that text."""
        before = self.file.read_bytes()
        self.file.write_text(text, encoding="utf-8")
        try:
            return self.check()
        finally:
            self.file.write_bytes(before)


def own_bases(folder: Path) -> Iterator[Base]:
    """Every file of conf/ and of the golden cases."""
    projects = {"conf": ROOT / "conf"}
    projects |= {case.name: case.folder / "conf" for case in CASES}
    for name, conf in projects.items():
        copy = folder / name
        shutil.copytree(
            conf, copy / "conf", ignore=shutil.ignore_patterns("__pycache__")
        )
        if (conf.parent / "wfc.toml").is_file():
            shutil.copytree(conf.parent, copy, dirs_exist_ok=True)
        for path in sorted((copy / "conf").glob("*.yml")):
            yield Base(f"{name}/{path.name}", path)


def case_bases(folder: Path) -> Iterator[Base]:
    """The conformance cases of one file that are held to what the interpreter does."""
    cases = [case for case in (*GOLDEN, *DIVERGE, *FURTHER) if case.rule == "same"]
    for case in cases[::_STEP]:
        if list(case.conf) == ["workflow.yml"]:
            lay_out(case, folder / case.name)
            path = folder / case.name / "conf" / "workflow.yml"
            yield Base(case.name, path, case.environment)
