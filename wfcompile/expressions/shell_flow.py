"""Where a script puts its values: into variables and files, and what it does with those later.

`Flows` collects both while the script is read, by name and whatever the order, and joins them at
the end: a value that is put into a variable has the problem of each place that uses it. Other
things have names of this kind too: a file is `> path`, what a function prints is `f()`, and what
the commands of a loop or a function read is `<1` or `f<`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wfcompile.expressions.shell_files import Files, path_of
from wfcompile.expressions.shell_problems import CHOOSES_FILE, Problem
from wfcompile.expressions.shell_scopes import SCRIPT, Scopes, plain_name
from wfcompile.expressions.shell_tree import Command, Output, Word, joined

_FILE = "> "


@dataclass(frozen=True, slots=True)
class Use:
    """A place of the script that a value may not reach.

    `problem` is None where a whole number is asked for, and `where` says by what. `of_head`: only
    the beginning of the value matters, up to a blank.
    """

    problem: Problem | None = None
    where: str = ""
    of_head: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    output: Output
    head: Output


_CHOOSES = Use(CHOOSES_FILE)


class Flows:
    """The variables, files, inputs and functions of one script."""

    def __init__(self) -> None:
        self.scopes = Scopes()
        self.files = Files()
        self.values: dict[str, list[Word]] = defaultdict(list)
        self._sources: dict[str, list[_Source]] = defaultdict(list)
        self._uses: dict[str, dict[Use, None]] = defaultdict(dict)
        # variables that are another name for the one that an argument names
        self._named: list[tuple[str, str]] = []
        self._texts: dict[str, str] = {}
        # the values in the paths of files
        self._paths: dict[str, Output] = {}

    # --- variables ---

    def assign(self, name: str, output: Output, head: Output | None = None) -> None:
        """The variable takes what the output holds; `head` is the part before a blank."""
        for each in self.scopes.written(name):
            self.feed(each, output, head)

    def feed(self, name: str, output: Output, head: Output | None = None) -> None:
        """The same, for a name as `read` gives it."""
        self._sources[name].append(_Source(output, head or output))

    def read(self, name: str) -> str:
        return self.scopes.read(name)

    def set_value(self, name: str, value: Word) -> None:
        """The variable takes the value of a word, or of the words in its parentheses."""
        for each in self.scopes.written(name):
            self.values[each].append(value)

    def refer(self, name: str, other: str) -> None:
        """The two are one variable; `other` is its name, or a reference to an argument."""
        own = self.scopes.written(name)[0]
        if other in self.scopes.references:
            self._named.append((own, other))
        else:
            self._join(own, self.scopes.written(other)[0])

    def _join(self, left: str, right: str) -> None:
        self.feed(left, Output(names=(right,)))
        self.feed(right, Output(names=(left,)))

    def add_value(self, name: str, word: Word) -> None:
        """`name+=(words)`: behind the words of its last value."""
        for each in self.scopes.written(name):
            if (values := self.values[each]) and word.elements:
                elements = [*values[-1].elements, *word.elements]
                values.append(replace(word, elements=elements))
            elif word.elements:
                values.append(word)

    def has_value(self, name: str) -> bool:
        return any(self.values.get(each) for each in self.scopes.written(name))

    def set_text(self, name: str, text: str) -> None:
        """The variable takes a text that is known."""
        self._texts[name] = text

    def text(self, name: str) -> str:
        return self._texts.get(plain_name(name), "")

    def assigned(self) -> Mapping[str, Output]:
        """What is put into each variable anywhere, by its name in the script."""
        outputs: dict[str, list[Output]] = defaultdict(list)
        for name, sources in self._sources.items():
            outputs[plain_name(name)] += (source.output for source in sources)
        return {name: joined(each) for name, each in outputs.items()}

    def use(self, names: Iterable[str], use: Use) -> None:
        for name in names:
            self._uses[name][use] = None

    # --- files ---

    def write(self, file: Word, output: Output) -> None:
        """The file takes what is printed, or the commands in `>( )` do."""
        if output.holes or output.heredocs or output.names:
            for name in file.sinks or [self.file(file)]:
                self.feed(name, output)

    def file(self, word: Word, start: int = 0) -> str:
        """The name of the file at the path in the word."""
        name = _FILE + path_of(word, start)
        self._paths[name] = word.output
        return name

    def input(self, command: Command) -> Output:
        """What the command reads by its redirections."""
        strings = joined(word.output for word in command.here_strings)
        files = Output(names=tuple(map(self.file, command.sources)))
        return joined([strings, Output((), tuple(command.heredocs)), files])

    def run_file(self, file: Word, problem: Problem, start: int = 0) -> None:
        """What the file holds has the problem; that a value may name it is told elsewhere."""
        self.use([_FILE + path_of(file, start)], Use(problem))

    # --- at the end ---

    def settle(self) -> None:
        """Joins the names of the same thing; the whole script is read."""
        for name, reference in self.scopes.references.items():
            for call in self.scopes.calls.get(reference.function, ()):
                self.feed(name, *call.output(reference))
        for own, other in self._named:
            reference = self.scopes.references[other]
            for call in self.scopes.calls.get(reference.function, ()):
                for word in call.words_of(reference):
                    self._join(own, word.text)
        written = (name for name in self._sources if name.startswith(_FILE))
        self.files.index(name.removeprefix(_FILE) for name in written)

    def reached(self) -> Iterator[tuple[str, Use, Output]]:
        """Each variable with each use of it, and what is put into it.

        A use of a variable is one of those too that its value is made of. What nothing is put
        into comes once, with an empty output: it may be a variable of the environment.
        """
        waiting = [(name, use) for name, uses in self._uses.items() for use in uses]
        seen = set(waiting)
        for name, use in waiting:
            outputs = [
                source.head if use.of_head else source.output
                for source in self._sources.get(name, ())
            ]
            output = joined(outputs)
            yield name, use, output
            following = [
                *((other, use) for other in output.printed_names),
                *((other, use) for other in self._same(name)),
            ]
            if use.problem is not None and use.problem.code == "WF262":
                chosen = self._paths.get(name, Output())
                yield "", _CHOOSES, chosen
                following += [(other, _CHOOSES) for other in chosen.printed_names]
            for each in dict.fromkeys(following):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)

    def _same(self, name: str) -> Iterable[str]:
        """Other names that may be the same thing."""
        if not name.startswith(_FILE):
            return self.scopes.sources(name)
        found = self.files.same(name.removeprefix(_FILE))
        return [f"{_FILE}{each}" for each in found]


def prints(function: str) -> str:
    """The name of what the function prints."""
    return f"{function}()"


def reads(function: str) -> str:
    """The name of what the commands of the function read."""
    return f"{function}<"


def way_of(name: str) -> str:
    if not name:
        return ""
    if name.startswith(_FILE):
        return f'it gets there through the file "{name.removeprefix(_FILE)}"'
    if name[:1] == "@":
        function = name.partition(" ")[2]
        owner = "the script" if function == SCRIPT else f'"{function}"'
        return f"it gets there through the arguments of {owner}"
    if name.endswith("()"):
        return f'it gets there through the output of "{name.removesuffix("()")}"'
    if name[:1] == "<":
        return "it gets there through the input of the loop"
    if name[-1:] == "<":
        return f'it gets there through the input of "{name[:-1]}"'
    return f'it gets there through the variable "{plain_name(name)}"'
