"""`parse_text` and `parse_condition`: trees, pieces, and the place of each mistake."""

from __future__ import annotations

import pytest
from expression_printer import print_tree, without_offsets
from expression_texts import scalar_of, shown
from hypothesis import given, settings
from hypothesis import strategies as st

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions import nodes
from wfcompile.expressions.parser import parse_condition, parse_text


def parsed(expression: str) -> nodes.Expression:
    diagnostics = Diagnostics()
    text = parse_text(scalar_of(f"${{{{ {expression} }}}}"), diagnostics)
    assert shown(diagnostics) == []
    assert text.whole is not None and text.whole.tree is not None
    return text.whole.tree


def printed(expression: str) -> str:
    return print_tree(parsed(expression))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("params.run-date", "params.run-date"),
        ("params.m.7", "params.m.7"),
        ("params.m2?.k", "params.m2?.k"),
        ("jobs.a.stages.in.outputs.not", "jobs.a.stages.in.outputs.not"),
        ("params.d|fmt(fmt='%Y%m%d')", "params.d | fmt(fmt='%Y%m%d')"),
        ("a\n|\nupper", "a | upper()"),
        ("params.regions | length > 1", "params.regions | length() > 1"),
        ("1 + a | abs * 2", "1 + a | abs() * 2"),
        ("(1 + a) | abs", "(1 + a) | abs()"),
        ("-a | abs", "-a | abs()"),
        ("(-a) | abs", "(-a) | abs()"),
        ("a.b | f | g(x)", "a.b | f() | g(x)"),
        ("a.b | f(c | g)", "a.b | f(c | g())"),
        ("params.x.upper()", "params.x.upper()"),
        ("(a | f).c", "(a | f()).c"),
        ("(a | f)[0].c", "(a | f())[0].c"),
        ("a['k'].b[-1]", "a['k'].b[-1]"),
        (
            "1 < a <= 5 and b not in c or d is not null",
            "1 < a <= 5 and b not in c or d is not None",
        ),
        ("not a == b", "not a == b"),
        ("a if b else c if d else e", "a if b else c if d else e"),
        ("(a if b else c) if d else e", "(a if b else c) if d else e"),
        ("2 ** -1 ** 2", "2 ** -1 ** 2"),
        ("-2 ** 2", "-2 ** 2"),
        ("a - b - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("a-b -c", "a-b - c"),
        ("0x1F + 1_000 + 1.5e3 + 0o17", "31 + 1000 + 1500.0 + 15"),
        (r"'a\tb\u00e9\x41\101\d' ", r"'a\tbéAA\\d'"),
        ("'}}'", "'}}'"),
        ("{'a': {'b': [1, true, null]}}", "{'a': {'b': [1, True, None]}}"),
        ("('a', 'b',)", "['a', 'b']"),
        ("()", "[]"),
        ("len(params.a) > max(1, 2)", "len(params.a) > max(1, 2)"),
    ],
)
def test_expression(expression: str, expected: str) -> None:
    assert printed(expression) == expected


def test_maps_may_end_where_the_hole_ends() -> None:
    text = parse_text(scalar_of("${{ {'a': {'b': 1}}}}!"), Diagnostics())
    hole = text.holes[0]
    assert hole.tree is not None and print_tree(hole.tree) == "{'a': {'b': 1}}"
    assert text.parts[1:] == ("!",)


def test_text_is_cut_into_pieces() -> None:
    text = parse_text(
        scalar_of("a ${{ b }}${X}$$${ Y }$${Z:1} ${W:-d e} $1 $$ ${Q:}"), Diagnostics()
    )
    segment = nodes.Segment("b", False, 6, 7)
    assert text.parts == (
        "a ",
        nodes.Hole(nodes.Path((segment,), 6, 7), 2, 10),
        nodes.EnvRef("X", None, 10, 14),
        "$",
        nodes.EnvRef("Y", None, 16, 22),
        "${Z:1} ",
        nodes.EnvRef("W", "-d e", 30, 39),
        " $1 $ ",
        nodes.EnvRef("Q", "", 46, 51),
    )


