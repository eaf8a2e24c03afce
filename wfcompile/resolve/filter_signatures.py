"""`FilterSignature`: whether a filter takes what it is given, and the type of what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wfcompile import ir
from wfcompile.diagnostics import did_you_mean
from wfcompile.resolve.declarations import Declarations, Parameter, Signature
from wfcompile.resolve.filter_types import Bindings, bind, bound, pattern_in_words
from wfcompile.resolve.misfits import in_words
from wfcompile.source import Span
from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    PATH,
    STR,
    UNKNOWN,
    MapType,
    OpaqueType,
    Type,
    is_optional,
    without_none,
)

_ASKED = (STR, INT, FLOAT, BOOL, DECIMAL, DATE, DATETIME, PATH)
"""What `rt.to` can ask a value to be."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a filter does not take what it is given; `message` goes on after its name.

    Attributes:
        hints: where the hints are that the value or an argument does not fit; None for those
            of the runtime, and when it is no matter of types.
    """

    message: str
    help: str | None = None
    hints: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FilterSignature:
    """A filter.

    Attributes:
        module: None for those of the runtime, else the import name.
        function: its name in the source.
        root: what goes on the path so that the module is found.
        signatures: one, or one for each overload; the first parameter is the value.
        place: the head of its function; None for those of the runtime.
    """

    module: str | None
    function: str
    root: Path | None
    signatures: tuple[Signature, ...]
    known: Declarations
    place: Span | None = None

    def problem(
        self, value: Type, args: Sequence[Type], keywords: Sequence[tuple[str, Type]]
    ) -> Problem | None:
        """Why it does not take this value with these arguments; None when it does.

        A text, number or moment that may be None is taken: `passed` has it asked in the run.
        """
        problem: Problem | None = self._misfit(value)
        for each in self.signatures:
            match = _Match(each, self.known, {}, self.place)
            if match.takes(value) or match.takes(_asked(value)):
                problem = match.problem(args, keywords)
                if problem is None:
                    return None
        return problem

    def result(
        self,
        value: Type,
        args: Sequence[Type],
        keywords: Sequence[tuple[str, Type]] = (),
    ) -> Type:
        """The type of what comes out, once there is no problem."""
        for each in self.signatures:
            match = _Match(each, self.known, {})
            is_taken = match.takes(value) or match.takes(_asked(value))
            if is_taken and match.problem(args, keywords) is None:
                return bound(each.returns, self.known, match.bindings)
        return UNKNOWN

    def passed(self, expr: ir.Expr, value: Type, written: str) -> ir.Expr:
        """The value as the filter is called with it.

        Args:
            written: the expression as the YAML has it, for the error of the run.
        """
        taken = NONE if _may_miss(expr) else value
        matches = [_Match(each, self.known, {}) for each in self.signatures]
        if any(match.takes(taken) for match in matches):
            return expr
        return ir.Call("rt.not_none", (expr, ir.Const(written)))

    def _misfit(self, value: Type) -> Problem:
        matches = [_Match(each, self.known, {}) for each in self.signatures]
        patterns = [match.pattern for match in matches if match.pattern is not None]
        words = dict.fromkeys(pattern_in_words(each, self.known) for each in patterns)
        return Problem(
            f"takes {' or '.join(words) or 'no value'}, found {in_words(value)}",
            _widen(value, self.place) or _help_for(value, patterns),
            self.place,
        )


def _help_for(value: Type, patterns: Sequence[Type]) -> str | None:
    if is_optional(value) and value != NONE:
        return "give it a value first: | coalesce(...)"
    if STR in patterns and value in _ASKED:
        return "make a text of it first: | str"
    return None


def _widen(given: Type, place: Span | None) -> str | None:
    """To convert the value would silently give another result than the interpreter has."""
    allow = f"let its hint allow {in_words(given)}, if it works with that"
    return allow if place else None


def _may_miss(expr: ir.Expr) -> bool:
    """`getitem` without a default: None where it finds nothing, whatever else it finds."""
    return (
        isinstance(expr, ir.Filter)
        and (expr.module, expr.function) == (None, "getitem")
        and len(expr.args) + len(expr.keywords) == 1
    )


def _asked(value: Type) -> Type:
    """The type without None, where the run can ask for that."""
    plain = without_none(value)
    return plain if plain in _ASKED else value


@dataclass(frozen=True, slots=True)
class _Match:
    """One signature against what it is given; the bindings of its TypeVars grow."""

    signature: Signature
    known: Declarations
    bindings: Bindings
    place: Span | None = None

    @property
    def pattern(self) -> Type | None:
        """What it takes as the value; None when it takes nothing by position."""
        for each in self.signature.parameters:
            if each.kind != "named":
                return each.type
        return self.signature.rest

    def takes(self, value: Type) -> bool:
        return self.pattern is not None and self._bind(self.pattern, value)

    def _bind(self, pattern: Type, given: Type) -> bool:
        trial = dict(self.bindings)
        if not bind(pattern, given, self.known, trial):
            return False
        self.bindings.update(trial)
        return True

    def problem(
        self, args: Sequence[Type], keywords: Sequence[tuple[str, Type]]
    ) -> Problem | None:
        """What is wrong with the arguments behind the value."""
        rest = self.signature.parameters[1:]
        by_place = [each for each in rest if each.kind != "named"]
        if len(args) > len(by_place) and self.signature.rest is None:
            return Problem(f"takes {_counted(len(by_place))}, found {len(args)}")
        given = list(zip(by_place, args, strict=False))
        by_name = {each.name: each for each in rest if each.kind != "positional"}
        for name, type_ in keywords:
            if name in by_name:
                given.append((by_name[name], type_))
            elif self.signature.keywords is None:
                return _unknown(name, by_name)
        return self._unfit(given) or _missing(rest, given)

    def _unfit(self, given: Sequence[tuple[Parameter, Type]]) -> Problem | None:
        for parameter, type_ in given:
            wanted = self._key_type(parameter.type)
            if not self._bind(wanted, type_):
                words = pattern_in_words(wanted, self.known)
                found = in_words(type_)
                message = f'takes {words} as "{parameter.name}", found {found}'
                return Problem(message, _widen(type_, self.place), self.place)
        return None

    def _key_type(self, type_: Type) -> Type:
        """The key of a map is of the type of its keys: `Mapping[K, V]` widens no K for it."""
        is_key = isinstance(self.pattern, MapType) and self.pattern.key == type_
        if is_key and isinstance(type_, OpaqueType):
            return self.bindings.get(type_, type_)
        return type_


def _missing(
    rest: Sequence[Parameter], given: Sequence[tuple[Parameter, Type]]
) -> Problem | None:
    names = [parameter.name for parameter, _ in given]
    for name in names:
        if names.count(name) > 1:
            return Problem(f'is given "{name}" twice')
    for each in rest:
        if each.required and each.name not in names:
            return Problem(f'needs the argument "{each.name}"')
    return None


def _counted(number: int) -> str:
    if number == 0:
        return "no arguments"
    return f"{number} argument" if number == 1 else f"{number} arguments"


def _unknown(name: str, by_name: dict[str, Parameter]) -> Problem:
    listing = f"its arguments are {', '.join(by_name)}" if by_name else None
    return Problem(f'has no argument "{name}"', did_you_mean(name, by_name) or listing)
