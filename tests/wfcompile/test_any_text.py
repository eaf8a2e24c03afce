"""Whatever somebody does to the text of a workflow: the check says something, and never raises."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.report import render_json, render_text
from wfcompile.settings import find_settings

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [path.read_text() for path in sorted((ROOT / "conf").glob("*.yml"))]
PIECES = (
    *(
        ": ",
        "- ",
        '"',
        "'",
        "[",
        "]",
        "{",
        "}",
        "|\n",
        "&a ",
        "*a",
        "<<: *a",
        "#",
        "!x ",
    ),
    *(
        "\t",
        "\n",
        "\r\n",
        "  ",
        "\x07",
        "\u2028",
        "é",
        "日",
        "😀",
        "null",
        "true",
        "1e999",
    ),
    *(
        "${{ ",
        " }}",
        "${{ params.x }}",
        "${{ item | int }}",
        "${X}",
        "$$",
        "${{ 1 + }}",
    ),
    *(
        "= 1\n",
        "return 1",
        "def f(:",
        "lambda: 0",
        "f'{",
        '"""',
        "eval ",
        "<<EOF",
        "$((",
    ),
    *("@daily", "0 0 31 2 *", "stages:", "needs: [a]", "if: ", "with: 1", "matrix:"),
)


@st.composite
def edits(draw: st.DrawFn) -> str:
    """A workflow with some characters taken away and some put in."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from([0, 0, 1, 3, 12, 80]))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[end:]
    return text


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A project with the callers of the workflows and none of them."""
    made = Path(tempfile.mkdtemp())
    (made / "conf").mkdir()
    for path in (ROOT / "conf").glob("*.py"):
        shutil.copy(path, made / "conf")
    yield made
    shutil.rmtree(made)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=edits())
def test_no_edit_makes_the_check_raise(folder: Path, text: str) -> None:
    (folder / "conf" / "edited.yml").write_text(text, newline="")
    found = Diagnostics()
    check_project(find_settings(folder / "conf", None, {}), found)
    for each in found:
        first, last = each.span.first, each.span.last
        lines = each.span.file.text.count("\n") + 1
        assert 1 <= first.line <= last.line <= lines
        assert (first.line, first.column) <= (last.line, last.column)
        assert each.message and "\n" not in each.message
    assert len(json.loads(render_json(found))) == len(found)
    assert render_text(found).count("WF") >= len(found)
