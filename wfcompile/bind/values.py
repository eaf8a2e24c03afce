"""YAML values under a scope: scalars, lists and mappings whose texts hold templates.

A text is what language.md 4.3 renders: stripped; exactly one hole keeps its type; `None` written
by the YAML's author is None, and so is `null` in most fields (4.5, H-41). Values that come at run
time are never looked into again (differences D6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from wfcompile import ir
from wfcompile.bind.expressions import ExpressionBinder
from wfcompile.bind.operators import plain
from wfcompile.bind.other_braces import report_other_braces
from wfcompile.bind.scope import Scope
from wfcompile.bind.typed import POISON, Typed, as_part
from wfcompile.bind.uses import Uses
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.nodes import (
    EnvRef,
    Expression,
    FilterCall,
    Hole,
    Text,
    TextPart,
)
from wfcompile.expressions.parser import parse_condition, parse_text
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode, is_unread
from wfcompile.resolve.arguments import Bound, BoundEntry
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.resolve.misfits import in_words
from wfcompile.source import Span
from wfcompile.types import (
    BOOL,
    STR,
    UNKNOWN,
    ListType,
    MapType,
    Type,
    UnionType,
    type_of_value,
    union,
)


@dataclass(frozen=True, slots=True)
class ValueBinder:
    """Binds the values of one stage, job or schedule entry.

    `null_is_none`: False in the fields that are rendered only: there the text `null` stays text.
    """

    scope: Scope
    filters: FilterRegistry
    uses: Uses
    diagnostics: Diagnostics
    null_is_none: bool = True

    def rendering_only(self) -> ValueBinder:
        """For `env`, `vars`, `raise`, `case`, and the `params` of a trigger stage."""
        return replace(self, null_is_none=False)

    def hole(self, scalar: Scalar, hole: Hole) -> Typed:
        return POISON if hole.tree is None else self.expression(scalar, hole.tree)

    def words(self, scalar: Scalar, call: FilterCall) -> Typed:
        """The list of a template with `words` in shell text; adds WF430 when it is none."""
        typed = self.expression(scalar, call.value)
        message, help = "", None
        if call.args or call.keywords:
            message = 'filter "words" takes no arguments'
        elif not _may_be_list(typed.type):
            message = f'filter "words" takes list, found {in_words(typed.type)}'
            help = 'take "| words" away: a value is one word without it'
        if not message:
            return typed
        span = scalar.span_of(call.name_start, call.name_end)
        self.diagnostics.error("WF430", message, span, help=help)
        return POISON

    def expression(self, scalar: Scalar, tree: Expression) -> Typed:
        binder = ExpressionBinder(
            self.scope, scalar, self.filters, self.uses, self.diagnostics
        )
        return binder.bind(tree)

    def value(self, node: Node) -> Bound:
        """Any YAML value; mappings and lists keep the places of their parts."""
        match node:
            case Scalar():
                typed = self.text(node)
                return Bound(typed.expr, typed.type, node.span)
            case SequenceNode(items):
                bound = tuple(map(self.value, items))
                type_ = ListType(union(plain(item.type) for item in bound))
                expr = _constant_list(bound) or ir.ListExpr(
                    tuple(item.expr for item in bound)
                )
                return Bound(expr, type_, node.span, items=bound)
            case MappingNode():
                return self._mapping(node)

    def _mapping(self, node: MappingNode) -> Bound:
        entries = self.entries(node)
        type_ = MapType(STR, union(plain(entry.value.type) for entry in entries))
        expr = ir.DictExpr(
            tuple((ir.Const(entry.key), entry.value.expr) for entry in entries)
        )
        return Bound(expr, type_, node.span, entries=entries)

    def entries(self, node: MappingNode) -> tuple[BoundEntry, ...]:
        return tuple(
            BoundEntry(_key(entry.key), entry.key.span, self.value(entry.value))
            for entry in node
        )

    def text(self, scalar: Scalar) -> Typed:
        """A scalar: a constant, one typed value, or a text of parts."""
        if is_unread(scalar):
            return POISON
        if not isinstance(scalar.value, str):
            return Typed(_constant(scalar), type_of_value(scalar.value))
        text = parse_text(scalar, self.diagnostics, env=True)
        report_other_braces(scalar, self.scope, self.diagnostics)
        if text.is_plain:
            return self._author_text("".join(map(str, text.parts)))
        if text.whole is not None:
            return self.hole(scalar, text.whole)
        pieces = _stripped(_at_folds(scalar, text))
        parts = [self._part(scalar, piece) for piece in pieces]
        if len(parts) == 1:
            return Typed(parts[0], STR)
        return Typed(ir.Join(tuple(parts)), STR)

    def _author_text(self, text: str) -> Typed:
        stripped = text.strip()
        if stripped == "None" or stripped == "null" and self.null_is_none:
            return Typed(ir.Const(None), type_of_value(None))
        return Typed(ir.Const(stripped), STR)

    def _part(self, scalar: Scalar, part: str | Hole | EnvRef) -> ir.Expr:
        match part:
            case str():
                return ir.Const(part)
            case EnvRef():
                return self.uses.env(scalar, part)
            case Hole():
                return as_part(self.hole(scalar, part))

    def condition(self, node: Node | None) -> ir.Expr | None:
        """`if:` and `until:`; None when there is nothing to ask.

        Adds WF434 (not a bool). `true` runs and `false` skips (differences D9).
        """
        if not isinstance(node, Scalar) or node.text == "":
            return None
        if isinstance(node.value, bool):
            return None if node.value else ir.Const(False)
        tree = parse_condition(node, self.diagnostics)
        if tree is None:
            return ir.Const(False)
        typed = self.expression(node, tree)
        self._expect_bool(typed, node.span)
        return None if typed.expr == ir.Const(True) else typed.expr

    def _expect_bool(self, typed: Typed, span: Span) -> None:
        if typed is POISON or typed.type in (BOOL, UNKNOWN):
            return
        self.diagnostics.error(
            "WF434",
            f"the condition is {in_words(typed.type)}, expected bool",
            span,
            help=_bool_help(typed.type),
        )


def _bool_help(type_: Type) -> str:
    if plain(type_) == STR:
        return 'compare it: == "..."'
    return "compare it, or write bool(...)"


def _key(key: Scalar) -> str:
    return key.value if isinstance(key.value, str) else key.text


def _constant(scalar: Scalar) -> ir.Const:
    value = scalar.value
    assert not isinstance(value, bytes | set)
    return ir.Const(value)  # type: ignore[arg-type]  # the reader makes only these


def _at_folds(scalar: Scalar, text: Text) -> Iterator[TextPart]:
    """Texts are cut where the YAML folds its lines, so that the module can break them there.

    The second half is empty where a template begins the next line.
    """
    at = 0
    for part in text.parts:
        if not isinstance(part, str):
            yield part
            at = part.end
            continue
        start = 0
        for index in range(1, len(part) + 1):
            if part[index - 1] == " " and _is_fold(scalar, at + index):
                yield part[start:index]
                start = index
        yield part[start:]
        at += len(part)


def _is_fold(scalar: Scalar, index: int) -> bool:
    """Whether a line of the source ends just before this character of the text."""
    start, end = scalar.offsets[index - 1 : index + 1]
    return "\n" in scalar.span.file.text[start:end]


def _stripped(parts: Iterable[TextPart]) -> list[TextPart]:
    """Without white space at both ends, as the interpreter strips before it renders."""
    kept = list(parts)
    while kept and isinstance(kept[0], str) and not kept[0].strip():
        kept.pop(0)
    while kept and isinstance(kept[-1], str) and not kept[-1].strip():
        kept.pop()
    if isinstance(kept[0], str):
        kept[0] = kept[0].lstrip()
    if isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    return kept


def _constant_list(items: tuple[Bound, ...]) -> ir.Const | None:
    """A list of constants is one constant, so that the emitter prints it on one line."""
    values = [item.expr.value for item in items if isinstance(item.expr, ir.Const)]
    return ir.Const(list(values)) if len(values) == len(items) else None


def _may_be_list(type_: Type) -> bool:
    if isinstance(type_, UnionType):
        return any(map(_may_be_list, type_.members))
    return type_ == UNKNOWN or isinstance(type_, ListType)
