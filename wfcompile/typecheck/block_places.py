"""An error in the function of a block -> its place in the YAML.

A node of the module is the same node of the block, and a line of the block is one of the YAML:
there the templates stand that are expressions in the module.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from wfcompile import ir
from wfcompile.emit.block_lines import Placed, node_pairs
from wfcompile.source import SourceFile, Span
from wfcompile.typecheck.mypy import Error


def in_block(
    error: Error, body: ir.BlockBody, function: ast.FunctionDef, file: SourceFile
) -> Span | None:
    """None in what stands in front of the block or behind it."""
    own: Placed | None = None
    around: Placed | None = None
    for old, new in node_pairs(body, function):
        if _covers(new, error):
            around = old
        if error.has_columns and _start(new) == (error.line, error.column):
            own = old
    node = own or around
    if node is None:
        return None
    number = body.yaml_lines[node.lineno - 1]
    written = body.lines[node.lineno - 1].text
    column = _characters(written, node.col_offset)
    is_one_line = node.end_lineno == node.lineno
    end = _characters(written, node.end_col_offset or 0) if is_one_line else None
    whole = _whole_line(file, number)
    columns = _columns(written, body, file.text[whole.start : whole.end])
    if own is None:
        return whole
    if columns is None:
        return _only_place(written[column:end], whole)
    last = columns[end] if end is not None else columns[len(written.rstrip())]
    return Span(file, whole.start + columns[column], whole.start + last)


def _start(node: Placed) -> tuple[int, int]:
    return node.lineno, node.col_offset + 1


def _covers(node: Placed, error: Error) -> bool:
    if not error.has_columns:
        return node.lineno == error.line
    end = (node.end_lineno or 0, (node.end_col_offset or 0) + 1)
    return _start(node) <= (error.line, error.column) < end


def _characters(line: str, offset: int) -> int:
    """Offsets of `ast` count the bytes of UTF-8."""
    return len(line.encode()[:offset].decode(errors="ignore"))


def _whole_line(file: SourceFile, number: int) -> Span:
    """A line without its indent."""
    line = file.line_text(number)
    start = sum(len(each) + 1 for each in file.text.split("\n", number)[: number - 1])
    indent = len(line) - len(line.lstrip())
    return Span(file, start + indent, start + len(line.rstrip()))


def _only_place(text: str, line: Span) -> Span:
    """Where the text stands, or all of the line when that is in no one place."""
    shown = line.file.text[line.start : line.end]
    if not text or shown.count(text) != 1:
        return line
    start = line.start + shown.index(text)
    return Span(line.file, start, start + len(text))


def _columns(written: str, body: ir.BlockBody, line: str) -> list[int] | None:
    """Column of the block's line -> that of the YAML's, both 0-based and without its indent.

    None where the two lines are not the same text, but for the templates.
    """
    names = [re.escape(hole.placeholder) for hole in body.holes]
    placeholder = rf"(?<!\w)(?:{'|'.join(names)})(?!\w)" if names else r"(?!)"
    stripped = written.lstrip()
    parts = re.split(f"({placeholder})", stripped.rstrip())
    pattern = "".join(
        r"(\$\{\{.*?\}\})" if index % 2 else f"({re.escape(part)})"
        for index, part in enumerate(parts)
    )
    found = re.fullmatch(pattern, line)
    if found is None:
        return None
    columns = [0] * (len(written) - len(stripped))
    for index, part in enumerate(parts, 1):
        columns += _spread(part, found.start(index), is_hole=index % 2 == 0)
    return [*columns, len(line)]


def _spread(part: str, start: int, *, is_hole: bool) -> Iterator[int]:
    for at in range(len(part)):
        yield start if is_hole else start + at
