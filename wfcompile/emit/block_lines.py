"""Where in the YAML the lines of a `run:` block stand: a table behind the graph.

Goes in: the module as black has written it; comes out: the same text with the table. Black moves
lines (a blank one behind imports, a call that fits on one line), so the place of a line is known
only now. Original and result are one syntax tree twice, apart from what stands for templates:
walked side by side they tell which line became which.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from wfcompile import ir
from wfcompile.emit.format import LINE_LENGTH
from wfcompile.emit.graph import stage_paths
from wfcompile.emit.literals import text_literal

_END = '\n)\n\nif __name__ == "__main__":\n'
_INDENT = "    "


def with_block_lines(text: str, module: ir.Module) -> str:
    """The module with the argument `blocks` of its graph, if it has blocks.

    It is printed as black would print it.
    """
    blocks = [
        (path, stage, stage.body)
        for path, stage in stage_paths(module)
        if isinstance(stage.body, ir.BlockBody) and stage.body.yaml_lines
    ]
    if not blocks:
        return text
    functions = {
        node.name: node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
    rows: list[str] = []
    for path, stage, body in blocks:
        lines = block_lines(body, functions[stage.function], stage.line)
        if lines:
            rows += _row(path, lines)
    if not rows:
        return text
    head, _, tail = text.rpartition(_END)
    return (
        "\n".join([head, f"{_INDENT}blocks={{", *rows, f"{_INDENT}}},"]) + _END + tail
    )


def block_lines(
    body: ir.BlockBody, function: ast.FunctionDef, first: int
) -> dict[int, int]:
    """Line of the function (its `def` is 1) -> line of the stage (its first is 0).

    Both count on from there. A stage that moves as a whole keeps its numbers, for the sake
    of small diffs.

    Args:
        first: line of the YAML in which the stage begins.
    """
    written = ast.parse("\n".join(line.text for line in body.lines)).body
    end = len(function.body) - body.completes
    printed = function.body[end - len(written) : end]
    placeholders = {hole.placeholder for hole in body.holes}
    found: dict[int, int] = {}
    for old, new in zip(written, printed, strict=True):
        for line, printed_line in _pairs(old, new, placeholders):
            at = printed_line - function.lineno + 1
            found.setdefault(at, body.yaml_lines[line - 1] - first)
    return _shifts(found)


def _pairs(
    old: ast.AST, new: ast.AST, placeholders: set[str]
) -> Iterator[tuple[int, int]]:
    """Lines of nodes that are the same in both trees, outer ones first."""
    todo = [(old, new)]
    while todo:
        old, new = todo.pop()
        if hasattr(old, "lineno") and hasattr(new, "lineno"):
            yield old.lineno, new.lineno
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
