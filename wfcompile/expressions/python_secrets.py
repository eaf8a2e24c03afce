"""Where a block shows its secrets: what it prints, puts out, or gives to a program as an argument.

Goes in: the tree of a block and which of its names are secrets; comes out: the nodes. A value is
followed through assignments to names and through what keeps its text; what a function makes of it
is taken for something else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wfcompile.expressions.python_nodes import children

Kind = Literal["printed", "argument", "output"]

_PRINTING = re.compile(
    r"print|pprint|pprint\.pprint|sys\.std(?:out|err)\.write"
    r"|(?:logging|log|logger|_log|_logger|LOG|LOGGER|result\.trace)"
    r"\.(?:debug|info|warning|warn|error|exception|critical|log)"
)
_STARTING = re.compile(
    r"os\.(?:system|popen)|subprocess\."
    r"(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
)
_SAME_TEXT = frozenset(("str", "repr", "ascii", "format", "list", "tuple", "dict"))
"""Functions that keep the text of what they are given."""
_OTHER_VALUE = re.compile(r"(?:is|starts|ends)\w*|count|r?find|r?index|__len__|keys")
"""Methods of texts whose value tells nothing of the text."""


@dataclass(frozen=True, slots=True)
class PythonUse:
    """`node` shows the secret; `name` is the output that holds it."""

    kind: Kind
    secret: str
    node: ast.expr
    name: str = ""


@dataclass(slots=True)
class _Reader:
    """Attributes:
    held: name -> the secret that it holds.
    secret_variable: which secret a variable of the environment is.
    """

    held: dict[str, str]
    secret_variable: Callable[[str], str | None]
    found: list[PythonUse] = field(default_factory=list)

    def statement(self, node: ast.AST) -> None:
        """In the order of the text, so that a name is what it was assigned last."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._children(node)
                return
            case ast.Assign(targets, value):
                self._assign(targets, value)
            case ast.AnnAssign(target, _, ast.expr() as value):
                self._assign([target], value)
            case ast.NamedExpr(target, value):
                self._assign([target], value)
            case ast.Call():
                self._call(node)
        self._children(node)

    def _children(self, node: ast.AST) -> None:
        for child in children(node):
            self.statement(child)

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        secret = self.shown(value)
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            if secret is None:
                self.held.pop(target.id, None)
            else:
                self.held[target.id] = secret
                self.found.append(PythonUse("output", secret, value, target.id))

    def _call(self, node: ast.Call) -> None:
        function = ast.unparse(node.func)
        kind: Kind | None = None
        if _PRINTING.fullmatch(function):
            kind = "printed"
        elif _STARTING.fullmatch(function):
            kind = "argument"
        if kind is None:
            return
        arguments = node.args if kind == "printed" else node.args[:1]
        for each in arguments:
            if secret := self.shown(each):
                self.found.append(PythonUse(kind, secret, each))

    # --- values ---

    def shown(self, node: ast.expr) -> str | None:
        """The secret whose text is a part of the value."""
        match node:
            case ast.Name(name):
                return self.held.get(name)
            case ast.Subscript(value, ast.Constant(str() as name)) if _is_environment(
                value
            ):
                return self.secret_variable(name)
            case ast.Call():
                return self._called(node)
            case ast.FormattedValue(value) | ast.Starred(value) | ast.Await(value):
                return self.shown(value)
            case ast.IfExp(_, body, orelse):
                return self.shown(body) or self.shown(orelse)
            case (
                ast.JoinedStr(parts)
                | ast.BoolOp(_, parts)
                | ast.List(parts)
                | ast.Tuple(parts)
            ):
                return self._first(parts)
            case ast.BinOp(left, _, right):
                return self._first([left, right])
            case ast.Dict(_, values):
                return self._first(values)
        return None

    def _first(self, nodes: list[ast.expr]) -> str | None:
        return next(filter(None, map(self.shown, nodes)), None)

    def _called(self, node: ast.Call) -> str | None:
        function = node.func
        if isinstance(function, ast.Name):
            return self._first(node.args) if function.id in _SAME_TEXT else None
        if not isinstance(function, ast.Attribute):
            return None
        if ast.unparse(function) in ("os.getenv", "os.environ.get", "environ.get"):
            match node.args:
                case [ast.Constant(str() as name), *_]:
                    return self.secret_variable(name)
            return None
        if _OTHER_VALUE.fullmatch(function.attr):
            return None
        if isinstance(function.value, ast.Constant):
            # "...".format(x), " ".join(parts)
            values = [*node.args, *(each.value for each in node.keywords)]
            return self._first(values)
        return self.shown(function.value)


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in ("os.environ", "environ")


def secret_uses(
    tree: ast.Module,
    secrets: Mapping[str, str],
    secret_variable: Callable[[str], str | None],
) -> Iterator[PythonUse]:
    """In the order of the text.

    Args:
        secrets: name that has a value before the block -> the secret that it is.
        secret_variable: which secret a variable of the environment is.
    """
    reader = _Reader(dict(secrets), secret_variable)
    for statement in tree.body:
        reader.statement(statement)
    for use in reader.found:
        # a name that has been given another value since is no secret at the end
        if use.kind != "output" or reader.held.get(use.name) == use.secret:
            yield use
