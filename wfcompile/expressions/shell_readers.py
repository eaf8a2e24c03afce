"""Pipes: what a command prints of the values it is given, and who reads that as code."""

from __future__ import annotations

from collections.abc import Sequence

from wfcompile.expressions.shell_programs import (
    FILTERS,
    PRINTING,
    REMOTE,
    SHELLS,
    SOURCING,
    subcommand,
    usage_of,
)
from wfcompile.expressions.shell_tree import Command, Output, Word, joined
from wfcompile.expressions.shell_usage import (
    Role,
    arguments,
    program_name,
    shell_arguments,
    stdin_role,
)


def reader(name: str, words: Sequence[Word]) -> tuple[str, Role] | None:
    """The program that takes its standard input for code, and what that is.

    It is another one than `name` where that runs it elsewhere.
    """
    if name in REMOTE:
        spread = [part for word in words for part in _parts(word)]
        for index, word in enumerate(spread):
            if found := _own_reader(program_name(word), spread[index + 1 :]):
                return found
    return _own_reader(name, words)


def _own_reader(name: str, words: Sequence[Word]) -> tuple[str, Role] | None:
    if name in SHELLS:
        return (name, "code") if shell_arguments(words).reads_code else None
    if name in SOURCING and words and words[0].text == "/dev/stdin":
        return name, "code"
    found, count = subcommand(name, words)
    usage = usage_of(found)
    role = stdin_role(usage, words[count:]) if usage else None
    return (name, role) if role else None


def _parts(word: Word) -> list[Word]:
    """The words that another shell makes of one: `ssh host 'bash -s'`."""
    if len(word.text.split()) < 2:
        return [word]
    return [Word(word.start, word.end, part, part) for part in word.text.split()]


def printed(
    name: str, words: Sequence[Word], command: Command, piped: Output | None
) -> Output:
    """The values that the command prints as they are."""
    if name == "printf" and any("%q" in word.text for word in words[:1]):
        return Output()
    if name in PRINTING and name != "cat":
        return joined(word.output for word in words)
    if name in FILTERS:
        return joined([command.input, piped or Output()])
    return Output()


def printf_target(words: Sequence[Word]) -> str:
    """The variable of `printf -v`, "" without."""
    usage = usage_of("printf")
    assert usage is not None
    names = (each.word.text for each in arguments(usage, words) if each.option == "-v")
    return next(names, "")
