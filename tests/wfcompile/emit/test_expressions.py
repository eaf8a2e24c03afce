"""The printed expression means what the IR says: compared as syntax trees, without running it."""

import ast
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfcompile import ir
from wfcompile.emit.expressions import Printer
from wfcompile.emit.format import format_module
from wfcompile.emit.imports import Imports, import_lines
from wfcompile.emit.literals import FLAT, UnprintableError
from wfcompile.types import DATETIME, PATH, RecordType

# --- the tree that an expression should have, made without the printer ---

_BINARY: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
    "**": ast.Pow(),
}
_UNARY: dict[str, ast.unaryop] = {"not": ast.Not(), "-": ast.USub(), "+": ast.UAdd()}
_COMPARE: dict[str, ast.cmpop] = {
    "<": ast.Lt(),
    ">=": ast.GtE(),
    "==": ast.Eq(),
    "in": ast.In(),
    "not in": ast.NotIn(),
}


def tree(expr: ir.Expr) -> ast.expr:
    match expr:
        case ir.Const(value):
            return constant(value)
        case ir.Name(name):
            return ast.Name(name, ast.Load())
        case ir.Param(name):
            return path("ctx", "params", name)
        case ir.MatrixValue(key):
            return ast.Subscript(path("ctx", "matrix"), ast.Constant(key), ast.Load())
        case ir.Join(parts):
            return joined(parts)
        case ir.Call(function, args, keywords):
            return call(ast.Name(function, ast.Load()), args, keywords)
        case ir.Method(receiver, name, args, keywords):
            return call(ast.Attribute(tree(receiver), name, ast.Load()), args, keywords)
        case ir.Index(value, key):
            return ast.Subscript(tree(value), tree(key), ast.Load())
        case ir.Attribute(value, name):
            return ast.Attribute(tree(value), name, ast.Load())
        case ir.Conditional(test, then, otherwise):
            return ast.IfExp(tree(test), tree(then), tree(otherwise))
        case ir.ListExpr(items):
            return ast.List([tree(item) for item in items], ast.Load())
        case ir.DictExpr(items):
            return ast.Dict([tree(k) for k, _ in items], [tree(v) for _, v in items])
        case ir.Unary(op, operand):
            return ast.UnaryOp(_UNARY[op], tree(operand))
        case ir.Binary(op, left, right):
            return ast.BinOp(tree(left), _BINARY[op], tree(right))
        case ir.Logic(op, operands):
            sign = ast.And() if op == "and" else ast.Or()
            return ast.BoolOp(sign, [tree(operand) for operand in operands])
        case ir.Comparison(left, rest):
            signs = [_COMPARE[op] for op, _ in rest]
            return ast.Compare(tree(left), signs, [tree(right) for _, right in rest])
    raise AssertionError(expr)


def constant(value: ir.Value) -> ast.expr:
    match value:
        case list():
            return ast.List([constant(item) for item in value], ast.Load())
        case dict():
            values = [constant(item) for item in value.values()]
            return ast.Dict([constant(key) for key in value], values)
        case int() | float() if not isinstance(value, bool) and repr(value)[0] == "-":
            return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    assert not isinstance(value, date | Decimal)
    return ast.Constant(value)


def joined(parts: tuple[ir.Expr, ...]) -> ast.expr:
    """As Python reads an f-string: neighbouring texts are one, a text alone is no f-string."""
    values: list[ast.expr] = []
    for part in parts:
        if isinstance(part, ir.Const):
            if values and isinstance(values[-1], ast.Constant):
                values[-1] = ast.Constant(str(values[-1].value) + str(part.value))
            elif str(part.value):
                values.append(ast.Constant(str(part.value)))
        else:
            values.append(ast.FormattedValue(tree(part), -1))
    if all(isinstance(each, ast.Constant) for each in values):
        return values[0] if values else ast.Constant("")
    return ast.JoinedStr(values)


def path(head: str, *names: str) -> ast.expr:
    node: ast.expr = ast.Name(head, ast.Load())
    for name in names:
        node = ast.Attribute(node, name, ast.Load())
    return node


