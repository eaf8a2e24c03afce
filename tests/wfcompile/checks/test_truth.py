"""What a condition says for sure, by the values that are known."""

from __future__ import annotations

import pytest

from wfcompile import ir
from wfcompile.checks.guards import implied
from wfcompile.checks.truth import Domain, possible_values, verdict

MODE, COUNT = ir.Param("mode"), ir.Param("count")
REGION, LAYER = ir.MatrixValue("region"), ir.MatrixValue("layer")
DOMAIN = Domain(
    {MODE: ("full", "delta")},
    ({"region": "eu", "layer": "raw"}, {"region": "us", "layer": "clean"}, {}),
)


def compared(left: ir.Expr, op: str, right: object) -> ir.Comparison:
    operand = right if isinstance(right, ir.Param | ir.MatrixValue) else None
    return ir.Comparison(left, ((op, operand or ir.Const(right)),))  # type: ignore[arg-type]


def logic(op: str, *operands: ir.Expr) -> ir.Logic:
    return ir.Logic(op, operands)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(ir.Const(True), True, id="true"),
        pytest.param(ir.Unary("not", ir.Const(1)), False, id="not"),
        pytest.param(compared(COUNT, "==", 1), None, id="a number of the run"),
        pytest.param(compared(COUNT, "==", COUNT), True, id="with itself"),
        pytest.param(compared(COUNT, "!=", COUNT), False, id="not with itself"),
        pytest.param(compared(COUNT, "<", COUNT), None, id="only equality is sure"),
        pytest.param(compared(MODE, "==", "full"), None, id="an option"),
        pytest.param(compared(MODE, "==", "none"), False, id="no option"),
        pytest.param(compared(MODE, "in", ["full", "delta"]), True, id="all options"),
        pytest.param(compared(MODE, "<", 1), None, id="what fails when it runs"),
        pytest.param(compared(REGION, "!=", "uk"), None, id="a row without the key"),
        pytest.param(
            logic("and", compared(COUNT, ">", 1), ir.Const(False)),
            False,
            id="false decides an and",
        ),
        pytest.param(
            logic("or", compared(COUNT, ">", 1), ir.Const(True)),
            True,
            id="true decides an or",
        ),
        pytest.param(
            ir.Comparison(ir.Const(2), (("<", COUNT), ("<", ir.Const(9)))),
            None,
            id="a chain of what is not known",
        ),
        pytest.param(
            ir.Comparison(ir.Const(2), (("<", ir.Const(1)), ("<", COUNT))),
            False,
            id="a chain that ends early",
        ),
        pytest.param(
            compared(ir.Join((ir.Const("a-"), MODE)), "==", "a-full"), None, id="joined"
        ),
        pytest.param(
            compared(ir.Join((ir.Const("a-"), MODE)), "==", "full"),
            False,
            id="joined to no option",
        ),
        pytest.param(
            compared(ir.Method(MODE, "upper"), "==", "full"), False, id="a method"
        ),
        pytest.param(
            compared(ir.Binary("*", ir.Const("a"), ir.Const(10**9)), "==", "a"),
            None,
            id="no texts of any size",
        ),
        pytest.param(
            compared(ir.Binary("//", ir.Const(1), ir.Const(0)), "==", 1),
            None,
            id="no division by zero",
        ),
        pytest.param(
            ir.Conditional(compared(MODE, "==", "x"), COUNT, ir.Const(0)),
            False,
            id="a choice between values",
        ),
    ],
)
def test_the_answer_is_said_where_it_is_sure(
    condition: ir.Expr, expected: bool | None
) -> None:
    assert verdict(condition, DOMAIN).holds is expected


def test_keys_of_the_matrix_vary_together() -> None:
    rows = Domain(rows=DOMAIN.rows[:2])
    condition = logic("and", compared(REGION, "==", "eu"), compared(LAYER, "==", "raw"))
    crossed = logic("and", compared(REGION, "==", "eu"), compared(LAYER, "!=", "raw"))
    assert [verdict(each, rows).holds for each in (condition, crossed)] == [None, False]


def test_too_many_combinations_are_not_tried() -> None:
    many = Domain({ir.Param(name): range(40) for name in ("a", "b")})
    condition = compared(ir.Param("a"), "<", ir.Param("b"))
    assert verdict(logic("and", condition, ir.Const(False)), many).holds is None


@pytest.mark.parametrize(
    ("condition", "guards", "expected"),
    [
        (compared(COUNT, ">", 1), (compared(COUNT, ">", 1),), True),
        (compared(COUNT, ">", 1), (), False),
        (compared(COUNT, ">", 1), (compared(COUNT, ">", 2),), False),
        (compared(MODE, "==", "full"), (compared(MODE, "!=", "delta"),), True),
        (
            compared(MODE, "==", "full"),
            (compared(COUNT, ">", 1), compared(MODE, "!=", "delta")),
            True,
        ),
        (compared(MODE, "==", "full"), (compared(MODE, "==", "delta"),), False),
    ],
)
def test_a_condition_holds_where_others_make_it(
    condition: ir.Expr, guards: tuple[ir.Expr, ...], expected: bool
) -> None:
    assert implied(condition, guards, DOMAIN) is expected


def test_the_values_of_an_expression_where_a_condition_holds() -> None:
    name = ir.Join((ir.Const("load-"), MODE))
    guard = compared(MODE, "!=", "full")
    assert [possible_values(each, (guard,), DOMAIN) for each in (name, COUNT)] == [
        ["load-delta"],
        None,
    ]
