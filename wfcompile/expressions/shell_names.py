"""Names for the variables that carry the values of holes into a script.

A name is made of the path that the hole reads; where the script or its `env` has that name
already, it gets a number. Which names a script has is found by their shape, not by reading it:
a name too many costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, is_dataclass

from wfcompile.expressions.nodes import (
    Attribute,
    Expression,
    Hole,
    Index,
    Literal,
    Path,
)

_OBEYED = frozenset(
    ("all_proxy", "auto_resume", "ftp_proxy", "histchars", "http_proxy", "https_proxy")
    + ("no_proxy", "rsync_proxy", "_")
)
"""Variables in small letters that shells and programs obey; the others are in capitals."""

_USED = re.compile(
    r"\$\{?[#!]?([A-Za-z_]\w*)|(?<![^\s;&|(){}`\"'])([A-Za-z_]\w*)(?=\[|\+?=)",
    re.ASCII,
)
_DECLARATION = re.compile(
    r"(?<![\w-])(?:for|select|read|export|local|declare|typeset|readonly|unset|getopts"
    r"|mapfile|readarray|let|printf[ \t]+-v|wait[ \t]+-p)(?![\w-])[^\n;|&]*",
    re.ASCII,
)
_DECLARED_NAME = re.compile(r"(?<=\s)([A-Za-z_]\w*)(?=\s|\+?=|$)", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_INTEGER_OPTION = re.compile(
    r"(?:declare|typeset|local|export|readonly)\s(?:.*\s)?[-+][A-Za-z]*i"
)
_ARRAY_OPTION = re.compile(
    r"mapfile|readarray"
    r"|(?:read|declare|typeset|local|export|readonly)\s(?:.*\s)?[-+][A-Za-z]*[aA]"
)
_MAP_OPTION = re.compile(r"(?:declare|typeset|local)\s(?:.*\s)?[-+][A-Za-z]*A")
_ARRAY = re.compile(r"(?<!\w)([A-Za-z_]\w*)(?=\[|\+?=\()", re.ASCII)
_NO_LETTER = re.compile(r"[^A-Za-z0-9_]")


def variable_name(tree: Expression) -> str:
    """The name for a value, by the first path in it: `params.run-date` -> `params_run_date`.

    `stages.pull.outputs.rows` is `pull_rows`, `jobs.a.stages.b.outputs.c` is `b_c`. Never a name
    all in capitals, because those belong to the environment; whether it is free is not looked at.
    """
    name = _NO_LETTER.sub("_", "_".join(_segments(tree)) or "value")
    if name[0].isdigit():
        name = f"_{name}"
    if name == name.upper():
        name = name.lower()
    return f"{name}_value" if name in _OBEYED else name


def _segments(tree: object) -> list[str]:
    match tree:
        case Path(segments):
            return _short([segment.name for segment in segments])
        case Index(value, Literal(key)):
            return [*_segments(value), str(key)]
        case Attribute(value, name):
            return [*_segments(value), name]
        case tuple():
            return next(filter(None, map(_segments, tree)), [])
    if not is_dataclass(tree):
        return []
    parts = (getattr(tree, each.name) for each in fields(tree))
    return next(filter(None, map(_segments, parts)), [])


def _short(path: Sequence[str]) -> list[str]:
    """Without what says only that a stage's output follows."""
    match path:
        case ["jobs", _, "stages", stage, *rest] | ["stages", stage, *rest]:
            return [stage, *_without_outputs(rest)]
        case ["jobs", _, "strategies", _, "stages", stage, *rest]:
            return [stage, *_without_outputs(rest)]
        case ["jobs", job, *rest]:
            return [job, *rest]
    return list(path)


def _without_outputs(rest: Sequence[str]) -> Sequence[str]:
    return rest[1:] if rest[:1] == ["outputs"] and len(rest) > 1 else rest


def used_names(script: str) -> set[str]:
    """The names that a script may use for variables, some that it does not among them."""
    names = {name for match in _USED.finditer(script) for name in match.groups()}
    for text in (*_DECLARATION.findall(script), *_arithmetic(script)):
        names.update(_IDENTIFIER.findall(text))
    return {name for name in names if name}


def integer_names(script: str) -> frozenset[str]:
    """The variables that a script declares with `-i`."""
    return _declared_with(script, _INTEGER_OPTION)


def array_names(script: str) -> frozenset[str]:
    """The variables that a script uses as arrays."""
    return _declared_with(script, _ARRAY_OPTION).union(_ARRAY.findall(script))


def map_names(script: str) -> frozenset[str]:
    """The variables that a script declares with `-A`."""
    return _declared_with(script, _MAP_OPTION)


def _declared_with(script: str, option: re.Pattern[str]) -> frozenset[str]:
    return frozenset(
        name
        for words in _DECLARATION.findall(script)
        if option.match(words)
        for name in _DECLARED_NAME.findall(words)
    )


def _arithmetic(script: str) -> Iterator[str]:
    end = 0
    while (start := script.find("((", end)) >= 0:
        end = script.find("))", start)
        end = end if end >= 0 else len(script)
        yield script[start:end]


class VariableNames:
    """Gives each expression of one script its variable.

    Args:
        taken: names that are not free.
    """

    def __init__(self, source: str, taken: Collection[str]) -> None:
        self._source = source
        self._taken = set(taken)
        self._names: dict[object, str] = {}

    def name(self, hole: Hole) -> str:
        """The same for the same expression, whatever the white space around it."""
        assert hole.tree is not None
        key: object = self._source[hole.tree.start : hole.tree.end]
        if isinstance(hole.tree, Path):
            key = tuple((each.name, each.optional) for each in hole.tree.segments)
        if key not in self._names:
            self._names[key] = self._free(variable_name(hole.tree))
        return self._names[key]

    def _free(self, name: str) -> str:
        number, free = 1, name
        while free in self._taken:
            number += 1
            free = f"{name}_{number}"
        self._taken.add(free)
        return free
