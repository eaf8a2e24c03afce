"""Audit records: one JSON file a run, written once at its end, found again by its slot.

`<folder>/workflow=<name>/release=<YYYYmmddHHMMSS>/<run id>.log`, as the interpreter
lays them out. A release lies under its slot. A run without one lies under the second of
its start; its `runs_metadata.slot` is null, and no slot finds it. Records of the
interpreter have no such key: they are all releases. What is written is masked, readable
by the owner alone, and there as a whole or not at all.
"""

from __future__ import annotations

import os

from .errors import ConfigurationError, ParamError
from .result import SUCCESS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timezone
    from typing import Any

    from .graph import Workflow
    from .release import Release
    from .result import RunResult

    Record = dict[str, Any]
else:
    from _datetime import timezone  # see `result`

METADATA = "runs_metadata"
"""The part of a record that tells other runs from releases."""
CONTEXT_KEYS = ("status", "jobs", "params", "info", "errors")
FOLDER_VARIABLES = ("WORKFLOW_LOG_AUDIT_URL", "WORKFLOW_LOG_AUDIT_CONF")
"""The interpreter's code reads the first name, its README says the second."""


def write_audit(
    workflow: Workflow[Any],
    result: RunResult,
    *,
    release: Release | None,
    mode: str,
    started: datetime,
    ended: datetime,
    timeout: float | None = None,
    excluded: Sequence[str] = (),
    name: str | None = None,
    is_on: bool = True,
) -> str | None:
    """Write the record of a run that has ended.

    Args:
        started: Aware, as is `ended`.
        timeout: Seconds, of the run.
        excluded: Keys that the record leaves out. Without a release its slot stays, so
            that no slot finds it.
        name: In place of the workflow's.
        is_on: Whether records are asked for.

    Returns:
        The file's path; None when no record is asked for, or the run was a dry one.

    Raises:
        ConfigurationError: The folder's variable is not understood, or the file cannot
            be written.
    """
    if mode == "dryrun" or not is_on:
        return None
    from .jsontext import write_json

    record = _record(workflow, result, release, mode, started, ended)
    record["name"] = name or workflow.name
    record[METADATA] |= {
        "timeout": timeout,
        "audit_excluded": list(excluded) or None,
    }
    kept = {key: record[key] for key in record if key not in excluded}
    if release is None and METADATA in excluded:
        kept[METADATA] = {"slot": None}
    moment = started if release is None else release.logical_date
    folder = os.path.join(_workflow_folder(workflow, name), _release_name(moment))
    path = os.path.join(folder, f"{result.run_id}.log")
    try:
        os.makedirs(folder, exist_ok=True)
        write_json(path, _spelled(kept), permissions=0o600)
    except OSError as error:
        raise ConfigurationError(
            f"the audit record {path} cannot be written: {error.strerror}"
        ) from error
    return path


def read_audits(
    workflow: Workflow[Any], slot: datetime, name: str | None = None
) -> list[Record]:
    """The records of the slot's releases, that which ended last at the end.

    They count also when writing is switched off now. A file that is no record is left
    out. One that was written without its context counts as that of a success: nothing
    shall be done twice because of what a record leaves out.

    Args:
        name: In place of the workflow's, as it was written.

    Raises:
        ConfigurationError: The folder's variable is not understood, or a file is there
            that cannot be read.
    """
    folder = os.path.join(_workflow_folder(workflow, name), _release_name(slot))
    records = []
    try:
        files = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error
    for file in sorted(files):
        run_id, ending = os.path.splitext(file)
        record = _read(os.path.join(folder, file)) if ending == ".log" else None
        if record is not None and _is_release(record, name or workflow.name):
            records.append({"run_id": run_id, "context": {"status": SUCCESS}, **record})
    return sorted(records, key=_end)


# --- where ---


def _workflow_folder(workflow: Workflow[Any], name: str | None = None) -> str:
    # a name with a slash would be two folders; the record has the name itself
    shown = (name or workflow.name).replace("/", "_")
    return os.path.join(_audit_folder(workflow), f"workflow={shown}")


def _audit_folder(workflow: Workflow[Any]) -> str:
    for name in FOLDER_VARIABLES:
        text = os.environ.get(name)
        if text:
            return os.path.abspath(_path_in(name, text))
    return os.path.join(workflow.project, "audits")


def _path_in(variable: str, text: str) -> str:
    """The folder in `{"type": "file", "path": "./audits"}`."""
    from json import loads

    try:
        sink = loads(text)
    except (ValueError, RecursionError):
        sink = None
    kind = sink.get("type", "file") if isinstance(sink, dict) else "file"
    if kind != "file":
        raise ConfigurationError(
            f'{variable} has the type "{kind}", which is not available; "file" is'
        )
    if not isinstance(sink, dict) or not isinstance(sink.get("path"), str):
        raise ConfigurationError(
            f'{variable} is not JSON such as {{"type": "file", "path": "./audits"}}'
        )
    return str(sink["path"])


def _release_name(moment: datetime) -> str:
    return f"release={moment.astimezone(timezone.utc):%Y%m%d%H%M%S}"


# --- the record ---


def _record(
    workflow: Workflow[Any],
    result: RunResult,
    release: Release | None,
    mode: str,
    started: datetime,
    ended: datetime,
) -> Record:
    slot = None if release is None else release.logical_date
    given = {} if release is None else release.runs_metadata
    return {
        "name": workflow.name,
        "release": f"{slot or started:%Y-%m-%d %H:%M:%S}",
        "type": mode,
        "context": _context(workflow, result.context, started),
        "run_id": result.run_id,
        "parent_run_id": None,
        METADATA: {
            **given,
            "slot": slot,
            "exec_start": started,
            "exec_end": ended,
            "exec_latency": round((ended - started).total_seconds(), 6),
            "original_name": workflow.name,
        },
    }


def _context(
    workflow: Workflow[Any], context: Mapping[str, Any], started: datetime
) -> Record:
    """The part of the result context that is kept; the params as the jobs had them."""
    kept = {key: context[key] for key in CONTEXT_KEYS if key in context}
    if "release" in context and "params" in kept:
        from .params import convert_params, to_context

        # a release's result has them as they were given
        try:
            params = convert_params(workflow.params, kept["params"], now=started)
            kept["params"] = to_context(params)
        except ParamError:
            del kept["params"]
    return kept


def _spelled(value: Any) -> Any:
    """With moments as the interpreter writes them, `2024-03-04 05:06:00+00:00`."""
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spelled(item) for item in value]
    return str(value) if hasattr(value, "isoformat") else value


def _read(path: str) -> Record | None:
    """The record of a file; None: the file holds none, or is gone."""
    from json import loads

    try:
        with open(path, encoding="utf-8") as file:
            record = loads(file.read())
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    if not isinstance(record, dict) or not (METADATA in record or "release" in record):
        return None
    if not isinstance(record.get(METADATA, {}), dict):
        return None
    return record if isinstance(record.get("context", {}), dict) else None


def _is_release(record: Record, name: str) -> bool:
    has_slot = record.get(METADATA, {}).get("slot", True) is not None
    return has_slot and record.get("name", name) == name


def _end(record: Record) -> tuple[str, str]:
    """A record without its metadata comes first: another one may say more."""
    return str(record.get(METADATA, {}).get("exec_end", "")), str(record["run_id"])


def _unreadable(path: str, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"the audit record {path} cannot be read: {error.strerror}"
    )
