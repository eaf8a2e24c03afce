"""The node tree of a project as workflows, jobs and stages, whatever is wrong in them.

Models are made of sound workflows only; what is to be said of a project must not wait for that.
A part that has the wrong shape is left out here, and told by the checker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wfcompile.models.stage_kind import ACTIONS
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span


@dataclass(frozen=True, slots=True, eq=False)
class StagePlace:
    """A stage; `is_nested` when it stands in another one, `around` are the actions of those."""

    node: MappingNode
    around: tuple[str, ...]

    @property
    def is_nested(self) -> bool:
        return bool(self.around)

    @property
    def action(self) -> str | None:
        """The key that makes it what it is, None for an empty stage."""
        keys = (entry.key.text for entry in self.node)
        return next((key for key in keys if key in ACTIONS), None)

    @property
    def has_deps(self) -> bool:
        """Whether `run` is a script with dependencies of its own (virtual-py)."""
        return self.node.entry("deps") is not None

    @property
    def action_span(self) -> Span:
        entry = self.node.entry(self.action)
        return entry.key.span if entry else self.node.span

    def text(self, key: str) -> Scalar | None:
        return text_of(self.node, key)

    @property
    def title(self) -> str:
        scalar = self.text("id") or self.text("name")
        return scalar.text if scalar else "?"


@dataclass(frozen=True, slots=True, eq=False)
class JobPlace:
    """Attributes:
    stages: the direct ones.
    all_stages: with the nested ones, in the order of the file.
    """

    key: Scalar
    node: MappingNode
    stages: tuple[StagePlace, ...]
    all_stages: tuple[StagePlace, ...]

    @property
    def id(self) -> str:
        return self.key.text

    @property
    def needs(self) -> tuple[str, ...]:
        needs = self.node.get("needs")
        items = needs.items if isinstance(needs, SequenceNode) else ()
        return tuple(each.text for each in items if isinstance(each, Scalar))

    @property
    def trigger_rule(self) -> str:
        rule = text_of(self.node, "trigger-rule")
        return rule.text if rule else "all_success"


@dataclass(frozen=True, slots=True, eq=False)
class WorkflowPlace:
    """`tree` is the whole file: anchors may stand outside the workflow."""

    key: Scalar
    node: MappingNode
    jobs: tuple[JobPlace, ...]
    tree: Node

    @property
    def name(self) -> str:
        return self.key.text

    @property
    def stages(self) -> Iterator[StagePlace]:
        for job in self.jobs:
            yield from job.all_stages

    def holds(self, span: Span) -> bool:
        own = self.node.span
        return span.file is own.file and (
            own.start <= span.start < own.end or span == self.key.span
        )


def workflows_of(tree: Node) -> Iterator[WorkflowPlace]:
    """The entries with `type: Workflow` (language.md section 1.3)."""
    if not isinstance(tree, MappingNode):
        return
    name = tree.get("name")
    entries = (Entry(name, tree),) if isinstance(name, Scalar) else tree.entries
    for entry in entries:
        body = entry.value
        if isinstance(body, MappingNode):
            type_ = text_of(body, "type")
            if type_ is not None and type_.text == "Workflow":
                yield WorkflowPlace(entry.key, body, tuple(_jobs(body)), tree)


def text_of(node: MappingNode, key: str) -> Scalar | None:
    value = node.get(key)
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return value
    return None


def entries_of(node: Node | None) -> tuple[Entry, ...]:
    return node.entries if isinstance(node, MappingNode) else ()


def items_of(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, SequenceNode) else ()


def scalars_in(node: Node | None) -> Iterator[Scalar]:
    """All values below a node, at any depth."""
    if isinstance(node, Scalar):
        yield node
    for item in items_of(node):
        yield from scalars_in(item)
    for entry in entries_of(node):
        yield from scalars_in(entry.value)


def _jobs(body: MappingNode) -> Iterator[JobPlace]:
    for entry in entries_of(body.get("jobs")):
        if isinstance(entry.value, MappingNode):
            every = tuple(_stages(entry.value.get("stages"), ()))
            direct = tuple(stage for stage in every if not stage.is_nested)
            yield JobPlace(entry.key, entry.value, direct, every)


def _stages(node: Node | None, around: tuple[str, ...]) -> Iterator[StagePlace]:
    for item in items_of(node):
        if isinstance(item, MappingNode):
            stage = StagePlace(item, around)
            yield stage
            inside = (*around, stage.action or "")
            yield from _stages(item.get("stages"), inside)
            for branch in entries_of(item.get("parallel")):
                yield from _stages(branch.value, inside)
            for arm in items_of(item.get("match")):
                for key in ("stages", "else") if isinstance(arm, MappingNode) else ():
                    assert isinstance(arm, MappingNode)
                    yield from _stages(arm.get(key), inside)
