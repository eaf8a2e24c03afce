"""A script as its commands: which of them were passed over when they failed.

The shell lexer of `expressions` reads the script; this module only listens to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from wfcompile.doctor.texts import parsed
from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_assignments import Assignments
from wfcompile.expressions.shell_commands import CommandChecker
from wfcompile.expressions.shell_lexer import read_script
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import BrokenScript
from wfcompile.expressions.shell_source import Cursor, ShellView, view_of
from wfcompile.expressions.shell_tree import Command, Output, Placed
from wfcompile.nodes import Scalar
from wfcompile.types import UNKNOWN, Type

_NEVER_FAIL = frozenset(("echo", "printf", "true", ":", "exit", "set", "return"))
_NOT_PLAIN = re.compile(r"&&|\|\||\||&|\b(?:then|do|else|elif|in|while|until|if)\b|!")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A simple command; `start`, `end` count characters of the script.

    Attributes:
        goes_on: another command follows whatever this one ends with.
        is_piped: it stands before a pipe, so that only the last one's end counted.
    """

    start: int
    end: int
    goes_on: bool
    is_piped: bool


@dataclass(frozen=True, slots=True)
class Commands:
    """`bare` are the holes outside quotes."""

    statements: tuple[Statement, ...] = ()
    bare: tuple[Hole, ...] = ()


def read_commands(script: Scalar) -> Commands:
    """Nothing of a script that has no end or holds broken templates.

    Between backticks the signs are counted anew, so commands of such scripts are not told.
    """
    text = parsed(script, env=False)
    if any(hole.tree is None for hole in text.holes):
        return Commands()
    places = Places("bash", _unknown, lambda hole: False)
    listener = _Listener(places, Assignments(places, ""))
    view = view_of(text)
    try:
        read_script(Cursor(view, 0, len(view.text)), places, listener)
    except BrokenScript:
        return Commands()
    bare = [each.hole for each in places.placed if _is_bare(each)]
    holes = sorted(bare, key=lambda hole: hole.start)
    spans = () if "`" in view.text else listener.spans
    return Commands(_statements(view, sorted(spans)), tuple(holes))


def _is_bare(placed: Placed) -> bool:
    """Without quotes of the author around it, which the reference would take the place of."""
    hole = placed.hole
    is_alone = (placed.start, placed.end) == (hole.start, hole.end)
    return placed.kind == "word" and not placed.before and is_alone


def _unknown(hole: Hole) -> Type:
    return UNKNOWN


class _Listener(CommandChecker):
    """Notes where each command stands."""

    def __init__(self, places: Places, assignments: Assignments) -> None:
        super().__init__(places, assignments)
        self.spans: list[tuple[int, int, str]] = []

    def check(self, command: Command, piped: Output | None) -> Output:
        words = [*command.assignments, *command.words]
        if words and not self.is_inner:
            name = command.words[0].text if command.words else ""
            self.spans.append((words[0].start, words[-1].end, name))
        return super().check(command, piped)


def _statements(
    view: ShellView, spans: list[tuple[int, int, str]]
) -> tuple[Statement, ...]:
    # what stands inside another command, in a $( ), is a part of it
    outer: list[tuple[int, int, str]] = []
    for span in spans:
        if not outer or span[0] >= outer[-1][1]:
            outer.append(span)
    found = []
    for (start, end, name), following in pairwise(outer):
        gap = _COMMENT.sub("", view.text[end : following[0]])
        if name in _NEVER_FAIL:
            continue
        before = view.text[:start].rstrip()[-1:]
        separates = ("\n" in gap or ";" in gap) and "<<" not in gap
        goes_on = separates and not _NOT_PLAIN.search(gap) and before != "!"
        is_piped = gap.strip(" \t\n") in ("|", "|&")
        first, last = view.starts[start], view.ends[end - 1]
        found.append(Statement(first, last, goes_on, is_piped))
    return tuple(found)
