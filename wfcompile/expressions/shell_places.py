"""Where the holes of a script stand, and what is wrong there.

`Places` collects the holes in the order in which they are met, and the gravest problem of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wfcompile.expressions.nodes import WORDS, FilterCall, Hole
from wfcompile.expressions.shell_flow import Flows, Use, way_of
from wfcompile.expressions.shell_problems import (
    WITHIN_WORD,
    BrokenScript,
    Problem,
    bad_descriptor,
    no_key,
    no_number,
)
from wfcompile.expressions.shell_source import ShellView
from wfcompile.expressions.shell_tree import HOLE_MARK, Output, Placed, Word
from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    UNKNOWN,
    LiteralType,
    Primitive,
    Type,
    UnionType,
)

_CONVERTED = frozenset((INT, FLOAT, BOOL, DECIMAL, DATE, DATETIME))
"""Types to which the run converts a value, so that it has their form or the stage fails."""
_BOUND = frozenset(
    ("int", "float", "bool", "Decimal", "date", "datetime", "timedelta", "None")
)


class Places:
    """The holes of one script.

    Args:
        shell: "bash" or "sh".
        type_of: the type of a hole's value.
        is_free: whether a hole's value may be any text.
        converts: whether a value can be converted to its type.
        has_maps: whether the script may have arrays whose keys are texts.
    """

    def __init__(
        self,
        shell: str,
        type_of: Callable[[Hole], Type],
        is_free: Callable[[Hole], bool],
        *,
        converts: bool = True,
        has_maps: bool = False,
    ) -> None:
        self.has_maps = has_maps
        self.shell = shell
        self.placed: list[Placed] = []
        self.problems: dict[Hole, Problem] = {}
        self.numbers: set[Hole] = set()
        self.typed: set[Hole] = set()
        self.lists: set[Hole] = set()
        self.has_positional = False
        self.flows = Flows()
        self.unbalanced: list[BrokenScript] = []
        self.slips: list[BrokenScript] = []
        self.way = ""
        self._type_of = type_of
        self._is_free = is_free
        self._converts = converts

    def add(self, placed: Placed) -> Placed:
        self.placed.append(placed)
        return placed

    def spread(self, word: Word, view: ShellView) -> None:
        """The word may be any number of words, if it is a hole that asks for that."""
        if word.text != HOLE_MARK or not asks_for_words(word.holes[0]):
            return
        hole = word.holes[0]
        word.is_list = True
        self.lists.add(hole)
        self.placed = [each for each in self.placed if each.hole != hole]
        self.add(Placed(hole, "list", *view.bounds(word.start, word.end)))

    def object(self, hole: Hole, problem: Problem) -> None:
        """The first problem of a hole is the one that is told, and errors before warnings."""
        if problem.only_free and self.is_bound(hole):
            return
        if asks_for_words(hole):
            problem = problem.of_list()
        problem = problem.through(self.way)
        told = self.problems.get(hole)
        if told is None or told.severity == "warning" and problem.severity == "error":
            self.problems[hole] = problem

    def object_holes(self, holes: Iterable[Hole], problem: Problem) -> None:
        for hole in holes:
            self.object(hole, problem)

    def object_word(self, word: Word, problem: Problem) -> None:
        """The problem of all values in the word."""
        self.object_output(word.output, problem)

    def object_output(self, output: Output, problem: Problem) -> None:
        self.object_holes(output.printed, problem)
        for heredoc in output.heredocs:
            heredoc.reader = heredoc.reader or problem
        self.flows.use(output.printed_names, Use(problem))

    def need_numbers(self, word: Word, where: str) -> None:
        for hole in word.all_holes:
            self.need_number(hole, where)
        self.flows.use(word.output.printed_names, Use(where=where))

    def is_bound(self, hole: Hole) -> bool:
        """Whether no value of the hole is more than a number, a date or a text of the author."""
        if not self._is_free(hole):
            return True
        if self._converts and self._type_of(hole) in _CONVERTED:
            self.typed.add(hole)
            return True
        return False

    def need_number(self, hole: Hole, where: str, way: str = "") -> None:
        """The shell evaluates the value here: only a whole number cannot run code.

        The run converts it; a type is refused that is never one.
        """
        self.numbers.add(hole)
        type_ = self._type_of(hole)
        if not may_be_whole(type_):
            self.object(hole, no_number(type_, where).through(way))

    def need_key(self, hole: Hole) -> None:
        """What names the map may name a list in another place, whose index is computed."""
        type_ = self._type_of(hole)
        if is_whole(type_):
            self.numbers.add(hole)
        else:
            self.object(hole, no_key(type_))

    def need_descriptor(self, hole: Hole) -> None:
        self.numbers.add(hole)
        type_ = self._type_of(hole)
        if not is_whole(type_):
            self.object(hole, bad_descriptor(type_))

    def follow(self) -> None:
        """At the end: what holes meet that are put into a variable or a file."""
        for placed in self.placed:
            is_shown = placed.kind in ("inline", "word")
            if is_shown and asks_for_words(placed.hole):
                self.object(placed.hole, WITHIN_WORD)
        self.flows.settle()
        for name, use, output in self.flows.reached():
            for hole in output.printed:
                self.meet(hole, use, name)

    def meet(self, hole: Hole, use: Use, name: str) -> None:
        """The value of the hole gets to a use of the variable."""
        if use.problem:
            self.object(hole, use.problem.through(way_of(name)))
        else:
            self.need_number(hole, use.where, way_of(name))


def asks_for_words(hole: Hole) -> bool:
    return isinstance(hole.tree, FilterCall) and hole.tree.name == WORDS


def may_be_any_text(type_: Type) -> bool:
    """Whether a value's text is not bound to the form of a number or date, or to a choice.

    The texts of a choice are the author's own.
    """
    match type_:
        case Primitive(name):
            return name not in _BOUND
        case LiteralType():
            return False
        case UnionType(members):
            return any(map(may_be_any_text, members))
    return True


def is_whole(type_: Type) -> bool:
    """Whether a value's text is a whole number; a bool's is not."""
    match type_:
        case Primitive(name):
            return name == "int"
        case LiteralType(values):
            return all(type(value) is int for value in values)
        case UnionType(members):
            return all(map(is_whole, members))
    return False


def may_be_whole(type_: Type) -> bool:
    """Whether a value may be a whole number for all that is known before the run."""
    if isinstance(type_, UnionType):
        return any(map(may_be_whole, type_.members))
    return type_ == UNKNOWN or is_whole(type_)
