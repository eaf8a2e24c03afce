"""`bash:` texts: shell text with holes -> the script, and the variables that carry the values.

Goes in: a scalar and its text; comes out: the text, byte for byte, in which every hole is a
reference to an environment variable that is safe between the quotes where it stands. A value is
never text of the script: where a shell would run it, take it for a name, or evaluate it, there is
an error instead. Nothing is run here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wfcompile.diagnostics import Diagnostic, Diagnostics, Note
from wfcompile.expressions.nodes import Hole, Text
from wfcompile.expressions.shell_assignments import Assignments
from wfcompile.expressions.shell_commands import CommandChecker
from wfcompile.expressions.shell_flow import Use
from wfcompile.expressions.shell_lexer import read_script
from wfcompile.expressions.shell_names import (
    VariableNames,
    map_names,
    used_names,
    variable_name,
)
from wfcompile.expressions.shell_places import Places, may_be_any_text
from wfcompile.expressions.shell_problems import (
    TEMPLATE,
    WORDS_OF_SH,
    BrokenScript,
    Problem,
)
from wfcompile.expressions.shell_source import Cursor, view_of
from wfcompile.expressions.shell_tree import Placed
from wfcompile.expressions.shell_variables import variable_problem
from wfcompile.nodes import Scalar
from wfcompile.types import UNKNOWN, Type

__all__ = [
    "Reference",
    "ShellScript",
    "ShellVariable",
    "rewrite_shell",
    "variable_name",
]


@dataclass(frozen=True, slots=True)
class ShellVariable:
    """A variable of the stage's `env` whose value has templates.

    `type_of` and `is_free` are asked as those of the script.
    """

    name: str
    scalar: Scalar
    holes: tuple[Hole, ...]
    type_of: Callable[[Hole], Type]
    is_free: Callable[[Hole], bool]


@dataclass(frozen=True, slots=True)
class Reference:
    """`script[start:end]`, which stands for `text[hole_start:hole_end]` of the scalar."""

    start: int
    end: int
    hole_start: int
    hole_end: int


@dataclass(frozen=True, slots=True)
class ShellScript:
    """A script that is ready to run.

    Attributes:
        holes: variable -> the hole whose value it carries; each variable once, in order of first
            use. A hole in a comment has none.
        numbers: variables, those of the `env` too, that stand where the shell computes, and so
            must hold whole numbers.
        typed: variables whose values may stand in code because of their type alone.
        words: the arrays of lists that become several words; in "sh" the one is `"$@"`, and
            its name only says what it holds.
        references: what stands for the holes, in order.
        is_closed: False when it was told that something in it is open, or is no command.
    """

    script: str
    holes: tuple[tuple[str, Hole], ...] = ()
    numbers: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    words: tuple[tuple[str, Hole], ...] = ()
    references: tuple[Reference, ...] = ()
    is_closed: bool = True


def rewrite_shell(
    scalar: Scalar,
    text: Text,
    diagnostics: Diagnostics,
    *,
    type_of: Callable[[Hole], Type],
    is_free: Callable[[Hole], bool] | None = None,
    shell: str = "bash",
    taken: Collection[str] = (),
    environment: Sequence[ShellVariable] = (),
) -> ShellScript | None:
    """Rewrite the holes of a script; None when it or one of its holes has a mistake.

    A script without values comes back as it is, whatever it holds; what a shell could not follow
    in it is a warning.

    Args:
        text: of `parse_text(..., env=False)`.
        type_of: the type of a hole's value; asked where only a whole number is safe.
        is_free: whether a hole's value may be any text; without it, what the type says.
        shell: "bash" or "sh".
        taken: variables of the stage's `env`; `environment` are those with templates.

    Adds WF260 to WF278, WF520.
    """
    if any(hole.tree is None for hole in text.holes):
        return None
    plain = "\0".join(part for part in text.parts if isinstance(part, str))
    is_free = is_free or (lambda hole: may_be_any_text(type_of(hole)))
    places = Places(shell, type_of, is_free, has_maps=bool(map_names(plain)))
    reporter = _Reporter(scalar, diagnostics, type_of)
    checker = CommandChecker(places, Assignments(places, plain))
    view = view_of(text)
    try:
        read_script(Cursor(view, 0, len(view.text)), places, checker)
    except BrokenScript as broken:
        if text.holes:
            reporter.broken(broken)
        elif broken.code == "WF260":
            reporter.unclosed(broken)
    else:
        for unbalanced in places.unbalanced[:1]:
            reporter.unclosed(unbalanced)
        for slip in places.slips:
            reporter.slip(slip)
    script = ShellScript(scalar.text, is_closed=not reporter.has_open)
    if not text.holes and not environment:
        return script
    checker.expand()
    places.follow()
    _check_lists(scalar.text, places)
    reporter.problems(places)
    numbers, is_safe = _check_environment(environment, places, diagnostics)
    if reporter.has_errors or not is_safe:
        return None
    names = VariableNames(scalar.text, {*taken, *used_names(plain)})
    if text.holes:
        rewritten = _script(scalar.text, places, names)
        script = replace(rewritten, is_closed=script.is_closed)
    return replace(script, numbers=script.numbers | numbers)


def _check_lists(source: str, places: Places) -> None:
    """In "sh", which has no arrays, `$@` must be free for the list, and there is one."""
    if places.shell != "sh":
        return
    names = VariableNames(source, ())
    is_taken = places.has_positional or len(set(map(names.name, places.lists))) > 1
    for hole in places.lists if is_taken else ():
        places.object(hole, WORDS_OF_SH)


def _check_environment(
    environment: Sequence[ShellVariable], script: Places, diagnostics: Diagnostics
) -> tuple[frozenset[str], bool]:
    """The variables that the script computes with, and whether all may be used as they are."""
    uses: dict[str, list[Use]] = {}
    for name, use, _ in script.flows.reached():
        uses.setdefault(name, []).append(use)
    numbers: set[str] = set()
    is_safe = True
    for variable in environment:
        places = Places(
            script.shell, variable.type_of, variable.is_free, converts=False
        )
        for hole in variable.holes:
            if problem := variable_problem(variable.name):
                places.object(hole, problem)
            is_head = not re.search(r"\s", variable.scalar.text[: hole.start].lstrip())
            for use in uses.get(variable.name, ()):
                if is_head or not use.of_head:
                    places.meet(hole, use, variable.name)
        numbers |= {variable.name} if places.numbers else set()
        reporter = _Reporter(variable.scalar, diagnostics, variable.type_of)
        reporter.problems(places)
        is_safe = is_safe and not reporter.has_errors
    return frozenset(numbers), is_safe


class _Reporter:
    """Problems -> diagnostics."""

    def __init__(
        self, scalar: Scalar, diagnostics: Diagnostics, type_of: Callable[[Hole], Type]
    ) -> None:
        self._scalar = scalar
        self._diagnostics = diagnostics
        self._type_of = type_of
        self.has_errors = False
        self.has_open = False

    def broken(self, broken: BrokenScript) -> None:
        self.has_errors = True
        span = self._scalar.span_of(broken.start, broken.end)
        self._diagnostics.error(broken.code, broken.message, span, help=broken.help)

    def unclosed(self, broken: BrokenScript) -> None:
        """What no value depends on is for the shell to refuse, when it gets there."""
        self.has_open = True
        span = self._scalar.span_of(broken.start, broken.end)
        self._diagnostics.warning("WF520", broken.message, span, help=broken.help)

    def slip(self, slip: BrokenScript) -> None:
        self.has_open = True
        span = self._scalar.span_of(slip.start, slip.end)
        self._diagnostics.warning(slip.code, slip.message, span, help=slip.help)

    def problems(self, places: Places) -> None:
        for hole, problem in places.problems.items():
            self._problem(hole, problem)

    def _problem(self, hole: Hole, problem: Problem) -> None:
        if problem.severity == "error":
            self.has_errors = True
        if self._is_told(hole, problem):
            return
        span = self._scalar.span_of(hole.start, hole.end)
        shown = " ".join(self._scalar.text[hole.start : hole.end].split())
        help = problem.help.replace(TEMPLATE, shown)
        notes = (Note(problem.way),) if problem.way else ()
        self._diagnostics.add(
            Diagnostic(
                problem.code, problem.severity, problem.message, span, notes, help
            )
        )

    def _is_told(self, hole: Hole, problem: Problem) -> bool:
        """Whether it only follows from an error in the template."""
        asks_for_type = problem.code == "WF265" or problem.only_free
        return asks_for_type and self._is_poisoned(hole)

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
    references: list[Reference] = []
    variables: dict[str, Hole] = {}
    words: dict[str, Hole] = {}
    at = length = 0
    for run in _runs(placed):
        first, end = run[0], run[-1].end
        if first.kind == "list":
            name = names.name(first.hole)
            words.setdefault(name, first.hole)
            is_array = places.shell == "bash"
            reference = f'"${{{name}[@]}}"' if is_array else '"$@"'
        else:
            reference = _reference(source, run, names)
        pieces += [source[at : first.start], reference]
        start = length + first.start - at
        length = start + len(reference)
        references.append(Reference(start, length, first.start, end))
        if first.kind in ("inline", "word"):
            for each in run:
                variables.setdefault(names.name(each.hole), each.hole)
        at = end
    pieces.append(source[at:])
    numbers, typed = (
        frozenset(names.name(hole) for hole in each)
        for each in (places.numbers, places.typed)
    )
    return ShellScript(
        "".join(pieces),
        tuple(variables.items()),
        numbers,
        typed,
        tuple(words.items()),
        tuple(references),
    )


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
