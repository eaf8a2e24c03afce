"""Which slots of a schedule no start has decided: the machine was off, or cron was down.

`schedule.json` beside the log of starts says since when each entry of the schedule is known,
and until when all slots are decided. So a schedule that somebody edits has missed nothing,
and a look at a schedule of every minute does not go through a week of them each time.
Whoever reads or writes it holds the lock of the log.
"""

from __future__ import annotations

import os

from .errors import ConfigurationError
from .journal import FOLDER_VARIABLE, runs_folder
from .starts import slot_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from .graph import Cron, Workflow
    from .starts import StartsLog

FILE = "schedule.json"
SUPERSEDED = "it was missed, and a later one is run"


def open_slots(
    workflow: Workflow[Any], log: StartsLog, now: datetime, due: datetime | None
) -> list[datetime]:
    """The slots that are to be run now, as the workflow's policy has it, the oldest first.

    Of those that a policy leaves out, the log has a line each.

    Args:
        log: Entered.
        now: Aware.
        due: The slot that this start is for.

    Raises:
        ConfigurationError: A file cannot be read or written, an entry not be understood.
    """
    from .cron import slot

    assert workflow.missed is not None
    memory = _Memory(workflow)
    minute = slot(now)
    memory.learn([_key(each) for each in workflow.on], minute.timestamp())
    found = _undecided(workflow, log, memory, minute)
    if due is not None and log.decided(due) is None:
        found = sorted({*found, due})
    memory.settled = min(found[0] if found else minute, minute).timestamp()
    memory.save()
    if workflow.missed.policy == "last":
        for each in found[:-1]:
            log.append(now.timestamp(), each, "skip", SUPERSEDED, None)
        return found[-1:]
    return found


def _undecided(
    workflow: Workflow[Any], log: StartsLog, memory: _Memory, minute: datetime
) -> list[datetime]:
    """Those before the minute, from the oldest one that the policy still looks at."""
    from datetime import datetime, timezone

    assert workflow.missed is not None
    begin = max(minute.timestamp() - workflow.missed.window, memory.settled)
    found: set[datetime] = set()
    for entry in workflow.on:
        since = max(begin, memory.entries[_key(entry)])
        found.update(
            _between(entry, datetime.fromtimestamp(since, timezone.utc), minute)
        )
    if not found:
        return []
    decided = log.decided_since(min(found))
    return sorted(each for each in found if slot_text(each) not in decided)


def _between(entry: Cron, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Its slots from the begin on, and before the end."""
    from datetime import timedelta

    from .cron import Times

    for each in Times(entry).since(begin - timedelta(minutes=1)):
        if each >= end:
            return
        if each >= begin:
            yield each


def _key(entry: Cron) -> str:
    """What says when it fires: another one has been missed by nobody."""
    words = [entry.timezone, entry.gap, entry.fold, entry.day_match]
    return " | ".join([entry.expression, *words])


class _Memory:
    """What is kept of a schedule from start to start.

    Attributes:
        settled: Seconds since the epoch; all slots before are decided.
        entries: Entry -> since when it is known.
    """

    def __init__(self, workflow: Workflow[Any]) -> None:
        self._path = os.path.join(runs_folder(workflow), FILE)
        self.settled = 0.0
        self.entries: dict[str, float] = {}
        try:
            with open(self._path, encoding="utf-8") as file:
                self._read(file.read())
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unusable(error) from error

    def _read(self, text: str) -> None:
        """What is damaged is as good as not there: then nothing is known to be missed."""
        from json import loads

        try:
            told = loads(text)
            settled = float(told["settled"])
            entries = {str(key): float(told["entries"][key]) for key in told["entries"]}
        except (ValueError, TypeError, KeyError):
            return
        self.settled, self.entries = settled, entries

    def learn(self, keys: list[str], now: float) -> None:
        """Take the entries as they are now; those that are new are known from now on.

        A clock that has been set back is no reason to wait until it is where it was.
        """
        self.settled = min(self.settled, now)
        self.entries = {key: min(self.entries.get(key, now), now) for key in keys}

    def save(self) -> None:
        from .jsontext import json_text

        text = json_text({"settled": self.settled, "entries": self.entries})
        temporary = f"{self._path}.new"
        try:
            descriptor = os.open(
                temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
            )
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, self._path)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"{self._path}, which tells what was missed, cannot be used: "
            f"{error.strerror}; {FOLDER_VARIABLE} sets another folder"
        )
