"""`wfc cron show`: the crontab block of the project's scheduled workflows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path

from wfcompile import ir, pipeline
from wfcompile.commands.project import (
    open_to_build,
    refusing_settings,
    report,
    shown,
    warn,
)
from wfcompile.commands.refusal import Refusal
from wfcompile.crontab import CrontabError, Host, render_crontab
from wfcompile.crontab.zones import UnknownZone, check_zone, host_zone
from wfcompile.diagnostics import Diagnostics
from wfcompile.settings import Settings
from wfcompile.terminal import say


@refusing_settings()
def show(conf: Path | None, out: Path | None, *, zone: str | None) -> int:
    """The exit code: 0, or 1 when something has errors, which the block then lacks.

    Raises:
        Refusal: when the host's zone cannot be told, or a path stands in no crontab.
    """
    settings = open_to_build(conf, out)
    diagnostics = Diagnostics()
    checked = pipeline.check_project(settings, diagnostics)
    report(diagnostics, sys.stderr)
    modules = [each.ir for each in checked if each.ir and each.ir.schedules]
    broken = {shown(settings.root / each.source) for each in checked if not each.ir}
    block = _block(modules, settings, zone, _with_errors(diagnostics, broken))
    for module in modules:
        path = settings.build / f"{module.module}.py"
        if not path.is_file():
            warn(f'"{shown(path)}" is not there yet, run "wfc build"')
    if not block:
        without = " without errors" if diagnostics.has_errors else ""
        say(f"no workflow{without} has a schedule\n", sys.stderr)
    say(block, sys.stdout)
    return 1 if diagnostics.has_errors else 0


def _block(
    modules: list[ir.Module],
    settings: Settings,
    zone: str | None,
    left_out: Iterable[str],
) -> str:
    year = datetime.now(timezone.utc).year
    try:
        host = Host(
            zone=check_zone(zone) if zone else host_zone(os.environ, year),
            # not resolved: the link is what belongs to the virtual environment
            python=Path(os.path.abspath(sys.executable)),
            root=settings.root,
            build=settings.build,
            year=year,
        )
        return render_crontab(modules, host, left_out=left_out)
    except UnknownZone as error:
        raise Refusal(str(error), error.help) from error
    except CrontabError as error:
        raise Refusal(str(error)) from error


def _with_errors(diagnostics: Diagnostics, broken: set[str]) -> list[str]:
    """
    Args:
        broken: the files of workflows with errors, which may lie in their callers.
    """
    files = {each.span.file.path for each in diagnostics if each.severity == "error"}
    yaml = {path for path in files if not path.endswith(".py")} | broken
    return [f"the workflows of {path}, which has errors" for path in sorted(yaml)]
