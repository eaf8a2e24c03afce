"""Records what the interpreter does with new cases, by the Python that it is installed for:

    PYTHON_OF_INTERPRETER -m tests.conformance.record [--check] CASE...

A case is a file as case_files.py tells it, without `expect`. It runs twice, each time in a folder
and a process of its own; where both give the same, that becomes its `expect`. `--check` writes
nothing and tells what is recorded otherwise. The next runs of a schedule want python-dateutil.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import yaml
from ddeutil.workflow import Workflow  # type: ignore[import-not-found]
from ddeutil.workflow.result import Status  # type: ignore[import-not-found]
from pydantic import ValidationError

from tests.conformance.case_files import Case, lay_out, read_case
from tests.conformance.compare import difference, without_classes
from tests.conformance.plain import plain, typed

PATIENCE_S = 40.0
SETTINGS = {
    "WORKFLOW_LOG_TRACE_HANDLERS": "[]",
    "WORKFLOW_LOG_AUDIT_URL": '{"type": "file", "path": "./audits"}',
    "WORKFLOW_LOG_AUDIT_ENABLE_WRITE": "true",
}
SECTION = "=== expect ===\n"
NEXT_SECTION = re.compile(r"^=== (?:refused|decided)", re.MULTILINE)

Reply = dict[str, Any]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.conformance.record")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("cases", nargs="+", type=Path, metavar="CASE")
    asked = parser.parse_args(arguments)
    told = _check if asked.check else _write
    problems = [problem for path in asked.cases if (problem := told(path))]
    print("\n".join(problems) or f"{len(asked.cases)} cases")
    return 1 if problems else 0


def _check(path: Path) -> str | None:
    case = read_case(path)
    found = recorded(case)
    if not difference(case.expect, without_classes(found)):
        return None
    return f"{case.name}: recorded otherwise\n{_text(found)}"


def _write(path: Path) -> str | None:
    case = read_case(path)
    first, second = recorded(case), recorded(case)
    if first != second:
        return f"{case.name}: two runs differ\n{_text(first)}\n{_text(second)}"
    text = path.read_text(encoding="utf-8")
    before, _, after = text.partition(SECTION)
    kept = NEXT_SECTION.search(after or before)
    rest = (after or before)[kept.start() :] if kept else ""
    before = before.removesuffix(rest) if rest else before
    path.write_text(f"{before}{SECTION}{_text(first)}{rest}", encoding="utf-8")
    return None


def _text(value: Any) -> str:
    options = {"allow_unicode": True, "width": 100, "sort_keys": False}
    return str(yaml.safe_dump(value, default_flow_style=None, **options))


def recorded(case: Case) -> Reply:
    """`{"hang": true}` of what takes longer than `PATIENCE_S`."""
    receiver, sender = multiprocessing.get_context("fork").Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        lay_out(case, Path(folder))
        process = multiprocessing.get_context("fork").Process(
            target=_answer, args=(case, folder, sender)
        )
        process.start()
        sender.close()
        try:
            reply = receiver.recv() if receiver.poll(PATIENCE_S) else '{"hang": true}'
        finally:
            process.kill()
            process.join()
    result: Reply = json.loads(reply)
    return result


def _answer(case: Case, folder: str, sender: Any) -> None:
    """In the child."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    try:
        reply = run(case, folder)
    except BaseException:
        reply = {"died": traceback.format_exc()}
    sender.send(json.dumps(reply))
    os._exit(0)


def run(case: Case, folder: str) -> Reply:
    """The result of what the case asks for, in its folder; this process is spent then."""
    os.chdir(folder)
    kept = {"PATH": os.environ["PATH"]}
    os.environ.clear()
    os.environ.update({**kept, **SETTINGS, **case.environment})
    time.tzset()
    sys.path.insert(0, folder)
    extras = typed(dict(case.options.get("extras", {})))
    try:
        workflow = Workflow.from_conf(case.workflow, extras=extras or None)
    except Exception as error:
        return _refusal(error, folder)
    try:
        reply = ACTIONS[case.asked.get("action", "execute")](workflow, case)
    except Exception as error:
        reply = {"raised": _raised(error)}
    result: Reply = plain(_named(reply), folder)
    return result


