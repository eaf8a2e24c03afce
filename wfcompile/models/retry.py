"""`Retry`: how often a stage or a job is tried again, and how long it waits between the tries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from wfcompile.models.base import NODE, Anything, NodeModel
from wfcompile.models.values import From, Text, items, number, whole
from wfcompile.nodes import MappingNode, Node

_Wait: TypeAlias = Annotated[
    float,
    From(
        number(
            "a number of seconds, 0 or more",
            lambda value: value >= 0,
            help="write how many seconds, such as 5, or 0 for no wait",
        )
    ),
]
_Factor: TypeAlias = Annotated[
    float,
    From(
        number(
            "a factor of at least 1",
            lambda value: value >= 1,
            help="write 2 to wait twice as long each time, or 1 for the same wait",
        )
    ),
]
_Jitter: TypeAlias = Annotated[
    float,
    From(
        number(
            "a number, 0 or more",
            lambda value: value >= 0,
            help="write what part of the wait may be added, such as 0.1, or 0",
        )
    ),
]
_times = whole(0, 19)


class Retry(NodeModel):
    """`retry: {max, delay, backoff, max-delay, jitter, on}` (differences D15).

    Attributes:
        max: tries after the first failure.
        on: names of exception classes; empty is every failure.
    """

    noun: ClassVar[str] = "retry"

    node: Anything = Field(alias=NODE)
    max: Annotated[int, From(_times)] = Field(alias="max")
    delay: _Wait | None = Field(None, alias="delay")
    backoff: _Factor | None = Field(None, alias="backoff")
    max_delay: _Wait | None = Field(None, alias="max-delay")
    jitter: _Jitter | None = Field(None, alias="jitter")
    on: Annotated[tuple[Text, ...], BeforeValidator(items("a list of error names"))] = (
        Field((), alias="on")
    )

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        """`retry: 2` is `retry: {max: 2}`."""
        if isinstance(node, MappingNode):
            return None
        _times(
            node
        )  # here its errors are about "retry", not about a key that nobody wrote
        return {"max": node}


def _is_none(retry: object) -> bool:
    return isinstance(retry, Retry) and not retry.max


RetryField: TypeAlias = Annotated[
    Retry | None,
    AfterValidator(lambda retry: None if _is_none(retry) else retry),
]
"""No try more is no retry."""
