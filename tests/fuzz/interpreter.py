"""Runs workflows by the interpreter; `.venv-interpreter/bin/python -m tests.fuzz.interpreter`.

It waits less than the interpreter does, which sleeps up to a second between the rounds of `until`
and before it tries again.
"""

from __future__ import annotations

import time
from types import SimpleNamespace

from ddeutil.workflow import job, stages, workflow  # type: ignore[import-not-found]

from tests.conformance import record
from tests.conformance.case_files import Case
from tests.conformance.forks import Reply, Request, serve

PATIENCE_S = 5.0
SHORTER = {stages: 0.02, job: 0.02, workflow: 0.2}


def run(request: Request) -> Reply:
    case = Case("random", request["asked"], conf={}, callers=None, expect={})
    return record.run(case, request["folder"])


def _hurry() -> None:
    for module, factor in SHORTER.items():
        module.time = _clock(factor)
    stages.delay = lambda seconds: time.sleep(seconds)


def _clock(factor: float) -> SimpleNamespace:
    """The module `time`, with shorter sleeps."""
    sleep = time.sleep
    return SimpleNamespace(
        **{**vars(time), "sleep": lambda seconds: sleep(seconds * factor)}
    )


if __name__ == "__main__":
    _hurry()
    serve(run, patience_s=PATIENCE_S)
