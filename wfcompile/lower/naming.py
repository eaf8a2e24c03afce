"""The Python names of a workflow's jobs and stages, given in the order of the YAML.

Jobs are lowered in the order of their needs; names must not depend on that, so all are given
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wfcompile.models import (
    BashStage,
    CaseStage,
    ForEachStage,
    Job,
    ParallelStage,
    PyStage,
    Stage,
    UntilStage,
)
from wfcompile.names import Names

_CONTAINER_ENDINGS = ("__if", "__items", "__until", "__item", "__case", "__max_workers")


@dataclass(frozen=True, slots=True)
class StageName:
    """`type` names the outputs of a block, `constant` the text of a shell stage."""

    function: str
    type: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True)
class JobName:
    """`name` begins the names of the job's functions; `matrix` names the class of its values."""

    name: str
    matrix: str = ""


class WorkflowNames:
    """All names of one workflow."""

    def __init__(self, jobs: Iterable[Job], modules: Iterable[str]) -> None:
        self._names = Names(modules)
        self._jobs: dict[str, JobName] = {}
        self._stages: dict[int, StageName] = {}
        for job in jobs:
            name = self._names.job(job.id)
            matrix = self._names.type(job.id) if job.strategy else ""
            self._jobs[job.id] = JobName(name, matrix)
            self._name_stages(job.stages, name)

    def job(self, job: Job) -> JobName:
        return self._jobs[job.id]

    def stage(self, stage: Stage) -> StageName:
        return self._stages[id(stage)]

    def _name_stages(self, stages: Iterable[Stage], parent: str) -> None:
        for stage in stages:
            # a name is a sentence; an id is written as its author wants to read it
            key = stage.id or stage.name.lower()
            is_container = bool(nested_lists(stage))
            endings = _CONTAINER_ENDINGS if is_container else ()
            function = self._names.function(parent, key, endings=endings)
            self._stages[id(stage)] = StageName(
                function,
                type=self._type(function) if isinstance(stage, PyStage) else "",
                constant=(
                    self._names.constant(function)
                    if isinstance(stage, BashStage)
                    else ""
                ),
            )
            for nested in nested_lists(stage):
                self._name_stages(nested, function)

    def _type(self, function: str) -> str:
        return self._names.type(*function.split("__"))


def nested_lists(stage: Stage) -> list[tuple[Stage, ...]]:
    """The lists of stages inside a container, in the order of the YAML."""
    match stage:
        case ForEachStage() | UntilStage():
            return [stage.stages]
        case CaseStage():
            lists = [arm.stages for arm in stage.match]
            return lists if stage.otherwise is None else [*lists, stage.otherwise]
        case ParallelStage():
            return [branch.stages for branch in stage.branches]
    return []


def all_stages(stages: Iterable[Stage]) -> Iterator[Stage]:
    """The stages and those inside them, in the order of the YAML."""
    for stage in stages:
        yield stage
        for nested in nested_lists(stage):
            yield from all_stages(nested)
