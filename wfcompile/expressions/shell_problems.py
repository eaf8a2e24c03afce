"""What can be wrong with a template in shell text: the codes WF260 to WF278 and their words.

A `Problem` belongs to one hole. A `BrokenScript` ends the reading, because the shell itself could
not follow. In a `help`, TEMPLATE stands for the hole as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wfcompile.diagnostics import Severity
from wfcompile.types import (
    UNKNOWN,
    LiteralType,
    Primitive,
    Type,
    annotation,
    literal_base,
)

TEMPLATE = "{template}"


class BrokenScript(Exception):
    """`start`, `end` count characters of the script; never seen outside this package."""

    def __init__(
        self, code: str, message: str, start: int, end: int, help: str
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = end
        self.help = help


@dataclass(frozen=True, slots=True)
class Problem:
    """`way` says how a value gets there that stands in another place.

    `only_free` tells that only a value that may be any text has the problem: what is a number, a date
    or one of the author's own texts has not. `takes_list`: the help is right for several words too.
    """

    code: str
    message: str
    help: str
    severity: Severity = "error"
    only_free: bool = False
    way: str = ""
    takes_list: bool = False

    def through(self, way: str) -> Problem:
        return replace(self, way=self.way or way)

    def of_list(self) -> Problem:
        """The same of a template that becomes several words."""
        if self.takes_list or TEMPLATE not in self.help:
            return self
        chosen = self.help.replace(f"case {TEMPLATE}", "case $each")
        help = chosen.replace(TEMPLATE, '"$each"')
        return replace(
            self, help=f'write "for each in {TEMPLATE}" around it, and {help}'
        )


NAMES_COMMAND = Problem(
    "WF261",
    "template names a command, expected a command that is written out",
    f'write the command here, or choose with "case {TEMPLATE} in"',
)
IN_COMMAND_PATH = replace(NAMES_COMMAND, only_free=True)
IN_DELIMITER = Problem(
    "WF264",
    "template stands in the word that ends a heredoc, expected a plain word",
    "write a word such as EOF",
)
NAMES_VARIABLE = Problem(
    "WF266",
    "template names a variable, expected a name that is written out",
    f'write the name here, or choose with "case {TEMPLATE} in"',
)
BEHIND_BACKSLASH = Problem(
    "WF267",
    'template stands behind "\\", which escapes the sign that follows',
    'write "\\\\" for a backslash, or take it away',
)
BEHIND_DOLLAR = Problem(
    "WF267",
    'template stands behind "$", which makes a name of what follows',
    'write "\\$" for a dollar sign, or take it away',
)
BEHIND_TILDE = Problem(
    "WF268",
    'template stands behind "~", which is replaced before values are put in',
    "write the path of the folder",
)
IN_BRACE_RANGE = Problem(
    "WF268",
    'template stands in "{a..b}", which is replaced before values are put in',
    f"use seq, as in $(seq 1 {TEMPLATE})",
)
IN_HEREDOC_PATTERN = Problem(
    "WF268",
    'template stands in a pattern in a heredoc, where "sh" has no quotes',
    "put the result into a variable in front of the heredoc",
)
IN_HEREDOC_BACKTICKS = Problem(
    "WF268",
    "template stands in backticks in a heredoc, whose quotes shells read in two ways",
    "write $( ) instead of the backticks",
)
IN_NESTED_ANSI = Problem(
    "WF268",
    "template stands in $'...' inside double quotes, which shells read in two ways",
    "take the template out of the inner quotes",
)
WITHIN_WORD = Problem(
    "WF275",
    'filter "words" stands where there is room for one word alone',
    'write the template as an argument of its own, or take "| words" away',
)
WORDS_OF_SH = Problem(
    "WF275",
    'filter "words" becomes "$@" in "sh", which is taken already',
    'write "shell: bash" for the stage',
)


def names_file(command: str) -> Problem:
    return Problem(
        "WF261",
        f'template names the file that "{command}" runs, expected one that is written out',
        f'write the file here, or choose with "case {TEMPLATE} in"',
        only_free=True,
    )


CHOOSES_FILE = Problem(
    "WF261",
    "template names a file whose text is run, expected one that is written out",
    f'write the file here, or choose with "case {TEMPLATE} in"',
    only_free=True,
)


def in_code(command: str, help: str) -> Problem:
    message = f'template stands in text that "{command}" runs as code'
    return Problem("WF262", message, help, only_free=True)


LIST_OF_FIND = replace(
    in_code(
        "find", f'write "for each in {TEMPLATE}" around it, and "$each" in its place'
    ),
    takes_list=True,
)
ENDS_EXEC = Problem(
    "WF262",
    'template stands behind another one in "-exec", which may end it and begin a command',
    f"write value={TEMPLATE} in front of find, and -exec sh -c '... \"$value\" ...' in its place",
    only_free=True,
)
_BOUND_VALUE = "write the value here, or make the param a choice"


def in_variable(variable: str, command: str) -> Problem:
    """`command` is one that runs what the variable of the environment holds."""
    message = f'template stands in "{variable}", whose value "{command}" runs as code'
    return Problem("WF262", message, _BOUND_VALUE, only_free=True)


def in_query(command: str, help: str) -> Problem:
    message = f'template stands in a query of "{command}", where quotes do not hold it'
    return Problem("WF271", message, help, "warning", only_free=True)


def in_format(command: str, *, begins: bool) -> Problem:
    """`begins`: the value may be taken for an option, of which bash has one that runs code."""
    help = f"write %s there, and {TEMPLATE} as an argument behind the format"
    if begins:
        return replace(in_code(command, help), takes_list=True)
    message = (
        f'template stands in the format of "{command}", which reads "%" and "\\" in it'
    )
    return Problem("WF274", message, help, "warning", only_free=True, takes_list=True)


def in_escaped(command: str) -> Problem:
    return Problem(
        "WF276",
        f'template stands in a variable of "{command}" that reads "\\" in it',
        f'write value={TEMPLATE} in front of {command}, and use ENVIRON["value"]',
        "warning",
        only_free=True,
    )


def as_prompt(variable: str) -> Problem:
    return in_code(f"${{{variable}@P}}", f"write ${{{variable}}} there")


def as_option(command: str, guard: str) -> Problem:
    """`guard`: "--" or "./", what keeps the program from taking a value for an option."""
    message = (
        f'template begins an argument of "{command}", which may take it for an option'
    )
    help = "write -- in front of it"
    if guard == "./":
        help = f"go there with cd -- {TEMPLATE} and search in . from there"
    return Problem("WF272", message, help, "warning", only_free=True)


def in_search_path(variable: str) -> Problem:
    message = (
        f'template stands in "{variable}", in whose folders programs look for code'
    )
    return Problem("WF273", message, _BOUND_VALUE, "warning", only_free=True)


def in_list(command: str) -> Problem:
    return Problem(
        "WF262",
        f'template stands in a value that "{command}" reads as code of a list',
        f"write the list in parentheses, ({TEMPLATE})",
        only_free=True,
        takes_list=True,
    )


def in_quoted_heredoc(delimiter: str) -> Problem:
    return Problem(
        "WF263",
        f'template stands in the quoted heredoc "{delimiter}", which takes no values',
        f"write <<{delimiter} without quotes,"
        ' and "\\" in front of each other "$", "`" and "\\"',
    )


def no_number(type_: Type, where: str) -> Problem:
    """`where`: "arithmetic", "an array index" ..."""
    plain = literal_base(type_) if isinstance(type_, LiteralType) else type_
    found = f"of type {annotation(plain)}"
    if type_ == UNKNOWN:
        found = "whose type is not known before the run"
    help = 'convert it with "| int"'
    if type_ == Primitive("float"):
        help = 'a shell has whole numbers only: convert it with "| int"'
    return Problem("WF265", f"template {found} stands in {where}, expected int", help)


def no_key(type_: Type) -> Problem:
    return Problem(
        "WF265",
        no_number(type_, "an array index").message,
        f"for a key of a map write key={TEMPLATE} before, and [$key]",
        only_free=True,
    )


def bad_descriptor(type_: Type) -> Problem:
    """Bash expands what stands behind `>&` a second time when it is no number."""
    return Problem(
        "WF265",
        no_number(type_, "a file descriptor").message,
        f"write > {TEMPLATE} 2>&1 for a file",
    )
