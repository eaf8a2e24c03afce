"""`wfc check`: the diagnostics alone; writes nothing, loads neither templates nor formatter."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from wfcompile import pipeline
from wfcompile.commands.progress import Progress
from wfcompile.commands.project import (
    open_project,
    refusing_settings,
    report,
    warn_of_nothing,
    workflows,
)
from wfcompile.diagnostics import Diagnostics
from wfcompile.report import count
from wfcompile.reports import RENDERERS
from wfcompile.rules import style_codes
from wfcompile.terminal import say


@refusing_settings()
def check(conf: Path | None, *, format: str, style: bool = False) -> int:
    """The exit code: 0, or 1 when something has errors.

    Args:
        style: tell of all rules of style, whatever the settings ask for.
        format: "text", or a key of `reports.RENDERERS`: that is all of standard output then.
    """
    settings = open_project(conf, None)
    if style:
        settings = replace(settings, style=style_codes())
    diagnostics = Diagnostics()
    with Progress(sys.stderr) as progress:
        checked = pipeline.check_project(settings, diagnostics, progress=progress)
    if format == "text":
        report(diagnostics, sys.stdout)
        looked_at = workflows(len(checked), diagnostics)
        say(f"{looked_at}: {count(diagnostics)}\n", sys.stdout)
    else:
        say(RENDERERS[format](diagnostics), sys.stdout)
    warn_of_nothing(len(checked), settings, diagnostics)
    return 1 if diagnostics.has_errors else 0
