"""`Uses`: what a workflow turns out to use while its expressions are bound."""

from __future__ import annotations

from dataclasses import dataclass, field

from wfcompile import ir
from wfcompile.expressions.nodes import EnvRef
from wfcompile.nodes import Scalar
from wfcompile.resolve.callers import Caller
from wfcompile.resolve.filters import FilterSignature
from wfcompile.shellcheck.texts import ShellText


@dataclass(slots=True)
class Uses:
    """Attributes:
    env_lines: variable without a default -> the first line that reads it; the runtime asks
        for all of them before the first stage starts (differences D5).
    filter_modules: the modules of custom filters.
    block_modules: what blocks import, whoever it belongs to.
    callers: those that templates in `uses` may lead to, in the order they were found.
    untyped: what the authors left without types.
    triggered: the modules of the workflows that it triggers.
    shell_texts: the scripts that have no mistake of ours.
    """

    env_lines: dict[str, int] = field(default_factory=dict)
    filter_modules: set[str] = field(default_factory=set)
    block_modules: set[str] = field(default_factory=set)
    callers: dict[Caller, None] = field(default_factory=dict)
    untyped: set[ir.Untyped] = field(default_factory=set)
    triggered: set[str] = field(default_factory=set)
    shell_texts: list[ShellText] = field(default_factory=list)

    def add(self, other: Uses) -> None:
        """What `other` holds too."""
        for name, line in other.env_lines.items():
            self.env_lines[name] = min(line, self.env_lines.get(name, line))
        self.filter_modules |= other.filter_modules
        self.block_modules |= other.block_modules
        self.callers |= other.callers
        self.untyped |= other.untyped
        self.triggered |= other.triggered
        self.shell_texts += other.shell_texts

    def env(self, scalar: Scalar, ref: EnvRef) -> ir.Env:
        """`rt.env(...)` for a reference."""
        if ref.default is None:
            line = scalar.span_of(ref.start, ref.end).line
            self.env_lines[ref.name] = min(line, self.env_lines.get(ref.name, line))
        return ir.Env(ref.name, ref.default)

    def filter(self, signature: FilterSignature) -> None:
        if signature.module is not None:
            self.filter_modules.add(signature.module)
            if not all(each.is_annotated for each in signature.signatures):
                self.untyped.add("calls")
