"""What a command does with its words: a value may not name what is run, nor be code.

`CommandChecker.check` looks at one simple command after the other. A hole that stands where its
program would run the value, or take it for the name of a variable, gets a problem; all others
are arguments like any text. A variable that stands there passes the problem on to its values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from wfcompile.expressions.shell_advice import binding, passing
from wfcompile.expressions.shell_assignments import Assignments
from wfcompile.expressions.shell_calls import Expansions
from wfcompile.expressions.shell_files import path_of
from wfcompile.expressions.shell_flow import Use, prints, reads
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
    in_escaped,
    in_format,
    in_query,
    names_file,
)
from wfcompile.expressions.shell_programs import (
    BUILTINS,
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
from wfcompile.expressions.shell_readers import copies, printed, printf_target, reader
from wfcompile.expressions.shell_slips import slips_of
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
    is_run,
    options,
    program_name,
    runs_setting,
    shell_arguments,
)

_ASSIGNED = re.compile(r"[\w\0]+\+?=", re.ASCII)
_RUNNING_OPTIONS = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
_FIND_FLAGS = frozenset(("-H", "-L", "-P"))
_CODE_OPTION = re.compile(r"-[a-z]{0,4}c")
TESTING_NAMES = frozenset(("-v", "-R"))
"""Tests that evaluate an index in a variable's name."""
COMPARING = frozenset(("-eq", "-ne", "-lt", "-le", "-gt", "-ge"))
"""Tests that `[[ ]]` computes both sides of."""


ReadCode = Callable[[str, str, str | None], None]
"""Reads a text as a script of that shell, and as the body of that function."""


