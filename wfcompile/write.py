"""Texts of modules -> files of the build folder, and the comparison of the two.

A file is replaced in one step or not at all, and only when its bytes change. What does not begin
with our header was written by somebody else: it is never overwritten and never removed.
"""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wfcompile.header import source_of


class WriteError(Exception):
    """A file or folder that cannot be written; `path` is the one, `help` an order to follow."""

    def __init__(self, path: Path, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.help = help


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Names of files, each in alphabetical order."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """A file that `write_build` would change; `diff` leads from what is there to what would be."""

    name: str
    kind: Literal["stale", "missing", "orphan"]
    diff: str


def write_build(
    build: Path, texts: Mapping[str, str], *, keep: Collection[str] = ()
) -> WriteReport:
    """Makes the folder hold exactly `texts` (file name -> text) of what we generate.

    Args:
        keep: names of files that stay as they are although they have no text now.

    Raises:
        WriteError: before anything is written when a file is not ours, else at the first file
            that the system refuses.
    """
    changed = [
        name for name in sorted(texts) if _read(build / name) != _bytes(texts[name])
    ]
    for name in changed:
        _refuse_foreign(build / name)
    for name in changed:
        replace_file(build / name, _bytes(texts[name]))
    removed = tuple(_orphans(build, {*texts, *keep}))
    for name in removed:
        _remove(build / name)
    unchanged = tuple(sorted(set(texts) - set(changed)))
    return WriteReport(tuple(changed), unchanged, removed)


def check_build(
    build: Path, texts: Mapping[str, str], *, keep: Collection[str] = ()
) -> list[Stale]:
    """What `write_build` would do, in alphabetical order; writes nothing."""
    found = [_compare(build, name, texts[name]) for name in texts]
    for name in _orphans(build, {*texts, *keep}):
        old = (_read(build / name) or b"").decode(errors="replace")
        found.append(Stale(name, "orphan", _diff(build / name, old, "")))
    return sorted((each for each in found if each is not None), key=lambda s: s.name)


def _compare(build: Path, name: str, text: str) -> Stale | None:
    old = _read(build / name)
    if old is None:
        return Stale(name, "missing", _diff(build / name, "", text))
    if old == _bytes(text):
        return None
    return Stale(name, "stale", _diff(build / name, old.decode(errors="replace"), text))


def _diff(path: Path, old: str, new: str) -> str:
    """A unified diff; line ends other than a plain newline are shown."""
    lines = difflib.unified_diff(
        _lines(old), _lines(new), path.as_posix(), f"{path.as_posix()} (compiled)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _lines(text: str) -> list[str]:
    *lines, last = text.split("\n")
    shown = [line.replace("\r", "\\r") + "\n" for line in lines]
    return [*shown, f"{last}\n\\ No newline at end of file\n"] if last else shown


# --- files ---


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, error, "read") from error


def _orphans(build: Path, known: Collection[str]) -> Iterator[str]:
    """Files of ours that are not `known`, in alphabetical order."""
    try:
        names = sorted(os.listdir(build))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _refused(build, error, "read") from error
    for name in names:
        if name in known or not name.endswith(".py"):
            continue
        if (build / name).is_file() and _is_ours(_read(build / name) or b""):
            yield name


def _is_ours(content: bytes) -> bool:
    return source_of(content[:4096].decode(errors="replace")) is not None


def _refuse_foreign(path: Path) -> None:
    content = _read(path)
    if content is not None and not _is_ours(content):
        raise WriteError(
            path,
            f'"{path.name}" is there already and was not generated',
            "move it away, or rename the workflow",
        )


def replace_file(path: Path, content: bytes) -> None:
    """Puts the new file in the place of the old one in one step; its mode stays.

    Raises:
        WriteError: the system refuses; the old one is still there.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # not mkstemp: a new file has the mode that the user's umask gives
        with open(temporary, "wb") as file:
            file.write(content)
        if path.exists():
            os.chmod(temporary, stat.S_IMODE(path.stat().st_mode))
        os.replace(temporary, path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError, done: str = "written") -> WriteError:
    if isinstance(error, NotADirectoryError):
        path = path.parent
        return WriteError(path, f'"{path.name}" is no folder', "name another with -o")
    if isinstance(error, IsADirectoryError):
        return WriteError(path, f'"{path.name}" is a folder', "move it away")
    reason = (error.strerror or str(error)).lower()
    return WriteError(
        path,
        f'"{path.name}" cannot be {done}: {reason}',
        "name a folder with -o that this user may read and write",
    )
