"""A folder of callers from texts, and what the compiler says, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.wfcompile.resolve.yaml_values import Types, entries_of, mapping_of
from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.emit.expressions import Printer
from wfcompile.emit.imports import Imports
from wfcompile.nodes import Scalar
from wfcompile.resolve.arguments import fit_arguments
from wfcompile.resolve.callers import Caller, CallerRegistry, CallerRoot


def registry(folder: Path, sources: Mapping[str, str]) -> CallerRegistry:
    """Below one root; the names of the sources are paths."""
    write(folder, sources)
    return CallerRegistry([CallerRoot(folder, "")])


def write(folder: Path, sources: Mapping[str, str]) -> None:
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def uses(text: str) -> Scalar:
    node = mapping_of(f"uses: {text}\n").get("uses")
    assert isinstance(node, Scalar)
    return node


def found(callers: CallerRegistry, text: str) -> Caller:
    diagnostics = Diagnostics()
    caller = callers.find(uses(text), diagnostics)
    assert caller is not None, told(diagnostics)
    return caller


def told(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """`file:line:column code message`, then notes and help, indented."""
    lines = []
    for each in diagnostics:
        place = each.span.first
        name = each.span.file.path.rpartition("/")[2]
        lines.append(f"{name}:{place.line}:{place.column} {each.code} {each.message}")
        for note in each.notes:
            assert note.span is not None
            where = f"{note.span.file.path.rpartition('/')[2]}:{note.span.line}"
            lines.append(f"  {where}: {note.message}")
        if each.help is not None:
            lines.append(f"  help: {each.help}")
    return lines


def not_found(callers: CallerRegistry, text: str) -> list[str]:
    """What is said about a caller that is not there."""
    diagnostics = Diagnostics()
    assert callers.find(uses(text), diagnostics) is None
    return told(diagnostics)


def passed(caller: Caller, arguments: str, types: Types | None = None) -> str:
    """The arguments of the emitted call, on one line."""
    source, diagnostics = fitted(caller, arguments, types)
    assert source is not None, told(diagnostics)
    return source


def refused(caller: Caller, arguments: str, types: Types | None = None) -> list[str]:
    """What is said about arguments that do not fit."""
    source, diagnostics = fitted(caller, arguments, types)
    assert source is None, source
    return told(diagnostics)


def fitted(
    caller: Caller, arguments: str, types: Types | None = None
) -> tuple[str | None, Diagnostics]:
    node = mapping_of(f"uses: x\nwith:\n{arguments}\n")
    diagnostics = Diagnostics()
    place = node.get("uses")
    assert place is not None
    entries = entries_of(node.get("with"), types or {})
    found = fit_arguments(caller, entries, place.span, diagnostics)
    if found is None:
        return None, diagnostics
    printed = Printer(Imports()).arguments((), found)
    return ", ".join(" ".join(each.split()) for each in printed), diagnostics
