"""Which values are the same to a shell whether they are pasted or passed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wfcompile.doctor.places import WorkflowPlace, entries_of, items_of, scalars_in
from wfcompile.expressions.nodes import Hole, Path
from wfcompile.nodes import Entry, Node, Scalar

_BOUND_TYPES = ("int", "float", "decimal", "date", "datetime")
_WORD = re.compile(r"[\w./:@%+,-]+", re.ASCII)


def is_shell_word(hole: Hole, workflow: WorkflowPlace) -> bool:
    """One word, or a value of a matrix or name of a branch that is written as one."""
    match _names(hole):
        case ["matrix", name]:
            texts = [each.text for each in _matrix_values(workflow, name)]
        case ["branch"]:
            texts = [each.key.text for each in _branches(workflow)]
        case _:
            return is_one_word(hole, workflow)
    return bool(texts) and all(map(_WORD.fullmatch, texts))


def is_one_word(hole: Hole, workflow: WorkflowPlace) -> bool:
    """Whether no value of it has a blank or a sign of the shell in it."""
    names = _names(hole)
    match names:
        case ["params", name]:
            for entry in entries_of(workflow.node.get("params")):
                if entry.key.text == name:
                    return _type(entry.value) in _BOUND_TYPES
        case ["loop"] | ["retry"]:
            return True
    return names[-1:] == ["return_code"]


def _names(hole: Hole) -> list[str]:
    tree = hole.tree
    return [each.name for each in tree.segments] if isinstance(tree, Path) else []


def _matrix_values(workflow: WorkflowPlace, name: str) -> Iterator[Scalar]:
    """Of all jobs: a stage does not know its own."""
    for job in workflow.jobs:
        for strategy in entries_of(job.node.get("strategy")):
            for row in (strategy.value, *items_of(strategy.value)):
                for entry in entries_of(row):
                    if entry.key.text == name:
                        yield from scalars_in(entry.value)


def _branches(workflow: WorkflowPlace) -> Iterator[Entry]:
    for stage in workflow.stages:
        yield from entries_of(stage.node.get("parallel"))


def _type(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    for entry in entries_of(node):
        if entry.key.text == "type" and isinstance(entry.value, Scalar):
            return entry.value.text
    return ""
