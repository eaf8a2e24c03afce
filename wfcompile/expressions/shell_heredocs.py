"""Heredocs of a script: the lines from a newline on that belong to the commands before it.

`Heredocs` keeps those that are opened, and reads their bodies when the line ends. A body between
quotes (`<<'EOF'`) takes no values; in any other one the shell puts them in as between double quotes.
"""

from __future__ import annotations

import re

from wfcompile.expressions.shell_flow import Use
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import (
    IN_DELIMITER,
    BrokenScript,
    in_quoted_heredoc,
)
from wfcompile.expressions.shell_source import Cursor
from wfcompile.expressions.shell_tree import Heredoc, Word
from wfcompile.expressions.shell_words import Nested, WordLexer

_QUOTES = re.compile(r"[\\'\"]")
_REFERENCE = re.compile(r"(?<!\\)\$\{?([A-Za-z_]\w*|[1-9]\d*|[@*#])", re.ASCII)


class Heredocs:
    """The heredocs of one script, which share its cursor."""

    def __init__(self, cursor: Cursor, places: Places, nested: Nested) -> None:
        self._cursor = cursor
        self._places = places
        self._nested = nested
        self._pending: list[Heredoc] = []

    def open(self, start: int, word: Word, *, strips_tabs: bool) -> Heredoc:
        """The one whose operator is at `start` and whose delimiter is `word`."""
        if word.holes:
            hole, problem = word.holes[0], IN_DELIMITER
            raise BrokenScript(
                problem.code, problem.message, hole.start, hole.end, problem.help
            )
        written = self._cursor.view.text[word.start : word.end]
        heredoc = Heredoc(
            _QUOTES.sub("", written),
            start,
            is_quoted=bool(_QUOTES.search(written)),
            strips_tabs=strips_tabs,
        )
        self._pending.append(heredoc)
        return heredoc

    def read(self) -> None:
        """The bodies of those that are open; the cursor is at the beginning of a line."""
        pending, self._pending = self._pending, []
        for heredoc in pending:
            self._check(heredoc, self._body(heredoc))

    def check_all_read(self) -> None:
        """At the end of the script: none may be open still."""
        if self._pending:
            raise self._without_end(self._pending[0])

    def _body(self, heredoc: Heredoc) -> Cursor:
        """The body; the cursor goes behind the line that ends it."""
        cursor = self._cursor
        start = cursor.at
        while not cursor.is_done:
            end = cursor.at
            line = self._line(joins=not heredoc.is_quoted)
            if heredoc.strips_tabs:
                line = line.lstrip("\t")
            if line == heredoc.delimiter:
                return Cursor(cursor.view, start, end, cursor.depth)
        raise self._without_end(heredoc)

    def _line(self, *, joins: bool) -> str:
        """The line at the cursor, which goes behind it; `joins`: with what `\\` adds to it."""
        cursor = self._cursor
        text = cursor.view.text
        pieces: list[str] = []
        while True:
            end = text.find("\n", cursor.at, cursor.end)
            end = end if end >= 0 else cursor.end
            line = text[cursor.at : end]
            cursor.at = min(end + 1, cursor.end)
            slashes = len(line) - len(line.rstrip("\\"))
            if not (joins and slashes % 2) or cursor.is_done:
                return "".join([*pieces, line])
            pieces.append(line[:-1])

    def _check(self, heredoc: Heredoc, body: Cursor) -> None:
        """Places the holes of the body."""
        holes = body.view.holes_in(body.at, body.end)
        problems = [heredoc.reader] if heredoc.reader else []
        if heredoc.is_quoted:
            problems.append(in_quoted_heredoc(heredoc.delimiter))
            if heredoc.run is not None and not holes:
                code = Word(body.at)
                code.literal(body.view.text[body.at : body.end], quoted=True)
                heredoc.run(code.finish(body.end))
        elif holes:
            word = WordLexer(body, self._places, self._nested).heredoc()
            holes = word.all_holes
            heredoc.names += word.output.printed_names
        else:
            names = _REFERENCE.findall(body.view.text, body.at, body.end)
            is_named = [name.isidentifier() for name in names]
            self._places.has_positional |= not all(is_named)
            heredoc.names += filter(None, map(self._name, names))
        heredoc.holes += holes
        for problem in problems:
            for hole in holes:
                self._places.object(hole, problem)
            self._places.flows.use(heredoc.names, Use(problem))

    def _name(self, name: str) -> str:
        """The name for the flow of values, "" for the number of the arguments."""
        scopes = self._places.flows.scopes
        if name.isidentifier():
            return scopes.read(name)
        if name == "#":
            return ""
        return scopes.refer(name, int(name) if name.isdigit() else 1)

    def _without_end(self, heredoc: Heredoc) -> BrokenScript:
        name = heredoc.delimiter
        return BrokenScript(
            "WF260",
            f'heredoc "{name}" has no line that ends it',
            *self._cursor.view.bounds(heredoc.opener, heredoc.opener + 2),
            f"write {name} alone on a line",
        )
