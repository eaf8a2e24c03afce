"""Texts, lists, mappings and conditions: constants, whole values, texts of parts."""

from __future__ import annotations

import pytest

from tests.wfcompile.bind.binding import bound, condition
from wfcompile import ir


@pytest.mark.parametrize(
    ("text", "source", "type_"),
    [
        ("plain", '"plain"', "str"),
        ("'  plain  '", '"plain"', "str"),
        ("5", "5", "int"),
        ("'5'", '"5"', "str"),
        ("true", "True", "bool"),
        ("2024-01-31", "date(2024, 1, 31)", "date"),
        ("None", "None", "None"),
        ("'null'", "None", "None"),
        ("~", "None", "None"),
        ("'  ${{ params.count }}  '", "ctx.params.count", "int"),
        ("a ${{ params.count }}", 'f"a {ctx.params.count}"', "str"),
        ("${{ params.count }} a", 'f"{ctx.params.count} a"', "str"),
        ("${{ params.text }}${{ params.count }}", 'f"{ctx.params.text}{ctx.params.count}"', "str"),
        ("${{ 'a' }} and ${{ 1.5 }}", '"a and 1.5"', "str"),
        ("a ${{ str(params.count) }}", 'f"a {ctx.params.count}"', "str"),
        ("${NAME}", 'rt.env("NAME")', "str"),
        ("${NAME:a default}/x", "f\"{rt.env('NAME', 'a default')}/x\"", "str"),
        ("${NAME:}", 'rt.env("NAME", "")', "str"),
        ("$${NAME} $$NAME $NAME $5", '"${NAME} $NAME $NAME $5"', "str"),
        ("a ${{ params.text.replace('\"', \"'\") }}", """"a " + rt.text(ctx.params.text.replace('"', "'"))""", "str"),
    ],
)  # fmt: skip
def test_what_a_text_is(text: str, source: str, type_: str) -> None:
    found = bound(text)
    assert (found.source, found.type, found.messages) == (source, type_, [])


@pytest.mark.parametrize(
    "text",
    [
        ">-\n  one\n  two ${{ params.text }}\n  ${{ params.count }} end",
        "one\n  two ${{ params.text }}\n  ${{ params.count }} end",
        '"one\n  two ${{ params.text }}\n  ${{ params.count }} end"',
    ],
)
def test_a_text_is_cut_where_the_yaml_folds_it(text: str) -> None:
    assert bound(text).typed.expr == ir.Join(
        (
            ir.Const("one "),
            ir.Const("two "),
            ir.Param("text"),
            ir.Const(" "),
            ir.Const(""),
            ir.Param("count"),
            ir.Const(" end"),
        )
    )


def test_variables_without_a_default_are_noted_with_their_first_line() -> None:
    found = bound('"${ONE} ${TWO:2}\n\n  ${ONE} ${THREE}"')
    assert found.uses.env_lines == {"ONE": 1, "THREE": 3}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("true", "True"),
        ("false", "False"),
        ('""', "True"),
        ("'True'", "True"),
        ("${{ params.count > 1 }}", "ctx.params.count > 1"),
        ("${{ params.count }} > 1", "ctx.params.count > 1"),
        ("params.count > 1", "ctx.params.count > 1"),
        ("\"'${{ params.text }}' == 'a'\"", 'ctx.params.text == "a"'),
        ("\"'${{ params.text }}-${{ params.count }}' == 'a'\"", 'f"{ctx.params.text}-{ctx.params.count}" == "a"'),
        ("\"'${NAME:a}' == 'a'\"", 'rt.env("NAME", "a") == "a"'),
        ("${NAME} == 'a'", 'rt.env("NAME") == "a"'),
        ("${{ params.options.any }}", 'ctx.params.options["any"]'),
        ("${{ params.nothing? }} is None", "True"),
        ("${{ params.mode }} == 'full' or not ${{ params.count }} > 1", 'ctx.params.mode == "full" or not ctx.params.count > 1'),
    ],
)  # fmt: skip
def test_what_a_condition_is(text: str, source: str) -> None:
    found = condition(text)
    assert (found.source, found.messages) == (source, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${{ params.count }}", "WF434 0-19: the condition is int, expected bool (compare it, or write bool(...))"),
        ("${{ params.text }}", 'WF434 0-18: the condition is str, expected bool (compare it: == "...")'),
        ("${{ params.mode }}", 'WF434 0-18: the condition is "full" or "delta", expected bool (compare it: == "...")'),
        ("${{ params.maybe }}", "WF434 0-19: the condition is int or None, expected bool (compare it, or write bool(...))"),
        ("${{ params.mode }} == 'fulll'", 'WF433 4-29: "==" compares "full" or "delta" with "fulll", which is never equal (did you mean "full"?)'),
        ("unknown > 1", 'WF310 0-7: "unknown" is not known here (names that are known here: params, jobs, stages, matrix, item, branch, loop)'),
        ("'true'", 'WF210 1-5: "true" is no word of a condition, expected "True" (write "True", or the plain YAML value without quotes)'),
    ],
)  # fmt: skip
def test_what_is_no_condition(text: str, message: str) -> None:
    assert condition(text).messages == [message]
