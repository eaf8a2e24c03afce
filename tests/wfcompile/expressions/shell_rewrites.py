"""Short ways to rewrite a script that is given as text."""

from __future__ import annotations

from expression_texts import scalar_of, shown

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import ShellScript, rewrite_shell
from wfcompile.types import (
    BOOL,
    FLOAT,
    INT,
    STR,
    UNKNOWN,
    LiteralType,
    Type,
    union,
)

TYPES: dict[str, Type] = {
    "n": INT,
    "one": LiteralType((1, 2)),
    "f": FLOAT,
    "b": BOOL,
    "unknown": UNKNOWN,
    "either": union((INT, STR)),
    "n | int": INT,
}


def rewrite(
    text: str, shell: str = "bash", taken: tuple[str, ...] = ()
) -> tuple[ShellScript | None, list[str]]:
    """The result and what is said; params have the types of TYPES, else str."""
    diagnostics = Diagnostics()
    scalar = scalar_of(text)

    def type_of(hole: Hole) -> Type:
        written = text[hole.start + 3 : hole.end - 2].strip()
        return TYPES.get(written.removeprefix("params."), STR)

    parsed = parse_text(scalar, diagnostics, env=False)
    script = rewrite_shell(
        scalar, parsed, diagnostics, type_of=type_of, shell=shell, taken=taken
    )
    return script, shown(diagnostics)


def good(text: str, shell: str = "bash", taken: tuple[str, ...] = ()) -> str:
    script, found = rewrite(text, shell, taken)
    assert found == []
    assert script is not None
    return script.script


def bad(text: str, shell: str = "bash") -> list[str]:
    script, found = rewrite(text, shell)
    assert script is None
    return found


def codes(text: str, shell: str = "bash") -> list[str]:
    """Code and text of each place that a diagnostic points to."""
    places = []
    for line in bad(text, shell):
        code, span = line.partition(":")[0].split()
        start, end = map(int, span.split("-"))
        places.append(f"{code} {text[start:end]}")
    return places
