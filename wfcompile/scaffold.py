"""The files of a new project, as they are shipped -> a folder.

All or nothing: no file is written when one of them is there already.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

STARTER = {
    "README.md": "README.md",
    "wfc.toml": "wfc.toml",
    # by another name, or git would obey it where it is shipped from
    ".gitignore": "gitignore",
    "conf/hello.yml": "conf/hello.yml",
    "conf/greetings.py": "conf/greetings.py",
}
"""File of the project -> file below `wfcompile/starter`."""


class ScaffoldError(Exception):
    """A project that cannot be made; `help` is an order to follow."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


def create_project(folder: Path) -> list[str]:
    """Writes the files of a new project; their names below the folder.

    Raises:
        ScaffoldError: when one of them is there already, or the system refuses.
    """
    if folder.exists() and not folder.is_dir():
        raise ScaffoldError(f'"{folder}" is a file', "name a folder")
    taken = list(dict.fromkeys(_taken(folder)))
    if taken:
        names = ", ".join(f'"{folder / name}"' for name in taken)
        are = "is" if len(taken) == 1 else "are"
        raise ScaffoldError(f"{names} {are} there already", "name another folder")
    shipped = files("wfcompile") / "starter"
    for name, source in STARTER.items():
        _write(folder / name, shipped.joinpath(*source.split("/")).read_bytes())
    return list(STARTER)


def _taken(folder: Path) -> Iterator[str]:
    """What is in the way of a file, be it a file where a folder must be."""
    for name in STARTER:
        first = name.partition("/")[0]
        if (folder / first).is_file():
            yield first
        elif (folder / name).exists():
            yield name


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # "x": what came in between is not overwritten either
        with open(path, "xb") as file:
            file.write(content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ScaffoldError(f'"{path}" cannot be written: {reason}') from error
