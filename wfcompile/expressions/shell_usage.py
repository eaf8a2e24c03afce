"""How programs use their arguments, as far as one of them is run, read as code, or a name.

A table, and `roles`, which goes along the words of one command. A program that is not in the
table takes its arguments as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from wfcompile.expressions.shell_problems import TEMPLATE
from wfcompile.expressions.shell_tree import EXPANSION_MARK, HOLE_MARK, Word

Role = Literal["plain", "name", "code", "file", "command", "number"]
"""What an argument is: "name" of a variable, "code" that is run, "file" with such code, "command":
it and the words behind it are a command, "number": it is computed."""

SHELLS = frozenset(("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"))
INTERPRETERS = {"python": "-c", "perl": "-e", "ruby": "-e", "node": "-e", "php": "-r"}
"""Program without its version -> its option for code on the command line."""
PRINTING = frozenset(("echo", "printf", "cat"))
DECLARING = frozenset(("declare", "typeset", "local", "export", "readonly"))
REMOTE = frozenset(("ssh", "docker", "podman", "nerdctl", "kubectl", "oc"))
"""Programs that run a command elsewhere, with their own input."""
SEARCHING = frozenset(("grep", "egrep", "fgrep", "rg", "ag"))
COMPUTED = frozenset(("RANDOM", "SRANDOM", "OPTIND", "HISTCMD"))
"""Variables of bash that compute what is assigned to them."""
RUN_LATER = frozenset(("PS4", "PROMPT_COMMAND", "BASH_ENV", "ENV"))
"""Variables whose text a shell runs."""

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_VERSION = re.compile(r"(?<=[a-z])[0-9.]+$")


@dataclass(frozen=True, slots=True)
class Usage:
    """How one program reads its words.

    Attributes:
        operands: of the words that are no options, in order; the last one stands for the rest.
        options: option that takes a value -> what that is.
        attached: letters whose value is only what stands behind them in the same word.
        quiet: letters of options with which nothing is run.
        assigns: takes `NAME=value` words in front of the command.
        programs: options that give the code in place of the first operand.
    """

    operands: tuple[Role, ...] = ("plain",)
    options: Mapping[str, Role] = field(default_factory=dict)
    attached: str = ""
    quiet: str = ""
    assigns: bool = False
    programs: tuple[str, ...] = ()

    def operand(self, number: int) -> Role:
        return self.operands[min(number, len(self.operands) - 1)]


def _options(
    plain: str, *, name: str = "", code: str = "", file: str = ""
) -> Mapping[str, Role]:
    options: dict[str, Role] = dict.fromkeys(plain.split(), "plain")
    options |= dict.fromkeys(name.split(), "name")
    options |= dict.fromkeys(code.split(), "code")
    options |= dict.fromkeys(file.split(), "file")
    return options


def _awk() -> Usage:
    code, file = "-e --source", "-f -i --file --include"
    options = _options("-F -v --assign --field-separator", code=code, file=file)
    return Usage(
        ("code", "plain"), options, programs=("-e", "-f", "--source", "--file")
    )


def _sed() -> Usage:
    code, file = "-e --expression", "-f --file"
    options = _options("-l --line-length", code=code, file=file)
    programs = ("-e", "-f", "--expression", "--file")
    return Usage(("code", "plain"), options, attached="i", programs=programs)


_RUNS: tuple[Role, ...] = ("command",)
USAGES: Mapping[str, Usage] = {
    # the shell's own
    "eval": Usage(("code",)),
    "trap": Usage(("code", "plain"), quiet="lp"),
    "alias": Usage(("code",)),
    "source": Usage(("file", "plain")),
    ".": Usage(("file", "plain")),
    "let": Usage(("number",)),
    "unset": Usage(("name",)),
    "getopts": Usage(("plain", "name", "plain")),
    "read": Usage(("name",), _options("-d -i -n -N -p -t -u", name="-a")),
    "mapfile": Usage(("name",), _options("-d -n -O -s -u -c", code="-C")),
    "readarray": Usage(("name",), _options("-d -n -O -s -u -c", code="-C")),
    "printf": Usage(options=_options("", name="-v")),
    "wait": Usage(options=_options("", name="-p")),
    "compgen": Usage(options=_options("-A -F -G -P -S -X -V", code="-C -W")),
    "complete": Usage(options=_options("-A -F -G -P -S -X -o", code="-C -W")),
    "exec": Usage(_RUNS, _options("-a")),
    "command": Usage(_RUNS, quiet="vV"),
    "builtin": Usage(_RUNS),
    "coproc": Usage(_RUNS),
    # programs that run others
    "env": Usage(
        _RUNS,
        _options("-u --unset -C --chdir", code="-S --split-string"),
        assigns=True,
    ),
    "sudo": Usage(
        _RUNS,
        _options("-C -D -g -h -p -R -r -T -t -U -u --user --group --host --prompt"),
        assigns=True,
    ),
    "doas": Usage(_RUNS, _options("-C -u")),
    "nohup": Usage(_RUNS),
    "setsid": Usage(_RUNS),
    "time": Usage(_RUNS, _options("-f -o --format --output")),
    "nice": Usage(_RUNS, _options("-n --adjustment")),
    "ionice": Usage(_RUNS, _options("-c -n -p -P -u --class --classdata")),
    "stdbuf": Usage(_RUNS, _options("-i -o -e --input --output --error")),
    "timeout": Usage(("plain", "command"), _options("-k -s --kill-after --signal")),
    "chroot": Usage(("plain", "command")),
    "flock": Usage(
        ("plain", "command"), _options("-w -E --timeout", code="-c --command")
    ),
    "xargs": Usage(
        _RUNS,
        _options("-a -d -E -I -L -n -P -s --max-args --max-procs --delimiter"),
        attached="eil",
    ),
    "busybox": Usage(_RUNS),
    # programs that give text to a shell or to an interpreter
    "ssh": Usage(
        ("plain", "code"),
        _options("-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w"),
    ),
    "su": Usage(options=_options("-g -G -s --shell", code="-c --command")),
    "runuser": Usage(options=_options("-g -G -s -u", code="-c --command")),
    "script": Usage(options=_options("-I -O -B -T -E -o", code="-c --command")),
    "watch": Usage(("code",), _options("-n -q --interval")),
    "python": Usage(options=_options("-m -W -X", code="-c")),
    "perl": Usage(options=_options("-I", code="-e -E"), attached="CdDFilmMx0"),
    "ruby": Usage(options=_options("-C -I -r", code="-e"), attached="EFiKTWx0"),
    "node": Usage(options=_options("-r --require", code="-e -p --eval --print")),
    "php": Usage(options=_options("-c -d -f -z", code="-r -B -R -E")),
    # programs whose own language can run commands
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk()),
    **dict.fromkeys(("sed", "gsed"), _sed()),
}

_SHELL_OPTIONS = _options("--rcfile --init-file")


def program_name(word: Word) -> str:
    """The program that the word names, without folder; "" when it is not known."""
    if HOLE_MARK in word.text or EXPANSION_MARK in word.text:
        return ""
    return word.text.rpartition("/")[2]


def usage_of(name: str) -> Usage | None:
    return USAGES.get(name) or USAGES.get(stem(name))


def stem(name: str) -> str:
    """Without the version.

    >>> stem("python3.11"), stem("sh")
    ('python', 'sh')
    """
    return _VERSION.sub("", name)


@dataclass(frozen=True, slots=True)
class Argument:
    """The word at `index`; `option` is the one whose value it is, "" for an operand."""

    word: Word
    role: Role
    index: int
    option: str = ""


def arguments(usage: Usage, words: Sequence[Word]) -> Iterator[Argument]:
    """What each word is; ends at the first "command", what follows is for that to say."""
    number, index, takes_options = 0, 0, True
    has_program = False
    while index < len(words):
        word = words[index]
        if takes_options and word.text == "--":
            takes_options = False
        elif takes_options and len(word.text) > 1 and word.text[0] == "-":
            option, is_attached = _option(usage, word.text)
            if set(option) & set(usage.quiet):
                return
            has_program = has_program or option in usage.programs
            if option in usage.options:
                index += not is_attached
                for value in words[index : index + 1]:
                    yield Argument(value, usage.options[option], index, option)
        elif not (usage.assigns and _ASSIGNMENT.match(word.shape)):
            role = "plain" if has_program else usage.operand(number)
            yield Argument(word, role, index)
            if role == "command":
                return
            number += 1
            takes_options = role != "code"
        index += 1


def _option(usage: Usage, text: str) -> tuple[str, bool]:
    """The option with a value in an option word, and whether the value stands there too."""
    if text.startswith("--"):
        name, equals, _ = text.partition("=")
        return name, bool(equals)
    for at, letter in enumerate(text[1:], start=2):
        if letter in usage.attached:
            break
        if f"-{letter}" in usage.options or letter in usage.quiet:
            return f"-{letter}", at < len(text)
    return "", True


@dataclass(frozen=True, slots=True)
class ShellArguments:
    """The arguments of a shell: `code` is its `-c` text, `file` its script.

    With neither, or with `-s`, it runs what it reads.
    """

    code: Word | None
    file: Word | None
    reads_code: bool


def shell_arguments(words: Sequence[Word]) -> ShellArguments:
    letters = ""
    index = 0
    while index < len(words) and words[index].text[:1] in ("-", "+"):
        text = words[index].text
        index += 1
        if text in ("-", "--"):
            break
        if text.startswith("--"):
            index += text in _SHELL_OPTIONS
            continue
        index += text.count("o") + text.count("O")
        letters += text[1:] if text[0] == "-" else ""
    operand = words[index] if index < len(words) else None
    if "c" in letters:
        return ShellArguments(operand, None, reads_code=False)
    if "s" in letters or operand is None:
        return ShellArguments(None, None, reads_code=True)
    return ShellArguments(None, operand, reads_code=False)


def passing(command: str, *, on_input: bool = False) -> str:
    """How a value gets to code that `command` runs without becoming a part of it."""
    if command in SHELLS:
        start = "-s --" if on_input else f"-c '...' {command}"
        return f'pass it as an argument, {command} {start} {TEMPLATE}, and use "$1"'
    if option := INTERPRETERS.get(stem(command)):
        start = "-" if on_input else f"{option} '...'"
        return f"pass it as an argument, {command} {start} {TEMPLATE}, and read that"
    if command.endswith("awk"):
        return f"pass it as a variable, {command} -v value={TEMPLATE}, and use value"
    if command.endswith("sed"):
        return f"use awk -v value={TEMPLATE}, where value is no part of the program"
    if command in ("ssh", "su", "runuser", "watch"):
        return f"quote it for the other shell, $(printf %q {TEMPLATE})"
    return (
        f"put it into a variable, value={TEMPLATE},"
        ' and write "$value" between single quotes'
    )
