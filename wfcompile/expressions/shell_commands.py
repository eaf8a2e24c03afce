"""What a command does with its words: a value may not name what is run, nor be code.

`CommandChecker.check` looks at one simple command after the other. A hole that stands where its
program would run the value, or take it for the name of a variable, gets a problem; all others
are arguments like any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_problems import (
    NAMES_COMMAND,
    NAMES_VARIABLE,
    Problem,
    in_code,
    in_list,
    names_file,
)
from wfcompile.expressions.shell_tree import (
    HOLE_MARK,
    Command,
    Output,
    Places,
    Word,
    joined,
)
from wfcompile.expressions.shell_usage import (
    COMPUTED,
    DECLARING,
    INTERPRETERS,
    PRINTING,
    REMOTE,
    RUN_LATER,
    SEARCHING,
    SHELLS,
    Role,
    arguments,
    passing,
    program_name,
    shell_arguments,
    stem,
    usage_of,
)

_ASSIGNED = re.compile(r"[\w\0]+\+?=", re.ASCII)
_RUNNING_OPTIONS = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
TESTING_NAMES = frozenset(("-v", "-R"))
"""Tests that evaluate an index in a variable's name."""
COMPARING = frozenset(("-eq", "-ne", "-lt", "-le", "-gt", "-ge"))
"""Tests that `[[ ]]` computes both sides of."""


