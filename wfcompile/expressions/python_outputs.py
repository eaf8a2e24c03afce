"""The outputs of a block: which names, of which kind, and what mypy needs told of them.

The rule is the interpreter's (language.md 6, py): what the block binds, without modules, classes,
dunder names and `trace`; a function counts as its `__name__`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from wfcompile import ir
from wfcompile.expressions.python_flow import final_state
from wfcompile.expressions.python_loose import loose_names
from wfcompile.expressions.python_scopes import bindings, bound_names, own_nodes
from wfcompile.expressions.python_types import infer_types
from wfcompile.expressions.standard_names import imported_kind
from wfcompile.types import STR, UNKNOWN, Type

Kind = Literal["value", "function", "class", "module", "import"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """See `PythonBlock` for the fields."""

    outputs: tuple[ir.BlockOutput, ...]
    functions: tuple[str, ...]
    dynamic: tuple[str, ...]
    loose: tuple[str, ...]
    untyped: bool


def find_outputs(
    body: Sequence[ast.stmt],
    placeholders: Mapping[str, Type],
    variables: Mapping[str, Type],
) -> Outputs:
    """The outputs in order of first binding; none when the block never ends normally."""
    state = final_state(body)
    kinds = _kinds(body)
    types = infer_types(body, placeholders, variables)
    found_loose = loose_names(body, {**placeholders, **variables}, types)
    loose = {name for name in found_loose if kinds.get(name) == {"value"}}
    outputs: list[ir.BlockOutput] = []
    functions: list[str] = []
    dynamic: list[str] = []
    for name in bound_names(body):
        found = kinds.get(name, set())
        is_left_out = found <= {"module", "class"} or _is_hidden(name)
        if state is None or name not in state.perhaps or is_left_out:
            continue
        always = name in state.always
        if found == {"function"}:
            functions.append(name)
            outputs.append(ir.BlockOutput(name, STR, always))
            continue
        if found != {"value"}:
            dynamic.append(name)
        is_sure = found == {"value"} and name not in loose
        type_ = types[name] if is_sure else UNKNOWN
        outputs.append(ir.BlockOutput(name, type_, always))
    return Outputs(
        tuple(outputs),
        tuple(functions),
        tuple(dynamic),
        tuple(name for name in bound_names(body) if name in loose),
        _has_untyped(body),
    )


def _is_hidden(name: str) -> bool:
    return (name.startswith("__") and name.endswith("__")) or name == "trace"


def _kinds(body: Sequence[ast.stmt]) -> dict[str, set[Kind]]:
    kinds: dict[str, set[Kind]] = {}
    lambdas = _lambda_targets(body)
    for node in own_nodes(body):
        kind: Kind = "value"
        match node:
            case ast.FunctionDef(decorator_list=[]) | ast.AsyncFunctionDef(
                decorator_list=[]
            ):
                kind = "function"
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                kind = "import"
            case ast.ClassDef():
                kind = "class"
            case ast.Import():
                kind = "module"
            case ast.ImportFrom(module, names):
                for each in names:
                    found = imported_kind(module or "", each.name) or "import"
                    kinds.setdefault(each.asname or each.name, set()).add(found)
                continue
            case ast.Assign([ast.Name(name)], ast.Lambda()):
                kinds.setdefault(name, set()).add("function")
                continue
            case ast.AnnAssign(value=None):
                continue
        for name in bindings(node):
            if not (kind == "value" and id(node) in lambdas):
                kinds.setdefault(name, set()).add(kind)
    return kinds


def _lambda_targets(body: Sequence[ast.stmt]) -> set[int]:
    """The ids of the nodes that `name = lambda ...` assigns to, which are told as functions."""
    return {
        id(each.targets[0])
        for each in own_nodes(body)
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Lambda)
        and len(each.targets) == 1
    }


def _has_untyped(body: Sequence[ast.stmt]) -> bool:
    """Some function lacks an annotation that mypy --strict asks for."""
    return any(
        _is_untyped(node)
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _is_untyped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each]
    return node.returns is None or any(each.annotation is None for each in every)
