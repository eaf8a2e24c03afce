"""A function that declares a type returns no `Any`: mypy would refuse it."""

from __future__ import annotations

import pytest

from wfcompile import ir
from wfcompile.emit.known_types import KnownTypes
from wfcompile.types import INT, STR, UNKNOWN, Field, ListType, MapType, RecordType

KNOWN = KnownTypes(
    params={"n": INT, "texts": ListType(STR), "anything": MapType(STR, UNKNOWN)},
    matrices={"M": {"layer": STR}},
    returns={
        "f": RecordType("", "F", "typeddict", (Field("rows", INT),)),
        "g": MapType(STR, UNKNOWN),
    },
)
CONTEXT = ir.ContextType("M", UNKNOWN)
N, TEXTS, ITEM = ir.Param("n"), ir.Param("texts"), ir.ContextValue("item")
ANY = ir.Index(ir.Param("anything"), ir.Const("x"))
ONE = ir.Const(1)


@pytest.mark.parametrize(
    "expr",
    [
        N,
        ir.Index(TEXTS, ONE),
        ir.MatrixValue("layer"),
        ir.Method(ir.ContextValue("matrix"), "get", (ir.Const("layer"),)),
        ir.Index(ir.Outputs("f"), ir.Const("rows")),
        ir.Comparison(N, ((">", ONE),)),
        ir.Comparison(ANY, (("in", ITEM),)),
        ir.Unary("not", ANY),
        ir.Call("len", (ANY,)),
        ir.Logic("or", (N, ir.Call("bool", (ANY,)))),
        ir.Method(ir.Index(TEXTS, ONE), "upper"),
        ir.Filter(None, "fmt", ANY),
        ir.ListExpr((ONE, N)),
        ir.Const([]),
        ir.Convert(INT, ANY),
        ir.ContextValue("loop"),
        ir.Conditional(ANY, N, ONE),
        ir.Binary("+", N, ONE),
    ],
)
def test_known(expr: ir.Expr) -> None:
    assert not KNOWN.may_be_any(expr, CONTEXT)


@pytest.mark.parametrize(
    "expr",
    [
        ANY,
        ITEM,
        ir.Lookup(("jobs",)),
        ir.Index(ir.Outputs("g"), ir.Const("rows")),
        ir.Index(ir.Outputs("f"), ir.Const("more")),
        ir.Comparison(ITEM, ((">=", ONE),)),
        ir.Comparison(ir.Lookup(("jobs", "a")), (("==", ir.Const("SUCCESS")),)),
        ir.Logic("and", (N, ANY)),
        ir.Method(ir.Param("anything"), "get", (ir.Const("x"),)),
        ir.Filter(None, "coalesce", ANY),
        ir.Filter("own", "f", N),
        ir.Binary("+", N, ANY),
        ir.Conditional(N, N, ANY),
        ir.ContextValue("case"),
    ],
)
def test_not_known(expr: ir.Expr) -> None:
    assert KNOWN.may_be_any(expr, CONTEXT)
