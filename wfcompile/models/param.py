"""`Param`: a declared parameter of a workflow.

The default stays a node: whether it fits the type is checked where values are converted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field

from wfcompile.models.base import KEY, NODE, Anything, Given, NodeModel
from wfcompile.models.shape_error import ShapeError, unexpected
from wfcompile.models.values import (
    Description,
    Flag,
    From,
    name_of,
    texts_or_numbers,
    whole,
    word,
)
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span

ParamType: TypeAlias = Literal[
    "str", "int", "float", "decimal", "date", "datetime", "choice", "map", "array"
]
_type = word(
    *get_args(ParamType),
    also={
        **dict.fromkeys(("string", "text"), "str"),
        **dict.fromkeys(("integer", "long"), "int"),
        **dict.fromkeys(("number", "double"), "float"),
        **dict.fromkeys(("time", "timestamp"), "datetime"),
        "enum": "choice",
        **dict.fromkeys(("dict", "object", "mapping"), "map"),
        **dict.fromkeys(("list", "tuple", "set"), "array"),
    },
)


def _options(node: Node) -> tuple[str, ...] | tuple[int, ...]:
    if not isinstance(node, SequenceNode):
        raise unexpected(node, "a list of text or of whole numbers")
    if not node.items:
        raise ShapeError(
            "WF116",
            "is an empty list, expected an option",
            node.span,
            help="write them: [first, second], or take another type than choice",
        )
    return texts_or_numbers(node.items, "an option")


def _no_options(span: Span, subject: str, shown: str) -> ShapeError:
    return ShapeError(
        "WF105",
        'needs "options"',
        span,
        subject=subject,
        help=f"add them: {shown}",
    )


class Param(NodeModel):
    """`name: type` or `name: {type, desc, required, default, ...}` (language.md section 3).

    Attributes:
        required: None when it is not written.
        options: of a choice, else empty.
        precision: of float and decimal.
    """

    noun: ClassVar[str] = "param"
    stand_ins: ClassVar[Mapping[str, object]] = {"type": "str"}

    key: Annotated[Scalar, From(name_of("a param's name"))] = Field(alias=KEY)
    node: Anything = Field(alias=NODE)
    type: Annotated[ParamType, From(_type)] = Field(alias="type")
    desc: Description = Field(None, alias="desc")
    required: Flag | None = Field(None, alias="required")
    default: Anything | None = Field(None, alias="default")
    options: Annotated[tuple[str, ...] | tuple[int, ...], From(_options)] = Field(
        (), alias="options"
    )
    precision: Annotated[int | None, From(whole(0, 28))] = Field(
        None, alias="precision"
    )

    @property
    def name(self) -> str:
        return self.key.text

    @property
    def name_span(self) -> Span:
        return self.key.span

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        """`name: int` is `name: {type: int}`."""
        if not isinstance(node, Scalar):
            return None
        try:
            _type(node)
        except ShapeError as error:
            error.subject = f"the type of {subject}"
            raise
        if node.value == "choice":
            raise _no_options(
                node.span, subject, "{type: choice, options: [first, second]}"
            )
        return {"type": node}

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Keys that belong to some types only: WF105 (missing), WF114 (too many)."""
        type_ = given.get("type")
        kind = type_.value if isinstance(type_, Scalar) else None
        if kind == "choice" and "options" not in given:
            yield _no_options(given.span, given.subject, "options: [first, second]")
        owners = {"options": ("choice",), "precision": ("float", "decimal")}
        for key, types in owners.items():
            entry = node.entry(key)
            if entry is not None and kind in get_args(ParamType) and kind not in types:
                yield ShapeError(
                    "WF114",
                    f'is of type {kind}, which has no "{key}"',
                    entry.key.span,
                    subject=given.subject,
                    help=f'remove it, or write type: {" or ".join(types)}',
                )
