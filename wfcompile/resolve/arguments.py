"""What a `with:` passes to a caller, and what the caller gives back (language.md 6, call)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from keyword import iskeyword

from wfcompile import ir
from wfcompile.diagnostics import Diagnostics, Note, did_you_mean
from wfcompile.names import identifier
from wfcompile.resolve.bound import Bound, BoundEntry
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.declarations import Parameter
from wfcompile.resolve.fitting import Fitter, listed, without_explained
from wfcompile.resolve.lax_types import ANYTHING
from wfcompile.resolve.limits import Limits
from wfcompile.resolve.outputs import CallOutputs, returns_outputs
from wfcompile.source import Span
from wfcompile.types import UNKNOWN, Type

__all__ = ["Bound", "BoundEntry", "CallOutputs", "fit_arguments", "returns_outputs"]

INJECTED = ("result", "extras")
"""Parameters that the runtime fills, and that `with` cannot give."""

Arguments = tuple[tuple[str, ir.Expr], ...]


def fit_arguments(
    caller: Caller,
    entries: tuple[BoundEntry, ...],
    uses_span: Span,
    diagnostics: Diagnostics,
) -> Arguments | None:
    """The keyword arguments of the emitted call, in the order of the YAML, injected ones last.

    Adds WF402 (unknown), WF403 (missing), WF404 (of another type), WF405 (injected), WF406
    (taken by position only), WF407 (no Python name), WF423 (bounds); then the result is None.
    """
    own = Diagnostics()
    arguments = _Call(caller, own).arguments(entries, uses_span)
    diagnostics.extend(own)
    return None if own.has_errors else arguments


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a caller; `taken` are the parameters that `with` may give."""

    caller: Caller
    diagnostics: Diagnostics
    taken: dict[str, Parameter] = field(init=False)

    def __post_init__(self) -> None:
        taken = {
            each.key: each
            for each in self.caller.parameters
            if each.name not in INJECTED
        }
        object.__setattr__(self, "taken", taken)

    def arguments(self, entries: tuple[BoundEntry, ...], uses_span: Span) -> Arguments:
        given = [each for entry in entries for each in self._given(entry)]
        self._report_missing([entry.key for entry in entries], uses_span)
        return (*given, *self._injected())

    def _given(self, entry: BoundEntry) -> Iterator[tuple[str, ir.Expr]]:
        if entry.key in INJECTED:
            self._error(
                "WF405",
                f'argument "{entry.key}" is given by the runtime',
                entry,
                help="leave it out",
            )
            return
        parameter = self.taken.get(entry.key)
        name = parameter.name if parameter else entry.key
        type_ = parameter.type if parameter else self._others
        if type_ is None:
            self._report_unknown(entry)
        elif parameter is not None and parameter.kind == "positional":
            self._report_positional(entry.key, entry.key_span)
        elif not name.isidentifier() or iskeyword(name):
            help = f'write "{identifier(name)}"'
            self._error(
                "WF407", f'argument "{name}" is no Python name', entry, help=help
            )
        else:
            limits = parameter.limits if parameter else None
            value = self._fitted(limits, entry, type_)
            if value is not None:
                yield name, value

    def _fitted(
        self, limits: Limits | None, entry: BoundEntry, type_: Type
    ) -> ir.Expr | None:
        """Where a decorator may take other things, what does not fit is passed as it is."""
        if self.caller.is_sure:
            return self._fitter().fit_within(limits, entry.value, type_, entry.key)
        trial = replace(self._fitter(), diagnostics=Diagnostics())
        return trial.fit(entry.value, type_, entry.key) or entry.value.expr

    @property
    def _others(self) -> Type | None:
        """The type of arguments that it does not name; None when it takes none."""
        if self.caller.keywords is None and not self.caller.is_sure:
            return UNKNOWN
        return self.caller.keywords

    def _fitter(self) -> Fitter:
        return Fitter(self.caller.declarations, self._note(), self.diagnostics)

    def _injected(self) -> Iterator[tuple[str, ir.Expr]]:
        """By name, or through `**kwargs` where that takes everything."""
        named = {each.name for each in self.caller.parameters}
        for name in INJECTED:
            if name in named or self.caller.keywords in ANYTHING:
                yield name, ir.ContextValue(name)

    # --- diagnostics ---

    def _report_unknown(self, entry: BoundEntry) -> None:
        bare = entry.key.lstrip("_")
        self._error(
            "WF402",
            f'caller "{self.caller.key}" has no argument "{entry.key}"',
            entry,
            help=(
                f'write "{bare}"'
                if bare in self.taken
                else did_you_mean(entry.key, self.taken)
            ),
        )

    def _report_missing(self, keys: list[str], uses_span: Span) -> None:
        if not self.caller.is_sure:
            return
        required = [each for each in self.taken.values() if each.required]
        for parameter in required:
            if parameter.kind == "positional" and parameter.key not in keys:
                self._report_positional(parameter.key, uses_span)
        missing = [
            each.key
            for each in required
            if each.key not in keys and each.kind != "positional"
        ]
        unknown = [key for key in keys if key not in self.taken]
        missing = without_explained(missing, unknown)
        if missing:
            self.diagnostics.error(
                "WF403",
                f'caller "{self.caller.key}" needs {listed("the argument", missing)}',
                uses_span,
                notes=[self._note()],
                help=f'give {"it" if len(missing) == 1 else "them"} below "with"',
            )

    def _report_positional(self, key: str, span: Span) -> None:
        self.diagnostics.error(
            "WF406",
            f'caller "{self.caller.key}" takes "{key}" by position only, '
            'which "with" cannot give',
            span,
            notes=[self._note()],
            help='remove the "/" from its parameters',
        )

    def _error(
        self, code: str, message: str, entry: BoundEntry, *, help: str | None = None
    ) -> None:
        self.diagnostics.error(
            code, message, entry.key_span, notes=[self._note()], help=help
        )

    def _note(self) -> Note:
        names = [*self.taken]
        if self.caller.keywords is not None:
            names.append("any other")
        text = f"arguments are {', '.join(names)}" if names else "it takes no arguments"
        return Note(text, self.caller.place)
