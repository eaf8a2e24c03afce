"""What the commands share: the project's settings, paths as the user sees them, the report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import Diagnostic
from wfcompile.report import plural, render_text
from wfcompile.settings import (
    Settings,
    SettingsError,
    find_settings,
    refuse_build_outside,
)
from wfcompile.terminal import has_colours, say


def open_project(conf: Path | None, build: Path | None) -> Settings:
    """Where `wfc check` is asked for shellcheck, all other commands do without."""
    return replace(find_settings(conf, build, os.environ), shellcheck=False)


def open_to_build(conf: Path | None, build: Path | None) -> Settings:
    """As `open_project`, where the build folder matters."""
    settings = open_project(conf, build)
    if build is None:
        refuse_build_outside(settings)
    return settings


@contextmanager
def refusing_settings() -> Iterator[None]:
    """Settings that lead nowhere end the command, wherever that is found."""
    try:
        yield
    except SettingsError as error:
        raise Refusal(str(error), error.help) from error


def shown(path: Path) -> str:
    """The path as the user would type it here."""
    return os.path.relpath(path).replace(os.sep, "/")


def shown_folder(path: Path) -> str:
    """The same with a slash at its end, be the folder there or not."""
    return f"{shown(path)}/"


def report(diagnostics: Iterable[Diagnostic], stream: TextIO) -> None:
    text = render_text(diagnostics, colours=has_colours(stream))
    say(f"{text}\n" if text else "", stream)


def workflows(checked: int, found: Sized) -> str:
    """How many were looked at; those whose shape is broken are not among them.

    >>> workflows(2, []), workflows(0, []), workflows(0, ["a mistake"])
    ('2 workflows', '0 workflows', 'no workflow could be read')
    """
    if not checked and found:
        return "no workflow could be read"
    return plural(checked, "workflow")


def warn_of_nothing(checked: int, settings: Settings, found: Sized) -> None:
    """A folder without workflows is most often the wrong one."""
    if not checked and not found:
        what = "in" if settings.conf.is_file() else "below"
        warn(f'there is no workflow {what} "{shown(settings.conf)}"')


def warn(message: str) -> None:
    """For what has no place in a source file."""
    say(f"wfc: warning: {message}\n", sys.stderr)
