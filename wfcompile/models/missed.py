"""`Missed`: what becomes of slots that no start has run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field

from wfcompile.models.base import NODE, Anything, Given, NodeModel
from wfcompile.models.shape_error import ShapeError
from wfcompile.models.values import Duration, From, word
from wfcompile.nodes import MappingNode, Node, Scalar

Policy: TypeAlias = Literal["skip", "last", "all"]
_policy = word(
    *get_args(Policy),
    also={"none": "skip", "ignore": "skip", "latest": "last", "catchup": "all"},
)


class Missed(NodeModel):
    """`missed: last`, or `{policy, window}`.

    Attributes:
        window_s: None where it is not written.
    """

    noun: ClassVar[str] = "catch-up"

    node: Anything = Field(alias=NODE)
    policy: Annotated[Policy, From(_policy)] = Field("last", alias="policy")
    window_s: Duration | None = Field(None, alias="window")

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        """`missed: last` is `missed: {policy: last}`."""
        if isinstance(node, MappingNode):
            return None
        _policy(node)  # its errors are about "missed" then
        return {"policy": node}

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF114: a window of a policy that looks at nothing."""
        policy, window = given.get("policy"), node.entry("window")
        is_off = isinstance(policy, Scalar) and policy.text == "skip"
        if is_off and window is not None:
            yield ShapeError(
                "WF114",
                'with the policy "skip" has no "window"',
                window.key.span,
                subject=given.subject,
                help="remove the window, or let last or all be run",
            )
