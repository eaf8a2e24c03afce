"""Which kind of stage a mapping is, by its keys, and what a list of stages may not hold.

Works on nodes alone, before a model is chosen. Source: language.md section 5; that keys of two
kinds, unknown keys and names that stand twice are errors is differences D10 and H-9.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationInfo

from wfcompile.diagnostics import Note
from wfcompile.models.base import meant_key
from wfcompile.models.shape_error import ShapeError, Unread, noted_in, unexpected
from wfcompile.models.stage_fields import shown_name
from wfcompile.models.values import Items, is_empty, no_items
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode

ACTIONS = {
    "bash": "bash",
    "run": "py",
    "uses": "call",
    "raise": "raise",
    "trigger": "trigger",
    "foreach": "foreach",
    "until": "until",
    "case": "case",
    "parallel": "parallel",
    "echo": "empty",
    "sleep": "empty",
}
"""The key that makes a stage what it is -> its kind; a stage without one is empty."""

SIGNS = {
    **dict.fromkeys(("env", "shell", "working-directory"), "bash"),
    **dict.fromkeys(("vars", "deps", "version"), "run"),
    "with": "uses",
    "params": "trigger",
    **dict.fromkeys(("concurrent", "use_index_as_key", "stages"), "foreach"),
    **dict.fromkeys(("item", "max-loop"), "until"),
    **dict.fromkeys(("match", "skip-not-match"), "case"),
    "max-workers": "parallel",
}
"""A key that goes with an action -> that action."""

_LATER = {
    "image": ("a docker stage", 'call docker in a stage with "bash"'),
}
"""The key of a kind that is not there yet -> what it is, and what to do instead."""


def kind_of(node: Node, known: frozenset[str]) -> str:
    """The kind whose key is there, or is there misspelt, or that its other keys go with.

    So a stage that lacks its key, or has it wrong, is told that and nothing else. A `run` beside
    `deps` is a kind of its own, and so is a stage that is `no_stage`.

    Args:
        known: the keys of all kinds of stages: none of them is a misspelt one.
    """
    if not isinstance(node, MappingNode) or no_stage(node):
        return "broken"
    kind = _kind_by_action(node, known)
    return "virtual-py" if kind == "py" and node.entry("deps") else kind


def _kind_by_action(node: MappingNode, known: frozenset[str]) -> str:
    keys = [entry.key.text for entry in node]
    for key in keys:
        if key in ACTIONS:
            return ACTIONS[key]
    for key in keys:
        meant = None if key in known else meant_key(key, ACTIONS)
        if meant:
            return ACTIONS[meant]
    # foreach is the last choice: its "stages" are those of until too
    signs = sorted((SIGNS[key] for key in keys if key in SIGNS), key="foreach".__eq__)
    return ACTIONS[signs[0]] if signs else "empty"


def no_stage(node: MappingNode) -> ShapeError | None:
    """Why the mapping is of no kind: WF111 (two kinds in one), WF112 (one that is not there yet)."""
    for key, (what, help) in _LATER.items():
        entry = node.entry(key)
        if entry is not None:
            clause = "is not available yet"
            return ShapeError("WF112", clause, entry.key.span, subject=what, help=help)
    actions = [entry for entry in node if entry.key.text in ACTIONS]
    for entry in actions[1:]:
        first, second = actions[0].key, entry.key
        if ACTIONS[first.text] != ACTIONS[second.text]:
            return ShapeError(
                "WF111",
                f'has both "{first.text}" and "{second.text}"',
                second.span,
                subject="a stage",
                notes=[Note(f'"{first.text}" is here', first.span)],
                help="a stage does one thing: make two stages of it",
            )
    return None


def stage_nodes(node: object, info: ValidationInfo) -> Items:
    """The stages of a list; adds what is wrong with the list as a whole."""
    if isinstance(node, SequenceNode):
        noted_in(info).extend(_names_twice(node))
        return node.items
    if isinstance(node, Unread):
        return no_items(node.error)
    assert isinstance(node, (Scalar, MappingNode)), node
    help = 'begin each stage with "- "'
    if is_empty(node):
        help = "write [] for none"
    return no_items(unexpected(node, "a list of stages", help=help))


def _names_twice(stages: SequenceNode) -> Iterator[ShapeError]:
    """Adds WF113. The name of a stage is its `id`, or its `name` when it has none."""
    first: dict[str, Scalar] = {}
    for stage in stages.items:
        name = _id_or_name(stage)
        if name is None:
            continue
        shown = shown_name(name.text)
        if shown in first:
            yield ShapeError(
                "WF113",
                "is in this list twice",
                name.span,
                subject=f'stage "{name.text}"',
                notes=[Note("the first one is here", first[shown].span)],
                help="give one of them another id",
            )
        first.setdefault(shown, name)


def _id_or_name(stage: Node) -> Scalar | None:
    if not isinstance(stage, MappingNode):
        return None
    for key in ("id", "name"):
        node = stage.get(key)
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.text:
            return node
    return None
