"""Commands that mean something else than their author thinks: tests and assignments with spaces
too few or too many. Such a line is no error of the shell until it runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wfcompile.expressions.shell_problems import BrokenScript
from wfcompile.expressions.shell_tree import Command, Word

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_GLUED = re.compile(r"\[[-!]")
_NO_COMMAND = re.compile(r"\d+")
_TAKING_EQUALS = frozenset(
    ("alias", "declare", "echo", "env", "export", "expr", "let", "local", "printf")
    + ("readonly", "set", "test", "typeset")
)
"""Commands to which a `=` may be given."""


def slips_of(command: Command) -> Iterator[BrokenScript]:
    """Adds WF277 (a test) and WF278 (an assignment)."""
    words = command.words
    if not words or command.view is None:
        return
    first, last = words[0], words[-1]
    if first.text == "[" and not last.holes and last.text != "]":
        help = 'write "]" at its end'
        if last.text.endswith("]"):
            help = 'write a space in front of "]"'
        yield _slip(command, first, "WF277", '"[" has no "]" as its last word', help)
    elif _GLUED.match(first.text):
        yield _slip(
            command,
            first,
            "WF277",
            f'"{first.text}" is no command',
            'write a space behind "["',
        )
    yield from _spaced(command, words)


def _spaced(command: Command, words: list[Word]) -> Iterator[BrokenScript]:
    """`count = 5` and `count =5` run a program, and so does the 5 of `count= 5`."""
    first = words[0]
    is_called = (
        len(words) > 1
        and words[1].shape[:1] == "="
        and words[1].shape[:2] not in ("==", "=~")
        and _NAME.fullmatch(first.shape)
        and first.text not in _TAKING_EQUALS
    )
    empty = [each for each in command.assignments if each.shape.endswith("=")]
    if is_called:
        message = f'"{first.text}" is run as a command here, with "=" as an argument'
    elif empty and len(words) == 1 and _NO_COMMAND.fullmatch(first.shape):
        message = f'"{first.text}" is run as a command here, and nothing is assigned'
    else:
        return
    help = 'write no spaces around "=": name=value'
    yield _slip(command, first, "WF278", message, help)


def _slip(
    command: Command, word: Word, code: str, message: str, help: str
) -> BrokenScript:
    assert command.view is not None
    start, end = command.view.bounds(word.start, word.end)
    return BrokenScript(code, message, start, end, help)