def call(
    function: ast.expr,
    args: tuple[ir.Expr, ...],
    keywords: tuple[tuple[str, ir.Expr], ...],
) -> ast.expr:
    named = [ast.keyword(name, tree(value)) for name, value in keywords]
    return ast.Call(function, [tree(arg) for arg in args], named)


def dump(source: str) -> str:
    return ast.dump(ast.parse(f"({source})", mode="eval").body)


def printed(expr: ir.Expr) -> str:
    return Printer(Imports()).source(expr)


# --- any expression ---

TEXTS = st.text(alphabet="ab \"'\\{}\n\té\u202e\x00", max_size=8)
CONSTANTS = st.one_of(
    TEXTS,
    st.integers(-5, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.lists(TEXTS, max_size=2),
    st.dictionaries(TEXTS, st.integers(), max_size=2),
).map(ir.Const)
LEAVES = st.one_of(
    CONSTANTS,
    st.sampled_from("abc").map(ir.Name),
    st.sampled_from("abc").map(ir.Param),
    TEXTS.map(ir.MatrixValue),
)


def joins(inner: st.SearchStrategy[ir.Expr]) -> st.SearchStrategy[ir.Expr]:
    no_constant = inner.filter(lambda expr: not isinstance(expr, ir.Const))
    return st.lists(TEXTS.map(ir.Const) | no_constant, max_size=4).map(
        lambda parts: ir.Join(tuple(parts))
    )


def compound(inner: st.SearchStrategy[ir.Expr]) -> st.SearchStrategy[ir.Expr]:
    pairs = st.tuples(inner, inner)
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    named = st.dictionaries(st.sampled_from("xy"), inner, max_size=2).map(
        lambda keywords: tuple(keywords.items())
    )
    return st.one_of(
        st.builds(ir.Unary, st.sampled_from(sorted(_UNARY)), inner),
        st.builds(ir.Binary, st.sampled_from(sorted(_BINARY)), inner, inner),
        st.builds(ir.Logic, st.sampled_from(["and", "or"]), many),
        st.builds(
            ir.Comparison,
            inner,
            st.lists(
                st.tuples(st.sampled_from(sorted(_COMPARE)), inner),
                min_size=1,
                max_size=2,
            ).map(tuple),
        ),
        st.builds(ir.Conditional, inner, inner, inner),
        st.builds(ir.Index, inner, inner),
        st.builds(ir.Attribute, inner, st.sampled_from("xy")),
        st.builds(ir.Method, inner, st.sampled_from("xy"), many, named),
        st.builds(
            ir.Call, st.sampled_from("fg"), many | inner.map(lambda e: (e,)), named
        ),
        st.builds(ir.ListExpr, many),
        st.lists(pairs, max_size=2).map(lambda items: ir.DictExpr(tuple(items))),
        joins(inner),
    )


EXPRESSIONS = st.recursive(LEAVES, compound, max_leaves=12)


class _Lint(ast.NodeTransformer):
    """What the printer does for linters: `is None`, `x not in y`."""

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        for index, op in enumerate(node.ops):
            pair = sides[index : index + 2]
            if any(isinstance(s, ast.Constant) and _single(s.value) for s in pair):
                node.ops[index] = {ast.Eq: ast.Is(), ast.NotEq: ast.IsNot()}.get(
                    type(op), op
                )
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        match node:
            case ast.UnaryOp(ast.Not(), ast.Compare(left, [op], [right])):
                opposite = {
                    ast.In: ast.NotIn(),
                    ast.Eq: ast.NotEq(),
                }.get(type(op))
                if opposite is not None:
                    return self.visit_Compare(ast.Compare(left, [opposite], [right]))
        self.generic_visit(node)
        return node


def _single(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _has_fallback(source: str) -> bool:
    return "rt.text(" in source


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_an_expression_is_read_as_it_was_meant(expr: ir.Expr) -> None:
    source = printed(expr)
    found = dump(source)
    if not _has_fallback(source):
        assert found == ast.dump(_Lint().visit(tree(expr)))


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS, st.sampled_from(['"', "'", '"""']))
def test_what_stands_in_an_f_string_is_python_3_10(expr: ir.Expr, quote: str) -> None:
    try:
        source = Printer(Imports()).inside(quote).source(expr)
    except UnprintableError:
        return
    assert "\\" not in source
    assert "\n" not in source
    assert quote not in source
    dump(source)


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_black_keeps_the_meaning_and_comes_to_rest(expr: ir.Expr) -> None:
    source = printed(expr)
    once = format_module(f"x = {source}\n")
    assert ast.dump(ast.parse(once)) == ast.dump(ast.parse(f"x = ({source})\n"))
    assert format_module(once) == once


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_the_flat_style_is_one_line(expr: ir.Expr) -> None:
    source = Printer(Imports(), FLAT).source(expr)
    assert "\n" not in source
    assert dump(source) == dump(printed(expr))


# --- texts ---

A, B = ir.Param("a"), ir.MatrixValue("b")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((ir.Const("x/"), A), 'f"x/{ctx.params.a}"'),
        ((A,), 'f"{ctx.params.a}"'),
        ((ir.Const("{"), A, ir.Const("}")), 'f"{{{ctx.params.a}}}"'),
        ((ir.Const("a"), ir.Const(1), ir.Const(None)), '"a1None"'),
        ((), '""'),
        ((ir.Const("at "), B), "f\"at {ctx.matrix['b']}\""),
        ((ir.Const('say "'), B, ir.Const('"')), 'f\'say "{ctx.matrix["b"]}"\''),
        (
            (ir.Const("at "), ir.MatrixValue("it's")),
            '"at " + rt.text(ctx.matrix["it\'s"])',
        ),
        (
            (
                ir.Const("in "),
                ir.Filter(None, "fmt", A, (ir.Join((ir.Const("%"), B)),)),
            ),
            "f\"in {rt.filters.fmt(ctx.params.a, '%' + rt.text(ctx.matrix['b']))}\"",
        ),
        ((ir.DictExpr(((ir.Const("k"), A),)),), "f\"{({'k': ctx.params.a})}\""),
        (
            (ir.Const("x" * 50 + "\n" + "y" * 50 + "\n"), A),
            f'(\n"{"x" * 50}\\n"\n"{"y" * 50}\\n"\nf"{{ctx.params.a}}"\n)',
        ),
        (
            (ir.Const("x" * 50 + " "), ir.Const("y" * 50 + " "), ir.Const(""), A),
            f'(\n"{"x" * 50} "\n"{"y" * 50} "\nf"{{ctx.params.a}}"\n)',
        ),
        ((ir.Const("x "), ir.Const("y "), ir.Const(""), A), 'f"x y {ctx.params.a}"'),
    ],
)
def test_texts_with_parts(parts: tuple[ir.Expr, ...], expected: str) -> None:
    assert printed(ir.Join(parts)) == expected


