"""Secrets that a stage shows.

A secret is a variable of the environment or a param by its name, and what is typed as one. The run
masks such a value in all that it writes, as it is: what is made of it, and what others see of a
process, it cannot mask. Adds WF570 (in a message), WF571 (printed), WF572 (an argument of a
program), WF573 (an output).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions import nodes, python_secrets, shell_secrets
from wfcompile.expressions.nodes import EnvRef, Expression, Hole, Text
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.python_lexer import place_holes
from wfcompile.expressions.python_lines import DedentedSource, dedent
from wfcompile.models import PyStage, VirtualPyStage
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.secret_names import is_secret_name
from wfcompile.source import Span
from wfcompile.types import SECRET, STR, UNKNOWN, Type, UnionType

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
_READING = re.compile(r"environ|getenv|\$\{\{")
_IN_PLACE_OF_ARGUMENT = {
    "curl": "write the option into a config that it reads: printf ... | curl --config -",
    "docker": 'write "-e NAME" without a value, or "--password-stdin"',
    "podman": 'write "-e NAME" without a value, or "--password-stdin"',
    "psql": "set PGPASSWORD in the env of the stage",
    "pg_dump": "set PGPASSWORD in the env of the stage",
    "mysql": "set MYSQL_PWD in the env of the stage",
    "mysqldump": "set MYSQL_PWD in the env of the stage",
    "sshpass": "write sshpass -e, and set SSHPASS in the env of the stage",
    "redis-cli": "set REDISCLI_AUTH in the env of the stage",
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """Which values of one stage are secrets; what is wrong with them was told already."""

    binder: ValueBinder

    @classmethod
    def of(cls, binder: ValueBinder) -> Secrets:
        return cls(replace(binder, diagnostics=Diagnostics(), uses=Uses()))

    def variable(self, name: str) -> str | None:
        return name if is_secret_name(name) else None

    def hole(self, scalar: Scalar, hole: Hole) -> str | None:
        """The secret that the value of the hole shows."""
        if hole.tree is None:
            return None
        return next(self._shown(scalar, hole.tree), None)

    def parts(self, scalar: Scalar) -> Iterator[tuple[str, Span]]:
        """The secrets in a text, with their places."""
        if "${" not in scalar.text:
            return
        for part in parse_text(scalar, self.binder.diagnostics, env=True).parts:
            secret = None
            if isinstance(part, Hole):
                secret = self.hole(scalar, part)
            elif isinstance(part, EnvRef):
                secret = self.variable(part.name)
            if secret is not None and not isinstance(part, str):
                yield secret, scalar.span_of(part.start, part.end)

    def given(self, entries: MappingNode | None) -> dict[str, str]:
        """Variable of the stage -> the secret that its value shows."""
        found: dict[str, str] = {}
        for entry in entries or ():
            if isinstance(entry.value, Scalar):
                for secret, _ in self.parts(entry.value):
                    found.setdefault(entry.key.text, secret)
        return found

    def _shown(self, scalar: Scalar, tree: Expression) -> Iterator[str]:
        """A comparison, a number or what a function makes of a text tells nothing of it."""
        match tree:
            case nodes.Path():
                if self._is_secret(scalar, tree):
                    yield scalar.text[tree.start : tree.end]
            case nodes.FilterCall(value):
                if self._is_text(self.binder.expression(scalar, tree).type):
                    yield from self._shown(scalar, value)
            case nodes.Call(receiver=value) if value is not None:
                if self._is_text(self.binder.expression(scalar, tree).type):
                    yield from self._shown(scalar, value)
            case nodes.Conditional(_, then, otherwise):
                yield from self._shown(scalar, then)
                yield from self._shown(scalar, otherwise)
            case nodes.Binary(_, left, right):
                yield from self._shown(scalar, left)
                yield from self._shown(scalar, right)
            case nodes.Logic(_, operands):
                for operand in operands:
                    yield from self._shown(scalar, operand)

    def _is_secret(self, scalar: Scalar, path: nodes.Path) -> bool:
        type_ = self.binder.expression(scalar, path).type
        if _members(type_) & {SECRET}:
            return True
        root, last = path.segments[0].name, path.segments[-1].name
        is_named = root in ("params", "stages", "jobs") and len(path.segments) > 1
        return is_named and is_secret_name(last) and self._is_text(type_)

    def _is_text(self, type_: Type) -> bool:
        return bool(_members(type_) & {STR, UNKNOWN, SECRET})


def _members(type_: Type) -> set[Type]:
    return set(type_.members) if isinstance(type_, UnionType) else {type_}


# --- messages ---


def report_shown(scalar: Scalar | None, binder: ValueBinder) -> None:
    """Adds WF570 for the message of an `echo` or a `raise`."""
    for secret, span in Secrets.of(binder).parts(scalar) if scalar is not None else ():
        binder.diagnostics.warning(
            "WF570",
            f'the message holds the secret "{secret}"',
            span,
            help="take it out of the message, or write its name in its place",
        )


# --- shells ---


def report_in_shell(
    script: Scalar, env: MappingNode | None, text: Text, shell: str, binder: ValueBinder
) -> None:
    """Adds WF571 and WF572 for a script."""
    secrets = Secrets.of(binder)
    given = secrets.given(env)
    holes = {hole: secrets.hole(script, hole) for hole in text.holes}
    names = _VARIABLE.findall(script.text)
    if not (given or any(holes.values()) or any(map(is_secret_name, names))):
        return
    uses = shell_secrets.secret_uses(
        text, shell, lambda name: given.get(name) or secrets.variable(name), holes.get
    )
    for use in uses:
        span = script.span_of(use.start, use.end)
        if use.kind == "argument":
            _report_argument(use.secret, use.program, span, binder.diagnostics)
        else:
            printer = '"set -x"' if use.kind == "traced" else "the script"
            _report_printed(printer, use.secret, span, binder.diagnostics)


def _report_printed(
    printer: str, secret: str, span: Span, diagnostics: Diagnostics
) -> None:
    help = "take it out; a stage that needs the secret reads it itself"
    if printer.startswith('"'):
        help = "write set +x in front of this command"
    diagnostics.warning(
        "WF571", f'{printer} prints the secret "{secret}" into the log', span, help=help
    )


def _report_argument(
    secret: str, program: str, span: Span, diagnostics: Diagnostics
) -> None:
    named = f'"{program}"' if program else "a program"
    diagnostics.warning(
        "WF572",
        f'the secret "{secret}" is an argument of {named}, '
        "which all users of the machine can see",
        span,
        help=_IN_PLACE_OF_ARGUMENT.get(
            program, "give it in the environment, in a file, or on standard input"
        ),
    )


# --- blocks ---


def report_in_block(
    stage: PyStage | VirtualPyStage,
    text: Text,
    outputs: Iterable[str],
    binder: ValueBinder,
) -> None:
    """Adds WF571, WF572 and WF573 for a block that is good Python."""
    secrets = Secrets.of(binder)
    given = secrets.given(stage.vars)
    if not given and not _READING.search(stage.run.text):
        return
    source = place_holes(stage.run.text, text.holes)
    shown = {
        placed.placeholder: secret
        for placed in source.holes
        if (secret := secrets.hole(stage.run, placed.hole)) is not None
    }
    lines = dedent(source)
    uses = _in_python(lines.text, {**given, **shown}, secrets)
    names = set(outputs)
    for use in uses:
        span = _span(stage.run, lines, use.node)
        if use.kind == "printed":
            _report_printed("the block", use.secret, span, binder.diagnostics)
        elif use.kind == "argument":
            _report_argument(use.secret, "", span, binder.diagnostics)
        elif use.name in names:
            _report_output(use.secret, use.name, span, binder.diagnostics)


def _in_python(
    code: str, held: Mapping[str, str], secrets: Secrets
) -> list[python_secrets.PythonUse]:
    try:
        with warnings.catch_warnings():
            # an odd escape is the author's matter
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
        return list(python_secrets.secret_uses(tree, held, secrets.variable))
    except RecursionError:  # it nests too deeply to be followed
        return []


def _span(scalar: Scalar, lines: DedentedSource, node: ast.expr) -> Span:
    start = lines.offset(node.lineno, node.col_offset, in_bytes=True)
    last = node.end_lineno or node.lineno
    end = lines.offset(last, node.end_col_offset or 0, in_bytes=True)
    return scalar.span_of(lines.starts[start], lines.ends[max(start, end - 1)])


def _report_output(
    secret: str, name: str, span: Span, diagnostics: Diagnostics
) -> None:
    diagnostics.warning(
        "WF573",
        f'output "{name}" of the stage holds the secret "{secret}"',
        span,
        help=f"write del {name} at the end of the block, or do not give it a name",
    )