def _refusal(error: Exception, folder: str) -> Reply:
    reply: Reply = {"load": "error", "error_type": type(error).__name__}
    if isinstance(error, ValidationError):
        reply["errors"] = [
            {
                "type": each["type"],
                "loc": [str(key) for key in each["loc"]],
                "msg": each["msg"],
            }
            for each in error.errors(include_url=False, include_context=False)
        ]
    else:
        reply["message"] = str(error)
    result: Reply = plain(reply, folder)
    return result


def _raised(error: Exception) -> dict[str, str]:
    return {"name": type(error).__name__, "message": str(error)}


def _named(value: Any) -> Any:
    """With statuses and kinds of releases as text, in the order of their keys."""
    if isinstance(value, Status):
        return value.name
    if isinstance(value, Mapping):
        return {key: _named(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(item) for item in value]
    return value


# --- what a case asks for ---


def _load(workflow: Any, case: Case) -> Reply:
    types = {
        name: [type(stage).__name__ for stage in job.stages]
        for name, job in workflow.jobs.items()
    }
    return {"load": "ok", "stage_types": types}


def _execute(workflow: Any, case: Case) -> Reply:
    options = case.options
    event = Event()
    if options.get("event_set"):
        event.set()
    given = {key: options[key] for key in _LIMITS if key in options}
    params = typed(case.asked.get("params", {}))
    return _result(workflow.execute(params, event=event, **given))


_LIMITS = ("timeout", "max_job_parallel")


def _execute_rerun(workflow: Any, case: Case) -> Reply:
    given = {key: case.options[key] for key in _LIMITS if key in case.options}
    first = workflow.execute(typed(case.asked.get("params", {})), **given)
    shown = plain(_named(_result(first)), os.getcwd())
    Path("second_run").touch()
    return {**_result(workflow.rerun(first.context, **given)), "first": shown}


def _rerun(workflow: Any, case: Case) -> Reply:
    given = {key: case.options[key] for key in _LIMITS if key in case.options}
    return _result(workflow.rerun(typed(case.options["context"]), **given))


def _release(workflow: Any, case: Case) -> Reply:
    steps = [_step(workflow, step) for step in case.options["steps"]]
    return {"steps": steps, "audits": dict(_audits())}


def _step(workflow: Any, step: Mapping[str, Any]) -> Reply:
    given = {key: step[key] for key in _RELEASE if key in step}
    if "type" in step:
        given["release_type"] = step["type"]
    moment = datetime.fromisoformat(step["release"])
    try:
        params = typed(step.get("params", {}))
        return _result(workflow.release(moment, params, **given))
    except Exception as error:
        return {"raised": _raised(error)}


_RELEASE = ("audit_excluded", "override_log_name")


def _audits() -> Iterator[tuple[str, Reply]]:
    """The records without their times, in the order of their files."""
    for path in sorted(Path("audits").rglob("*.log")):
        record = json.loads(path.read_text())
        metadata = record.get("runs_metadata", {})
        for name in ("exec_start", "exec_end", "exec_latency"):
            metadata.pop(name, None)
        yield str(path), record


def _cron(workflow: Any, case: Case) -> Reply:
    start = datetime.fromisoformat(case.options["start"])
    return {
        "load": "ok",
        "schedule": [
            {
                "kind": type(entry).__name__,
                "cronjob": str(entry.cronjob),
                "timezone": str(entry.tz),
                "next": list(_moments(entry, start, case.options["count"])),
            }
            for entry in workflow.on.schedule
        ],
    }


def _moments(entry: Any, start: datetime, count: int) -> Iterator[datetime]:
    runner = entry.generate(start)
    for _ in range(count):
        yield runner.next


def _result(result: Any) -> Reply:
    return {"status": result.status, "context": result.context}


ACTIONS: dict[str, Callable[[Any, Case], Reply]] = {
    "load": _load,
    "execute": _execute,
    "execute_rerun": _execute_rerun,
    "rerun": _rerun,
    "release": _release,
    "cron": _cron,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
