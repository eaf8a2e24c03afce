"""Names of emitted modules: legal, stable, and never two of one spelling."""

import doctest
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfcompile import names
from wfcompile.names import Names, attribute_name, class_name, function_name, identifier


def test_the_examples_of_the_docstrings() -> None:
    assert doctest.testmod(names).failed == 0


@given(st.text())
def test_an_identifier_is_legal_and_stays_itself(text: str) -> None:
    name = identifier(text)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert identifier(name) == name


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_class_constant_and_function_names_are_legal(parts: list[str]) -> None:
    function = function_name(*parts)
    for name in (function, class_name(*parts), names.constant_name(function)):
        assert identifier(name) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [("date", "date_"), ("id", "id"), ("field", "field_"), ("__x__", "p__x__")],
)
def test_a_parameter_hides_nothing(text: str, expected: str) -> None:
    assert attribute_name(text) == expected


def test_the_later_of_two_like_names_gets_a_number() -> None:
    taken = Names()
    assert [taken.job(job) for job in ("a-b", "a_b", "a b")] == [
        "a_b",
        "a_b_2",
        "a_b_3",
    ]


def test_a_name_is_free_together_with_its_endings() -> None:
    taken = Names()
    outer = taken.function("load", "regions", endings=("__items",))
    assert taken.function(outer, "items") == "load__regions__items_2"


def test_a_stage_called_like_the_condition_of_its_job() -> None:
    taken = Names()
    job = taken.job("report")
    assert taken.function(job, "max-parallel") == "report__max_parallel_2"
    assert taken.function(job, "if") == "report__if_2"


def test_a_keyword_is_a_part_of_a_longer_name() -> None:
    taken = Names()
    assert taken.function(taken.job("class"), "else") == "class__else"


def test_caller_modules_and_own_names_are_taken() -> None:
    taken = Names(["tasks.api", "orders"])
    assert taken.take("tasks") == "tasks_2"
    assert taken.type("params") == "Params_2"
    assert taken.job("list") == "list"
    assert taken.type("value-error") == "ValueError_2"


def test_a_local_name_is_taken_only_where_something_of_the_module_has_it() -> None:
    names = Names(["orders.daily"])
    names.function("load", "pull")
    given = [
        names.local("pull", []),
        names.local("pull", ["pull.full"]),
        names.local("orders", []),
        names.local("load__pull", []),
        names.local("lambda", []),
        names.local("pull", []),
    ]
    assert given == ["pull", "pull_2", "orders_2", "load__pull_2", "lambda_", "pull"]
