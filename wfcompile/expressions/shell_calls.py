"""Commands whose words are the arguments of a function, or the words of a variable.

`"$@"` is a command of its own in each call of its function, and `$cmd a` one for each text that
the script gives to `cmd`. `Expansions` keeps the commands with such words and, when the script
is read, gives each one with the words in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from wfcompile.expressions.shell_flow import Flows, way_of
from wfcompile.expressions.shell_scopes import Call, lone_expansion, parts
from wfcompile.expressions.shell_tree import Command, Output, Word

_DEEPEST = 6
_MOST = 1000
"""Commands that are looked at in the places of others."""
_MOST_OF_ONE = 100
_LONGEST = 50
"""Words of such a command."""


@dataclass(slots=True, eq=False)
class Expanded:
    """A command as it is in the place where it stands.

    Attributes:
        function: in which it stands.
        input: the name of what it reads there.
        piped: what the command in front of the pipe prints.
        way: how the words get there.
        depth: how often words were put in.
        done: how many calls or values have given it words.
    """

    command: Command
    function: str
    input: str
    piped: Output | None
    way: str = ""
    depth: int = 0
    done: int = 0


class Expansions:
    """The commands of one script with words that other places give."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._kept: list[Expanded] = []
        self.current: Expanded | None = None

    def keep(self, command: Command, piped: Output | None) -> None:
        """The command is looked at again if one of its words is an expansion."""
        found = filter(lone_expansion, _words(command))
        if next(found, None) is None:
            return
        scopes, way, depth = self._flows.scopes, "", 0
        if self.current is not None:
            way, depth = self.current.way, self.current.depth + 1
        if depth < _DEEPEST:
            place = (scopes.function, scopes.input)
            command = replace(command, assignments=[])
            self._kept.append(Expanded(command, *place, piped, way, depth))

    def all(self) -> Iterator[Expanded]:
        """Each command with the words of a call or a value; what is kept meanwhile comes too."""
        count = 0
        is_new = True
        while is_new:
            is_new = False
            for kept in list(self._kept):
                sources = self._sources(kept)[:_MOST_OF_ONE]
                for source in sources[kept.done :]:
                    kept.done += 1
                    expanded = self._expanded(kept, source)
                    if expanded is not None and count < _MOST:
                        count += 1
                        is_new = True
                        yield expanded

    def _sources(self, kept: Expanded) -> list[tuple[str, Call | Word]]:
        """The calls of the function, or the values of the variable, that words are of."""
        names = list(filter(None, map(lone_expansion, _words(kept.command))))
        references = self._flows.scopes.references
        for name in names:
            if name in references:
                calls = self._flows.scopes.calls.get(references[name].function, ())
                return [(name, call) for call in calls]
        for name in names:
            if values := list(self._values(name)):
                return [(name, value) for value in values]
        return []

    def _expanded(
        self, kept: Expanded, source: tuple[str, Call | Word]
    ) -> Expanded | None:
        name, given = source
        if isinstance(given, Word):
            command = self._with_value(kept.command, name, given)
            way = kept.way
        else:
            function = self._flows.scopes.references[name].function
            command = _mapped(kept.command, partial(self._arguments, function, given))
            way = kept.way or way_of(name)
        if command is None or len(command.words) > _LONGEST:
            return None
        return replace(kept, command=command, way=way, done=0)

    def _arguments(self, function: str, call: Call, word: Word) -> Sequence[Word]:
        reference = self._flows.scopes.references.get(lone_expansion(word))
        if reference is None or reference.function != function:
            return [word]
        if reference.is_rest and not word.is_spread:
            return [word]
        found = call.words_of(reference)
        if not reference.is_exact and reference.is_rest:
            found = _without_options(found)
        if not found and not reference.is_exact:
            return [word]
        return [each for one in found for each in _split(one, word)]

    # --- values of variables ---

    def _values(self, name: str) -> Iterator[Word]:
        for each in (name, *self._flows.scopes.sources(name)):
            yield from self._flows.values.get(each, ())

    def _with_value(self, command: Command, name: str, value: Word) -> Command | None:
        """None where the value changes nothing: it is a plain argument."""
        is_command = bool(command.words) and lone_expansion(command.words[0]) == name

        def words(word: Word) -> Sequence[Word]:
            if lone_expansion(word) != name:
                return [word]
            if value.elements:
                return value.elements if word.is_spread else value.elements[:1]
            return list(_split(value, word))

        found = [
            each
            for word in _words(command)
            if lone_expansion(word) == name
            for each in words(word)
        ]
        if is_command or any(_may_matter(each) for each in found):
            return _mapped(command, words)
        return None


def _may_matter(word: Word) -> bool:
    """Whether it may be more than a plain argument: an option, or another expansion."""
    return word.text[:1] == "-" or bool(lone_expansion(word))


def _split(value: Word, place: Word) -> Iterable[Word]:
    """The words that the value is where `place` stands."""
    if place.is_spread and place.written[:1] != '"' and not value.is_spread:
        return list(parts(value))
    return [value]


def _without_options(words: Sequence[Word]) -> Sequence[Word]:
    for index, word in enumerate(words):
        if word.text[:1] != "-":
            return words[index:]
    return ()


def _words(command: Command) -> Iterator[Word]:
    yield from command.words
    yield from command.targets
    yield from command.sources


def _mapped(command: Command, words_of: Callable[[Word], Sequence[Word]]) -> Command:
    def mapped(words: Sequence[Word]) -> list[Word]:
        return [each for word in words for each in words_of(word)]

    return replace(
        command,
        words=mapped(command.words),
        targets=mapped(command.targets),
        sources=mapped(command.sources),
    )
