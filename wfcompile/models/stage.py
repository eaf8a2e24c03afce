"""The kinds of stages, and `Stages`, the list of them that jobs and containers hold.

Source: language.md sections 5 and 6. Values that may hold templates stay nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from wfcompile.diagnostics import Note
from wfcompile.models.base import (
    KEY,
    NODE,
    Anything,
    Given,
    Here,
    NodeModel,
    first_place,
    known_keys,
)
from wfcompile.models.retry import RetryField
from wfcompile.models.script_header import python_version, requirement
from wfcompile.models.shape_error import ShapeError, Unread, unexpected
from wfcompile.models.stage_fields import (
    case_value,
    env_problems,
    foreach_items,
    items_twice,
    shown_name,
    sleep_time,
    stage_name,
    until_item,
    workers,
)
from wfcompile.models.stage_kind import SIGNS, kind_of, no_stage, stage_nodes
from wfcompile.models.values import (
    Description,
    Flag,
    From,
    Seconds,
    TextScalar,
    condition,
    condition_text,
    entries,
    flag_value,
    items,
    mapping,
    mapping_of,
    name_of,
    optional,
    text_scalar,
    whole,
    word,
)
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span

Shell: TypeAlias = Annotated[Literal["bash", "sh"], From(word("bash", "sh"))]


class StageModel(NodeModel):
    """What all kinds have; never made by itself.

    Attributes:
        if_: text or a boolean.
    """

    elsewhere: ClassVar[Mapping[str, str]] = {
        **{key: f'"{key}" is for stages with "{SIGNS[key]}"' for key in SIGNS},
        **{
            key: f'"{key}" belongs to the job'
            for key in ("needs", "runs-on", "strategy", "trigger-rule")
        },
        "matrix": '"matrix" belongs below "strategy" of the job',
        "version": 'add "deps": only a stage with "run" and "deps" has a version',
    }

    node: Here = Field(alias=NODE)
    name_node: Annotated[Scalar, From(stage_name)] = Field(alias="name")
    id_node: Annotated[Scalar | None, From(optional(stage_name))] = Field(
        None, alias="id"
    )
    desc: Description = Field(None, alias="desc")
    if_: Annotated[Anything | None, From(optional(condition))] = Field(None, alias="if")
    retry: RetryField = Field(None, alias="retry")
    timeout_s: Seconds | None = Field(None, alias="timeout")

    @property
    def name(self) -> str:
        return shown_name(self.name_node.text)

    @property
    def id(self) -> str | None:
        """Its name among its siblings; see `has_matrix_id`."""
        return shown_name(self.id_node.text) if self.id_node else None

    @property
    def has_matrix_name(self) -> bool:
        return self.name != self.name_node.text

    @property
    def has_matrix_id(self) -> bool:
        """Whether each row of the matrix has a record of another name."""
        return self.id_node is not None and self.id != self.id_node.text


class BrokenStage(StageModel):
    """Of no kind: what it does is not known, only how it may be referred to."""

    noun: ClassVar[str] = "stage"

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        if not isinstance(node, MappingNode):
            raise unexpected(
                node,
                "a mapping with a name and what the stage does",
                subject=subject,
                help="write - name: My stage, and below it echo, bash, run or uses",
            )
        return None

    @classmethod
    def _take(cls, node: MappingNode, given: Given) -> None:
        found = {key: node.get(key) for key in ("name", "id")}
        given.update((key, each) for key, each in found.items() if each is not None)
        problem = no_stage(node)
        assert problem is not None, given.subject
        given.add_problem(problem)


class EmptyStage(StageModel):
    """Says something, waits, or only has a name."""

    noun: ClassVar[str] = "empty stage"

    echo: Annotated[Scalar | None, From(optional(text_scalar))] = Field(
        None, alias="echo"
    )
    sleep: Annotated[Scalar | None, From(sleep_time)] = Field(None, alias="sleep")


class BashStage(StageModel):
    """Runs a script; the keys of `env` are names that a shell can read, its values text."""

    noun: ClassVar[str] = "bash stage"

    bash: TextScalar = Field(alias="bash")
    env: Annotated[
        MappingNode | None, From(mapping("a mapping of variables to text"))
    ] = Field(None, alias="env")
    shell: Shell | None = Field(None, alias="shell")
    working_directory: TextScalar | None = Field(None, alias="working-directory")

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        return env_problems(given.get("env"))


class PyStage(StageModel):
    """Runs a block of Python."""

    noun: ClassVar[str] = "run stage"

    run: TextScalar = Field(alias="run")
    vars: Annotated[
        MappingNode | None, From(mapping_of("a mapping of names to values"))
    ] = Field(None, alias="vars")


class VirtualPyStage(StageModel):
    """Runs a block of Python as a script with packages of its own.

    Attributes:
        deps: requirements.
        version: the least version of Python; None: any.
    """

    noun: ClassVar[str] = "run stage with deps"

    run: TextScalar = Field(alias="run")
    deps: Annotated[
        tuple[Annotated[str, From(requirement)], ...],
        BeforeValidator(items("a list of requirements")),
    ] = Field(alias="deps")
    version: Annotated[str | None, From(optional(python_version))] = Field(
        None, alias="version"
    )
    vars: Annotated[
        MappingNode | None, From(mapping_of("a mapping of names to values"))
    ] = Field(None, alias="vars")


class CallStage(StageModel):
    """Calls a function of the user."""

    noun: ClassVar[str] = "call stage"

    uses: TextScalar = Field(alias="uses")
    with_: Annotated[
        MappingNode | None, From(mapping_of("a mapping of arguments to values"))
    ] = Field(None, alias="with")


class RaiseStage(StageModel):
    """Fails with a message."""

    noun: ClassVar[str] = "raise stage"

    raise_: TextScalar = Field(alias="raise")


class TriggerStage(StageModel):
    """Runs another workflow of the project."""

    noun: ClassVar[str] = "trigger stage"

    trigger: TextScalar = Field(alias="trigger")
    params: Annotated[
        MappingNode | None, From(mapping_of("a mapping of params to values"))
    ] = Field(None, alias="params")


class ForEachStage(StageModel):
    """Runs its stages once for each item.

    Attributes:
        foreach: a list of text or of whole numbers, or text that gives a list.
    """

    noun: ClassVar[str] = "foreach stage"

    foreach: Annotated[Anything, From(foreach_items)] = Field(alias="foreach")
    stages: Stages = Field(alias="stages")
    concurrent: Annotated[int, From(whole(1, 9))] = Field(1, alias="concurrent")
    use_index_as_key: Flag = Field(False, alias="use_index_as_key")

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        if flag_value(given.get("use_index_as_key")):
            return ()
        return items_twice(given.get("foreach"))


class UntilStage(StageModel):
    """Runs its stages again until a condition holds.

    Attributes:
        item: text, a whole number or a boolean; the first item.
    """

    noun: ClassVar[str] = "until stage"

    until: Annotated[Scalar, From(condition_text)] = Field(alias="until")
    item: Annotated[Scalar | None, From(until_item)] = Field(None, alias="item")
    stages: Stages = Field(alias="stages")
    max_loop: Annotated[int, From(whole(1, 99))] = Field(10, alias="max-loop")


class CaseArm(NodeModel):
    """`{case: value, stages: [...]}`, or `{else: [...]}`, which `case: "_"` is too."""

    noun: ClassVar[str] = "case"

    node: Here = Field(alias=NODE)
    case: Annotated[Scalar | None, From(case_value)] = Field(None, alias="case")
    own_stages: Stages = Field((), alias="stages")
    else_stages: Stages | None = Field(None, alias="else")

    @property
    def value(self) -> str | int:
        value = self.case.value if self.case else "_"
        assert isinstance(value, (str, int))
        return value

    @property
    def span(self) -> Span:
        return self.case.span if self.case else first_place(self.node)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.own_stages if self.else_stages is None else self.else_stages

    @property
    def is_else(self) -> bool:
        return self.value == "_"

    @property
    def is_template(self) -> bool:
        """Whether the value is read at run time."""
        return isinstance(self.value, str) and "$" in self.value

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF105 (a key is missing), WF114 (keys of both forms)."""
        for key, what in (("case", "its value"), ("stages", "what it runs")):
            entry = node.entry(key)
            if "else" in given and entry is not None:
                yield ShapeError(
                    "WF114",
                    f'has both "else" and "{key}"',
                    entry.key.span,
                    subject=given.subject,
                    help=f'remove "{key}": the stages stand below "else"',
                )
            if "else" not in given and key not in given:
                yield ShapeError(
                    "WF105",
                    f'needs "{key}", {what}',
                    given.span,
                    subject=given.subject,
                    help=f'add "{key}"',
                )