def test_a_long_text_alone_in_a_call_has_one_pair_of_parentheses() -> None:
    long = ir.Const("x" * 50 + "\n" + "y" * 50 + "\n")
    source = printed(ir.Call("f", (long,)))
    assert source == f'f("{"x" * 50}\\n"\n"{"y" * 50}\\n")'
    both = ir.Conditional(A, long, long)
    assert dump(printed(ir.Call("f", (both,)))) == dump(
        f"f({'x' * 50 + chr(10) + 'y' * 50 + chr(10)!r} if ctx.params.a else "
        f"{'x' * 50 + chr(10) + 'y' * 50 + chr(10)!r})"
    )


# --- what the context gives, and what it needs ---

UTC = timezone.utc


@pytest.mark.parametrize(
    ("expr", "expected", "standard", "callers"),
    [
        (ir.Outputs("a__b"), "ctx.outputs(a__b)", [], []),
        (ir.MatrixOutputs("a__b"), "ctx.matrix_outputs(a__b)", [], []),
        (ir.ReleaseValue("run_id"), "release.run_id", [], []),
        (
            ir.Lookup(("jobs", "a"), optional=True),
            'ctx.lookup("jobs", "a", optional=True)',
            [],
            [],
        ),
        (ir.Env("A"), 'rt.env("A")', [], []),
        (ir.Env("A", ""), 'rt.env("A", "")', [], []),
        (
            ir.Filter("own.f", "trim", A),
            "own.f.trim(ctx.params.a)",
            [],
            ["import own.f"],
        ),
        (
            ir.Convert(DATETIME, A),
            "rt.to(datetime, ctx.params.a)",
            ["from datetime import datetime"],
            [],
        ),
        (
            ir.Construct(RecordType("m", "R", "dataclass", ()), (("a", A),)),
            "m.R(a=ctx.params.a)",
            [],
            ["import m"],
        ),
        (
            ir.Const(datetime(2024, 1, 1, tzinfo=UTC)),
            "datetime(2024, 1, 1, tzinfo=timezone.utc)",
            ["from datetime import datetime, timezone"],
            [],
        ),
        (
            ir.Const(
                datetime(2024, 1, 1, 6, 0, 30, tzinfo=timezone(timedelta(hours=7)))
            ),
            "datetime(2024, 1, 1, 6, 0, 30, tzinfo=timezone(timedelta(hours=7)))",
            ["from datetime import datetime, timedelta, timezone"],
            [],
        ),
        (
            ir.Const([date(2024, 1, 2), Decimal("1.50")]),
            '[date(2024, 1, 2), Decimal("1.50")]',
            ["from datetime import date", "from decimal import Decimal"],
            [],
        ),
        (ir.Const(float("-inf")), 'float("-inf")', [], []),
    ],
)
def test_reads_and_constants(
    expr: ir.Expr, expected: str, standard: list[str], callers: list[str]
) -> None:
    imports = Imports()
    assert Printer(imports).source(expr) == expected
    assert imports.standard() == standard
    assert import_lines(imports.others()) == callers


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (ir.Comparison(A, (("==", ir.Const(None)),)), "ctx.params.a is None"),
        (ir.Comparison(A, (("!=", ir.Const(True)),)), "ctx.params.a is not True"),
        (ir.Comparison(A, (("is", ir.Const("x")),)), 'ctx.params.a == "x"'),
        (
            ir.Unary("not", ir.Comparison(A, (("in", B),))),
            'ctx.params.a not in ctx.matrix["b"]',
        ),
        (
            ir.Unary("not", ir.Comparison(A, (("==", ir.Const(None)),))),
            "ctx.params.a is not None",
        ),
        (ir.Method(ir.Const(5), "bit_length"), "(5).bit_length()"),
        (ir.Binary("**", ir.Const(-2), ir.Const(-1)), "(-2) ** -1"),
        (ir.TupleExpr((A, B)), '(ctx.params.a, ctx.matrix["b"])'),
        (ir.TupleExpr((A,)), "(ctx.params.a,)"),
        (ir.TupleExpr(()), "()"),
        (ir.SetExpr((A, ir.Const(1))), "{ctx.params.a, 1}"),
        (ir.SetExpr(()), "set()"),
        (ir.SetExpr((A,), is_frozen=True), "frozenset({ctx.params.a})"),
        (ir.SetExpr((), is_frozen=True), "frozenset()"),
        (ir.Join((ir.SetExpr((A,)),)), 'f"{({ctx.params.a})}"'),
        (ir.Convert(PATH, ir.Const("a/b")), 'Path("a/b")'),
        (ir.Convert(PATH, ir.Join((A, ir.Const("/b")))), 'Path(f"{ctx.params.a}/b")'),
        (ir.Convert(PATH, A), "rt.to(Path, ctx.params.a)"),
        (ir.Join((ir.Const("a "), ir.Call("str", (A,)))), 'f"a {ctx.params.a}"'),
        (ir.Join((ir.Const("a "), ir.Const(1.5))), '"a 1.5"'),
    ],
)
def test_spellings(expr: ir.Expr, expected: str) -> None:
    assert printed(expr) == expected
