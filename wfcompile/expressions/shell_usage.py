"""How programs use their arguments, as far as one of them is run, read as code, or a name.

`Usage` is what the table in `shell_programs.py` says of one program; `arguments` goes along the
words of one command and says what each is. A program without a usage takes plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from wfcompile.expressions.shell_tree import EXPANSION_MARK, HOLE_MARK, Word

# fmt: off
Role = Literal[
    "plain", "name", "code", "query", "file", "command", "number", "setting",
    "assignment", "format", "input", "escaped"
]
# fmt: on
"""What an argument is: "name" of a variable, "code" that is run,
"query": code of a database, "file" with code, "command": it and the words behind it are a command,
"number": it is computed, "setting": `KEY=value`, of which some keys take code, "assignment":
`NAME=value` for the environment of a command, "format": text with signs for values, "input": a file
that is read like the standard input, "escaped": text with backslashes that mean something."""

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_KEY = re.compile(r"[^=:\s]*[=:\s]?")
_SHELL_FILES = frozenset(("--rcfile", "--init-file"))
CODE_ROLES = frozenset(("code", "query"))
_OPTION_ROLES: tuple[Role, ...] = (
    *("name", "code", "query", "file", "command", "setting", "input", "escaped"),
)


@dataclass(frozen=True, slots=True)
class Usage:
    """How one program reads its words.

    Attributes:
        operands: of the words that are no options, in order; the last one stands for the rest.
        options: option that takes a value -> what that is.
        attached: letters whose value is only what stands behind them in the same word.
        bundled: letters that take the words behind a first word without "-" (`tar cf x`).
        pairs: options that take two words.
        quiet: options with which nothing is run.
        assigns: takes `NAME=value` words in front of the command.
        programs: options that give the code in place of the first operand.
        last: those of them behind which all words are for the code.
        closers: words behind which all others are plain, when a command stands before.
        settings: the keys, in small letters, whose value in a "setting" is run; `*` is any text.
        permutes: takes options behind its program too.
        reads: what the standard input is where no argument gives the code.
        guard: what keeps a value from being taken for an option that runs code: "--" or "./".
    """

    operands: tuple[Role, ...] = ("plain",)
    options: Mapping[str, Role] = field(default_factory=dict)
    attached: str = ""
    bundled: str = ""
    pairs: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    assigns: bool = False
    programs: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    closers: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    permutes: bool = False
    reads: Role | None = None
    guard: str = ""

    def operand(self, number: int) -> Role:
        return self.operands[min(number, len(self.operands) - 1)]


def options(plain: str = "", **roles: str) -> Mapping[str, Role]:
    """`plain` and each of `roles` are options with a blank between them."""
    found: dict[str, Role] = dict.fromkeys(plain.split(), "plain")
    for role in _OPTION_ROLES:
        found |= dict.fromkeys(roles.get(role, "").split(), role)
    return found


def split(words: str) -> frozenset[str]:
    return frozenset(words.split())


def program_name(word: Word) -> str:
    """The program that the word names, without folder; "" when it is not known."""
    name = word.text.rpartition("/")[2]
    return "" if HOLE_MARK in name or EXPANSION_MARK in name else name


@dataclass(frozen=True, slots=True)
class Argument:
    """The word at `index`, whose value begins at `start` in its text.

    `option` is the one whose value it is, "" for an operand. `may_be_option`: as an operand that
    begins with "-" it would be taken for an option.
    """

    word: Word
    role: Role
    index: int
    option: str = ""
    start: int = 0
    may_be_option: bool = False


def arguments(usage: Usage, words: Sequence[Word]) -> Iterator[Argument]:
    """What each word is; ends at the first "command", what follows is for that to say."""
    number, index, takes_options = 0, _bundle(usage, words), True
    has_program = False
    # the value of an option that is not known may stand in the next word
    is_value = False
    while index < len(words):
        word = words[index]
        if word.text in usage.closers:
            # without a command in front, they are the commands
            for at in range(index + 1, len(words)) if number == 0 else ():
                yield Argument(words[at], usage.operand(0), at)
            return
        if takes_options and word.text == "--":
            takes_options = False
        elif takes_options and len(word.text) > 1 and word.text[0] == "-":
            option, start = _option(usage, word.text)
            if option in usage.quiet:
                return
            has_program = has_program or option in usage.programs
            takes_options = option not in usage.last
            is_value = (
                not option and word.text.startswith("--") and "=" not in word.text
            )
            index += 2 * (option in usage.pairs)
            if option in usage.options:
                index += start == 0
                for value in words[index : index + 1]:
                    role = usage.options[option]
                    yield Argument(value, role, index, option, start)
        elif usage.assigns and _ASSIGNMENT.match(word.shape):
            yield Argument(word, "assignment", index)
        else:
            role = "plain" if has_program else usage.operand(number)
            may_be_option = takes_options and not is_value
            yield Argument(word, role, index, may_be_option=may_be_option)
            if role == "command":
                return
            number += 1
            is_value = False
            is_last = role in ("code", "file") and not usage.permutes
            takes_options = takes_options and not is_last
        index += 1


def _bundle(usage: Usage, words: Sequence[Word]) -> int:
    """How many words the options without "-" at the beginning take."""
    first = words[0].text if words else ""
    if not usage.bundled or not first.isalpha():
        return 0
    return 1 + sum(letter in usage.bundled for letter in first)


def _option(usage: Usage, text: str) -> tuple[str, int]:
    """The option that an option word is, and where its value begins there, 0 if in the next."""
    if text in usage.options or text in usage.quiet or text in usage.pairs:
        return text, 0
    name, equals, _ = text.partition("=")
    if text.startswith("--") or (len(name) > 2 and name in usage.options):
        is_known = name in usage.options
        return (name if is_known else ""), len(name) + 1 if equals else 0
    for at, letter in enumerate(text[1:], start=2):
        option = f"-{letter}"
        if letter in usage.attached or not letter.isalnum():
            break
        if option in usage.options or option in usage.quiet:
            return option, at if at < len(text) else 0
    return "", 0


def runs_setting(usage: Usage, argument: Argument) -> bool:
    """Whether a hole in a `KEY=value` word chooses the key, or is the value of one that is run."""
    text = argument.word.text
    match = _KEY.match(text, argument.start)
    assert match is not None
    key = match.group().rstrip("=: \t\n").lower()
    return HOLE_MARK in key or is_run(usage, key)


def is_run(usage: Usage, key: str) -> bool:
    """Whether the value of the setting is run; `usage.settings` has patterns for some."""
    return any(fnmatchcase(key, each) for each in usage.settings)


def stdin_role(usage: Usage, words: Sequence[Word]) -> Role | None:
    """What the program takes its standard input for, None when an argument gives the code."""
    if usage.reads is None:
        return None
    for argument in arguments(usage, words):
        text = argument.word.text
        gives = argument.role in (*CODE_ROLES, "file", "input", "command")
        if argument.option in usage.programs or gives:
            return usage.reads if text in ("-", "/dev/stdin") else None
    return usage.reads


@dataclass(frozen=True, slots=True)
class ShellArguments:
    """The arguments of a shell: `code` is its `-c` text, `file` its script.

    With neither, or with `-s`, it runs what it reads. `startup` is a file that it runs before.
    """

    code: Word | None
    file: Word | None
    reads_code: bool
    startup: Word | None = None


def shell_arguments(words: Sequence[Word]) -> ShellArguments:
    letters = ""
    index = 0
    startup = None
    while index < len(words) and words[index].text[:1] in ("-", "+"):
        text = words[index].text
        index += 1
        if text in ("-", "--"):
            break
        if text.startswith("--"):
            if text in _SHELL_FILES:
                startup = next(iter(words[index : index + 1]), None)
                index += 1
            continue
        index += text.count("o") + text.count("O")
        letters += text[1:] if text[0] == "-" else ""
    operand = words[index] if index < len(words) else None
    if "c" in letters:
        return ShellArguments(operand, None, reads_code=False, startup=startup)
    if "s" in letters or operand is None or operand.text == "/dev/stdin":
        return ShellArguments(None, None, reads_code=True, startup=startup)
    return ShellArguments(None, operand, reads_code=False, startup=startup)