def test_without_env_dollars_mean_nothing() -> None:
    text = parse_text(
        scalar_of("$X ${X} $${X} $$ ${X:-${{ a }}}"), Diagnostics(), env=False
    )
    assert [part for part in text.parts if isinstance(part, str)] == [
        "$X ${X} $${X} $$ ${X:-",
        "}",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${{ }}", ["WF202 0-6: template is empty, expected an expression (name a value, such as ${{ params.name }})"]),
        ("a ${{ params.s }", ['WF201 2-16: template ends with "}", expected "}}" (close it with "}}")']),
        ("a ${{ b\nc ${{ d }}", ['WF201 2-7: template has no "}}" before the next "${{" (close it with "}}")']),
        ("${{ a", ['WF201 0-5: template has no "}}" (close it with "}}")']),
        ("${{ a b }}", ['WF203 6-7: found "b", expected an operator, a filter or the end']),
        ("${{ a | }}", ["WF203 8-10: found the end, expected the name of a filter"]),
        ("${{ a || b }}", ['WF203 7-8: found "|", expected the name of a filter (write "or")']),
        ("${{ a && b }}", ['WF203 6-7: expression holds "&", which begins nothing in the template language (write "and")']),
        ("${{ a = 1 }}", ['WF203 6-7: found "=", expected an operator, a filter or the end (compare with "==")']),
        ("${{ f(a }}", ['WF203 8-10: found the end, expected ")"']),
        ("${{ a | f.x }}", ['WF203 9-10: found ".", expected an operator or another filter (put parentheses around the value and its filters)']),
        ("${{ a == not b }}", ['WF203 9-12: found "not", expected a value (put parentheses around "not ...")']),
        ("${{ f(a=1, b) }}", ['WF203 11-12: found "b", expected name=value (put the plain arguments first)']),
        ("${{ 'a }} ${{ b }}", ["WF204 4-18: text literal has no closing ' (close it with ')"]),
        ("${{ 'a }}\n${{ b }}", ["WF204 4-9: text literal has no closing ' (close it with ')"]),
        (r"${{ '\x1' }}", [r'WF205 5-7: escape "\x" names no character (double the backslash)']),
        ("${{ 12ab }}", ['WF205 4-8: "12ab" is not a number']),
        ("${{ 007 }}", ['WF205 4-7: "007" is not a number (write "7")']),
        ("${{ params. s }}", ["WF206 11-12: path holds a space, expected none around its dots (take the space away)"]),
        ("${{ params .s }}", ["WF206 10-11: path holds a space, expected none around its dots (take the space away)"]),
        ("${{ a- b }}", ['WF206 5-6: "-" touches the name "a" (put a space on both sides of the minus)']),
        ("${FOO", ['WF208 0-5: reference "${FOO" has no closing "}" (close it with "}", or write "$${" where the text itself is meant)']),
        ("${ }", ['WF208 0-4: "${ }" names no variable of the environment (write "$${" where the text itself is meant)']),
        ("${A_${{ b }}}", ['WF208 0-4: reference "${A_" holds a template (name the variable without a template)']),
        ("${{ a[1:2] }}", ['WF212 7-8: a slice is not part of the template language (compute the value in a "run:" stage and refer to its output)']),
        ("${{ [x for x in y] }}", ['WF212 7-10: "for" is not part of the template language (compute the value in a "run:" stage and refer to its output)']),
        ("${{ {1, 2} }}", ['WF212 4-5: a set is not part of the template language (compute the value in a "run:" stage and refer to its output)']),
    ],
)  # fmt: skip
def test_mistakes_of_texts(text: str, expected: list[str]) -> None:
    diagnostics = Diagnostics()
    parse_text(scalar_of(text), diagnostics)
    assert shown(diagnostics) == expected


