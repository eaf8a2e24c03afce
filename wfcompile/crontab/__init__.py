"""Scheduled workflows -> the block of a crontab that starts them.

One line starts one module, in the project's folder, with absolute paths: a plain cron knows no
virtual environment, no working directory, no year and no time zone but its own. So a line may
fire more often than the schedule means; comments of the block say where. The module is started
with `--scheduled`: it runs the release of the minute, and does nothing in a minute that is not on
its schedule.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wfcompile import ir
from wfcompile.crontab.shift import Line, Shifted, shift_expression
from wfcompile.crontab.table import BEGIN, END
from wfcompile.crontab.uncovered import further_lines
from wfcompile.crontab.zones import YEARS, differences
from wfcompile.terminal import visible

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
OPTIONS = "--quiet --scheduled"
_LONGEST_COMMAND = 998
"""Bytes: MAX_COMMAND of Debian's cron and of cronie, less the end."""


class CrontabError(Exception):
    """A path that no crontab can hold."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where cron runs; the paths are absolute.

    Attributes:
        zone: the one zone of its cron.
        python: the interpreter that has the runtime.
        root: the folder that the modules are started in.
        build: the folder of the modules.
        year: the year whose changes of the clock count.
    """

    zone: str
    python: Path
    root: Path
    build: Path
    year: int


def render_crontab(
    modules: Sequence[ir.Module], host: Host, *, left_out: Iterable[str] = ()
) -> str:
    """The block for the modules that have a schedule, in their order; "" without any.

    Args:
        left_out: what the block lacks, a comment each.

    Raises:
        CrontabError: when a path has a line break.
    """
    entries = [
        _Entry(module, schedule, host)
        for module in modules
        for schedule in module.schedules
    ]
    if not entries:
        return ""
    lines = [*_head(host), *(f"# left out: {visible(what)}" for what in left_out)]
    for entry in entries:
        lines += ["", *entry.lines()]
    lines += ["", f"{END}{_checked(host.root)}"]
    return "\n".join(lines) + "\n"


def _head(host: Host) -> list[str]:
    return [
        f"{BEGIN}{_checked(host.root)}",
        f"# written by wfc cron for a cron in the time zone {host.zone}",
    ]


def _checked(path: Path) -> str:
    return _text(str(path))


def _text(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise CrontabError(f'a crontab cannot hold the path "{visible(text)}"')
    return text


class _Entry:
    """One schedule of one workflow."""

    def __init__(self, module: ir.Module, schedule: ir.Schedule, host: Host) -> None:
        self.module = module
        self.schedule = schedule
        self.host = host
        self.rule = visible(f'"{schedule.expression}" {schedule.timezone}')
        fields = schedule.expression.split()
        self.year = fields[5] if len(fields) > 5 and fields[5] != "*" else None
        shifts = differences(schedule.timezone, host.zone, host.year)
        self.shifts = frozenset(shifts)
        self.shifted: Shifted = shift_expression(
            schedule.expression, shifts, day_match=schedule.day_match
        )
        lines = [line.fields for line in self.shifted.lines]
        self.further = further_lines(schedule, lines, host.zone, host.year)

    def lines(self) -> Iterator[str]:
        yield visible(f"# {self.module.name} ({self.module.source}): {self.rule}")
        for name in self._unset_params():
            yield f'# fails: the schedule sets no value for the required param "{name}"'
        read = dict([*self.module.env_lines, *self.module.hooks.env_lines])
        variables = visible(", ".join(read))
        if variables:
            yield f"# reads {variables}: cron has only what is set above in the crontab"
        if self.year:
            yield f"# fires in every year, does nothing but in {self.year}"
        if self.shifted.wider:
            yield (
                f"# fires on more days than are meant in {self.schedule.timezone}, "
                "does nothing on the others"
            )
        for line in self.shifted.lines:
            if line.shifts != self.shifts:
                yield f"# does nothing but while {self._when(line)}"
            yield f"{line.fields} {self._command()}"
        if self.further:
            last = self.host.year + YEARS - 1
            yield f"# does nothing but where a clock changes, until {last}"
        for fields in self.further:
            yield f"{fields} {self._command()}"

    def _unset_params(self) -> list[str]:
        given = {name for name, _ in self.schedule.params}
        return [
            visible(parameter.name)
            for parameter in self.module.parameters
            if dict(parameter.metadata).get("required") and parameter.name not in given
        ]

    def _when(self, line: Line) -> str:
        """The differences at which the line is meant, in words."""
        ahead = " or ".join(_difference(-shift) for shift in sorted(line.shifts))
        return f"{self.schedule.timezone} is {ahead} {self.host.zone}"

    def _command(self) -> str:
        """The command for sh, with what cron itself would take for a line break escaped.

        A `PATH=` of its own would hold for all lines below the block, those of others too.
        """
        host = self.host
        path = f"PATH={_checked(host.python.parent)}:{SYSTEM_PATH}"
        start = [path, str(host.python), str(host.build / f"{self.module.module}.py")]
        command = " ".join(shlex.quote(_text(each)) for each in start)
        command = f"cd {shlex.quote(_checked(host.root))} && env {command} {OPTIONS}"
        command = command.replace("\\", "\\\\").replace("%", "\\%")
        if len(os.fsencode(command)) >= _LONGEST_COMMAND:
            raise CrontabError(
                f"the command is longer than the {_LONGEST_COMMAND} bytes that cron takes, "
                f'because of the paths: "{visible(command)}"'
            )
        return command


def _difference(minutes: int) -> str:
    """
    >>> _difference(-90), _difference(0), _difference(120)
    ('1:30 behind', 'level with', '2:00 ahead of')
    """
    if not minutes:
        return "level with"
    hours, rest = divmod(abs(minutes), 60)
    return f"{hours}:{rest:02} {'ahead of' if minutes > 0 else 'behind'}"
