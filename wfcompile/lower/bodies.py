"""One stage's action -> its IR body: echo, bash, uses, raise; blocks are in `blocks.py`."""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile import ir
from wfcompile.bind.other_braces import report_other_braces
from wfcompile.bind.typed import Typed
from wfcompile.bind.values import ValueBinder
from wfcompile.expressions.nodes import FilterCall, Hole
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import rewrite_shell
from wfcompile.lower.secrets import report_in_shell, report_shown
from wfcompile.lower.shell_values import is_free_text, shell_variables
from wfcompile.models import BashStage, CallStage, EmptyStage, RaiseStage
from wfcompile.names import CONTEXT
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.resolve.arguments import BoundEntry, fit_arguments, returns_outputs
from wfcompile.resolve.callers import Caller
from wfcompile.shellcheck.texts import ShellText
from wfcompile.types import (
    BASH_OUTPUTS,
    INT,
    NO_OUTPUTS,
    STR,
    UNKNOWN,
    MapType,
    Type,
)


@dataclass(frozen=True, slots=True)
class Lowered:
    """A body with its types.

    `outputs` are the keys that later stages may read, `spelled` what the function is annotated
    with (for a model that is dumped it is wider).
    """

    body: ir.Body
    outputs: Type
    spelled: Type


NOTHING = Lowered(ir.EchoBody(None), UNKNOWN, NO_OUTPUTS)
"""What stands for a body whose errors were reported."""


def lower_empty(stage: EmptyStage, binder: ValueBinder) -> Lowered:
    message = binder.text(stage.echo).expr if stage.echo else None
    report_shown(stage.echo, binder)
    sleep = binder.text(stage.sleep).expr if stage.sleep else None
    if isinstance(sleep, ir.Const) and isinstance(sleep.value, str):
        sleep = ir.Const(float(sleep.value))
    return Lowered(ir.EchoBody(message, sleep), NO_OUTPUTS, NO_OUTPUTS)


def lower_raise(stage: RaiseStage, binder: ValueBinder) -> Lowered:
    message = binder.rendering_only().text(stage.raise_).expr
    report_shown(stage.raise_, binder)
    return Lowered(ir.RaiseBody(message), NO_OUTPUTS, NO_OUTPUTS)


@dataclass(frozen=True, slots=True)
class ShellDefaults:
    """What a job or workflow sets for its shell stages (differences D8).

    `folder` is the function that gives the working directory, so that a line of the YAML stays
    one line however many stages run there.
    """

    shell: str = "bash"
    folder: str | None = None

    def below(self, shell: str | None, folder: str | None) -> ShellDefaults:
        """With what a job sets itself."""
        return ShellDefaults(shell or self.shell, folder or self.folder)


def lower_bash(
    stage: BashStage, binder: ValueBinder, constant: str, defaults: ShellDefaults
) -> Lowered:
    """The YAML's `env` comes first, then a variable for each template of the script."""
    shell = stage.shell or defaults.shell
    env = binder.rendering_only().entries(stage.env) if stage.env else ()
    text = parse_text(stage.bash, binder.diagnostics, env=False)
    report_other_braces(stage.bash, binder.scope, binder.diagnostics, "shell")
    bound = {hole.start: _shell_value(stage.bash, hole, binder) for hole in text.holes}
    script = rewrite_shell(
        stage.bash,
        text,
        binder.diagnostics,
        type_of=lambda hole: bound[hole.start].type,
        is_free=lambda hole: is_free_text(stage.bash, hole, binder),
        shell=shell,
        taken=[entry.key for entry in env],
        environment=shell_variables(stage.env, binder),
    )
    if script is None:
        return Lowered(NOTHING.body, BASH_OUTPUTS, BASH_OUTPUTS)
    report_in_shell(stage.bash, stage.env, text, shell, binder)
    given = [entry.key for entry in env]
    given += [name for name, _ in (*script.holes, *script.words)]
    binder.uses.shell_texts.append(
        ShellText(stage.bash, script, shell, frozenset(given))
    )
    types = {name: bound[hole.start].type for name, hole in script.holes}
    types = {name: types[name] for name in script.typed}
    types |= dict.fromkeys(script.numbers, INT)
    values = [
        *((entry.key, entry.value.expr) for entry in env),
        *((name, bound[hole.start].expr) for name, hole in script.holes),
    ]
    body = ir.BashBody(
        constant,
        script.script,
        tuple((name, _converted(value, types.get(name))) for name, value in values),
        shell,
        _working_directory(stage.working_directory, binder, defaults),
        tuple((name, bound[hole.start].expr) for name, hole in script.words),
    )
    return Lowered(body, BASH_OUTPUTS, BASH_OUTPUTS)


_COUNTED = (ir.ContextValue("loop"), ir.ContextValue("retry"))
"""The values that the run counts itself; an item may be a text of anyone."""


def _converted(value: ir.Expr, type_: Type | None) -> ir.Expr:
    """A value that is safe for its type alone: where a shell computes, or in code.

    What a param, a caller or a block gives has the type by its annotation alone; a shell that
    computes would take `None` or a text for a variable.
    """
    if type_ is None:
        return value
    if isinstance(value, ir.Join):
        return ir.Join(tuple(_converted(part, type_) for part in value.parts))
    if isinstance(value, ir.Const | ir.MatrixValue | ir.Env) or value in _COUNTED:
        return value
    return ir.Convert(type_, value)


def _shell_value(script: Scalar, hole: Hole, binder: ValueBinder) -> Typed:
    """`words` asks for several words of shell text (design.md section 6); it is no filter."""
    match hole.tree:
        case FilterCall(name="words") as call:
            return binder.words(script, call)
    return binder.hole(script, hole)


def _working_directory(
    own: Scalar | None, binder: ValueBinder, defaults: ShellDefaults
) -> ir.Expr | None:
    if own is not None:
        return binder.text(own).expr
    if defaults.folder is None:
        return None
    return ir.Call(defaults.folder, (ir.Name(CONTEXT),))


def lower_call(stage: CallStage, binder: ValueBinder, caller: Caller | None) -> Lowered:
    """Adds WF402 and the others of arguments, and WF409 (a return that is no mapping)."""
    entries = _arguments(stage.with_, binder)
    if caller is None:
        return Lowered(NOTHING.body, UNKNOWN, MapType(STR, UNKNOWN))
    diagnostics = binder.diagnostics
    if not caller.is_annotated:
        binder.uses.untyped.add("calls")
    returns = returns_outputs(caller, stage.uses.span, diagnostics)
    if "with" in stage.unread:
        return Lowered(NOTHING.body, returns.outputs, returns.spelled)
    arguments = fit_arguments(caller, entries, stage.uses.span, diagnostics)
    if arguments is None:
        return Lowered(NOTHING.body, returns.outputs, returns.spelled)
    body = ir.CallBody(
        caller.module,
        caller.function,
        arguments,
        is_async=caller.is_async,
        dump=returns.dump,
    )
    return Lowered(body, returns.outputs, returns.spelled)


def _arguments(node: MappingNode | None, binder: ValueBinder) -> tuple[BoundEntry, ...]:
    return binder.entries(node) if node else ()
