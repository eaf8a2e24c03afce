"""Trees -> text with the fewest parentheses, and trees without their offsets."""

from __future__ import annotations

import dataclasses
from typing import Any

from wfcompile.expressions import nodes

_BINARY = {"+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "**": 8}


def without_offsets(tree: Any) -> Any:
    """The tree as nested tuples: class name, then the fields that are no offsets."""
    if isinstance(tree, tuple):
        return tuple(map(without_offsets, tree))
    if not dataclasses.is_dataclass(tree):
        return (type(tree).__name__, tree)
    hidden = ("start", "end", "name_start", "name_end")
    values = [
        without_offsets(getattr(tree, field.name))
        for field in dataclasses.fields(tree)
        if field.name not in hidden
    ]
    return (type(tree).__name__, *values)


def print_tree(tree: nodes.Expression, level: int = 0) -> str:
    text, own = _printed(tree)
    return f"({text})" if own < level else text


def _printed(tree: nodes.Expression) -> tuple[str, int]:
    show = print_tree
    match tree:
        case nodes.Literal(value):
            return repr(value), 11
        case nodes.Path(segments):
            marked = (s.name + "?" * s.optional for s in segments)
            return ".".join(marked), 11
        case nodes.Index(value, key):
            return f"{show(value, 10)}[{show(key)}]", 10
        case nodes.Attribute(value, name):
            return f"{_receiver(value)}.{name}", 10
        case nodes.FilterCall(value, name, args, keywords):
            return f"{show(value, 9)} | {name}({_arguments(args, keywords)})", 9
        case nodes.Call(name, receiver, args, keywords):
            head = "" if receiver is None else f"{_receiver(receiver)}."
            return f"{head}{name}({_arguments(args, keywords)})", 10
        case nodes.Unary("not", operand):
            return f"not {show(operand, 3)}", 3
        case nodes.Unary(op, operand):
            return f"{op}{show(operand, 7)}", 7
        case nodes.Binary("**", left, right):
            return f"{show(left, 9)} ** {show(right, 7)}", 8
        case nodes.Binary(op, left, right):
            own = _BINARY[op]
            return f"{show(left, own)} {op} {show(right, own + 1)}", own
        case nodes.Comparison(left, rest):
            shown = (f" {op} {show(right, 5)}" for op, right in rest)
            return show(left, 5) + "".join(shown), 4
        case nodes.Logic(op, operands):
            own = 1 if op == "or" else 2
            return f" {op} ".join(show(each, own + 1) for each in operands), own
        case nodes.Conditional(test, then, otherwise):
            return f"{show(then, 1)} if {show(test, 1)} else {show(otherwise)}", 0
        case nodes.ListDisplay(items):
            return f"[{', '.join(map(show, items))}]", 11
        case nodes.MapDisplay(items):
            return f"{{{', '.join(f'{show(k)}: {show(v)}' for k, v in items)}}}", 11
    raise AssertionError(tree)


def _receiver(value: nodes.Expression) -> str:
    # a number's own dot would be read as a decimal point
    number = isinstance(value, nodes.Literal) and not isinstance(value.value, str)
    return f"({print_tree(value)})" if number else print_tree(value, 10)


def _arguments(
    args: tuple[nodes.Expression, ...], keywords: tuple[nodes.Keyword, ...]
) -> str:
    shown = [print_tree(arg) for arg in args]
    shown += [f"{k.name}={print_tree(k.value)}" for k in keywords]
    return ", ".join(shown)
