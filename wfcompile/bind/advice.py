"""What to do about operands, indexes and methods that do not go together: the help lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wfcompile.bind.functions import Signature, methods_of
from wfcompile.bind.operators import members
from wfcompile.diagnostics import did_you_mean, listing
from wfcompile.resolve.misfits import in_words
from wfcompile.types import (
    FLOAT,
    INT,
    NONE,
    STR,
    ListType,
    LiteralType,
    MapType,
    RecordType,
    Type,
    is_optional,
)

_TAKES = {
    "+": "two numbers, two texts or two lists",
    "-": "two numbers or two dates",
    "*": "two numbers, or an int and a text or list",
    **dict.fromkeys(("/", "//", "%", "**"), "two numbers"),
    **dict.fromkeys(("==", "!="), "values that can be equal"),
    **dict.fromkeys(
        ("<", "<=", ">", ">="), "two numbers, texts, dates, or lists of these"
    ),
    **dict.fromkeys(("is", "is not"), 'None on one side; "==" compares values'),
    **dict.fromkeys(("in", "not in"), "a value, and the text, list or map to look in"),
}


def way_out(op: str, *types: Type) -> str:
    """What to do about operands that do not go together."""
    found = {each for type_ in types for each in members(type_)}
    near = _near(*types) if op in ("==", "!=") else None
    if near is not None:
        return near
    if NONE in found and len(found) > 1 and op not in ("==", "!="):
        return "give it a value first: | coalesce(...)"
    if STR in found and op == "+" and any(isinstance(e, ListType) for e in found):
        return (
            "put the text into a list, as in [1] + ['a'], or make texts of both: | str"
        )
    if STR in found and op == "+":
        return "make a text of the other one: | str"
    is_number = len(types) == 1 or bool(found & {INT, FLOAT})
    if STR in found and is_number and op not in ("in", "not in"):
        return _number_in_quotes(*types) or "make a number of the text: | int"
    return f'"{op}" takes {_TAKES[op]}' if len(types) > 1 else f'"{op}" takes a number'


def _near(left: Type, right: Type) -> str | None:
    """For `mode == "fulll"`: the option that is meant."""
    match left, right:
        case LiteralType(values), LiteralType((str(text),)):
            return did_you_mean(text, map(str, values))
        case LiteralType((str(text),)), LiteralType(values):
            return did_you_mean(text, map(str, values))
    return None


def _number_in_quotes(*types: Type) -> str | None:
    """For `rows > "10"`: the number that is meant."""
    for type_ in types:
        match type_:
            case LiteralType((str(text),)) if text.isdecimal() and text.isascii():
                return f"write {text} without quotes"
    return None


def method_help(name: str, type_: Type, methods: Mapping[str, Signature]) -> str | None:
    if is_optional(type_):
        return "give it a value first: | coalesce(...)"
    if not methods and name in methods_of(STR):
        return "make a text of it first: | str"
    near = did_you_mean(name, methods)
    return near or listing("its methods are", sorted(methods))


def no_key(key: object, of: str | None) -> str:
    """What is said of a key that is not there; `of` is the name of the map, if it has one."""
    match of:
        case None:
            return f'the map has no "{key}"'
        case "outputs":
            return f'the outputs have no "{key}"'
    return f'"{of}" has no "{key}"'


def key_help(key: str, keys: Sequence[str], *, of: str | None) -> str:
    near = did_you_mean(key, keys)
    if near is not None:
        return near
    if of == "outputs":
        return listing("they have", keys) or "the stage puts nothing out"
    return listing("it has", keys) or "it is empty"


def index_help(type_: Type) -> str:
    match type_:
        case MapType(key):
            return f"its keys are {in_words(key)}"
        case RecordType():
            return "write the key itself, as a text"
        case ListType():
            return "a list takes an int"
    return (
        "a text takes an int"
        if type_ == STR
        else "only a text, a list or a map has parts"
    )
