"""`wfc check --watch`: checks again whenever something has changed that a check looks at.

The files are asked for their state a few times a second. That works on every file system, those of
containers and networks too, starts at once, and needs no further package; a thousand files cost
about a hundredth of a processor.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from wfcompile.commands.check import Asked, doing_work, look
from wfcompile.commands.project import open_project
from wfcompile.commands.refusal import Refusal
from wfcompile.discovery import find_files
from wfcompile.resolve.seen import Seen
from wfcompile.settings import SETTINGS_FILES, SettingsError
from wfcompile.terminal import is_live, say

PAUSE_S = 0.25
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"

_State: TypeAlias = "dict[str, tuple[int, ...]]"
"""Path -> what changes with it; nothing for what is not there."""


def watch(conf: Path | None, asked: Asked) -> None:
    """Until somebody interrupts it."""
    while True:
        if is_live(sys.stdout):
            say(_CLEAR, sys.stdout)
        start, before = time.monotonic(), _state_of(_files(conf))
        seen = _check(conf, asked)
        took_s = time.monotonic() - start
        now = datetime.now().strftime("%H:%M:%S")
        say(f"{now} checked in {took_s:.1f} s, waiting for changes\n", sys.stdout)
        # what was dropped is given back before the long wait
        gc.unfreeze()
        gc.collect()
        _wait(conf, before, seen)
        _wait_for_rest(conf)


def _check(conf: Path | None, asked: Asked) -> Seen:
    """What it has looked at beside the YAML files; settings that lead nowhere end nothing here."""
    try:
        settings = asked.settings(conf)
        with doing_work(settings, asked) as work:
            look(settings, work, asked)
        return work.seen
    except SettingsError as error:
        say(f"wfc: {Refusal(str(error), error.help)}\n", sys.stdout)
        return Seen()


def _wait(conf: Path | None, before: _State, seen: Seen) -> None:
    """Until there is something else to check.

    Folders change with every file that an editor keeps beside the one it saves: then only what is
    in them counts.
    """
    files = before | _state_of(seen.files)
    folders: _State = {}
    while _state_of(files) == files:
        if _state_of(folders) != folders or not folders:
            # what has changed before this is found by what follows
            folders = _state_of(_folders(conf, seen))
            if set(_files(conf)) != set(before) or not seen.is_as_before():
                return
        time.sleep(PAUSE_S)


def _wait_for_rest(conf: Path | None) -> None:
    """Who saves many files at once, or one in several steps, is told once."""
    before, now = None, _state_of(_files(conf))
    while before != now:
        time.sleep(PAUSE_S)
        before, now = now, _state_of(_files(conf))


def _files(conf: Path | None) -> list[str]:
    """The YAML files, and those that say which ones there are, be they there or not."""
    try:
        settings = open_project(conf, None)
        folder = settings.conf_folder or settings.conf
        paths = [*find_files(settings.conf), *find_files(folder)]
        paths += [folder / ".confignore", settings.conf / ".confignore"]
    except SettingsError:
        folder = Path.cwd() / (conf or "conf")
        paths = [folder]
    for above in (folder, *folder.parents):
        paths += (above / name for name in SETTINGS_FILES)
    return [str(path) for path in paths]


def _folders(conf: Path | None, seen: Seen) -> Iterator[str]:
    yield from seen.folders
    with suppress(SettingsError):
        settings = open_project(conf, None)
        for folder, _, _ in os.walk(settings.conf_folder or settings.conf):
            yield folder


def _state_of(paths: Iterable[str]) -> _State:
    state: _State = {}
    for path in paths:
        try:
            found = os.stat(path)
        except OSError:
            state[path] = ()
        else:
            state[path] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return state
