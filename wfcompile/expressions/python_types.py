"""The types of a block's names, where its syntax tells them soundly; Unknown elsewhere.

A name has a type when all its bindings agree; what the expressions are is in `python_typer.py`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wfcompile.expressions.known_names import NO_NAMES, KnownNames
from wfcompile.expressions.python_contents import contents
from wfcompile.expressions.python_library import CONSTANTS
from wfcompile.expressions.python_nodes import children, walk
from wfcompile.expressions.python_scopes import bound_names, nonlocal_names
from wfcompile.expressions.python_typer import Typer, is_starred
from wfcompile.types import (
    UNKNOWN,
    ListType,
    MapType,
    OpaqueType,
    RecordType,
    Type,
    UnionType,
    union,
    without_fields,
)

_PASSES = 8


def infer_types(
    body: Sequence[ast.stmt],
    placeholders: Mapping[str, Type],
    variables: Mapping[str, Type],
    names: KnownNames = NO_NAMES,
) -> dict[str, Type]:
    """The type of each name that the block binds.

    `placeholders`: type of the value that stands in expression position; `variables`: types of
    names that have a value before the block; `names`: the modules of the users.
    """
    bound = bound_names(body)
    bindings = Bindings()
    bindings.collect(body)
    unsure = nonlocal_names(body)
    types: dict[str, Type] = {}
    for _ in range(_PASSES):
        known = {**placeholders, **variables, **types}
        typer = bindings.typer(known, frozenset(bound), names)
        found = _pass(bindings, typer, variables)
        if found == types:
            found |= contents(body, typer, found)
            return {
                name: UNKNOWN if name in unsure else _spelled(found.get(name, UNKNOWN))
                for name in bound
            }
        types = found
    return dict.fromkeys(bound, UNKNOWN)


def _spelled(type_: Type) -> Type:
    """As an output: objects of classes help to find others, they are nothing to put out.

    The users' TypedDicts keep their keys; the emitted module need not import them.
    """
    match type_:
        case RecordType(kind="typeddict") if not type_.is_map:
            fields = tuple(replace(e, type=_spelled(e.type)) for e in type_.fields)
            return RecordType("typing", "Any", "typeddict", fields, type_.extra)
        case OpaqueType() | RecordType(kind="model" | "dataclass" | "namedtuple"):
            return UNKNOWN
        case ListType(item):
            return ListType(_spelled(item))
        case MapType(key, value):
            return MapType(_spelled(key), _spelled(value))
        case UnionType(members):
            return union(map(_spelled, members))
    return type_


def _pass(
    bindings: Bindings, typer: Typer, variables: Mapping[str, Type]
) -> dict[str, Type]:
    found: dict[str, Type] = dict(variables)
    for name, type_of in bindings.found:
        if name in bindings.declared:
            continue
        # what is bound to a name may be changed through it
        type_ = without_fields(type_of(typer))
        before = found.get(name, type_)
        found[name] = type_ if before == type_ else UNKNOWN
        typer.names[name] = found[name]
    names = {name for name, _ in bindings.found} - bindings.declared.keys()
    return {name: found[name] for name in names} | bindings.meant(typer)


_TypeOf = Callable[["Typer"], Type]


@dataclass(slots=True)
class Bindings:
    """Each binding of a name with the way to its type, in source order.

    `declared`: name -> its annotation; `imported`: name -> the full names of what it is imported
    as; `returns`: function -> the annotation of what it gives.
    """

    found: list[tuple[str, _TypeOf]] = field(default_factory=list)
    declared: dict[str, ast.expr] = field(default_factory=dict)
    imported: dict[str, list[str]] = field(default_factory=dict)
    returns: dict[str, ast.expr] = field(default_factory=dict)

    def typer(
        self, known: dict[str, Type], bound: frozenset[str], names: KnownNames
    ) -> Typer:
        """What types expressions, with the names that are declared."""
        counts = Counter(name for name, _ in self.found)
        functions = {n: each for n, each in self.returns.items() if counts[n] == 1}
        typer = Typer(known, bound, self.imports(), names, functions)
        known.update(self.meant(typer))
        return typer

    def meant(self, typer: Typer) -> dict[str, Type]:
        """The types of the names that have an annotation."""
        return {name: typer.meant_by(each) for name, each in self.declared.items()}

    def imports(self) -> dict[str, str]:
        """The names that are one import and nothing else."""
        names = [name for name, _ in self.found]
        return {
            name: paths[0]
            for name, paths in self.imported.items()
            if len(set(paths)) == 1 and names.count(name) == len(paths)
        }

    def collect(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self._node(node)

    def _node(self, node: ast.AST) -> None:
        match node:
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr():
                self._assignment(node)
                return
            case ast.For(target, iterable):
                self.collect([iterable])
                self._item(target, iterable)
                self.collect([*node.body, *node.orelse])
                return
            case ast.With(items):
                for item in items:
                    self._manager(item)
                self.collect(node.body)
                return
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind(node.name, UNKNOWN)
                if isinstance(node, ast.FunctionDef) and not node.decorator_list:
                    self.returns |= {node.name: node.returns} if node.returns else {}
                self.collect(node.decorator_list)
                return
            case ast.Lambda():
                return
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                for inner in walk(node):
                    if isinstance(inner, ast.NamedExpr):
                        self._bind(inner.target.id, UNKNOWN)
                return
            case ast.Import() | ast.ImportFrom():
                self._import(node)
        self._bind_by_name(node)
        self.collect(children(node))

    def _bind_by_name(self, node: ast.AST) -> None:
        """The other ways to bind a name tell nothing of its type."""
        match node:
            case ast.Name(name, ast.Store()) | ast.ExceptHandler(_, str(name)):
                self._bind(name, UNKNOWN)
            case ast.MatchAs(_, str(name)) | ast.MatchStar(str(name)):
                self._bind(name, UNKNOWN)
            case ast.MatchMapping(_, _, str(name)):
                self._bind(name, UNKNOWN)

    def _assignment(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr
    ) -> None:
        match node:
            case ast.Assign(targets, value):
                self.collect([value])
                for target in targets:
                    self._target(target, value)
            case ast.AnnAssign(ast.Name(name), declared, value):
                self.collect([value] if value else [])
                self.declared[name] = declared
            case ast.AugAssign(ast.Name(name) as target, op, value):
                self.collect([value])
                left = ast.Name(target.id, ast.Load())
                whole = ast.BinOp(left, op, value)
                self.found.append((name, lambda typer: typer.of(whole)))
            case ast.NamedExpr(ast.Name(name), value):
                self.collect([value])
                self.found.append((name, lambda typer: typer.of(value)))
            case _:
                self.collect(children(node))

    def _bind(self, name: str, type_: Type) -> None:
        self.found.append((name, lambda typer: type_))

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for each in node.names:
            top = each.name.partition(".")[0]
            if isinstance(node, ast.ImportFrom):
                name, path = each.asname or each.name, f"{node.module}.{each.name}"
                path = "" if node.level else path
            else:
                name, path = each.asname or top, each.name if each.asname else top
            self.found.append((name, _imported_value(path)))
            self.imported.setdefault(name, []).append(path)

    def _target(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(name), _:
                self.found.append((name, lambda typer: typer.of(value)))
            case (ast.Tuple(targets) | ast.List(targets)), (
                ast.Tuple(values) | ast.List(values)
            ) if len(targets) == len(values) and not is_starred(*targets, *values):
                for each, part in zip(targets, values, strict=True):
                    self._target(each, part)
            case (ast.Tuple(targets) | ast.List(targets)), _:
                for each in targets:
                    if isinstance(each, ast.Name):
                        self._item(each, value)
                    else:
                        self.collect([each])
            case _:
                self.collect([target])

    def _item(self, target: ast.expr, iterable: ast.expr) -> None:
        match target:
            case ast.Name(name):
                self.found.append((name, lambda typer: typer.item_of(iterable)))
            case ast.Tuple(targets) | ast.List(targets) if not is_starred(*targets):
                for index, each in enumerate(targets):
                    self._part(each, iterable, index, len(targets))
            case _:
                self.collect([target])

    def _part(
        self, target: ast.expr, iterable: ast.expr, index: int, count: int
    ) -> None:
        if isinstance(target, ast.Name):
            self.found.append(
                (target.id, lambda typer: typer.parts_of(iterable, count)[index])
            )
        else:
            self.collect([target])

    def _manager(self, item: ast.withitem) -> None:
        self.collect([item.context_expr])
        match item.optional_vars:
            case ast.Name(name):
                manager = item.context_expr
                self.found.append((name, lambda typer: typer.entered(manager)))
            case ast.expr() as target:
                self.collect([target])


def _imported_value(path: str) -> _TypeOf:
    return lambda typer: CONSTANTS.get(path) or typer.known.value(path)
