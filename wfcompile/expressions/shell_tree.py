"""What the lexer makes of a script: words, commands, heredocs, and the place of each hole.

`Places` collects the holes in the order in which they are met, and the first problem of each.
Offsets in `Placed` count characters of the script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_problems import Problem, bad_descriptor, no_number
from wfcompile.types import LiteralType, Primitive, Type, UnionType

Kind = Literal["inline", "word", "comment", "nothing"]

HOLE_MARK, EXPANSION_MARK, QUOTED_MARK = "\0", "\1", "\2"
_NO_MARKS = str.maketrans("\0\1\2", "???")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A hole and what its reference looks like.

    Attributes:
        kind: "inline" `${v}`, "word" `"${v}"`, "comment" as it was, "nothing" left out.
        start, end: what the reference takes the place of: the hole, with quotes around it that
            would be empty then.
        before, after: signs that close the author's quotes and open them again.
    """

    hole: Hole
    kind: Kind
    start: int
    end: int
    before: str = ""
    after: str = ""


class Places:
    """The holes of one script.

    Args:
        shell: "bash" or "sh".
        type_of: the type of a hole's value.
    """

    def __init__(self, shell: str, type_of: Callable[[Hole], Type]) -> None:
        self.shell = shell
        self.placed: list[Placed] = []
        self.problems: dict[Hole, Problem] = {}
        self.numbers: set[Hole] = set()
        self._type_of = type_of

    def add(self, placed: Placed) -> Placed:
        self.placed.append(placed)
        return placed

    def object(self, hole: Hole, problem: Problem) -> None:
        """The first problem of a hole is the one that is told."""
        self.problems.setdefault(hole, problem)

    def need_number(self, hole: Hole, where: str) -> None:
        """The shell evaluates the value here: only a whole number cannot run code."""
        self.numbers.add(hole)
        type_ = self._type_of(hole)
        if not is_whole(type_):
            self.object(hole, no_number(type_, where))

    def need_descriptor(self, hole: Hole) -> None:
        self.numbers.add(hole)
        type_ = self._type_of(hole)
        if not is_whole(type_):
            self.object(hole, bad_descriptor(type_))


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


@dataclass(slots=True, eq=False)
class Heredoc:
    """`holes` is filled when the body is read, which is after its command.

    Attributes:
        opener: place of the `<<` in the view.
        reader: the problem of a hole in it when what reads it runs it as code.
    """

    delimiter: str
    opener: int
    is_quoted: bool
    strips_tabs: bool
    reader: Problem | None = None
    holes: list[Hole] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """The holes whose values a command prints as they are, as `echo` does."""

    holes: tuple[Hole, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()

    @property
    def printed(self) -> tuple[Hole, ...]:
        inside = [hole for heredoc in self.heredocs for hole in heredoc.holes]
        return (*self.holes, *inside)


def joined(outputs: Iterable[Output]) -> Output:
    outputs = list(outputs)
    return Output(
        tuple(hole for output in outputs for hole in output.holes),
        tuple(heredoc for output in outputs for heredoc in output.heredocs),
    )


@dataclass(slots=True, eq=False)
class Word:
    """A word of a command.

    Attributes:
        start, end: its place in the view.
        text: what the shell makes of it as far as it is known: without quotes, HOLE_MARK for a
            hole and EXPANSION_MARK for anything else that is not literal.
        shape: as `text`, but QUOTED_MARK for each literal sign in quotes.
        holes: those of `text`, in order.
        outputs: of the commands in it.
    """

    start: int
    end: int = 0
    text: str = ""
    shape: str = ""
    holes: list[Hole] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _shapes: list[str] = field(default_factory=list)

    def literal(self, text: str, *, quoted: bool = False) -> None:
        plain = text.translate(_NO_MARKS)
        self._texts.append(plain)
        self._shapes.append(QUOTED_MARK * len(plain) if quoted else plain)

    def hole(self, hole: Hole) -> None:
        self.holes.append(hole)
        self._mark(HOLE_MARK)

    def expansion(self) -> None:
        self._mark(EXPANSION_MARK)

    def _mark(self, mark: str) -> None:
        self._texts.append(mark)
        self._shapes.append(mark)

    @property
    def pieces(self) -> list[str]:
        """The parts of `shape` so far; `text` and `shape` are there when the word is finished."""
        return self._shapes

    def finish(self, end: int) -> Word:
        self.end = end
        self.text = "".join(self._texts)
        self.shape = "".join(self._shapes)
        return self

    @property
    def all_holes(self) -> list[Hole]:
        """The holes whose values are part of the word, also through a command that prints."""
        return [*self.holes, *joined(self.outputs).printed]

    def holes_in(self, start: int, end: int | None) -> list[Hole]:
        """The holes that stand in `text[start:end]`."""
        first = self.text.count(HOLE_MARK, 0, start)
        return self.holes[first : first + self.text.count(HOLE_MARK, start, end)]


@dataclass(slots=True, eq=False)
class Command:
    """A simple command: `NAME=value ... word ... <redirections`."""

    assignments: list[Word] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    heredocs: list[Heredoc] = field(default_factory=list)
    here_strings: list[Word] = field(default_factory=list)
