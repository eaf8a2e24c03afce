"""Names of a Python block: what it binds, and what it uses without binding it.

The block is the body of a function. Python's own scoping: functions and comprehensions see the
block's names, class bodies are seen by nobody inside them, `nonlocal` reaches out.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from wfcompile.expressions.python_nodes import children, walk

_BUILTINS = frozenset(dir(builtins)) | {"__file__"}
_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"


_ASKED_AGAIN = 4
"""Bodies that are remembered: one block is asked a dozen times, and perhaps a function in it."""

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Use:
    """A name that is read; `around` is the outermost f-string it stands in."""

    node: ast.Name
    around: ast.JoinedStr | None


def bound_names(body: Sequence[ast.stmt]) -> Mapping[str, ast.AST]:
    """Every name that the block itself binds -> its first binding, in source order."""
    return _bound_names(tuple(body))


@lru_cache(maxsize=_ASKED_AGAIN)
def _bound_names(body: tuple[ast.stmt, ...]) -> Mapping[str, ast.AST]:
    bound: dict[str, ast.AST] = {}
    for node in own_nodes(body):
        for name in bindings(node):
            bound.setdefault(name, node)
    return bound


def free_uses(body: Sequence[ast.stmt]) -> list[Use]:
    """Reads of names that neither the block binds nor Python has, in source order."""
    scopes = _Scopes()
    scopes.enter(_Scope(set(bound_names(body))), body)
    return scopes.free


def nonlocal_names(body: Sequence[ast.stmt]) -> set[str]:
    """Names that a nested function assigns through `nonlocal`."""
    return {
        name
        for statement in body
        for node in walk(statement)
        if isinstance(node, ast.Nonlocal)
        for name in node.names
    }


def global_names(body: Sequence[ast.stmt]) -> set[str] | None:
    """Names that functions of a module bind in it; None where they cannot be known."""
    names: set[str] = set()
    for node in (inner for statement in body for inner in walk(statement)):
        match node:
            case ast.Global(declared):
                names.update(declared)
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                return None
            case ast.Name("exec" | "globals" | "locals" | "vars", ast.Load()):
                return None
    return names


def own_nodes(body: Sequence[ast.AST]) -> Sequence[ast.AST]:
    """The nodes whose bindings belong to the scope of `body`, in source order."""
    return _own_nodes(tuple(body))


@lru_cache(maxsize=_ASKED_AGAIN)
def _own_nodes(body: tuple[ast.AST, ...]) -> tuple[ast.AST, ...]:
    return tuple(_walk_own(body))


def _walk_own(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    waiting = [*reversed(body)]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _COMPREHENSIONS):
            # only `:=` binds in the scope around a comprehension
            inside = _walk_own(children(node))
            yield from (each for each in inside if isinstance(each, ast.NamedExpr))
        else:
            waiting += reversed(_own_children(node))


def _own_children(node: ast.AST) -> Sequence[ast.AST]:
    match node:
        case ast.Name() | ast.Constant():
            return ()
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *_outside(node)]
        case ast.Lambda():
            return _outside(node)
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases, *node.keywords]
        case ast.NamedExpr():
            return [node.value]
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            return _in_order(node)
        case ast.For() | ast.AsyncFor():
            return [node.iter, node.target, *node.body, *node.orelse]
    return children(node)


def _in_order(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> list[ast.AST]:
    """The value is evaluated before the targets are bound."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return []
    return [*([node.value] if node.value else []), *targets]


def _outside(function: _Function) -> list[ast.AST]:
    """What a function's definition evaluates in the scope around it."""
    arguments = function.args
    outside: list[ast.AST] = [*arguments.defaults]
    outside += [default for default in arguments.kw_defaults if default]
    if not isinstance(function, ast.Lambda):
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [each for each in (arguments.vararg, arguments.kwarg) if each]
        outside += [each.annotation for each in every if each.annotation]
        outside += [function.returns] if function.returns else []
    return outside


def bindings(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(name, ast.Store()):
            return [name]
        case ast.NamedExpr(ast.Name(name)):
            return [name]
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return [name]
        case ast.Import(names):
            return [each.asname or each.name.split(".")[0] for each in names]
        case ast.ImportFrom(_, names):
            return [each.asname or each.name for each in names if each.name != "*"]
        case ast.ExceptHandler(_, str(name)):
            return [name]
        case ast.MatchAs(_, str(name)) | ast.MatchStar(str(name)):
            return [name]
        case ast.MatchMapping(_, _, str(rest)):
            return [rest]
    return []


@dataclass(slots=True)
class _Scope:
    names: set[str]
    outer: _Scope | None = None
    is_class: bool = False


@dataclass(slots=True)
class _Scopes:
    """Walks the scopes and collects the reads that none of them knows."""

    free: list[Use] = field(default_factory=list)
    _f_string: ast.JoinedStr | None = None

    def enter(self, scope: _Scope, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self._visit(node, scope)

    def _visit(self, node: ast.AST, scope: _Scope) -> None:
        match node:
            case ast.Name(name, ast.Load()):
                if not _knows(scope, name):
                    self.free.append(Use(node, self._f_string))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.enter(scope, node.decorator_list)
                self._function(node, node.body, scope)
            case ast.Lambda():
                self._function(node, [node.body], scope)
            case ast.ClassDef():
                outside = [*node.decorator_list, *node.bases, *node.keywords]
                self.enter(scope, outside)
                inner = _Scope(set(bound_names(node.body)), scope, is_class=True)
                self.enter(inner, node.body)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self._comprehension(node, scope)
            case ast.JoinedStr():
                self._joined(node, scope)
            case _:
                self.enter(scope, children(node))

    def _joined(self, node: ast.JoinedStr, scope: _Scope) -> None:
        outer, self._f_string = self._f_string, self._f_string or node
        self.enter(scope, node.values)
        self._f_string = outer

    def _function(
        self, node: _Function, body: Sequence[ast.AST], scope: _Scope
    ) -> None:
        self.enter(scope, _outside(node))
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [each for each in (arguments.vararg, arguments.kwarg) if each]
        names = {each.arg for each in every}
        for own in own_nodes(body):
            names.update(bindings(own))
        for own in own_nodes(body):
            if isinstance(own, ast.Nonlocal):
                names.difference_update(own.names)
        self.enter(_Scope(names, scope), body)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        scope: _Scope,
    ) -> None:
        generators = node.generators
        self.enter(scope, [generators[0].iter])
        inner = _Scope(set(), scope)
        for generator in generators:
            for target in walk(generator.target):
                inner.names.update(bindings(target))
        for at, generator in enumerate(generators):
            self.enter(inner, generator.ifs if at == 0 else [generator.iter])
            self.enter(inner, [] if at == 0 else generator.ifs)
        if isinstance(node, ast.DictComp):
            self.enter(inner, [node.key, node.value])
        else:
            self.enter(inner, [node.elt])


def _knows(scope: _Scope, name: str) -> bool:
    at: _Scope | None = scope
    while at is not None:
        if name in at.names and (at is scope or not at.is_class):
            return True
        at = at.outer
    return name in _BUILTINS
