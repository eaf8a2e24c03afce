"""The hooks of an emitted module that was not read to its end, from its text.

The compiler writes a command as a text, or as the name of one, and an address as a text, or as
a function that makes one of texts and variables of the environment. Nothing else is followed.
"""

from __future__ import annotations

import ast

from .hooks import Ping, RunHook, UrlHook
from .stages import env

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

KINDS: dict[str, Callable[..., Any]] = {
    "RunHook": RunHook,
    "UrlHook": UrlHook,
    "Ping": Ping,
}


def hooks_of(
    body: list[ast.stmt], options: Mapping[str | None, ast.expr]
) -> dict[str, Any]:
    """The options of the graph that are about hooks.

    Args:
        body: Of the module.
        options: Of its graph, as expressions.
    """
    texts = {
        ast.unparse(node.targets[0]): node.value
        for node in body
        if isinstance(node, ast.Assign)
    }
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    found: dict[str, Any] = {}
    for name in ("on_failure", "on_success"):
        hooks = options.get(name)
        if isinstance(hooks, ast.List):
            found[name] = [_hook(each, texts, functions) for each in hooks.elts]
    if "ping" in options:
        found["ping"] = _hook(options["ping"], texts, functions)
    if "hook_env" in options:
        found["hook_env"] = ast.literal_eval(options["hook_env"])
    return found


def _hook(
    node: ast.expr,
    texts: Mapping[str, ast.expr],
    functions: Mapping[str, ast.FunctionDef],
) -> Any:
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    (what,) = node.args
    options = {str(each.arg): ast.literal_eval(each.value) for each in node.keywords}
    value: object
    if isinstance(what, ast.Name) and what.id in functions:
        returned = functions[what.id].body[-1]
        assert isinstance(returned, ast.Return) and returned.value is not None
        value = _reader(returned.value)
    else:
        value = ast.literal_eval(texts.get(ast.unparse(what), what))
    return KINDS[node.func.attr](value, **options)


def _reader(node: ast.expr) -> Callable[[], str]:
    return lambda: _text(node)


def _text(node: ast.expr) -> str:
    """A literal, an f-string of them, `rt.env(...)` with literals."""
    match node:
        case ast.JoinedStr(parts):
            return "".join(map(_text, parts))
        case ast.FormattedValue(inner):
            return _text(inner)
        case ast.Call(ast.Attribute(attr="env"), arguments):
            return env(*map(ast.literal_eval, arguments))
    return str(ast.literal_eval(node))
