"""Projects in given texts, and what the doctor finds in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from wfcompile import pipeline
from wfcompile.diagnostics import Diagnostics
from wfcompile.doctor import Examination, Finding, examine
from wfcompile.settings import find_settings

HEAD = "wf:\n  type: Workflow\n"


def examined(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: Mapping[str, str],
    environment: Mapping[str, str] | None = None,
) -> Examination:
    """Args:
    files: path -> text.
    """
    monkeypatch.chdir(folder)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    settings = find_settings(folder / "conf", None, environment or {})
    diagnostics = Diagnostics()
    pipeline.check_project(settings, diagnostics)
    return examine(settings, diagnostics)


def shown(found: Finding) -> str:
    """`LINE:COLUMN LEVEL LABEL: message (help)`."""
    first = found.span.first
    level = "error" if found.must_change else "warning"
    return (
        f"{first.line}:{first.column} {level} {found.label}: "
        f"{found.message} ({found.help})"
    )
