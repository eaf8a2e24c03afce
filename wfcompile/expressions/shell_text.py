"""`bash:` texts: shell text with holes -> the script, and the variables that carry the values.

Goes in: a scalar and its text; comes out: the text, byte for byte, in which every hole is a
reference to an environment variable that is safe between the quotes where it stands. A value is
never text of the script: where a shell would run it, take it for a name, or evaluate it, there is
an error instead. Nothing is run here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.nodes import FilterCall, Hole, Text
from wfcompile.expressions.shell_commands import CommandChecker
from wfcompile.expressions.shell_lexer import read_script
from wfcompile.expressions.shell_names import (
    VariableNames,
    array_names,
    integer_names,
    used_names,
    variable_name,
)
from wfcompile.expressions.shell_problems import (
    SEVERAL_WORDS,
    TEMPLATE,
    BrokenScript,
    Problem,
)
from wfcompile.expressions.shell_source import Cursor, view_of
from wfcompile.expressions.shell_tree import Placed, Places
from wfcompile.nodes import Scalar
from wfcompile.types import UNKNOWN, Type

__all__ = ["ShellScript", "rewrite_shell", "variable_name"]


@dataclass(frozen=True, slots=True)
class ShellScript:
    """A script that is ready to run.

    Attributes:
        holes: variable -> the hole whose value it carries; each variable once, in order of first
            use. A hole in a comment has none.
        numbers: variables that stand where the shell computes, and so must hold whole numbers;
            the types say that they do.
    """

    script: str
    holes: tuple[tuple[str, Hole], ...] = ()
    numbers: frozenset[str] = frozenset()


def rewrite_shell(
    scalar: Scalar,
    text: Text,
    diagnostics: Diagnostics,
    *,
    type_of: Callable[[Hole], Type],
    shell: str = "bash",
    taken: Collection[str] = (),
) -> ShellScript | None:
    """Rewrite the holes of a script; None when it or one of its holes has a mistake.

    A script without holes comes back as it is, whatever it holds.

    Args:
        text: of `parse_text(..., env=False)`.
        type_of: the type of a hole's value; asked where only a whole number is safe.
        shell: "bash" or "sh".
        taken: variables of the stage's `env`.

    Adds WF260 to WF270.
    """
    if not text.holes:
        return ShellScript(scalar.text)
    if any(hole.tree is None for hole in text.holes):
        return None
    plain = "\0".join(part for part in text.parts if isinstance(part, str))
    places = Places(shell, type_of)
    reporter = _Reporter(scalar, diagnostics, type_of)
    for hole in text.holes:
        if isinstance(hole.tree, FilterCall) and hole.tree.name == "words":
            places.object(hole, SEVERAL_WORDS)
    checker = CommandChecker(places, integer_names(plain), array_names(plain))
    view = view_of(text)
    try:
        read_script(Cursor(view, 0, len(view.text)), places, checker)
    except BrokenScript as broken:
        reporter.broken(broken)
    for hole, problem in places.problems.items():
        reporter.problem(hole, problem)
    if reporter.has_errors:
        return None
    names = VariableNames(scalar.text, {*taken, *used_names(plain)})
    return _script(scalar.text, places, names)


class _Reporter:
    """Problems -> diagnostics."""

    def __init__(
        self, scalar: Scalar, diagnostics: Diagnostics, type_of: Callable[[Hole], Type]
    ) -> None:
        self._scalar = scalar
        self._diagnostics = diagnostics
        self._type_of = type_of
        self.has_errors = False

    def broken(self, broken: BrokenScript) -> None:
        self.has_errors = True
        span = self._scalar.span_of(broken.start, broken.end)
        self._diagnostics.error(broken.code, broken.message, span, help=broken.help)

    def problem(self, hole: Hole, problem: Problem) -> None:
        self.has_errors = True
        if problem.code == "WF265" and self._is_poisoned(hole):
            return
        span = self._scalar.span_of(hole.start, hole.end)
        shown = " ".join(self._scalar.text[hole.start : hole.end].split())
        help = problem.help.replace(TEMPLATE, shown)
        self._diagnostics.error(problem.code, problem.message, span, help=help)

    def _is_poisoned(self, hole: Hole) -> bool:
        """Whether its type is not known because of an error that was told already."""
        if self._type_of(hole) != UNKNOWN:
            return False
        span = self._scalar.span_of(hole.start, hole.end)
        return any(
            found.severity == "error"
            and found.span.file is span.file
            and span.start <= found.span.start < span.end
            for found in self._diagnostics
        )


def _script(source: str, places: Places, names: VariableNames) -> ShellScript:
    placed = sorted(places.placed, key=lambda each: each.hole.start)
    pieces: list[str] = []
    at = 0
    for run in _runs(placed):
        pieces += source[at : run[0].start], _reference(source, run, names)
        at = run[-1].end
    pieces.append(source[at:])
    holes = [each.hole for each in placed if each.kind in ("inline", "word")]
    variables: dict[str, Hole] = {}
    for hole in holes:
        variables.setdefault(names.name(hole), hole)
    numbers = frozenset(names.name(hole) for hole in places.numbers)
    return ShellScript("".join(pieces), tuple(variables.items()), numbers)


def _runs(placed: Sequence[Placed]) -> Iterable[Sequence[Placed]]:
    """Holes side by side share their quotes."""
    start = 0
    for at, (left, right) in enumerate(pairwise(placed), start=1):
        is_one = left.kind == right.kind == "word" and left.end == right.start
        if not is_one:
            yield placed[start:at]
            start = at
    yield placed[start:]


def _reference(source: str, run: Sequence[Placed], names: VariableNames) -> str:
    first = run[0]
    if first.kind == "nothing":
        return ""
    if first.kind == "comment":
        return " ".join(source[first.start : first.end].split())
    inside = "".join(f"${{{names.name(placed.hole)}}}" for placed in run)
    if first.kind == "inline":
        return inside
    return f'{first.before}"{inside}"{run[-1].after}'
