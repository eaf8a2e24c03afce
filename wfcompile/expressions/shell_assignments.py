"""What a script puts into variables: `name=value`, `declare`, `read`.

The values are data, but for variables that some program runs, that the shell computes, or that
name other variables.
"""

from __future__ import annotations

from collections.abc import Sequence

from wfcompile.expressions.shell_files import path_of
from wfcompile.expressions.shell_names import (
    array_names,
    integer_names,
)
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import NAMES_VARIABLE, in_list
from wfcompile.expressions.shell_programs import COMPUTED, LOCAL, usage_of
from wfcompile.expressions.shell_tree import (
    EXPANSION_MARK,
    HOLE_MARK,
    Output,
    Word,
    joined,
)
from wfcompile.expressions.shell_usage import arguments
from wfcompile.expressions.shell_variables import variable_problem


class Assignments:
    """The variables of one script.

    Args:
        script: its text, from which it is known what the script declares.
    """

    def __init__(self, places: Places, script: str) -> None:
        self._places = places
        self._flows = places.flows
        # what is assigned to them is computed
        self._integers = integer_names(script) | COMPUTED
        # a declaring command reads their value as code
        self._arrays = array_names(script)
        # names of other variables: the first value of each is such a name
        self._references: set[str] = set()

    def assign(self, word: Word) -> None:
        """`name=value`."""
        target, equals, value = word.text.partition("=")
        name = target.rstrip("+").partition("[")[0]
        if equals and EXPANSION_MARK not in value and HOLE_MARK not in value:
            self._flows.set_text(name, value)
        if equals:
            self._value(name, word, len(target) + 1)
        elements = joined(each.output for each in word.elements)
        first = word.elements[0].head() if word.elements else Output()
        head = joined([word.head(len(target) + len(equals)), first])
        if target.endswith("+") and self._flows.has_value(name):
            head = Output()
        self._flows.assign(name, joined([word.output, elements]), head)
        if name in self._references:
            self._places.object_word(word, NAMES_VARIABLE)
        if name in self._integers:
            self._places.need_numbers(word, "arithmetic")
        self.export(word)

    def _value(self, name: str, word: Word, start: int) -> None:
        """What may stand in the place of `$name` in paths and commands."""
        is_text = not word.elements and not {"[", "+"} & set(word.text[:start])
        self._flows.files.assign(name, path_of(word, start) if is_text else None)
        if word.text[start - 2 : start] == "+=":
            self._flows.add_value(name, word)
        else:
            value = word if word.elements else word.part(start, len(word.text))
            self._flows.set_value(name, value)

    def export(self, word: Word) -> None:
        """`name=value` is in the environment of a command."""
        name = word.text.partition("=")[0].rstrip("+")
        if problem := variable_problem(name):
            self._places.object_word(word, problem)

    def declare(self, name: str, words: Sequence[Word]) -> None:
        """`declare -i name=value`: the name is written out, the value no code."""
        options = [word.text for word in words if word.text[:1] in ("-", "+")]
        flags = "".join(text[1:] for text in options)
        for word in words:
            target, equals, _ = word.text.partition("=")
            end = len(target) if equals and word.text not in options else None
            self._places.object_holes(word.holes_in(0, end), NAMES_VARIABLE)
            if name in LOCAL and "g" not in flags:
                self._flows.scopes.declare(target.rstrip("+"))
            self.assign(word)
            if "i" in flags:
                self._places.need_numbers(word, "arithmetic")
            if "n" in flags and word.text not in options:
                self._refer(target, word)
            if {"a", "A"} & set(flags) or target.rstrip("+") in self._arrays:
                label = " ".join([name, *options])
                self._places.object_word(word, in_list(label))

    def _refer(self, name: str, word: Word) -> None:
        """`declare -n name=other`: the two are one variable."""
        self._places.object_word(word, NAMES_VARIABLE)
        _, equals, other = word.text.partition("=")
        if not equals:
            self._references.add(name)
        elif names := list(filter(None, word.expansions)):
            self._flows.refer(name, names[0])
        else:
            self._flows.refer(name, other)

    def fill(self, name: str, words: Sequence[Word], given: Output) -> None:
        """`read name`: the variable takes what is read."""
        usage = usage_of(name)
        assert usage is not None
        found = list(arguments(usage, words))
        for argument in found:
            if argument.option == "-u":
                descriptor = argument.word.text[argument.start :]
                given = Output(names=(f"> &{descriptor}",))
        for argument in found:
            if argument.role == "name":
                self._flows.assign(argument.word.text, given)
                self._flows.files.assign(argument.word.text, None)
        if not any(argument.role == "name" for argument in found):
            self._flows.assign("REPLY" if name == "read" else "MAPFILE", given)
