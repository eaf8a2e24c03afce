"""The types of a block's names, where its syntax tells them soundly.

A claim is made only when mypy infers the same, or something assignable to it, for the emitted
code, and when the value really has that type; everything else is Unknown. A name has a type when
all its bindings agree. Builtins that the block rebinds tell nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wfcompile.expressions.python_scopes import bound_names, nonlocal_names
from wfcompile.types import (
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    Primitive,
    RecordType,
    Type,
    UnionType,
    literal_base,
    type_of_value,
    union,
)

_PASSES = 8
_NUMBERS = (BOOL, INT, FLOAT)
_PLAIN = (STR, INT, FLOAT, BOOL, BYTES, NONE, DECIMAL, DATE, DATETIME)

_RESULTS: dict[str, Type] = {
    **dict.fromkeys(("len", "int", "ord", "hash", "id"), INT),
    **dict.fromkeys(("str", "repr", "chr", "hex", "bin", "oct", "ascii"), STR),
    **dict.fromkeys(("format", "input"), STR),
    **dict.fromkeys(("bool", "any", "all", "isinstance", "callable", "hasattr"), BOOL),
    **dict.fromkeys(("issubclass",), BOOL),
    "float": FLOAT,
    "bytes": BYTES,
}
_STR_METHODS: dict[str, Type] = {
    **dict.fromkeys(
        ("capitalize", "casefold", "center", "expandtabs", "format", "join", "ljust"),
        STR,
    ),
    **dict.fromkeys(
        ("lower", "lstrip", "removeprefix", "removesuffix", "replace", "rjust"), STR
    ),
    **dict.fromkeys(
        ("rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill"),
        STR,
    ),
    **dict.fromkeys(
        ("endswith", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit"),
        BOOL,
    ),
    **dict.fromkeys(
        ("isidentifier", "islower", "isnumeric", "isprintable", "isspace"), BOOL
    ),
    **dict.fromkeys(
        ("istitle", "isupper", "startswith"),
        BOOL,
    ),
    **dict.fromkeys(("split", "rsplit", "splitlines"), ListType(STR)),
    **dict.fromkeys(("count", "find", "index", "rfind", "rindex"), INT),
    "encode": BYTES,
}
_DATE_METHODS: dict[str, Type] = {
    **dict.fromkeys(("isoformat", "strftime", "ctime"), STR),
    **dict.fromkeys(("weekday", "isoweekday", "toordinal"), INT),
}
_METHODS: dict[Type, dict[str, Type]] = {
    STR: _STR_METHODS,
    BYTES: {"decode": STR, "hex": STR},
    DATE: {**_DATE_METHODS, "replace": DATE},
    DATETIME: {
        **_DATE_METHODS,
        "date": DATE,
        "timestamp": FLOAT,
        "replace": DATETIME,
    },
    INT: {"bit_length": INT},
    FLOAT: {"is_integer": BOOL},
}
_ATTRIBUTES: dict[Type, tuple[str, ...]] = {
    DATE: ("year", "month", "day"),
    DATETIME: ("year", "month", "day", "hour", "minute", "second", "microsecond"),
}
_ANNOTATIONS: dict[str, Type] = {
    "str": STR,
    "int": INT,
    "float": FLOAT,
    "bool": BOOL,
    "bytes": BYTES,
}


def infer_types(
    body: Sequence[ast.stmt],
    placeholders: Mapping[str, Type],
    variables: Mapping[str, Type],
) -> dict[str, Type]:
    """The type of each name that the block binds.

    `placeholders`: type of the value that stands in expression position; `variables`: types of
    names that have a value before the block.
    """
    bound = bound_names(body)
    bindings = Bindings()
    bindings.collect(body)
    unsure = nonlocal_names(body)
    types: dict[str, Type] = {}
    for _ in range(_PASSES):
        known = {**placeholders, **variables, **types}
        known.update(bindings.declared)
        found = _pass(bindings, Typer(known, frozenset(bound)), variables)
        if found == types:
            return {
                name: UNKNOWN if name in unsure else found.get(name, UNKNOWN)
                for name in bound
            }
        types = found
    return dict.fromkeys(bound, UNKNOWN)


def _pass(
    bindings: Bindings, typer: Typer, variables: Mapping[str, Type]
) -> dict[str, Type]:
    found: dict[str, Type] = dict(variables)
    for name, type_of in bindings.found:
        if name in bindings.declared:
            continue
        type_ = type_of(typer)
        before = found.get(name, type_)
        found[name] = type_ if before == type_ else UNKNOWN
        typer.names[name] = found[name]
    names = {name for name, _ in bindings.found} - bindings.declared.keys()
    return {name: found[name] for name in names} | bindings.declared


_TypeOf = Callable[["Typer"], Type]


@dataclass(slots=True)
class Bindings:
    """Each binding of a name with the way to its type, in source order."""

    found: list[tuple[str, _TypeOf]] = field(default_factory=list)
    declared: dict[str, Type] = field(default_factory=dict)

    def collect(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self._node(node)

    def _node(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets, value):
                self.collect([value])
                for target in targets:
                    self._target(target, value)
                return
            case ast.AnnAssign(ast.Name(name), declared, value):
                self.collect([value] if value else [])
                self.declared[name] = _annotated(declared)
                return
            case ast.AugAssign(ast.Name(name) as target, op, value):
                self.collect([value])
                left = ast.Name(target.id, ast.Load())
                whole = ast.BinOp(left, op, value)
                self.found.append((name, lambda typer: typer.of(whole)))
                return
            case ast.NamedExpr(ast.Name(name), value):
                self.collect([value])
                self.found.append((name, lambda typer: typer.of(value)))
                return
            case ast.For(target, iterable):
                self.collect([iterable])
                self._item(target, iterable)
                self.collect([*node.body, *node.orelse])
                return
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind(node.name, UNKNOWN)
                self.collect(node.decorator_list)
                return
            case ast.Lambda():
                return
            case ast.Name(name, ast.Store()):
                self._bind(name, UNKNOWN)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                for inner in ast.walk(node):
                    if isinstance(inner, ast.NamedExpr):
                        self._bind(inner.target.id, UNKNOWN)
                return
            case ast.ExceptHandler(_, str(name)):
                self._bind(name, UNKNOWN)
            case ast.MatchAs(_, str(name)) | ast.MatchStar(str(name)):
                self._bind(name, UNKNOWN)
            case ast.MatchMapping(_, _, str(name)):
                self._bind(name, UNKNOWN)
            case ast.Import(names) | ast.ImportFrom(_, names):
                for each in names:
                    self._bind(each.asname or each.name.split(".")[0], UNKNOWN)
        self.collect(list(ast.iter_child_nodes(node)))

    def _bind(self, name: str, type_: Type) -> None:
        self.found.append((name, lambda typer: type_))

    def _target(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(name), _:
                self.found.append((name, lambda typer: typer.of(value)))
            case (ast.Tuple(targets) | ast.List(targets)), (
                ast.Tuple(values) | ast.List(values)
            ) if len(targets) == len(values) and not _is_starred(*targets, *values):
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
        if isinstance(target, ast.Name):
            name = target.id
            self.found.append((name, lambda typer: typer.item_of(iterable)))
        else:
            self.collect([target])


def _is_starred(*nodes: ast.expr) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)


def _annotated(node: ast.expr) -> Type:
    match node:
        case ast.Name(name):
            return _ANNOTATIONS.get(name, UNKNOWN)
        case ast.Constant(None):
            return NONE
        case ast.Subscript(ast.Name("list"), item):
            return ListType(_annotated(item))
        case ast.Subscript(ast.Name("dict"), ast.Tuple([key, value])):
            return MapType(_annotated(key), _annotated(value))
        case ast.BinOp(left, ast.BitOr(), right):
            return union((_annotated(left), _annotated(right)))
    return UNKNOWN


@dataclass(slots=True)
class Typer:
    """Types of expressions; `names` are the known names, `bound` those of the block."""

    names: dict[str, Type]
    bound: frozenset[str]

    def of(self, node: ast.expr) -> Type:
        match node:
            case ast.Constant(value):
                return (
                    BYTES
                    if isinstance(value, bytes)
                    else (
                        UNKNOWN
                        if value is ... or isinstance(value, complex)
                        else type_of_value(value)
                    )
                )
            case ast.JoinedStr():
                return STR
            case ast.Name(name):
                return self.names.get(name, UNKNOWN)
            case ast.NamedExpr(_, value):
                return self.of(value)
            case ast.UnaryOp(op, operand):
                return self._unary(op, self.of(operand))
            case ast.BinOp(left, op, right):
                return _arithmetic(op, _base(self.of(left)), _base(self.of(right)))
            case ast.Compare(left, ops, rights):
                return self._compare([left, *rights], ops)
            case ast.BoolOp(_, values):
                return _same([_base(self.of(value)) for value in values])
            case ast.IfExp(_, then, otherwise):
                return _same([_base(self.of(then)), _base(self.of(otherwise))])
            case ast.Attribute(value, name):
                owner = self.of(value)
                return INT if name in _ATTRIBUTES.get(owner, ()) else UNKNOWN
            case ast.Subscript(value, key):
                return self._subscript(_base(self.of(value)), key)
            case ast.Call():
                return self._call(node)
        return self._display(node)

    def _display(self, node: ast.expr) -> Type:
        match node:
            case ast.List(items):
                return ListType(self._common(items))
            case ast.Dict(keys, values):
                known = [key for key in keys if key is not None]
                if len(known) < len(keys):
                    return MapType(UNKNOWN, UNKNOWN)
                return MapType(self._common(known), self._common(values))
            case ast.ListComp(item, generators):
                return ListType(self._inside(generators)._common([item]))
            case ast.DictComp(key, value, generators):
                inside = self._inside(generators)
                return MapType(inside._common([key]), inside._common([value]))
        return UNKNOWN

    def _common(self, items: Sequence[ast.expr]) -> Type:
        if not items or _is_starred(*items):
            return UNKNOWN
        return _same([self.of(item) for item in items])

    def item_of(self, iterable: ast.expr) -> Type:
        """The type of each item of an iterable."""
        match iterable:
            case ast.Tuple(items) | ast.Set(items):
                return self._common(items)
            case ast.Call(ast.Name("range" as name)) if name not in self.bound:
                return INT
        match _base(self.of(iterable)):
            case ListType(item):
                return item
            case MapType(key):
                return key
            case Primitive("str"):
                return STR
        return UNKNOWN

    def _inside(self, generators: Sequence[ast.comprehension]) -> Typer:
        inner = Typer(dict(self.names), self.bound)
        for generator in generators:
            if isinstance(generator.target, ast.Name) and not generator.is_async:
                inner.names[generator.target.id] = inner.item_of(generator.iter)
                continue
            for target in ast.walk(generator.target):
                if isinstance(target, ast.Name):
                    inner.names[target.id] = UNKNOWN
        return inner

    def _unary(self, op: ast.unaryop, operand: Type) -> Type:
        if isinstance(op, ast.Not):
            return BOOL
        if isinstance(op, ast.Invert):
            return UNKNOWN
        return INT if operand == BOOL else operand if operand in _NUMBERS else UNKNOWN

    def _compare(self, operands: Sequence[ast.expr], ops: Sequence[ast.cmpop]) -> Type:
        # == and < of a value that is not known need not give a bool
        safe = all(
            isinstance(op, ast.Is | ast.IsNot)
            or (isinstance(op, ast.In | ast.NotIn) and len(ops) == 1)
            for op in ops
        )
        known = all(_base(self.of(each)) in _PLAIN for each in operands)
        return BOOL if safe or known else UNKNOWN

    def _subscript(self, value: Type, key: ast.expr) -> Type:
        if isinstance(key, ast.Slice):
            return value if isinstance(value, ListType) or value == STR else UNKNOWN
        match value:
            case ListType(item):
                return item
            case MapType(_, item):
                return item
            case Primitive("str"):
                return STR
            case RecordType() if isinstance(key, ast.Constant):
                found = value.field(str(key.value))
                return found.type if found is not None else UNKNOWN
        return UNKNOWN

    # --- calls ---

    def _call(self, node: ast.Call) -> Type:
        match node.func:
            case ast.Name(name) if name not in self.bound and name not in self.names:
                return self._builtin(name, node)
            case ast.Attribute(value, name):
                return self._method(_base(self.of(value)), name, node.args)
        return UNKNOWN

    def _builtin(self, name: str, node: ast.Call) -> Type:
        if name in _RESULTS:
            return _RESULTS[name]
        args = node.args
        if _is_starred(*args):
            return UNKNOWN
        match name, args:
            case ("sorted" | "list"), [iterable]:
                return ListType(self.item_of(iterable))
            case ("list", []) | ("dict", []):
                empty = ListType(UNKNOWN) if name == "list" else None
                return empty or MapType(UNKNOWN, UNKNOWN)
            case "abs", [value]:
                return self._unary(ast.USub(), self.of(value))
            case "round", [value]:
                return INT if self.of(value) in (INT, FLOAT) else UNKNOWN
            case "round", [value, _]:
                type_ = self.of(value)
                return type_ if type_ in (INT, FLOAT) else UNKNOWN
            case ("min" | "max"), [_, _, *_] if not node.keywords:
                type_ = _same([self.of(arg) for arg in args])
                return type_ if type_ in (INT, FLOAT, STR) else UNKNOWN
            case ("min" | "max" | "sum"), [iterable] if not node.keywords:
                type_ = self.item_of(iterable)
                known = (INT, FLOAT) if name == "sum" else (INT, FLOAT, STR)
                return type_ if type_ in known else UNKNOWN
        return UNKNOWN

    def _method(self, receiver: Type, name: str, args: Sequence[ast.expr]) -> Type:
        match receiver, name, args:
            case ListType(), ("copy"), []:
                return receiver
            case ListType(), ("count" | "index"), _:
                return INT
            case ListType(item), "pop", _:
                return item
            case MapType(), "copy", []:
                return receiver
            case MapType(_, value), "pop", [_]:
                return value
            case MapType(_, value), "get", [_] if value in _PLAIN:
                return union((value, NONE))
            case MapType(_, value), "get", [_, default] if value in _PLAIN:
                return _same([value, _base(self.of(default))])
        return _METHODS.get(receiver, {}).get(name, UNKNOWN)


def _base(type_: Type) -> Type:
    return literal_base(type_) if isinstance(type_, LiteralType) else type_


def _same(types: Sequence[Type]) -> Type:
    """The one type that all have, else Unknown; mypy joins unions and literals its own way."""
    first = types[0]
    if isinstance(first, UnionType | LiteralType):
        return UNKNOWN
    return first if all(each == first for each in types) else UNKNOWN


def _arithmetic(op: ast.operator, left: Type, right: Type) -> Type:
    if left in _NUMBERS and right in _NUMBERS:
        return _of_numbers(op, left, right)
    match op:
        case ast.Add() if left == right and (
            left in (STR, BYTES) or isinstance(left, ListType)
        ):
            return left
        case ast.Mult() if (
            left == STR and right == INT or isinstance(left, ListType) and right == INT
        ):
            return left
        case ast.Mult() if left == INT and right == STR:
            return STR
        case ast.Mod() if left == STR:
            return STR
        case ast.Add() | ast.Sub() | ast.Mult() | ast.Div():
            if DECIMAL in (left, right) and {left, right} <= {DECIMAL, INT}:
                return DECIMAL
        case ast.BitOr() if isinstance(left, MapType) and left == right:
            return left
    return UNKNOWN


def _of_numbers(op: ast.operator, left: Type, right: Type) -> Type:
    match op:
        case ast.Div():
            return FLOAT
        case ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() | ast.Mod():
            return FLOAT if FLOAT in (left, right) else INT
        case ast.BitAnd() | ast.BitOr() | ast.BitXor() if FLOAT not in (left, right):
            return BOOL if left == right == BOOL else INT
    return UNKNOWN
