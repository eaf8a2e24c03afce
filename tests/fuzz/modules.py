"""Runs emitted modules as the golden cases do, but with short waits between tries.

`python -m tests.fuzz.modules`
"""

from __future__ import annotations

from wfruntime import retry

from tests.conformance import worker

retry.BACKOFF = 0.01

if __name__ == "__main__":
    worker.main()
