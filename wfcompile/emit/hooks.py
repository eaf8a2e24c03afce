"""The hooks of a workflow: what stands for them in the graph, and beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wfcompile import ir, types
from wfcompile.emit.expressions import Printer
from wfcompile.emit.literals import (
    docstring,
    entries,
    number,
    script_literal,
    text_literal,
)
from wfcompile.emit.view import ConstantView, ExpressionView, FunctionView

_INDENT = "    "
_LONG = 60
"""Characters of a command that are too many for the graph."""


def hook_units(
    hooks: ir.Hooks, printer: Printer
) -> Iterator[ConstantView | ExpressionView]:
    """The constants of long commands, and the functions of addresses, in the YAML's order."""
    ping = () if hooks.ping is None else (hooks.ping,)
    for hook in (*hooks.on_failure, *hooks.on_success, *ping):
        if isinstance(hook, ir.UrlHook):
            if hook.function:
                yield _address_function(hook, printer)
        elif _is_long(hook.script):
            yield ConstantView(hook.constant, script_literal(hook.script))


def hook_options(hooks: ir.Hooks, printer: Printer) -> Iterator[str]:
    """The arguments of the graph."""
    for name in ("on_failure", "on_success"):
        given: Iterable[ir.RunHook | ir.UrlHook] = getattr(hooks, name)
        if given:
            yield f"{name}=[{entries([_hook(each, printer) for each in given])}]"
    if hooks.ping is not None:
        yield f"ping={_address('Ping', hooks.ping, printer)}"


def _address_function(hook: ir.UrlHook, printer: Printer) -> ExpressionView:
    title = docstring(f"{hook.key}.url.", _INDENT)
    returns = printer.imports.annotation(types.STR)
    function = FunctionView(hook.function, "", returns, title)
    return ExpressionView(function, printer.source(hook.url))


def _hook(hook: ir.RunHook | ir.UrlHook, printer: Printer) -> str:
    if isinstance(hook, ir.UrlHook):
        return _address("UrlHook", hook, printer)
    script = text_literal(hook.script)
    if _is_long(hook.script):
        script = hook.constant
    return f"rt.RunHook({', '.join([script, *_timeout(hook.timeout_s)])})"


def _address(kind: str, hook: ir.UrlHook, printer: Printer) -> str:
    arguments = [hook.function or printer.source(hook.url)]
    if hook.retry is not None:
        arguments.append(f"retry={hook.retry}")
    arguments += _timeout(hook.timeout_s)
    return f"rt.{kind}({', '.join(arguments)})"


def _timeout(seconds: float | None) -> Iterator[str]:
    if seconds is not None:
        yield f"timeout={number(float(seconds))}"


def _is_long(script: str) -> bool:
    return len(script) > _LONG or "\n" in script
