"""Declared params -> fields of `Params` and the symbols that templates see.

Source of the conversions: language.md section 3; differences D4 (defaults are filled in).
Adds WF350 (a default that does not fit), WF351 (a template in a default), WF352 (two params with
one Python name), WF353 (a variable of the environment in a default), WF355 (an option twice).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wfcompile import ir
from wfcompile.bind.scope import ParamSymbol
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.expressions.nodes import EnvRef
from wfcompile.expressions.parser import parse_text
from wfcompile.lower.param_values import PRECISION, convert, help_for, misfit
from wfcompile.models import Param
from wfcompile.names import attribute_name
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode, plain_value
from wfcompile.types import (
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    LiteralType,
    MapType,
    Type,
    union,
)

_TYPES: dict[str, Type] = {
    "str": STR,
    "int": INT,
    "float": FLOAT,
    "decimal": DECIMAL,
    "date": DATE,
    "datetime": DATETIME,
    "map": MapType(STR, UNKNOWN),
    "array": ListType(UNKNOWN),
}


def lower_params(
    params: Iterable[Param], diagnostics: Diagnostics
) -> tuple[tuple[ir.Parameter, ...], dict[str, ParamSymbol]]:
    """The fields in YAML order, and param name -> symbol."""
    fields: list[ir.Parameter] = []
    symbols: dict[str, ParamSymbol] = {}
    for param in params:
        field = _lower_param(param, diagnostics)
        twin = next((f for f in fields if f.attribute == field.attribute), None)
        if twin is not None:
            diagnostics.error(
                "WF352",
                f'params "{twin.name}" and "{param.name}" would both be '
                f'"{field.attribute}" in Python',
                param.name_span,
                notes=[Note("the other one is here", symbols[twin.name].span)],
                help="rename one of them",
            )
        else:
            fields.append(field)
        symbols[param.name] = ParamSymbol(field.attribute, field.type, param.name_span)
    return tuple(fields), symbols


def _report_twice(param: Param, diagnostics: Diagnostics) -> None:
    node = param.node.get("options") if isinstance(param.node, MappingNode) else None
    if not isinstance(node, SequenceNode):
        return  # its key is misspelt, which has been told
    options: Sequence[str | int] = param.options
    first: dict[str | int, Node] = {}
    for value, item in zip(options, node.items, strict=True):
        if value in first:
            diagnostics.warning(
                "WF355",
                f'option "{value}" is in the list twice',
                item.span,
                notes=[Note("the first one is here", first[value].span)],
                help="remove one of them",
            )
        first.setdefault(value, item)


def _lower_param(param: Param, diagnostics: Diagnostics) -> ir.Parameter:
    type_ = _type(param, diagnostics)
    default: ir.Value = None
    if param.default is not None and type_ != UNKNOWN:
        default = _default(param, param.default, diagnostics)
        # one that was refused makes no difference to those who read the param
        if plain_value(param.default) is None:
            type_ = union((type_, NONE))
    attribute = attribute_name(param.name)
    return ir.Parameter(
        param.name,
        attribute,
        type_,
        has_default=param.default is not None,
        default=default,
        metadata=tuple(_metadata(param, attribute)),
    )


def _type(param: Param, diagnostics: Diagnostics) -> Type:
    if not param.unread.isdisjoint(("type", "options")):
        return UNKNOWN
    type_ = _TYPES.get(param.type)
    if type_ is not None:
        return type_
    if not param.options:
        # it was refused; a literal of nothing would fit nowhere
        return UNKNOWN
    _report_twice(param, diagnostics)
    return LiteralType(tuple(dict.fromkeys(param.options)))


def _metadata(param: Param, attribute: str) -> Iterable[tuple[str, str | int | bool]]:
    if attribute.replace("_", "-") != param.name:
        yield "name", param.name
    if param.desc:
        yield "desc", param.desc
    if param.required:
        yield "required", True
    if param.precision is not None and param.precision != PRECISION:
        yield "precision", param.precision


# --- defaults ---


def _default(param: Param, node: Node, diagnostics: Diagnostics) -> ir.Value:
    value = plain_value(node)
    if _holds_template(value):
        diagnostics.error(
            "WF351",
            f'default of param "{param.name}" holds a template, expected a constant',
            node.span,
            help="write the template where the param is used",
        )
        return None
    if value is None:
        return None
    if isinstance(node, Scalar):
        _warn_of_variables(param, node, diagnostics)
    try:
        return convert(param, value)
    except ValueError:
        diagnostics.error(
            "WF350",
            f'default of param "{param.name}" is {misfit(param, _shown(node))}',
            node.span,
            help=help_for(param, value),
        )
        return None


def _holds_template(value: object) -> bool:
    match value:
        case str():
            return "${{" in value
        case list():
            return any(map(_holds_template, value))
        case dict():
            return any(map(_holds_template, value.values()))
    return False


def _warn_of_variables(param: Param, node: Scalar, diagnostics: Diagnostics) -> None:
    """Adds WF353: the interpreter reads it later, with the text it has become a part of (D6)."""
    if not isinstance(node.value, str):
        return
    for part in parse_text(node, Diagnostics()).parts:
        if isinstance(part, EnvRef):
            diagnostics.warning(
                "WF353",
                f'default of param "{param.name}" holds "${{{part.name}}}", '
                "which stays as it is written",
                node.span_of(part.start, part.end),
                help="read the variable where the param is used",
            )


def _shown(node: Node) -> str:
    match node:
        case Scalar():
            return f'"{node.text}"'
        case SequenceNode():
            return "a list"
    return "a mapping"
