"""What the decorators of a function leave of its signature.

One keeps it when its annotations say so (`(F) -> F`, `(Callable[P, R]) -> Callable[P, R]`), when
it is known to, or when it wraps the function in the usual way and passes everything on. One that
only says what comes back (`-> Callable[P, Row]`) changes that. Of any other one nothing is known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

import griffe

from wfcompile.resolve.modules import FOREIGN
from wfcompile.resolve.sources import Definition, Scope, Sources
from wfcompile.resolve.written import Written, head_of, parts_of, unquoted

_KEEPING = frozenset(
    (
        *("functools.cache", "functools.lru_cache", "typing.no_type_check"),
        *("typing.overload", "typing_extensions.overload"),
        *("typing.final", "typing.override", "typing_extensions.override"),
        *("warnings.deprecated", "typing_extensions.deprecated"),
        "pydantic.validate_call",
    )
)
_LENIENT = frozenset(
    (
        *("tenacity.retry", "backoff.on_exception", "backoff.on_predicate"),
        *("stamina.retry", "retry.retry", "retrying.retry"),
    )
)
"""Libraries that keep the signature, and that a type checker may not find."""

Kept = Literal["all", "arguments", "nothing"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decorator leaves.

    Attributes:
        kept: "arguments" when something else comes back.
        returns: what comes back then, as it is written in `scope`; None when it is not known.
        is_typed: a type checker knows what comes back.
    """

    kept: Kept
    returns: Written = None
    scope: Scope | None = None
    is_typed: bool = True


_ALL = Effect("all")
_UNTYPED = Effect("all", is_typed=False)
_NOTHING = Effect("nothing", is_typed=False)


def effects_of(
    function: griffe.Function, scope: Scope, sources: Sources
) -> Iterator[Effect]:
    """Of each decorator but the marks of the runtime, the outermost first."""
    for decorator in function.decorators:
        meaning = sources.resolve(head_of(decorator.value), scope)
        if not _is_ours(meaning):
            is_called = isinstance(decorator.value, griffe.ExprCall)
            yield _effect(meaning, is_called=is_called)


def _is_ours(meaning: object) -> bool:
    return isinstance(meaning, str) and meaning.startswith(("wfruntime.", FOREIGN))


def _effect(meaning: object, *, is_called: bool) -> Effect:
    match meaning:
        case str() if meaning in _KEEPING:
            return _ALL
        case str() if meaning in _LENIENT:
            return _UNTYPED
        case Definition(node=griffe.Function() as node):
            scope = Scope(meaning.module)
            if node.returns is None:
                is_kept = _passes_all_on(meaning, node)
                return _UNTYPED if is_kept else _NOTHING
            return _of_annotations(node, scope, is_called=is_called)
    return _NOTHING


# --- by annotations ---


def _of_annotations(node: griffe.Function, scope: Scope, *, is_called: bool) -> Effect:
    taken, given = _first_annotation(node), unquoted(node.returns, scope.module.tree)
    if is_called:
        outer = _callable(given)
        if outer is None or len(outer[0]) != 1:
            return _NOTHING
        taken, given = outer[0][0], outer[1]
    if taken is not None and str(taken) == str(given):
        return _ALL if _is_generic(taken) else _NOTHING
    inside, outside = _callable(taken), _callable(given)
    if inside is None or outside is None:
        return _NOTHING
    same = [str(each) for each in inside[0]] == [str(each) for each in outside[0]]
    if not same or not _is_name(inside[0]):
        return _NOTHING
    if str(inside[1]) == str(outside[1]) and _is_variable(inside[1]):
        return _ALL
    return Effect("arguments", outside[1], scope)


def _first_annotation(node: griffe.Function) -> Written:
    return next((each.annotation for each in node.parameters), None)


def _callable(written: Written) -> tuple[list[Written], Written] | None:
    """The parameters, one name for a ParamSpec, and what comes back."""
    if not isinstance(written, griffe.ExprSubscript):
        return None
    if head_of(written).rpartition(".")[2] != "Callable":
        return None
    parts = parts_of(written)
    if len(parts) != 2:
        return None
    first = parts[0]
    taken = [*first.elements] if isinstance(first, griffe.ExprList) else [first]
    return [*taken], parts[1]


def _is_name(taken: list[Written]) -> bool:
    """A ParamSpec, and not `...` or a list of types."""
    return len(taken) == 1 and isinstance(taken[0], griffe.ExprName)


def _is_generic(written: Written) -> bool:
    """`F`, or `Callable[P, R]`: not a type that would make all functions alike."""
    if isinstance(written, griffe.ExprName):
        return str(written) != "Any"
    parts = _callable(written)
    return parts is not None and _is_name(parts[0]) and _is_variable(parts[1])


def _is_variable(written: Written) -> bool:
    return isinstance(written, griffe.ExprName)


# --- by what it does ---


def _passes_all_on(found: Definition, node: griffe.Function) -> bool:
    """`@wraps(f) def inside(*args, **kwargs): ... return f(*args, **kwargs)`."""
    lines = found.module.file.text.split("\n")[(node.lineno or 1) - 1 : node.endlineno]
    try:
        tree = ast.parse(dedent("\n".join(lines)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    inside = [
        (each, wrapped)
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and (wrapped := _wrapped(each)) is not None
    ]
    return len(inside) == 1 and _gives_the_same(*inside[0])


def _wrapped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The name of the function that `@wraps(...)` names, around `*args` and `**kwargs`."""
    args = node.args
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    if named or args.vararg is None or args.kwarg is None:
        return None
    for each in node.decorator_list:
        match each:
            case ast.Call(
                ast.Name("wraps") | ast.Attribute(attr="wraps"), [ast.Name(n)]
            ):
                return n
    return None


def _gives_the_same(node: ast.FunctionDef | ast.AsyncFunctionDef, wrapped: str) -> bool:
    """Each `return` gives what a call of the wrapped function with all arguments gave."""
    gives = {
        target.id
        for each in ast.walk(node)
        if isinstance(each, ast.Assign) and _is_call(each.value, node, wrapped)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    once = {name for name in gives if _stores(node, name) == 1}
    return bool(returned) and all(
        _is_call(value, node, wrapped)
        or (isinstance(value, ast.Name) and value.id in once)
        for value in returned
    )


def _stores(node: ast.AST, name: str) -> int:
    return sum(
        isinstance(each, ast.Name)
        and isinstance(each.ctx, ast.Store)
        and each.id == name
        for each in ast.walk(node)
    )


def _is_call(
    value: ast.expr | None, node: ast.FunctionDef | ast.AsyncFunctionDef, wrapped: str
) -> bool:
    if isinstance(value, ast.Await):
        value = value.value
    vararg, kwarg = node.args.vararg, node.args.kwarg
    match value:
        case ast.Call(
            ast.Name(name),
            [ast.Starred(ast.Name(first))],
            [ast.keyword(arg=None, value=ast.Name(second))],
        ):
            return (
                name == wrapped
                and vararg is not None
                and kwarg is not None
                and (first, second) == (vararg.arg, kwarg.arg)
            )
    return False
