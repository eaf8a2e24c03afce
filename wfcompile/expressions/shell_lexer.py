"""Commands of a shell script: where each one begins, and what stands around its words.

`read_script` walks through a whole script: lists, pipes, subshells, functions, `for`, `case`,
`[[ ]]`, `(( ))`, redirections and the bodies of heredocs. It knows as much grammar as is needed
to tell a command from its arguments; whether the script is good shell is for the shell to say.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol

from wfcompile.expressions.shell_blocks import Blocks
from wfcompile.expressions.shell_commands import (
    COMPARING,
    TESTING_NAMES,
    ReadCode,
)
from wfcompile.expressions.shell_files import path_of
from wfcompile.expressions.shell_flow import Use
from wfcompile.expressions.shell_heredocs import Heredocs
from wfcompile.expressions.shell_keywords import Keywords
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import (
    NAMES_COMMAND,
    NAMES_VARIABLE,
    BrokenScript,
)
from wfcompile.expressions.shell_programs import DECLARING
from wfcompile.expressions.shell_redirections import Redirections
from wfcompile.expressions.shell_scopes import Block
from wfcompile.expressions.shell_source import Cursor, ShellView
from wfcompile.expressions.shell_tree import (
    Command,
    Kind,
    Output,
    Placed,
    Word,
)
from wfcompile.expressions.shell_words import WordKind, WordLexer

_Closer = Literal["", ")", ";;"]

_BLANKS = re.compile(r"(?:[ \t]|\\\n)+")
_OPERATOR = re.compile(r"&&|\|\||\|&|;;&|;;|;&|[;&|]")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[\x01\])?\+?=", re.ASCII)
_COPROCESS_NAME = re.compile(
    r"[ \t]+[A-Za-z_]\w*(?=[ \t]+(?:[{(]|(?:if|while|until|for|case|select)\b))"
)
_OPENING: dict[str, Block] = {
    **{"if": "branch", "while": "loop", "until": "loop", "{": "group"},
}
_GOING_ON = frozenset(("then", "else", "elif", "do", "!"))
_CLOSING = frozenset(("fi", "done", "}"))
_TEST_OPERATOR = re.compile(r"&&|\|\||[();&|]")
_ORDERING = re.compile(r"[<>](?!\()")
_FUNCTION = re.compile(r"[ \t]*\([ \t]*\)")
_TIME_OPTION = re.compile(r"[ \t]+-p(?=\s)")
_IN = re.compile(r"in(?=[\s;&\\(])")


class Checker(Protocol):
    """Looks at one simple command after the other.

    Attributes:
        read_code: reads the commands in a text that a command runs as code.
        is_inner: the commands are in such a text.
    """

    read_code: ReadCode
    is_inner: bool

    def check(self, command: Command, piped: Output | None) -> Output:
        """What it prints.

        Args:
            piped: what the command in front of the pipe prints.
        """


def read_script(cursor: Cursor, places: Places, checker: Checker) -> Output:
    """Place every hole of the script at the cursor; what it prints.

    Raises:
        BrokenScript: a quote, an expansion or a heredoc has no end.
    """
    checker.read_code = partial(_read_code, places, checker)
    return _CommandLexer(cursor, places, checker).script(0, "")


def _read_code(
    places: Places, checker: Checker, text: str, shell: str, function: str | None
) -> None:
    """Commands in a text of the script that is run as one; it holds no template."""
    scopes = places.flows.scopes
    around = (places.shell, places.has_positional, len(places.unbalanced))
    depth = scopes.depth
    places.shell = "bash" if shell == "bash" else "sh" if shell else places.shell
    scopes.open("subshell", function)
    view = ShellView(text, range(len(text)), range(1, len(text) + 1), {})
    # a broken one is for the shell to refuse when it gets there
    with suppress(BrokenScript):
        _CommandLexer(Cursor(view, 0, len(text)), places, checker).script(0, "")
    scopes.unwind(depth)
    places.shell, has_positional, count = around
    places.has_positional = has_positional or (
        function is None and places.has_positional
    )
    del places.unbalanced[count:]


class _CommandLexer:
    """Reads one script: the whole, or what stands in `$( )`, `<( )` or backticks."""

    def __init__(self, cursor: Cursor, places: Places, checker: Checker) -> None:
        self._cursor = cursor
        self._places = places
        self._flows = places.flows
        self._checker = checker
        self._words = WordLexer(cursor, places, self._nested)
        self._heredocs = Heredocs(cursor, places, self._nested)
        self._command = Command(view=cursor.view)
        self._redirections = Redirections(cursor, places, self._words, self._heredocs)
        self._blocks = Blocks(places.flows)
        self._piped: Output | None = None
        # the files that `exec >file` sends all that is printed to
        self._targets: list[Word] = []
        self._operator = ""
        self._keywords = Keywords()

    def script(self, opener: int, closer: _Closer) -> Output:
        """Up to behind the closer; what its commands print."""
        self._list(opener, closer)
        self._heredocs.check_all_read()
        self._check_keywords()
        output = self._blocks.finish()
        for target in self._targets:
            self._flows.write(target, output)
        return output

    def _check_keywords(self) -> None:
        self._keywords.end()
        found = self._keywords.unbalanced
        if found is not None:
            end = found.start + len(found.word)
            bounds = self._cursor.view.bounds(found.start, end)
            message, help = found.message, found.help
            self._places.unbalanced.append(
                BrokenScript("WF520", message, *bounds, help)
            )

    def _nested(self, cursor: Cursor, opener: int, closer: str, input: str) -> Output:
        lexer = _CommandLexer(cursor, self._places, self._checker)
        self._flows.scopes.open("subshell", input=input)
        output = lexer.script(opener, ")" if closer else "")
        self._flows.scopes.close()
        return output

    # --- lists ---

    def _list(self, opener: int, closer: _Closer) -> str:
        """Commands up to behind the closer; the word or sign that it was."""
        cursor = self._cursor
        while True:
            self._skip_blanks()
            if cursor.is_done:
                break
            if ended := self._item(closer):
                return ended
        self._finish("")
        if closer == ")":
            opened = cursor.view.text[opener : opener + 2]
            opened = "(" if opened[0] == "(" else opened
            raise cursor.unclosed(opener, opened, ")")
        if closer:
            raise cursor.unclosed(opener, "case", "esac")
        self._heredocs.check_all_read()
        return ""

    def _item(self, closer: _Closer) -> str:
        """One word, redirection or operator; the closer when it is that."""
        cursor = self._cursor
        if cursor.sign == "\n":
            self._finish("\n")
            cursor.at += 1
            self._heredocs.read()
        elif cursor.sign == ")":
            self._finish(")")
            cursor.at += 1
            return ")" if closer == ")" else ""
        elif self._redirect():
            return ""
        elif operator := cursor.take(_OPERATOR):
            self._finish(operator)
            ends_arm = operator in (";;", ";&", ";;&")
            return operator if ends_arm and closer == ";;" else ""
        elif cursor.sign == "(":
            self._parenthesis()
        else:
            return self._word(closer)
        return ""

    def _skip_blanks(self, *, lines: bool = False) -> None:
        """Blanks and a comment; with `lines`, newlines too."""
        cursor = self._cursor
        while True:
            cursor.take(_BLANKS)
            if cursor.sign == "#":
                self._comment()
            elif lines and cursor.sign == "\n":
                cursor.at += 1
                self._heredocs.read()
            else:
                return

    def _comment(self) -> None:
        cursor = self._cursor
        end = cursor.view.text.find("\n", cursor.at, cursor.end)
        end = end if end >= 0 else cursor.end
        for hole in cursor.view.holes_in(cursor.at, end):
            # a backtick in a template would end the backticks around the comment
            kind: Kind = "nothing" if cursor.view.in_backticks else "comment"
            self._places.add(Placed(hole, kind, hole.start, hole.end))
        cursor.at = end

    def _finish(self, operator: str) -> None:
        """The end of a command, before `operator`."""
        command, self._command = self._command, Command(view=self._cursor.view)
        is_nothing = command.is_empty and not (command.has_input or command.targets)
        if operator == "\n" and is_nothing and not self._blocks.has_ended:
            # the line goes on behind `|` and `&&`
            return
        command.is_conditional = self._operator in ("&&", "||")
        self._operator = operator
        if self._blocks.has_ended:
            output = self._blocks.end(command)
            self._checker.check(replace(command, targets=[]), None)
        elif command.is_empty:
            # `$(<file)`
            output = self._flows.input(command)
            self._checker.check(command, None)
        else:
            output = self._checker.check(command, self._piped)
        if [word.text for word in command.words] == ["exec"]:
            self._targets += command.targets
            self._flows.feed(self._flows.scopes.input, self._flows.input(command))
        self._piped = None
        if operator in ("|", "|&"):
            self._piped = output
        else:
            self._blocks.printed.append(output)

    def _redirect(self) -> bool:
        """A redirection, if one begins here."""
        found = self._redirections.begin()
        if found is None:
            return False
        self._skip_blanks()
        self._redirections.read(found, self._command)
        return True

    # --- words ---

    def _word(self, closer: _Closer) -> str:
        cursor, command = self._cursor, self._command
        if not command.words and cursor.starts("!("):
            cursor.at += 1
            return ""
        start = cursor.at
        word = self._words.word(self._word_kind())
        if cursor.at == start:
            cursor.at += 1
            return ""
        if not command.words and not command.assignments:
            if word.shape == "esac" and closer == ";;":
                return "esac"
            if self._reserved(word):
                return ""
        if cursor.sign in ("<", ">") and word.shape.startswith("{"):
            # `{name}>file` puts the number of a descriptor into the variable
            self._object_names(word)
        is_assignment = _ASSIGNMENT.match(word.shape)
        if cursor.sign == "(" and is_assignment and word.shape[-1] == "=":
            self._array(word)
        if is_assignment and not command.words:
            command.assignments.append(word)
        else:
            self._places.spread(word, cursor.view)
            command.words.append(word)
        return ""

    def _word_kind(self) -> WordKind:
        words = self._command.words
        return "argument" if words and words[0].text not in DECLARING else "assignable"

    def _reserved(self, word: Word) -> bool:
        """Deals with a reserved word; the next word begins a command again."""
        name = word.shape
        if name == "[[" and self._places.shell != "bash":
            # dash has it for a command, which a `&&` inside would end
            return False
        if name in _OPENING:
            self._keywords.open(name, word.start)
            is_conditional = name == "{" and self._operator in ("&&", "||")
            self._open("branch" if is_conditional else _OPENING[name])
        elif name in _CLOSING:
            self._keywords.close(name, word.start)
            self._blocks.close()
        elif name in ("for", "select"):
            self._keywords.open(name, word.start)
            self._for()
        elif name == "case":
            self._case(word)
        elif name == "[[":
            self._test(word)
        elif name == "function":
            self._skip_blanks()
            word = self._words.word()
            self._object_names(word)
            self._cursor.take(_FUNCTION)
            self._blocks.defines = word.text
        elif name == "time":
            self._cursor.take(_TIME_OPTION)
        elif name == "coproc":
            self._coprocess()
        else:
            if name in ("else", "elif"):
                self._flows.scopes.branch()
            self._keywords.go_on(name)
            return name in _GOING_ON
        return True

    def _coprocess(self) -> None:
        """`coproc`, whose input is written to by the descriptor in its variable."""
        name = self._cursor.take(_COPROCESS_NAME).strip() or "COPROC"
        self._piped = Output(names=(f"> ${{{name}}}",))

    def _open(self, block: Block) -> None:
        """A compound command begins."""
        self._blocks.open(block, self._piped)
        self._piped = None
        self._operator = ""

    def _parenthesis(self) -> None:
        """A subshell, `(( ))`, or the `()` of a function."""
        cursor = self._cursor
        opener = cursor.at
        if self._command.words:
            words = self._command.words
            if cursor.match(_FUNCTION) and len(words) == 1:
                for hole in words[0].all_holes:
                    self._places.object(hole, NAMES_COMMAND)
                self._blocks.defines = words[0].text
                self._command = Command(view=self._cursor.view)
                self._places.has_positional = True
                cursor.take(_FUNCTION)
                return
            self._finish("(")
        if cursor.starts("((") and self._words.is_arithmetic():
            self._words.arithmetic("((", "))", "arithmetic")
            return
        cursor.enter(opener)
        cursor.at += 1
        self._open("subshell")
        self._list(opener, ")")
        cursor.leave()
        self._blocks.close()

    def _array(self, word: Word) -> None:
        """`( ... )` behind `name=`, which is the word."""
        cursor = self._cursor
        opener = cursor.at
        cursor.at += 1
        while True:
            self._skip_blanks(lines=True)
            if cursor.is_done:
                raise cursor.unclosed(opener, "(", ")")
            if cursor.sign == ")":
                cursor.at += 1
                return
            start = cursor.at
            element = self._words.word("element")
            self._places.spread(element, cursor.view)
            word.elements.append(element)
            cursor.at += cursor.at == start

    def _object_names(self, word: Word) -> None:
        for hole in word.all_holes:
            self._places.object(hole, NAMES_VARIABLE)
        self._places.flows.use(word.output.printed_names, Use(NAMES_VARIABLE))

    # --- compound commands ---

    def _for(self) -> None:
        """`for name in words`, `for (( ))`, `select`; `do` is a word of its own."""
        cursor = self._cursor
        self._open("loop")
        self._skip_blanks()
        if cursor.starts("(("):
            self._words.arithmetic("((", "))", "arithmetic")
            return
        name = self._words.word()
        self._object_names(name)
        self._skip_blanks(lines=True)
        if not cursor.take(_IN):
            self._places.has_positional = True
            self._flows.files.assign(name.text, None)
            arguments = self._flows.scopes.refer("@", 1)
            self._flows.assign(name.text, Output(names=(arguments,)))
            return
        self._skip_blanks()
        while not cursor.is_done and cursor.sign not in "\n;&":
            start = cursor.at
            word = self._words.word()
            self._places.spread(word, cursor.view)
            self._flows.assign(name.text, word.output, word.head())
            self._flows.set_value(name.text, word)
            self._flows.files.assign(name.text, path_of(word))
            cursor.at += cursor.at == start
            self._skip_blanks()

    def _case(self, keyword: Word) -> None:
        cursor = self._cursor
        cursor.enter(keyword.start)
        self._open("branch")
        self._skip_blanks()
        self._words.word()
        self._skip_blanks(lines=True)
        if not cursor.take(_IN):
            raise cursor.unclosed(keyword.start, "case", "in")
        while self._patterns(keyword):
            self._flows.scopes.branch()
            if self._list(keyword.start, ";;") == "esac":
                break
        cursor.leave()
        self._blocks.close()

    def _patterns(self, keyword: Word) -> bool:
        """`(a|b)` of one arm; False when `esac` stands there."""
        cursor = self._cursor
        self._skip_blanks(lines=True)
        opened = cursor.sign == "("
        cursor.at += opened
        while True:
            self._skip_blanks()
            word = self._words.word()
            if word.shape == "esac" and not opened:
                return False
            self._skip_blanks()
            if cursor.sign not in ("|", ")"):
                raise cursor.unclosed(keyword.start, "case", "esac")
            cursor.at += 1
            if cursor.view.text[cursor.at - 1] == ")":
                return True

    def _test(self, keyword: Word) -> None:
        """`[[ ]]`: the right side of `==` and `=~` is a pattern, numbers are computed."""
        cursor = self._cursor
        group: list[Word] = []
        while True:
            self._skip_blanks(lines=True)
            if cursor.is_done:
                raise cursor.unclosed(keyword.start, "[[", "]]")
            if group and group[-1].shape == "=~":
                group.append(self._words.word("regex"))
            elif cursor.take(_TEST_OPERATOR):
                self._check_test(group)
                group = []
            elif not cursor.take(_ORDERING):
                word = self._words.word()
                group.append(word)
                if word.shape == "]]":
                    return self._check_test(group[:-1])

    def _check_test(self, group: list[Word]) -> None:
        shapes = [word.shape for word in group]
        if COMPARING & set(shapes[1:2] if len(group) == 3 else shapes):
            for word in group:
                self._words.need_numbers(word, "a comparison of numbers")
        for operator, word in zip(shapes, group[1:], strict=False):
            if operator in TESTING_NAMES:
                self._object_names(word)
