"""A bound YAML value for a declared type -> the expression that is passed, or a diagnostic.

The emitted call must mean what pydantic's lax mode would make of the value, and mypy must accept
it. So a constant is converted here, what the YAML writes out is fitted part by part, and a value
of the run is passed as it is, converted by `rt.to`, or given to the class that takes it. Inside a
pydantic model the parts stay as they were written: the model converts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wfcompile import ir
from wfcompile.diagnostics import Diagnostics, Note, close_match, did_you_mean
from wfcompile.resolve.bound import Bound, BoundEntry
from wfcompile.resolve.constants import constant_for
from wfcompile.resolve.declarations import Declarations, Made, RecordRules
from wfcompile.resolve.lax_types import ANYTHING, may_become
from wfcompile.resolve.limits import Limits, broken
from wfcompile.resolve.misfits import (
    found_in_words,
    help_for,
    in_words,
    is_constant_of,
    one_of_each,
)
from wfcompile.resolve.run_values import express, made_by
from wfcompile.resolve.tags import is_chosen, tag_of
from wfcompile.types import (
    INT,
    NONE,
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
    literal_base,
    without_none,
)


@dataclass(frozen=True, slots=True)
class Fitter:
    """Fits the values of one call.

    Attributes:
        note: leads to what declares the type.
        in_model: a pydantic model converts the value, so no expression is needed.
    """

    known: Declarations
    note: Note
    diagnostics: Diagnostics
    in_model: bool = False

    def fit(self, value: Bound, target: Type, at: str) -> ir.Expr | None:
        """The expression, None when the value does not fit.

        Adds WF402 (an unknown field), WF403 (a missing one), WF404 (another type), WF423 (bounds).

        Args:
            at: the name of the argument with the way inside it, as `aws.path`, `rows[0]`.
        """
        if target in ANYTHING:
            return value.expr
        if isinstance(target, OpaqueType) and target not in self.known.made:
            return value.expr
        if self._is_loose_model(target):
            assert isinstance(target, RecordType)
            return ir.ModelExpr(target, value.expr)
        if isinstance(target, UnionType):
            return self._union(value, target, at)
        if value.is_list:
            return self._list(value, target, at)
        if value.is_map:
            return self._map(value, target, at)
        if isinstance(value.expr, ir.Const) and value.type != UNKNOWN:
            return self._constant(value, target, at)
        return self._run_value(value, target, at)

    def fit_within(
        self, limits: Limits | None, value: Bound, target: Type, at: str
    ) -> ir.Expr | None:
        """As `fit`; adds WF423 to a constant that breaks the bounds of its field."""
        fitted = self.fit(value, target, at)
        if fitted is None or limits is None:
            return fitted
        return fitted if self._is_within(limits, value, fitted, target, at) else None

    def _is_within(
        self, limits: Limits, value: Bound, fitted: ir.Expr, target: Type, at: str
    ) -> bool:
        """Whether no constant breaks the bounds, neither the value nor what it holds."""
        complaint = None
        match fitted:
            case ir.Const(constant):
                complaint = broken(constant, limits)
            case ir.ListExpr(items):
                complaint = broken([*items], limits)
        if complaint is not None:
            found = found_in_words(value)
            message = f'argument "{at}" is {found}, {complaint}'
            note = Note("its bounds are declared here", limits.place)
            self.diagnostics.error("WF423", message, value.span, notes=[note])
            return False
        if limits.inside is None:
            return True
        held = self._held(without_none(target))
        if held in ANYTHING:
            return True
        inside = [
            self._is_within(limits.inside, item, expr, held, place)
            for item, expr, place in _parts(value, fitted, at)
        ]
        return all(inside)

    def _held(self, target: Type) -> Type:
        match target:
            case ListType(item) | MapType(_, item):
                return item
            case OpaqueType() if target in self.known.made:
                return self.known.made[target].item
        return UNKNOWN

    def _is_loose_model(self, target: Type) -> bool:
        if not isinstance(target, RecordType) or target.kind != "model":
            return False
        return self.known.rules[target].is_loose

    # --- scalars ---

    def _constant(self, value: Bound, target: Type, at: str) -> ir.Expr | None:
        assert isinstance(value.expr, ir.Const)
        found: ir.Expr | None = None
        match target:
            case LiteralType():
                found = _literal_constant(value.expr.value, target)
            case Primitive("None"):
                found = value.expr if value.expr.value is None else None
            case Primitive():
                found = constant_for(value.expr.value, target)
            case OpaqueType():
                return self._made_of_one(value, target, at)
        return found or self._misfit(value, target, at)

    def _made_of_one(self, value: Bound, target: OpaqueType, at: str) -> ir.Expr | None:
        """A class or enum that is called with the value."""
        made = self.known.made[target]
        if made.kind in ("class", "enum"):
            inside = self.fit(_as_number_of(value, made), made.item, at)
            return inside and made_by(target, inside)
        if made.kind == "iterable" and value.type == STR:
            return value.expr
        return self._misfit(value, target, at)

    def _run_value(self, value: Bound, target: Type, at: str) -> ir.Expr | None:
        if not may_become(value.type, target, self.known):
            return self._misfit(value, target, at)
        if self.in_model:
            return value.expr
        found = express(value.expr, value.type, target, self.known)
        return found or self._misfit(value, target, at)

    # --- unions ---

    def _union(self, value: Bound, target: UnionType, at: str) -> ir.Expr | None:
        is_written = value.is_list or value.is_map
        is_constant = isinstance(value.expr, ir.Const) and value.type != UNKNOWN
        if not is_written and not is_constant:
            return self._run_value(value, target, at)
        exact = [each for each in target.members if is_constant_of(value, each)]
        for member in (*exact, *target.members):
            trial = replace(self, diagnostics=Diagnostics())
            found = trial.fit(value, member, at)
            if found is not None:
                return found
        likely = self._likely_members(value, target)
        if len(likely) == 1:
            return self.fit(value, likely[0], at)
        tag = tag_of(value, likely)
        if tag is not None:
            entry, allowed = tag
            return self._misfit(entry.value, allowed, f"{at}.{entry.key}")
        return self._misfit(value, target, at)

    def _likely_members(self, value: Bound, target: UnionType) -> list[Type]:
        """The members that a value of this form is meant for."""
        members = [each for each in target.members if each != NONE]
        if value.is_map:
            members = [e for e in members if isinstance(e, RecordType | MapType)]
            chosen = [each for each in members if is_chosen(value, each)]
            return chosen or members
        if value.is_list:
            return [each for each in members if isinstance(each, ListType)]
        return members

    # --- lists ---

    def _list(self, value: Bound, target: Type, at: str) -> ir.Expr | None:
        match target:
            case ListType(item):
                items = self._items(value, [item] * len(value.items), at)
                return None if items is None else _list_of(items)
            case OpaqueType():
                return self._collection(value, target, self.known.made[target], at)
            case RecordType(kind="namedtuple"):
                return self._tuple_fields(value, target, at)
        return self._misfit(value, target, at)

    def _items(
        self, value: Bound, types: Sequence[Type], at: str
    ) -> list[ir.Expr] | None:
        fitted = [
            self.fit(item, type_, f"{at}[{index}]")
            for index, (item, type_) in enumerate(zip(value.items, types, strict=True))
        ]
        found = [each for each in fitted if each is not None]
        return found if len(found) == len(fitted) else None

    def _collection(
        self, value: Bound, target: OpaqueType, made: Made, at: str
    ) -> ir.Expr | None:
        if made.kind == "class":
            return self._made_of_one(value, target, at)
        if made.kind not in ("tuple", "set", "frozenset", "iterable"):
            return self._misfit(value, target, at)
        count = len(value.items)
        if made.is_fixed and count != len(made.items):
            self._error(
                "WF404",
                f'argument "{at}" is a list of {count}, expected {len(made.items)} items',
                value,
                help=f"write {one_of_each(made.items)}",
            )
            return None
        types = made.items if made.is_fixed else [made.item] * count
        items = self._items(value, types, at)
        return None if items is None else _collection_of(items, made)

    def _tuple_fields(
        self, value: Bound, record: RecordType, at: str
    ) -> ir.Expr | None:
        names = record.fields[: len(value.items)]
        if len(names) < len(value.items):
            return self._misfit(value, record, at)
        entries = tuple(
            BoundEntry(field.name, item.span, item)
            for field, item in zip(names, value.items, strict=True)
        )
        return self._record(replace(value, items=(), entries=entries), record, at)

    # --- mappings ---

    def _map(self, value: Bound, target: Type, at: str) -> ir.Expr | None:
        match target:
            case MapType(key, item):
                pairs = [self._pair(entry, key, item, at) for entry in value.entries]
                found = [each for each in pairs if each is not None]
                return ir.DictExpr(tuple(found)) if len(found) == len(pairs) else None
            case RecordType():
                return self._record(value, target, at)
            case OpaqueType() if self.known.made[target].kind == "class":
                return self._made_of_one(value, target, at)
        return self._misfit(value, target, at)

    def _pair(
        self, entry: BoundEntry, key: Type, item: Type, at: str
    ) -> tuple[ir.Expr, ir.Expr] | None:
        inside = f"{at}.{entry.key}"
        name = self.fit(Bound(ir.Const(entry.key), STR, entry.key_span), key, inside)
        value = self.fit(entry.value, item, inside)
        return None if name is None or value is None else (name, value)

    def _record(self, value: Bound, record: RecordType, at: str) -> ir.Expr | None:
        """Field by field; a model gets its data as they are written."""
        rules = self.known.rules[record]
        keys = [field.key for field in record.fields]
        inside = replace(
            self,
            note=Note(f"fields are {', '.join(keys)}", rules.place),
            in_model=self.in_model or record.kind == "model",
        )
        given: dict[str, ir.Expr] = {}
        is_whole = True
        for entry in value.entries:
            field = _field_of(record, rules, entry.key)
            if field is None and (record.extra or rules.is_loose):
                given[entry.key] = entry.value.expr
                continue
            if field is None:
                is_whole = False
                inside._unknown_field(entry, record, at)
                continue
            limits = rules.limits.get(field.name)
            place = f"{at}.{entry.key}"
            fitted = inside.fit_within(limits, entry.value, field.type, place)
            if fitted is None:
                is_whole = False
            else:
                given[field.name] = fitted
        if not rules.is_loose:
            is_whole &= inside._has_all(value, record, at)
        return _record_expr(record, value, given) if is_whole else None

    def _has_all(self, value: Bound, record: RecordType, at: str) -> bool:
        rules = self.known.rules[record]
        found = {e.key: _field_of(record, rules, e.key) for e in value.entries}
        missing = [
            field.key
            for field in record.fields
            if field.required and field not in found.values()
        ]
        unknown = [key for key, field in found.items() if field is None]
        missing = without_explained(missing, unknown)
        if missing:
            message = f'argument "{at}" needs {listed("the field", missing)}'
            self._error("WF403", message, value, help=f'give it below "{at}"')
        return not missing

    # --- diagnostics ---

    def _unknown_field(self, entry: BoundEntry, record: RecordType, at: str) -> None:
        by_name = {field.name: field.key for field in record.fields}
        alias = by_name.get(entry.key)
        self.diagnostics.error(
            "WF402",
            f'argument "{at}" has no field "{entry.key}"',
            entry.key_span,
            notes=[self.note],
            help=(
                f'it is read from "{alias}"'
                if alias
                else did_you_mean(entry.key, [field.key for field in record.fields])
            ),
        )

    def _misfit(self, value: Bound, target: Type, at: str) -> ir.Expr | None:
        self._error(
            "WF404",
            f'argument "{at}" is {found_in_words(value)}, expected {in_words(target)}',
            value,
            help=help_for(value, target),
        )
        return None

    def _error(
        self, code: str, message: str, value: Bound, *, help: str | None = None
    ) -> None:
        self.diagnostics.error(code, message, value.span, notes=[self.note], help=help)


def _parts(
    value: Bound, fitted: ir.Expr, at: str
) -> Iterator[tuple[Bound, ir.Expr, str]]:
    """What a list or mapping of the YAML holds, with what is passed for it, and its name."""
    match fitted:
        case ir.Const(list() as constants):
            exprs: Sequence[ir.Expr] = [ir.Const(each) for each in constants]
        case ir.ListExpr(items) | ir.TupleExpr(items) | ir.SetExpr(items):
            exprs = items
        case ir.DictExpr(pairs):
            exprs = [expr for _, expr in pairs]
        case _:
            return
    held = [(each, f"{at}[{index}]") for index, each in enumerate(value.items)]
    held += [(each.value, f"{at}.{each.key}") for each in value.entries]
    if len(held) == len(exprs):
        for (item, place), expr in zip(held, exprs, strict=True):
            yield item, expr, place


def without_explained(missing: Sequence[str], unknown: Sequence[str]) -> list[str]:
    """What is missing, but for what an unknown name was meant to be: one mistake is told once."""
    meant = {close_match(name, missing) for name in unknown}
    return [name for name in missing if name not in meant]


def listed(what: str, names: Sequence[str]) -> str:
    """
    >>> listed("the field", ["a"]), listed("the field", ["a", "b"])
    ('the field "a"', 'the fields "a", "b"')
    """
    plural = "s" if len(names) > 1 else ""
    return f"{what}{plural} {', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)}"


def _field_of(record: RecordType, rules: RecordRules, key: str) -> Field | None:
    """The field that is read from this key."""
    for field in record.fields:
        if key == field.key or (rules.by_name and key == field.name):
            return field
    return None


def _record_expr(
    record: RecordType, value: Bound, given: dict[str, ir.Expr]
) -> ir.Expr:
    match record.kind:
        case "model":
            return ir.ModelExpr(record, value.expr)
        case "typeddict":
            return ir.DictExpr(tuple((ir.Const(k), v) for k, v in given.items()))
    return ir.Construct(record, tuple(given.items()))


def _as_number_of(value: Bound, made: Made) -> Bound:
    """A text for an enum of numbers as the number."""
    if not isinstance(made.item, LiteralType) or literal_base(made.item) != INT:
        return value
    if not isinstance(value.expr, ir.Const) or value.type != STR:
        return value
    number = constant_for(value.expr.value, INT)
    return value if number is None else replace(value, expr=number, type=INT)


def _literal_constant(value: object, target: LiteralType) -> ir.Expr | None:
    """The constant as the value of the `Literal` that it equals; texts and numbers never do."""
    for each in target.values:
        if each == value:
            return ir.Const(each)
    return None


def _list_of(items: Sequence[ir.Expr]) -> ir.Expr:
    """Constants stay one constant, which is printed on one line."""
    values = [item.value for item in items if isinstance(item, ir.Const)]
    return ir.Const(values) if len(values) == len(items) else ir.ListExpr(tuple(items))


def _collection_of(items: Sequence[ir.Expr], made: Made) -> ir.Expr:
    match made.kind:
        case "iterable":
            return _list_of(items)
        case "tuple":
            return ir.TupleExpr(tuple(items))
    different = [each for at, each in enumerate(items) if each not in items[:at]]
    return ir.SetExpr(tuple(different), is_frozen=made.kind == "frozenset")
