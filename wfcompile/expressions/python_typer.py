"""The type of a Python expression, where its syntax tells it soundly; Unknown elsewhere.

A claim is made only when mypy infers the same, or something assignable to it, for the emitted
code, and when the value really has that type. Builtins that the block rebinds tell nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wfcompile.expressions.known_names import NO_NAMES, KnownNames
from wfcompile.expressions.python_annotations import annotated
from wfcompile.expressions.python_library import (
    ATTRIBUTES,
    BUILTINS,
    CONSTANTS,
    FUNCTIONS,
    METHODS,
    OF_PATHS,
    OF_TEXTS,
    TEXT_FILE,
)
from wfcompile.expressions.python_nodes import walk
from wfcompile.types import (
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    PATH,
    STR,
    TIMEDELTA,
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

_NUMBERS = (BOOL, INT, FLOAT)
_PLAIN = (STR, INT, FLOAT, BOOL, BYTES, NONE, DECIMAL, DATE, DATETIME, TIMEDELTA, PATH)


@dataclass(slots=True)
class Typer:
    """Types of expressions.

    Attributes:
        names: the known names with their types.
        bound: those that the block binds.
        imports: names of the block that are imports and nothing else -> the full name of what
            they stand for.
        known: the modules of the users.
        functions: those of the block itself -> the annotation of what they give.
    """

    names: dict[str, Type]
    bound: frozenset[str]
    imports: Mapping[str, str] = field(default_factory=dict)
    known: KnownNames = NO_NAMES
    functions: Mapping[str, ast.expr] = field(default_factory=dict)

    def of(self, node: ast.expr) -> Type:
        match node:
            case ast.Constant(value):
                return _constant(value)
            case ast.JoinedStr():
                return STR
            case ast.Name(name):
                return self.names.get(name, UNKNOWN)
            case ast.NamedExpr(_, value):
                return self.of(value)
            case ast.UnaryOp(op, operand):
                return self._unary(op, self.of(operand))
            case ast.BinOp(left, op, right):
                return self._binary(left, op, right)
            case ast.Compare(left, ops, rights):
                return self._compare([left, *rights], ops)
            case ast.BoolOp(_, values):
                return _same([plain(self.of(value)) for value in values])
            case ast.IfExp(_, then, otherwise):
                return _same([plain(self.of(then)), plain(self.of(otherwise))])
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript(value, _) if self.path_of(value) == "os.environ":
                return STR
            case ast.Subscript(value, key):
                return self._subscript(plain(self.of(value)), key)
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
                return ListType(self.inside(generators)._common([item]))
            case ast.DictComp(key, value, generators):
                inside = self.inside(generators)
                return MapType(inside._common([key]), inside._common([value]))
        return UNKNOWN

    def _common(self, items: Sequence[ast.expr]) -> Type:
        if not items or is_starred(*items):
            return UNKNOWN
        return _same([self.of(item) for item in items])

    # --- what is iterated over ---

    def item_of(self, iterable: ast.expr) -> Type:
        """The type of each item of an iterable."""
        match iterable:
            case ast.Tuple(items) | ast.Set(items):
                return self._common(items)
            case ast.Call(ast.Name("range" as name)) if name not in self.bound:
                return INT
            case ast.Call(ast.Attribute(value, "keys" | "values" as name), []):
                match plain(self.of(value)):
                    case MapType(key, item):
                        return key if name == "keys" else item
        match plain(self.of(iterable)):
            case ListType(item):
                return item
            case MapType(key):
                return key
            case Primitive("str"):
                return STR
            case found if found == TEXT_FILE:
                return STR
        return UNKNOWN

    def parts_of(self, iterable: ast.expr, count: int) -> list[Type]:
        """The types of the parts of each item, when it is taken apart into so many names."""
        match iterable:
            case ast.Call(ast.Name("enumerate" as name), [inner, *_], []) if (
                name not in self.bound and count == 2 and not is_starred(inner)
            ):
                return [INT, self.item_of(inner)]
            case ast.Call(ast.Name("zip" as name), inner) if (
                name not in self.bound
                and len(inner) == count
                and not is_starred(*inner)
            ):
                return [self.item_of(each) for each in inner]
            case ast.Call(ast.Attribute(value, "items"), [], []) if count == 2:
                match plain(self.of(value)):
                    case MapType(key, item):
                        return [key, item]
        return [UNKNOWN] * count

    def inside(self, generators: Sequence[ast.comprehension]) -> Typer:
        inner = replace(self, names=dict(self.names))
        for generator in generators:
            for target in walk(generator.target):
                if isinstance(target, ast.Name):
                    inner.names[target.id] = UNKNOWN
            if not generator.is_async:
                inner._take(generator.target, generator.iter)
        return inner

    def _take(self, target: ast.expr, iterable: ast.expr) -> None:
        match target:
            case ast.Name(name):
                self.names[name] = self.item_of(iterable)
            case ast.Tuple(targets) | ast.List(targets):
                types = self.parts_of(iterable, len(targets))
                for each, type_ in zip(targets, types, strict=True):
                    if isinstance(each, ast.Name):
                        self.names[each.id] = type_

    def entered(self, manager: ast.expr) -> Type:
        """What `with manager as name` gives the name."""
        return self.of(manager) if self.of(manager) == TEXT_FILE else UNKNOWN

    # --- operators ---

    def _unary(self, op: ast.unaryop, operand: Type) -> Type:
        if isinstance(op, ast.Not):
            return BOOL
        if isinstance(op, ast.Invert):
            return UNKNOWN
        if operand == BOOL:
            return INT
        return operand if operand in (*_NUMBERS, TIMEDELTA, DECIMAL) else UNKNOWN

    def _binary(self, left: ast.expr, op: ast.operator, right: ast.expr) -> Type:
        types = plain(self.of(left)), plain(self.of(right))
        if isinstance(op, ast.Pow):
            is_count = isinstance(right, ast.Constant) and type(right.value) is int
            if types[0] == FLOAT and is_count:
                return FLOAT
            # -1 is no constant here: the power of an int by it would be a float
            return INT if types[0] == INT and is_count else UNKNOWN
        return _arithmetic(op, *types)

    def _compare(self, operands: Sequence[ast.expr], ops: Sequence[ast.cmpop]) -> Type:
        # == and < of a value that is not known need not give a bool
        safe = all(
            isinstance(op, ast.Is | ast.IsNot)
            or (isinstance(op, ast.In | ast.NotIn) and len(ops) == 1)
            for op in ops
        )
        known = all(plain(self.of(each)) in _PLAIN for each in operands)
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

    # --- names of modules ---

    def path_of(self, node: ast.expr) -> str:
        """`os.path.join` of what that is here, however it was imported; "" for anything else."""
        match node:
            case ast.Name(name):
                return self.imports.get(name, "")
            case ast.Attribute(value, name):
                above = self.path_of(value)
                return f"{above}.{name}" if above else ""
        return ""

    def _attribute(self, node: ast.Attribute) -> Type:
        path = self.path_of(node)
        if path:
            return CONSTANTS.get(path) or self.known.value(path)
        type_ = self.of(node.value)
        if isinstance(type_, RecordType) and type_.kind != "typeddict":
            named = [each.type for each in type_.fields if each.name == node.attr]
            return named[0] if named else UNKNOWN
        return ATTRIBUTES.get(type_, {}).get(node.attr, UNKNOWN)

    def meant_by(self, annotation: ast.expr) -> Type:
        """The type that an annotation of the block stands for."""
        return annotated(annotation, self._named, self.known)

    def _named(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and node.id not in self.bound:
            return node.id
        return self.path_of(node)

    # --- calls ---

    def _call(self, node: ast.Call) -> Type:
        path = self.path_of(node.func)
        if path:
            return self._library(path, node)
        match node.func:
            case ast.Name(name) if name in self.functions:
                return self.meant_by(self.functions[name])
            case ast.Name(name) if name not in self.bound and name not in self.names:
                return self._builtin(name, node)
            case ast.Attribute(value, name):
                return self._method(plain(self.of(value)), name, node.args)
        return UNKNOWN

    def _library(self, path: str, node: ast.Call) -> Type:
        if path in FUNCTIONS:
            return FUNCTIONS[path]
        types = [plain(self.of(arg)) for arg in node.args]
        if path in OF_PATHS and all(type_ in (STR, PATH) for type_ in types):
            return OF_PATHS[path]
        if path in OF_TEXTS and all(type_ == STR for type_ in types):
            return OF_TEXTS[path]
        match path, types:
            case ("os.getenv" | "os.environ.get"), [_]:
                return union((STR, NONE))
            case ("os.getenv" | "os.environ.get"), [_, default] if default == STR:
                return STR
        return self.known.called(path)

    def _builtin(self, name: str, node: ast.Call) -> Type:
        if name in BUILTINS:
            return BUILTINS[name]
        args = node.args
        if is_starred(*args):
            return UNKNOWN
        match name, args:
            case "open", [_, *rest]:
                return TEXT_FILE if _is_text_mode(rest, node.keywords) else UNKNOWN
            case ("sorted" | "list"), [iterable]:
                return ListType(self.item_of(iterable))
            case "list", []:
                return ListType(UNKNOWN)
            case "dict", []:
                return MapType(UNKNOWN, UNKNOWN)
            case "dict", [pairs] if not node.keywords:
                return MapType(*self.parts_of(pairs, 2))
            case "abs", [value]:
                return self._unary(ast.USub(), self.of(value))
            case "round", [value]:
                return INT if self.of(value) in (INT, FLOAT) else UNKNOWN
            case "round", [value, _]:
                type_ = self.of(value)
                return type_ if type_ in (INT, FLOAT) else UNKNOWN
            case ("min" | "max"), [_, _, *_] if not node.keywords:
                type_ = _same([self.of(arg) for arg in args])
                return type_ if type_ in (INT, FLOAT, STR, DATE, DATETIME) else UNKNOWN
            case ("min" | "max" | "sum"), [iterable] if not node.keywords:
                type_ = self.item_of(iterable)
                known = (INT, FLOAT) if name == "sum" else (INT, FLOAT, STR)
                return type_ if type_ in known else UNKNOWN
        return UNKNOWN

    def _method(self, receiver: Type, name: str, args: Sequence[ast.expr]) -> Type:
        match receiver, name, args:
            case ListType(), "copy", []:
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
                return _same([value, plain(self.of(default))])
        return METHODS.get(receiver, {}).get(name, UNKNOWN)


def plain(type_: Type) -> Type:
    """Literals as the type of their values."""
    return literal_base(type_) if isinstance(type_, LiteralType) else type_


def is_starred(*nodes: ast.expr) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)


def _constant(value: object) -> Type:
    if isinstance(value, bytes):
        return BYTES
    is_odd = value is ... or isinstance(value, complex)
    return UNKNOWN if is_odd else type_of_value(value)


def _is_text_mode(rest: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> bool:
    """Whether `open` gives a text file: its mode is written out and holds no "b"."""
    modes = [*rest[:1], *(each.value for each in keywords if each.arg == "mode")]
    if any(each.arg is None for each in keywords):
        return False
    return all(
        isinstance(mode, ast.Constant)
        and isinstance(mode.value, str)
        and "b" not in mode.value
        for mode in modes
    )


def _same(types: Sequence[Type]) -> Type:
    """The one type that all have, else Unknown; mypy joins unions and literals its own way."""
    first = types[0]
    if isinstance(first, UnionType | LiteralType):
        return UNKNOWN
    return first if all(each == first for each in types) else UNKNOWN


def _arithmetic(op: ast.operator, left: Type, right: Type) -> Type:
    if left in _NUMBERS and right in _NUMBERS:
        return _of_numbers(op, left, right)
    if TIMEDELTA in (left, right) or left in (DATE, DATETIME):
        return _of_moments(op, left, right)
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
        case ast.Div() if left == PATH and right in (STR, PATH):
            return PATH
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


def _of_moments(op: ast.operator, left: Type, right: Type) -> Type:
    """Days, moments and the spans between them."""
    match op:
        case ast.Add() | ast.Sub() if right == TIMEDELTA and left in (DATE, DATETIME):
            return left
        case ast.Add() if left == TIMEDELTA and right in (DATE, DATETIME):
            return right
        case ast.Add() | ast.Sub() if left == right == TIMEDELTA:
            return TIMEDELTA
        case ast.Sub() if left == right:
            return TIMEDELTA
        case ast.Mult() if {left, right} - {TIMEDELTA} <= {INT, FLOAT}:
            return TIMEDELTA
        case ast.Div() | ast.FloorDiv() if left == right == TIMEDELTA:
            return FLOAT if isinstance(op, ast.Div) else INT
        case ast.Div() if left == TIMEDELTA and right in (INT, FLOAT):
            return TIMEDELTA
    return UNKNOWN
