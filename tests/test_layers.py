"""The layers: who may import whom, and the one door of each library.

A module of the compiler imports from lower rows only, and from its own row only inside its own
package. The runtime imports the standard library and itself; what it emits never sees the compiler.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ROWS: tuple[tuple[str, ...], ...] = (
    ("source", "diagnostics", "header", "names", "rules", "terminal"),
    ("nodes", "types", "report"),
    ("reader", "settings"),
    ("models", "ir", "discovery"),
    ("parse", "expressions"),
    ("resolve",),
    ("bind",),
    ("lower",),
    ("emit", "write"),
    ("pipeline",),
    ("scaffold", "crontab"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""Modules and packages of `wfcompile`, from the bottom up."""

ROW_OF = {name: row for row, names in enumerate(ROWS) for name in names}

TOGETHER = {
    "diagnostics": {"source"},
}
"""Modules that are one part in several files."""

DOORS = {
    "black": {"wfcompile.emit.format"},
    "croniter": {"wfcompile.crontab"},
    "griffe": {"wfcompile.resolve"},
    "jinja2": {"wfcompile.emit.render"},
    "pydantic": {"wfcompile.models", "wfcompile.parse"},
    "typer": {"wfcompile.cli", "wfcompile.commands"},
    "wfruntime": {"wfcompile.resolve.filters"},
    "yaml": {"wfcompile.reader.events", "wfcompile.reader"},
}
"""Library -> the modules or packages that may import it."""


def modules_of(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def name_of(path: Path, above: Path) -> str:
    parts = path.relative_to(above).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[str]:
    """Every absolute module that the file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module is not None
            if node.module == "wfcompile":
                yield from (f"wfcompile.{alias.name}" for alias in node.names)
            else:
                yield node.module


STARTER = ROOT / "wfcompile" / "starter"  # what `wfc init` copies: a user's code
COMPILER = [p for p in modules_of(ROOT / "wfcompile") if STARTER not in p.parents]
RUNTIME = modules_of(ROOT / "runtime" / "wfruntime")


@pytest.mark.parametrize("path", COMPILER, ids=lambda path: name_of(path, ROOT))
def test_a_module_imports_from_lower_rows(path: Path) -> None:
    own = name_of(path, ROOT).split(".")
    if len(own) == 1:
        assert own == ["wfcompile"]
        return
    row = ROW_OF[own[1]]
    for imported in imports_of(path):
        head, _, rest = imported.partition(".")
        if head != "wfcompile" or not rest:
            continue
        part = rest.partition(".")[0]
        if part == own[1] or part in TOGETHER.get(own[1], ()):
            continue
        assert part in ROW_OF, f"{imported} is in no row"
        assert ROW_OF[part] < row, f"{'.'.join(own)} imports {imported}"


@pytest.mark.parametrize("path", COMPILER, ids=lambda path: name_of(path, ROOT))
def test_a_library_has_one_door(path: Path) -> None:
    own = name_of(path, ROOT)
    for imported in imports_of(path):
        doors = DOORS.get(imported.partition(".")[0])
        if doors is not None:
            opened = any(own == door or own.startswith(f"{door}.") for door in doors)
            assert opened, f"{own} imports {imported}"


@pytest.mark.parametrize("path", RUNTIME, ids=lambda path: path.stem)
def test_the_runtime_imports_the_standard_library_alone(path: Path) -> None:
    # pydantic asks for the schema of a secret, so it is there then; typing_extensions is for type
    # checkers alone
    allowed = {"wfruntime", "pydantic_core", "typing_extensions"} | set(
        sys.stdlib_module_names
    )
    heads = {imported.partition(".")[0] for imported in imports_of(path)}
    assert heads <= allowed
