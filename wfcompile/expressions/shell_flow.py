"""Where a script puts its values: into variables and files, and what it does with those later.

`Flows` collects both while the script is read, by name and whatever the order, and joins them at
the end: a value that is put into a variable has the problem of each place that uses it. A file
is a variable whose name is `> path`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wfcompile.expressions.shell_problems import Problem
from wfcompile.expressions.shell_tree import Output, joined

POSITIONAL = "@"
LOOP_INPUT = "<"
"""What a loop or a group reads whose commands have no input of their own."""
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


class Flows:
    """The variables of one script."""

    def __init__(self) -> None:
        self._sources: dict[str, list[_Source]] = defaultdict(list)
        self._uses: dict[str, dict[Use, None]] = defaultdict(dict)
        self._texts: dict[str, str] = {}

    def assign(self, name: str, output: Output, head: Output | None = None) -> None:
        """The variable takes what the output holds; `head` is the part before a blank."""
        self._sources[_own(name)].append(_Source(output, head or output))

    def write(self, path: str, output: Output) -> None:
        if output.holes or output.heredocs or output.names:
            self.assign(_file(path), output)

    def set_text(self, name: str, text: str) -> None:
        """The variable takes a text that is known."""
        self._texts[name] = text

    def text(self, name: str) -> str:
        return self._texts.get(name, "")

    def use(self, names: Iterable[str], use: Use) -> None:
        for name in names:
            self._uses[_own(name)][use] = None

    def run_file(self, path: str, problem: Problem) -> None:
        self.use([_file(path)], Use(problem))

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
            yield name, use, joined(outputs)
            for other in dict.fromkeys(map(_own, joined(outputs).printed_names)):
                if (other, use) not in seen:
                    seen.add((other, use))
                    waiting.append((other, use))


def _own(name: str) -> str:
    """All positional parameters are one, for they can be shifted."""
    return POSITIONAL if name.isdigit() or name == "*" else name


def _file(path: str) -> str:
    return _FILE + path.removeprefix("./")


def way_of(name: str) -> str:
    if name.startswith(_FILE):
        return f'it gets there through the file "{name.removeprefix(_FILE)}"'
    if name == LOOP_INPUT:
        return "it gets there through the input of the loop"
    if name == POSITIONAL:
        return "it gets there through the arguments of the script"
    return f'it gets there through the variable "{name}"'
