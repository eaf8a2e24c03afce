"""The layers: who may import whom, and the one door of each library.

A module of the compiler imports from lower rows only, and from its own row only inside its own
package. The runtime imports the standard library and, from lower rows, itself; what it emits never
sees the compiler.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ROWS: tuple[tuple[str, ...], ...] = (
    (
        "source",
        "intervals",
        "diagnostics",
        "header",
        "names",
        "rules",
        "secret_names",
        "terminal",
    ),
    ("nodes", "types", "report", "fixes"),
    ("reader", "settings", "reports"),
    ("models", "ir", "credentials", "discovery", "suppressions"),
    ("parse", "expressions"),
    ("resolve", "shellcheck"),
    ("bind",),
    ("lower",),
    ("checks",),
    ("work",),
    ("emit", "write"),
    ("pipeline",),
    ("scaffold", "crontab", "doctor", "typecheck"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""Modules and packages of `wfcompile`, from the bottom up."""

RUNTIME_ROWS: tuple[tuple[str, ...], ...] = (
    # facts and names: what a run is told in, and what it is declared with
    ("errors", "secrets", "cancel", "generic", "isotime", "lax"),
    ("graph", "wording", "failures", "jsontext", "stored", "threads", "cron"),
    ("terminal", "processes", "trace", "plan", "matrix", "arguments", "block_lines"),
    ("result", "journal", "pool", "switches"),
    ("events", "lookups", "starts", "groups", "rules", "progress", "outcome"),
    ("missed",),
    # what emitted modules and callers use
    ("context", "retry"),
    ("blocks", "callers", "convert", "filters", "run_process", "printed", "triggered"),
    ("posts", "hook_commands"),
    ("params", "shells", "virtual", "printing"),
    ("stages",),
    # what makes a run
    ("audit", "hooks", "strategies", "containers", "trace_files", "asked"),
    ("release", "stage_runner", "job_runner"),
    ("run_record",),
    ("runner",),
    # what a person sees of it
    ("live", "signals", "summary", "usage"),
    ("console", "guard"),
    ("unimported_hooks",),
    ("command", "unimported"),
    ("__init__",),
)
"""Modules of `wfruntime`, from the bottom up; imports inside functions count as all others."""


def rows_of(rows: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {name: row for row, names in enumerate(rows) for name in names}


ROW_OF = rows_of(ROWS)
RUNTIME_ROW_OF = rows_of(RUNTIME_ROWS)

TOGETHER = {
    "diagnostics": {"source", "intervals"},
    "rules": {"diagnostics"},
}
"""Modules that are one part in several files."""

DOORS = {
    "black": {"wfcompile.emit.format"},
    "griffe": {"wfcompile.resolve"},
    "jinja2": {"wfcompile.emit.render"},
    "packaging": {"wfcompile.models.script_header"},
    "pydantic": {"wfcompile.models", "wfcompile.parse"},
    "typer": {"wfcompile.cli", "wfcompile.commands"},
    "wfruntime": {"wfcompile.crontab.uncovered", "wfcompile.resolve.filters"},
    "yaml": {"wfcompile.reader"},
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


def runtime_imports_of(path: Path) -> Iterator[str]:
    """The modules of the runtime that a module of it imports when it runs, anywhere."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_checkers = {
        id(inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for inside in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in for_checkers or not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            names = (alias.name for alias in node.names)
            yield from [node.module] if node.module else names


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


DISTRIBUTION_OF = {
    "griffe": "griffelib",
    "pydantic_core": "pydantic",
    "yaml": "pyyaml",
}
"""Module -> what it is called on an index, where that is another name."""


def test_the_requirements_are_what_is_imported() -> None:
    loads = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli").loads
    project = loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split(r"[^\w-]", each)[0] for each in project["dependencies"]}
    heads = {each.partition(".")[0] for path in COMPILER for each in imports_of(path)}
    others = heads - set(sys.stdlib_module_names) - {"wfcompile"}
    imported = {DISTRIBUTION_OF.get(head, head) for head in others}
    # found by their names: data, the own runtime, and what Python 3.10 has not yet
    assert required == imported | {"tzdata", "wfruntime", "tomli"}


@pytest.mark.parametrize("path", RUNTIME, ids=lambda path: path.stem)
def test_the_runtime_imports_itself_from_lower_rows(path: Path) -> None:
    row = RUNTIME_ROW_OF[path.stem]
    for imported in runtime_imports_of(path):
        assert imported in RUNTIME_ROW_OF, f"{imported} is in no row"
        assert RUNTIME_ROW_OF[imported] < row, f"{path.stem} imports {imported}"


def test_every_module_of_the_runtime_has_one_row() -> None:
    names = sorted(name for names in RUNTIME_ROWS for name in names)
    assert names == sorted(path.stem for path in RUNTIME)