def test_one_mistake_hides_no_other() -> None:
    diagnostics = Diagnostics()
    text = parse_text(scalar_of("${{ a b }} ${{ c }} ${{ d e }}"), diagnostics)
    assert [found.span.start for found in diagnostics] == [6, 26]
    assert [hole.tree is None for hole in text.holes] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('${{ params.mode }} == "full" or ${{ params.regions | length }} > 1', "params.mode == 'full' or params.regions | length() > 1"),
        ("${{ params.a or params.b }}", "params.a or params.b"),
        ("${{ a or b }} and c", "(a or b) and c"),
        ("len(${{ params.m | keys | list }}) == 1", "len(params.m | keys() | list()) == 1"),
        ("params['n'] == 3", "params['n'] == 3"),
        ("  not ${{ a }}\n and\n b.c\n", "not a and b.c"),
        ("'x' in ('x', 'y')", "'x' in ['x', 'y']"),
        ("True", "True"),
        ("${{ true }}", "True"),
    ],
)  # fmt: skip
def test_condition(text: str, expected: str) -> None:
    diagnostics = Diagnostics()
    tree = parse_condition(scalar_of(text), diagnostics)
    assert shown(diagnostics) == []
    assert tree is not None and print_tree(tree) == expected


def test_condition_with_templates_in_quotes() -> None:
    text = """'${{ a | fmt('%a') }}' == "x\\n${{ b }}$$${E:1}" """
    tree = parse_condition(scalar_of(text), Diagnostics())
    fmt = ("FilterCall", _path("a"), ("str", "fmt"), (("Literal", ("str", "%a")),), ())
    right = (("str", "x\n"), _path("b"), ("str", "$"))
    env = ("EnvRef", ("str", "E"), ("str", "1"))
    assert without_offsets(tree) == (
        "Comparison",
        ("Interpolation", (fmt,)),
        ((("str", "=="), ("Interpolation", (*right, env))),),
    )


def _path(name: str) -> object:
    return ("Path", (("Segment", ("str", name), ("bool", False)),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ", ["WF203 1-1: found the end, expected a value"]),
        ("true", ['WF210 0-4: "true" is no word of a condition, expected "True" (write "True", or the plain YAML value without quotes)']),
        ("x_${{ a }} == 1", ["WF211 2-10: template is joined to \"x_\" (put quotes around the whole text, or spaces around the template)"]),
        ("${{ a }}0 == 1", ["WF211 0-8: template is joined to \"0\" (put quotes around the whole text, or spaces around the template)"]),
        ("${{ a b }} == ${{ }}", ['WF203 6-7: found "b", expected an operator, a filter or the end', "WF202 14-20: template is empty, expected an expression (name a value, such as ${{ params.name }})"]),
        ("f'x' == a", ['WF203 0-1: text literal directly behind "f", expected an operator (take the letters in front of the quote away)']),
        ("lambda: 1", ['WF212 0-6: "lambda" is not part of the template language (compute the value in a "run:" stage and refer to its output)']),
    ],
)  # fmt: skip
def test_mistakes_of_conditions(text: str, expected: list[str]) -> None:
    diagnostics = Diagnostics()
    assert parse_condition(scalar_of(text), diagnostics) is None
    assert shown(diagnostics) == expected


# --- properties ---

_NAMES = st.sampled_from(["a", "params", "run-date", "in-x", "é", "m2", "_"])
_SEGMENTS = st.builds(nodes.Segment, _NAMES, st.booleans(), st.just(0), st.just(0))
_LEAVES = st.one_of(
    st.builds(
        nodes.Literal,
        st.text()
        | st.integers(0)
        | st.floats(0, allow_infinity=False)
        | st.booleans()
        | st.none(),
        st.just(0),
        st.just(0),
    ),
    st.builds(
        nodes.Path,
        st.lists(_SEGMENTS, min_size=1, max_size=3).map(tuple),
        st.just(0),
        st.just(0),
    ),
)


