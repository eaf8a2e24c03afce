"""`wfc doctor`: what changes when a project leaves the interpreter; writes nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from wfcompile import pipeline
from wfcompile.commands.progress import Progress
from wfcompile.commands.project import (
    open_project,
    refusing_settings,
    report,
    warn_of_nothing,
)
from wfcompile.diagnostics import Diagnostics
from wfcompile.doctor import examine, json_text, summary
from wfcompile.terminal import say


@refusing_settings()
def doctor(conf: Path | None, *, as_json: bool) -> int:
    """The exit code: 0, or 1 when something must be changed."""
    settings = open_project(conf, None)
    diagnostics = Diagnostics()
    with Progress(sys.stderr) as progress:
        # what somebody wants to keep is still a difference
        pipeline.check_project(
            settings, diagnostics, progress=progress, with_ignored=True
        )
    examination = examine(settings, diagnostics)
    if as_json:
        say(json_text(examination), sys.stdout)
    else:
        report((each.diagnostic() for each in examination.findings), sys.stdout)
        say(summary(examination), sys.stdout)
    warn_of_nothing(len(examination.workflows), settings, examination.findings)
    return 1 if examination.must_change else 0
