"""Annotations of the users' sources, as griffe reads them -> `wfcompile.types.Type`.

What is not understood is `Unknown` or an `OpaqueType`, never an error. Recursive types end in an
`OpaqueType` of themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import griffe

from wfcompile.resolve.declarations import Declarations, Made, MadeKind
from wfcompile.resolve.modules import FOREIGN
from wfcompile.resolve.records import read_class, read_typed_dict, variables_of
from wfcompile.resolve.sources import Definition, Meaning, Scope, Sources
from wfcompile.resolve.written import Written, call_parts, parts_of, unquoted
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
    SECRET,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Primitive,
    RecordType,
    Type,
    annotation,
    imports,
    union,
)

_PLAIN: dict[str, Type] = {
    "builtins.str": STR,
    "builtins.int": INT,
    "builtins.float": FLOAT,
    "builtins.bool": BOOL,
    "builtins.bytes": BYTES,
    "builtins.object": Primitive("object"),
    "builtins.None": NONE,
    "types.NoneType": NONE,
    "datetime.date": DATE,
    "datetime.datetime": DATETIME,
    "decimal.Decimal": DECIMAL,
    "pathlib.Path": PATH,
    "typing.Text": STR,
    **dict.fromkeys(
        (f"pydantic.{sign}Int" for sign in ("Positive", "Negative", "Strict")), INT
    ),
    **dict.fromkeys(("pydantic.NonNegativeInt", "pydantic.NonPositiveInt"), INT),
    **dict.fromkeys(
        (f"pydantic.{sign}Float" for sign in ("Positive", "Negative", "Strict")), FLOAT
    ),
    **dict.fromkeys(("pydantic.NonNegativeFloat", "pydantic.FiniteFloat"), FLOAT),
    **dict.fromkeys(("pydantic.StrictStr", "pydantic.EmailStr"), STR),
    "pydantic.StrictBool": BOOL,
    **dict.fromkeys(("pydantic.FilePath", "pydantic.DirectoryPath"), PATH),
    **dict.fromkeys(
        (f"{package}.CallerSecret" for package in ("wfruntime", "wfruntime.callers")),
        SECRET,
    ),
}
_NOTHING_KNOWN = ("Any", "Self", "Never", "NoReturn", "LiteralString", "Hashable")
_TRANSPARENT = ("Annotated", "Final", "ClassVar", "ReadOnly", "Required", "NotRequired")
_EXACT = {"List": "list", "Dict": "dict"}
_LISTS = ("list", "Sequence", "MutableSequence")
_MAPS = ("dict", "Mapping", "MutableMapping")
_MADE: dict[str, MadeKind] = {
    "set": "set",
    "Set": "set",
    "AbstractSet": "set",
    "MutableSet": "set",
    "frozenset": "frozenset",
    "FrozenSet": "frozenset",
    "tuple": "tuple",
    "Tuple": "tuple",
    **dict.fromkeys(("Iterable", "Collection", "Container", "Reversible"), "iterable"),
    **dict.fromkeys(("SupportsAbs", "SupportsInt", "SupportsIndex"), "protocol"),
}
_MADE_OF_TEXT = ("uuid.UUID", "pydantic.SecretStr")
_MAKERS = {"conint": INT, "confloat": FLOAT, "condecimal": DECIMAL, "constr": STR}
_DEPTH = 40
"""So deep are types of types read; what is deeper is not looked into."""
_FORMS = ("typing", "typing_extensions", "collections.abc", "builtins", "collections")
_REWRITING = ("BeforeValidator", "WrapValidator", "PlainValidator", "GetPydanticSchema")


@dataclass(slots=True)
class TypeReader:
    """Reads annotations; each class and alias once.

    Attributes:
        declarations: grows with what is read.
        is_exact: False once something was read whose spelling means less than the type says,
            such as a `Mapping`, spelled `dict`; set it before a read to learn about that one.
        with_variables: TypeVars are told apart instead of being Unknown.
    """

    sources: Sources
    declarations: Declarations = field(default_factory=Declarations)
    is_exact: bool = True
    with_variables: bool = False
    _variables: dict[str, Type] = field(default_factory=dict)
    _known: dict[str, tuple[Type, bool]] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def read(self, written: Written, scope: Scope) -> Type:
        match written:
            case None:
                return self._unknown()
            case str():
                return self._text(written, scope)
            case griffe.ExprName() | griffe.ExprAttribute():
                meaning = self.sources.resolve(str(written), scope)
                return self._meaning(meaning, scope)
            case griffe.ExprSubscript():
                return self._subscript(written, scope)
            case griffe.ExprCall():
                return self._made_type(written, scope)
            case griffe.ExprBinOp(operator="|"):
                return union(
                    (self.read(written.left, scope), self.read(written.right, scope))
                )
        return self._unknown()

    def _made_type(self, written: griffe.ExprCall, scope: Scope) -> Type:
        """`conint(ge=1)`, which no type checker reads."""
        self.is_exact = False
        name = self.sources.name_of(written, scope)
        if name == "conlist" and written.arguments:
            return ListType(self.read(written.arguments[0], scope))
        return _MAKERS.get(name, UNKNOWN)

    def read_definition(self, found: Definition) -> Type:
        """A class, or what an assignment stands for."""
        return self._definition(found)

    def _unknown(self) -> Type:
        self.is_exact = False
        return UNKNOWN

    def _text(self, written: str, scope: Scope) -> Type:
        """`None`, or an annotation in quotes."""
        if written == "None":
            return NONE
        if written == "..." or not written.startswith(("'", '"')):
            return self._unknown()
        return self.read(unquoted(written, scope.module.tree), scope)

    # --- names ---

    def _meaning(self, meaning: Meaning, scope: Scope) -> Type:
        match meaning:
            case None:
                return self._unknown()
            case Definition():
                return self._definition(meaning)
        if meaning in _PLAIN:
            return _PLAIN[meaning]
        module, _, name = meaning.rpartition(".")
        if module in _FORMS:
            return self._form(name, (), scope)
        self.is_exact = False
        if module.startswith(FOREIGN) and name in ("CallerSecret", "Result"):
            return SECRET if name == "CallerSecret" else OpaqueType("wfruntime", name)
        opaque = OpaqueType(module, name)
        if meaning in _MADE_OF_TEXT:
            self.declarations.made[opaque] = Made("class", (STR,))
        return opaque

    def _definition(self, found: Definition) -> Type:
        path = found.path
        if path in self._open or len(self._open) == _DEPTH:
            self.is_exact = False
            return OpaqueType(found.module.name, found.name)
        if path not in self._known:
            self._open.add(path)
            outer, self.is_exact = self.is_exact, True
            type_ = self._defined(found)
            # what a class holds does not change how the class itself is spelled
            is_class = isinstance(found.node, griffe.Class)
            if is_class and not self.is_exact:
                self.declarations.inexact.add(type_)
            self._known[path] = (type_, is_class or self.is_exact)
            self.is_exact = outer
            self._open.remove(path)
        type_, is_exact = self._known[path]
        self.is_exact &= is_exact
        return type_

    def _defined(self, found: Definition) -> Type:
        node, scope = found.node, Scope(found.module)
        match node:
            case griffe.Class():
                return read_class(found, self)
            case griffe.TypeAlias():
                return self.read(node.value, scope)
            case griffe.Attribute(value=griffe.ExprCall() as call):
                return self._called(found, call, scope)
            case griffe.Attribute():
                return self.read(node.value, scope)
        return self._unknown()

    def _called(self, found: Definition, call: griffe.ExprCall, scope: Scope) -> Type:
        """`NewType("UserId", int)`, `TypedDict("Row", {...})`, `TypeVar("T")`."""
        called = self.sources.resolve(str(call.function), scope)
        name = called.rpartition(".")[2] if isinstance(called, str) else ""
        if name == "TypeVar" and found.path in self._variables:
            return self._variables[found.path]
        opaque = OpaqueType(found.module.name, found.name)
        if name == "TypedDict":
            return read_typed_dict(found, call, self) or opaque
        if name == "NewType" and len(call.arguments) == 2:
            base = self.read(call.arguments[1], scope)
            self.declarations.made[opaque] = Made("class", (base,))
        elif name == "TypeVar" and self.with_variables:
            self.declarations.made[opaque] = Made("variable")
        elif name == "TypeVar":
            bound = call_parts(call).get("bound")
            self.is_exact = False
            return UNKNOWN if bound is None else self.read(bound, scope)
        self.is_exact = False
        return opaque

    # --- forms with brackets ---

    def _subscript(self, written: griffe.ExprSubscript, scope: Scope) -> Type:
        meaning = self.sources.resolve(str(written.left), scope)
        parts = parts_of(written)
        if isinstance(meaning, str):
            module, _, name = meaning.rpartition(".")
            if module in _FORMS or name == "InitVar":
                return self._form(name, parts, scope)
        self.is_exact = False
        if isinstance(meaning, Definition) and isinstance(meaning.node, griffe.Class):
            return self._generic(meaning, meaning.node, parts, scope)
        return self._meaning(meaning, scope)

    def _generic(
        self,
        found: Definition,
        node: griffe.Class,
        parts: Sequence[str | griffe.Expr],
        scope: Scope,
    ) -> Type:
        """`Page[Row]`: the class with the types in the place of its TypeVars.

        It is spelled with them where they need no import of their own.
        """
        variables = variables_of(node, Scope(found.module), self.sources)
        is_open = found.path in self._open or len(self._open) == _DEPTH
        if len(variables) != len(parts) or is_open:
            return self._definition(found)
        types = [self.read(part, scope) for part in parts]
        inner = replace(
            self,
            _variables={**self._variables, **dict(zip(variables, types, strict=True))},
            _known={},
            _open=self._open | {found.path},
        )
        record = read_class(found, inner)
        needed = set().union(*map(imports, types))
        if not isinstance(record, RecordType) or needed - {(record.module, "")}:
            return record
        shown = f"{record.name}[{', '.join(map(annotation, types))}]"
        named = replace(record, name=shown)
        self.declarations.rules[named] = self.declarations.rules[record]
        return named

    def _form(
        self, name: str, parts: Sequence[str | griffe.Expr], scope: Scope
    ) -> Type:
        plain = _EXACT.get(name, name)
        if plain == "Literal":
            return self._literal(parts)
        if plain == "Annotated" and self._is_rewritten(parts[1:], scope):
            return self._unknown()
        if plain in (*_TRANSPARENT, "InitVar"):
            return self.read(parts[0], scope) if parts else self._unknown()
        if plain in ("Optional", "Union"):
            members = [self.read(part, scope) for part in parts]
            return union([*members, NONE] if plain == "Optional" else members)
        if plain in _NOTHING_KNOWN:
            return self._unknown()
        if plain in _LISTS + _MAPS:
            self.is_exact &= plain in ("list", "dict")
            items = [self.read(part, scope) for part in parts]
            if plain in _LISTS:
                return ListType(items[0] if items else self._unknown())
            whole = items if len(items) == 2 else (UNKNOWN, self._unknown())
            return MapType(*whole)
        self.is_exact = False
        if plain in _MADE:
            return self._made(_MADE[plain], plain, parts, scope)
        return UNKNOWN

    def _literal(self, parts: Sequence[str | griffe.Expr]) -> Type:
        values = []
        for part in parts:
            try:
                values.append(ast.literal_eval(str(part)))
            except (ValueError, SyntaxError):
                return self._unknown()
        texts = tuple(value for value in values if isinstance(value, str | int))
        if len(texts) + values.count(None) != len(values):
            return self._unknown()
        literal: Type = LiteralType(texts) if texts else NONE
        return union((literal, NONE)) if None in values else literal

    def _is_rewritten(self, extras: Sequence[str | griffe.Expr], scope: Scope) -> bool:
        """Whether pydantic looks at the value with the user's own function first."""
        names = (self.sources.name_of(each, scope) for each in extras)
        return any(name in _REWRITING for name in names)

    def _made(
        self,
        kind: MadeKind,
        name: str,
        parts: Sequence[str | griffe.Expr],
        scope: Scope,
    ) -> Type:
        is_fixed = kind == "tuple" and "..." not in parts and bool(parts)
        parts = [part for part in parts if part != "..."]
        if is_fixed and [str(part) for part in parts] == ["()"]:
            parts = []
        items = tuple(self.read(part, scope) for part in parts)
        shown = [annotation(item) for item in items] or ([] if is_fixed else ["Any"])
        if kind == "tuple" and not is_fixed:
            shown.append("...")
        head = kind if kind in ("tuple", "set", "frozenset") else name
        opaque = OpaqueType("", f"{head}[{', '.join(shown) or '()'}]")
        self.declarations.made[opaque] = Made(kind, items, is_fixed)
        return opaque
