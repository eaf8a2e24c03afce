"""The texts of a workflow that the interpreter renders, and what stands in them.

Source: language.md section 4.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TypeVar

from wfcompile.diagnostics import Diagnostics
from wfcompile.doctor.places import (
    JobPlace,
    StagePlace,
    WorkflowPlace,
    items_of,
    scalars_in,
    text_of,
)
from wfcompile.expressions.nodes import FilterCall, Hole, Literal, Path, Text
from wfcompile.expressions.parser import parse_text
from wfcompile.nodes import MappingNode, Node, Scalar

NodeT = TypeVar("NodeT")

SCRIPTS = ("bash", "run")
"""Keys whose text is a program: `${NAME}` in it belongs to that program."""

_EXPRESSION = re.compile(
    r"\$\{\{\s*(?:[A-Za-z_-]+\??\.)*[\w\-.'\"()\[\]{}]+\??\s*"
    r"(?:\|\s*\w{3,}\s*[\w \-,./:;<=>?@\[\\\](){}%'\"]*?\s*)*\}\}",
    re.ASCII,
)
"""What the interpreter takes for an expression (language.md section 4.1)."""
_ONCE = ("vars", "raise", "case", "max-workers", "uses", "params")
_TWICE = ("echo", "if", "with", "foreach", "item", "until", "trigger", "env")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text; `twice` when the interpreter renders what has come out of it again."""

    scalar: Scalar
    key: str
    twice: bool


def rendered(workflow: WorkflowPlace) -> Iterator[Rendered]:
    """The texts outside scripts, in the order of the file."""
    for job in workflow.jobs:
        yield from _of_job(job)
        for stage in job.all_stages:
            yield from _of_stage(stage)


def _of_job(job: JobPlace) -> Iterator[Rendered]:
    yield from _below(job.node.get("if"), "if", twice=True)
    strategy = job.node.get("strategy")
    if isinstance(strategy, MappingNode):
        yield from _below(strategy.get("max-parallel"), "max-parallel", twice=False)


def _of_stage(stage: StagePlace) -> Iterator[Rendered]:
    for entry in stage.node:
        key = entry.key.text
        if key in _ONCE or key in _TWICE:
            yield from _below(entry.value, key, twice=key in _TWICE)
    for arm in items_of(stage.node.get("match")):
        if isinstance(arm, MappingNode):
            yield from _below(arm.get("case"), "case", twice=True)


def _below(node: Node | None, key: str, *, twice: bool) -> Iterator[Rendered]:
    for scalar in scalars_in(node):
        if isinstance(scalar.value, str):
            yield Rendered(scalar, key, twice)


def scripts(workflow: WorkflowPlace) -> Iterator[tuple[StagePlace, Scalar]]:
    for stage in workflow.stages:
        for key in SCRIPTS:
            scalar = text_of(stage.node, key)
            if scalar is not None:
                yield stage, scalar


def parsed(scalar: Scalar, *, env: bool = True) -> Text:
    """The mistakes in it are told by the checker."""
    return parse_text(scalar, Diagnostics(), env=env)


def holes(workflow: WorkflowPlace) -> Iterator[tuple[Scalar, Hole]]:
    """All templates of a workflow, those in scripts too."""
    scalars = [each.scalar for each in rendered(workflow)]
    scalars += [scalar for _, scalar in scripts(workflow)]
    for scalar in sorted(scalars, key=lambda each: each.span.start):
        for hole in parsed(scalar, env=False).holes:
            yield scalar, hole


def filters_in(tree: object) -> Iterator[FilterCall]:
    """All `| name` of an expression, at any depth, in source order."""
    return nodes_in(tree, FilterCall)


def nodes_in(tree: object, kind: type[NodeT]) -> Iterator[NodeT]:
    if isinstance(tree, tuple):
        for item in tree:
            yield from nodes_in(item, kind)
    elif is_dataclass(tree) and not isinstance(tree, type):
        for each in fields(tree):
            yield from nodes_in(getattr(tree, each.name), kind)
        if isinstance(tree, kind):
            yield tree


def is_expression(scalar: Scalar, hole: Hole) -> bool:
    """Whether the interpreter sees an expression there, and not a text that stays."""
    return _EXPRESSION.fullmatch(scalar.text, hole.start, hole.end) is not None


def is_plain(hole: Hole) -> bool:
    """Only a path, and filters with constants behind it."""
    tree = hole.tree
    while isinstance(tree, FilterCall):
        arguments = (*tree.args, *(each.value for each in tree.keywords))
        if not all(map(_is_constant, arguments)):
            return False
        tree = tree.value
    return isinstance(tree, Path)


def _is_constant(tree: object) -> bool:
    """`-1`, lists and maps are refused there."""
    return isinstance(tree, Literal)