class CommandChecker:
    """Checks the commands of one script; `assignments` are those of that.

    Attributes:
        is_inner: the commands are in a text that one of the script's commands runs.
    """

    def __init__(self, places: Places, assignments: Assignments) -> None:
        self._places = places
        self._flows = places.flows
        self._assignments = assignments
        self._expansions = Expansions(places.flows)
        self._is_conditional = False
        self.is_inner = False
        self._functions: dict[tuple[str, str], str] = {}
        self.read_code: ReadCode = lambda text, shell, function: None

    def check(self, command: Command, piped: Output | None) -> Output:
        """What the command prints of values as they are.

        Args:
            piped: what the command in front of the pipe prints.
        """
        if self._expansions.current is None and not self.is_inner:
            self._places.slips.extend(slips_of(command))
        for word in command.assignments:
            self._assignments.assign(word)
        self._is_conditional = command.is_conditional
        self._expansions.keep(command, piped)
        given = self._flows.input(command) if command.has_input else piped
        for count in (0, 2, 3) if any(word.is_list for word in command.words) else ():
            self._program(_spread(command.words, count), given)
        words = self._program(command.words, given)
        if not words:
            return Output()
        name = self._name(words[0])
        if given is None:
            given = Output(names=(self._flows.scopes.input,))
        if name in FILLING:
            self._assignments.fill(name, words[1:], given)
        if found := reader(name, words[1:]):
            program, role = found
            if program in SHELLS:
                self._read_by_shell(program, words[1:], command)
            problem = self._problem(program, role, on_input=True)
            self._places.object_output(given, problem)
        self._call(words, given)
        own = Output(names=(prints(words[0].text),))
        output = joined([printed(name, words[1:], given, self._flows), own])
        if name == "printf" and (variable := printf_target(words[1:])):
            self._flows.assign(variable, output)
            return Output()
        self._write(name, words[1:], given)
        for target in command.targets:
            self._flows.write(target, output)
        return Output() if command.is_redirected else output

    def _call(self, words: Sequence[Word], given: Output) -> None:
        """The words may be those of a function."""
        self._flows.scopes.call(words[0].text, words[1:])
        self._flows.feed(reads(words[0].text), given)

    def _read_by_shell(
        self, name: str, words: Sequence[Word], command: Command
    ) -> None:
        operands = [word for word in words if word.text[:1] not in ("-", "+")]
        for string in command.here_strings:
            self._inner(name, string, operands)
        for heredoc in command.heredocs:
            heredoc.run = partial(self._inner, name, words=operands)

    def _write(self, name: str, words: Sequence[Word], given: Output) -> None:
        """The files that the program writes."""
        for target, sources in copies(name, words):
            files = Output(names=tuple(map(self._flows.file, sources)))
            self._flows.write(target, files if sources else given)

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

    def expand(self) -> None:
        """At the end: the commands that others give words to."""
        for expanded in self._expansions.all():
            self._expansions.current = expanded
            self._flows.scopes.enter(expanded.function, expanded.input)
            self._places.way = expanded.way
            self.check(expanded.command, expanded.piped)
        self._expansions.current, self._places.way = None, ""

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
            self._places.object_holes(words[0].all_holes, problem)
            self._flows.use(words[0].head().names, Use(problem, of_head=True))
            if "/" in words[0].text or words[0].text == EXPANSION_MARK:
                problem = in_code(path_of(words[0]), self._passing("sh"))
                self._flows.run_file(words[0], problem)
            name = self._name(words[0])
            if name == "xargs":
                words = _with_input(words, self._input_of_xargs(words, piped))
            following = self._command_at(name, words[0], words[1:])
            if following is None:
                break
            words = words[1 + following :]
        return words

    def _input_of_xargs(
        self, words: Sequence[Word], piped: Output | None
    ) -> Output | None:
        usage = usage_of("xargs")
        assert usage is not None
        for argument in arguments(usage, words[1:]):
            if argument.role == "input":
                return Output(names=(self._flows.file(argument.word, argument.start),))
        return piped

    def _command_at(self, name: str, word: Word, words: Sequence[Word]) -> int | None:
        """Checks the arguments; where among them the command begins that the program runs."""
        if name in SHELLS:
            self._shell(name, words, is_program=True)
            return None
        self._inner_programs(name, words)
        if name in ("kubectl", "oc") and (behind := _behind_dashes(words)):
            self._program(behind)
        self._flows.files.has_cd |= name in ("cd", "pushd")
        if name in TAKING_ARGUMENTS:
            self._places.has_positional = True
            self._take_arguments(name, words)
        if not name and EXPANSION_MARK in word.text:
            self._unknown_program(words)
        elif word.text in self._flows.scopes.functions - BUILTINS.keys():
            return None
        elif name in DECLARING:
            self._assignments.declare(name, words)
        elif name in ("[", "test", "[["):
            self._test(name, words)
        elif name == "find":
            self._find(words)
        elif name == "set":
            self._places.has_positional |= any(
                word.text[:1] not in "-+" for word in words
            )
            if self._expansions.current is None:
                self._flows.scopes.set(_behind_options(words))
        else:
            return self._arguments(name, words)
        return None

    def _take_arguments(self, name: str, words: Sequence[Word]) -> None:
        scopes = self._flows.scopes
        if name == "getopts":
            self._flows.assign("OPTARG", Output(names=(scopes.refer("@", 1),)))
        elif self._expansions.current is None:
            count = words[0].text if words else "1"
            number = int(count) if count.isdigit() else None
            scopes.shift(number, is_certain=not self._is_conditional)

    def _arguments(self, name: str, words: Sequence[Word]) -> int | None:
        """The same for a program of the table, whose first words may be a part of its name."""
        found, count = subcommand(name, words)
        usage, general = usage_of(found), usage_of(name)
        if general and count:
            for argument in arguments(general, words[:count]):
                if argument.option:
                    self._argument(name, general, argument)
        if found == "git config":
            self._configure(words[count:])
        for argument in arguments(usage, words[count:]) if usage else ():
            if argument.role == "command":
                return argument.index + count
            self._argument(name, usage or Usage(), argument)
        return None

    def _configure(self, words: Sequence[Word]) -> None:
        """`git config [set] key value`."""
        usage = usage_of("git")
        assert usage is not None
        plain = Usage(options=options("-f --file --blob --type --default --comment"))
        found = [each.word for each in arguments(plain, words) if not each.option]
        if found and found[0].text == "set":
            found = found[1:]
        if len(found) < 2:
            return
        key, *values = found
        if HOLE_MARK in key.text or is_run(usage, key.text.lower()):
            for word in (key, *values):
                self._places.object_word(word, in_code("git", self._passing("")))

    def _argument(self, name: str, usage: Usage, argument: Argument) -> None:
        word, role = argument.word, argument.role
        if role == "number":
            self._places.need_numbers(word, "arithmetic")
        elif role == "setting" and runs_setting(usage, argument):
            self._places.object_word(word, in_code(name, self._passing("")))
        elif role == "assignment":
            self._assignments.export(word)
        elif role == "format":
            self._format(name, argument)
        elif role == "escaped":
            self._places.object_word(word, in_escaped(name))
        elif role == "input":
            if usage.reads is not None:
                problem = self._problem(name, usage.reads)
                self._flows.run_file(word, problem, argument.start)
        elif role not in ("plain", "setting"):
            self._places.object_word(word, self._problem(name, role))
            if name in ("eval", "trap") and role == "code":
                self._inner("", word, ())
        if role == "file":
            self._flows.run_file(word, self._problem(name, "code"), argument.start)
        is_whole_word = word.text[:1] == HOLE_MARK and argument.may_be_option
        if usage.guard and is_whole_word and not argument.option:
            self._places.object_holes(word.holes[:1], as_option(name, usage.guard))

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
                self._places.object_word(word, in_code(option.text, self._passing("")))

    def _shell(self, name: str, words: Sequence[Word], *, is_program: bool) -> None:
        arguments = shell_arguments(words)
        if arguments.code:
            self._places.object_word(arguments.code, in_code(name, self._passing(name)))
            behind = words[list(words).index(arguments.code) + 1 :]
            self._inner(name, arguments.code, behind, start=-1)
        if arguments.startup and is_program:
            self._places.object_word(arguments.startup, names_file(name))
            problem = in_code(name, self._passing(name))
            self._flows.run_file(arguments.startup, problem)
        if arguments.file and is_program:
            self._places.object_word(arguments.file, names_file(name))
            self._flows.run_file(arguments.file, in_code(name, self._passing(name)))

    def _inner(
        self, shell: str, code: Word, words: Sequence[Word], start: int = 0
    ) -> None:
        """Code that is written out: its commands are looked at like the others.

        Args:
            shell: the one that runs it, "" for that of the script.
            words: its arguments, from `$1` on, or from `$0` where `start` is -1.
        """
        if HOLE_MARK in code.text or EXPANSION_MARK in code.text:
            return
        key = (shell, code.text)
        function = self._functions.get(key)
        if function is None:
            count = len(self._functions)
            function = f"{shell} -c" + (f" ({count})" if count else "")
            self._functions[key] = function
            around, self.is_inner = self.is_inner, True
            self.read_code(code.text, shell, function if shell else None)
            self.is_inner = around
        self._flows.scopes.call(function, words, start)

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
                    self._places.object_word(
                        argument.word, self._problem(inner, argument.role)
                    )

    def _find(self, words: Sequence[Word]) -> None:
        for word in words:
            # one of its values may be `-exec`
            self._places.object_holes(word.holes if word.is_list else (), LIST_OF_FIND)
        for word in words:
            if word.text[:1] in ("-", "(", "!") and word.text not in _FIND_FLAGS:
                break
            if word.text[:1] == HOLE_MARK:
                self._places.object_holes(word.holes[:1], as_option("find", "./"))
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
                self._places.object_word(words[index], ENDS_EXEC)

    def _test(self, name: str, words: Sequence[Word]) -> None:
        """`test -v name` evaluates an index in the name."""
        if len(words) - (name != "test") == 2 and words[0].text == HOLE_MARK:
            self._places.object_holes(words[1].all_holes, NAMES_VARIABLE)
        for word in words:
            # any of its words may be such an operator
            self._places.object_holes(
                word.holes if word.is_list else (), NAMES_VARIABLE
            )
        for option, word in zip(words, words[1:], strict=False):
            if option.text in TESTING_NAMES:
                self._places.object_word(word, NAMES_VARIABLE)
        if name == "[[" and COMPARING & {word.text for word in words}:
            for word in words:
                self._places.need_numbers(word, "a comparison of numbers")


def _behind_dashes(words: Sequence[Word]) -> Sequence[Word]:
    texts = [word.text for word in words]
    return words[texts.index("--") + 1 :] if "--" in texts else ()


def _behind_options(words: Sequence[Word]) -> Sequence[Word]:
    """The arguments that `set` sets."""
    for index, word in enumerate(words):
        if word.text == "--":
            return words[index + 1 :]
        if word.text[:1] not in ("-", "+"):
            return words[index:] if index == 0 or words[index - 1].text != "-o" else ()
    return ()


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
        last.is_spread = True
        return [*words, last.finish(words[-1].end)]
    return [
        replace(word, outputs=[*word.outputs, piped]) if mark in word.text else word
        for word in words
    ]
