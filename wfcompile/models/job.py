"""`Job`: stages that run one after the other, and when they do.

Source: language.md section 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Final, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field

from wfcompile.diagnostics import did_you_mean
from wfcompile.models.base import (
    KEY,
    NODE,
    Anything,
    Given,
    Here,
    NodeModel,
    other_name,
)
from wfcompile.models.retry import RetryField
from wfcompile.models.shape_error import ShapeError, place, unexpected
from wfcompile.models.stage import Shell, Stages
from wfcompile.models.strategy import Strategy
from wfcompile.models.values import (
    Description,
    From,
    Seconds,
    TextScalar,
    condition_text,
    is_empty,
    items,
    name_of,
    optional,
    word,
)
from wfcompile.nodes import MappingNode, Node, Scalar
from wfcompile.source import Span

TriggerRule: TypeAlias = Literal[
    "all_success",
    "all_failed",
    "all_done",
    "one_success",
    "one_failed",
    "none_failed",
    "none_skipped",
]
TWICE: Final = "\0"
"""Behind the id of a second job with that id: no YAML text holds one."""
_trigger_rule = word(*get_args(TriggerRule), also={"always": "all_done"})
_HOSTS = (
    *("local", "self_hosted", "docker", "container"),
    *("aws_batch", "gcp_batch", "azure_batch", "cloud_batch"),
)


def _runs_on(node: Node) -> Node | None:
    """`local` or `{type: local}`. Adds WF104, WF105, WF108, WF112 (another host).

    Source: differences D25.
    """
    if is_empty(node):
        return None
    host = node
    if isinstance(node, MappingNode):
        host = _host_type(node)
    if not isinstance(host, Scalar) or not isinstance(host.value, str):
        raise unexpected(host, "local, or a mapping with the type local")
    if host.text not in _HOSTS:
        help = did_you_mean(host.text, _HOSTS) or "write runs-on: local, or nothing"
        raise unexpected(host, "local", code="WF108", help=help)
    if host.text != "local":
        raise ShapeError(
            "WF112",
            f'is "{host.text}", which is not available yet',
            place(host),
            help="write runs-on: local, or nothing",
        )
    return node


def _host_type(node: MappingNode) -> Node:
    host = node.get("type")
    for entry in node:
        if entry.key.text not in ("type", "with"):
            raise ShapeError(
                "WF104",
                f'has no key "{entry.key.text}"',
                entry.key.span,
                help=did_you_mean(entry.key.text, ("type", "with")),
            )
    if host is None:
        raise ShapeError("WF105", 'needs "type"', place(node), help="add type: local")
    return host


class Job(NodeModel):
    """Attributes:
    if_: the text of a condition.
    runs_on: None or a way to write `local`.
    """

    noun: ClassVar[str] = "job"
    elsewhere: ClassVar[Mapping[str, str]] = {
        **{
            key: f'"{key}" belongs to a stage: put it in the list below "stages"'
            for key in ("bash", "run", "uses", "raise", "echo", "foreach", "with")
        },
        **{
            key: f'"{key}" belongs below "strategy"'
            for key in ("matrix", "include", "exclude", "max-parallel", "fail-fast")
        },
        "concurrency": '"concurrency" belongs to the workflow',
        "env": '"env" is for stages with "bash"',
        "name": 'a job is named by its key; write what it is for as "desc"',
    }

    key: Annotated[Scalar, From(name_of("a job's id"))] = Field(alias=KEY)
    node: Here = Field(alias=NODE)
    written_id: Anything | None = Field(None, alias="id")
    desc: Description = Field(None, alias="desc")
    runs_on: Annotated[Anything | None, From(_runs_on)] = Field(None, alias="runs-on")
    # unlike that of a stage it is no boolean (language.md section 7)
    if_: Annotated[Scalar | None, From(optional(condition_text))] = Field(
        None, alias="if"
    )
    needs: Annotated[
        tuple[TextScalar, ...], BeforeValidator(items("a list of job ids"))
    ] = Field((), alias="needs")
    trigger_rule: Annotated[TriggerRule, From(_trigger_rule)] = Field(
        "all_success", alias="trigger-rule"
    )
    strategy: Strategy | None = Field(None, alias="strategy")
    retry: RetryField = Field(None, alias="retry")
    timeout_s: Seconds | None = Field(None, alias="timeout")
    shell: Shell | None = Field(None, alias="shell")
    working_directory: TextScalar | None = Field(None, alias="working-directory")
    stages: Stages = Field((), alias="stages")

    @property
    def id(self) -> str:
        return self.key.text

    @property
    def id_span(self) -> Span:
        return self.key.span

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        return other_name("id", given)
