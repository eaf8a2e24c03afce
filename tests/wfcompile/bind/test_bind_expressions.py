"""Operators, functions, methods, filters: what they are bound to, and what does not go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.bind.binding import Binding, binder, bound, filters, scalar_of


@pytest.mark.parametrize(
    ("expression", "source", "type_"),
    [
        ("params.count + 1", "ctx.params.count + 1", "int"),
        ("params.count / 2", "ctx.params.count / 2", "float"),
        ("-params.price * 2", "-ctx.params.price * 2", "Decimal"),
        ("params.text + 'a'", 'ctx.params.text + "a"', "str"),
        ("params.rows + [1]", "ctx.params.rows + [1]", "list[Any]"),
        ("0 < params.count < 10", "0 < ctx.params.count < 10", "bool"),
        ("params.mode == 'full'", 'ctx.params.mode == "full"', "bool"),
        ("params.level == 2", "ctx.params.level == 2", "bool"),
        ("not params.mode == 'full'", 'ctx.params.mode != "full"', "bool"),
        ("params.text in ['a']", 'ctx.params.text in ["a"]', "bool"),
        ("'a' in params.options", '"a" in ctx.params.options', "bool"),
        ("params.maybe == stages.shell.outputs.return_code", 'ctx.params.maybe == ctx.outputs(job__shell)["return_code"]', "bool"),
        ("params.maybe is None", "ctx.params.maybe is None", "bool"),
        ("params.count == True", "ctx.params.count == 1", "bool"),
        ("False != params.share", "0 != ctx.params.share", "bool"),
        ("params.count is 3", "ctx.params.count == 3", "bool"),
        ("(params.count > 1) == True", "(ctx.params.count > 1) is True", "bool"),
        ("params.rows < [[]]", "ctx.params.rows < [[]]", "bool"),
        ("1 == 2", "False", "bool"),
        ("1 is True", "False", "bool"),
        ("'a' in 'abc'", "True", "bool"),
        ("'a' != 'b'", "True", "bool"),
        ("params.nothing? is None", "True", "bool"),
        ("params.nothing? is not None", "False", "bool"),
        ("params.count > 1 and params.share < 2", "ctx.params.count > 1 and ctx.params.share < 2", "bool"),
        ("'a' if params.count else 'b'", '"a" if ctx.params.count else "b"', "str"),
        ("len(params.text)", "len(ctx.params.text)", "int"),
        ("params.rows | length", "len(ctx.params.rows)", "int"),
        ("max(params.count, params.share)", "max(ctx.params.count, ctx.params.share)", "int | float"),
        ("round(params.price, 1)", "round(ctx.params.price, 1)", "Decimal"),
        ("sorted(params.text)", "sorted(ctx.params.text)", "list[str]"),
        ("params.text.split('-')[0]", 'ctx.params.text.split("-")[0]', "str"),
        ("params.mode.upper()", "ctx.params.mode.upper()", "str"),
        ("params.moment.date().year", "ctx.params.moment.date().year", "int"),
        ("params.options.get('a', 5)", 'ctx.params.options.get("a", 5)', "Any"),
        ("params.rows[-1]", "ctx.params.rows[-1]", "Any"),
        ("stages.pick.outputs['base']", 'ctx.outputs(job__pick)["base"]', "str"),
        ("(params.options).a.b", 'ctx.params.options["a"]["b"]', "Any"),
        ("{'a': 1, 'b': params.text}['a']", '{"a": 1, "b": ctx.params.text}["a"]', "int | str"),
        ("[1, params.count]", "[1, ctx.params.count]", "list[int]"),
        ("params.moment | fmt('%Y') | int", 'rt.filters.int(rt.filters.fmt(ctx.params.moment, "%Y"))', "int"),
        ("params.maybe | coalesce(5)", "rt.filters.coalesce(ctx.params.maybe, 5)", "int"),
        ("params.options | getitem('a')", 'rt.filters.getitem(ctx.params.options, "a")', "Any"),
    ],
)  # fmt: skip
def test_what_an_expression_is(expression: str, source: str, type_: str) -> None:
    found = bound(f'"${{{{ {expression} }}}}"')
    assert (found.source, found.type, found.messages) == (source, type_, [])


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("params.text | uper", 'WF320 18-22: no filter is called "uper" (did you mean "upper"?)'),
        ("params.text | xyz", 'WF320 18-21: no filter is called "xyz" (the filters are abs, coalesce, dict, fmt, getindex, getitem, int, keys, length, list, lower, rstr, str, title, upper, values; modules with others stand at "filters" in wfc.toml)'),
        ("leng(params.rows)", 'WF321 4-8: no function is called "leng" (did you mean "len"?)'),
        ("xyz(params.rows)", 'WF321 4-7: no function is called "xyz" (the functions are abs, all, any, bool, float, int, len, list, max, min, round, sorted, str, sum)'),
        ("params.count | upper", 'WF430 19-24: filter "upper" takes str, found int (make a text of it first: | str)'),
        ("params.count | length", 'WF430 19-25: filter "length" takes str, a list or a map, found int'),
        ("params.rows | length(1)", 'WF430 18-24: filter "length" takes no arguments (write \"| length\" alone)'),
        ("params.options | getitem(1.5)", 'WF430 21-28: filter "getitem" takes str as "key", found float'),
        ("params.text.uper()", 'WF431 16-20: str has no method "uper" here (did you mean "upper"?)'),
        ("params.maybe.hex()", 'WF431 17-20: int or None has no method "hex" here (give it a value first: | coalesce(...))'),
        ("params.day.xyz()", 'WF431 15-18: date has no method "xyz" here (its methods are isoformat, isoweekday, strftime, weekday)'),
        ("params.count.upper()", 'WF431 17-22: int has no method "upper" here (make a text of it first: | str)'),
        ("len()", 'WF432 4-7: "len" takes 1 argument, found 0 (write what is missing behind the others)'),
        ("params.text.split('a', 2, 3)", 'WF432 16-21: "split" takes 0 to 2 arguments, found 3 (take away what is too much)'),
        ("round(params.share, ndigits=1)", 'WF432 24-33: "round" takes no named arguments here (pass it by position)'),
        ("params.text - 1", 'WF433 4-19: "-" does not take str and int (make a number of the text: | int)'),
        ("params.maybe + 1", 'WF433 4-20: "+" does not take int or None and int (give it a value first: | coalesce(...))'),
        ("-params.text", 'WF433 4-16: "-" needs a number, found str (make a number of the text: | int)'),
        ("params.mode == 'fulll'", 'WF433 4-26: "==" compares "full" or "delta" with "fulll", which is never equal (did you mean "full"?)'),
        ("params.level == 5", 'WF433 4-21: "==" compares 1 or 2 with 5, which is never equal ("==" takes values that can be equal)'),
        ("params.rows + 'a'", "WF433 4-21: \"+\" does not take list[Any] and \"a\" (put the text into a list, as in [1] + ['a'], or make texts of both: | str)"),
        ("[] in params.options", 'WF433 4-24: "in" looks for list[Any] in dict[str, Any] ("in" takes a value, and the text, list or map to look in)'),
        ("{params.rows: 1}", 'WF433 5-16: list[Any] can be no key'),
        ("params.options[params.rows]", 'WF433 4-31: dict[str, Any] takes no index of list[Any] (its keys are str)'),
        ("{}['a']", 'WF433 4-11: there is nothing at this place'),
        ("[1, 2][2]", 'WF433 4-13: there is nothing at this place'),
        ("params.count is [1]", 'WF433 4-23: "is" compares int with list[int] ("is" takes None on one side; "==" compares values)'),
        ("params.text is params.mode", 'WF433 4-30: "is" compares str with "full" or "delta" ("is" takes None on one side; "==" compares values)'),
        ("[params.text] == [params.count]", 'WF433 4-35: "==" compares list[str] with list[int], which is never equal ("==" takes values that can be equal)'),
        ("[params.text] == {}", 'WF433 4-23: "==" compares list[str] with dict[Any, Any], which is never equal ("==" takes values that can be equal)'),
        ("params.count != 'a'", 'WF433 4-23: "!=" compares int with "a", which is never equal (make a number of the text: | int)'),
        ("params.count < 'a'", 'WF433 4-22: "<" compares int with "a" (make a number of the text: | int)'),
        ("params.maybe < 3", 'WF433 4-20: "<" compares int or None with 3 (give it a value first: | coalesce(...))'),
        ("5 in params.count", 'WF433 4-21: "in" looks for 5 in int ("in" takes a value, and the text, list or map to look in)'),
        ("params.text in stages.shell.outputs.stdout", 'WF433 4-46: "in" looks for str in str or None (give it a value first: | coalesce(...))'),
        ("params.maybe[0]", "WF433 4-16: int or None takes no index (give it a value first: | coalesce(...))"),
        ("params.rows['a']", 'WF433 4-20: list[Any] takes no index of "a" (a list takes an int)'),
        ("params.options[1]", "WF433 4-21: dict[str, Any] takes no index of int (its keys are str)"),
        ("(params.count).x", 'WF433 4-20: int has no "x" (only a map, a date or a datetime has parts with names)'),
        ("len(params.count)", 'WF435 8-20: "len" takes str, a list or a map, found int'),
        ("sum(params.text)", 'WF435 8-19: "sum" takes a list of numbers, found str'),
        ("max()", 'WF432 4-7: "max" takes 1 to 9 arguments, found 0 (write what is missing behind the others)'),
        ("max(params.count, params.text)", 'WF435 22-33: "max" takes what can be compared with int, found str'),
        ("params.text.join(params.count)", 'WF435 21-33: "join" takes a list of str, found int'),
        ("params.text.replace('a', 1)", 'WF435 29-30: "replace" takes str, found int'),
        ("stages.pick.outputs['bse']", 'WF440 24-29: the outputs have no "bse" (did you mean "base"?)'),
    ],
)  # fmt: skip
def test_what_does_not_go_together(expression: str, message: str) -> None:
    found = bound(f'"${{{{ {expression} }}}}"')
    shifted = [_shifted(line) for line in found.messages]
    assert (found.source, found.type, shifted) == ("None", "Any", [message])


def _shifted(line: str) -> str:
    """As if the text had no quotes around it."""
    code, place, rest = line.split(" ", 2)
    start, end = place.rstrip(":").split("-")
    return f"{code} {int(start) - 1}-{int(end) - 1}: {rest}"


def test_one_mistake_is_told_once() -> None:
    found = bound("${{ (params.txet + 1).upper() | fmt }} ${{ -params.xyz[0] }}")
    assert [line.split(":")[0] for line in found.messages] == [
        "WF311 12-16",
        "WF311 51-54",
    ]


def test_every_mistake_of_an_expression_is_told() -> None:
    found = bound("${{ params.one == params.two and leng(params.three) }}")
    assert [line.split(":")[0] for line in found.messages] == [
        "WF311 11-14",
        "WF311 25-28",
        "WF321 33-37",
        "WF311 45-50",
    ]


def test_custom_filters_are_called_in_their_module(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "from wfruntime import custom_filter\n"
        '@custom_filter("half")\n'
        "def half_of(value: int, digits: int = 0) -> float: ...\n"
    )
    registry = filters(tmp_path, "own")
    values = binder(registry=registry)
    typed = values.text(scalar_of("${{ params.count | half(digits=1) }}"))
    found = Binding(typed, values.diagnostics, values.uses)
    assert found.messages == []
    assert (found.source, found.type) == (
        "own.half_of(ctx.params.count, digits=1)",
        "float",
    )
    assert found.imports.modules == {"own"}
    assert found.uses.filter_modules == {"own"}