def _larger(
    inner: st.SearchStrategy[nodes.Expression],
) -> st.SearchStrategy[nodes.Expression]:
    zero = st.just(0)
    names = st.sampled_from(["f", "upper", "get-it"])
    args = st.lists(inner, max_size=2).map(tuple)
    keywords = st.lists(
        st.builds(nodes.Keyword, names, inner, zero, zero), max_size=2
    ).map(tuple)
    # a name behind a path is the path's own segment
    no_path = inner.filter(lambda tree: not isinstance(tree, nodes.Path))
    comparisons = st.sampled_from(
        ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
    )
    return st.one_of(
        st.builds(nodes.Index, inner, inner, zero, zero),
        st.builds(nodes.Attribute, no_path, names, zero, zero),
        st.builds(nodes.FilterCall, inner, names, args, keywords, zero, zero, zero, zero),
        st.builds(nodes.Call, names, st.none() | inner.filter(_is_receiver), args, keywords, zero, zero, zero, zero),
        st.builds(nodes.Unary, st.sampled_from(["not", "-", "+"]), inner, zero, zero),
        st.builds(nodes.Binary, st.sampled_from(["+", "-", "*", "/", "//", "%", "**"]), inner, inner, zero, zero),
        st.builds(nodes.Comparison, inner, st.lists(st.tuples(comparisons, inner), min_size=1, max_size=2).map(tuple), zero, zero),
        st.builds(nodes.Logic, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple), zero, zero),
        st.builds(nodes.Conditional, inner, inner, inner, zero, zero),
        st.builds(nodes.ListDisplay, args, zero, zero),
        st.builds(nodes.MapDisplay, st.lists(st.tuples(inner, inner), max_size=2).map(tuple), zero, zero),
    )  # fmt: skip


def _is_receiver(tree: nodes.Expression) -> bool:
    """Not a lone word that is a literal's or begins nothing."""
    return not isinstance(tree, nodes.Literal) or isinstance(tree.value, str)


TREES = st.recursive(_LEAVES, _larger, max_leaves=12)


@settings(deadline=None, max_examples=300)
@given(TREES)
def test_printed_trees_parse_to_themselves(tree: nodes.Expression) -> None:
    assert without_offsets(parsed(print_tree(tree))) == without_offsets(tree)


_FRAGMENTS = st.sampled_from(
    [
        "${{",
        "}}",
        "{",
        "}",
        "${",
        "$$",
        "'",
        '"',
        "\\",
        "a",
        "params.x",
        "|",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "?",
        "-",
        "**",
        "not",
        "in",
        "is",
        "if",
        "else",
        "for",
        "1",
        "0x",
        "1.5",
        "\\x",
        "\\N{",
        "é",
        "==",
        ":",
        "=",
        "A}",
        "f(",
    ]
    + [" ", "\n"]
)
_TEXTS = st.text(max_size=40) | st.lists(_FRAGMENTS, max_size=30).map("".join)


@settings(deadline=None, max_examples=500)
@given(_TEXTS)
def test_no_text_raises_and_nothing_is_lost(source: str) -> None:
    scalar = scalar_of(source)
    text = parse_text(scalar, Diagnostics(), env=False)
    pieces = [
        part if isinstance(part, str) else source[part.start : part.end]
        for part in text.parts
    ]
    assert "".join(pieces) == source
    parse_text(scalar, Diagnostics(), env=True)
    parse_condition(scalar, Diagnostics())
    parse_text(scalar_of("${{" + source + "}}"), Diagnostics())


@pytest.mark.parametrize(
    "source",
    [
        "${{" + "[" * 5000 + "}}",
        "${{ " + "-" * 5000 + "}}",
        "${{ " + "not " * 5000 + "}}",
        "${{ a" + " + a" * 2000 + " }}",
        "${{ a" + " | f" * 2000 + " }}",
        "${{ a" + "[0]" * 1000 + " }}",
        "${{ " + "1 if a else " * 1000 + "1 }}",
    ],
)
def test_deep_nesting_is_refused(source: str) -> None:
    diagnostics = Diagnostics()
    parse_text(scalar_of(source), diagnostics)
    assert [found.code for found in diagnostics] == ["WF207"]
