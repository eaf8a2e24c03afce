"""The whole function that a block becomes, where its text cannot stay as it is."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.blocks.projects import block, project, workflow

HEAD = "params:\n  s: str\n  m: map\n  n: int"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """\
            first = '${{ params.m["it's"] }}'
            second = '${{ params.m["it's"] }} again'
            params_m_it = 1
            """,
            """\
            params_m_it_s = ctx.params.m["it's"]
            first = f"{params_m_it_s}"
            second = f"{params_m_it_s} again"
            params_m_it = 1
            return {"first": first, "second": second, "params_m_it": params_m_it}
            """,
        ),
        (
            """\
            from collections import namedtuple
            Row = namedtuple("Row", "a b")
            if ${{ params.n }}:
                row = Row(1, '${{ params.s }}')
            """,
            """\
            from collections import namedtuple

            Row = namedtuple("Row", "a b")
            if ctx.params.n:
                row = Row(1, f"{ctx.params.s}")
            return rt.bound(J0S, locals())
            """,
        ),
        (
            """\
            counts = {}
            for word in '${{ params.s }}'.split():
                counts[word] = counts.get(word, 0) + 1
            del word
            """,
            """\
            counts: Any
            counts = {}
            for word in f"{ctx.params.s}".split():
                counts[word] = counts.get(word, 0) + 1
            del word
            return {"counts": counts}
            """,
        ),
    ],
)
def test_the_function(tmp_path: Path, text: str, expected: str) -> None:
    made = project(tmp_path, {"w.yml": workflow(block(text), head=HEAD)})
    assert made.said == ""
    body = made.function("j0__s").split('"""S."""\n', 1)[1]
    assert dedent(body) == dedent(expected)


def test_the_value_of_a_filter_that_may_be_none(tmp_path: Path) -> None:
    text = workflow(
        "- name: S\n  id: s\n  echo: ${{ params.m | getitem('a') | getitem('b') }}\n",
        head=HEAD,
    )
    made = project(tmp_path, {"w.yml": text})
    assert made.function("j0__s") == (
        "def j0__s(ctx: rt.Context[Params]) -> rt.NoOutputs:\n"
        '    """S."""\n'
        "    return rt.echo(\n"
        "        rt.filters.getitem(\n"
        "            rt.not_none(\n"
        '                rt.filters.getitem(ctx.params.m, "a"),\n'
        "                \"params.m | getitem('a') | getitem\",\n"
        "            ),\n"
        '            "b",\n'
        "        )\n"
        "    )\n"
    )
