"""A run for one moment of the schedule: does it match, has it succeeded, what is kept.

A release is known by its slot, the scheduled minute in UTC. In normal mode a slot that
has an audit record of success is skipped; a failed one blocks nothing. `force` looks at
no record. `rerun` goes on where the slot's newest record stopped: the audit record says
which run that was, and its journal has what it left, with the types. `dryrun` leaves no
record. Nothing is run and nothing written here. A module whose schedule has params
imports this for `Release` in every run, so the rest loads with `prepare`.
"""

from __future__ import annotations

from .errors import ConfigurationError, ParamError
from .secrets import MASK
from .wording import quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from .graph import Cron, Workflow

    Record = dict[str, Any]


LATE_MINUTES = 15


class Release:
    """What a run is released for; `ctx.release` and the schedule's params read it."""

    __slots__ = ("execute_date", "logical_date", "run_id", "runs_metadata")

    def __init__(
        self,
        logical_date: datetime,
        execute_date: datetime,
        run_id: str,
        runs_metadata: dict[str, Any] | None = None,
    ) -> None:
        self.logical_date = logical_date
        """The scheduled minute, in UTC."""
        self.execute_date = execute_date
        """The run's start, in UTC."""
        self.run_id = run_id
        self.runs_metadata = runs_metadata or {}


class Prepared:
    """A release before its run.

    `params` are raw: the caller's, then for a rerun those of the run that it goes on
    with, then the schedule's. `skip` is the reason to run nothing. `kept` are job id ->
    record of what is not run again.
    """

    __slots__ = ("dry", "kept", "params", "release", "skip")

    def __init__(self, release: Release, params: dict[str, object]) -> None:
        self.release = release
        self.params = params
        self.skip: str | None = None
        self.kept: dict[str, Record] = {}
        self.dry = False


def prepare(
    workflow: Workflow[Any],
    moment: datetime,
    raw_params: Mapping[str, object],
    mode: str,
    run_id: str,
    now: datetime,
    *,
    log_name: str | None = None,
) -> Prepared:
    """Look up what the slot of the moment asks for.

    Args:
        moment: Naive means UTC; its seconds do not count. Without a schedule any will
            do.
        now: The run's start, aware.
        log_name: The name in the audit records, if it is not the workflow's.

    Raises:
        ConfigurationError: The moment is none of the schedule, the mode is unknown, the
            audit records cannot be read, or the journal of the run that a rerun goes on
            with.
        ParamError: The params are no map.
    """
    from .arguments import MODES
    from .audit import read_audits
    from .cron import slot

    if mode not in MODES:
        raise ConfigurationError(f'mode "{mode}" is not one of {quoted(MODES)}')
    if not hasattr(raw_params, "items"):
        raise ParamError(
            f"params are not a map of names to values: {shown(raw_params)}"
        )
    if not hasattr(moment, "tzinfo"):
        raise ConfigurationError(f"the release is a datetime, not {shown(moment)}")
    minute = slot(moment)
    release = Release(minute, now, run_id)
    params = _schedule_params(_matching_entry(workflow.on, minute), release)
    prepared = Prepared(release, params)
    prepared.dry = mode == "dryrun"
    if mode in ("normal", "rerun"):
        records = read_audits(workflow, minute, log_name)
        if mode == "normal":
            prepared.skip = _success(records)
        elif records:
            _go_on(prepared, workflow, records[-1], raw_params)
    params |= raw_params
    return prepared


def due(workflow: Workflow[Any], now: datetime) -> datetime | None:
    """The minute of the schedule, in UTC, that a start at this moment is for.

    It is the moment's own or, since cron may start late, the latest one of the last
    `LATE_MINUTES`. None: none is.

    Raises:
        ConfigurationError: An entry cannot be understood.
    """
    from datetime import timedelta

    from .cron import Times, slot

    entries = [Times(each) for each in workflow.on]
    for late in range(LATE_MINUTES + 1):
        minute = slot(now) - timedelta(minutes=late)
        if any(each.has(minute) for each in entries):
            return minute
    return None


# --- the schedule ---


def _matching_entry(entries: Sequence[Cron], minute: datetime) -> Cron | None:
    from .cron import Times

    times = [Times(entry) for entry in entries]
    for entry, each in zip(entries, times, strict=True):
        if each.has(minute):
            return entry
    if not entries:
        return None
    names = ", ".join(f'"{entry.expression}" {entry.timezone}' for entry in entries)
    later = [found for each in times if (found := each.after(minute))]
    then = f"the next one is {_shown(min(later))}" if later else "no later one is"
    raise ConfigurationError(f"{_shown(minute)} is not on the schedule {names}; {then}")


