"""`Concurrency`: what a start does while another run of its group goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field

from wfcompile.models.base import NODE, Anything, Given, NodeModel
from wfcompile.models.shape_error import ShapeError
from wfcompile.models.values import From, name_of, word
from wfcompile.nodes import MappingNode, Node, Scalar

Policy: TypeAlias = Literal["skip", "queue", "cancel", "allow"]
_policy = word(
    *get_args(Policy),
    also={
        "forbid": "skip",
        "drop": "skip",
        "wait": "queue",
        "serial": "queue",
        "replace": "cancel",
        "cancel-in-progress": "cancel",
        "parallel": "allow",
    },
)


class Concurrency(NodeModel):
    """`concurrency: queue`, or `{policy, group}`.

    Attributes:
        group: None: it is the workflow's name.
    """

    noun: ClassVar[str] = "concurrency"
    elsewhere: ClassVar[Mapping[str, str]] = {
        "cancel-in-progress": 'write "policy: cancel" in its place',
    }

    node: Anything = Field(alias=NODE)
    policy: Annotated[Policy, From(_policy)] = Field("skip", alias="policy")
    group: Annotated[Scalar | None, From(name_of("a group"))] = Field(
        None, alias="group"
    )

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        """`concurrency: queue` is `concurrency: {policy: queue}`."""
        if isinstance(node, MappingNode):
            return None
        _policy(node)  # its errors are about "concurrency" then
        return {"policy": node}

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF114: a group of runs that nothing keeps apart."""
        policy, group = given.get("policy"), node.entry("group")
        is_free = isinstance(policy, Scalar) and policy.text == "allow"
        if is_free and group is not None:
            yield ShapeError(
                "WF114",
                'with the policy "allow" has no "group"',
                group.key.span,
                subject=given.subject,
                help="remove the group, or keep its runs apart with skip, queue or cancel",
            )
