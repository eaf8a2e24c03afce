"""The functions of a script: their arguments, their own variables, and what each of them reads.

`Scopes` follows the reader of a script into functions, loops and branches. A positional parameter
that is read becomes a `Reference`, because what it stands for is known only when the whole script
is read: a `shift` of the same loop may come later, and so may calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wfcompile.expressions.shell_tree import EXPANSION_MARK, Output, Word, joined

Block = Literal["loop", "branch", "group", "subshell"]

SCRIPT = ""
"""The script itself, as the name of a function."""
_SEEN, _OF, _CHANGED = " seen in functions", " of ", " set in functions"


@dataclass(slots=True, eq=False)
class Reference:
    """`$1` or, with `is_rest`, `$@`: the argument at `position`, or those from there on.

    `offset` counts the arguments that are shifted away before. Not `is_exact`: there may be more
    of them, so that it may be any later argument.
    """

    function: str
    index: int
    offset: int
    is_rest: bool
    is_exact: bool

    @property
    def position(self) -> int:
        return self.offset + self.index


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """The arguments of a function from position `start` + 1 on."""

    words: Sequence[Word]
    start: int = 0

    def certain(self) -> int:
        """How many of the words have a known position: those behind several words have not."""
        for count, word in enumerate(self.words):
            if word.is_list or word.is_spread:
                return count
        return len(self.words)

    def words_of(self, reference: Reference) -> Sequence[Word]:
        """The words that the reference stands for, as far as their positions are known."""
        first = max(reference.position - 1 - self.start, 0)
        if reference.is_rest:
            return self.words[first:]
        if reference.position <= self.start or first >= self.certain():
            return ()
        return self.words[first : first + 1]

    def output(self, reference: Reference) -> tuple[Output, Output]:
        """All that the reference may stand for, and the first word of that."""
        certain = self.certain()
        first = reference.position - 1 - self.start
        is_more = reference.is_rest or not reference.is_exact
        last = len(self.words) if is_more else first + 1
        floating = self.words[certain:]
        known = self.words[max(first, 0) : max(min(last, certain), 0)]
        every = joined(word.output for word in (*known, *floating))
        if not reference.is_rest:
            return every, joined(word.head() for word in (*known, *floating))
        begin = [*known[:1], *floating[: not known]]
        if not reference.is_exact:
            # wrappers shift the options away
            begin += [word for word in known if word.text[:1] != "-"][:1]
        return every, joined(word.head() for word in begin)


@dataclass(slots=True)
class _Frame:
    """A block that is open; the fields are as they were in front of it."""

    block: Block
    function: str
    offset: int
    is_exact: bool
    input: str
    references: int
    is_body: bool
    is_shifted: bool = False


class Scopes:
    """The functions and blocks around the place that is read.

    Attributes:
        function: the name of the function, SCRIPT outside.
        input: the name of what commands read there that have no input of their own.
    """

    def __init__(self) -> None:
        self.function = SCRIPT
        self.input = "<0"
        self.references: dict[str, Reference] = {}
        self.calls: dict[str, list[Call]] = defaultdict(list)
        self.functions: set[str] = set()
        self._locals: dict[str, dict[str, None]] = defaultdict(dict)
        self._offset = 0
        self._is_exact = True
        self._frames: list[_Frame] = []
        self._inputs = 0

    # --- blocks ---

    def new_input(self) -> str:
        self._inputs += 1
        return f"<{self._inputs}"

    def open(self, block: Block, function: str | None = None, input: str = "") -> None:
        """A block begins; with `function` it is the body of that."""
        self._frames.append(
            _Frame(
                block,
                self.function,
                self._offset,
                self._is_exact,
                self.input,
                len(self.references),
                function is not None,
            )
        )
        self.input = input or self.input
        if function is not None:
            self.function, self._offset, self._is_exact = function, 0, True
            self.functions.add(function)

    def enter(self, function: str, input: str) -> None:
        """Back to a place that was read before."""
        self.function, self.input = function, input

    def unwind(self, depth: int) -> None:
        """Closes the blocks that are open but for the outer `depth`."""
        while len(self._frames) > depth:
            self.close()

    @property
    def depth(self) -> int:
        return len(self._frames)

    def branch(self) -> None:
        """Another arm begins, for which those before have not run."""
        if self._frames:
            frame = self._frames[-1]
            self._offset, self._is_exact = frame.offset, frame.is_exact

    def close(self) -> None:
        frame = self._frames.pop()
        self.function, self.input = frame.function, frame.input
        if frame.block == "loop" and frame.is_shifted:
            for reference in list(self.references.values())[frame.references :]:
                reference.offset, reference.is_exact = frame.offset, False
        if frame.is_body or frame.block == "subshell":
            self._offset, self._is_exact = frame.offset, frame.is_exact
            return
        if frame.is_shifted and frame.block != "group":
            self._offset, self._is_exact = frame.offset, False
        if frame.is_shifted and self._frames:
            self._frames[-1].is_shifted = True

    # --- positional parameters ---

    def shift(self, count: int | None, *, is_certain: bool) -> None:
        """`count` is None where it is not known."""
        if count is None or not is_certain:
            self._is_exact = False
        else:
            self._offset += count
        if self._frames:
            self._frames[-1].is_shifted = True

    def refer(self, sign: str, index: int) -> str:
        """The name for `$sign`, which is the number `index`, or `@` or `*` from there on."""
        is_rest = not sign.isdigit()
        sign = sign if is_rest else str(index)
        name = f"@{len(self.references)}:{sign} {self.function}"
        self.references[name] = Reference(
            self.function, index, self._offset, is_rest, self._is_exact
        )
        return name

    def set(self, words: Sequence[Word]) -> None:
        """`set -- words`."""
        self.calls[self.function].append(Call(words, self._offset))

    def call(self, function: str, words: Sequence[Word], start: int = 0) -> None:
        self.calls[function].append(Call(words, start))

    # --- variables ---

    def declare(self, name: str) -> None:
        """`local name`."""
        if self.function != SCRIPT:
            self._locals[name][self.function] = None

    def read(self, name: str) -> str:
        """The name for what `$name` may be: a function sees the variables of its callers too."""
        if not name.isidentifier() or self.function == SCRIPT:
            return name
        if self.function in self._locals.get(name, ()):
            return f"{name}{_OF}{self.function}"
        return f"{name}{_SEEN}"

    def written(self, name: str) -> list[str]:
        """The names for what an assignment to `name` changes."""
        if not name.isidentifier() or self.function == SCRIPT:
            return [name]
        if self.function in self._locals.get(name, ()):
            return [f"{name}{_OF}{self.function}"]
        return [name, f"{name}{_CHANGED}"]

    def sources(self, name: str) -> list[str]:
        """The other names whose values the variable of this name may have."""
        if name.endswith(_SEEN):
            plain = name.removesuffix(_SEEN)
            return [plain, *(f"{plain}{_OF}{each}" for each in self._locals[plain])]
        plain, of, _ = name.partition(_OF)
        return [f"{plain}{_CHANGED}"] if of else []


def plain_name(name: str) -> str:
    """The variable as the script has it.

    >>> plain_name("x of f"), plain_name("x seen in functions"), plain_name("@3:1 f")
    ('x', 'x', '1 of f')
    """
    plain, _, rest = name.partition(" ")
    return f"{plain.partition(':')[2]}{_OF}{rest}" if plain[:1] == "@" else plain


def lone_expansion(word: Word) -> str:
    """The name in a word that is nothing but the value of that, "" for any other word."""
    is_lone = word.text == EXPANSION_MARK and not word.outputs
    return word.expansions[0] if is_lone else ""


def parts(word: Word, start: int = 0) -> Iterator[Word]:
    """The words that another reading makes of `text[start:]`."""
    at = start
    for part in word.text[start:].split():
        at = word.text.index(part, at)
        yield word.part(at, at + len(part))
        at += len(part)
