"""`wfc cron show`: the crontab block of the project's scheduled workflows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the crontab should hold of a project.

    Attributes:
        root: the folder that the marks of the block name.
        zone: that of the host's cron.
        block: "" when nothing is scheduled.
        unbuilt: whether a module that the block starts is not there.
    """

    root: str
    zone: str
    block: str
    has_errors: bool
    unbuilt: bool


def show(conf: Path | None, out: Path | None, *, zone: str | None) -> int:
    """The exit code: 0, or 1 when something has errors, which the block then lacks.

    Raises:
        Refusal: when the host's zone cannot be told, or a path stands in no crontab.
    """
    wanted = wanted_block(conf, out, zone=zone)
    say(wanted.block, sys.stdout)
    return 1 if wanted.has_errors else 0


@refusing_settings()
def wanted_block(
    conf: Path | None,
    out: Path | None,
    *,
    zone: str | None,
    is_whole: bool = False,
) -> Wanted:
    """Errors, modules that are not there, and a lack of schedules are told on standard error.

    Args:
        is_whole: a single file is not enough.

    Raises:
        Refusal: as `show`.
    """
    settings = open_to_build(conf, out)
    if is_whole and settings.conf.is_file():
        raise Refusal(
            f'"{shown(settings.conf)}" is one file, and the crontab has one block for '
            "the project",
            "leave it out, or name the folder",
        )
    diagnostics = Diagnostics()
    checked = pipeline.check_project(settings, diagnostics)
    report(diagnostics, sys.stderr)
    modules = [each.ir for each in checked if each.ir and each.ir.schedules]
    broken = {shown(settings.root / each.source) for each in checked if not each.ir}
    host = host_of(settings, zone)
    block = _block(modules, host, _with_errors(diagnostics, broken))
    paths = [settings.build / f"{module.module}.py" for module in modules]
    missing = [path for path in paths if not path.is_file()]
    for path in missing:
        warn(f'"{shown(path)}" is not there yet, run "wfc build"')
    if not block:
        without = " without errors" if diagnostics.has_errors else ""
        say(f"no workflow{without} has a schedule\n", sys.stderr)
    return Wanted(
        str(settings.root), host.zone, block, diagnostics.has_errors, bool(missing)
    )


def host_of(settings: Settings, zone: str | None) -> Host:
    """This host, or one in another zone.

    Raises:
        Refusal: when the zone cannot be told.
    """
    year = datetime.now(timezone.utc).year
    try:
        return Host(
            zone=check_zone(zone) if zone else host_zone(os.environ, year),
            # not resolved: the link is what belongs to the virtual environment
            python=Path(os.path.abspath(sys.executable)),
            root=settings.root,
            build=settings.build,
            year=year,
        )
    except UnknownZone as error:
        raise Refusal(str(error), error.help) from error


def _block(modules: list[ir.Module], host: Host, left_out: Iterable[str]) -> str:
    try:
        return render_crontab(modules, host, left_out=left_out)
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
