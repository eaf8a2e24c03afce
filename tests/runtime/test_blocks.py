"""`rt.bound`: what a `run:` block has bound, by the TypedDict of its outputs."""

from typing import TypedDict

from wfruntime.blocks import bound


class Always(TypedDict):
    rows: int
    measure: str


class Outputs(Always, total=False):
    total: int


def test_only_bound_names_of_the_outputs_come_out() -> None:
    def measure(word: str) -> int:
        return len(word)

    names = {"rows": 3, "measure": measure, "ctx": object()}
    assert bound(Outputs, names) == {"rows": 3, "measure": "measure"}
    assert bound(Outputs, {**names, "total": 1})["total"] == 1


def test_a_builtin_function_is_its_name_too() -> None:
    assert bound(Outputs, {"rows": 3, "measure": len}) == {"rows": 3, "measure": "len"}
