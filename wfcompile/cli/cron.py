"""`wfc cron ...`: options and help texts; what a command does is in `commands`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wfcompile.cli.options import Build, Conf

cron_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


Zone = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help="The time zone of the host's cron; what the host says if left out.",
        show_default=False,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Write nothing: print how the crontab would change."
    ),
]


@cron_app.command("show")
def show(conf: Conf = None, out: Build = None, zone: Zone = None) -> None:
    """Print the crontab block of the scheduled workflows.

    Cron knows one time zone. A schedule in another one is converted; when the two are not
    always equally far apart, the block has a line for each distance and says when it is right.

    \b
    Examples:
      wfc cron show
      wfc cron show --tz Europe/Berlin
    """
    from wfcompile.commands import cron as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.show(conf, out, zone=zone))


@cron_app.command("diff")
def diff(
    conf: Conf = None,
    out: Build = None,
    zone: Zone = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--crontab",
            metavar="FILE",
            help="A crontab in a file; that of the user if left out.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print how the crontab differs from what "wfc cron install" would make of it.

    Exit 0 when it does not, 1 when it does.

    \b
    Examples:
      wfc cron diff
      wfc cron diff --crontab saved.txt
    """
    from wfcompile.commands import crontab as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.show_difference(conf, out, zone=zone, file=file))


@cron_app.command("install")
def install(
    conf: Conf = None, out: Build = None, zone: Zone = None, is_tried: DryRun = False
) -> None:
    """Put the block of the project into your crontab, in the place of its last one.

    All other lines stay byte for byte. When a workflow has an error, or a module is not built,
    the crontab stays as it is.

    \b
    Examples:
      wfc build && wfc cron install
      wfc cron install --dry-run
    """
    from wfcompile.commands import crontab as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.install(conf, out, zone=zone, is_tried=is_tried))


@cron_app.command("remove")
def remove(conf: Conf = None, is_tried: DryRun = False) -> None:
    """Take the block of the project out of your crontab.

    \b
    Examples:
      wfc cron remove
    """
    from wfcompile.commands import crontab as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.remove(conf, is_tried=is_tried))


@cron_app.command("next")
def show_next(
    conf: Conf = None,
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, help="How many runs.")
    ] = 10,
    begin: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"],
            help="The first minute that counts; now if left out.",
            show_default=False,
        ),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--tz",
            metavar="ZONE",
            help="The time zone of the first column; that of the host if left out.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the next runs: your time, the time of the schedule's zone, and UTC.

    A run whose time its clock leaves out, or shows twice, says so.

    \b
    Examples:
      wfc cron next
      wfc cron next -n 3 --from 2026-03-28 --tz Europe/Berlin
    """
    from wfcompile.commands import upcoming as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.show_next(conf, count=count, begin=begin, zone=zone))


@cron_app.command("verify")
def verify(
    conf: Conf = None,
    out: Build = None,
    zone: Zone = None,
    years: Annotated[
        int, typer.Option("--years", min=1, max=50, help="From this year on.")
    ] = 10,
) -> None:
    """Prove that the crontab runs each minute that the schedules mean, and no other.

    The minutes that cron starts, and those that the modules then run, are held against a
    calculation of their own. Exit 1 when one is lost or doubled.

    \b
    Examples:
      wfc cron verify
      wfc cron verify --years 3 --tz America/New_York
    """
    from wfcompile.commands import certificate as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.verify(conf, out, zone=zone, years=years))
