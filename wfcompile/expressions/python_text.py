"""`run:` blocks: Python text with holes -> the lines of a function's body, and what they bind.

Goes in: a scalar and its text; comes out: the block line for line, in which placeholders stand
for the holes, with the names it binds at the end, their types, and the names it needs from
outside. The text is parsed, never run. Every mistake is a diagnostic at its exact place in the
YAML; a block with a mistake is None.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wfcompile import ir
from wfcompile.diagnostics import Diagnostics, shortened
from wfcompile.expressions.import_slips import ImportSlip, import_slips
from wfcompile.expressions.known_names import NO_NAMES, KnownNames
from wfcompile.expressions.nodes import Hole, Text
from wfcompile.expressions.python_flow import early_reads, final_state
from wfcompile.expressions.python_holes import HoleUse, uses_of, value_type
from wfcompile.expressions.python_imports import Imported, imports_of
from wfcompile.expressions.python_lexer import PlacedHole, place_holes
from wfcompile.expressions.python_lines import DedentedSource, dedent
from wfcompile.expressions.python_nodes import children, walk
from wfcompile.expressions.python_outputs import Outputs, find_outputs
from wfcompile.expressions.python_scopes import (
    bound_names,
    free_uses,
    global_names,
)
from wfcompile.expressions.python_slips import slip_help
from wfcompile.expressions.python_typer import Typer
from wfcompile.expressions.python_types import Bindings
from wfcompile.expressions.python_variables import environment_references
from wfcompile.nodes import Scalar
from wfcompile.source import Span
from wfcompile.types import Type

_RESERVED = ("ctx", "rt")
_TOO_DEEP = ("block is nested too deeply", 0, 0, "split it into several statements")
_ONE_HOLE = (
    "template is the whole block, expected Python in which values stand",
    "write the code here and use the value in it",
)


@dataclass(frozen=True, slots=True)
class FreeName:
    """A name that the block reads but neither binds nor Python has."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PythonBlock:
    """A block that is good Python.

    Attributes:
        yaml_lines: 1-based line of the YAML for each of `lines`.
        outputs: names bound when the block ends, in order of first binding.
        functions: outputs that are functions; their value is their `__name__`.
        dynamic: outputs that may be modules, classes or functions (`from m import x`); which
            one it is, is known at run time only.
        loose: names that mypy would want a declaration for (`name: Any`).
        bound: every name that the block binds, outputs or not.
        completes: False when every path ends with an exception.
        untyped: holds functions without annotations.
        imports: modules that it imports, wherever in it.
        reads: every name that it reads anywhere, builtins too.
        calls: the full names of the imported functions that it calls.
        slips: names that it imports and the standard library nearly has, with their places.
    """

    lines: tuple[ir.BlockLine, ...]
    yaml_lines: tuple[int, ...]
    holes: tuple[HoleUse, ...]
    outputs: tuple[ir.BlockOutput, ...]
    functions: tuple[str, ...]
    dynamic: tuple[str, ...]
    loose: tuple[str, ...]
    free: tuple[FreeName, ...]
    bound: frozenset[str]
    completes: bool
    untyped: bool
    imports: tuple[Imported, ...] = ()
    reads: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    slips: tuple[tuple[ImportSlip, Span], ...] = ()


def read_block(
    scalar: Scalar,
    text: Text,
    hole_types: Callable[[Hole], Type],
    diagnostics: Diagnostics,
    *,
    variables: Mapping[str, Type] | None = None,
    names: KnownNames = NO_NAMES,
    is_script: bool = False,
) -> PythonBlock | None:
    """Read a block; None when it or one of its holes has a mistake.

    Args:
        text: of `parse_text(..., env=False)`.
        hole_types: the type of a hole's value.
        variables: names that have a value before the block (`vars:`), with their types.
        names: what is known of the users' modules.
        is_script: it is a module of its own, and not the body of a function.

    Adds WF240 to WF248, and WF254.
    """
    if any(hole.tree is None for hole in text.holes):
        return None
    source = place_holes(scalar.text, text.holes)
    reader = _BlockReader(
        scalar, dedent(source), source.holes, diagnostics, is_script=is_script
    )
    if text.whole is not None:
        reader.error("WF245", _ONE_HOLE[0], *_bounds(text.whole), _ONE_HOLE[1])
        return None
    tree = reader.parse()
    if tree is None or not reader.check(tree):
        return None
    reader.warn_of_variables(tree)
    uses = tuple(uses_of(source.holes, hole_types))
    types = {use.placeholder: value_type(use, hole_types) for use in uses}
    try:
        outputs = find_outputs(tree.body, types, variables or {}, names)
        return reader.block(tree, uses, outputs, variables or {})
    except RecursionError:
        # Python itself goes deeper than the passes over its tree
        reader.error("WF248", *_TOO_DEEP)
        return None


