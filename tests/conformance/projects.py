"""A case's project in a folder of its own, and what the compiler makes of it.

Compiling costs more than running, and several tests want the modules. So a session compiles a case
once: what came out lies beside the project, also for the other processes of pytest-xdist.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.conformance.case_files import Case, lay_out
from wfcompile import ir
from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.report import render_text
from wfcompile.settings import find_settings

_KINDS = {"Block": "Py", "Echo": "Empty"}
"""What the IR calls by another name than the interpreter."""


@dataclass(frozen=True)
class Compiled:
    """Attributes:
    errors: as `CODE FILE:LINE:COLUMN`, the file below the conf folder.
    said: all diagnostics as the command line shows them.
    modules: workflow -> module.
    kinds: workflow -> job -> the kinds of its stages, as the interpreter calls them.
    texts: module -> text.
    """

    errors: list[str]
    said: str
    modules: dict[str, str]
    kinds: dict[str, dict[str, list[str]]]
    texts: dict[str, str]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def compile_case(case: Case, folder: Path) -> Compiled:
    """Of the project in the folder; the modules are written to its `build`."""
    diagnostics = Diagnostics()
    settings = find_settings(folder / "conf", folder / "build", case.environment)
    compilation = compile_project(settings, diagnostics)
    for each in compilation.workflows:
        _write(folder / "build" / f"{each.module}.py", each.text)
    return Compiled(
        errors=[
            _shown(each, settings.conf)
            for each in diagnostics
            if each.severity == "error"
        ],
        said=render_text(diagnostics),
        modules={each.name: each.module for each in compilation.workflows},
        kinds={each.name: _kinds(each.ir) for each in compilation.workflows},
        texts={each.module: each.text for each in compilation.workflows},
    )


def _shown(found: Diagnostic, conf: Path) -> str:
    file = os.path.relpath(os.path.abspath(found.span.file.path), conf)
    first = found.span.first
    return f"{found.code} {file}:{first.line}:{first.column}"


def _kinds(module: ir.Module) -> dict[str, list[str]]:
    return {job.id: [_kind(stage.body) for stage in job.stages] for job in module.jobs}


def _kind(body: object) -> str:
    name = type(body).__name__.removesuffix("Body")
    return f"{_KINDS.get(name, name)}Stage"


@dataclass(frozen=True)
class Projects:
    """The projects of a session, all below one folder."""

    folder: Path

    def compiled(self, case: Case) -> Compiled:
        """From the session's folder if another test had it compiled."""
        kept = self.folder / case.name / "compiled.json"
        if not kept.is_file():
            self._compile(case)
        return Compiled(**json.loads(kept.read_text(encoding="utf-8")))

    def _compile(self, case: Case) -> None:
        """Into a folder that gets its name when it is whole: two processes may do the same."""
        self.folder.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix=".making-"))
        lay_out(case, folder)
        compiled = compile_case(case, folder)
        _write(folder / "compiled.json", json.dumps(asdict(compiled)))
        try:
            folder.rename(self.folder / case.name)
        except OSError:  # the other one was first
            if not (self.folder / case.name).is_dir():
                raise
