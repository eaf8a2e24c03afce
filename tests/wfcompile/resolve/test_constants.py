"""`constant_for`: what the compiler converts is what `rt.to` would convert, on any value."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from wfruntime.lax import CONVERTERS

from wfcompile import ir
from wfcompile.resolve.constants import constant_for
from wfcompile.types import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    STR,
    Primitive,
)

RUNTIME_NAMES = {
    INT: "builtins.int",
    FLOAT: "builtins.float",
    BOOL: "builtins.bool",
    STR: "builtins.str",
    DATE: "datetime.date",
    DATETIME: "datetime.datetime",
    DECIMAL: "decimal.Decimal",
}
NUMBERS = st.from_regex(r"\A ?[+-]?[0-9_]{1,4}(\.[0-9_]{0,3})?(e[0-9])? ?\Z")
MOMENTS = st.from_regex(
    r"\A20[0-9]{2}-[01][0-9]-[0-3][0-9]"
    r"([T ][0-2][0-9]:[0-5][0-9](:[0-6][0-9](\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?\Z"
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    NUMBERS,
    MOMENTS,
    st.sampled_from(["yes", "OFF", "t", "nan", "inf", "-Infinity", "1e999"]),
    st.dates(),
    st.datetimes(),
)


@given(VALUES, st.sampled_from(sorted(RUNTIME_NAMES, key=lambda type_: type_.name)))
def test_as_the_runtime(
    value: str | float | date | datetime | None, type_: Primitive
) -> None:
    found = constant_for(value, type_)
    try:
        expected = CONVERTERS[RUNTIME_NAMES[type_]](value)
    except (ValueError, OverflowError):
        assert found is None or found == ir.Convert(type_, ir.Const(value))
        return
    if isinstance(found, ir.Const):
        assert (found.value, type(found.value)) == (expected, type(expected))
    else:
        assert found == ir.Convert(type_, ir.Const(value))
