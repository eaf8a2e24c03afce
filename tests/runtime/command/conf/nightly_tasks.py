"""The callers of nightly.py and waits.py."""

from __future__ import annotations

import time
from datetime import date

import wfruntime as rt


def pull(region: str, day: date) -> dict[str, object]:
    if region == "us":
        return _refused(region)
    return {"rows": 3, "day": day}


def _refused(region: str) -> dict[str, object]:
    raise ValueError(f"no rows for {region}\nask the bank")


def stay(result: rt.Result) -> dict[str, object]:
    """Block, whatever the run wants."""
    result.trace.info("stays")
    time.sleep(60)
    return {}
