"""Bounds of arguments and of what they hold: what is refused, pydantic refuses too."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.wfcompile.resolve.caller_projects import fitted, found, registry
from tests.wfcompile.resolve.yaml_values import mapping_of
from wfcompile.nodes import plain_value

SOURCE = """\
from typing import Annotated, Optional
import annotated_types
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, conlist
from wfruntime import tag

Count = Annotated[int, Field(ge=0)]
Counts = list[Count]
Word = Annotated[str, Field(min_length=2)]

class Table(BaseModel):
    rows: Counts
    names: dict[str, Word] = {}

class Stripped(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)
    names: list[Word]

"""


def _file(folder: Path, annotation: str) -> Path:
    path = folder / "tasks.py"
    path.write_text(f"{SOURCE}\n@tag('v1')\ndef take(a: {annotation}) -> None: ...\n")
    return path


def _adapter(folder: Path, annotation: str) -> TypeAdapter[object]:
    spec = importlib.util.spec_from_file_location("tasks", _file(folder, annotation))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    hints = get_type_hints(module.take, include_extras=True)
    return TypeAdapter(hints["a"])


def _refused(folder: Path, annotation: str, written: str) -> list[str]:
    """What breaks a bound; pydantic has to refuse it exactly then."""
    adapter = _adapter(folder, annotation)
    caller = found(registry(folder, {}), "tasks/take@v1")
    _, diagnostics = fitted(caller, f"  a: {written}")
    data = plain_value(mapping_of(f"a: {written}"))
    assert isinstance(data, dict)
    told = [f"{each.code} {each.message}" for each in diagnostics]
    if told:
        with pytest.raises(ValidationError):
            adapter.validate_python(data["a"])
    else:
        adapter.validate_python(data["a"])
    return told


NO_COUNT = "expected at least 0"
NO_WORD = "expected at least 2 characters, found 1"


@pytest.mark.parametrize(
    ("annotation", "written", "told"),
    [
        ("Count", "-1", [f'"a" is -1, {NO_COUNT}']),
        (
            "list[Count]",
            "[1, -1, '-3']",
            [f'"a[1]" is -1, {NO_COUNT}', f'"a[2]" is "-3", {NO_COUNT}'],
        ),
        ("Counts", "[-1]", [f'"a[0]" is -1, {NO_COUNT}']),
        ("Optional[Counts]", "[-1]", [f'"a[0]" is -1, {NO_COUNT}']),
        ("Counts | None", "[-1]", [f'"a[0]" is -1, {NO_COUNT}']),
        ("list[Counts]", "[[1], [2, -2]]", [f'"a[1][1]" is -2, {NO_COUNT}']),
        ("dict[str, Count]", "{x: -1, y: 1}", [f'"a.x" is -1, {NO_COUNT}']),
        ("dict[str, list[Word]]", "{x: [a, bb]}", [f'"a.x[0]" is "a", {NO_WORD}']),
        ("tuple[Count, ...]", "[1, -1]", [f'"a[1]" is -1, {NO_COUNT}']),
        ("set[Count]", "[1, -1]", [f'"a[1]" is -1, {NO_COUNT}']),
        ("frozenset[Count]", "[-1]", [f'"a[0]" is -1, {NO_COUNT}']),
        ("conlist(Count, min_length=1)", "[-1]", [f'"a[0]" is -1, {NO_COUNT}']),
        (
            "list[Annotated[int, annotated_types.Lt(9)]]",
            "[9]",
            ['"a[0]" is 9, expected less than 9'],
        ),
        (
            "Annotated[Counts, Field(max_length=1)]",
            "[1, 2]",
            ['"a" is a list, expected at most 1 item, found 2'],
        ),
        ("Table", "{rows: [1, -1]}", [f'"a.rows[1]" is -1, {NO_COUNT}']),
        ("Table", "{rows: [], names: {x: a}}", [f'"a.names.x" is "a", {NO_WORD}']),
        ("list[Table]", "[{rows: [-1]}]", [f'"a[0].rows[0]" is -1, {NO_COUNT}']),
        ("Stripped", "{names: [bb]}", []),
        ("Table", "{rows: [0, 1], names: {x: bb}}", []),
        ("list[Annotated[int, BeforeValidator(abs), Field(ge=0)]]", "[-1]", []),
        ("tuple[int, Count]", "[-1, 1]", []),
        ("dict[Word, int]", "{ab: -1}", []),
        ("list[Count] | dict[str, int]", "{x: -1}", []),
        ("conlist(item_type=Count, max_length=2)", "[1, 2]", []),
    ],
)
def test_what_breaks_a_bound(
    tmp_path: Path, annotation: str, written: str, told: list[str]
) -> None:
    expected = [f"WF423 argument {each}" for each in told]
    assert _refused(tmp_path, annotation, written) == expected
