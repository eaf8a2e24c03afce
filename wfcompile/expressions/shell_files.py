"""The files of a script: which of its words name the same one.

A path is known as far as it is written out. A variable in it counts as what the script assigns to
it, if that is written out, else as itself: `> "$out"` and `sh "$out"` are one file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice, product

from wfcompile.expressions.shell_names import variable_name
from wfcompile.expressions.shell_scopes import plain_name
from wfcompile.expressions.shell_tree import EXPANSION_MARK, HOLE_MARK, Word

_MOST = 16
"""Paths that one word may be; with more, it is only itself."""
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SAME = re.compile(r"(?:^|(?<=/))\./|(?<=/)/+")
_HOME = re.compile(r"^~(?=/|$)")
_GLOB = re.compile(r"[*?\[]")
_QUOTES = str.maketrans("", "", "\"'\\")


def path_of(word: Word, start: int = 0) -> str:
    """The path in `text[start:]`, with `${name}` for each value that is not written out."""
    if "" in word.expansions:
        return _plain(word.written.translate(_QUOTES))
    pieces = []
    holes = iter(word.holes_in(start, None))
    names = iter(word.expansions_in(start, len(word.text)))
    for sign in word.text[start:]:
        if sign == HOLE_MARK:
            tree = next(holes).tree
            pieces.append("${{" + (variable_name(tree) if tree else "") + "}}")
        elif sign == EXPANSION_MARK:
            pieces.append("${" + plain_name(next(names)) + "}")
        else:
            pieces.append(sign)
    return _plain("".join(pieces))


def _plain(path: str) -> str:
    path = _HOME.sub("${HOME}", path).removeprefix("${PWD}/")
    return _SAME.sub("", path)


class Files:
    """The paths of one script and the texts of the variables in them."""

    def __init__(self) -> None:
        self.has_cd = False
        self._texts: dict[str, dict[str, None]] = defaultdict(dict)
        self._unknown: set[str] = set()
        # path as it may be -> paths as they are written; last part -> paths
        self._written: dict[str, dict[str, None]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, None]] = defaultdict(dict)

    def assign(self, name: str, text: str | None) -> None:
        """The variable takes a text; None where nothing is known of it."""
        if text is None:
            self._unknown.add(name)
        else:
            self._texts[name][text] = None

    def index(self, written: Iterable[str]) -> None:
        """At the end: these are the paths that the script writes."""
        for path in written:
            for each in self._paths(path):
                self._written[each][path] = None
                self._by_name[each.rpartition("/")[2]][each] = None

    def same(self, read: str) -> list[str]:
        """Those of the written paths that may be the file `read`."""
        found: dict[str, None] = {}
        for path in self._paths(read):
            for written in self._alike(path):
                found |= self._written[written]
        return [path for path in found if path != read]

    def _alike(self, read: str) -> Iterator[str]:
        """The written paths, each as one of those that it may be."""
        if _GLOB.search(read):
            yield from (path for path in self._written if fnmatchcase(path, read))
        elif read in self._written:
            yield read
        if not self.has_cd:
            return
        for path in self._by_name.get(read.rpartition("/")[2], ()):
            shorter, longer = sorted((path, read), key=len)
            if longer.endswith(f"/{shorter}"):
                yield path

    def _paths(self, path: str) -> list[str]:
        return list(islice(self._expanded(path, frozenset()), _MOST))

    def _expanded(self, path: str, inside: frozenset[str]) -> Iterator[str]:
        """Every path that it may be by what is assigned to its variables."""
        names = _VARIABLE.findall(path)
        choices = [self._choices(name, inside) for name in names]
        between = _VARIABLE.split(path)[::2]
        for chosen in product(*choices):
            pairs = zip(between, (*chosen, ""), strict=True)
            yield _plain("".join(each for pair in pairs for each in pair))

    def _choices(self, name: str, inside: frozenset[str]) -> list[str]:
        texts = self._texts.get(name, {})
        if name in inside or name in self._unknown or not texts:
            return ["${" + name + "}"]
        inner = inside | {name}
        found = (each for text in texts for each in self._expanded(text, inner))
        return list(islice(found, _MOST))
