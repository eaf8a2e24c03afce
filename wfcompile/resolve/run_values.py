"""A value of the run for a declared type: the expression that mypy accepts and that converts.

Works on types only; that the value may fit at all was asked before (`may_become`).
"""

from __future__ import annotations

from wfcompile import ir
from wfcompile.resolve.declarations import Declarations, Made
from wfcompile.resolve.lax_types import ANYTHING, is_same, may_become
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
    Field,
    ListType,
    LiteralType,
    MapType,
    OpaqueType,
    Primitive,
    RecordType,
    Type,
    UnionType,
    is_assignable,
    is_optional,
    literal_base,
    without_fields,
    without_none,
)

_PLAIN = (INT, FLOAT, BOOL, STR, DATE, DATETIME, DECIMAL, PATH)
_DISPLAYS = (ir.ListExpr, ir.DictExpr, ir.Const)


def express(
    expr: ir.Expr, source: Type, target: Type, known: Declarations
) -> ir.Expr | None:
    """The value as `target`; None when it would have to be taken apart for that."""
    source = without_fields(source)
    if target in ANYTHING or source == target:
        return expr
    match target:
        case UnionType():
            return _as_union(expr, source, target, known)
        case LiteralType(values):
            return _as_literal(expr, source, values)
        case Primitive():
            return _as_primitive(expr, source, target, known)
        case RecordType():
            return _as_record(expr, source, target, known)
        case OpaqueType():
            return _as_opaque(expr, source, target, known)
        case ListType() | MapType():
            return _as_container(expr, source, target, known)
    return expr


def plain_type(type_: Type) -> Type:
    return literal_base(type_) if isinstance(type_, LiteralType) else type_


def unless_none(expr: ir.Expr, inside: ir.Expr) -> ir.Expr:
    """`inside`, which converts `expr`, but None stays None."""
    if inside == expr:
        return expr
    is_none = ir.Comparison(expr, (("is", ir.Const(None)),))
    return ir.Conditional(is_none, ir.Const(None), inside)


def without_type(expr: ir.Expr) -> ir.Expr:
    """The same value without a type: `rt.literal` leaves all but texts alone."""
    return ir.Call("rt.literal", (expr,))


def made_by(target: OpaqueType, value: ir.Expr) -> ir.Expr:
    """`module.Name(value)`, which is how a custom filter prints too."""
    return ir.Filter(target.module, target.name, value)


# --- what it is already ---


def _holds(source: Type, target: Type, known: Declarations) -> bool:
    """Whether the value is what is wanted without being converted, whatever mypy says."""
    if source == target or source in ANYTHING or target in ANYTHING:
        return True
    match source, target:
        case UnionType(members), _:
            return all(_holds(member, target, known) for member in members)
        case _, UnionType(members):
            return any(_holds(source, member, known) for member in members)
        case ListType(item), ListType(wanted):
            return _holds(item, wanted, known)
        case MapType(key, value), MapType(key_wanted, value_wanted):
            return _holds(key, key_wanted, known) and _holds(value, value_wanted, known)
        case RecordType(kind="typeddict"), MapType(_, wanted):
            return all(_holds(each.type, wanted, known) for each in source.fields)
        case MapType(_, value), RecordType(kind="typeddict"):
            return all(_holds(value, each.type, known) for each in target.fields)
        case RecordType(kind="typeddict"), RecordType(kind="typeddict"):
            return all(_holds_field(source, each, known) for each in target.fields)
        case (RecordType(), _) | (_, RecordType()):
            return False
        case _, OpaqueType():
            return target not in known.made
    return (source, target) != (DATETIME, DATE) and is_assignable(source, target)


def _holds_field(source: RecordType, field: Field, known: Declarations) -> bool:
    given = source.field(field.key)
    return given is None or _holds(given.type, field.type, known)


# --- what it becomes ---


def _as_primitive(
    expr: ir.Expr, source: Type, target: Primitive, known: Declarations
) -> ir.Expr | None:
    plain = plain_type(source)
    if plain == target:
        return expr
    if target == SECRET:
        text = expr if plain == STR else ir.Convert(STR, expr)
        return ir.Call("rt.CallerSecret", (text,))
    if target == BYTES:
        if source in ANYTHING:
            return expr
        text = expr if plain == STR else ir.Convert(STR, expr)
        return ir.Call("bytes", (text, ir.Const("utf-8")))
    if target == NONE:
        return expr if source in ANYTHING else None
    if target in (INT, FLOAT) and plain in (BOOL, INT):
        return ir.Call(target.name, (expr,))
    if source not in ANYTHING and _holds(plain, target, known):
        return expr
    return ir.Convert(target, expr)


def _as_literal(
    expr: ir.Expr, source: Type, values: tuple[str | int | bool, ...]
) -> ir.Expr | None:
    """`rt.pick` refuses what is not one of the values, and names those."""
    if isinstance(source, LiteralType) and set(source.values) <= set(values):
        return expr
    table = tuple((ir.Const(value), ir.Const(value)) for value in values)
    return ir.Call("rt.pick", (ir.DictExpr(table), expr))


