"""D14, D18, D27, D29: blocks of Python."""

from __future__ import annotations

import ast
import symtable
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.imports import is_foreign, to_change
from wfcompile.doctor.places import StagePlace, WorkflowPlace, entries_of
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.texts import parsed, scripts
from wfcompile.expressions.python_flow import final_state
from wfcompile.expressions.python_lexer import place_holes
from wfcompile.expressions.python_lines import DedentedSource, dedent
from wfcompile.expressions.python_scopes import bound_names, own_nodes
from wfcompile.expressions.standard_names import imported_kind
from wfcompile.nodes import Scalar
from wfcompile.source import Span

RECORD_KEYS = ("status", "info", "errors")
"""What the record of a stage has beside its outputs."""
_CHANGING = frozenset(
    ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse")
    + ("update", "setdefault", "popitem", "add", "discard")
)


@dataclass(frozen=True)
class _Block:
    stage: StagePlace
    scalar: Scalar
    source: DedentedSource
    body: Sequence[ast.stmt]

    def span(self, node: ast.AST) -> Span:
        first = self.source.offset(node.lineno, node.col_offset, in_bytes=True)  # type: ignore[attr-defined]
        last = self.source.offset(node.end_lineno, node.end_col_offset, in_bytes=True)  # type: ignore[attr-defined]
        start, end = self.source.starts[first], self.source.ends[max(last - 1, first)]
        whole = self.scalar.span_of(start, end)
        line_end = whole.file.text.find("\n", whole.start, whole.end)
        return Span(whole.file, whole.start, line_end) if line_end > 0 else whole

    @cached_property
    def bound(self) -> Mapping[str, ast.AST]:
        return bound_names(self.body)

    @property
    def variables(self) -> set[str]:
        return {entry.key.text for entry in entries_of(self.stage.node.get("vars"))}


