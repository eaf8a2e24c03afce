"""Whether a process that a run has started is gone."""

from __future__ import annotations

import os
import select

WITHIN_S = 10.0


def has_ended(pid: int) -> bool:
    """Wait for it: a signal that was sent has not arrived yet. One that nobody reaps counts."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        readable, _, _ = select.select([descriptor], [], [], WITHIN_S)
        return bool(readable)
    finally:
        os.close(descriptor)
