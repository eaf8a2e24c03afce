"""`wfc cron verify`: whether the crontab runs each minute that the schedules mean."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from wfcompile import ir, pipeline
from wfcompile.commands.cron import host_of
from wfcompile.commands.project import open_to_build, refusing_settings, report
from wfcompile.commands.refusal import Refusal
from wfcompile.crontab import CrontabError, Host, render_crontab
from wfcompile.crontab.certificate import Certificate, certify
from wfcompile.crontab.reference import Span
from wfcompile.crontab.zones import YEARS
from wfcompile.diagnostics import Diagnostics
from wfcompile.terminal import say, visible

_SHOWN = 3


@refusing_settings()
def verify(conf: Path | None, out: Path | None, *, zone: str | None, years: int) -> int:
    """The exit code: 0, or 1 when a minute is lost or doubled, or a workflow has errors.

    Raises:
        Refusal: as `show`.
    """
    settings = open_to_build(conf, out)
    diagnostics = Diagnostics()
    checked = pipeline.check_project(settings, diagnostics)
    report(diagnostics, sys.stderr)
    host = host_of(settings, zone)
    span = Span(host.year, years)
    modules = [each.ir for each in checked if each.ir and each.ir.schedules]
    lost = doubled = 0
    for module in modules:
        lines = list(_lines(module, host))
        for schedule in module.schedules:
            found = certify(schedule, lines, host.zone, span)
            _tell(module, schedule, found)
            lost, doubled = lost + len(found.lost), doubled + len(found.doubled)
    if not modules:
        say("no workflow has a schedule\n", sys.stderr)
    else:
        say(
            f"{lost:,} lost, {doubled:,} doubled: {host.year} to "
            f"{host.year + years - 1}, a cron in {host.zone}, {_tzdata()}\n",
            sys.stdout,
        )
    if years > YEARS:
        say(f"the lines of a block are made for {YEARS} years\n", sys.stderr)
    return 1 if lost or doubled or diagnostics.has_errors else 0


def _lines(module: ir.Module, host: Host) -> Iterator[str]:
    """The five fields of each line of the block, as cron will read it."""
    try:
        block = render_crontab([module], host)
    except CrontabError as error:
        raise Refusal(str(error)) from error
    for line in block.splitlines():
        if line and not line.startswith("#"):
            yield " ".join(line.split()[:5])


def _tell(module: ir.Module, schedule: ir.Schedule, found: Certificate) -> None:
    rule = f'"{schedule.expression}" {schedule.timezone}'
    lines = [
        visible(f"{module.name} ({module.source}): {rule}"),
        f"  {found.intended:,} intended, {found.covered:,} covered, "
        f"{found.extra:,} extra but guarded, "
        f"{len(found.lost):,} lost, {len(found.doubled):,} doubled",
        *_told("lost", found.lost, schedule),
        *_told("doubled", found.doubled, schedule),
    ]
    say("".join(f"{line}\n" for line in lines), sys.stdout)


def _told(
    what: str, minutes: Sequence[datetime], schedule: ir.Schedule
) -> Iterable[str]:
    clock = ZoneInfo(schedule.timezone)
    for minute in minutes[:_SHOWN]:
        local = minute.astimezone(clock)
        yield f"  {what}: {minute:%Y-%m-%dT%H:%M}Z, {local:%Y-%m-%d %H:%M} there"
    if len(minutes) > _SHOWN:
        yield f"  and {len(minutes) - _SHOWN:,} more"


def _tzdata() -> str:
    """Which time zones were looked at: the system's, or those of the package."""
    for folder in map(Path, TZPATH):
        if (folder / "UTC").exists():
            return f"tzdata {_source_version(folder)} of the system"
    return f"tzdata {version('tzdata')}, the package"


def _source_version(folder: Path) -> str:
    """As the first line of the zones' source says."""
    try:
        with (folder / "tzdata.zi").open(encoding="utf-8") as file:
            return file.readline().removeprefix("# version ").strip()
    except (OSError, UnicodeDecodeError):
        return "(unknown version)"
