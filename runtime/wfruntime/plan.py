"""The graph as the runner walks it: nodes made of the declarations, once a workflow.

Successors are lists of indices, so that a job that ends costs what it has of them. A stage
has the path of the module's table of lines. A block is a list of stages that run one after
the other; each belongs to a job, or to an arm of a container.
"""

from __future__ import annotations

from .errors import ConfigurationError
from .graph import Case, ForEach, Parallel, Stage, Until
from .wording import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from .graph import Arm, Container, Job, Retry, StageFunction, Stages, Workflow

    Block: TypeAlias = list["StageNode"]

CONTAINERS = (ForEach, Until, Case, Parallel)
ONLY = ""  # the one arm of a ForEach or Until
OTHERWISE = None
RULES = (
    "all_success",
    "all_failed",
    "all_done",
    "one_success",
    "one_failed",
    "none_failed",
    "none_skipped",
)


class StageNode:
    """A stage at its place.

    Attributes:
        id: The name of its record, or the function that gives it; None: it leaves none.
        block: The list that it stands in; which list it is tells its scope.
        arms: What a container holds: branch or value -> block, and `OTHERWISE`; None for
            a function.
    """

    __slots__ = (
        "arms",
        "block",
        "id",
        "job",
        "key",
        "path",
        "retry",
        "run",
        "timeout",
    )

    def __init__(
        self,
        job: JobNode,
        key: str,
        path: str,
        declared: StageFunction | Stage | Container,
        block: Block,
    ) -> None:
        self.job = job
        self.key = key
        self.path = path
        self.block = block
        self.id: Any = key
        self.retry: Retry | None = None
        self.timeout: float | None = None
        if type(declared) is Stage:
            if declared.id != "":
                self.id = declared.id
            self.retry = declared.retry
            self.timeout = declared.timeout
            declared = declared.run
        self.run: Any = declared
        self.arms: dict[Arm | None, Block] | None = None
        if type(declared) in CONTAINERS:
            self.arms = {
                arm: _block(job, f"{path}/{part}" if part else path, stages)
                for arm, part, stages in _arms(declared)
            }


class JobNode:
    """A job; `needs` and `successors` are indices into `Plan.jobs`."""

    __slots__ = ("block", "id", "index", "job", "needed_ids", "needs", "successors")

    def __init__(self, index: int, job: Job) -> None:
        self.index = index
        self.job = job
        self.id = job.id
        self.needed_ids = list(dict.fromkeys(job.needs)) if job.needs else []
        self.needs: list[int] = []
        self.successors: list[int] = []
        self.block = _block(self, job.id, job.stages)


class Plan:
    """All jobs, in the YAML's order."""

    __slots__ = ("_functions", "_upstream", "index_by_id", "jobs")

    def __init__(self, workflow: Workflow[Any]) -> None:
        self.jobs = [JobNode(index, job) for index, job in enumerate(workflow.jobs)]
        self.index_by_id = {node.id: node.index for node in self.jobs}
        self._functions: dict[object, StageNode] | None = None
        self._upstream: dict[int, frozenset[int]] = {}
        if len(self.index_by_id) < len(self.jobs):
            raise ConfigurationError("two jobs have one id")
        self._connect()

    def node_of(self, function: object) -> StageNode | None:
        """The stage of a function; made when a first stage asks for another's outputs."""
        if self._functions is None:
            self._functions = {
                node.run: node
                for job in reversed(self.jobs)
                for node in _all_nodes(job.block)
                if node.arms is None
            }
        return self._functions.get(function)

    def upstream(self, job: JobNode) -> frozenset[int]:
        """The jobs that the job needs, directly and through others."""
        found = self._upstream.get(job.index)
        if found is None:
            seen = set(job.needs)
            queue = list(job.needs)
            for index in queue:
                for need in self.jobs[index].needs:
                    if need not in seen:
                        seen.add(need)
                        queue.append(need)
            found = self._upstream[job.index] = frozenset(seen)
        return found

    def _connect(self) -> None:
        is_ordered = True
        for node in self.jobs:
            if node.job.trigger_rule not in RULES:
                raise ConfigurationError(
                    f'job "{node.id}" has the trigger rule "{node.job.trigger_rule}"; '
                    f"known: {quoted(RULES)}"
                )
            for need in node.needed_ids:
                index = self.index_by_id.get(need)
                if index is None:
                    raise ConfigurationError(
                        f'job "{node.id}" needs "{need}", which is no job'
                    )
                node.needs.append(index)
                self.jobs[index].successors.append(node.index)
                is_ordered = is_ordered and index < node.index
        # needs that all point backwards can make no cycle
        if not is_ordered:
            self._refuse_cycles()

    def _refuse_cycles(self) -> None:
        counts = [len(node.needs) for node in self.jobs]
        ready = [index for index, count in enumerate(counts) if not count]
        for index in ready:
            for successor in self.jobs[index].successors:
                counts[successor] -= 1
                if not counts[successor]:
                    ready.append(successor)
        if len(ready) < len(counts):
            left = [self.jobs[i].id for i, count in enumerate(counts) if count]
            raise ConfigurationError(
                f"jobs need each other in a circle: {quoted(left)}"
            )


def plan_of(workflow: Workflow[Any]) -> Plan:
    """The workflow's plan, made by its first run.

    Raises:
        ConfigurationError: The jobs cannot run: unknown needs, a circle, an unknown rule.
    """
    if workflow.plan is None:
        workflow.plan = Plan(workflow)
    plan: Plan = workflow.plan
    return plan


def _block(job: JobNode, path: str, stages: Stages) -> Block:
    block: Block = []
    for key, declared in stages.items():
        block.append(StageNode(job, key, f"{path}/{key}", declared, block))
    return block


def _arms(container: Any) -> Iterator[tuple[Arm | None, str, Stages]]:
    """(arm, its part of the paths below, its stages)."""
    if isinstance(container, Parallel):
        for branch, stages in container.branches.items():
            yield branch, branch, stages
    elif isinstance(container, Case):
        for value, stages in container.match.items():
            yield value, _part(value), stages
        if container.otherwise is not None:
            yield OTHERWISE, "else", container.otherwise
    else:
        yield ONLY, "", container.stages


def _part(arm: Arm) -> str:
    """
    >>> def main__pick__when_2(ctx): ...
    >>> _part(main__pick__when_2)
    'when_2'
    """
    return arm.__name__.rpartition("__")[2] if callable(arm) else str(arm)


def _all_nodes(block: Block) -> Iterator[StageNode]:
    for node in block:
        yield node
        for nested in (node.arms or {}).values():
            yield from _all_nodes(nested)
