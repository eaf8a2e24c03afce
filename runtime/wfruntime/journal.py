"""The journal of a run: append-only JSON lines, one file a run, one write an event.

An event is on its way to the disk before the run goes on, so a killed process loses
nothing that had finished; a torn last line is an event that did not happen. Each line has
`ts` (seconds since the epoch), `event` and, below the run, `path`; values are as `stored`
writes them. The file can be read by its owner alone.
"""

from __future__ import annotations

import os
import time

from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .graph import Workflow

FOLDER_VARIABLE = "WFC_RUNS_DIR"
FOLDER = ".wfruns"
VERSION = 1


class Journal:
    """An open journal.

    Raises:
        ConfigurationError: The file cannot be made.
    """

    __slots__ = ("_descriptor", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"the journal {path} cannot be written: {error.strerror}; "
                f"{FOLDER_VARIABLE} sets another folder"
            ) from error

    def write(self, line: str) -> None:
        """Append a line, given with its end.

        Raises:
            OSError: It was not written, or not as a whole.
        """
        data = line.encode("ascii")
        written = os.write(self._descriptor, data)
        while written < len(data):
            written += os.write(self._descriptor, data[written:])

    def close(self) -> None:
        os.close(self._descriptor)


def journal_path(workflow: Workflow[Any], run_id: str) -> str:
    return os.path.join(runs_folder(workflow), f"{run_id}.jsonl")


def runs_folder(workflow: Workflow[Any]) -> str:
    """Where the journals of the workflow are; it may not be there yet."""
    folder = os.environ.get(FOLDER_VARIABLE) or os.path.join(workflow.project, FOLDER)
    # a name with a slash would be two folders
    return os.path.join(os.path.abspath(folder), workflow.name.replace("/", "_"))


def new_run_id(now: float) -> str:
    """The time in UTC to the microsecond, so that ids sort by it, and a random end."""
    second = time.strftime("%Y%m%d%H%M%S", time.gmtime(now))
    return f"{second}{int(now % 1 * 1e6):06d}T{os.urandom(5).hex()}"


def read_journal(path: str) -> Iterator[dict[str, Any]]:
    """The events of a journal, their values as they were; a torn last line is left out.

    Raises:
        OSError: The file cannot be read.
        ValueError: A line in the middle is no event.
    """
    from json import loads

    from .stored import restored

    with open(path, encoding="ascii") as file:
        for line in file:
            if not line.endswith("\n"):
                return
            event = loads(line)
            yield {key: restored(value) for key, value in event.items()}
