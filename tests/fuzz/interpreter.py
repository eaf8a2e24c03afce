"""Runs workflows by the interpreter; `.venv-interpreter/bin/python -m tests.fuzz.interpreter`.

Only this module is run there. It waits less than the interpreter does, which sleeps up to a second
between the rounds of `until` and before it tries again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from ddeutil.workflow import (  # type: ignore[import-not-found]
    Workflow,
    job,
    stages,
    workflow,
)
from ddeutil.workflow.result import Status  # type: ignore[import-not-found]

from tests.conformance.forks import Reply, Request, serve
from tests.conformance.plain import plain

SETTINGS = {
    "WORKFLOW_LOG_TRACE_HANDLERS": "[]",
    "WORKFLOW_LOG_AUDIT_ENABLE_WRITE": "false",
}
PATIENCE_S = 5.0
SHORTER = {stages: 0.02, job: 0.02, workflow: 0.2}


def run(request: Request) -> Reply:
    folder = request["folder"]
    os.chdir(folder)
    os.environ.clear()
    os.environ.update({**SETTINGS, **request["environment"]})
    time.tzset()
    sys.path.insert(0, folder)
    try:
        loaded = Workflow.from_conf(request["workflow"])
    except Exception as error:
        return {"load": "error", "message": str(error)}
    asked = request["asked"]
    result = loaded.execute(asked.get("params", {}), **asked.get("options", {}))
    reply: Reply = plain(
        _named({"status": result.status, "context": result.context}), folder
    )
    return reply


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


def _named(value: Any) -> Any:
    """With statuses as text."""
    if isinstance(value, Status):
        return value.name
    if isinstance(value, Mapping):
        return {key: _named(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(item) for item in value]
    return value


if __name__ == "__main__":
    _hurry()
    serve(run, patience_s=PATIENCE_S)
