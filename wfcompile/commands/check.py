"""`wfc check`: the diagnostics alone; writes nothing.

Templates and formatter are loaded only for mypy, which wants to see the modules.
"""

from __future__ import annotations

import sys
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
from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import Diagnostics
from wfcompile.report import count
from wfcompile.reports import RENDERERS
from wfcompile.rules import style_codes
from wfcompile.settings import Settings, caller_roots
from wfcompile.terminal import say


@refusing_settings()
def check(
    conf: Path | None,
    *,
    format: str,
    style: bool = False,
    mypy: bool = False,
    shellcheck: bool | None = None,
) -> int:
    """The exit code: 0, or 1 when something has errors.

    Args:
        style: tell of all rules of style, whatever the settings ask for.
        format: "text", or a key of `reports.RENDERERS`: that is all of standard output then.
        mypy: it is asked about the modules of the clean workflows.
        shellcheck: whether it is asked about shell text; None is what the settings say.

    Raises:
        Refusal: mypy or shellcheck is not there, or does not work.
    """
    settings = open_project(conf, None)
    if style:
        settings = replace(settings, style=style_codes())
    if shellcheck is not None:
        settings = replace(settings, shellcheck=shellcheck)
    diagnostics = Diagnostics()
    with Progress(sys.stderr) as progress:
        look = _check_with_mypy if mypy else _check
        checked = look(settings, diagnostics, progress)
    if format == "text":
        report(diagnostics, sys.stdout)
        looked_at = workflows(checked, diagnostics)
        say(f"{looked_at}: {count(diagnostics)}\n", sys.stdout)
    else:
        say(RENDERERS[format](diagnostics), sys.stdout)
    warn_of_nothing(checked, settings, diagnostics)
    return 1 if diagnostics.has_errors else 0


def _check(settings: Settings, diagnostics: Diagnostics, progress: Progress) -> int:
    """How many workflows were looked at."""
    checked = pipeline.check_project(
        settings, diagnostics, progress=progress, shellcheck=settings.shellcheck
    )
    return len(checked)


def _check_with_mypy(
    settings: Settings, diagnostics: Diagnostics, progress: Progress
) -> int:
    from wfcompile import typecheck  # noqa: PLC0415 (with templates and formatter)

    if not typecheck.has_mypy():
        raise Refusal("mypy is not installed", 'run: pip install "wfcompile[mypy]"')
    found = pipeline.compile_project(
        settings, diagnostics, progress=progress, shellcheck=settings.shellcheck
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
