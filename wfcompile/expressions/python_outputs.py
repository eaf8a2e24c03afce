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
from wfcompile.expressions.known_names import NO_NAMES, KnownNames
from wfcompile.expressions.python_flow import final_state
from wfcompile.expressions.python_loose import loose_names
from wfcompile.expressions.python_nodes import walk
from wfcompile.expressions.python_scopes import bindings, bound_names, own_nodes
from wfcompile.expressions.python_types import infer_types
from wfcompile.expressions.standard_names import imported_kind
from wfcompile.types import STR, UNKNOWN, Type

_DECLARATIONS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
)
_MAKING_CLASSES = frozenset(("make_dataclass", "namedtuple", "NamedTuple", "TypedDict"))
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
    names: KnownNames = NO_NAMES,
) -> Outputs:
    """The outputs in order of first binding; none when the block never ends normally."""
    state = final_state(body)
    kinds = _kinds(body)
    types = infer_types(body, placeholders, variables, names)
    found_loose = loose_names(body, {**placeholders, **variables}, types, names)
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
    kinds = _declared(body)
    assigned = _assigned(body, kinds)
    for node in own_nodes(body):
        is_declaration = isinstance(node, _DECLARATIONS)
        is_bare = isinstance(node, ast.AnnAssign) and node.value is None
        for name in () if is_declaration or is_bare else bindings(node):
            kinds.setdefault(name, set()).add(assigned.get(id(node), "value"))
    return kinds


def _declared(body: Sequence[ast.stmt]) -> dict[str, set[Kind]]:
    """What `def`, `class` and `import` bind."""
    kinds: dict[str, set[Kind]] = {}
    for node in own_nodes(body):
        kind: Kind
        match node:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                # a decorator may make anything of it
                kind = "import" if node.decorator_list else "function"
                kinds.setdefault(name, set()).add(kind)
            case ast.ClassDef(name):
                kinds.setdefault(name, set()).add("class")
            case ast.Import():
                for name in bindings(node):
                    kinds.setdefault(name, set()).add("module")
            case ast.ImportFrom(module, names):
                for each in names:
                    kind = imported_kind(module or "", each.name) or "import"
                    kinds.setdefault(each.asname or each.name, set()).add(kind)
    return kinds


def _assigned(
    body: Sequence[ast.stmt], declared: Mapping[str, set[Kind]]
) -> dict[int, Kind]:
    """The ids of the nodes that something else than a value is assigned to."""
    modules = _modules(body)
    kinds = {name: set(found) for name, found in declared.items()}
    assigned: dict[int, Kind] = {}
    for node in own_nodes(body):
        match node:
            case ast.Assign([ast.Name() as target], value):
                pass
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                pass
            case ast.NamedExpr(target, value):
                pass
            case _:
                continue
        kind = _kind_of(value, kinds, modules)
        if kind is not None:
            # a walrus is met as a whole
            place = node if isinstance(node, ast.NamedExpr) else target
            assigned[id(place)] = assigned[id(target)] = kind
            kinds.setdefault(target.id, set()).add(kind)
    return assigned


def _kind_of(
    value: ast.expr, kinds: Mapping[str, set[Kind]], modules: Mapping[str, str]
) -> Kind | None:
    """The kind of `f`, `json.dumps` or `namedtuple(...)`; None of a value."""
    match value:
        case ast.Lambda():
            return "function"
        case ast.Name(name) if name in kinds:
            return next(iter(kinds[name])) if len(kinds[name]) == 1 else "import"
        case ast.Attribute(ast.Name(module), name) if module in modules:
            match imported_kind(modules[module], name):
                case "module":  # os.path is one, sys.argv is none: the run tells
                    return "import"
                case "function" | "class" as found:
                    return found
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name)):
            return "class" if name in _MAKING_CLASSES else None
    return None


def _modules(body: Sequence[ast.stmt]) -> dict[str, str]:
    """Name -> the module that it is."""
    return {
        each.asname or each.name: each.name
        for node in own_nodes(body)
        if isinstance(node, ast.Import)
        for each in node.names
    }


def _has_untyped(body: Sequence[ast.stmt]) -> bool:
    """Some function lacks an annotation that mypy --strict asks for."""
    return any(
        _is_untyped(node)
        for statement in body
        for node in walk(statement)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _is_untyped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each]
    return node.returns is None or any(each.annotation is None for each in every)
