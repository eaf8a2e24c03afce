"""The conf folder -> its YAML files, in an order that is the same on every machine.

Source of the rules: ddeutil-workflow, `.confignore`. One thing is different: a pattern is compared
with the path from the conf folder on, not with the whole path of the machine, so that no folder
above the project can hide a workflow.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from wfcompile.diagnostics import Diagnostics
from wfcompile.settings import SettingsError
from wfcompile.source import SourceFile, Span

_IGNORE_FILE = ".confignore"
_EXCEPTION = re.compile(r"^[ \t]*(!\S.*?)\s*$", re.MULTILINE)


def find_files(conf: Path, diagnostics: Diagnostics | None = None) -> list[Path]:
    """All `*.yml` and `*.yaml` below a folder that `.confignore` does not leave out, sorted.

    A path that is no folder is returned as it is, whatever its name.

    Args:
        diagnostics: takes WF030 (a pattern that is meant as an exception).

    Raises:
        SettingsError: a folder or the `.confignore` that cannot be read.
    """
    if not conf.is_dir():
        return [conf]
    patterns = _patterns(
        conf / _IGNORE_FILE, Diagnostics() if diagnostics is None else diagnostics
    )
    found: list[Path] = []
    for folder, folders, names in os.walk(conf, onerror=_refuse):
        below = Path(folder)
        # all that is below an ignored folder is ignored too
        folders[:] = [
            name for name in folders if not _is_ignored(below / name, conf, patterns)
        ]
        paths = (below / name for name in names)
        found += (path for path in paths if path.suffix in (".yml", ".yaml"))
    return sorted(
        (path for path in found if not _is_ignored(path, conf, patterns)),
        key=lambda path: path.relative_to(conf).parts,
    )


def _patterns(path: Path, diagnostics: Diagnostics) -> list[str]:
    """One a line; blank lines and comments are none. The file's own name always is one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        text = ""
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f'"{os.path.relpath(path)}" is not UTF-8', "save it as UTF-8"
        ) from error
    _warn_of_exceptions(path, text, diagnostics)
    lines = (line.strip() for line in text.splitlines())
    written = [line.rstrip("/") for line in lines if line and not line.startswith("#")]
    return [_IGNORE_FILE, *filter(None, written)]


def _warn_of_exceptions(path: Path, text: str, diagnostics: Diagnostics) -> None:
    """Adds WF030: as in the interpreter a "!" is a letter, and brings nothing back."""
    file = SourceFile(os.path.relpath(path).replace(os.sep, "/"), text)
    for found in _EXCEPTION.finditer(text):
        diagnostics.warning(
            "WF030",
            f'"{found[1]}" is no exception: a pattern can only leave files out',
            Span(file, *found.span(1)),
            help="remove it, and leave out less in the other lines",
        )


def _is_ignored(path: Path, conf: Path, patterns: Iterable[str]) -> bool:
    # the interpreter also tries `**/<p>/*` and `**/<p>*`, which match nothing beyond this
    shown = f"{conf.name}/{path.relative_to(conf).as_posix()}"
    return any(fnmatchcase(shown, f"*{pattern}*") for pattern in patterns)


def _refuse(error: OSError) -> None:
    raise _unreadable(Path(error.filename), error) from error


def _unreadable(path: Path, error: OSError) -> SettingsError:
    reason = (error.strerror or str(error)).lower()
    return SettingsError(
        f'"{os.path.relpath(path)}" cannot be read: {reason}',
        "let this user read it, or move it away",
    )
