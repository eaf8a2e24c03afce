"""What a check looked at beside the YAML files, so that the next one can tell whether it changed.

Also what was looked for and is not there: a new file may be what an import finds first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

_ABSENT = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Attributes:
    files: path -> digest of its content, "" where there is no file.
    folders: path -> digest of the modules in it.
    """

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)

    def is_file(self, path: Path) -> bool:
        key = str(path)
        if key not in self.files:
            # before it is read: what changes in between is found by the next check
            self.files[key] = _digest_of_file(path)
        return self.files[key] != _ABSENT

    def look_into(self, folder: Path) -> Path:
        """The folder, whose modules are going to be listed."""
        if str(folder) not in self.folders:
            self.folders[str(folder)] = _digest_of_folder(folder)
        return folder

    def add(self, files: Mapping[str, str], folders: Mapping[str, str]) -> None:
        self.files.update(files)
        self.folders.update(folders)

    def is_as_before(self) -> bool:
        return all(
            _digest_of_file(Path(path)) == digest for path, digest in self.files.items()
        ) and all(
            _digest_of_folder(Path(path)) == digest
            for path, digest in self.folders.items()
        )


def digest(parts: Iterable[bytes]) -> str:
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.hexdigest()


def _digest_of_file(path: Path) -> str:
    try:
        return digest([path.read_bytes()]) if path.is_file() else _ABSENT
    except OSError:
        return "unreadable"


def _digest_of_folder(folder: Path) -> str:
    """Of its modules, and of the names of the folders that may hold more."""
    if not folder.is_dir():
        return _ABSENT
    below = [each for each in folder.iterdir() if each.name.isidentifier()]
    names = sorted(each.name for each in below if each.is_dir())
    modules = sorted([*folder.glob("*.py"), *folder.glob("*/__init__.py")])
    told = [f"{path}\0{_digest_of_file(path)}".encode() for path in modules]
    return digest([*(name.encode() for name in names), *told])
