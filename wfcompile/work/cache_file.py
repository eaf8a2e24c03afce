"""The file that a check leaves for the next one, in the folder `.wfc_cache` of the project.

It is replaced in one step, so two runs at once leave the one or the other. What is damaged, was
written by another wfc or Python, or for other settings, counts as nothing.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from wfcompile.resolve.seen import digest
from wfcompile.settings import Settings

FOLDER = ".wfc_cache"
_FORMAT = "1"
_IGNORE = "# made by wfc\n*\n"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# a cache of wfc: it can be removed\n"
)


class CacheFile:
    """That of these settings in this working directory, whose paths are in it."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.root / FOLDER
        told = digest(part.encode() for part in _settings_parts(settings))
        self._path = self._folder / f"check-{told}.json"
        self._stamp = digest(part.encode() for part in _checker())

    def read(self) -> Any:
        """None when there is nothing that can be used."""
        try:
            head, body = self._path.read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        if head != self._head(body):
            return None
        return json.loads(body)

    def write(self, content: Any) -> None:
        """A folder that cannot be written is no mistake: the next check has more to do."""
        body = json.dumps(content, separators=(",", ":")).encode()
        with suppress(OSError):
            self._make_folder()
            descriptor, name = tempfile.mkstemp(prefix="new-", dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(self._head(body) + b"\n" + body)
                os.replace(name, self._path)
            except OSError:
                os.unlink(name)

    def _head(self, body: bytes) -> bytes:
        return f"{self._stamp} {digest([body])}".encode()

    def _make_folder(self) -> None:
        self._folder.mkdir(exist_ok=True)
        for name, text in ((".gitignore", _IGNORE), ("CACHEDIR.TAG", _TAG)):
            path = self._folder / name
            if not path.exists():
                path.write_text(text, encoding="utf-8")


def is_cached(settings: Settings) -> bool:
    """Not where the project's own folder is a guess: nothing is left beside a lone file."""
    folder = settings.conf_folder
    is_project = settings.file is not None or (
        folder is not None and folder.name == "conf"
    )
    return is_project and settings.conf.is_dir()


def _settings_parts(settings: Settings) -> Iterator[str]:
    # the order of a set is another one in each process
    yield repr(replace(settings, style=frozenset()))
    yield " ".join(sorted(settings.style))
    if settings.shellcheck:
        from wfcompile.shellcheck.program import find_program  # noqa: PLC0415

        yield str(find_program())
    yield os.getcwd()


def _checker() -> Iterator[str]:
    """What else decides what a check says: Python, this compiler, the libraries it uses."""
    yield _FORMAT
    yield sys.version
    for package in ("wfcompile", "wfruntime"):
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            yield from _state_of(folder, _sources(folder))
    # a package that is installed or removed changes its folder
    for entry in sys.path:
        if entry.endswith("-packages"):
            yield from _state_of(entry, [entry])


def _sources(folder: str) -> Iterable[str]:
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (os.path.join(path, name) for name in sorted(names))


def _state_of(base: str, paths: Iterable[str]) -> Iterator[str]:
    yield base
    for path in paths:
        state = os.stat(path)
        yield f"{path} {state.st_size} {state.st_mtime_ns}"
