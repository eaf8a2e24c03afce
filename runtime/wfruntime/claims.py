"""One process for one minute of a schedule, where cron starts two for it.

Two lines of a crontab may fire in the same minute: those of two entries of a schedule, or
of one that a cron in another zone cannot follow exactly. The lock is the system's own, so
that a process leaves none behind, however it ends.
"""

from __future__ import annotations

import os
from errno import EACCES, EAGAIN

from .journal import runs_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from .graph import Workflow

FILE = "scheduled.lock"


def claim(workflow: Workflow[Any], minute: datetime) -> bool:
    """Hold the minute until this process ends; False: another process holds it."""
    from fcntl import LOCK_EX, LOCK_NB, lockf

    path = os.path.join(runs_folder(workflow), FILE)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # the run says why, since its journal cannot be written either
        return True
    try:
        # one byte of the file is one minute; the file stays open, and empty
        lockf(descriptor, LOCK_EX | LOCK_NB, 1, int(minute.timestamp()) // 60)
    except OSError as error:
        os.close(descriptor)
        # whatever else it is, the file system knows no locks
        return error.errno not in (EACCES, EAGAIN)
    return True
