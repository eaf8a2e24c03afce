"""Where in the YAML the lines of a `run:` block stand: a table behind the graph.

Goes in: the module as black has written it; comes out: the same text with the table. Black moves
lines (a blank one behind imports, a call that fits on one line), so the place of a line is known
only now. Original and result are one syntax tree twice, apart from what stands for templates:
walked side by side they tell which line became which.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from wfcompile import ir
from wfcompile.emit.format import LINE_LENGTH
from wfcompile.emit.graph import stage_paths
from wfcompile.emit.literals import text_literal

_END = '\n)\n\nif __name__ == "__main__":\n'
_INDENT = "    "


def with_block_lines(text: str, module: ir.Module) -> str:
    """The module with the arguments `blocks` and `scripts` of its graph, if it has such.

    They are printed as black would print them.
    """
    blocks: dict[str, dict[int, int]] = {}
    scripts: dict[str, dict[int, int]] = {}
    functions: dict[str, ast.FunctionDef] = {}
    for path, stage in stage_paths(module):
        match stage.body:
            case ir.BlockBody(yaml_lines=[_, *_]) as body:
                functions = functions or _functions(text)
                function = functions[stage.function]
                blocks[path] = block_lines(body, function, stage.line)
            case ir.VirtualPyBody(yaml_lines=[_, *_]) as body:
                scripts[path] = script_lines(body, stage.line)
    rows = [*_table("blocks", blocks), *_table("scripts", scripts)]
    if not rows:
        return text
    head, _, tail = text.rpartition(_END)
    return "\n".join([head, *rows]) + _END + tail


def _functions(text: str) -> dict[str, ast.FunctionDef]:
    body = ast.parse(text).body
    return {each.name: each for each in body if isinstance(each, ast.FunctionDef)}


def block_lines(
    body: ir.BlockBody, function: ast.FunctionDef, first: int
) -> dict[int, int]:
    """Line of the function (its `def` is 1) -> line of the stage (its first is 0).

    Both count on from there. A stage that moves as a whole keeps its numbers, for the sake
    of small diffs.

    Args:
        first: line of the YAML in which the stage begins.
    """
    lines = printed_lines(body, function)
    return _shifts(
        {
            printed - function.lineno + 1: body.yaml_lines[line - 1] - first
            for printed, line in lines.items()
        }
    )


def printed_lines(body: ir.BlockBody, function: ast.FunctionDef) -> dict[int, int]:
    """Line of the module -> line of the block that it is, of those that a node begins."""
    found: dict[int, int] = {}
    for old, new in node_pairs(body, function):
        found.setdefault(new.lineno, old.lineno)
    return found


Placed: TypeAlias = "ast.stmt | ast.expr"


def node_pairs(
    body: ir.BlockBody, function: ast.FunctionDef
) -> Iterator[tuple[Placed, Placed]]:
    """Each node of the block as it was written, and as it stands in the module."""
    written = ast.parse("\n".join(line.text for line in body.lines)).body
    end = len(function.body) - body.completes
    printed = function.body[end - len(written) : end]
    placeholders = {hole.placeholder for hole in body.holes}
    for old, new in zip(written, printed, strict=True):
        yield from _pairs(old, new, placeholders)


def script_lines(body: ir.VirtualPyBody, first: int) -> dict[int, int]:
    """The same of a script, whose lines are counted behind its header."""
    lines = enumerate(body.yaml_lines, 1)
    return _shifts({at: line - first for at, line in lines})


def _pairs(
    old: ast.AST, new: ast.AST, placeholders: set[str]
) -> Iterator[tuple[Placed, Placed]]:
    """Nodes that are the same in both trees, outer ones first."""
    todo = [(old, new)]
    while todo:
        old, new = todo.pop()
        if isinstance(old, ast.stmt | ast.expr) and isinstance(
            new, ast.stmt | ast.expr
        ):
            yield old, new
        is_hole = isinstance(old, ast.Name) and old.id in placeholders
        # before Python 3.12 what stands in an f-string has no true place
        if is_hole or type(old) is not type(new) or isinstance(old, ast.JoinedStr):
            continue
        children = zip(
            ast.iter_child_nodes(old), ast.iter_child_nodes(new), strict=False
        )
        todo += reversed(list(children))


def _shifts(lines: Mapping[int, int]) -> dict[int, int]:
    """Without those that follow from the ones before them."""
    kept: dict[int, int] = {}
    shift: int | None = None
    for at in sorted(lines):
        if lines[at] - at != shift:
            kept[at] = lines[at]
            shift = lines[at] - at
    return kept


def _table(name: str, tables: Mapping[str, Mapping[int, int]]) -> Iterator[str]:
    rows = [row for path, lines in tables.items() if lines for row in _row(path, lines)]
    if rows:
        yield from (f"{_INDENT}{name}={{", *rows, f"{_INDENT}}},")


def _row(path: str, lines: Mapping[int, int]) -> Iterator[str]:
    head = f"{_INDENT * 2}{text_literal(path)}: {{"
    items = [f"{at}: {line}" for at, line in lines.items()]
    row = f"{head}{', '.join(items)}}},"
    if len(row) <= LINE_LENGTH:
        yield row
        return
    yield head
    yield from (f"{_INDENT * 3}{item}," for item in items)
    yield f"{_INDENT * 2}}},"
