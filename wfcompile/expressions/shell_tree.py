"""What the lexer makes of a script: words, commands, heredocs, and the place of each hole.

Offsets in `Placed` count characters of the script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_problems import Problem
from wfcompile.expressions.shell_source import ShellView

Kind = Literal["inline", "word", "list", "comment", "nothing"]

HOLE_MARK, EXPANSION_MARK, QUOTED_MARK = "\0", "\1", "\2"
_NO_MARKS = str.maketrans("\0\1\2", "???")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A hole and what its reference looks like.

    Attributes:
        kind: "inline" `${v}`, "word" `"${v}"`, "list" `"${v[@]}"`, "comment" as it was, "nothing" left out.
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


@dataclass(slots=True, eq=False)
class Heredoc:
    """`holes` is filled when the body is read, which is after its command.

    Attributes:
        opener: place of the `<<` in the view.
        reader: the problem of a hole in it when what reads it runs it as code.
        names: the variables whose values stand in the body, filled with `holes`.
        run: what is done with the body when a shell reads it.
    """

    delimiter: str
    opener: int
    is_quoted: bool
    strips_tabs: bool
    reader: Problem | None = None
    run: Callable[[Word], None] | None = None
    holes: list[Hole] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """The holes and variables whose values a command prints as they are, as `echo` does."""

    holes: tuple[Hole, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def printed(self) -> tuple[Hole, ...]:
        inside = [hole for heredoc in self.heredocs for hole in heredoc.holes]
        return (*self.holes, *inside)

    @property
    def printed_names(self) -> tuple[str, ...]:
        inside = [name for heredoc in self.heredocs for name in heredoc.names]
        return (*self.names, *inside)


def joined(outputs: Iterable[Output]) -> Output:
    """All of them, each value once."""
    outputs = list(outputs)
    return Output(
        tuple(dict.fromkeys(hole for each in outputs for hole in each.holes)),
        tuple(dict.fromkeys(heredoc for each in outputs for heredoc in each.heredocs)),
        tuple(dict.fromkeys(name for each in outputs for name in each.names)),
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
        expansions: the variable of each EXPANSION_MARK, "" where the value is not as it was.
        outputs: of the commands in it.
        elements: the words in `( )` behind it.
        is_list: it is a hole that becomes any number of words.
        is_spread: what it expands to may be any number of words.
        written: its text in the script.
        sinks: the names of what the commands in `>( )` read.
    """

    start: int
    end: int = 0
    text: str = ""
    shape: str = ""
    holes: list[Hole] = field(default_factory=list)
    expansions: list[str] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    elements: list[Word] = field(default_factory=list)
    is_list: bool = False
    is_spread: bool = False
    written: str = ""
    sinks: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _shapes: list[str] = field(default_factory=list)

    def literal(self, text: str, *, quoted: bool = False) -> None:
        plain = text.translate(_NO_MARKS)
        self._texts.append(plain)
        self._shapes.append(QUOTED_MARK * len(plain) if quoted else plain)

    def hole(self, hole: Hole) -> None:
        self.holes.append(hole)
        self._mark(HOLE_MARK)

    def expansion(self, name: str = "") -> None:
        self.expansions.append(name)
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

    @property
    def output(self) -> Output:
        """What the word is made of."""
        own = Output(tuple(self.holes), (), tuple(filter(None, self.expansions)))
        return joined([own, *self.outputs])

    def head(self, start: int = 0) -> Output:
        """What stands in `text[start:]` before the first blank."""
        end = next(
            (at for at in range(start, len(self.text)) if self.text[at] in " \t\n"),
            len(self.text),
        )
        names = filter(None, self.expansions_in(start, end))
        return Output(tuple(self.holes_in(start, end)), (), tuple(names))

    def part(self, start: int, end: int) -> Word:
        """`text[start:end]` as a word of its own."""
        expansions = self.expansions_in(start, end)
        return Word(
            self.start,
            self.end,
            self.text[start:end],
            self.shape[start:end],
            self.holes_in(start, end),
            expansions,
            self.outputs if "" in expansions else [],
            written=self.written,
        )

    def expansions_in(self, start: int, end: int) -> list[str]:
        first = self.text.count(EXPANSION_MARK, 0, start)
        count = self.text.count(EXPANSION_MARK, start, end)
        return self.expansions[first : first + count]

    def holes_in(self, start: int, end: int | None) -> list[Hole]:
        """The holes that stand in `text[start:end]`."""
        first = self.text.count(HOLE_MARK, 0, start)
        return self.holes[first : first + self.text.count(HOLE_MARK, start, end)]


@dataclass(slots=True, eq=False)
class Command:
    """A simple command: `NAME=value ... word ... <redirections`.

    Attributes:
        here_strings: also what `< <( )` reads.
        sources: the files that it reads.
        targets: the files that it prints to.
        is_redirected: what it prints goes to the targets alone.
        is_conditional: it stands behind `&&` or `||`.
        view: where its words stand.
    """

    assignments: list[Word] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    heredocs: list[Heredoc] = field(default_factory=list)
    here_strings: list[Word] = field(default_factory=list)
    sources: list[Word] = field(default_factory=list)
    targets: list[Word] = field(default_factory=list)
    is_redirected: bool = False
    is_conditional: bool = False
    view: ShellView | None = None

    @property
    def has_input(self) -> bool:
        return bool(self.heredocs or self.here_strings or self.sources)

    @property
    def is_empty(self) -> bool:
        return not (self.assignments or self.words)
