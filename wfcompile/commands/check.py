"""`wfc check`: the diagnostics alone; writes only its cache, loads neither templates nor formatter."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
from wfcompile.settings import Settings
from wfcompile.terminal import say
from wfcompile.work.cache_file import CacheFile, is_cached
from wfcompile.work.cached import Cached, FreshWork
from wfcompile.work.codec import Files

_GARBAGE = 100_000
"""Objects between two searches for circles of them: a check makes many and drops few."""


@refusing_settings()
def check(
    conf: Path | None,
    *,
    format: str,
    style: bool = False,
    is_cache_used: bool = True,
) -> int:
    """The exit code: 0, or 1 when something has errors.

    Args:
        style: tell of all rules of style, whatever the settings ask for.
        format: "text", or a key of `reports.RENDERERS`: that is all of standard output then.
    """
    settings = open_project(conf, None)
    if style:
        settings = replace(settings, style=style_codes())
    with doing_work(settings, is_cache_used=is_cache_used) as work:
        return look(settings, work, format=format)


def look(settings: Settings, work: FreshWork, *, format: str) -> int:
    """Checks once, and prints what was found; the exit code."""
    diagnostics = Diagnostics()
    with Progress(sys.stderr) as progress:
        checked = pipeline.check_project(
            settings, diagnostics, progress=progress, work=work
        )
    if format == "text":
        report(diagnostics, sys.stdout)
        looked_at = workflows(len(checked), diagnostics)
        say(f"{looked_at}: {count(diagnostics)}\n", sys.stdout)
    else:
        say(RENDERERS[format](diagnostics), sys.stdout)
    warn_of_nothing(len(checked), settings, diagnostics)
    return 1 if diagnostics.has_errors else 0


@contextmanager
def doing_work(settings: Settings, *, is_cache_used: bool) -> Iterator[FreshWork]:
    """Who reads and lowers; what is known afterwards is kept when nothing has failed."""
    files = Files()

    def fresh() -> FreshWork:
        # the compiler itself: a check whose files have not changed does without
        from wfcompile.work.shared import Shared  # noqa: PLC0415

        return Shared(settings, files)

    if is_cache_used and is_cached(settings):
        work: FreshWork = Cached(settings, CacheFile(settings), files, fresh)
    else:
        work = fresh()
    gc.set_threshold(_GARBAGE)
    yield work
    work.close()
