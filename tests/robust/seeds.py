"""The projects that mutants are made of: those of the diagnostics, the golden cases, `conf/`."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Seed:
    """A project with the file of it that is changed, relative to its folder."""

    project: Path
    file: Path

    @property
    def name(self) -> str:
        return f"{self.project.relative_to(ROOT).as_posix()}/{self.file.as_posix()}"

    @property
    def text(self) -> str:
        return (self.project / self.file).read_bytes().decode("utf-8", "replace")

    def copied_to(self, folder: Path) -> Path:
        """The file in a copy of what the check of the project reads."""
        folder.mkdir()
        # this checkout is a project, too, and more than that
        parts = ["conf"] if self.project == ROOT else os.listdir(self.project)
        for part in parts:
            source = self.project / part
            if source.is_dir() and part not in ("build", "runs"):
                shutil.copytree(source, folder / part, symlinks=True)
            elif source.suffix in (".toml", ".py"):
                shutil.copy(source, folder)
        return folder / self.file


def seeds() -> list[Seed]:
    """In an order that is the same on every machine."""
    folders = [
        *ROOT.glob("tests/diagnostics/*/*/conf"),
        *ROOT.glob("tests/golden/*/conf"),
        ROOT / "conf",
    ]
    return sorted(
        (
            Seed(conf.parent, path.relative_to(conf.parent))
            for conf in folders
            for path in conf.rglob("*.yml")
            if path.is_file()
        ),
        key=lambda seed: seed.name,
    )
