"""`${NAME}` in the texts of a block, where the interpreter put the value of the variable.

Goes in: the tree of a block and its source; comes out: where each of them stands. Not those that
mean something to Python or to its author: an f-string reads `${name}` as a value, a template of
`string.Template` has the same form, and a text that stands alone is a comment.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from wfcompile.expressions.python_lines import DedentedSource
from wfcompile.expressions.python_nodes import children

_REFERENCE = re.compile(r"(?<!\$)\$\{ *[A-Za-z_]\w* *(?::[^{}\n]*)?\}", re.ASCII)


def environment_references(
    tree: ast.Module, source: DedentedSource
) -> Iterator[tuple[str, int, int]]:
    """Each reference with its bounds in the source, in order."""
    found = {place for node in _texts(tree) for place in _places(node, source)}
    yield from sorted(found, key=lambda each: each[1])


def _texts(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
        return
    is_template = isinstance(node, ast.Call) and _is_template(node.func)
    if is_template or isinstance(node, ast.Expr) and _is_text(node.value):
        return
    for child in children(node):
        yield from _texts(child)


def _is_template(function: ast.expr) -> bool:
    return ast.unparse(function).rpartition(".")[2] == "Template"


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant | ast.JoinedStr)


def _places(
    node: ast.Constant, source: DedentedSource
) -> Iterator[tuple[str, int, int]]:
    start = source.offset(node.lineno, node.col_offset, in_bytes=True)
    last = node.end_lineno or node.lineno
    end = source.offset(last, node.end_col_offset or 0, in_bytes=True)
    for match in _REFERENCE.finditer(str(node.value)):
        text = match.group()
        # a literal with a template in it has become an f-string
        written = (text, text.replace("{", "{{").replace("}", "}}"))
        for form in written:
            for place in re.finditer(re.escape(form), source.text[start:end]):
                yield text, start + place.start(), start + place.end()
