"""Where a script shows its secrets: what it prints, and what other users see of its commands.

Goes in: the text of a script and which of its variables and holes are secrets; comes out: the
places. The arguments of a program are in the list of processes, which everybody on the machine can
read; those of a builtin or a function are not. What is printed is in the log of the run, unless it
goes into a pipe, a file, or a variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wfcompile.expressions.nodes import Hole, Text
from wfcompile.expressions.shell_commands import ReadCode
from wfcompile.expressions.shell_lexer import read_script
from wfcompile.expressions.shell_places import Places
from wfcompile.expressions.shell_problems import BrokenScript
from wfcompile.expressions.shell_programs import BUILTINS, DECLARING, FILLING
from wfcompile.expressions.shell_readers import printf_target
from wfcompile.expressions.shell_scopes import plain_name
from wfcompile.expressions.shell_source import Cursor, ShellView, view_of
from wfcompile.expressions.shell_tree import Command, Output, Word, joined
from wfcompile.expressions.shell_usage import program_name
from wfcompile.types import UNKNOWN

_RUNNING = frozenset(("exec", "command", "sudo", "nohup"))
_INSIDE = frozenset(BUILTINS).union(
    DECLARING,
    ("[", "test", ":", "echo", "true", "false", "cd", "pwd", "pushd", "popd", "kill"),
    ("set", "shift", "return", "exit", "break", "continue", "hash", "type", "umask"),
) - {*_RUNNING, "coproc"}  # fmt: skip
"""What runs in the shell itself."""
_PRINTING = frozenset(("echo", "printf"))
_COPYING = frozenset(("cat", "tee", "base64", "tr", "rev", "tac", "nl", "sort", "uniq"))
"""Programs that print all of what they read."""
_IN_LOG = frozenset(
    ("&1", "&2", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/1", "/dev/fd/2")
)
_FUNCTION = re.compile(
    r"^[ \t]*(?:function[ \t]+([\w-]+)|([\w-]+)[ \t]*\([ \t]*\))", re.MULTILINE
)
_TRACE = re.compile(r"-[a-z]*x[a-z]*|xtrace")


@dataclass(frozen=True, slots=True)
class SecretUse:
    """`text[start:end]` of the script shows the secret of that name.

    `program` is the one whose argument it is, "" if that is not known.
    """

    kind: Literal["printed", "traced", "argument"]
    secret: str
    start: int
    end: int
    program: str = ""


class _Named(str):
    """The name of a variable, and where it is read."""

    start: int
    end: int

    def __eq__(self, other: object) -> bool:
        """One that stands at another place is another one."""
        is_same_place = not isinstance(other, _Named) or self.start == other.start
        return is_same_place and str(self) == str(other)

    __hash__ = str.__hash__

    @classmethod
    def at(cls, name: str, start: int, end: int) -> _Named:
        made = cls(name)
        made.start, made.end = start, end
        return made


def secret_uses(
    text: Text,
    shell: str,
    secret_variable: Callable[[str], str | None],
    secret_hole: Callable[[Hole], str | None],
) -> list[SecretUse]:
    """In the order of the text; each place once.

    Args:
        secret_variable: which secret a variable of the environment holds.
        secret_hole: which secret the value of a hole is.
    """
    view = view_of(text)
    places = Places(shell, lambda _: UNKNOWN, lambda _: False)
    functions = {name for pair in _FUNCTION.findall(view.text) for name in pair}
    watcher = _Watcher(places, functions)
    try:
        cursor = Cursor(view, 0, len(view.text))
        printed = read_script(cursor, places, watcher)
    except BrokenScript:
        return []
    places.flows.settle()
    finder = _Finder(places, secret_variable, secret_hole)
    found = [*_seen(watcher, finder), *finder.uses(printed, "printed")]
    unique = {(use.start, use.end): use for use in reversed(found)}
    return sorted(unique.values(), key=lambda use: use.start)


def _seen(watcher: _Watcher, finder: _Finder) -> Iterator[SecretUse]:
    """In the list of processes, and by `set -x`."""
    for program, shown in watcher.arguments:
        yield from finder.uses(shown, "argument", program)
    for shown in watcher.traced:
        yield from finder.uses(shown, "traced")


class _Finder:
    """Which secrets a value holds, also through variables of the script."""

    def __init__(
        self,
        places: Places,
        secret_variable: Callable[[str], str | None],
        secret_hole: Callable[[Hole], str | None],
    ) -> None:
        self._assigned = places.flows.assigned()
        self._secret_variable = secret_variable
        self._secret_hole = secret_hole
        self._known: dict[str, str | None] = {}

    def uses(
        self,
        shown: Output,
        kind: Literal["printed", "traced", "argument"],
        program: str = "",
    ) -> Iterator[SecretUse]:
        for hole in shown.holes:
            if secret := self._secret_hole(hole):
                yield SecretUse(kind, secret, hole.start, hole.end, program)
        for name in shown.names:
            if isinstance(name, _Named) and (secret := self._held(name)):
                yield SecretUse(kind, secret, name.start, name.end, program)

    def _held(self, name: str) -> str | None:
        """One that the script sets holds what it is made of, another is of the environment."""
        if name not in self._known:
            self._known[name] = next(self._sources(name), None)
        return self._known[name]

    def _sources(self, name: str) -> Iterator[str]:
        """The secrets that the variable may hold, also through others."""
        waiting, seen = [name], {name}
        while waiting:
            output = self._assigned.get(current := waiting.pop())
            names = output.names if output is not None else (current,)
            holes = output.holes if output is not None else ()
            yield from filter(None, map(self._secret_hole, holes))
            for other in dict.fromkeys(map(plain_name, names)):
                if other == current and (secret := self._secret_variable(other)):
                    # of the environment, or made of what it was there
                    yield secret
                elif other not in seen:
                    seen.add(other)
                    waiting.append(other)


class _Watcher:
    """Looks at each command of a script.

    Attributes:
        arguments: the programs with what their arguments show.
        traced: what `set -x` prints.
        read_code, is_inner: what a text holds that is run as code is not looked at.
    """

    def __init__(self, places: Places, functions: set[str]) -> None:
        self._flows = places.flows
        self._inside = _INSIDE | functions
        self._traces = False
        self.arguments: list[tuple[str, Output]] = []
        self.traced: list[Output] = []
        self.read_code: ReadCode = lambda text, shell, function: None
        self.is_inner = False

    def check(self, command: Command, piped: Output | None) -> Output:
        """What the command prints."""
        view = command.view
        assert view is not None
        assigned = [self._assign(word, view) for word in command.assignments]
        words = [_shown(word, view) for word in command.words]
        if self._traces:
            self.traced += [*assigned, *words]
        is_elsewhere = any(each.text not in _IN_LOG for each in command.targets)
        if not words:
            return Output()
        name = _program(command.words)
        read = joined(
            [piped or Output(), *(_shown(each, view) for each in command.here_strings)]
        )
        self._command(name, command.words[1:], view, read)
        if name not in self._inside:
            self.arguments.append((name, joined(words[1:])))
        is_captured = name == "printf" and printf_target(command.words[1:])
        if is_elsewhere or is_captured:
            return Output()
        if name in _PRINTING:
            return joined(words[1:])
        return read if name in _COPYING else Output()

    def _command(
        self, name: str, words: Sequence[Word], view: ShellView, read: Output
    ) -> None:
        """What it does to the variables."""
        if name in DECLARING:
            for word in words:
                if "=" in word.text:
                    self._assign(word, view)
        elif name in FILLING:
            for word in words:
                self._flows.assign(word.text, read)
        elif name == "printf" and (variable := printf_target(words)):
            self._flows.assign(variable, joined(_shown(word, view) for word in words))
        elif name == "set":
            for word in words:
                self._traces |= bool(_TRACE.fullmatch(word.text))
                self._traces &= word.text != "+x"

    def _assign(self, word: Word, view: ShellView) -> Output:
        name = word.text.partition("=")[0].rstrip("+").partition("[")[0]
        elements = (_shown(each, view) for each in word.elements)
        value = joined([_shown(word, view), *elements])
        self._flows.assign(name, value)
        return value


def _program(words: Sequence[Word]) -> str:
    """The one that is run, behind `sudo` and such; "" if it is not known."""
    names = [program_name(word) for word in words if word.text[:1] != "-"]
    while len(names) > 1 and names[0] in _RUNNING:
        del names[0]
    return names[0] if names else ""


def _shown(word: Word, view: ShellView) -> Output:
    """What the word is made of; what a file `<( )` holds is no part of it."""
    names = []
    at = word.start
    for name in filter(str.isidentifier, map(plain_name, word.expansions)):
        reference = _reference(name).search(view.text, at, word.end)
        if reference is not None:
            at = reference.end()
            if reference["shows"] is not None:
                bounds = view.bounds(*reference.span())
                names.append(_Named.at(name, *bounds))
    own = Output(tuple(word.holes), (), tuple(names))
    is_file = re.search(r"[<>]\(", view.text[word.start : word.end])
    return own if is_file else joined([own, *word.outputs])


def _reference(name: str) -> re.Pattern[str]:
    """`shows`: the value, or what is as good; not whether there is one, nor a part of it."""
    return re.compile(
        rf"\$(?P<shows>{name}\b|\{{{name}(?:\}}|(?::?[-=?]|[\^,@/])[^{{}}]*\}}?))"
        rf"|\$\{{{name}\b",
        re.ASCII,
    )
