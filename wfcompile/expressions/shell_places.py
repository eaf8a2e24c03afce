"""Where the holes of a script stand, and what is wrong there.

`Places` collects the holes in the order in which they are met, and the gravest problem of each.
"""

from __future__ import annotations

from collections.abc import Callable

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_flow import Flows, Use, way_of
from wfcompile.expressions.shell_problems import Problem, bad_descriptor, no_number
from wfcompile.expressions.shell_tree import Placed
from wfcompile.types import LiteralType, Primitive, Type, UnionType

_BOUND = frozenset(
    ("int", "float", "bool", "Decimal", "date", "datetime", "timedelta", "None")
)


class Places:
    """The holes of one script.

    Args:
        shell: "bash" or "sh".
        type_of: the type of a hole's value.
        is_free: whether a hole's value may be any text.
        has_maps: whether the script may have arrays whose keys are texts.
    """

    def __init__(
        self,
        shell: str,
        type_of: Callable[[Hole], Type],
        is_free: Callable[[Hole], bool],
        *,
        has_maps: bool = False,
    ) -> None:
        self.has_maps = has_maps
        self.shell = shell
        self.placed: list[Placed] = []
        self.problems: dict[Hole, Problem] = {}
        self.numbers: set[Hole] = set()
        self.flows = Flows()
        self._type_of = type_of
        self._is_free = is_free

    def add(self, placed: Placed) -> Placed:
        self.placed.append(placed)
        return placed

    def object(self, hole: Hole, problem: Problem) -> None:
        """The first problem of a hole is the one that is told, and errors before warnings."""
        if problem.only_free and not self._is_free(hole):
            return
        told = self.problems.get(hole)
        if told is None or told.severity == "warning" and problem.severity == "error":
            self.problems[hole] = problem

    def need_number(self, hole: Hole, where: str, way: str = "") -> None:
        """The shell evaluates the value here: only a whole number cannot run code."""
        self.numbers.add(hole)
        type_ = self._type_of(hole)
        if not is_whole(type_):
            self.object(hole, no_number(type_, where).through(way))

    def need_descriptor(self, hole: Hole) -> None:
        self.numbers.add(hole)
        type_ = self._type_of(hole)
        if not is_whole(type_):
            self.object(hole, bad_descriptor(type_))

    def follow(self) -> None:
        """At the end: what holes meet that are put into a variable or a file."""
        for name, use, output in self.flows.reached():
            for hole in output.printed:
                self.meet(hole, use, name)

    def meet(self, hole: Hole, use: Use, name: str) -> None:
        """The value of the hole gets to a use of the variable."""
        if use.problem:
            self.object(hole, use.problem.through(way_of(name)))
        else:
            self.need_number(hole, use.where, way_of(name))


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
