"""Trace files, as `WORKFLOW_LOG_TRACE_HANDLERS` asks for them: what a run does, line by line.

`<path>/run_id=<run id>/stdout.txt`, `stderr.txt` (what is an error) and `metadata.txt` (one
JSON object a line), as the interpreter lays them out; a line names the place in the YAML. All
is masked, and readable by the owner alone. The handler `console` is what a run shows anyway.
"""

from __future__ import annotations

import os
import threading
import time

from . import switches
from .errors import ConfigurationError
from .progress import message_of, variant
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TextIO

    from .events import Observer
    from .graph import Workflow

VARIABLE = "WORKFLOW_LOG_TRACE_HANDLERS"
EXAMPLE = '[{"type": "file", "path": "./traces"}]'
FORMAT = (
    "{datetime} ({process:5d}, {thread:5d}) ({cut_id}) {message:120s} "
    "({filename}:{lineno})"
)
KINDS = {"run": "WORKFLOW", "job": "JOB", "strategy": "JOB", "stage": "STAGE"}
NOT_MEASURED = ("memory_usage_mb", "cpu_usage_percent", "ip_address", "metric")
ERROR_LEVELS = ("ERROR", "CRITICAL")


def traced(
    workflow: Workflow[Any],
    run_id: str,
    observer: Observer | None,
    handlers: object = None,
) -> TraceFiles | None:
    """What writes the files that are asked for; None when there are none.

    Args:
        handlers: In place of the variable's, when it is a list.

    Raises:
        ConfigurationError: The variable is not understood, or a folder cannot be made.
    """
    asked, where = handlers, 'extras "trace_handlers"'
    if not isinstance(asked, list):
        asked, where = _handlers(), VARIABLE
    paths = [path for each in asked if (path := _path(each, where)) is not None]
    return TraceFiles(workflow, run_id, paths, observer) if paths else None


class TraceFiles:
    """An observer that writes, and passes on what it is told.

    A disk that is full ends no run: the journal has it all, too.
    """

    def __init__(
        self,
        workflow: Workflow[Any],
        run_id: str,
        paths: list[str],
        observer: Observer | None,
    ) -> None:
        import platform

        self._workflow = workflow
        self._observer = observer
        self._with_debug = switches.is_on(switches.DEBUG, unset=True)
        self._always: dict[str, object] = {
            "process": os.getpid(),
            "cut_id": f"{run_id[10:20]}{run_id[-8:]}",
            "run_id": run_id,
            "parent_run_id": None,
            "filename": workflow.source,
            "hostname": platform.node(),
            "python_version": platform.python_version(),
            "tags": [],
            **dict.fromkeys(NOT_MEASURED),
        }
        folders = [os.path.join(path, f"run_id={run_id}") for path in paths]
        # guards the files: a run tells in order, but those that it triggers tell, too
        self._lock = threading.Lock()
        self._files = [_open_all(folder) for folder in folders]

    def event(self, kind: str, path: str, fields: Mapping[str, Any]) -> None:
        told = self._told(kind, path, fields)
        if told is not None:
            with self._lock:
                self._write(told)
        if self._observer is not None:
            self._observer.event(kind, path, fields)

    def close(self) -> None:
        for files in self._files:
            for file in files.values():
                try:
                    file.close()
                except OSError:
                    continue

    def _told(
        self, kind: str, path: str, fields: Mapping[str, Any]
    ) -> dict[str, object] | None:
        span, _, moment = kind.partition(".")
        level = str(fields.get("level", "INFO")).upper()
        if fields.get("status") == "FAILED":
            level = "ERROR"
        if level == "DEBUG" and not self._with_debug:
            return None
        module = KINDS.get(span, "STAGE")
        who = f"{path or self._workflow.name}{variant(fields)}"
        duration = fields.get("duration")
        return {
            **self._always,
            "error_flag": level in ERROR_LEVELS,
            "level": level.lower(),
            "datetime": time.strftime("%Y-%m-%d %H:%M:%S"),
            "thread": threading.get_ident(),
            "module": module,
            "message": mask(f"[{module}]: {who}: {_text(moment, fields)}"),
            "lineno": fields.get("line") or 1,
            "duration_ms": None if duration is None else round(duration * 1000, 3),
        }

    def _write(self, told: dict[str, object]) -> None:
        from json import dumps

        name = "stderr" if told["error_flag"] else "stdout"
        lines = str(told["message"]).splitlines() or [""]
        text = "".join(f"{FORMAT.format(**{**told, 'message': m})}\n" for m in lines)
        for files in self._files:
            try:
                files[name].write(text)
                files["metadata"].write(f"{dumps(told, ensure_ascii=False)}\n")
                for file in files.values():
                    file.flush()
            except (OSError, ValueError):
                continue


def _text(moment: str, fields: Mapping[str, Any]) -> str:
    if not moment:
        return str(fields.get("message", ""))
    if moment == "start":
        return "start"
    status = str(fields.get("status", ""))
    if fields.get("reason"):
        return f"{status}: {fields['reason']}"
    return f"{status}: {message_of(fields)}" if "errors" in fields else status


def _open_all(folder: str) -> dict[str, TextIO]:
    try:
        os.makedirs(folder, exist_ok=True)
        return {name: _open(folder, name) for name in ("stdout", "stderr", "metadata")}
    except OSError as error:
        raise ConfigurationError(
            f"the trace folder {folder} cannot be written: {error.strerror}"
        ) from error


def _open(folder: str, name: str) -> TextIO:
    path = os.path.join(folder, f"{name}.txt")
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(path, flags, 0o600)
    return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")


def _handlers() -> list[object]:
    from json import loads

    written = os.environ.get(VARIABLE, "")
    if not written.strip():
        return []

    try:
        handlers = loads(written)
    except ValueError as error:
        raise ConfigurationError(
            f"{VARIABLE} is not JSON: {error}; write {EXAMPLE}"
        ) from error
    if not isinstance(handlers, list):
        raise ConfigurationError(f"{VARIABLE} is no list; write {EXAMPLE}")
    return handlers


def _path(handler: object, where: str) -> str | None:
    match handler:
        case {"type": "console"}:
            return None
        case {"type": "file", "path": str(path)} if path:
            return path
        case {"type": "file"}:
            raise ConfigurationError(
                f'{where} has a handler "file" without a "path"; write {EXAMPLE}'
            )
        case {"type": str(kind)}:
            raise ConfigurationError(
                f'{where} has a handler "{kind}"; there are "console" and "file"'
            )
    raise ConfigurationError(f'{where} has a handler without "type"; write {EXAMPLE}')
