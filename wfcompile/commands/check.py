"""`wfc check`: the diagnostics alone; writes only its cache.

Templates and formatter are loaded only for mypy, which wants to see the modules.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wfcompile import pipeline
from wfcompile.commands.progress import Progress
from wfcompile.commands.project import (
    refusing_settings,
    report,
    warn_of_nothing,
    workflows,
)
from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import Diagnostics
from wfcompile.report import count
from wfcompile.reports import RENDERERS
from wfcompile.rules import style_codes
from wfcompile.settings import Settings, caller_roots, find_settings
from wfcompile.terminal import say
from wfcompile.work.cache_file import CacheFile, is_cached
from wfcompile.work.cached import Cached, FreshWork
from wfcompile.work.codec import Files

_GARBAGE = 1_000_000
"""Objects between two searches for circles of them: a check makes many and drops few."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user wants of a check.

    Attributes:
        format: "text", or a key of `reports.RENDERERS`: that is all of standard output then.
        style: to be told of all rules of style, whatever the settings ask for.
        mypy: it is asked about the modules of the clean workflows.
        shellcheck: whether it is asked about shell text; None is what the settings say.
    """

    format: str = "text"
    style: bool = False
    mypy: bool = False
    shellcheck: bool | None = None
    is_cache_used: bool = True

    def settings(self, conf: Path | None) -> Settings:
        """
        Raises:
            SettingsError: as of `find_settings`.
        """
        found = find_settings(conf, None, os.environ)
        if self.style:
            found = replace(found, style=style_codes())
        if self.shellcheck is not None:
            found = replace(found, shellcheck=self.shellcheck)
        return found


@refusing_settings()
def check(conf: Path | None, asked: Asked) -> int:
    """The exit code: 0, or 1 when something has errors.

    Raises:
        Refusal: mypy or shellcheck is not there, or does not work.
    """
    settings = asked.settings(conf)
    with doing_work(settings, asked) as work:
        return look(settings, work, asked)


def look(settings: Settings, work: FreshWork, asked: Asked) -> int:
    """Checks once, and prints what was found; the exit code."""
    diagnostics = Diagnostics()
    run = _check_with_mypy if asked.mypy else _check
    with Progress(sys.stderr) as progress:
        checked = run(settings, work, diagnostics, progress)
    if asked.format == "text":
        report(diagnostics, sys.stdout)
        looked_at = workflows(checked, diagnostics)
        say(f"{looked_at}: {count(diagnostics)}\n", sys.stdout)
    else:
        say(RENDERERS[asked.format](diagnostics), sys.stdout)
    warn_of_nothing(checked, settings, diagnostics)
    return 1 if diagnostics.has_errors else 0


@contextmanager
def doing_work(settings: Settings, asked: Asked) -> Iterator[FreshWork]:
    """Who reads and lowers; what is known afterwards is kept when nothing has failed."""
    files = Files()

    def fresh() -> FreshWork:
        # the compiler itself: a check whose files have not changed does without
        from wfcompile.work.shared import Shared  # noqa: PLC0415

        return Shared(settings, files, is_alone=asked.mypy)

    # mypy wants the modules: those of all workflows, from this process
    if asked.is_cache_used and is_cached(settings) and not asked.mypy:
        work: FreshWork = Cached(settings, CacheFile(settings), files, fresh)
    else:
        work = fresh()
    gc.set_threshold(_GARBAGE)
    yield work
    work.close()


def _check(
    settings: Settings,
    work: FreshWork,
    diagnostics: Diagnostics,
    progress: Progress,
) -> int:
    """How many workflows were looked at."""
    return len(
        pipeline.check_project(settings, diagnostics, progress=progress, work=work)
    )


def _check_with_mypy(
    settings: Settings,
    work: FreshWork,
    diagnostics: Diagnostics,
    progress: Progress,
) -> int:
    from wfcompile import typecheck  # noqa: PLC0415 (with templates and formatter)

    if not typecheck.has_mypy():
        raise Refusal("mypy is not installed", 'run: pip install "wfcompile[mypy]"')
    found = pipeline.compile_project(
        settings, diagnostics, progress=progress, work=work
    )
    texts = {each.module: each.text for each in found.workflows}
    roots = [folder for folder, _ in caller_roots(settings)]
    try:
        errors = typecheck.ask_mypy(texts, roots, settings.root)
    except typecheck.MypyError as error:
        raise Refusal(f"mypy could not check the modules: {error}") from error
    for each in found.workflows:
        assert each.workflow is not None
        typecheck.report_errors(errors, each.ir, each.text, each.workflow, diagnostics)
    return found.checked