def _shown(minute: datetime) -> str:
    return minute.isoformat(timespec="minutes")


def _schedule_params(entry: Cron | None, release: Release) -> dict[str, object]:
    if entry is None or entry.params is None:
        return {}
    try:
        return dict(entry.params(release))
    except Exception as error:  # an expression of the YAML
        raise ConfigurationError(
            f'params of the schedule "{entry.expression}": '
            f"{type(error).__name__}: {error}"
        ) from error


# --- earlier runs ---


def _success(records: Sequence[Record]) -> str | None:
    for record in reversed(records):
        if record["context"].get("status") == "SUCCESS":
            return f"run {record['run_id']} has done this release already"
    return None


def _go_on(
    prepared: Prepared,
    workflow: Workflow[Any],
    record: Record,
    given: Mapping[str, object],
) -> None:
    """Take over the params and the successful jobs of the record's run.

    A job whose record holds a masked value runs again: later jobs would read the mask. So
    does a job that needs one which runs again.
    """
    from .params import describe

    context = record["context"]
    known = context.get("jobs", {})
    if context.get("status") == "SUCCESS" and all(j.id in known for j in workflow.jobs):
        prepared.skip = f"run {record['run_id']} has left nothing to run again"
        return
    params, jobs = _left(workflow, record)
    declared = {param.name for param in describe(workflow.params)} - set(given)
    taken = {name: params[name] for name in params if name in declared}
    prepared.params |= taken
    masked = [name for name, value in taken.items() if _has_mask(value)]
    if masked:
        raise ConfigurationError(
            f"rerun needs a value for {quoted(masked)} again: "
            f"the journal of run {record['run_id']} does not hold secrets"
        )
    prepared.kept = _kept(workflow, jobs)


def _left(
    workflow: Workflow[Any], record: Record
) -> tuple[Mapping[str, object], Mapping[str, Record]]:
    """The params of the record's run, and the records of the jobs that went well.

    The audit record has the values as JSON has them, dates and decimals as texts. So it
    is no substitute: a later job would read a text where its module says a date.
    """
    from .journal import journal_path

    context, run_id = record["context"], str(record["run_id"])
    statuses = [each.get("status") for each in context.get("jobs", {}).values()]
    path = journal_path(workflow, run_id)
    try:
        params, jobs = _read_left(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        if "SUCCESS" not in statuses:  # nothing to keep
            return context.get("params", {}), {}
        why = error.strerror if isinstance(error, OSError) else "it is no journal"
        raise ConfigurationError(
            f"rerun needs the journal of run {run_id}, {path}: {why}; "
            "mode force runs all jobs again"
        ) from error
    return context.get("params", {}) if params is None else params, jobs


def _read_left(path: str) -> tuple[dict[str, Any] | None, dict[str, Record]]:
    """What a journal has of a run; the params are None where they did not fit.

    Raises:
        OSError: It cannot be read.
        ValueError, KeyError, TypeError: It is none.
    """
    from .journal import read_journal
    from .result import timing

    params = None
    jobs: dict[str, Record] = {}
    for event in read_journal(path):
        if event["event"] == "run.start":
            params = event.get("params")
        elif event["event"] == "job.end" and "record" in event:
            record = jobs[event["path"]] = event["record"]
            if "info" not in record:
                duration = event["duration"]
                record["info"] = timing(event["ts"] - duration, duration)
                if "attempt" in event:
                    record["info"]["retry"] = event["attempt"]
    return params, jobs


def _kept(workflow: Workflow[Any], jobs: Mapping[str, Record]) -> dict[str, Record]:
    """The records of success whose needs are all kept; in the YAML's order."""
    needing: dict[str, list[str]] = {}
    for job in workflow.jobs:
        for need in job.needs:
            needing.setdefault(need, []).append(job.id)
    kept = {
        job.id: jobs[job.id]
        for job in workflow.jobs
        if jobs.get(job.id, {}).get("status") == "SUCCESS"
        and not _has_mask(jobs[job.id])
    }
    again = [job.id for job in workflow.jobs if job.id not in kept]
    for job_id in again:
        for later in needing.get(job_id, ()):
            if kept.pop(later, None) is not None:
                again.append(later)
    return kept


def _has_mask(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_mask(key) or _has_mask(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(map(_has_mask, value))
    return isinstance(value, str) and MASK in value