class CaseStage(StageModel):
    """Runs the stages of the arm whose value equals that of `case`."""

    noun: ClassVar[str] = "case stage"

    case: TextScalar = Field(alias="case")
    arms: Annotated[tuple[CaseArm, ...], BeforeValidator(items("a list of cases"))] = (
        Field(alias="match")
    )
    skip_not_match: Flag = Field(False, alias="skip-not-match")

    @property
    def match(self) -> tuple[tuple[str, CaseArm], ...]:
        """The arms with a value, in order, each with its part of names and paths."""
        arms = [arm for arm in self.arms if not arm.is_else]
        return tuple(
            (f"when_{number}" if arm.is_template else str(arm.value), arm)
            for number, arm in enumerate(arms, 1)
        )

    @property
    def otherwise(self) -> tuple[Stage, ...] | None:
        return next((arm.stages for arm in self.arms if arm.is_else), None)

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF115: an arm that can never be chosen, since an earlier one is the same."""
        arms = given.get("match")
        first: dict[object, Scalar] = {}
        for arm in arms.items if isinstance(arms, SequenceNode) else ():
            place = _arm_place(arm)
            if place is None:
                continue
            value, scalar = place
            if value in first:
                yield ShapeError(
                    "WF115",
                    "is in the list twice",
                    scalar.span,
                    subject='"else"' if value == "_" else f'case "{scalar.text}"',
                    notes=[Note("the first one is here", first[value].span)],
                    help="remove one of them",
                )
            first.setdefault(value, scalar)


def _arm_place(arm: Node) -> tuple[object, Scalar] | None:
    """What an arm is for, `_` for else, and where that is said."""
    if not isinstance(arm, MappingNode):
        return None
    otherwise = arm.entry("else")
    if otherwise is not None:
        return "_", otherwise.key
    case = arm.get("case")
    if not isinstance(case, Scalar):
        return None
    # 1, "1" and true are three cases, but equal keys to Python are two of them
    return (case.value if case.value == "_" else (type(case.value), case.value)), case


class Branch(NodeModel):
    """`name: [stages]` below `parallel`."""

    noun: ClassVar[str] = "branch"

    key: Annotated[Scalar, From(name_of("the name of a branch"))] = Field(alias=KEY)
    node: Anything = Field(alias=NODE)
    stages: Stages = Field(alias="stages")

    @property
    def name(self) -> str:
        return self.key.text

    @property
    def span(self) -> Span:
        return self.key.span

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        if not isinstance(node, SequenceNode):
            help = 'begin each stage below it with "- "'
            raise unexpected(node, "a list of stages", subject=subject, help=help)
        return {"stages": node}


class ParallelStage(StageModel):
    """Runs its branches beside each other.

    Attributes:
        max_workers: a whole number or a template; None when it is not written, which is 2.
    """

    noun: ClassVar[str] = "parallel stage"

    branches: Annotated[
        tuple[Branch, ...],
        BeforeValidator(entries("a mapping of branches to lists of stages")),
    ] = Field(alias="parallel")
    max_workers: Annotated[Anything | None, From(workers)] = Field(
        None, alias="max-workers"
    )


Stage: TypeAlias = (
    BrokenStage
    | EmptyStage
    | BashStage
    | PyStage
    | VirtualPyStage
    | CallStage
    | RaiseStage
    | TriggerStage
    | ForEachStage
    | UntilStage
    | CaseStage
    | ParallelStage
)

_KINDS: Mapping[str, type[StageModel]] = {
    "broken": BrokenStage,
    "empty": EmptyStage,
    "bash": BashStage,
    "py": PyStage,
    "virtual-py": VirtualPyStage,
    "call": CallStage,
    "raise": RaiseStage,
    "trigger": TriggerStage,
    "foreach": ForEachStage,
    "until": UntilStage,
    "case": CaseStage,
    "parallel": ParallelStage,
}


@cache
def _all_keys() -> frozenset[str]:
    return frozenset(key for kind in _KINDS.values() for key in known_keys(kind))


def _kind(node: object) -> str:
    if isinstance(node, Unread):
        return "broken"
    assert isinstance(node, (Scalar, SequenceNode, MappingNode)), node
    return kind_of(node, _all_keys())


_AnyStage: TypeAlias = Annotated[
    Annotated[BrokenStage, Tag("broken")]
    | Annotated[EmptyStage, Tag("empty")]
    | Annotated[BashStage, Tag("bash")]
    | Annotated[PyStage, Tag("py")]
    | Annotated[VirtualPyStage, Tag("virtual-py")]
    | Annotated[CallStage, Tag("call")]
    | Annotated[RaiseStage, Tag("raise")]
    | Annotated[TriggerStage, Tag("trigger")]
    | Annotated[ForEachStage, Tag("foreach")]
    | Annotated[UntilStage, Tag("until")]
    | Annotated[CaseStage, Tag("case")]
    | Annotated[ParallelStage, Tag("parallel")],
    Discriminator(_kind),
]
Stages: TypeAlias = Annotated[
    tuple[_AnyStage, ...],
    BeforeValidator(stage_nodes),
]

for _model in (ForEachStage, UntilStage, CaseArm, CaseStage, Branch, ParallelStage):
    _model.model_rebuild()
