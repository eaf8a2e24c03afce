"""A `run:` block -> a function with the block's own lines, its templates printed in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from wfcompile import ir
from wfcompile.emit.expressions import ATOM, Printer
from wfcompile.emit.literals import FLAT, UnprintableError, text_literal
from wfcompile.emit.typed_dicts import Entry, typed_dict_views
from wfcompile.emit.view import BlockView, ClassCallView, ClassView, FunctionView
from wfcompile.types import UNKNOWN

_INDENT = "    "


def block_views(
    block: ir.BlockBody, function: FunctionView, printer: Printer
) -> Iterator[ClassView | ClassCallView | BlockView]:
    """The TypedDict of the outputs, then the function that returns it."""
    if block.outputs:
        entries = [Entry(each.name, each.type, each.always) for each in block.outputs]
        yield from typed_dict_views(block.outputs_class, entries, printer.imports)
    head = [f"{name} = {printer.source(value)}" for name, value in block.variables]
    head += [
        f"{name}: {printer.imports.annotation(UNKNOWN)}" for name in block.declared
    ]
    lines = list(block.lines)
    for hole in block.holes:
        try:
            lines = [_fill(line, hole, printer) for line in lines]
        except UnprintableError:
            name = hole.name or hole.placeholder
            lines = [replace(line, text=_put(line.text, hole, name)) for line in lines]
            head.append(f"{name} = {printer.source(hole.value)}")
    yield BlockView(
        function,
        (*(f"{_INDENT}{line}" for line in dict.fromkeys(head)), *map(_indented, lines)),
        (_returned(block),) if block.completes else (),
    )


def _indented(line: ir.BlockLine) -> str:
    return f"{_INDENT}{line.text}" if line.indent and line.text else line.text


def _fill(line: ir.BlockLine, hole: ir.BlockHole, printer: Printer) -> ir.BlockLine:
    """The line with the expression in the place of the hole."""

    def put(found: re.Match[str]) -> str:
        if hole.quote:
            return _inside_text(hole, printer)
        return _in_code(hole.value, line.text[: found.start()], found, printer)

    return replace(line, text=_put(line.text, hole, put))


def _put(
    text: str, hole: ir.BlockHole, put: str | Callable[[re.Match[str]], str]
) -> str:
    # a name ends where no further letter follows: h1 is not found in h12
    return re.sub(rf"(?<!\w){re.escape(hole.placeholder)}(?!\w)", put, text)


def _inside_text(hole: ir.BlockHole, printer: Printer) -> str:
    text = printer.inside(hole.quote).source(hole.value)
    if hole.quote in text or "\\" in text:
        raise UnprintableError
    return f"({text})" if text.startswith("{") else text


def _in_code(
    value: ir.Expr, before: str, found: re.Match[str], printer: Printer
) -> str:
    text, level = replace(printer, style=FLAT).printed(value)
    before, after = before.rstrip(), found.string[found.end() :].lstrip()
    is_argument = before.endswith(("(", "[", ",")) and after.startswith((")", "]", ","))
    is_number = text[0].isdigit() and after.startswith(".")
    needed = level < ATOM and not is_argument
    return f"({text})" if needed or is_number else text


def _returned(block: ir.BlockBody) -> str:
    if all(output.always for output in block.outputs):
        return _entries(block.outputs)
    return f"rt.bound({block.outputs_class}, locals())"


def _entries(outputs: Sequence[ir.BlockOutput]) -> str:
    shown = []
    for output in outputs:
        value = f"{output.name}.__name__" if output.is_function else output.name
        shown.append(f"{text_literal(output.name)}: {value}")
    return f"{{{', '.join(shown)}}}"
