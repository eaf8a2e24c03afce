"""Words of a shell script: quotes, expansions and the holes in them.

`WordLexer.word` reads one word at the cursor and places each hole by the quotes around it. What
stands in `$( )`, backticks and `<( )` is a script of its own, which the function `nested` reads.
The rules are those of bash; where dash has another reading, that one is safe too or is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.shell_flow import Use
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import (
    BEHIND_BACKSLASH,
    BEHIND_DOLLAR,
    BEHIND_TILDE,
    IN_BRACE_RANGE,
    IN_HEREDOC_BACKTICKS,
    IN_HEREDOC_PATTERN,
    IN_NESTED_ANSI,
    NAMES_VARIABLE,
    BrokenScript,
    as_prompt,
)
from wfcompile.expressions.shell_source import HOLE, Cursor
from wfcompile.expressions.shell_tree import Kind, Output, Placed, Word

WordKind = Literal["argument", "assignable", "element", "regex"]
"""Where a word stands: "assignable" may be `name[index]=value`, "element" is one of `( )` in an
array, "regex" follows `=~`."""

IN_INDEX = "an array index"
Quoting = Literal["bare", "double", "heredoc"]

Nested = Callable[[Cursor, int, str, str], Output]
"""Reads a script up to its closer ("" for the cursor's end); the int is where it is opened, the last
text the name of what it reads ("" for what is read around it)."""

_METACHARACTERS = frozenset(" \t\n;&|<>()")
_RUN = re.compile(r"[^ \t\n;&|<>()\\'\"`$\[\0]+")
_QUOTED_RUN = re.compile(r"[^\\\"`$\0]+")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_PARAMETER = re.compile(r"[#!]?(?:[A-Za-z_]\w*|[0-9]+|[@*#?$!-])?", re.ASCII)
_POSITIONAL = re.compile(r"#?[1-9@*]\d*|#")
_FROM = re.compile(r":\s*([1-9]\d*)\s*(?=\})")
_PROMPT = re.compile(r"(?:\[[^\]]*\])?@P")
_ALL = re.compile(r"\[([@*])\]")
_CHANGED = re.compile(r"(?:\[[^\]]*\])?(?:@[QK]|/)")
"""Behind a name in `${ }`: it gives a text that quotes the value, or puts others in its place."""
_VALUE_OPERATOR = re.compile(r":?[-=?+]")
_BACKTICK = re.compile(r"\\.|`", re.DOTALL)
_ANSI = re.compile(r"\\.|'", re.DOTALL)
_IN_ARITHMETIC = re.compile(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"|[()]", re.DOTALL)
_TILDE = re.compile(r"(?:^|(?<=[=:]))~[^/:~=\0]*\0")
_BRACES = re.compile(r"\{[^{}]*\}")
_EXTENDED_GLOB = frozenset("?*+@!")


class WordLexer:
    """Reads words at a cursor that it shares with the lexer of the commands."""

    def __init__(self, cursor: Cursor, places: Places, nested: Nested) -> None:
        self._cursor = cursor
        self._places = places
        self._nested = nested

    def word(self, kind: WordKind = "argument") -> Word:
        """The word at the cursor; empty when none begins there."""
        cursor = self._cursor
        word = Word(cursor.at)
        groups: list[int] = []
        while not cursor.is_done:
            if self._part(word) or self._index(word, kind):
                continue
            sign = cursor.sign
            if sign == "(" and (kind == "regex" or groups or self._is_glob(word)):
                groups.append(cursor.at)
            elif sign == ")" and groups:
                groups.pop()
            elif sign in "<>" and cursor.peek() == "(":
                self._command(word, 2, ")")
                continue
            elif sign in _METACHARACTERS and not (
                groups or (kind == "regex" and sign == "|")
            ):
                break
            word.literal(cursor.take(_RUN) or self._one())
        if groups:
            raise cursor.unclosed(groups[-1], "(", ")")
        word.written = cursor.view.text[word.start : cursor.at]
        return self._checked(word.finish(cursor.at), kind)

    def arithmetic(self, opened: str, closer: str, where: str) -> None:
        """An expression, from `opened` at the cursor to behind `closer`."""
        opener = self._cursor.at
        self._cursor.at += len(opened)
        self._evaluated(opener, opened, closer, where)

    def is_arithmetic(self) -> bool:
        """Whether the `((` at the cursor ends with `))`, and is no command in a subshell."""
        cursor = self._cursor
        text = cursor.view.text
        depth = 0
        at = text.index("((", cursor.at) + 2
        for match in _IN_ARITHMETIC.finditer(text, at, cursor.end):
            if match.group() == ")" and depth == 0:
                return text.startswith("))", match.start(), cursor.end)
            depth += (match.group() == "(") - (match.group() == ")")
        return True

    def heredoc(self) -> Word:
        """The body of a heredoc, to the cursor's end."""
        word = Word(self._cursor.at)
        while not self._cursor.is_done:
            if not self._quoted_part(word, "heredoc"):
                word.literal(self._cursor.take(_QUOTED_RUN) or self._one(), quoted=True)
        return word.finish(self._cursor.at)

    # --- parts of words ---

    def _part(self, word: Word) -> bool:
        """A hole, an escape, quotes or an expansion outside of quotes, if one is here."""
        cursor = self._cursor
        match cursor.sign:
            case "'":
                self._single(word, "'")
            case '"':
                self._double(word)
            case "\\":
                self._escape(word, "bare")
            case "$":
                self._dollar(word, "bare")
            case "`":
                self._backticks(word, "bare")
            case _:
                return self._hole(word, "word")
        return True

    def _quoted_part(self, word: Word, quoting: Quoting) -> bool:
        """The same between double quotes, in a heredoc, and in arithmetic."""
        match self._cursor.sign:
            case "\\":
                self._escape(word, quoting)
            case "$":
                self._dollar(word, quoting)
            case "`":
                self._backticks(word, quoting)
            case _:
                return self._hole(word, "inline")
        return True

    def _one(self) -> str:
        self._cursor.at += 1
        return self._cursor.view.text[self._cursor.at - 1]

    def _hole(self, word: Word, kind: Kind) -> bool:
        cursor = self._cursor
        hole = cursor.hole()
        if hole is None:
            return False
        self._places.add(Placed(hole, kind, hole.start, hole.end))
        word.hole(hole)
        cursor.at += 1
        return True

    def _escape(self, word: Word, quoting: Quoting) -> None:
        cursor = self._cursor
        following = cursor.peek()
        if hole := cursor.hole(1):
            self._places.object(hole, BEHIND_BACKSLASH)
            following = ""
        if following != "\n":
            keeps = quoting != "bare" and following not in ("$", "`", '"', "\\")
            word.literal(("\\" if keeps else "") + following, quoted=True)
        cursor.at += 1 + len(following)

    def _index(self, word: Word, kind: WordKind) -> bool:
        """`[index]` behind the name in an assignment, or at the beginning of an element."""
        if self._cursor.sign != "[":
            return False
        name = "".join(word.pieces[:2])
        is_name = kind == "assignable" and bool(_IDENTIFIER.fullmatch(name))
        if not is_name and not (kind == "element" and not word.pieces):
            return False
        word.literal("[")
        self.arithmetic("[", "]", IN_INDEX)
        word.expansion()
        word.literal("]")
        return True

    def _is_glob(self, word: Word) -> bool:
        """Whether a `(` here belongs to a pattern such as `@(a|b)`."""
        return bool(word.pieces) and word.pieces[-1][-1:] in _EXTENDED_GLOB

    def _checked(self, word: Word, kind: WordKind) -> Word:
        """What is expanded before variables are would not see the value."""
        if not word.holes:
            return word
        tilde = _TILDE.search(word.shape)
        if tilde and (tilde.start() == 0 or kind == "assignable"):
            for hole in word.holes_in(*tilde.span()):
                self._places.object(hole, BEHIND_TILDE)
        if self._places.shell == "bash":
            for match in _BRACES.finditer(word.shape):
                for hole in word.holes_in(*match.span()) if ".." in match[0] else ():
                    self._places.object(hole, IN_BRACE_RANGE)
        return word

    # --- quotes ---

    def _single(self, word: Word, opened: str) -> None:
        """`'...'`, or `$'...'` with its backslashes; a hole goes between two such pieces."""
        cursor = self._cursor
        opener, body = cursor.at, cursor.at + len(opened)
        close = self._close_of_single(opener, opened)
        cursor.at = body
        while cursor.at < close:
            if hole := cursor.hole():
                self._place_in_single(hole, opener, body, cursor.at, close)
                word.hole(hole)
                cursor.at += 1
            else:
                end = cursor.view.text.find(HOLE, cursor.at + 1, close)
                end = end if end >= 0 else close
                word.literal(cursor.view.text[cursor.at : end], quoted=True)
                cursor.at = end
        cursor.at = close + 1

    def _close_of_single(self, opener: int, opened: str) -> int:
        cursor = self._cursor
        body = opener + len(opened)
        if opened == "'":
            close = cursor.view.text.find("'", body, cursor.end)
            if close >= 0:
                return close
            raise cursor.unclosed(opener, opened, "'")
        for match in _ANSI.finditer(cursor.view.text, body, cursor.end):
            if match.group() == "'":
                return match.start()
            if match.group() == "\\'" and self._places.shell != "bash":
                # for dash the quote ends here
                bounds = cursor.view.bounds(match.start(), match.end())
                message = "\\' stands in $'...', which shells read in two ways"
                raise BrokenScript("WF268", message, *bounds, "write it as \\047")
            if hole := cursor.view.hole(match.start() + 1):
                self._places.object(hole, BEHIND_BACKSLASH)
        raise cursor.unclosed(opener, opened, "'")

    def _place_in_single(
        self, hole: Hole, opener: int, body: int, at: int, close: int
    ) -> None:
        view = self._cursor.view
        is_first, is_last = at == body, at + 1 == close
        self._places.add(
            Placed(
                hole,
                "word",
                view.starts[opener] if is_first else hole.start,
                view.ends[close] if is_last else hole.end,
                before="" if is_first else "'",
                after="" if is_last else view.text[opener:body],
            )
        )

    def _double(self, word: Word) -> None:
        cursor = self._cursor
        opener = cursor.at
        cursor.at += 1
        while not cursor.is_done:
            if cursor.sign == '"':
                cursor.at += 1
                return
            if not self._quoted_part(word, "double"):
                word.literal(cursor.take(_QUOTED_RUN) or self._one(), quoted=True)
        raise cursor.unclosed(opener, '"', '"')

    # --- expansions ---

    def _dollar(self, word: Word, quoting: Quoting) -> None:
        cursor = self._cursor
        following = cursor.peek()
        word.is_spread |= quoting == "bare"
        if hole := cursor.hole(1):
            self._places.object(hole, BEHIND_DOLLAR)
            word.literal(self._one())
        elif following == "'" and quoting == "bare":
            self._single(word, "$'")
        elif following == '"' and quoting == "bare":
            cursor.at += 1
        elif following == "{":
            self._parameter(word, quoting)
        elif following == "[":
            word.expansion()
            self.arithmetic("$[", "]", "arithmetic")
        elif following == "(":
            self._parenthesis(word)
        elif match := _NAME.match(cursor.view.text, cursor.at + 1, cursor.end):
            self._expansion(word, match.group())
            cursor.at = match.end()
        else:
            word.literal(self._one(), quoted=quoting != "bare")

    def _expansion(self, word: Word, name: str, *, is_changed: bool = False) -> None:
        word.is_spread |= name == "@"
        word.expansion("" if is_changed else self._name(name))
        if _POSITIONAL.fullmatch(name):
            self._places.has_positional = True

    def _name(self, name: str) -> str:
        """The name of a parameter for the flow of values."""
        flows = self._places.flows
        if name in ("@", "*"):
            begin = self._cursor.match(_FROM)
            return flows.scopes.refer(name, int(begin[1]) if begin else 1)
        if name.isdigit():
            return flows.scopes.refer(name, int(name))
        return flows.read(name)

    def _parenthesis(self, word: Word) -> None:
        if self._cursor.starts("$((") and self.is_arithmetic():
            word.expansion()
            self.arithmetic("$((", "))", "arithmetic")
        else:
            self._command(word, 2, ")")

    def _command(self, word: Word, length: int, closer: str) -> None:
        """A script in the word, whose opener has `length` signs."""
        cursor = self._cursor
        opener = cursor.at
        sink = self._places.flows.scopes.new_input() if cursor.sign == ">" else ""
        cursor.enter(opener)
        cursor.at += length
        word.expansion()
        output = self._nested(cursor, opener, closer, sink)
        if sink:
            word.sinks.append(sink)
        else:
            word.outputs.append(output)
        cursor.leave()

    def _backticks(self, word: Word, quoting: Quoting) -> None:
        cursor = self._cursor
        view, opener = cursor.view, cursor.at
        found = _BACKTICK.finditer(view.text, opener + 1, cursor.end)
        close = next((m.start() for m in found if m.group() == "`"), None)
        if close is None:
            raise cursor.unclosed(opener, "`", "`")
        if quoting == "heredoc" and '\\"' in view.text[opener:close]:
            for hole in view.holes_in(opener, close):
                self._places.object(hole, IN_HEREDOC_BACKTICKS)
        signs = '$`\\"' if quoting == "double" else "$`\\"
        inside = view.unescaped(opener + 1, close, signs)
        cursor.enter(opener)
        script = Cursor(inside, 0, len(inside.text), cursor.depth)
        word.expansion()
        word.is_spread |= quoting == "bare"
        word.outputs.append(self._nested(script, 0, "", ""))
        cursor.leave()
        cursor.at = close + 1

    def _evaluated(self, opener: int, opened: str, closer: str, where: str) -> None:
        """The shell computes what stands here: no value may have parts that it evaluates."""
        cursor = self._cursor
        cursor.enter(opener)
        inside = Word(cursor.at)
        depth = 0
        more, less = ("[", "]") if closer == "]" else ("(", ")")
        while not (depth == 0 and cursor.starts(closer)):
            if cursor.is_done:
                raise cursor.unclosed(opener, opened, closer)
            depth += (cursor.sign == more) - (cursor.sign == less)
            if not self._quoted_part(inside, "double"):
                inside.literal(self._one())
        inside.finish(cursor.at)
        cursor.at += len(closer)
        cursor.leave()
        self.need_numbers(inside, where)

    def need_numbers(self, word: Word, where: str) -> None:
        """The shell computes the word, in which a name is the value of that variable."""
        if where == IN_INDEX and self._places.has_maps:
            # a key of a map is no expression
            for hole in word.all_holes:
                self._places.need_key(hole)
            return
        for hole in word.all_holes:
            self._places.need_number(hole, where)
        flows = self._places.flows
        names = map(flows.read, _IDENTIFIER.findall(word.text))
        flows.use([*names, *word.output.printed_names], Use(where=where))

    # --- ${ } ---

    def _parameter(self, word: Word, quoting: Quoting) -> None:
        cursor = self._cursor
        opener = cursor.at
        cursor.enter(opener)
        cursor.at += 2
        name = cursor.take(_PARAMETER)
        is_changed = cursor.match(_CHANGED) or name[:1] in "#!"
        # `${!x}` is the variable that x names
        named = self._places.flows.text(name[1:]) if name[:1] == "!" else ""
        if named.isidentifier():
            word.expansion(self._name(named))
        else:
            self._expansion(word, name, is_changed=bool(is_changed))
        if name[:1] == "!" and name[1:]:
            self._places.flows.use([self._name(name[1:])], Use(NAMES_VARIABLE))
        if all_ := cursor.match(_ALL):
            word.is_spread |= all_[1] == "@"
        if cursor.match(_PROMPT):
            flows = self._places.flows
            flows.use([self._name(name)], Use(as_prompt(name)))
        before = len(word.holes)
        if hole := cursor.hole():
            self._places.object(hole, NAMES_VARIABLE)
        if cursor.sign == "[":
            self.arithmetic("[", "]", IN_INDEX)
        if cursor.take(_VALUE_OPERATOR):
            self._operand(word, quoting, opener, is_pattern=False)
        elif cursor.sign == ":":
            self._evaluated(opener, "${", "}", "the bounds of a part")
        else:
            self._operand(word, quoting, opener, is_pattern=True)
        # `${ command; }` and the flags of zsh: whatever stands there, it is no operand
        for hole in word.holes[before:] if not name else ():
            self._places.object(hole, NAMES_VARIABLE)
        cursor.leave()

    def _operand(
        self, word: Word, quoting: Quoting, opener: int, *, is_pattern: bool
    ) -> None:
        """What follows the operator, up to behind the `}`."""
        cursor = self._cursor
        kind: Kind = "word" if is_pattern or quoting == "bare" else "inline"
        before = len(word.holes)
        while cursor.sign != "}":
            if cursor.is_done:
                raise cursor.unclosed(opener, "${", "}")
            if self._hole(word, kind):
                continue
            try:
                is_part = self._operand_part(word, quoting, is_pattern=is_pattern)
            except BrokenScript as broken:
                if broken.code != "WF260":
                    raise
                # a quote that the brace takes in has its end elsewhere
                raise cursor.unclosed(opener, "${", "}") from broken
            if not is_part:
                word.literal(self._one(), quoted=True)
        cursor.at += 1
        if is_pattern and quoting == "heredoc" and self._places.shell == "sh":
            for hole in word.holes[before:]:
                self._places.object(hole, IN_HEREDOC_PATTERN)

    def _operand_part(self, word: Word, quoting: Quoting, *, is_pattern: bool) -> bool:
        cursor = self._cursor
        is_bare = quoting == "bare"
        if cursor.sign == "'" and (is_bare or is_pattern):
            self._single(word, "'")
        elif cursor.sign == '"':
            self._double(word)
        elif cursor.starts("$'") and not is_bare:
            start = len(word.holes)
            self._single(word, "$'")
            for hole in word.holes[start:]:
                self._places.object(hole, IN_NESTED_ANSI)
        elif is_bare:
            return self._part(word)
        else:
            return self._quoted_part(word, quoting)
        return True
