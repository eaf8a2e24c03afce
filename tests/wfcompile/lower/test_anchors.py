"""What is found in a part that aliases repeat: its place is the definition, notes name the uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from lowering import lowered


def told(folder: Path, body: str) -> list[str]:
    """`code line "source"`, and the line and text of each note."""
    found = lowered(folder, body).diagnostics
    return [
        " ".join(
            [
                f"{each.code} {each.span.line}",
                each.span.file.text[each.span.start : each.span.end],
                *(
                    f"[{note.span.line} {note.span.file.text[note.span.start : note.span.end]}:"
                    f" {note.message}]"
                    for note in each.notes
                    if note.span
                ),
            ]
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            """\
            parts:
              say: &say {name: Say, echo: "${{ matrix.zone }}"}
            w:
              type: Workflow
              jobs:
                a: {strategy: {matrix: {zone: [x]}}, stages: [*say]}
                b: {stages: [*say]}
                c: {stages: [*say]}
            """,
            [
                "WF310 2 matrix [7 *say: it is used here] [8 *say: it is used here]",
            ],
            id="a stage that is wrong in two of its three uses",
        ),
        pytest.param(
            """\
            w:
              type: Workflow
              jobs:
                a: {stages: [&say {name: Say, echo: "${{ nope }}"}]}
                b: {stages: [*say]}
            """,
            ["WF310 4 nope [5 *say: it is used here]"],
            id="a stage that is wrong in its place too",
        ),
        pytest.param(
            """\
            w:
              type: Workflow
              jobs:
                a: &a {stages: [{name: Say, echo: "${{ nope }}"}]}
                b: *a
            """,
            ["WF310 4 nope [5 *a: it is used here]"],
            id="a job",
        ),
        pytest.param(
            """\
            parts:
              text: &text "${{ nope }}"
              say: &say {name: Say, echo: *text}
            w:
              type: Workflow
              jobs:
                a: {stages: [*say]}
            """,
            ["WF310 2 nope [7 *say: it is used here]"],
            id="an alias in what an alias repeats",
        ),
        pytest.param(
            """\
            parts: &parts
              echo: ${{ nope }}
            w:
              type: Workflow
              jobs:
                a: {stages: [{<<: *parts, name: Say}]}
                b: {stages: [{<<: *parts, echo: x, name: Say}]}
            """,
            ["WF310 2 nope [6 *parts: it is used here]"],
            id="a merge",
        ),
        pytest.param(
            """\
            parts:
              env: &env {env: {A: b}}
              retry: &retry {retry: often}
            w:
              type: Workflow
              jobs:
                a:
                  stages:
                    - {name: a, bash: ls, <<: *env}
                    - {name: b, echo: ls, <<: *env}
                    - {name: c, echo: ls, <<: *retry}
                    - {name: d, echo: ls, <<: *retry}
            """,
            [
                "WF104 2 env [10 *env: it is used here]",
                "WF106 3 often [11 *retry: it is used here] [12 *retry: it is used here]",
            ],
            id="shapes that are merged",
        ),
        pytest.param(
            """\
            parts:
              stage: &stage {name: Say, bash: ls, timeout: -1}
            w:
              type: Workflow
              jobs:
                a: {stages: [*stage]}
                b: {stages: [*stage]}
            """,
            ["WF107 2 -1 [6 *stage: it is used here] [7 *stage: it is used here]"],
            id="the shape of a stage",
        ),
        pytest.param(
            """\
            v: &v
              type: Workflow
              jobs: {a: {stages: [{name: Say, echo: "${{ nope }}"}]}}
            w: {<<: *v}
            """,
            ["WF310 3 nope [4 *v: it is used here]"],
            id="a workflow",
        ),
        pytest.param(
            """\
            v: &v
              type: Workflow
              job: {}
            w: {<<: *v}
            """,
            ["WF104 3 job [4 *v: it is used here]"],
            id="the shape of a workflow",
        ),
    ],
)
def test_uses(body: str, expected: list[str], tmp_path: Path) -> None:
    assert told(tmp_path, body) == expected


def test_many_uses_are_not_all_named(tmp_path: Path) -> None:
    jobs = "".join(f"    j{n}: {{stages: [*say]}}\n" for n in range(6))
    body = (
        'say: &say {name: Say, echo: "${{ nope }}"}\n'
        f"w:\n  type: Workflow\n  jobs:\n{jobs}"
    )
    note = "it is used here"
    assert told(tmp_path, body) == [
        f"WF310 1 nope [5 *say: {note}] [6 *say: {note}] [7 *say: {note}]"
    ]
