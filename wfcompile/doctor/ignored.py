"""D30: files that `.confignore` hides from the interpreter on this machine, and not from wfc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from wfcompile.diagnostics import Diagnostics
from wfcompile.doctor.finding import Finding, differs
from wfcompile.reader import load
from wfcompile.source import Span

_NAME = ".confignore"


def hidden_files(conf: Path, files: Sequence[Path], shown: str) -> Iterator[Finding]:
    """Args:
    conf: the folder that holds `.confignore`.
    files: what is compiled, so no pattern hides it here.
    shown: the folder as reports print it, with a slash.
    """
    path = conf / _NAME
    file = load(path, f"{shown}{_NAME}", Diagnostics()) if path.is_file() else None
    at = 0
    for line in file.text.splitlines(keepends=True) if file else ():
        pattern = line.strip().rstrip("/")
        if pattern and not pattern.startswith("#"):
            hidden = [each for each in files if _hides(pattern, each)]
            if hidden:
                assert file is not None
                start = at + len(line) - len(line.lstrip())
                yield _finding(
                    pattern, len(hidden), Span(file, start, start + len(line.strip()))
                )
        at += len(line)


def _hides(pattern: str, path: Path) -> bool:
    return fnmatchcase(path.resolve().as_posix(), f"*{pattern}*")


def _finding(pattern: str, number: int, span: Span) -> Finding:
    what = "1 file" if number == 1 else f"{number} files"
    return differs(
        "D30",
        f'pattern "{pattern}" is compared with paths below the conf folder; for the '
        f"interpreter it hides {what} here, by a folder above the project",
        span,
        help="keep it if the files are meant to be compiled",
    )
