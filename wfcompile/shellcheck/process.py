"""The program `shellcheck`: one process over many scripts, what it says of each.

The scripts are written to a folder of their own for the time that takes; nothing of them is run.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wfcompile.shellcheck import SETTINGS
from wfcompile.shellcheck.program import find_program
from wfcompile.shellcheck.texts import ShellText

_AT_ONCE = 500
"""So many files a process: their names are its arguments."""
_ELSEWHERE = "SC1090,SC1091,SC1128"
"""Codes that would be about the way the text is handed over: `source` of a file is not followed,
and a first line of our own says which shell it is."""
_HEADS = {"bash": "#!/bin/bash -e\n", "sh": "#!/bin/sh -e\n"}
"""As the runtime starts them: a script ends at the first command that fails."""


class ShellcheckError(Exception):
    """It cannot be run; the message is one clause, `help` an order to follow."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


@dataclass(frozen=True, slots=True)
class Replacement:
    """A part of shellcheck's own fix: `text` in the place of `[start, end)`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What it says of `text[start:end]` of a script."""

    code: int
    level: str
    message: str
    start: int
    end: int
    fix: tuple[Replacement, ...]


def run(texts: Sequence[ShellText], root: Path) -> list[list[Comment]]:
    """The comments on each of the texts.

    Args:
        root: the folder whose `.shellcheckrc` counts.

    Raises:
        ShellcheckError: it is not installed, or cannot be used.
    """
    program = _program()
    settings = root / SETTINGS
    options = ["--norc"] if not settings.is_file() else ["--rcfile", str(settings)]
    found: list[list[Comment]] = [[] for _ in texts]
    for first in range(0, len(texts), _AT_ONCE):
        some = texts[first : first + _AT_ONCE]
        for index, comment in _run(program, options, some):
            found[first + index].append(comment)
    return found


def _program() -> str:
    """
    Raises:
        ShellcheckError: there is none.
    """
    program = find_program()
    if program is None:
        raise ShellcheckError(
            "shellcheck is asked for and not installed",
            'install it with pip install "wfcompile[shellcheck]", '
            "or check with --no-shellcheck",
        )
    return program


def _run(
    program: str, options: Sequence[str], texts: Sequence[ShellText]
) -> Iterator[tuple[int, Comment]]:
    with TemporaryDirectory(prefix="wfc-") as folder:
        for index, text in enumerate(texts):
            content = _HEADS[text.shell] + text.text
            Path(folder, str(index)).write_bytes(content.encode(errors="replace"))
        names = map(str, range(len(texts)))
        command = [program, *options, "--format=json1", f"--exclude={_ELSEWHERE}"]
        ended = subprocess.run(
            [*command, *names], cwd=folder, capture_output=True, check=False
        )
    try:
        comments = json.loads(ended.stdout)["comments"]
    except (ValueError, KeyError, TypeError):
        raise _unusable(ended.stderr, ended.returncode) from None
    lines = [_line_starts(text.text) for text in texts]
    for each in comments:
        index = int(each["file"])
        if (comment := _comment(each, lines[index])) is not None:
            yield index, comment


def _unusable(errors: bytes, code: int) -> ShellcheckError:
    told = errors.decode(errors="replace").strip().splitlines()
    reason = f": {told[0]}" if told else ""
    return ShellcheckError(
        f"shellcheck ended with {code} and without an answer{reason}",
        'install the one that is tested: pip install "wfcompile[shellcheck]"',
    )


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _comment(told: dict[str, Any], lines: Sequence[int]) -> Comment | None:
    """None for what is told of the line that is not the author's."""
    place = _place(told, lines)
    if place is None:
        return None
    replacements = (told["fix"] or {}).get("replacements", ())
    parts = [
        Replacement(*bounds, each["replacement"])
        for each in replacements
        if (bounds := _place(each, lines)) is not None
    ]
    fix = tuple(parts) if len(parts) == len(replacements) else ()
    return Comment(told["code"], told["level"], told["message"], *place, fix)


def _place(told: dict[str, Any], lines: Sequence[int]) -> tuple[int, int] | None:
    """Its lines count from 1, and the first one is our own."""
    first, last = told["line"] - 2, told["endLine"] - 2
    if first < 0 or last >= len(lines):
        return None
    end = lines[-1] - 1
    start = min(lines[first] + told["column"] - 1, end)
    return start, min(max(start, lines[last] + told["endColumn"] - 1), end)