def _as_union(
    expr: ir.Expr, source: Type, target: UnionType, known: Declarations
) -> ir.Expr | None:
    wanted = without_none(target)
    if source in ANYTHING:
        inside = expr if isinstance(wanted, UnionType) else None
        inside = inside or express(expr, source, wanted, known)
        return unless_none(expr, inside) if inside and is_optional(target) else inside
    if any(_takes(source, member, known) for member in (target, *target.members)):
        return expr
    plain = without_none(source)
    likely = sorted(target.members, key=lambda member: not _takes(plain, member, known))
    for member in likely:
        if member != NONE and may_become(plain, member, known):
            keeps_none = is_optional(source) and is_optional(target)
            inside = express(expr, plain if keeps_none else source, member, known)
            if inside is not None:
                return unless_none(expr, inside) if keeps_none else inside
    return None


def _takes(source: Type, target: Type, known: Declarations) -> bool:
    """Whether mypy takes a variable of the one type for the other, meaning the same."""
    match source, target:
        case UnionType(members), _:
            return all(_takes(member, target, known) for member in members)
        case _, UnionType(members):
            return any(_takes(source, member, known) for member in members)
        case (ListType() | MapType(), _) | (_, ListType() | MapType()):
            is_read = _is_converted(target)
            return _is_exactly(source, target) if is_read else is_same(source, target)
        case (OpaqueType(), _) | (_, OpaqueType()):
            return source == target
    return _holds(source, target, known)


def _as_container(
    expr: ir.Expr, source: Type, target: ListType | MapType, known: Declarations
) -> ir.Expr | None:
    may_convert = source in ANYTHING or isinstance(source, ListType | MapType)
    if may_convert and _is_converted(target) and not _is_exactly(source, target):
        return ir.Convert(target, expr)
    if source in ANYTHING or isinstance(source, OpaqueType) or is_same(source, target):
        return expr
    if isinstance(source, UnionType) or not _holds(source, target, known):
        return None
    if isinstance(expr, _DISPLAYS):
        return expr
    is_record = isinstance(source, RecordType)
    if is_record and isinstance(target, MapType) and target.value == UNKNOWN:
        return ir.Call("dict", (expr,))
    if is_assignable(source, target) and not _is_deep(target):
        name = "list" if isinstance(target, ListType) else "dict"
        return ir.Call(name, (expr,))
    return without_type(expr)


def _is_converted(target: Type) -> bool:
    """Whether `rt.to` reads the type: a container of plain types."""
    match target:
        case ListType(item):
            return _is_converted(item)
        case MapType(key, value):
            return _is_converted(key) and _is_converted(value)
    return target in _PLAIN


def _is_exactly(source: Type, target: Type) -> bool:
    """Whether no part of a value would be changed; False where its type is not known."""
    match source, target:
        case ListType(item), ListType(wanted):
            return _is_exactly(item, wanted)
        case MapType(key, value), MapType(key_wanted, value_wanted):
            return _is_exactly(key, key_wanted) and _is_exactly(value, value_wanted)
    return plain_type(source) == target


def _is_deep(target: ListType | MapType) -> bool:
    """A copy is of the wanted type only if what it holds is no container itself."""
    held = target.item if isinstance(target, ListType) else target.value
    return isinstance(held, ListType | MapType | UnionType)


def _as_record(
    expr: ir.Expr, source: Type, target: RecordType, known: Declarations
) -> ir.Expr | None:
    if target.kind == "model":
        return ir.ModelExpr(target, expr)
    if source in ANYTHING or isinstance(source, OpaqueType):
        return expr if target.kind == "typeddict" else ir.Convert(target, expr)
    if target.kind == "typeddict" and _holds(source, target, known):
        return without_type(expr)
    return None


def _as_opaque(
    expr: ir.Expr, source: Type, target: OpaqueType, known: Declarations
) -> ir.Expr | None:
    made = known.made.get(target)
    if made is None or made.kind == "iterable":
        return expr
    if made.kind in ("tuple", "set", "frozenset"):
        return _as_collection(expr, source, made, known)
    if made.kind == "class":
        value = express(expr, source, made.item, known)
        return value and made_by(target, value)
    if made.kind == "enum":
        return made_by(target, _enum_value(expr, source, made, known))
    return expr


def _enum_value(
    expr: ir.Expr, source: Type, made: Made, known: Declarations
) -> ir.Expr:
    """What the enum's class is called with; it refuses what is none of its values."""
    base = literal_base(made.item) if isinstance(made.item, LiteralType) else UNKNOWN
    if source in ANYTHING or not isinstance(base, Primitive):
        return expr
    return _as_primitive(expr, source, base, known) or expr


def _as_collection(
    expr: ir.Expr, source: Type, made: Made, known: Declarations
) -> ir.Expr | None:
    if isinstance(source, OpaqueType):
        return expr
    if isinstance(source, UnionType):
        return None
    if isinstance(source, ListType):
        if not all(_holds(source.item, item, known) for item in made.items):
            return None
        if made.is_fixed:
            return without_type(ir.Call(made.kind, (expr,)))
    return ir.Call(made.kind, (expr,))
