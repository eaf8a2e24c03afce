"""The Python names of a workflow's jobs and stages, given in the order of the YAML.

Jobs are lowered in the order of their needs; names must not depend on that, so all are given
before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wfcompile.lower.dispatch import has_templates
from wfcompile.models import (
    BashStage,
    CallStage,
    CaseStage,
    ForEachStage,
    Job,
    ParallelStage,
    PyStage,
    Stage,
    UntilStage,
    VirtualPyStage,
)
from wfcompile.names import WORKING_DIRECTORY, Names

_ENDINGS: dict[type, tuple[str, ...]] = {
    ForEachStage: ("__if", "__items"),
    UntilStage: ("__if", "__until", "__item"),
    CaseStage: ("__if", "__case"),
    ParallelStage: ("__if", "__max_workers"),
}
"""What the names of a container's own functions end with."""


@dataclass(frozen=True, slots=True)
class StageName:
    """`type` names the outputs of a block, `constant` the text of a script or a table of callers."""

    function: str
    type: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True)
class JobName:
    """`name` begins the names of the job's functions; `matrix` names the class of its values."""

    name: str
    matrix: str = ""

    @property
    def working_directory(self) -> str:
        return f"{self.name}__{WORKING_DIRECTORY}"


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
            for stage in job.stages:
                self._name_stage(stage, name)

    def job(self, job: Job) -> JobName:
        return self._jobs[job.id]

    def stage(self, stage: Stage) -> StageName:
        return self._stages[id(stage)]

    def workflow_name(self, name: str) -> str:
        """A name of the workflow itself, or one with a number where that is not free."""
        return self._names.take(name)

    def local(self, text: str, modules: Iterable[str]) -> str:
        """A name for use inside the function of a stage, which reads these modules too."""
        return self._names.local(text, modules)

    def _name_stage(self, stage: Stage, *around: str) -> None:
        endings = _ENDINGS.get(type(stage), ())
        if stage.has_matrix_id:
            endings = (*endings, "__id")
        function = self._names.function(*around, _key(stage), endings=endings)
        self._stages[id(stage)] = StageName(
            function,
            type=self._type(function) if isinstance(stage, PyStage) else "",
            constant=self._names.constant(function) if _has_constant(stage) else "",
        )
        self._name_nested(nested_lists(stage), function)

    def _name_nested(self, lists: Iterable[NestedList], function: str) -> None:
        """A branch or case is a part of the names only where two hold stages of one name."""
        lists = list(lists)
        counts = Counter(key for _, stages in lists for key in {*map(_key, stages)})
        for part, stages in lists:
            for stage in stages:
                around = (function, part) if counts[_key(stage)] > 1 else (function,)
                self._name_stage(stage, *around)

    def _type(self, function: str) -> str:
        return self._names.type(*function.split("__"))


def _has_constant(stage: Stage) -> bool:
    match stage:
        case BashStage() | VirtualPyStage():
            return True
        case CallStage(uses=uses):
            return has_templates(uses)
    return False


def _key(stage: Stage) -> str:
    """A name is a sentence; an id is written as its author wants to read it."""
    key = stage.id or stage.name.lower()
    return key.replace("{", "").replace("}", "")


NestedList = tuple[str, tuple[Stage, ...]]


def nested_lists(stage: Stage) -> list[NestedList]:
    """The lists of stages inside a container, in the order of the YAML, with what leads there."""
    match stage:
        case ForEachStage() | UntilStage():
            return [("", stage.stages)]
        case CaseStage():
            lists = [(part, arm.stages) for part, arm in stage.match]
            return (
                lists
                if stage.otherwise is None
                else [*lists, ("else", stage.otherwise)]
            )
        case ParallelStage():
            return [(branch.name, branch.stages) for branch in stage.branches]
    return []


def all_stages(stages: Iterable[Stage]) -> Iterator[Stage]:
    """The stages and those inside them, in the order of the YAML."""
    for stage in stages:
        yield stage
        for _, nested in nested_lists(stage):
            yield from all_stages(nested)
