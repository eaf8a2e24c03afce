"""Short ways to lower a workflow that is given as text, with callers beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from wfcompile import ir
from wfcompile.diagnostics import Diagnostics
from wfcompile.emit import emit_module
from wfcompile.pipeline import check_project
from wfcompile.settings import Settings, find_settings


@dataclass
class Lowered:
    """`modules`: module name -> IR of the workflows without an error."""

    modules: dict[str, ir.Module]
    diagnostics: Diagnostics = field(default_factory=Diagnostics)

    @property
    def only(self) -> ir.Module:
        (module,) = self.modules.values()
        return module

    @property
    def text(self) -> str:
        return emit_module(self.only)

    @property
    def messages(self) -> list[str]:
        """`WF350 5:18: message (help) [note]`."""
        return [
            f"{each.code} {each.span.first.line}:{each.span.first.column}: {each.message}"
            + (f" ({each.help})" if each.help else "")
            + "".join(f" [{note.message}]" for note in each.notes)
            for each in self.diagnostics
        ]


def project(folder: Path, files: Mapping[str, str]) -> Settings:
    """The files below `folder`; those without a folder are in `conf`."""
    for name, text in files.items():
        path = folder / (name if "/" in name else f"conf/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return find_settings(folder / "conf", None, {})


def lowered(folder: Path, text: str, **files: str) -> Lowered:
    """A file `w.yml` of this text; further files by name, `tasks="..."` is `tasks.py`."""
    sources = {f"{name}.py": source for name, source in files.items()}
    settings = project(folder, {"w.yml": text, **sources})
    diagnostics = Diagnostics()
    checked = check_project(settings, diagnostics)
    modules = {each.module: each.ir for each in checked if each.ir is not None}
    return Lowered(modules, diagnostics)


def job(stages: str, head: str = "") -> str:
    """A workflow with one job; `head` is what stands beside `jobs`."""
    return f"w:\n  type: Workflow\n{_indented(head, 2)}  jobs:\n    j:\n      stages:\n{_indented(stages, 8)}"


def _indented(text: str, by: int) -> str:
    lines = dedent(text).strip("\n").split("\n")
    return "".join(f"{' ' * by}{line}\n" if line else "\n" for line in lines if text)
