"""A script as the shell's lexer sees it: `ShellView`, in which every hole is one sign.

Goes in: a parsed text; comes out: a text without templates, with the place of each of its
characters in the script. What stands between backticks is a text of its own for a shell, from
which it takes away one level of backslashes: a further view of the same script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wfcompile.expressions.nodes import Hole, Text
from wfcompile.expressions.shell_problems import BrokenScript

HOLE = "\0"
_DEEPEST = 40
_QUOTE_NAMES = {"'": "single quote", "$'": "single quote", '"': "double quote"}
_HOLES = re.compile(HOLE)


@dataclass(frozen=True, slots=True)
class ShellView:
    """A text that a shell reads.

    Attributes:
        text: with HOLE for each hole; there may be a HOLE that is the author's own.
        starts, ends: for each character, where its source begins and ends in the script.
        holes: start in the script -> hole, the same for all views of a script.
        in_backticks: not the script itself, but what the shell makes of a part of it.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    holes: Mapping[int, Hole]
    in_backticks: bool = False

    def hole(self, at: int) -> Hole | None:
        if self.text[at : at + 1] != HOLE:
            return None
        return self.holes.get(self.starts[at])

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """The source of `text[start:end]`, which is not empty."""
        return self.starts[start], self.ends[end - 1]

    def holes_in(self, start: int, end: int) -> list[Hole]:
        found = (
            self.hole(match.start()) for match in _HOLES.finditer(self.text, start, end)
        )
        return [hole for hole in found if hole is not None]

    def unescaped(self, start: int, end: int, signs: str) -> ShellView:
        """`text[start:end]` without the backslashes in front of `signs`."""
        escape = re.compile(rf"\\[{re.escape(signs)}]")
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = start
        for match in escape.finditer(self.text, start, end):
            slash = match.start()
            pieces += self.text[at:slash], self.text[slash + 1]
            starts += [*self.starts[at:slash], self.starts[slash]]
            ends += [*self.ends[at:slash], self.ends[slash + 1]]
            at = match.end()
        pieces.append(self.text[at:end])
        starts += self.starts[at:end]
        ends += self.ends[at:end]
        return ShellView("".join(pieces), starts, ends, self.holes, in_backticks=True)


def view_of(text: Text) -> ShellView:
    """The script of a text that `parse_text(..., env=False)` gave."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for part in text.parts:
        if isinstance(part, str):
            pieces.append(part)
            starts += range(at, at + len(part))
            ends += range(at + 1, at + len(part) + 1)
            at += len(part)
        else:
            pieces.append(HOLE)
            starts.append(part.start)
            ends.append(part.end)
            at = part.end
    holes = {hole.start: hole for hole in text.holes}
    return ShellView("".join(pieces), starts, ends, holes)


@dataclass(slots=True)
class Cursor:
    """A place in a view, on its way to `end`; `depth` counts the constructs around it."""

    view: ShellView
    at: int
    end: int
    depth: int = 0

    @property
    def is_done(self) -> bool:
        return self.at >= self.end

    @property
    def sign(self) -> str:
        """The next character, "" at the end."""
        return self.peek(0)

    def peek(self, ahead: int = 1) -> str:
        at = self.at + ahead
        return self.view.text[at] if at < self.end else ""

    def hole(self, ahead: int = 0) -> Hole | None:
        at = self.at + ahead
        return self.view.hole(at) if at < self.end else None

    def starts(self, prefix: str) -> bool:
        return self.view.text.startswith(prefix, self.at, self.end)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.view.text, self.at, self.end)

    def take(self, pattern: re.Pattern[str]) -> str:
        """What the pattern matches here, "" when it does not; goes behind it."""
        match = self.match(pattern)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def enter(self, opener: int) -> None:
        """One construct deeper; it is opened at `opener`."""
        self.depth += 1
        if self.depth > _DEEPEST:
            message = f"script nests more than {_DEEPEST} constructs in each other"
            help = "give the inner ones a variable or a function"
            bounds = self.view.bounds(opener, opener + 1)
            raise BrokenScript("WF270", message, *bounds, help)

    def leave(self) -> None:
        self.depth -= 1

    def unclosed(self, opener: int, opened: str, closer: str) -> BrokenScript:
        """The error for `opened`, which stands at `opener`."""
        bounds = self.view.bounds(opener, min(opener + len(opened), self.end))
        named = _QUOTE_NAMES.get(opened, f'"{opened}"')
        help = f"close it with {closer}"
        return BrokenScript("WF260", f"{named} is not closed", *bounds, help)
