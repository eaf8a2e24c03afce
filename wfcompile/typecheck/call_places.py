"""An error in the function of a call -> the value below `with`, or `uses`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from wfcompile.models import CallStage
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span
from wfcompile.typecheck.mypy import Error


def in_call(error: Error, function: ast.FunctionDef, stage: CallStage) -> Span | None:
    """The value that is told about, or `uses` for what is said of the call itself."""
    given = _given(stage.with_)
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and _covers(node.value, error):
            written = given.get(node.arg or "")
            if written is not None:
                return _inside(node.value, written, error).span
    calls = [each for each in ast.walk(function) if isinstance(each, ast.Call)]
    if error.code in _OF_CALLS and any(_begins(each, error) for each in calls):
        return stage.uses.span
    return None


_OF_CALLS = ("call-arg", "call-overload", "arg-type", "operator", "type-var", "misc")


def _given(node: MappingNode | None) -> Mapping[str, Node]:
    """By the names of the parameters: `_exec` is given as `exec`."""
    if node is None:
        return {}
    entries = {entry.key.text: entry.value for entry in node}
    return {f"_{key}": value for key, value in entries.items()} | entries


def _inside(node: ast.AST, written: Node, error: Error) -> Node:
    """The innermost part of the YAML that the place of the error is in."""
    for inner, part in _parts(node, written):
        if _covers(inner, error):
            return _inside(inner, part, error)
    return written


def _parts(node: ast.AST, written: Node) -> Iterator[tuple[ast.expr, Node]]:
    match written:
        case Scalar():
            return
        case SequenceNode(items):
            shown = _first(node, (ast.List, ast.Tuple, ast.Set))
            elements = getattr(shown, "elts", [])
            if len(elements) == len(items):
                yield from zip(elements, items, strict=True)
        case MappingNode():
            for entry in written:
                inner = _entry(node, entry.key.text)
                if inner is not None:
                    yield inner, entry.value


def _first(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> ast.AST | None:
    return next((each for each in ast.walk(node) if isinstance(each, kinds)), None)


def _entry(node: ast.AST, key: str) -> ast.expr | None:
    """The value of a key in the outermost dict, or the argument of a class by that name."""
    shown = _first(node, (ast.Dict, ast.Call))
    while isinstance(shown, ast.Call):
        for each in shown.keywords:
            if each.arg == key:
                return each.value
        shown = _first(shown.args[0], (ast.Dict, ast.Call)) if shown.args else None
    if isinstance(shown, ast.Dict):
        for name, value in zip(shown.keys, shown.values, strict=True):
            if isinstance(name, ast.Constant) and str(name.value) == key:
                return value
    return None


def _covers(node: ast.AST, error: Error) -> bool:
    if not error.has_columns:
        return getattr(node, "lineno", 0) == error.line
    first = (getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1)
    last = (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", -1) + 1)
    return first <= (error.line, error.column) < last


def _begins(node: ast.Call, error: Error) -> bool:
    column = error.column if error.has_columns else node.col_offset + 1
    return (node.lineno, node.col_offset + 1) == (error.line, column)
