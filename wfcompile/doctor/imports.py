"""The imports of the interpreter's package in the Python files of a project.

The files are read, never run.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wfcompile.diagnostics import Diagnostics
from wfcompile.doctor.finding import Finding, differs
from wfcompile.reader import load
from wfcompile.source import SourceFile, Span

_FOREIGN = "ddeutil.workflow"
OFFERED = frozenset(
    ("tag", "custom_filter", "Result", "CallerSecret", "ParamError", "StageError")
    + ("StageSkipError", "StageCancelError", "JobError", "JobCancelError")
    + ("WorkflowError", "WorkflowCancelError", "WorkflowTimeoutError")
)
"""What the runtime has under the same name."""
_LEFT_OUT = frozenset(("node_modules", "site-packages", "__pycache__"))


@dataclass(frozen=True, slots=True)
class _Module:
    file: SourceFile
    tree: ast.Module

    def span(self, node: ast.expr | ast.alias, length: int) -> Span:
        """Columns of `ast` count the bytes of UTF-8."""
        line = self.file.line_text(node.lineno)
        before = line.encode()[: node.col_offset].decode(errors="ignore")
        start = sum(len(each) for each in _lines(self.file.text)[: node.lineno - 1])
        return Span(self.file, start + len(before), start + len(before) + length)


def python_files(folders: Iterable[Path], build: Path) -> list[Path]:
    """Below the folders, without environments, hidden folders and what is built."""
    found: dict[Path, None] = {}
    for folder in folders:
        for below, names, files in os.walk(folder):
            at = Path(below)
            names[:] = sorted(
                name for name in names if _is_own(at / name) and at / name != build
            )
            found.update((at / name, None) for name in files if name.endswith(".py"))
    return sorted(found)


def _is_own(folder: Path) -> bool:
    is_left_out = folder.name.startswith(".") or folder.name in _LEFT_OUT
    return not is_left_out and not (folder / "pyvenv.cfg").exists()


def imports_in(paths: Sequence[Path]) -> Iterator[Finding]:
    """The imports to change, and D23 where `result.trace` is used."""
    for path in paths:
        module = _read(path)
        if module is not None:
            guarded = set(_guarded(module.tree))
            for node in ast.walk(module.tree):
                if node not in guarded:
                    yield from _of_statement(module, node)
                yield from _traces(module, node)


def _guarded(tree: ast.Module) -> Iterator[ast.AST]:
    """What may fail, or is for type checkers only: it needs no change."""
    for node in ast.walk(tree):
        is_for_checkers = isinstance(node, ast.If) and ast.unparse(node.test).endswith(
            "TYPE_CHECKING"
        )
        if isinstance(node, ast.Try) or is_for_checkers:
            yield from ast.walk(node)


def _read(path: Path) -> _Module | None:
    """None for what is no Python; the checker tells of callers that are none."""
    shown = os.path.relpath(path).replace(os.sep, "/")
    file = load(path, shown, Diagnostics())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.text) if file else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _Module(file, tree) if file and tree else None


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")]


# --- imports ---


def _of_statement(module: _Module, node: ast.AST) -> Iterator[Finding]:
    match node:
        case ast.ImportFrom(source, names, 0) if is_foreign(source or ""):
            for each in names:
                span = module.span(each, len(each.name))
                yield to_change(each.name, source or "", span)
        case ast.Import(names):
            for each in names:
                if is_foreign(each.name):
                    span = module.span(each, len(each.name))
                    yield to_change("", each.name, span)


def is_foreign(module: str) -> bool:
    return f"{module}.".startswith(f"{_FOREIGN}.")


def to_change(name: str, source: str, span: Span) -> Finding:
    """Args:
    name: what is imported from `source`; "" for the module itself.
    """
    message = f'"{name}" is imported from "{source}"'
    if not name:
        message = f'"{source}" is imported'
    return Finding("import", None, "WF502", True, message, span, help=_advice(name))


def _advice(name: str) -> str:
    if name in OFFERED:
        return f"write: from wfruntime import {name}"
    if name == "Workflow":
        return (
            "import the compiled module, and call wfruntime.run(module.WORKFLOW, "
            "params) in place of Workflow.from_conf(...).execute(params)"
        )
    if name in ("", "*"):
        return "import from wfruntime the names that are used"
    return f'do without "{name}": wfruntime has no such name'


# --- result.trace ---


def _traces(module: _Module, node: ast.AST) -> Iterator[Finding]:
    """Once a function, at the first use."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    arguments = [*node.args.args, *node.args.kwonlyargs]
    if not any(each.arg == "result" for each in arguments):
        return
    for inner in ast.walk(node):
        match inner:
            case ast.Attribute(ast.Name("result"), "trace"):
                yield differs(
                    "D23",
                    f'"result.trace" of "{node.name}" works; '
                    "the interpreter has no such attribute",
                    module.span(inner, len("result.trace")),
                    help="keep it",
                )
                return
