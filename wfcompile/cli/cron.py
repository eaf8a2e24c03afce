"""`wfc cron ...`: options and help texts; what a command does is in `commands`."""

from __future__ import annotations

from typing import Annotated

import typer

from wfcompile.cli.options import Build, Conf

cron_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@cron_app.command("show")
def show(
    conf: Conf = None,
    out: Build = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--tz",
            metavar="ZONE",
            help="The time zone of the host's cron; what the host says if left out.",
            show_default=False,
        ),
    ] = None,
) -> None:
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
