"""Redirections of a command: the files and texts that it reads, and the files that it prints to."""

from __future__ import annotations

import re

from wfcompile.expressions.shell_heredocs import Heredocs
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_source import Cursor
from wfcompile.expressions.shell_tree import Command, Output, Word
from wfcompile.expressions.shell_words import WordLexer

_REDIRECTION = re.compile(
    r"(?P<descriptor>[0-9]+|\{[A-Za-z_]\w*\})?"
    r"(?:(?P<operator><<<|<<-|<<|<>|<&|>>|>\||>&|<(?!\()|>(?!\())|(?P<both>&>>|&>))",
    re.ASCII,
)
_WRITING = frozenset((">", ">>", ">|", "&>", "&>>", "<>"))


class Redirections:
    """Those of one script, whose cursor it shares with the lexer of the commands."""

    def __init__(
        self, cursor: Cursor, places: Places, words: WordLexer, heredocs: Heredocs
    ) -> None:
        self._cursor = cursor
        self._places = places
        self._flows = places.flows
        self._words = words
        self._heredocs = heredocs

    def begin(self) -> re.Match[str] | None:
        """The operator, if one is here; `&>` is one for bash alone."""
        match = self._cursor.match(_REDIRECTION)
        if match is None or (match["both"] and self._places.shell != "bash"):
            return None
        self._cursor.at = match.end()
        return match

    def read(self, match: re.Match[str], command: Command) -> None:
        """What stands behind the operator."""
        operator = match["operator"] or match["both"]
        descriptor = match["descriptor"] or ""
        if operator in ("<<", "<<-"):
            word = self._words.word()
            strips_tabs = operator == "<<-"
            start = match.start("operator")
            heredoc = self._heredocs.open(start, word, strips_tabs=strips_tabs)
            if descriptor in ("", "0"):
                command.heredocs.append(heredoc)
            else:
                self._flows.feed(f"> &{descriptor}", Output((), (heredoc,)))
            return
        is_substitution = operator == "<" and self._cursor.starts("<(")
        word = self._words.word()
        is_string = operator == "<<<" or is_substitution
        if is_string and descriptor in ("", "0"):
            command.here_strings.append(word)
        elif is_string:
            self._flows.feed(f"> &{descriptor}", word.output)
        else:
            self._to_file(descriptor, operator, word, command)

    def _to_file(
        self, descriptor: str, operator: str, word: Word, command: Command
    ) -> None:
        """`descriptor` operator `word`, which is a file or another descriptor."""
        if operator in (">&", "<&"):
            for hole in word.all_holes:
                self._places.need_descriptor(hole)
            if word.text.isdigit():
                word = Word(word.start, word.end, f"&{word.text}")
        is_written = operator in _WRITING or operator == ">&"
        if is_written and descriptor in ("", "1"):
            command.is_redirected = True
            command.targets.append(word)
        if operator in ("<", "<&", "<>") and descriptor in ("", "0"):
            command.sources.append(word)
        if len(descriptor) == 1 and descriptor not in "012":
            opened = f"> &{descriptor}"
            if is_written:
                self._flows.feed(self._flows.file(word), Output(names=(opened,)))
            if operator in ("<", "<&", "<>"):
                self._flows.feed(opened, Output(names=(self._flows.file(word),)))
