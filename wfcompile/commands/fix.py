"""`wfc check --fix` and `--diff`: safe fixes, in rounds, each checked before it is kept."""

from __future__ import annotations

import sys
from difflib import unified_diff
from pathlib import Path

from wfcompile import pipeline
from wfcompile.commands.project import open_project, refusing_settings
from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import Diagnostics
from wfcompile.fixes import broken_files, fixes_by_file
from wfcompile.report import plural
from wfcompile.settings import Settings
from wfcompile.source import SourceFile
from wfcompile.terminal import say
from wfcompile.write import WriteError, replace_file

_MOST_ROUNDS = 10


@refusing_settings()
def show(conf: Path | None) -> int:
    """Prints what the first round would change; the exit code: 1 when that is something."""
    fixed = fixes_by_file(_checked(open_project(conf, None)))
    for path, (file, text) in sorted(fixed.items()):
        lines = unified_diff(
            file.text.splitlines(keepends=True),
            text.splitlines(keepends=True),
            path,
            f"{path} (fixed)",
        )
        say("".join(lines), sys.stdout)
    return 1 if fixed else 0


@refusing_settings()
def fix(conf: Path | None) -> None:
    """Until there is nothing to fix; says how many files have changed.

    A round that spoils the YAML of a file, such as by a key that is there already, is taken back.
    """
    settings = open_project(conf, None)
    changed: set[str] = set()
    refused: set[str] = set()
    found = _checked(settings)
    for _ in range(_MOST_ROUNDS):
        fixed = {
            path: (file, text)
            for path, (file, text) in fixes_by_file(found).items()
            if path not in refused and _is_as_read(path, file)
        }
        if not fixed:
            break
        for path, (_, text) in fixed.items():
            _write(path, text)
        after = _checked(settings)
        spoilt = (broken_files(after) - broken_files(found)) & fixed.keys()
        for path in spoilt:
            _write(path, fixed[path][0].text)
        refused |= spoilt
        changed |= fixed.keys() - refused
        found = _checked(settings) if spoilt else after
    if changed:
        say(f"{plural(len(changed), 'file')} fixed\n", sys.stderr)


def _checked(settings: Settings) -> Diagnostics:
    diagnostics = Diagnostics()
    pipeline.check_project(settings, diagnostics)
    return diagnostics


def _is_as_read(path: str, file: SourceFile) -> bool:
    """Not when it is in another encoding, or has changed."""
    return Path(path).read_bytes() == file.text.encode("utf-8")


def _write(path: str, text: str) -> None:
    try:
        replace_file(Path(path), text.encode("utf-8"))
    except WriteError as error:
        raise Refusal(str(error), error.help) from error
