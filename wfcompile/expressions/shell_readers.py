"""Pipes: what a command prints of the values it is given, and who reads that as code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wfcompile.expressions.shell_flow import Flows
from wfcompile.expressions.shell_programs import (
    COPYING,
    FILTERS,
    PRINTING,
    REMOTE,
    SEARCHING,
    SHELLS,
    SOURCING,
    WRITING,
    subcommand,
    usage_of,
)
from wfcompile.expressions.shell_tree import (
    EXPANSION_MARK,
    HOLE_MARK,
    Output,
    Word,
    joined,
)
from wfcompile.expressions.shell_usage import (
    Role,
    Usage,
    arguments,
    program_name,
    shell_arguments,
    stdin_role,
)

_OPTION = re.compile(r"-[A-Za-z]")


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


def printed(name: str, words: Sequence[Word], given: Output, flows: Flows) -> Output:
    """The values that the command prints as they are; `given`: what it reads."""
    if name == "printf" and any("%q" in word.text for word in words[:1]):
        return Output()
    if name in PRINTING and name != "cat":
        return joined(word.output for word in words)
    if name in WRITING:
        return given
    if name in FILTERS:
        files = map(flows.file, _read(name, words))
        return joined([given, Output(names=tuple(files))])
    return Output()


def _read(name: str, words: Sequence[Word]) -> Iterator[Word]:
    """The files that a filter reads; there may be too many, if they are written nowhere."""
    before = ""
    is_pattern = name in SEARCHING
    for word in words:
        is_value = name != "cat" and bool(_OPTION.fullmatch(before))
        if word.text[:1] not in ("-", "") and not is_value:
            if not is_pattern:
                yield word
            is_pattern = False
        before = word.text


def copies(name: str, words: Sequence[Word]) -> Iterator[tuple[Word, list[Word]]]:
    """Each file that the program writes, and the files of whose text it is made.

    Without such files it is what the program reads.
    """
    if name in WRITING:
        yield from ((word, []) for word in words if word.text[:1] != "-")
    elif name == "dd":
        sources = [_behind(word) for word in words if word.text.startswith("if=")]
        for word in words:
            if word.text.startswith("of="):
                yield _behind(word), sources
    elif name in COPYING:
        *sources, target = _operands(name, words) or [Word(0)]
        for source in sources:
            yield target, [source]
            yield _inside(target, source), [source]


def _behind(word: Word) -> Word:
    """The value of `key=value`."""
    return word.part(word.text.index("=") + 1, len(word.text))


def _operands(name: str, words: Sequence[Word]) -> list[Word]:
    usage = Usage(options=dict.fromkeys(COPYING[name].split(), "plain"))
    return [each.word for each in arguments(usage, words) if not each.option]


def _inside(folder: Word, file: Word) -> Word:
    """The file of that name in the folder."""
    inside = Word(folder.start)
    for word, start in ((folder, 0), (file, file.text.rfind("/") + 1)):
        holes = iter(word.holes_in(start, None))
        names = iter(word.expansions_in(start, len(word.text)))
        for sign in word.text[start:]:
            if sign == HOLE_MARK:
                inside.hole(next(holes))
            elif sign == EXPANSION_MARK:
                inside.expansion(next(names))
            else:
                inside.literal(sign)
        if word is folder:
            inside.literal("/")
    inside.written = f"{folder.written}/{file.written.rpartition('/')[2]}"
    return inside.finish(file.end)


def printf_target(words: Sequence[Word]) -> str:
    """The variable of `printf -v`, "" without."""
    usage = usage_of("printf")
    assert usage is not None
    names = (each.word.text for each in arguments(usage, words) if each.option == "-v")
    return next(names, "")
