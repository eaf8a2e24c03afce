"""Small projects given as text: compiled, and run as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.report import render_text
from wfcompile.settings import find_settings
from wfcompile.write import write_build

BIN = Path(sys.executable).parent


@dataclass
class Project:
    """`said`: what the compiler had to say; `texts`: file name -> emitted module."""

    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def function(self, name: str, module: str = "w.py") -> str:
        """The text of a function, from its `def` to the next empty pair of lines."""
        start = self.texts[module].index(f"def {name}(")
        return self.texts[module][start:].partition("\n\n\n")[0] + "\n"

    def run(
        self, *words: str, module: str = "w.py", typed: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a module, or Python with other words before it (`-m`, `pdb`, module)."""
        command = (
            [*words] if words and words[0] == "-m" else [f"build/{module}", *words]
        )
        return python(command, self.folder, typed, **environment)

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The events of the one run that there was."""
        (path,) = self.folder.glob(".wfruns/*/*.jsonl")
        return [json.loads(line) for line in path.read_text().splitlines()]


def python(
    command: list[str], folder: Path, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    given = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": os.environ.get("HOME", "/")}
    given["WORKFLOW_LOG_AUDIT_ENABLE_WRITE"] = "false"
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=given | environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=100,
    )


def project(folder: Path, files: Mapping[str, str]) -> Project:
    """Write the files into `conf/`, and compile them as far as they are good."""
    for name, text in files.items():
        path = folder / "conf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    diagnostics = Diagnostics()
    compilation = compile_project(find_settings(folder / "conf", None, {}), diagnostics)
    texts = {f"{each.module}.py": each.text for each in compilation.workflows}
    write_build(folder / "build", texts)
    return Project(folder, texts, render_text(diagnostics, colours=False))


def workflow(*stages: str, head: str = "") -> str:
    """A workflow `w` with a job a stage, `j0`, `j1` ...; `head` stands above the jobs."""
    lines = ["w:", "  type: Workflow", *indented(head, 2), "  jobs:"]
    for number, stage in enumerate(stages):
        lines += [f"    j{number}:", "      stages:", *indented(stage, 8)]
    return "\n".join(lines) + "\n"


def block(text: str, **more: str) -> str:
    """A stage `s` with a block."""
    options = [f"  {name}: {value}" for name, value in more.items()]
    head = ["- name: S", "  id: s", *options, "  run: |"]
    return "\n".join([*head, *indented(text, 4)])


def indented(text: str, by: int) -> list[str]:
    lines = dedent(text).strip("\n").split("\n") if text else []
    return [f"{' ' * by}{line}".rstrip() for line in lines]


def line_of(text: str, mark: str) -> int:
    """The number of the only line of a text with the mark."""
    (found,) = (n for n, line in enumerate(text.splitlines(True), 1) if mark in line)
    return found
