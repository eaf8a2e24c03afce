"""A parsed `${{ }}` tree under a scope -> typed IR expression.

Adds WF310 to WF319 through the paths, WF320 (unknown filter) through the filters, WF321 (unknown
function), WF430 to WF439 (types of operators, functions, filters). An expression with an error
becomes `POISON`; the rest of the text is still looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from wfcompile import ir
from wfcompile.bind.advice import index_help, key_help, method_help, no_key, way_out
from wfcompile.bind.constants import (
    as_number,
    can_be_same,
    constant_comparison,
    exact_type,
    has_place,
    literal_type,
)
from wfcompile.bind.functions import (
    FILTERS,
    FUNCTIONS,
    Signature,
    Takes,
    attributes_of,
    methods_of,
    misfit,
)
from wfcompile.bind.operators import (
    arithmetic,
    can_be_key,
    can_contain,
    can_equal,
    can_order,
    either,
    members,
    negated,
    plain,
)
from wfcompile.bind.pasted import (
    holds_number,
    is_hole,
    may_be_text,
    warn_of_pasted,
)
from wfcompile.bind.paths import PathBinder
from wfcompile.bind.scope import Scope
from wfcompile.bind.typed import POISON, Typed, as_part
from wfcompile.bind.uses import Uses
from wfcompile.bind.views import held_by, listed
from wfcompile.diagnostics import Diagnostics, Note, did_you_mean, listing
from wfcompile.expressions import nodes
from wfcompile.nodes import Scalar
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.resolve.misfits import in_words
from wfcompile.types import (
    BOOL,
    INT,
    STR,
    UNKNOWN,
    ListType,
    MapType,
    RecordType,
    Type,
    is_assignable,
    is_optional,
    union,
    without_none,
)


class ExpressionBinder:
    """Binds the expressions of one scalar; short-lived, one per text."""

    def __init__(
        self,
        scope: Scope,
        scalar: Scalar,
        filters: FilterRegistry,
        uses: Uses,
        diagnostics: Diagnostics,
    ) -> None:
        self.paths = PathBinder(scope, scalar, diagnostics)
        self.scalar = scalar
        self.filters = filters
        self.uses = uses
        self.diagnostics = diagnostics

    def bind(self, tree: nodes.Expression) -> Typed:
        match tree:
            case nodes.Literal(value):
                return Typed(ir.Const(value), literal_type(value))
            case nodes.Path():
                return self.paths.bind(tree)
            case nodes.EnvRef():
                return Typed(self.uses.env(self.scalar, tree), STR)
            case nodes.FilterCall():
                return self._filter(tree)
            case nodes.Call():
                return self._call(tree)
            case nodes.Index():
                return self._index(tree)
            case nodes.Attribute():
                return self._attribute(tree)
            case nodes.Unary():
                return self._unary(tree)
            case nodes.Binary():
                return self._binary(tree)
            case nodes.Comparison():
                return self._comparison(tree)
            case nodes.Logic():
                return self._logic(tree)
            case nodes.Conditional():
                return self._conditional(tree)
            case nodes.ListDisplay(items):
                bound = [self.bind(item) for item in items]
                item_type = union(plain(item.type) for item in bound)
                return Typed(
                    ir.ListExpr(tuple(item.expr for item in bound)), ListType(item_type)
                )
            case nodes.MapDisplay(items):
                return self._map(items)
            case nodes.Interpolation(parts):
                return self._interpolation(parts)

    def _interpolation(self, parts: Sequence[str | nodes.Expression]) -> Typed:
        bound = [
            Typed(ir.Const(part), STR) if isinstance(part, str) else self.bind(part)
            for part in parts
        ]
        if len(bound) == 1 and (bound[0] is POISON or plain(bound[0].type) == STR):
            return bound[0]
        return Typed(ir.Join(tuple(map(as_part, bound))), STR)

    # --- calls ---

    def _filter(self, tree: nodes.FilterCall) -> Typed:
        value = self.bind(tree.value)
        args = [self.bind(arg) for arg in tree.args]
        keywords = [(k.name, self.bind(k.value)) for k in tree.keywords]
        signature = self.filters.find(tree.name)
        if signature is None and tree.name in FILTERS:
            return self._filter_function(tree, [value, *args])
        if signature is None and self.filters.mistakes:
            self.diagnostics.extend(self.filters.mistakes)
            return POISON
        if signature is None:
            return self._no_filter(tree)
        problem = signature.problem(
            value.type, [a.type for a in args], [(n, a.type) for n, a in keywords]
        )
        if problem is not None:
            return self._error(
                "WF430",
                f'filter "{tree.name}" {problem.message}',
                tree.name_start,
                tree.name_end,
                notes=[Note("its hints are here", problem.hints)] * bool(problem.hints),
                help=problem.help,
            )
        self.uses.filter(signature)
        type_ = signature.result(
            value.type, [a.type for a in args], [(n, a.type) for n, a in keywords]
        )
        written = self.scalar.text[tree.value.start : tree.name_end]
        expr = ir.Filter(
            signature.module,
            signature.function,
            signature.passed(value.expr, value.type, written),
            tuple(a.expr for a in args),
            tuple((n, a.expr) for n, a in keywords),
        )
        if signature.module is None and signature.function == "list":
            type_ = listed(value) or type_
        held = (
            held_by(signature.function, value) if signature.module is None else UNKNOWN
        )
        return Typed(expr, type_, held)

    def _no_filter(self, tree: nodes.FilterCall) -> Typed:
        names = [*self.filters.names(), *FILTERS]
        near = did_you_mean(tree.name, names)
        help: str = near or (
            f"the filters are {', '.join(sorted(names))}; "
            'modules with others stand at "filters" in wfc.toml'
        )
        if tree.name == nodes.WORDS:
            help = 'it is the last filter of a template in "bash", and of no other'
        return self._error(
            "WF320",
            f'no filter is called "{tree.name}"',
            tree.name_start,
            tree.name_end,
            help=help,
        )

    def _filter_function(self, tree: nodes.FilterCall, args: Sequence[Typed]) -> Typed:
        function = FILTERS[tree.name]
        signature = FUNCTIONS[function]
        if tree.keywords or len(args) > signature.most:
            return self._error(
                "WF430",
                f'filter "{tree.name}" takes no arguments',
                tree.name_start,
                tree.name_end,
                help=f'write "| {tree.name}" alone',
            )
        wrong = misfit(function, signature, [arg.type for arg in args])
        if wrong is not None:
            return self._error(
                "WF430",
                f'filter "{tree.name}" takes {wrong[1].words}, '
                f"found {in_words(args[0].type)}",
                tree.name_start,
                tree.name_end,
            )
        call = ir.Call(function, tuple(arg.expr for arg in args))
        return Typed(call, signature.result([arg.type for arg in args]))

    def _call(self, tree: nodes.Call) -> Typed:
        args = [self.bind(arg) for arg in tree.args]
        if tree.keywords:
            return self._error(
                "WF432",
                f'"{tree.name}" takes no named arguments here',
                tree.keywords[0].start,
                tree.keywords[0].end,
                help="pass it by position",
            )
        if tree.receiver is not None:
            return self._method(tree, tree.receiver, args)
        signature = FUNCTIONS.get(tree.name)
        if signature is None:
            return self._error(
                "WF321",
                f'no function is called "{tree.name}"',
                tree.name_start,
                tree.name_end,
                help=did_you_mean(tree.name, FUNCTIONS)
                or f"the functions are {', '.join(sorted(FUNCTIONS))}",
            )
        types = [arg.type for arg in args]
        wrong = misfit(tree.name, signature, types)
        if not self._fits(tree, signature, types, wrong):
            return POISON
        type_ = signature.result(types)
        if tree.name in ("list", "sorted"):
            type_ = listed(*args) or type_
        return Typed(ir.Call(tree.name, tuple(arg.expr for arg in args)), type_)

    def _method(
        self, tree: nodes.Call, receiver: nodes.Expression, args: Sequence[Typed]
    ) -> Typed:
        value = self.bind(receiver)
        if value is POISON:
            return POISON
        methods = methods_of(value.type)
        signature = methods.get(tree.name)
        if signature is None:
            return self._error(
                "WF431",
                f'{in_words(value.type)} has no method "{tree.name}" here',
                tree.name_start,
                tree.name_end,
                help=method_help(tree.name, value.type, methods),
            )
        types = [arg.type for arg in args]
        if not self._fits(tree, signature, types, signature.misfit(types)):
            return POISON
        expr = ir.Method(value.expr, tree.name, tuple(arg.expr for arg in args))
        return Typed(expr, signature.result(types), held_by(tree.name, value))

    def _fits(
        self,
        tree: nodes.Call,
        signature: Signature,
        types: Sequence[Type],
        wrong: tuple[int, Takes] | None,
    ) -> bool:
        """Whether these arguments are taken; `wrong` is the first of another type."""
        if not signature.least <= len(types) <= signature.most:
            return self._wrong_count(tree, signature)
        if wrong is not None:
            index, wanted = wrong
            argument = tree.args[index]
            self._error(
                "WF435",
                f'"{tree.name}" takes {wanted.words}, '
                f"found {in_words(types[index])}",
                argument.start,
                argument.end,
            )
        return wrong is None

    def _wrong_count(self, tree: nodes.Call, signature: Signature) -> bool:
        count = len(tree.args)
        wanted = (
            f"{signature.least}"
            if signature.least == signature.most
            else f"{signature.least} to {signature.most}"
        )
        self._error(
            "WF432",
            f'"{tree.name}" takes {wanted} argument{"" if wanted == "1" else "s"}, '
            f"found {count}",
            tree.name_start,
            tree.name_end,
            help=(
                "take away what is too much"
                if count > signature.most
                else "write what is missing behind the others"
            ),
        )
        return False

    # --- parts of values ---

    def _index(self, tree: nodes.Index) -> Typed:
        value, key = self.bind(tree.value), self.bind(tree.key)
        if value is POISON or key is POISON:
            return POISON
        type_ = plain(without_none(value.type))
        expr = ir.Index(value.expr, key.expr)
        if is_optional(value.type):
            return self._error(
                "WF433",
                f"{in_words(value.type)} takes no index",
                tree.value.start,
                tree.value.end,
                help="give it a value first: | coalesce(...)",
            )
        is_place = set(members(key.type)) <= {INT, BOOL, UNKNOWN}
        match type_:
            case _ if not can_be_key(key.type):
                pass
            case _ if not has_place(value.expr, key.expr):
                return self._mismatch(tree, "there is nothing at this place")
            case ListType(item) if is_place:
                return Typed(expr, item)
            case MapType(wanted, item) if is_assignable(key.type, wanted):
                return Typed(expr, item)
            case RecordType() if isinstance(key.expr, ir.Const):
                field = type_.field(str(key.expr.value))
                if field is not None or type_.extra:
                    return Typed(expr, field.type if field else UNKNOWN)
                return self._no_key(
                    type_, str(key.expr.value), tree.key.start, tree.key.end
                )
            case _ if type_ == STR and is_place:
                return Typed(expr, STR)
            case _ if type_ == UNKNOWN:
                return Typed(expr, UNKNOWN)
        message = f"{in_words(value.type)} takes no index of {in_words(key.type)}"
        return self._mismatch(tree, message, index_help(type_))

    def _attribute(self, tree: nodes.Attribute) -> Typed:
        value = self.bind(tree.value)
        if value is POISON:
            return POISON
        attributes = attributes_of(value.type)
        if tree.name in attributes:
            return Typed(ir.Attribute(value.expr, tree.name), attributes[tree.name])
        match value.type:
            case MapType(_, item):
                return Typed(ir.Index(value.expr, ir.Const(tree.name)), item)
            case RecordType() as record:
                field = record.field(tree.name)
                if field is None and not record.extra:
                    start = tree.end - len(tree.name)
                    return self._no_key(record, tree.name, start, tree.end)
                type_ = field.type if field is not None else UNKNOWN
                return Typed(ir.Index(value.expr, ir.Const(tree.name)), type_)
        if value.type == UNKNOWN:
            return Typed(ir.Index(value.expr, ir.Const(tree.name)), UNKNOWN)
        return self._mismatch(
            tree,
            f'{in_words(value.type)} has no "{tree.name}"',
            did_you_mean(tree.name, attributes)
            or listing("it has", sorted(attributes))
            or "only a map, a date or a datetime has parts with names",
        )

    def _no_key(self, record: RecordType, key: str, start: int, end: int) -> Typed:
        is_outputs = record.name and not record.module
        of = "outputs" if is_outputs else None if record.is_map else record.name
        keys = [each.key for each in record.fields]
        help = key_help(key, keys, of=of)
        return self._error("WF440", no_key(key, of), start, end, help=help)

    def _map(self, items: Sequence[tuple[nodes.Expression, nodes.Expression]]) -> Typed:
        bound = [(self.bind(key), self.bind(value)) for key, value in items]
        for (tree, _), (key, _) in zip(items, bound, strict=True):
            if key is not POISON and not can_be_key(key.type):
                return self._mismatch(tree, f"{in_words(key.type)} can be no key")
        type_ = MapType(
            union(plain(k.type) for k, _ in bound),
            union(plain(v.type) for _, v in bound),
        )
        return Typed(ir.DictExpr(tuple((k.expr, v.expr) for k, v in bound)), type_)

    # --- operators ---

    def _unary(self, tree: nodes.Unary) -> Typed:
        operand = self.bind(tree.operand)
        expr = ir.Unary(tree.op, operand.expr)
        if tree.op == "not":
            return Typed(expr, BOOL)
        type_ = negated(operand.type)
        if type_ is not None:
            return Typed(expr, type_)
        return self._mismatch(
            tree,
            f'"{tree.op}" needs a number, found {in_words(operand.type)}',
            way_out(tree.op, operand.type),
        )

    def _binary(self, tree: nodes.Binary) -> Typed:
        left, right = self.bind(tree.left), self.bind(tree.right)
        if left is POISON or right is POISON:
            return POISON
        type_ = arithmetic(tree.op, left.type, right.type)
        if type_ is None:
            found = f"{in_words(left.type)} and {in_words(right.type)}"
            message = f'"{tree.op}" does not take {found}'
            return self._mismatch(
                tree, message, way_out(tree.op, left.type, right.type)
            )
        return Typed(ir.Binary(tree.op, left.expr, right.expr), type_)

    def _comparison(self, tree: nodes.Comparison) -> Typed:
        constant = constant_comparison(tree)
        if constant is not None:
            return constant
        trees = [tree.left, *(operand for _, operand in tree.rest)]
        bound = [self.bind(operand) for operand in trees]
        left = first = self._as_pasted(trees[0], bound[0], bound[1:2])
        rest: list[tuple[str, ir.Expr]] = []
        for at, (op, operand) in enumerate(tree.rest, 1):
            right = self._as_pasted(operand, bound[at], [*bound[at + 1 :][:1], left])
            if POISON not in (left, right) and not self._compares(
                tree, op, left, right
            ):
                return POISON
            number = as_number(op, right, left)
            if at == 1:
                first = as_number(op, left, right)
            rest.append((op, number.expr))
            left = right
        if first is not POISON and first.expr == _NOTHING == left.expr:
            # what can never be there, as of `${{ params.none? }} is None`
            return Typed(ir.Const(rest[0][0] in ("is", "==")), BOOL)
        return Typed(ir.Comparison(first.expr, tuple(rest)), BOOL)

    def _as_pasted(
        self, tree: nodes.Expression, value: Typed, others: Sequence[Typed]
    ) -> Typed:
        """A hole that may be a text beside a number: read as a literal, as in a block.

        Adds WF501 where it is a text for sure.
        """
        beside = any(holds_number(other.type) for other in others)
        if value is POISON or not (beside and may_be_text(value.type)):
            return value
        if not is_hole(self.scalar, tree):
            return value
        place = self.scalar.span_of(tree.start, tree.end)
        warn_of_pasted(place, without_none(value.type), self.diagnostics)
        return Typed(ir.Call("rt.literal", (value.expr,)), UNKNOWN)

    def _compares(
        self, tree: nodes.Comparison, op: str, left: Typed, right: Typed
    ) -> bool:
        one, other = in_words(exact_type(left)), in_words(exact_type(right))
        said = f"compares {one} with {other}"
        if op in ("in", "not in"):
            fits = can_contain(left.type, right.type)
            said = f"looks for {one} in {other}"
        elif op in ("==", "!="):
            fits = can_equal(exact_type(left), exact_type(right))
            said += ", which is never equal"
        elif op in ("is", "is not"):
            fits = can_be_same(left, right)
        else:
            fits = can_order(left.type, right.type)
        if not fits:
            self._mismatch(tree, f'"{op}" {said}', way_out(op, left.type, right.type))
        return fits

    def _logic(self, tree: nodes.Logic) -> Typed:
        bound = [self.bind(operand) for operand in tree.operands]
        type_ = either(operand.type for operand in bound)
        return Typed(ir.Logic(tree.op, tuple(operand.expr for operand in bound)), type_)

    def _conditional(self, tree: nodes.Conditional) -> Typed:
        test, then = self.bind(tree.test), self.bind(tree.then)
        otherwise = self.bind(tree.otherwise)
        type_ = union((plain(then.type), plain(otherwise.type)))
        return Typed(ir.Conditional(test.expr, then.expr, otherwise.expr), type_)

    # --- diagnostics ---

    def _mismatch(
        self, tree: nodes.Expression, message: str, help: str | None = None
    ) -> Typed:
        return self._error("WF433", message, tree.start, tree.end, help=help)

    def _error(
        self,
        code: str,
        message: str,
        start: int,
        end: int,
        *,
        notes: Sequence[Note] = (),
        help: str | None = None,
    ) -> Typed:
        span = self.scalar.span_of(start, end)
        self.diagnostics.error(code, message, span, notes=notes, help=help)
        return POISON


_NOTHING = ir.Const(None)
