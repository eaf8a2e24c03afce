"""What a command does with its words: a value may not name what is run, nor be code.

`CommandChecker.check` looks at one simple command after the other. A hole that stands where its
program would run the value, or take it for the name of a variable, gets a problem; all others
are arguments like any text. A variable that stands there passes the problem on to its values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_advice import binding, passing
from wfcompile.expressions.shell_flow import LOOP_INPUT, POSITIONAL, Use
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import (
    ENDS_EXEC,
    IN_COMMAND_PATH,
    LIST_OF_FIND,
    NAMES_COMMAND,
    NAMES_VARIABLE,
    Problem,
    as_option,
    in_code,
    in_format,
    in_list,
    in_query,
    names_file,
)
from wfcompile.expressions.shell_programs import (
    BUILTINS,
    COMPUTED,
    DECLARING,
    FILLING,
    INTERPRETERS,
    PRINTING,
    REMOTE,
    RUNNING_BY,
    RUNNING_NOTHING,
    SEARCHING,
    SHELLS,
    TAKING_ARGUMENTS,
    stem,
    subcommand,
    usage_of,
)
from wfcompile.expressions.shell_readers import printed, printf_target, reader
from wfcompile.expressions.shell_tree import (
    EXPANSION_MARK,
    HOLE_MARK,
    Command,
    Output,
    Word,
    joined,
)
from wfcompile.expressions.shell_usage import (
    CODE_ROLES,
    Argument,
    Role,
    Usage,
    arguments,
    program_name,
    runs_setting,
    shell_arguments,
)
from wfcompile.expressions.shell_variables import variable_problem

_ASSIGNED = re.compile(r"[\w\0]+\+?=", re.ASCII)
_RUNNING_OPTIONS = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
_FIND_FLAGS = frozenset(("-H", "-L", "-P"))
_CODE_OPTION = re.compile(r"-[a-z]{0,4}c")
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
        self._flows = places.flows
        self._integers = integers | COMPUTED
        self._arrays = arrays

    def check(self, command: Command, piped: Output | None) -> Output:
        """What the command prints of values as they are.

        Args:
            piped: what the command in front of the pipe prints.
        """
        for word in command.assignments:
            self._assignment(word)
        is_redirected = command.heredocs or command.here_strings
        given = command.input if is_redirected else piped
        for count in (0, 2, 3) if any(word.is_list for word in command.words) else ():
            self._program(_spread(command.words, count), given)
        words = self._program(command.words, given)
        if not words:
            return Output()
        name = self._name(words[0])
        given = given or Output()
        if name in FILLING:
            self._fill(name, words[1:], given)
        if found := reader(name, words[1:]):
            program, role = found
            self._reads(self._problem(program, role, on_input=True), given)
        output = printed(name, words[1:], command, piped)
        if name == "printf" and (variable := printf_target(words[1:])):
            self._flows.assign(variable, output)
            return Output()
        copies = words[1:] if name == "tee" else ()
        for target in (*command.targets, *copies):
            self._flows.write(target.text, output)
        return output

    def _problem(self, name: str, role: Role, *, on_input: bool = False) -> Problem:
        """Of a value that is an argument of this role, or what the program reads."""
        match role:
            case "query":
                return in_query(name, binding(name))
            case "file":
                return names_file(name)
            case "name":
                return NAMES_VARIABLE
        return in_code(name, self._passing(name, on_input=on_input))

    def _passing(self, name: str, *, on_input: bool = False) -> str:
        return passing(name, self._places.shell, on_input=on_input)

    def _object(self, word: Word, problem: Problem) -> None:
        self._reads(problem, word.output)

    def _reads(self, problem: Problem, output: Output) -> None:
        for hole in output.printed:
            self._places.object(hole, problem)
        for heredoc in output.heredocs:
            heredoc.reader = heredoc.reader or problem
        self._flows.use(output.printed_names, Use(problem))

    def _object_holes(self, holes: Sequence[Hole], problem: Problem) -> None:
        for hole in holes:
            self._places.object(hole, problem)

    def _need_numbers(self, word: Word, where: str) -> None:
        for hole in word.all_holes:
            self._places.need_number(hole, where)
        self._flows.use(word.output.printed_names, Use(where=where))

    # --- assignments ---

    def _assignment(self, word: Word) -> None:
        target, equals, value = word.text.partition("=")
        name = target.rstrip("+").partition("[")[0]
        if equals and EXPANSION_MARK not in value and HOLE_MARK not in value:
            self._flows.set_text(name, value)
        elements = joined(each.output for each in word.elements)
        first = word.elements[0].head() if word.elements else Output()
        head = joined([word.head(len(target) + len(equals)), first])
        self._flows.assign(name, joined([word.output, elements]), head)
        if name in self._integers:
            self._need_numbers(word, "arithmetic")
        self._environment(word)

    def _environment(self, word: Word) -> None:
        name = word.text.partition("=")[0].rstrip("+")
        if problem := variable_problem(name):
            self._object(word, problem)

    def _declaration(self, name: str, words: Sequence[Word]) -> None:
        """`declare -i name=value`: the name is written out, the value no code."""
        options = [word.text for word in words if word.text[:1] in ("-", "+")]
        flags = "".join(text[1:] for text in options)
        for word in words:
            target, equals, _ = word.text.partition("=")
            end = len(target) if equals and word.text not in options else None
            self._object_holes(word.holes_in(0, end), NAMES_VARIABLE)
            self._assignment(word)
            if "i" in flags:
                self._need_numbers(word, "arithmetic")
            if "n" in flags:
                self._object(word, NAMES_VARIABLE)
            if {"a", "A"} & set(flags) or target.rstrip("+") in self._arrays:
                label = " ".join([name, *options])
                self._object(word, in_list(label))

    def _fill(self, name: str, words: Sequence[Word], given: Output) -> None:
        """`read name`: the variable takes what is read."""
        output = given
        if not (given.holes or given.heredocs or given.names):
            output = Output(names=(LOOP_INPUT,))
        usage = usage_of(name)
        assert usage is not None
        for argument in arguments(usage, words):
            if argument.role == "name":
                self._flows.assign(argument.word.text, output)

    # --- programs ---

    def _name(self, word: Word) -> str:
        """The program; one that a variable names, by its default, its value or its own name."""
        name = program_name(word)
        if name or HOLE_MARK in word.text:
            return name
        default = word.text.replace(EXPANSION_MARK, "").rpartition("/")[2]
        values = [self._flows.text(each).rpartition("/")[2] for each in word.expansions]
        own = [each.lower().rpartition("_")[2] for each in word.expansions]
        spelled = [each for each in own if each not in BUILTINS]
        for found in (default, *values, *spelled):
            if found == "shell":
                return "sh"
            if found in SHELLS or usage_of(found):
                return found
        return ""

    def _program(
        self, words: Sequence[Word], piped: Output | None = None
    ) -> Sequence[Word]:
        """The words from the program on that is run in the end, behind `sudo` and such."""
        while words:
            problem = _problem_of_command(words[0])
            self._object_holes(words[0].all_holes, problem)
            self._flows.use(words[0].head().names, Use(problem, of_head=True))
            self._flows.run_file(
                words[0].text, in_code(words[0].text, self._passing("sh"))
            )
            name = self._name(words[0])
            if name == "xargs":
                words = _with_input(words, piped)
            following = self._command_at(name, words[0], words[1:])
            if following is None:
                break
            words = words[1 + following :]
        return words

    def _command_at(self, name: str, word: Word, words: Sequence[Word]) -> int | None:
        """Checks the arguments; where among them the command begins that the program runs."""
        if name in SHELLS:
            self._shell(name, words, is_program=True)
            return None
        self._inner_programs(name, words)
        self._places.has_positional |= name in TAKING_ARGUMENTS
        if not name and EXPANSION_MARK in word.text:
            self._unknown_program(words)
        elif name in DECLARING:
            self._declaration(name, words)
        elif name in ("[", "test", "[["):
            self._test(name, words)
        elif name == "find":
            self._find(words)
        elif name == "set":
            self._places.has_positional |= any(
                word.text[:1] not in "-+" for word in words
            )
            for each in words:
                self._flows.assign(POSITIONAL, each.output)
        else:
            return self._arguments(name, words)
        return None

    def _arguments(self, name: str, words: Sequence[Word]) -> int | None:
        """The same for a program of the table, whose first words may be a part of its name."""
        found, count = subcommand(name, words)
        usage, general = usage_of(found), usage_of(name)
        if general and count:
            for argument in arguments(general, words[:count]):
                if argument.option:
                    self._argument(name, general, argument)
        for argument in arguments(usage, words[count:]) if usage else ():
            if argument.role == "command":
                return argument.index + count
            self._argument(name, usage or Usage(), argument)
        return None

    def _argument(self, name: str, usage: Usage, argument: Argument) -> None:
        word, role = argument.word, argument.role
        if role == "number":
            self._need_numbers(word, "arithmetic")
        elif role == "setting" and runs_setting(usage, argument):
            self._object(word, in_code(name, self._passing("")))
        elif role == "assignment":
            self._environment(word)
        elif role == "format":
            self._format(name, argument)
        elif role not in ("plain", "setting"):
            self._object(word, self._problem(name, role))
        if role == "file":
            self._flows.run_file(word.text, self._problem(name, "code"))
        is_whole_word = word.text[:1] == HOLE_MARK and argument.may_be_option
        if usage.guard and is_whole_word and not argument.option:
            self._object_holes(word.holes[:1], as_option(name, usage.guard))

    def _format(self, name: str, argument: Argument) -> None:
        word = argument.word
        begins = argument.may_be_option and self._places.shell == "bash"
        for at, hole in enumerate(word.all_holes):
            is_first = begins and at == 0 and word.text[:1] == HOLE_MARK
            self._places.object(hole, in_format(name, begins=is_first))

    def _unknown_program(self, words: Sequence[Word]) -> None:
        """A program that only the run knows: `-c` is most often followed by code."""
        for option, word in zip(words, words[1:], strict=False):
            if _CODE_OPTION.fullmatch(option.text):
                self._object(word, in_code(option.text, self._passing("")))

    def _shell(self, name: str, words: Sequence[Word], *, is_program: bool) -> None:
        arguments = shell_arguments(words)
        if arguments.code:
            self._object(arguments.code, in_code(name, self._passing(name)))
        if arguments.file and is_program:
            self._object(arguments.file, names_file(name))
            self._flows.run_file(
                arguments.file.text, in_code(name, self._passing(name))
            )

    def _inner_programs(self, name: str, words: Sequence[Word]) -> None:
        """`docker exec box sh -c '...'`: a program that some other one runs."""
        if name in PRINTING | SEARCHING | RUNNING_NOTHING:
            return
        asking = RUNNING_BY.get(name)
        if asking and asking.isdisjoint(word.text for word in words):
            return
        for index, word in enumerate(words):
            inner = program_name(word)
            following = words[index + 1 :]
            if inner in SHELLS:
                self._shell(inner, following, is_program=False)
                continue
            is_meant = stem(inner) in INTERPRETERS or name in REMOTE
            usage = usage_of(inner) if is_meant else None
            for argument in arguments(usage, following) if usage else ():
                is_code = argument.role in CODE_ROLES
                if is_code and (argument.option or name in REMOTE):
                    self._object(argument.word, self._problem(inner, argument.role))

    def _find(self, words: Sequence[Word]) -> None:
        for word in words:
            # one of its values may be `-exec`
            self._object_holes(word.holes if word.is_list else (), LIST_OF_FIND)
        for word in words:
            if word.text[:1] in ("-", "(", "!") and word.text not in _FIND_FLAGS:
                break
            if word.text[:1] == HOLE_MARK:
                self._object_holes(word.holes[:1], as_option("find", "./"))
        for index, option in enumerate(words):
            if option.text in _RUNNING_OPTIONS:
                command = words[index + 1 :]
                ends = [
                    at for at, each in enumerate(command) if each.text in (";", "+")
                ]
                command = command[: ends[0]] if ends else command
                self._end_of_exec(command)
                self._program(command)

    def _end_of_exec(self, words: Sequence[Word]) -> None:
        """A value `;` ends the command, and `-exec` in a later one begins another."""
        free = [
            index
            for index, word in enumerate(words)
            if word.text == HOLE_MARK and not self._places.is_bound(word.holes[0])
        ]
        for index in free[1:]:
            if index + 1 < len(words):
                self._object(words[index], ENDS_EXEC)

    def _test(self, name: str, words: Sequence[Word]) -> None:
        """`test -v name` evaluates an index in the name."""
        if len(words) - (name != "test") == 2 and words[0].text == HOLE_MARK:
            self._object_holes(words[1].all_holes, NAMES_VARIABLE)
        for word in words:
            # any of its words may be such an operator
            self._object_holes(word.holes if word.is_list else (), NAMES_VARIABLE)
        for option, word in zip(words, words[1:], strict=False):
            if option.text in TESTING_NAMES:
                self._object(word, NAMES_VARIABLE)
        if name == "[[" and COMPARING & {word.text for word in words}:
            for word in words:
                self._need_numbers(word, "a comparison of numbers")


def _spread(words: Sequence[Word], count: int) -> list[Word]:
    """The words when each list of them holds `count` values."""
    return [word for each in words for word in [each] * (count if each.is_list else 1)]


def _problem_of_command(word: Word) -> Problem:
    """Of a value in the word that names the command."""
    if _ASSIGNED.match(word.shape):
        return NAMES_VARIABLE
    folder, _, last = word.text.rpartition("/")
    return IN_COMMAND_PATH if folder and last.strip(HOLE_MARK) else NAMES_COMMAND


def _with_input(words: Sequence[Word], piped: Output | None) -> Sequence[Word]:
    """The words of `xargs` with what it reads: in the place that `-I` names, else at the end."""
    if piped is None:
        return words
    mark = ""
    for option, value in zip(words, words[1:], strict=False):
        if option.text == "-I":
            mark = value.text
        elif option.text.startswith("-I"):
            mark = option.text[2:]
    if not mark:
        last = Word(words[-1].end, outputs=[piped])
        last.expansion()
        return [*words, last.finish(words[-1].end)]
    return [
        replace(word, outputs=[*word.outputs, piped]) if mark in word.text else word
        for word in words
    ]
