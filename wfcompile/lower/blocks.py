"""A `run:` block -> its IR body: the author's lines, the templates in them, what they bind.

Adds WF249 (`vars` that shadow, differences D14), WF250 (undefined names), WF251 (names that
hide what a template needs), WF252 (unused `vars`) and WF501 (a text that the interpreter would
paste as code).
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.other_braces import report_other_braces
from wfcompile.bind.pasted import warn_of_pasted
from wfcompile.bind.typed import Typed, as_part
from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics, did_you_mean
from wfcompile.expressions.known_names import NO_NAMES, KnownNames
from wfcompile.expressions.nodes import Text
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.python_imports import Imported
from wfcompile.expressions.python_text import FreeName, PythonBlock, read_block
from wfcompile.expressions.shell_names import VariableNames
from wfcompile.lower.bodies import NOTHING, Lowered
from wfcompile.lower.hidden_names import names_read, words_of
from wfcompile.lower.project import Project
from wfcompile.lower.secrets import report_in_block
from wfcompile.models import PyStage, VirtualPyStage
from wfcompile.nodes import MappingNode, is_unread
from wfcompile.resolve.arguments import Bound, BoundEntry
from wfcompile.resolve.imports import ImportGraph, names_of
from wfcompile.types import (
    NO_OUTPUTS,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    RecordType,
    Type,
    UnionType,
)

_INJECTED = {"result": "result"}
"""Name that a block may read -> what the context calls it (language.md section 6, py)."""

_CONTEXT = frozenset(
    ["params", "jobs", "matrix", "stages", "item", "loop", "ctx", "rt"]
)
_OBJECT = frozenset(dir(builtins))
_NEVER = frozenset(["ctx", "rt", *keyword.kwlist, *_OBJECT])
"""What no local may be called."""
_LOOKING_AT_ALL = frozenset(["dir", "eval", "exec", "locals", "vars"])
"""Builtins that read names without naming them."""


@dataclass(frozen=True, slots=True)
class Run:
    """The text of a `run:`.

    Attributes:
        bound: place of a hole -> its value.
        variables: what `vars` gives, without refused names.
        given: the names of `vars`, refused ones too.
        is_partly_given: some of `vars` could not be read.
    """

    block: PythonBlock
    text: Text
    bound: Mapping[int, Typed]
    variables: Sequence[BoundEntry]
    given: frozenset[str]
    is_partly_given: bool = False


def read_run(
    stage: PyStage | VirtualPyStage,
    binder: ValueBinder,
    as_variable: Callable[[Bound], Type],
    *,
    names: KnownNames = NO_NAMES,
    is_script: bool = False,
) -> Run | None:
    """None when its syntax is wrong, or it could not be read.

    Args:
        names: what is known of the users' modules.
        as_variable: what a name of `vars` is taken for, by its value.
    """
    if is_unread(stage.run):
        return None
    variables = block_variables(stage.vars, binder.rendering_only())
    text = parse_text(stage.run, binder.diagnostics, env=False)
    report_other_braces(stage.run, binder.scope, binder.diagnostics, "python")
    bound = {hole.start: binder.hole(stage.run, hole) for hole in text.holes}
    block = read_block(
        stage.run,
        text,
        lambda hole: bound[hole.start].type,
        binder.diagnostics,
        variables={each.key: as_variable(each.value) for each in variables},
        names=names,
        is_script=is_script,
    )
    given = frozenset(each.key.text for each in stage.vars or ())
    if block is None:
        return None
    return Run(block, text, bound, variables, given, "vars" in stage.unread)


def lower_block(
    stage: PyStage, binder: ValueBinder, outputs_class: str, project: Project
) -> Lowered:
    sources = project.callers.names
    run = read_run(stage, binder, _inferred, names=sources)
    if run is None:
        return Lowered(NOTHING.body, UNKNOWN, MapType(STR, UNKNOWN))
    block = run.block
    used = used_variables(run, _LOOKING_AT_ALL, binder.diagnostics)
    _report_hidden(stage, run, used, binder.diagnostics)
    injected = _injected(run, binder.diagnostics)
    _note_uses(block, project.imports, binder.uses)
    _report_slips(block, project.imports, binder.diagnostics)
    if any(map(sources.is_untyped, block.calls)):
        binder.uses.untyped.add("calls")
    outputs = _outputs(block)
    # without an id there is no record that holds them
    recorded = [each.name for each in outputs if stage.id is not None]
    report_in_block(stage, run.text, recorded, binder)
    body = ir.BlockBody(
        variables=(*((each.key, each.value.expr) for each in used), *injected),
        lines=block.lines,
        holes=tuple(_holes(stage, run, binder.diagnostics)),
        outputs=outputs,
        outputs_class=outputs_class,
        declared=block.loose,
        completes=block.completes,
        yaml_lines=block.yaml_lines,
    )
    if not outputs:
        return Lowered(body, NO_OUTPUTS, NO_OUTPUTS)
    record = RecordType(
        "",
        outputs_class,
        "typeddict",
        tuple(Field(each.name, each.type, each.always) for each in outputs),
    )
    return Lowered(body, record, record)


def _inferred(value: Bound) -> Type:
    """What mypy takes a variable for; a choice stays one, which lists do not take for a text."""
    if isinstance(value.type, LiteralType) and not isinstance(value.expr, ir.Const):
        return value.type
    return _as_inferred(value.type)


def _as_inferred(type_: Type) -> Type:
    """What mypy takes a variable for: of a literal with items of several types, any."""
    match plain(type_):
        case MapType(key, UnionType()):
            return MapType(key, UNKNOWN)
        case MapType(key, value):
            return MapType(key, _as_inferred(value))
        case ListType(UnionType()):
            return ListType(UNKNOWN)
        case ListType(item):
            return ListType(_as_inferred(item))
        case other:
            return other


def _note_uses(block: PythonBlock, imports: ImportGraph, uses: Uses) -> None:
    if block.untyped:
        uses.untyped.add("functions")
    for imported in block.imports:
        uses.block_modules.update(names_of(imported))
        if not imports.is_known(imported):
            uses.untyped.add("imports")


def _report_slips(
    block: PythonBlock, imports: ImportGraph, diagnostics: Diagnostics
) -> None:
    """Adds WF255, unless a module of that name stands beside the callers."""
    for slip, span in block.slips:
        is_module = slip.written == slip.module
        if is_module and imports.is_known(Imported(slip.module)):
            continue
        what = "there is no module" if is_module else f'"{slip.module}" has no name'
        diagnostics.warning(
            "WF255",
            f'{what} "{slip.written}" in Python',
            span,
            help=f'did you mean "{slip.meant}"?',
        )


def _outputs(block: PythonBlock) -> tuple[ir.BlockOutput, ...]:
    """A name of which only the run knows what it is goes through `rt.bound`, as one that may be
    unbound does."""
    return tuple(
        ir.BlockOutput(
            each.name,
            each.type,
            always=each.always and each.name not in block.dynamic,
            is_function=each.name in block.functions,
        )
        for each in block.outputs
    )


# --- templates ---


def _holes(
    stage: PyStage, run: Run, diagnostics: Diagnostics
) -> Iterable[ir.BlockHole]:
    taken = run.given.union(words_of(stage.run.text, run.text.holes), _NEVER)
    taken = taken.union(*(names_read(each.expr) for each in run.bound.values()))
    names = VariableNames(stage.run.text, taken)
    for use in run.block.holes:
        typed = run.bound[use.hole.start]
        value = typed.expr
        if use.literal:
            value = ir.Call("rt.literal", (value,))
            place = stage.run.span_of(use.hole.start, use.hole.end)
            warn_of_pasted(place, typed.type, diagnostics)
        elif use.quote:
            value = as_part(typed)
        name = names.name(use.hole) if use.quote else ""
        yield ir.BlockHole(use.placeholder, value, use.quote, name)


# --- names ---


def _report_hidden(
    stage: PyStage, run: Run, used: Sequence[BoundEntry], diagnostics: Diagnostics
) -> None:
    """Adds WF251: in a function a name that is bound anywhere hides what it means outside."""
    values = [(entry.value.expr, entry.value.span) for entry in used]
    values += [
        (
            run.bound[use.hole.start].expr,
            stage.run.span_of(use.hole.start, use.hole.end),
        )
        for use in run.block.holes
    ]
    hidden = run.block.bound.union(entry.key for entry in run.variables)
    for expr, span in values:
        for name in dict.fromkeys(names_read(expr)):
            if name in hidden:
                diagnostics.error(
                    "WF251",
                    f'block binds "{name}", which this value needs itself',
                    span,
                    help="use another name in the block",
                )


def block_variables(node: MappingNode | None, binder: ValueBinder) -> list[BoundEntry]:
    """Adds WF249: a name that is none, or that hides a value of the context."""
    entries = binder.entries(node) if node else ()
    kept: list[BoundEntry] = []
    for entry in entries:
        if entry.key in _CONTEXT:
            message = f'"{entry.key}" in "vars" would hide the value of that name'
        elif not entry.key.isidentifier() or keyword.iskeyword(entry.key):
            message = f'"{entry.key}" in "vars" is no name that Python can read'
        else:
            kept.append(entry)
            continue
        help = "use another name"
        binder.diagnostics.error("WF249", message, entry.key_span, help=help)
    return kept


def used_variables(
    run: Run, looking_at_all: Set[str], diagnostics: Diagnostics
) -> list[BoundEntry]:
    """Adds WF252: without those that the block never looks at, which linters would find.

    Args:
        looking_at_all: builtins that read the names of the block without naming them.
    """
    names = run.block.reads | run.block.bound
    used: list[BoundEntry] = []
    for entry in run.variables:
        if entry.key in names or not names.isdisjoint(looking_at_all):
            used.append(entry)
            continue
        diagnostics.warning(
            "WF252",
            f'"{entry.key}" in "vars" is not used in the block',
            entry.key_span,
            help=_unused_help(entry.key, run),
        )
    return used


def _unused_help(name: str, run: Run) -> str:
    """No `Suggestion`: what the block lacks is mended there."""
    meant = did_you_mean(name, (each.name for each in run.block.free))
    return str(meant) if meant else "remove it"


def _injected(run: Run, diagnostics: Diagnostics) -> list[tuple[str, ir.Expr]]:
    """Adds WF250 for names that nothing gives a value."""
    found: list[tuple[str, ir.Expr]] = []
    for each in run.block.free:
        if each.name in _INJECTED:
            found.append((each.name, ir.ContextValue(_INJECTED[each.name])))
            continue
        report_undefined(each, run, diagnostics)
    return found


def report_undefined(name: FreeName, run: Run, diagnostics: Diagnostics) -> None:
    """Adds WF250, unless it is a name of `vars`, refused or not: that has been told."""
    is_told = name.name in run.given or run.is_partly_given
    for span in name.spans if not is_told else ():
        diagnostics.error(
            "WF250",
            f'name "{name.name}" is not defined in this block',
            span,
            help=_undefined_help(name.name, run.block.bound, run.given),
        )


def _undefined_help(name: str, bound: frozenset[str], given: frozenset[str]) -> str:
    if name in bound:
        return "assign it above this line"
    if name in _CONTEXT:
        return f"write ${{{{ {name}. ... }}}} to read it"
    return (
        did_you_mean(name, bound | given | _OBJECT)
        or 'import it, assign it, or give it through "vars"'
    )
