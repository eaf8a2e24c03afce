"""Marked functions of the users' modules, and what they take and give.

A mark is `@tag(...)` or `@custom_filter(...)`, however it was imported. A function that a module
imports from another one of the users' sources belongs to it as well, as for the interpreter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import griffe

from wfcompile.resolve.annotations import TypeReader
from wfcompile.resolve.declarations import Parameter, ParameterKind, Signature
from wfcompile.resolve.decorators import Effect, effects_of
from wfcompile.resolve.limits import read_limits
from wfcompile.resolve.modules import FOREIGN, SourceModule
from wfcompile.resolve.sources import Definition, Scope, Sources
from wfcompile.resolve.written import UNCLEAR, CallParts, Written, call_parts, constant
from wfcompile.source import Span
from wfcompile.types import UNKNOWN, Type

_KINDS: dict[str, ParameterKind] = {
    griffe.ParameterKind.positional_only: "positional",
    griffe.ParameterKind.positional_or_keyword: "plain",
    griffe.ParameterKind.keyword_only: "named",
}


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A function with its mark.

    Attributes:
        arguments: of the mark; None when it has no parentheses.
        scope: where the arguments stand.
    """

    definition: Definition
    function: griffe.Function
    arguments: CallParts | None
    scope: Scope

    @property
    def place(self) -> Span:
        return self.definition.place


def marked_functions(
    module: SourceModule, mark: str, sources: Sources
) -> Iterator[Marked]:
    """The functions of a module with the mark of that name, in the order of the source."""
    for source in _with_stars(module, sources):
        for name, member in source.tree.members.items():
            hidden = source is not module and name.startswith("_")
            if isinstance(member, griffe.Function | griffe.Alias) and not hidden:
                found = sources.resolve(name, Scope(source))
                if isinstance(found, Definition):
                    yield from _marked(found, mark, sources)


def _with_stars(module: SourceModule, sources: Sources) -> list[SourceModule]:
    """The module, and those that it imports with a star, directly or through others."""
    reached = [module]
    for each in reached:
        for star in each.stars():
            source = sources.readable(star)
            if source is not None and source not in reached:
                reached.append(source)
    return reached


def _marked(found: Definition, mark: str, sources: Sources) -> Iterator[Marked]:
    if not isinstance(found.node, griffe.Function):
        return
    scope = Scope(found.module)
    for decorator in found.node.decorators:
        written = decorator.value
        is_call = isinstance(written, griffe.ExprCall)
        head = written.function if isinstance(written, griffe.ExprCall) else written
        meaning = sources.resolve(str(head), scope)
        if isinstance(meaning, str) and _is_mark(meaning, mark):
            arguments = call_parts(written) if is_call else None
            yield Marked(found, found.node, arguments, scope)
            return


def _is_mark(path: str, mark: str) -> bool:
    package, _, name = path.rpartition(".")
    is_ours = package == "wfruntime" or package.startswith(("wfruntime.", FOREIGN))
    return is_ours and name == mark


def text_argument(marked: Marked, name: str, index: int, sources: Sources) -> object:
    """An argument of a mark: a text, None when it is left out, else `UNCLEAR`."""
    parts = marked.arguments or CallParts()
    written = parts.get(name, index)
    if written is None:
        return None
    value = constant(written)
    if value is UNCLEAR:
        value = constant(_assigned(written, marked.scope, sources))
    return value if isinstance(value, str | None) else UNCLEAR


def _assigned(written: Written, scope: Scope, sources: Sources) -> Written:
    """What a name of the sources was set to, as `VERSION = "v1"`."""
    found = sources.resolve(str(written), scope)
    if isinstance(found, Definition) and isinstance(found.node, griffe.Attribute):
        return found.node.value
    return "..."


def read_signature(marked: Marked, types: TypeReader) -> Signature:
    """Of the function, as far as its decorators leave it.

    Where they may take other things, what is declared tells how values are made all the same.
    """
    function, scope = marked.function, marked.scope
    effects = list(effects_of(function, scope, types.sources))
    parameters = []
    rest: Type | None = None
    keywords: Type | None = None
    for each in function.parameters:
        type_ = types.read(each.annotation, scope)
        if each.kind is griffe.ParameterKind.var_keyword:
            keywords = type_
        elif each.kind is griffe.ParameterKind.var_positional:
            rest = type_
        elif each.kind in _KINDS:
            kind = _KINDS[each.kind]
            limits = read_limits(
                each.annotation, None, scope, types.sources, marked.place
            )
            parameters.append(Parameter(each.name, type_, each.required, kind, limits))
    types.is_exact = True
    returns = _returns(function, scope, effects, types)
    return Signature(
        tuple(parameters),
        rest,
        keywords,
        returns,
        types.is_exact and all(each.is_typed for each in effects),
        "async" in function.labels,
        _is_annotated(function),
        all(each.kept != "nothing" for each in effects),
    )


def _returns(
    function: griffe.Function, scope: Scope, effects: list[Effect], types: TypeReader
) -> Type:
    """What the outermost decorator that says something about it lets come back."""
    for each in effects:
        if each.kept == "nothing":
            return UNKNOWN
        if each.kept == "arguments" and each.scope is not None:
            return types.read(each.returns, each.scope)
    return types.read(function.returns, scope)


def _is_annotated(function: griffe.Function) -> bool:
    annotations = [each.annotation for each in function.parameters]
    return any(each is not None for each in (*annotations, function.returns))
