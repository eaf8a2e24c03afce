"""Runs emitted modules: `python -m tests.conformance.worker`, by the protocol of forks.py."""

from __future__ import annotations

import json
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import wfruntime as rt
from wfruntime import cron
from wfruntime.audit import write_audit
from wfruntime.journal import journal_path
from wfruntime.release import Release
from wfruntime.stored import stored_text

from tests.conformance.forks import Reply, Request, serve
from tests.conformance.plain import plain, typed

RELEASE_TIMEOUT_S = 600
"""The interpreter's default for releases, which its audit records show."""
SLOT = datetime(2024, 3, 4, 5, 6)
"""What a run is gone on with by, where the interpreter has no need of a release."""


def main() -> None:
    for each in pkgutil.iter_modules(rt.__path__):
        import_module(f"wfruntime.{each.name}")
    import_module("pydantic")  # callers use it
    serve(_run)


def _run(request: Request) -> Reply:
    folder = request["folder"]
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.path[0] = f"{folder}/build"
    workflow = import_module(request["module"]).WORKFLOW
    act = ACTIONS[request["asked"].get("action", "execute")]
    reply: Reply = plain(act(workflow, request["asked"]), folder)
    return reply


def _execute(workflow: Any, asked: Request) -> Reply:
    options = asked.get("options", {})
    cancel = threading.Event()
    if options.get("event_set"):
        cancel.set()
    given = {"extras": options["extras"]} if "extras" in options else {}
    return _result(
        rt.run(
            workflow,
            typed(asked.get("params", {})),
            timeout=options.get("timeout"),
            max_parallel=options.get("max_job_parallel"),
            cancel=cancel,
            **given,
        )
    )


def _execute_rerun(workflow: Any, asked: Request) -> Reply:
    """A run is gone on with by its release, which the interpreter has no need of."""
    params = typed(asked.get("params", {}))
    parallel = asked.get("options", {}).get("max_job_parallel")
    first = rt.run(workflow, params, release=SLOT, max_parallel=parallel)
    Path("second_run").touch()
    second = rt.run(workflow, release=SLOT, mode="rerun", max_parallel=parallel)
    return {**_of_no_release(second), "first": _of_no_release(first)}


def _rerun(workflow: Any, asked: Request) -> Reply:
    """What the context would have left: an audit record, and a journal."""
    options = asked["options"]
    context = {"jobs": {}, "params": {}, **typed(options["context"])}
    ended = SLOT.replace(tzinfo=timezone.utc)
    release = Release(ended, ended, "GIVEN")
    left = rt.RunResult(
        status=context["status"],
        context=context,
        run_id="GIVEN",
        journal=None,
        exit_code=1,
    )
    write_audit(
        workflow, left, release=release, mode="normal", started=ended, ended=ended
    )
    path = Path(journal_path(workflow, "GIVEN"))
    path.parent.mkdir(parents=True)
    path.write_text("".join(_events(context)), encoding="ascii")
    parallel = options.get("max_job_parallel")
    result = rt.run(workflow, release=SLOT, mode="rerun", max_parallel=parallel)
    return _of_no_release(result)


def _events(context: Request) -> Iterator[str]:
    """Lines of a journal, with what a rerun reads of it."""
    yield _event("run.start", "", params=context["params"])
    for job, record in context["jobs"].items():
        yield _event("job.end", job, record=record, duration=0)


def _event(event: str, path: str, **fields: object) -> str:
    return stored_text({"ts": 0, "event": event, "path": path, **fields}) + "\n"


def _of_no_release(result: rt.RunResult) -> Reply:
    for key in ("release", "name", "message"):
        result.context.pop(key, None)
    return _result(result)


def _release(workflow: Any, asked: Request) -> Reply:
    steps = [_step(workflow, step) for step in asked["options"]["steps"]]
    return {"steps": steps, "audits": dict(_audits())}


def _step(workflow: Any, step: Request) -> Reply:
    given = {
        name: step[name]
        for name in ("audit_excluded", "override_log_name")
        if name in step
    }
    result = rt.run(
        workflow,
        typed(step.get("params", {})),
        release=datetime.fromisoformat(step["release"]),
        mode=step.get("type", "normal"),
        timeout=RELEASE_TIMEOUT_S,
        **given,
    )
    if result.exit_code == 2 and "params" not in result.context:
        return {"raised": result.context["errors"]}
    return _result(result)


def _audits() -> Iterator[tuple[str, Reply]]:
    """The records without their times, in the order of their files."""
    for path in sorted(Path("audits").rglob("*.log")):
        record = json.loads(path.read_text())
        metadata = record.get("runs_metadata", {})
        for name in ("exec_start", "exec_end", "exec_latency", "slot"):
            metadata.pop(name, None)
        yield str(path), record


def _cron(workflow: Any, asked: Request) -> Reply:
    options = asked["options"]
    start = datetime.fromisoformat(options["start"])
    return {
        "load": "ok",
        "schedule": [
            {
                "cronjob": each.expression,
                "timezone": each.timezone,
                "next": list(_moments(each, start, options["count"])),
            }
            for each in workflow.on
        ],
    }


def _moments(entry: Any, start: datetime, count: int) -> Iterator[datetime]:
    """The start counts if it is on the schedule, else it is rounded up."""
    moment = start - timedelta(microseconds=1)
    for _ in range(count):
        following = cron.Times(entry).after(moment)
        if following is None:
            return
        moment = following
        yield moment.astimezone(ZoneInfo(entry.timezone))


ACTIONS: dict[str, Callable[[Any, Request], Reply]] = {
    "execute": _execute,
    "execute_rerun": _execute_rerun,
    "rerun": _rerun,
    "release": _release,
    "cron": _cron,
}


def _result(result: rt.RunResult) -> Reply:
    return {"status": result.status, "context": result.context}


if __name__ == "__main__":
    main()