def _blocks(workflow: WorkflowPlace) -> Iterator[_Block]:
    """Those that are Python; the checker tells of the others."""
    for stage, scalar in scripts(workflow):
        text = parsed(scalar, env=False)
        is_block = stage.action == "run" and not stage.has_deps
        if not is_block or any(hole.tree is None for hole in text.holes):
            continue
        source = dedent(place_holes(scalar.text, text.holes))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(source.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield _Block(stage, scalar, source, body)


def inner_scopes(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D14: functions and comprehensions that read names of their block."""
    for block in _blocks(workflow):
        for name, line in _unseen(block):
            node = _reading(block.body, name, line)
            yield differs(
                "D14",
                f'"{name}" of the block is seen here; '
                "the interpreter does not find it inside functions and comprehensions",
                block.span(node) if node else block.stage.action_span,
                help="keep it",
            )


def _unseen(block: _Block) -> Iterator[tuple[str, int]]:
    """Names of the block that an inner scope reads, with the line where that begins."""
    try:
        top = symtable.symtable(block.source.text, "block", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return
    told: set[str] = set()
    waiting = list(top.get_children())
    while waiting:
        table = waiting.pop(0)
        waiting += table.get_children()
        for symbol in table.get_symbols():
            name = symbol.get_name()
            is_own = name in block.bound and name not in block.variables | told
            if symbol.is_global() and symbol.is_referenced() and is_own:
                told.add(name)
                yield name, table.get_lineno()


def _reading(body: Sequence[ast.stmt], name: str, line: int) -> ast.AST | None:
    """The first read of the name from a line on."""
    reads = [
        node
        for node in ast.walk(ast.Module(list(body), []))
        if isinstance(node, ast.Name) and node.id == name and node.lineno >= line
        if isinstance(node.ctx, ast.Load)
    ]
    return min(reads, key=lambda node: (node.lineno, node.col_offset), default=None)


def record_names(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D18: outputs of a block that are called as parts of its record."""
    for block in _blocks(workflow):
        for name in RECORD_KEYS if block.stage.text("id") else ():
            if name in block.bound:
                yield differs(
                    "D18",
                    f'"{name}" is an output of the stage; '
                    "the interpreter takes it for a part of the record",
                    block.span(block.bound[name]),
                    help=f'read it as "outputs.{name}"',
                )


def changed_in_place(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D27: a block that changes what `vars` gave it."""
    for block in _blocks(workflow):
        names = block.variables - set(block.bound)
        for node in own_nodes(block.body):
            name = _changed(node)
            if name in names:
                yield differs(
                    "D27",
                    f'"{name}" is shared with the other jobs, rows and items; '
                    "the interpreter gives each of them a copy",
                    block.span(node),
                    help=f"work on a copy: {name} = copy.deepcopy({name})",
                )


def uncopied_outputs(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D27: outputs that cannot be copied, such as open files."""
    for block in _blocks(workflow):
        state = final_state(block.body) if block.stage.text("id") else None
        for target in _uncopied(block.body):
            if state is not None and target.id in state.perhaps:
                yield differs(
                    "D27",
                    f'"{target.id}" is an output that cannot be copied; '
                    "the interpreter loses the job at it, and fails without a message",
                    block.span(target),
                    help=f'end the block with "del {target.id}" to have it in no record',
                )


def _uncopied(body: Sequence[ast.stmt]) -> list[ast.Name]:
    """The first place of each name that is bound to nothing else."""
    made = [target for node in own_nodes(body) for target in _made(node)]
    first = {target.id: target for target in reversed(made)}
    places = {id(target) for target in made}
    others = {
        node.id
        for node in own_nodes(body)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if id(node) not in places
    }
    return [target for name, target in first.items() if name not in others]


def _made(node: ast.AST) -> Iterator[ast.Name]:
    """The names that a statement binds to what cannot be copied."""
    match node:
        case ast.With():
            bound = [(each.optional_vars, each.context_expr) for each in node.items]
        case ast.Assign([target], value):
            bound = [(target, value)]
        case _:
            return
    for name, value in bound:
        if isinstance(name, ast.Name) and _is_uncopied(value):
            yield name


def _is_uncopied(value: ast.expr) -> bool:
    match value:
        case ast.GeneratorExp() | ast.Call(ast.Name("open")):
            return True
        case ast.Call(ast.Attribute(ast.Name(module), name)):
            return name in _UNCOPIED.get(module, ())
        case ast.Call(ast.Attribute(ast.Call(ast.Name("Path")), "open")):
            return True
    return False


_UNCOPIED: Mapping[str, tuple[str, ...]] = {
    "bz2": ("open",),
    "csv": ("reader", "writer"),
    "gzip": ("open",),
    "lzma": ("open",),
    "sqlite3": ("connect",),
    "threading": ("Lock", "RLock"),
}
"""Module -> its functions whose results `copy.deepcopy` refuses."""


def _changed(node: ast.AST) -> str | None:
    """The name whose value the node changes in place."""
    match node:
        case ast.Call(ast.Attribute(value, attr)) if attr in _CHANGING:
            return _root(value)
        case ast.Subscript(value, ctx=ast.Store() | ast.Del()):
            return _root(value)
    return None


def _root(node: ast.AST) -> str | None:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def imported_names(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D29: imported values that were outputs."""
    for block in _blocks(workflow):
        for node in own_nodes(block.body) if block.stage.text("id") else ():
            for each in node.names if isinstance(node, ast.ImportFrom) else ():
                assert isinstance(node, ast.ImportFrom)
                if _is_left_out(node.module or "", each.name):
                    yield differs(
                        "D29",
                        f'"{each.asname or each.name}" is no output of the stage; '
                        "the interpreter puts it into the record",
                        block.span(each),
                        help="assign it to another name if it is meant as one",
                    )


def _is_left_out(module: str, name: str) -> bool:
    return imported_kind(module, name) == "module" and not _is_module(module, name)


def _is_module(module: str, name: str) -> bool:
    """`from os import path` is left out by both."""
    is_known = imported_kind(f"{module}.{name}", "__name__") is not None
    return is_known or name in sys.stdlib_module_names


def foreign_imports(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """Imports of the interpreter's package, which have no number."""
    for block in _blocks(workflow):
        for node in own_nodes(block.body):
            match node:
                case ast.ImportFrom(source, names, 0) if is_foreign(source or ""):
                    for each in names:
                        yield to_change(each.name, source or "", block.span(each))
                case ast.Import(names):
                    for each in names:
                        if is_foreign(each.name):
                            yield to_change("", each.name, block.span(each))