def _bounds(hole: Hole) -> tuple[int, int]:
    return hole.start, hole.end


def _names_read(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id


def _calls(tree: ast.Module) -> Iterator[str]:
    bindings = Bindings()
    bindings.collect(tree.body)
    typer = Typer({}, frozenset(), bindings.imports())
    for node in walk(tree):
        if isinstance(node, ast.Call) and (path := typer.path_of(node.func)):
            yield path


def _as_function(tree: ast.Module) -> ast.Module:
    """The block as it will be compiled: the body of a function."""
    module = ast.parse("def block(): pass")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = tree.body or function.body
    return module


class _BlockReader:
    """One block on its way; knows where everything stands in the YAML."""

    def __init__(
        self,
        scalar: Scalar,
        source: DedentedSource,
        holes: Sequence[PlacedHole],
        diagnostics: Diagnostics,
        *,
        is_script: bool,
    ) -> None:
        self._scalar = scalar
        self._source = source
        self._holes = holes
        self._diagnostics = diagnostics
        self._is_script = is_script

    # --- parsing ---

    def parse(self) -> ast.Module | None:
        if not self._check_joined():
            return None
        try:
            with warnings.catch_warnings():
                # an odd escape is the author's matter, and no message of this compiler
                warnings.simplefilter("ignore")
                return ast.parse(self._source.text)
        except SyntaxError as error:
            self._syntax_error(error, in_bytes=False)
        except (RecursionError, MemoryError):
            self.error("WF248", *_TOO_DEEP)
        except ValueError:
            self.error("WF240", "block holds a character that no Python text may", 0, 0)
        return None

    def _check_joined(self) -> bool:
        """A placeholder may not become a piece of the identifier beside it."""
        text, joined = self._source.text, []
        for placed in self._holes:
            if placed.position == "bytes":
                joined.append(placed)
                self.error(
                    "WF244",
                    "template stands in a bytes literal that no text can express",
                    *_bounds(placed.hole),
                    'build it from a text with ".encode()"',
                )
            if placed.position != "code":
                continue
            at = text.find(placed.placeholder)
            around = (
                text[max(at - 1, 0) : at] + text[at + len(placed.placeholder) :][:1]
            )
            if any(sign == "_" or sign.isalnum() for sign in around):
                joined.append(placed)
                self.error(
                    "WF241",
                    "template is joined to a name or number",
                    *_bounds(placed.hole),
                    "write the name out, put quotes around a text, "
                    "or spaces around the template",
                )
        return not joined

    def _syntax_error(self, error: SyntaxError, *, in_bytes: bool) -> None:
        line = error.lineno or 1
        column = max((error.offset or 1) - 1, 0)
        start = end = self._source.offset(line, column, in_bytes=in_bytes)
        if isinstance(error, IndentationError):
            content = self._source.lines[line - 1].text if self._source.lines else ""
            indent = len(content) - len(content.lstrip())
            start = end = self._source.offset(line, indent, in_bytes=False)
        elif error.end_lineno and error.end_offset and error.end_offset > 0:
            end_column = error.end_offset - 1
            end = self._source.offset(error.end_lineno, end_column, in_bytes=in_bytes)
        message = self._with_templates(error.msg or "invalid syntax")
        reason = f"{message[:1].lower()}{message[1:]}"
        span = self._span(start, max(end, start + 1))
        if message == "invalid syntax":
            # Python's most common complaint says nothing more
            written = span.file.text[span.start : span.end].strip()
            reason = f'"{shortened(written)}" cannot stand here' if written else ""
        self._diagnostics.error(
            "WF240",
            f"block is not Python{': ' if reason else ''}{reason}",
            span,
            help=self._syntax_help(error, start),
        )

    def _with_templates(self, message: str) -> str:
        for placed in self._holes:
            if placed.placeholder:
                written = self._scalar.text[placed.hole.start : placed.hole.end]
                message = message.replace(placed.placeholder, written)
        return message

    def _syntax_help(self, error: SyntaxError, start: int) -> str | None:
        if "import *" in (error.msg or ""):
            return "import the names that the block uses"
        if self._source.text[max(start - 1, 0) : start + 2].find("${") >= 0:
            return 'read the variable below "vars", and use that name in the block'
        line_start = self._source.text.rfind("\n", 0, start) + 1
        line = self._source.text[line_start:].partition("\n")[0]
        if slip := slip_help(line):
            return slip
        if any(each.placeholder and each.placeholder in line for each in self._holes):
            return "a template stands for one value, not for a piece of code"
        return None

    # --- checking ---

    def check(self, tree: ast.Module) -> bool:
        try:
            before = len(self._diagnostics)
            self._check_positions(tree)
            self._check_statements(tree.body)
            if not self._is_script:
                self._check_names(tree.body)
            if len(self._diagnostics) == before:
                self._check_compiles(tree)
            return len(self._diagnostics) == before
        except RecursionError:
            self.error("WF248", *_TOO_DEEP)
            return False

    def _check_positions(self, tree: ast.Module) -> None:
        """In code a placeholder is a value that is read, never a name."""
        read = {
            node.id
            for node in walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        for placed in self._holes:
            if placed.position == "code" and placed.placeholder not in read:
                self.error(
                    "WF242",
                    "template stands where Python needs a name, expected a value",
                    *_bounds(placed.hole),
                    "write the name itself",
                )

    def _check_statements(self, body: Sequence[ast.AST]) -> None:
        """What a block may not do because it is no function of the author's."""
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    continue
                case ast.Return():
                    word, help = "return", "assign the value to a name; it is an output"
                    if self._is_script:
                        help = 'write "raise SystemExit" to end the script'
                case ast.Yield() | ast.YieldFrom():
                    word, help = "yield", "put the code into a function of the block"
                case ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                    word, help = (
                        "await",
                        'put the code into an "async def", run it with',
                    )
                    help += ' "asyncio.run"'
                case _:
                    self._check_statements(children(node))
                    continue
            span = self._node_span(node)
            message = f'"{word}" stands outside a function of the block'
            self._diagnostics.error("WF243", message, span, help=help)

    def _check_names(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            for node in walk(statement):
                if isinstance(node, ast.Global):
                    self._diagnostics.error(
                        "WF246",
                        '"global" is for variables of a module, and a block has none',
                        self._node_span(node),
                        help='write "nonlocal" for a name of the block',
                    )
        for name, node in bound_names(body).items():
            if name in _RESERVED:
                self._diagnostics.error(
                    "WF247",
                    f'block binds "{name}", which the emitted module uses itself',
                    self._node_span(node),
                    help="use another name",
                )

    def _check_compiles(self, tree: ast.Module) -> None:
        """What only Python's compiler sees: `break` outside a loop, `import *`, ..."""
        module = tree if self._is_script else _as_function(tree)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(module, "<block>", "exec", dont_inherit=True)
        except SyntaxError as error:
            self._syntax_error(error, in_bytes=True)

    def warn_of_variables(self, tree: ast.Module) -> None:
        """`${NAME}`, which the interpreter replaced before it ran the block."""
        for text, start, end in environment_references(tree, self._source):
            self._diagnostics.warning(
                "WF254",
                f'"{text}" stays text in a block, where no variable is put in',
                self._span(start, end),
                help='read it below "vars", and use that name in the block',
            )

    # --- the result ---

    def block(
        self,
        tree: ast.Module,
        uses: tuple[HoleUse, ...],
        outputs: Outputs,
        variables: Mapping[str, Type],
    ) -> PythonBlock:
        placeholders = {use.placeholder for use in uses}
        state = final_state(tree.body)
        return PythonBlock(
            self._source.lines,
            tuple(self._yaml_line(at) for at in self._source.line_starts),
            uses,
            outputs.outputs,
            outputs.functions,
            outputs.dynamic,
            outputs.loose,
            self._free(tree.body, placeholders | set(variables)),
            frozenset(bound_names(tree.body)),
            state is not None,
            outputs.untyped,
            tuple(imports_of(tree)),
            frozenset(_names_read(tree)),
            frozenset(_calls(tree)),
            tuple((each, self._slip_span(each)) for each in import_slips(tree)),
        )

    def _free(self, body: Sequence[ast.stmt], known: set[str]) -> tuple[FreeName, ...]:
        spans: dict[str, list[Span]] = {}
        if self._is_script:
            names = global_names(body)
            if names is None:
                return ()
            known = known | names
        for use in free_uses(body):
            if use.node.id not in known:
                span = self._name_span(use.node, use.around)
                spans.setdefault(use.node.id, []).append(span)
        for node in self._early_reads(body, known):
            spans.setdefault(node.id, []).append(self._name_span(node, None))
        return tuple(FreeName(name, tuple(found)) for name, found in spans.items())

    def _early_reads(self, body: Sequence[ast.stmt], known: set[str]) -> list[ast.Name]:
        if self._is_script:  # what its functions do to its names is not followed
            return []
        return early_reads(body, frozenset(bound_names(body)) - known)

    # --- places ---

    def _yaml_line(self, at: int) -> int:
        return self._span(at, at).line

    def _node_span(self, node: ast.AST) -> Span:
        start = self._source.offset(
            getattr(node, "lineno", 1), getattr(node, "col_offset", 0), in_bytes=True
        )
        end = self._source.offset(
            getattr(node, "end_lineno", None) or 1,
            getattr(node, "end_col_offset", None) or 0,
            in_bytes=True,
        )
        line_end = self._source.text.find("\n", start)
        if line_end >= 0:
            end = min(end, line_end)
        return self._span(start, max(end, start + 1))

    def _slip_span(self, slip: ImportSlip) -> Span:
        """The module of `from ... import` has no place of its own: it is searched for."""
        text = self._source.text
        begin = self._source.offset(
            slip.node.lineno, slip.node.col_offset, in_bytes=True
        )
        found = re.compile(rf"\b{re.escape(slip.written)}\b").search(text, begin)
        start = found.start() if found else begin
        return self._span(start, start + len(slip.written))

    def _name_span(self, node: ast.Name, around: ast.JoinedStr | None) -> Span:
        """Before Python 3.12 a name inside an f-string has no true place; it is searched for."""
        start = self._source.offset(node.lineno, node.col_offset, in_bytes=True)
        text = self._source.text
        if around is not None and not text.startswith(node.id, start):
            begin = self._source.offset(around.lineno, around.col_offset, in_bytes=True)
            found = re.compile(rf"\b{re.escape(node.id)}\b").search(text, begin)
            start = found.start() if found else begin
        return self._span(start, start + len(node.id))

    def _span(self, start: int, end: int) -> Span:
        source = self._source
        last = len(source.starts) - 1
        if last < 0:
            return self._scalar.span_of(0, 0)
        first = source.starts[min(start, last)]
        if start > last:
            return self._scalar.span_of(source.ends[last], source.ends[last])
        if end <= start:
            return self._scalar.span_of(first, first)
        return self._scalar.span_of(first, source.ends[min(end - 1, last)])

    def error(
        self, code: str, message: str, start: int, end: int, help: str | None = None
    ) -> None:
        """`start`, `end` count characters of the scalar's text."""
        span = self._scalar.span_of(start, end)
        self._diagnostics.error(code, message, span, help=help)
