"""The command line `wfc`: options and help texts; what a command does is in `commands`.

Exit codes: 0 clean, 1 diagnostics with errors or a stale build, 2 usage, 70 a bug of ours, 130
interrupted. Commands are imported when they are called: `wfc --help` loads none, and a check
loads neither templates nor the formatter.
"""

from __future__ import annotations

import os
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from wfcompile.cli.cron import cron_app
from wfcompile.cli.options import Build, Conf
from wfcompile.commands.refusal import Refusal
from wfcompile.terminal import Unwritten, complain, forget_unwritten, say

USAGE, INTERRUPTED = 2, 130

app = typer.Typer(
    name="wfc",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cron_app, name="cron", help="The crontab entries of scheduled workflows.")


class Format(str, Enum):
    """How diagnostics are printed."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class DoctorFormat(str, Enum):
    """How the findings of the doctor are printed."""

    TEXT = "text"
    JSON = "json"


def main() -> None:
    """The entry point; leaves with an exit code."""
    try:
        app(prog_name="wfc")
    except (Refusal, Unwritten) as error:
        complain(f"wfc: {error}\n")
        sys.exit(USAGE)
    except OSError as error:
        # a full disk, a file that went away: the machine's doing, not ours
        forget_unwritten()
        reason = (error.strerror or str(error)).lower()
        about = f'"{error.filename}": ' if error.filename else ""
        complain(f"wfc: {about}{reason}\n")
        sys.exit(USAGE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        from wfcompile.commands.bug import report_bug  # noqa: PLC0415 (rare)

        debug = "--debug" in sys.argv or bool(os.environ.get("WFC_DEBUG"))
        sys.exit(report_bug(error, show_traceback=debug))


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 (24 ms)

        say(f"wfc {version('wfcompile')}\n", sys.stdout)
        raise typer.Exit


@app.callback()
def wfc(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", help="Show the traceback of a bug in wfc; so does WFC_DEBUG=1."
        ),
    ] = False,
) -> None:
    """Compiles YAML workflows to readable, strictly typed Python modules.

    \b
    Examples:
      wfc init my-project     start a project
      wfc build               compile the workflows of the project
      wfc check conf/a.yml    only say what is wrong with one file
      wfc explain WF402       say more about a code
      wfc cron show           the lines for the crontab
    """


@app.command()
def build(
    conf: Conf = None,
    out: Build = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Write nothing: print how the folder differs, exit 1 if it does.",
        ),
    ] = False,
) -> None:
    """Compile the workflows below CONF to modules in BUILD.

    A workflow with errors stops no other one, and its module stays as it was. The module of a
    workflow that is gone is removed. Files that wfc did not write are never touched.

    \b
    Examples:
      wfc build
      wfc build conf -o build
      wfc build --check       for CI: is what was committed up to date?
    """
    from wfcompile.commands import build as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.build(conf, out, check=check))


@app.command()
def check(
    conf: Conf = None,
    format: Annotated[
        Format, typer.Option("--format", help="How to print what was found.")
    ] = Format.TEXT,
    style: Annotated[
        bool,
        typer.Option("--style", help="Tell of what is only a matter of style, too."),
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Mend misspelt names where one is close, and missing quotes."
        ),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Write nothing: print what --fix would do first."),
    ] = False,
    mypy: Annotated[
        bool,
        typer.Option(
            "--mypy",
            help="Ask mypy too, about Python blocks and calls (wfcompile[mypy]).",
        ),
    ] = False,
    shellcheck: Annotated[
        bool | None,
        typer.Option(
            "--shellcheck/--no-shellcheck",
            help="Ask shellcheck about shell text; the project's setting if left out.",
            show_default=False,
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Check again on every change, until Ctrl-C."),
    ] = False,
    no_cache: Annotated[
        bool,
        typer.Option(
            "--no-cache",
            envvar="WFC_NO_CACHE",
            help="Look at every file, and leave nothing for the next check.",
        ),
    ] = False,
) -> None:
    """Say what is wrong with the workflows below CONF.

    Runs nothing: the callers are read, not imported. Writes nothing without --fix but the folder
    .wfc_cache beside CONF, from which the next check knows the files that have not changed.

    Text has excerpts and a summary; the other formats are for programs.

    \b
    Examples:
      wfc check
      wfc check conf/hello.yml
      wfc check --format concise | grep WF303    one line each
      wfc check --watch                          again on every change
      wfc check --diff                           what --fix would write
      wfc check --mypy                           what mypy says, too
      wfc check --shellcheck                     shell text, too
      wfc check --format json | jq -r '.[].message'
      wfc check --format github                  annotations in GitHub Actions
      wfc check --format sarif > wfc.sarif       for code scanning
    """
    from wfcompile.commands import check as command  # noqa: PLC0415 (start-up)

    if diff or fix:
        from wfcompile.commands import fix as fixing  # noqa: PLC0415 (start-up)

        if diff:
            raise typer.Exit(fixing.show(conf))
        fixing.fix(conf)
    asked = command.Asked(format.value, style, mypy, shellcheck, not no_cache)
    if watch:
        from wfcompile.commands import watch as watching  # noqa: PLC0415 (start-up)

        watching.watch(conf, asked)
    raise typer.Exit(command.check(conf, asked))


@app.command()
def doctor(
    conf: Conf = None,
    format: Annotated[
        DoctorFormat, typer.Option("--format", help="How to print what was found.")
    ] = DoctorFormat.TEXT,
) -> None:
    """Say what changes when the workflows below CONF leave ddeutil-workflow.

    Each place where a run differs from the interpreter, each import to change, what is not
    supported, and a summary. Exit 1 when something must be changed. Writes and runs nothing.

    \b
    Examples:
      wfc doctor
      wfc doctor old-project/conf
      wfc doctor --format json | jq .summary
    """
    from wfcompile.commands import doctor as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.doctor(conf, as_json=format is DoctorFormat.JSON))


@app.command()
def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            help="The code of a diagnostic; without it all of them are listed.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Say what a diagnostic means, and what to do about it.

    \b
    Examples:
      wfc explain WF402
      wfc explain
    """
    from wfcompile.commands import explain as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.explain(code))


@app.command()
def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder; made if it is not there."),
    ] = Path("."),
) -> None:
    """Start a project that builds and runs at once.

    A file that is there already is not overwritten: nothing is written then.

    \b
    Examples:
      wfc init my-project
    """
    from wfcompile.commands import init as command  # noqa: PLC0415 (start-up)

    raise typer.Exit(command.init(folder))
