"""Small workflows for the runner's tests, and short forms of what a run leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wfruntime.context import Context
from wfruntime.graph import Job, Workflow
from wfruntime.result import RunResult
from wfruntime.runner import run

Ctx = Context[Any]
StageFunction = Callable[[Any], Mapping[str, object]]


def workflow(*jobs: Job, **options: Any) -> Workflow[Any]:
    return Workflow("wf", format=1, source="conf/wf.yml", jobs=jobs, **options)


def put(**outputs: object) -> StageFunction:
    """A stage that puts these out."""
    return lambda ctx: outputs


def calling(call: Callable[[], object]) -> StageFunction:
    """A stage that calls and puts nothing out."""

    def stage(ctx: Ctx) -> dict[str, object]:
        call()
        return {}

    return stage


def raising(error: BaseException) -> StageFunction:
    """A stage that raises."""

    def stage(ctx: Ctx) -> dict[str, object]:
        raise error

    return stage


def seen(get: Callable[[Any], object]) -> StageFunction:
    """A stage that puts out what it sees of its context, as `v`."""
    return lambda ctx: {"v": get(ctx)}


def run_jobs(*jobs: Job, **options: Any) -> RunResult:
    return run(workflow(*jobs), **options)


def plain(value: Any) -> Any:
    """A context without its `info` maps, which hold times."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "info"}
    return value


def statuses(result: RunResult) -> dict[str, str]:
    """Job id -> status."""
    return {job: record["status"] for job, record in result.context["jobs"].items()}


def stages_of(result: RunResult, job: str = "a") -> dict[str, Any]:
    """Stage id -> record without its times."""
    stages: dict[str, Any] = plain(result.context["jobs"][job]["stages"])
    return stages


def outputs_of(result: RunResult, job: str = "a") -> dict[str, Any]:
    """Stage id -> outputs."""
    return {key: each["outputs"] for key, each in stages_of(result, job).items()}


class Recorder:
    """An observer that keeps the events as (kind, path, fields)."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, dict[str, Any]]] = []

    def event(self, kind: str, path: str, fields: Mapping[str, Any]) -> None:
        self.events.append((kind, path, dict(fields)))

    def of(self, kind: str, path: str | None = None) -> list[dict[str, Any]]:
        """The fields of the events of a kind, of one path or of all."""
        return [
            fields
            for each, where, fields in self.events
            if each == kind and path in (None, where)
        ]

    def told(self) -> list[str]:
        """The events in short: kind, path, and the status of ends."""
        return [
            " ".join(part for part in (kind, path, fields.get("status", "")) if part)
            for kind, path, fields in self.events
        ]
