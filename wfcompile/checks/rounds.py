"""What is known when the condition of an until is asked: the number and the item of each round.

A block whose item is made of the last one by constants alone (`item = ${{ item }} + 2`) is
followed round by round, from an item that is known. Everything else an item may be.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import add, floordiv, mod, mul, sub

from wfcompile import ir
from wfcompile.checks.truth import Domain, possible_values
from wfcompile.types import RecordType

ITEM, LOOP = ir.ContextValue("item"), ir.ContextValue("loop")

Round = Mapping[ir.Expr, Sequence[ir.Value]]
_Plain = int | float | str

_OUTPUT = "item"
_OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    **{ast.Add: add, ast.Sub: sub, ast.Mult: mul},
    **{ast.FloorDiv: floordiv, ast.Mod: mod},
}
_LARGEST = 10**30
_OTHER_WAYS = frozenset(("eval", "exec", "globals", "locals", "setattr", "vars"))


def rounds_of(body: ir.UntilBody, domain: Domain) -> Iterator[Round]:
    """What the condition reads after each round; the number is that of the round to come.

    Args:
        domain: what is known outside of it.
    """
    givers = [each for each in body.stages if _may_give_item(each)]
    item = _only(possible_values(body.item, (), domain))
    for number in range(1, body.max_loop + 1):
        if not givers:
            yield {LOOP: [number + 1], ITEM: [number + 1]}
            continue
        item = None if item is None else _next_item(givers[-1], item, number)
        known: dict[ir.Expr, Sequence[ir.Value]] = {LOOP: [number + 1]}
        if item is not None:
            known[ITEM] = [item]
        yield known


def _may_give_item(stage: ir.Stage) -> bool:
    if not stage.has_id:
        return False
    returns = stage.returns
    if not isinstance(returns, RecordType) or returns.extra:
        return True
    return returns.field(_OUTPUT) is not None


def _only(values: Sequence[ir.Value] | None) -> _Plain | None:
    """The one value that there is, if it is a number or a text."""
    if values is None or len(values) != 1:
        return None
    return _plain(values[0])


def _plain(value: object) -> _Plain | None:
    if isinstance(value, int | float) and not abs(value) < _LARGEST:
        return None
    return value if isinstance(value, int | float | str) else None


def _next_item(stage: ir.Stage, item: _Plain, number: int) -> _Plain | None:
    """What the stage puts out in that round, None when it is not known."""
    body = stage.body
    if stage.condition is not None or not isinstance(body, ir.BlockBody):
        return None
    made = _made_item("\n".join(line.text for line in body.lines))
    here = Domain({ITEM: [item], LOOP: [number]})
    values = {
        name: _only(possible_values(expr, (), here))
        for name, expr in (
            *body.variables,
            *((hole.placeholder, hole.value) for hole in body.holes),
        )
    }
    try:
        return None if made is None else _value(made, values)
    except RecursionError:
        return None


def _made_item(text: str) -> ast.expr | None:
    """What is assigned to `item`, when that is done once, whatever happens in the block."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    binds = [each for each in ast.walk(tree) if _binds_item(each)]
    if len(binds) != 1:
        return None
    for statement in tree.body:
        match statement:
            case ast.Assign([ast.Name() as target], value) if target in binds:
                return value
            case ast.AugAssign(ast.Name() as target, op, value) if target in binds:
                return ast.BinOp(ast.Name(_OUTPUT, ast.Load()), op, value)
    return None


def _binds_item(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name == _OUTPUT
        case ast.Name(id=name):
            return name in _OTHER_WAYS
    names = (getattr(node, each, None) for each in ("name", "asname", "rest"))
    return _OUTPUT in names


def _value(expr: ast.expr, values: Mapping[str, _Plain | None]) -> _Plain | None:
    match expr:
        case ast.Constant(value):
            return _plain(value)
        case ast.Name(name):
            return values.get(name)
        case ast.BinOp(left, op, right):
            return _calculated(type(op), _value(left, values), _value(right, values))
        case ast.UnaryOp(ast.USub(), operand):
            return _calculated(ast.Sub, 0, _value(operand, values))
    return None


def _calculated(
    op: type[ast.operator], left: _Plain | None, right: _Plain | None
) -> _Plain | None:
    """With whole numbers alone: they are exact."""
    if op not in _OPERATORS or not isinstance(left, int) or not isinstance(right, int):
        return None
    try:
        return _plain(_OPERATORS[op](left, right))
    except ZeroDivisionError:
        return None