class CommandChecker:
    """Checks the commands of one script.

    Args:
        integers: variables that the script declares as such; what is assigned is computed.
        arrays: variables that are arrays; a declaring command reads their value as code.
    """

    def __init__(
        self, places: Places, integers: frozenset[str], arrays: frozenset[str]
    ) -> None:
        self._places = places
        self._integers = integers | COMPUTED
        self._arrays = arrays

    def check(self, command: Command, piped: Output | None) -> Output:
        """The holes that the command prints as they are.

        Args:
            piped: what the command in front of the pipe prints.
        """
        for word in command.assignments:
            self._assignment(word)
        words = self._program(command.words)
        if not words:
            return Output()
        name = program_name(words[0])
        if reader := self._reader(name, words[1:]):
            self._reads(reader, command, piped)
        if name not in PRINTING:
            return Output()
        return self._printed(name, words[1:], command)

    def _object(self, holes: Iterable[Hole], problem: Problem) -> None:
        for hole in holes:
            self._places.object(hole, problem)

    def _need_numbers(self, word: Word, where: str) -> None:
        for hole in word.all_holes:
            self._places.need_number(hole, where)

    # --- assignments ---

    def _assignment(self, word: Word) -> None:
        name, _, _ = word.text.partition("=")
        name = name.rstrip("+").partition("[")[0]
        if name in self._integers:
            self._need_numbers(word, "arithmetic")
        if name in RUN_LATER:
            self._object(word.all_holes, in_code(name, passing(name)))

    def _declaration(self, name: str, words: Sequence[Word]) -> None:
        """`declare -i name=value`: the name is written out, the value no code."""
        options = [word.text for word in words if word.text[:1] in ("-", "+")]
        flags = "".join(text[1:] for text in options)
        for word in words:
            target, equals, _ = word.text.partition("=")
            end = len(target) if equals and word.text not in options else None
            self._object(word.holes_in(0, end), NAMES_VARIABLE)
            self._assignment(word)
            if "i" in flags:
                self._need_numbers(word, "arithmetic")
            if "n" in flags:
                self._object(word.all_holes, NAMES_VARIABLE)
            if {"a", "A"} & set(flags) or target.rstrip("+") in self._arrays:
                label = " ".join([name, *options])
                self._object(word.all_holes, in_list(label))

    # --- programs ---

    def _program(self, words: Sequence[Word]) -> Sequence[Word]:
        """The words from the program on that is run in the end, behind `sudo` and such."""
        while words:
            is_name = _ASSIGNED.match(words[0].shape)
            problem = NAMES_VARIABLE if is_name else NAMES_COMMAND
            self._object(words[0].all_holes, problem)
            following = self._command_at(program_name(words[0]), words[1:])
            if following is None:
                break
            words = words[1 + following :]
        return words

    def _command_at(self, name: str, words: Sequence[Word]) -> int | None:
        """Checks the arguments; where among them the command begins that the program runs."""
        if name in SHELLS:
            self._shell(name, words, is_program=True)
            return None
        self._inner_shells(name, words)
        if name in DECLARING:
            self._declaration(name, words)
        elif name in ("[", "test", "[["):
            self._test(name, words)
        elif name == "find":
            self._find(words)
        elif usage := usage_of(name):
            for argument in arguments(usage, words):
                if argument.role == "command":
                    return argument.index
                self._argument(name, argument.word, argument.role)
        return None

    def _argument(self, name: str, word: Word, role: Role) -> None:
        match role:
            case "code":
                self._object(word.all_holes, in_code(name, passing(name)))
            case "file":
                self._object(word.all_holes, names_file(name))
            case "name":
                self._object(word.all_holes, NAMES_VARIABLE)
            case "number":
                self._need_numbers(word, "arithmetic")

    def _shell(self, name: str, words: Sequence[Word], *, is_program: bool) -> None:
        arguments = shell_arguments(words)
        if arguments.code:
            self._object(arguments.code.all_holes, in_code(name, passing(name)))
        if arguments.file and is_program:
            self._object(arguments.file.all_holes, names_file(name))

    def _inner_shells(self, name: str, words: Sequence[Word]) -> None:
        """`docker exec box sh -c '...'`: a shell that some other program runs."""
        if name in PRINTING or name in SEARCHING:
            return
        for index, word in enumerate(words):
            if program_name(word) in SHELLS:
                inner = program_name(word)
                self._shell(inner, words[index + 1 :], is_program=False)

    def _find(self, words: Sequence[Word]) -> None:
        for option, word in zip(words, words[1:], strict=False):
            if option.text in _RUNNING_OPTIONS:
                self._object(word.all_holes, NAMES_COMMAND)

    def _test(self, name: str, words: Sequence[Word]) -> None:
        """`test -v name` evaluates an index in the name."""
        if len(words) - (name != "test") == 2 and words[0].text == HOLE_MARK:
            self._object(words[1].all_holes, NAMES_VARIABLE)
        for option, word in zip(words, words[1:], strict=False):
            if option.text in TESTING_NAMES:
                self._object(word.all_holes, NAMES_VARIABLE)
        if name == "[[" and COMPARING & {word.text for word in words}:
            for word in words:
                self._need_numbers(word, "a comparison of numbers")

    # --- what is printed and read ---

    def _reader(self, name: str, words: Sequence[Word]) -> str:
        """The program when it runs what it reads from its standard input, else ""."""
        if name in SHELLS:
            return name if shell_arguments(words).reads_code else ""
        usage = usage_of(name)
        given = list(arguments(usage, words)) if usage else []
        if name in REMOTE:
            inner = [
                program_name(word)
                for index, word in enumerate(words)
                if program_name(word) in SHELLS
                and shell_arguments(words[index + 1 :]).reads_code
            ]
            is_bare = name == "ssh" and all(each.role != "code" for each in given)
            return name if is_bare else "".join(inner[:1])
        if stem(name) in INTERPRETERS:
            operands = [each.word.text for each in given if not each.option]
            is_given = any(each.role == "code" or each.option == "-m" for each in given)
            return "" if is_given or operands[:1] not in ([], ["-"]) else name
        return ""

    def _reads(self, name: str, command: Command, piped: Output | None) -> None:
        problem = in_code(name, passing(name, on_input=True))
        for word in command.here_strings:
            self._object(word.all_holes, problem)
        sources = [Output((), tuple(command.heredocs)), piped or Output()]
        for heredoc in joined(sources).heredocs:
            heredoc.reader = problem
        if not command.heredocs and not command.here_strings and piped:
            self._object(piped.printed, problem)

    def _printed(self, name: str, words: Sequence[Word], command: Command) -> Output:
        if name == "cat":
            strings = [hole for word in command.here_strings for hole in word.all_holes]
            return Output(tuple(strings), tuple(command.heredocs))
        if name == "printf" and any("%q" in word.text for word in words[:1]):
            return Output()
        return Output(tuple(hole for word in words for hole in word.all_holes))
