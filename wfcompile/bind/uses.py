"""`Uses`: what a workflow turns out to use while its expressions are bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wfcompile import ir
from wfcompile.expressions.nodes import EnvRef
from wfcompile.nodes import Scalar
from wfcompile.resolve.filters import FilterSignature


@dataclass(slots=True)
class Uses:
    """Attributes:
    env_lines: variable without a default -> the first line that reads it; the runtime asks
        for all of them before the first stage starts (differences D5).
    filter_roots: module of a custom filter -> the folder it is found in.
    untyped: some block defines functions without types.
    """

    env_lines: dict[str, int] = field(default_factory=dict)
    filter_roots: dict[str, Path] = field(default_factory=dict)
    untyped: bool = False

    def env(self, scalar: Scalar, ref: EnvRef) -> ir.Env:
        """`rt.env(...)` for a reference."""
        if ref.default is None:
            line = scalar.span_of(ref.start, ref.end).line
            self.env_lines[ref.name] = min(line, self.env_lines.get(ref.name, line))
        return ir.Env(ref.name, ref.default)

    def filter(self, signature: FilterSignature) -> None:
        if signature.module is not None and signature.root is not None:
            self.filter_roots[signature.module] = signature.root
