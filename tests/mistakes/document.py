"""A YAML file's text with what mistakes are planted into: keys by level, stages, templates.

Mistakes are edits of the text, so that the rest of the file stays as it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PATH = re.compile(r"\$\{\{\s*([\w.?-]+)[^}]*\}\}")
_SMALLEST = 3
"""Letters of a name that is misspelt: shorter ones become other names too easily."""


@dataclass(frozen=True)
class Edit:
    """Attributes:
    lines: where the mistake may be told, 1-based, in the text after the edit.
    """

    start: int
    end: int
    new: str
    lines: frozenset[int]


@dataclass(frozen=True)
class Entry:
    """A key of a mapping with its value."""

    key: ScalarNode
    value: Node
    owner: MappingNode

    @property
    def name(self) -> str:
        return str(self.key.value)

    @property
    def text(self) -> str:
        """Of a scalar; else empty."""
        return str(self.value.value) if isinstance(self.value, ScalarNode) else ""


@dataclass(frozen=True)
class Stage:
    """Attributes:
    siblings: the list it is in.
    job: the id of its job.
    """

    entries: Mapping[str, Entry]
    siblings: Sequence[Node]
    position: int
    job: str
    depth: int

    @property
    def id(self) -> str:
        return self.entries["id"].text if "id" in self.entries else ""


@dataclass(frozen=True)
class Template:
    """The path of `${{ path ... }}`: its parts with their places in the text."""

    start: int
    parts: Sequence[str]
    whole: re.Match[str]

    def place(self, index: int) -> tuple[int, int]:
        start = self.start + sum(len(part) + 1 for part in self.parts[:index])
        return start, start + len(self.parts[index].rstrip("?"))


class Document:
    def __init__(self, text: str) -> None:
        self.text = text
        self.root = yaml.compose(text, yaml.CSafeLoader)

    # --- edits ---

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def replace(self, start: int, end: int, new: str, *others: int) -> Edit:
        """`others`: lines besides that of the change where the mistake may be told."""
        return Edit(start, end, new, frozenset({self.line(start), *others}))

    def replace_all(self, pattern: str, new: str) -> Iterator[Edit]:
        for found in re.finditer(pattern, self.text, re.MULTILINE):
            yield self.replace(found.start(), found.end(), found.expand(new))

    def set(self, node: Node, new: str, *others: int) -> Edit:
        start, end = span(node)
        return self.replace(start, end, new, *others)

    def add(self, entry: Entry, line: str) -> Iterator[Edit]:
        """A further key behind a key with a value on one line."""
        start, end = span(entry.value)
        if self.line(start) != self.line(end) or not self.text[end - 1].strip():
            return
        if entry.owner.flow_style:
            yield Edit(end, end, f", {line}", frozenset({self.line(end)}))
        else:
            indent = " " * entry.key.start_mark.column
            yield Edit(end, end, f"\n{indent}{line}", frozenset({self.line(end) + 1}))

    def plant(self, *lines: str, at: int) -> Iterator[Edit]:
        """A stage behind the last one of each job.

        The mistake is in its line `at`; what is missing may be told at its first line, too.
        """
        for job in self.jobs:
            node = _value(job, "stages")
            if not isinstance(node, SequenceNode) or node.flow_style or not node.value:
                continue
            column = node.value[0].start_mark.column
            end = len(self.text[: span(node)[1]].rstrip())
            first = self.line(end) + 1
            text = f"\n{' ' * (column - 2)}- name: Planted"
            text += "".join(f"\n{' ' * column}{line}" for line in lines)
            yield Edit(end, end, text, frozenset({first + at, first}))

    def drop(self, entry: Entry, *lines: int) -> Iterator[Edit]:
        """A key with a value on one line, with nothing else on it."""
        start, end = span(entry.value)
        begin = self.text.rfind("\n", 0, entry.key.start_mark.index)
        is_alone = not self.text[begin + 1 : entry.key.start_mark.index].strip()
        if entry.owner.flow_style or not is_alone or self.line(start) != self.line(end):
            return
        yield Edit(begin, end, "", frozenset(lines))

    # --- what is there ---

    @cached_property
    def workflows(self) -> list[Entry]:
        return [
            entry
            for entry in entries(self.root).values()
            if entries(entry.value).get("type", entry).text == "Workflow"
        ]

    def under(self, key: str) -> Iterator[Entry]:
        """What the workflows have below `params` or `jobs`."""
        for workflow in self.workflows:
            found = entries(workflow.value).get(key)
            if found is not None:
                yield from entries(found.value).values()

    @property
    def jobs(self) -> list[Entry]:
        return list(self.under("jobs"))

    def needs(self, job: Entry) -> list[str]:
        node = _value(job, "needs")
        return (
            [str(each.value) for each in node.value]
            if isinstance(node, SequenceNode)
            else []
        )

    @property
    def params(self) -> list[Entry]:
        return list(self.under("params"))

    @cached_property
    def stages(self) -> list[Stage]:
        return [
            stage
            for job in self.jobs
            for stage in _stages(_value(job, "stages"), job.name, 0)
        ]

    @cached_property
    def templates(self) -> list[Template]:
        """None of those in comments, where a block reads nothing."""
        return [
            Template(found.start(1), found[1].split("."), found)
            for found in _PATH.finditer(self.text)
            if "#" not in self.text[self.text.rfind("\n", 0, found.start()) + 1 :][:80]
        ]

    def first(self, pattern: str, node: Node) -> Iterator[int]:
        """The line of the first match in a node."""
        start, end = span(node)
        found = re.search(pattern, self.text[start:end])
        if found:
            yield self.line(start + found.start())


def span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def entries(node: Node | None) -> dict[str, Entry]:
    if not isinstance(node, MappingNode):
        return {}
    return {
        str(key.value): Entry(key, value, node)
        for key, value in node.value
        if isinstance(key, ScalarNode)
    }


def _value(entry: Entry, key: str) -> Node | None:
    found = entries(entry.value).get(key)
    return None if found is None else found.value


def _stages(node: Node | None, job: str, depth: int) -> Iterator[Stage]:
    """Those of a list, each before those inside it."""
    if not isinstance(node, SequenceNode):
        return
    for position, item in enumerate(node.value):
        own = entries(item)
        yield Stage(own, node.value, position, job, depth)
        for inner in _lists(own):
            yield from _stages(inner, job, depth + 1)


def _lists(stage: Mapping[str, Entry]) -> Iterator[Node]:
    """The lists of stages that a stage has: its own, of its branches, of its cases."""
    if "stages" in stage:
        yield stage["stages"].value
    if "parallel" in stage:
        yield from (each.value for each in entries(stage["parallel"].value).values())
    if "match" in stage and isinstance(stage["match"].value, SequenceNode):
        for case in stage["match"].value.value:
            own = entries(case)
            yield from (own[key].value for key in ("stages", "else") if key in own)


def misspelt(name: str, chance: random.Random) -> Iterator[str]:
    """The name with two letters swapped or one left out."""
    letters = [
        index
        for index in range(1, len(name) - 1)
        if name[index] != name[index + 1] and name[index : index + 2].isalpha()
    ]
    if len(name) > _SMALLEST and letters:
        index = chance.choice(letters)
        left, right = name[:index], name[index + 2 :]
        swapped = name[index + 1] + name[index]
        yield left + chance.choice([swapped, name[index]]) + right
