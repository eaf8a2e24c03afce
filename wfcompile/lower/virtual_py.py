"""A `run:` block with `deps` -> a script of its own (language.md section 6, virtual-py).

A template becomes a name of the script, whose value is handed over; no value becomes a part of
the text. Adds WF253 (a header in the block) and, as other blocks do, WF249, WF250, WF252, WF501.
"""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from wfcompile import ir
from wfcompile.bind.operators import plain
from wfcompile.bind.pasted import warn_of_pasted
from wfcompile.bind.typed import Typed
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.python_text import PythonBlock
from wfcompile.expressions.shell_names import VariableNames
from wfcompile.lower.blocks import (
    read_run,
    report_undefined,
    used_variables,
)
from wfcompile.lower.bodies import NOTHING, Lowered
from wfcompile.lower.hidden_names import words_of
from wfcompile.lower.secrets import report_in_block
from wfcompile.models import VirtualPyStage
from wfcompile.nodes import Scalar
from wfcompile.types import BASH_OUTPUTS

_HEADER = "# /// script"
_HEADER_LINE = re.compile(rf"^[ \t]*({_HEADER})[ \t]*$", re.MULTILINE)
_LOOKING_AT_ALL = frozenset(["dir", "eval", "exec", "globals", "locals", "vars"])
"""Builtins that read names of a script without naming them."""


def lower_virtual_py(
    stage: VirtualPyStage, binder: ValueBinder, constant: str
) -> Lowered:
    diagnostics = binder.diagnostics
    run = read_run(stage, binder, lambda value: plain(value.type), is_script=True)
    if run is None:
        return Lowered(NOTHING.body, BASH_OUTPUTS, BASH_OUTPUTS)
    block = run.block
    report_in_block(stage, run.text, (), binder)
    _report_header(stage.run, block, diagnostics)
    for name in block.free:
        report_undefined(name, run, diagnostics)
    used = used_variables(run, _LOOKING_AT_ALL, diagnostics)
    own = run.given.union(words_of(stage.run.text, run.text.holes))
    names = _names(stage.run, block, own)
    body = ir.VirtualPyBody(
        constant,
        _header(stage) + _filled(block, names),
        (
            *((each.key, each.value.expr) for each in used),
            *_values(stage.run, block, names, run.bound, diagnostics),
        ),
        block.yaml_lines,
    )
    return Lowered(body, BASH_OUTPUTS, BASH_OUTPUTS)


# --- the header ---


def _header(stage: VirtualPyStage) -> str:
    """PEP 723; a requirement is a TOML string, which is written as in JSON."""
    deps = [json.dumps(each, ensure_ascii=False) for each in stage.deps]
    lines = [_HEADER]
    if stage.version is not None:
        lines.append(f'# requires-python = ">={stage.version}"')
    if len(deps) > 1:
        # a line each, so that one more is one line more
        rows = [f"#     {each}," for each in deps]
        lines += ["# dependencies = [", *rows, "# ]"]
    else:
        lines.append(f"# dependencies = [{''.join(deps)}]")
    return "".join(f"{line}\n" for line in [*lines, "# ///"])


def _report_header(run: Scalar, block: PythonBlock, diagnostics: Diagnostics) -> None:
    """Adds WF253: uv would read one header of the two."""
    found = _HEADER_LINE.search(run.text)
    if found and any(line.indent and line.text == _HEADER for line in block.lines):
        diagnostics.error(
            "WF253",
            "block has a script header of its own",
            run.span_of(*found.span(1)),
            help='write what it asks for in "deps" and "version"',
        )


# --- templates ---


def _names(run: Scalar, block: PythonBlock, own: Iterable[str]) -> dict[str, str]:
    """Placeholder -> name; the same for the same value.

    A text that is read as a literal is another value than the text itself.

    Args:
        own: the names that the script has.
    """
    taken = {*own, *keyword.kwlist, *dir(builtins)}
    texts = _named(run, block, taken, literal=False)
    return texts | _named(run, block, taken.union(texts.values()), literal=True)


def _named(
    run: Scalar, block: PythonBlock, taken: Collection[str], *, literal: bool
) -> dict[str, str]:
    names = VariableNames(run.text, taken)
    return {
        use.placeholder: names.name(use.hole)
        for use in block.holes
        if use.literal is literal
    }


def _filled(block: PythonBlock, names: Mapping[str, str]) -> str:
    text = "\n".join(line.text for line in block.lines)
    if not names:
        return text
    placeholders = "|".join(map(re.escape, names))
    # a name ends where no further letter follows: h1 is not found in h12
    return re.sub(
        rf"(?<!\w)(?:{placeholders})(?!\w)", lambda found: names[found[0]], text
    )


def _values(
    run: Scalar,
    block: PythonBlock,
    names: Mapping[str, str],
    bound: Mapping[int, Typed],
    diagnostics: Diagnostics,
) -> Iterator[tuple[str, ir.Expr]]:
    """The names and their values, each once; `bound`: place of a hole -> its value."""
    told: set[str] = set()
    for use in block.holes:
        typed, name = bound[use.hole.start], names[use.placeholder]
        if use.literal:
            place = run.span_of(use.hole.start, use.hole.end)
            warn_of_pasted(place, typed.type, diagnostics)
        if name not in told:
            told.add(name)
            yield (
                name,
                ir.Call("rt.literal", (typed.expr,)) if use.literal else typed.expr,
            )
