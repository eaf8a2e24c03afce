"""A `run:` block -> its IR body: the author's lines, the templates in them, what they bind.

Adds WF249 (`vars` that shadow, differences D14), WF250 (undefined names) and WF501 (a text
that the interpreter would paste as code).
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Mapping

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.typed import Typed
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics, did_you_mean
from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.python_text import FreeName, PythonBlock, read_block
from wfcompile.lower.bodies import NOTHING, Lowered
from wfcompile.models import PyStage
from wfcompile.nodes import MappingNode
from wfcompile.resolve.arguments import BoundEntry
from wfcompile.types import (
    NO_OUTPUTS,
    STR,
    UNKNOWN,
    Field,
    MapType,
    RecordType,
    Type,
)

_INJECTED = {"result": "result"}
"""Name that a block may read -> what the context calls it (language.md section 6, py)."""

_CONTEXT = frozenset(
    ["params", "jobs", "matrix", "stages", "item", "loop", "ctx", "rt"]
)
_OBJECT = frozenset(dir(builtins))


def lower_block(stage: PyStage, binder: ValueBinder, outputs_class: str) -> Lowered:
    variables = _variables(stage.vars, binder)
    text = parse_text(stage.run, binder.diagnostics, env=False)

    bound = {hole.start: binder.hole(stage.run, hole) for hole in text.holes}
    block = read_block(
        stage.run,
        text,
        lambda hole: bound[hole.start].type,
        binder.diagnostics,
        variables={each.key: plain(each.value.type) for each in variables},
    )
    if block is None:
        return Lowered(NOTHING.body, UNKNOWN, MapType(STR, UNKNOWN))
    injected = _injected(block.free, binder.diagnostics)
    binder.uses.untyped |= block.untyped
    outputs = _outputs(block)
    body = ir.BlockBody(
        variables=(*((each.key, each.value.expr) for each in variables), *injected),
        lines=block.lines,
        holes=tuple(_holes(stage, block, bound, binder.diagnostics)),
        outputs=outputs,
        outputs_class=outputs_class,
        declared=block.loose,
        completes=block.completes,
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
    stage: PyStage,
    block: PythonBlock,
    bound: Mapping[int, Typed],
    diagnostics: Diagnostics,
) -> Iterable[ir.BlockHole]:
    """`bound`: place of a hole -> its value."""
    for use in block.holes:
        typed = bound[use.hole.start]
        value = typed.expr
        if use.literal:
            value = ir.Call("rt.literal", (value,))
            _warn_of_pasted(stage, use.hole, typed.type, diagnostics)
        yield ir.BlockHole(use.placeholder, value, use.quote)


def _warn_of_pasted(
    stage: PyStage, hole: Hole, type_: Type, diagnostics: Diagnostics
) -> None:
    """Only where the value is a text for sure: what it looks like decides what it becomes."""
    if plain(type_) == STR:
        diagnostics.warning(
            "WF501",
            "template is a text in the place of code; it is read as a Python literal",
            stage.run.span_of(hole.start, hole.end),
            help="put quotes around it to have the text itself",
        )


# --- names ---


def _variables(node: MappingNode | None, binder: ValueBinder) -> list[BoundEntry]:
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


def _injected(
    free: Iterable[FreeName], diagnostics: Diagnostics
) -> list[tuple[str, ir.Expr]]:
    """Adds WF250 for names that nothing gives a value."""
    found: list[tuple[str, ir.Expr]] = []
    for each in free:
        if each.name in _INJECTED:
            found.append((each.name, ir.ContextValue(_INJECTED[each.name])))
            continue
        for span in each.spans:
            diagnostics.error(
                "WF250",
                f'name "{each.name}" is not defined in this block',
                span,
                help=_undefined_help(each.name),
            )
    return found


def _undefined_help(name: str) -> str:
    if name in _CONTEXT:
        return f"write ${{{{ {name}. ... }}}} to read it"
    return (
        did_you_mean(name, _OBJECT) or 'import it, assign it, or give it through "vars"'
    )
