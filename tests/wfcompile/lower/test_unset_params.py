"""Schedules that leave a param without a value: told where that is a mistake for sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered

CALLERS = """
from wfruntime import tag

@tag("v1")
def load(region: str, limit: int | None = None) -> dict[str, str]:
    return {}
"""
UNSET = (
    'WF354 4:18: the schedule sets no value for param "{}", which has no default '
    '(set it below "params" of the schedule, or give it a default) [it is declared here]'
)


def messages(
    folder: Path, stages: str, params: str, schedule: str = 'cronjob: "30 2 * * *"'
) -> list[str]:
    head = f"params: {{{params}}}\non: [{{{schedule}}}]"
    return lowered(folder, job(stages, head), tasks=CALLERS).messages


@pytest.mark.parametrize(
    "stage",
    [
        '{name: a, uses: tasks/load@v1, with: {region: "${{ params.x }}"}}',
        '{name: a, uses: tasks/load@v1, with: {region: "to/${{ params.x }}"}}',
        "{name: a, run: \"y = '${{ params.x }}'.upper()\"}",
        '{name: a, bash: ls, env: {DAY: "/${{ params.x }}"}}',
        "{name: a, echo: a, if: \"${{ params.x.startswith('a') }}\"}",
    ],
)
def test_a_text_is_used(tmp_path: Path, stage: str) -> None:
    assert messages(tmp_path, f"- {stage}", "x: str") == [UNSET.format("x")]


@pytest.mark.parametrize(
    ("type_", "stage"),
    [
        ("int", '{name: a, echo: "${{ params.x + 1 }}"}'),
        ("int", '{name: a, echo: a, if: "${{ params.x > 1 }}"}'),
    ],
)
def test_another_value_is_used(tmp_path: Path, type_: str, stage: str) -> None:
    found = messages(tmp_path, f"- {stage}", f"x: {type_}")
    assert found == [UNSET.format("x")]


def test_a_required_param_is_always_missed(tmp_path: Path) -> None:
    params = "x: {type: str, required: true}"
    assert messages(tmp_path, "- {name: a}", params) == [UNSET.format("x")]


def test_a_default_does_not_help_a_required_param(tmp_path: Path) -> None:
    params = "x: {type: str, required: true, default: eu}"
    assert messages(tmp_path, "- {name: a}", params) == [
        'WF354 4:18: the schedule sets no value for param "x", which is required in spite '
        'of its default (set it below "params" of the schedule, or take "required" out) '
        "[it is declared here]"
    ]


@pytest.mark.parametrize(
    ("params", "stage"),
    [
        ("x: {type: str, default: a}", "{name: a, run: \"y = '${{ params.x }}'\"}"),
        ("x: datetime", "{name: a, run: \"y = '${{ params.x }}'\"}"),
        ("x: {type: choice, options: [a]}", "{name: a, run: \"y = '${{ params.x }}'\"}"),
        ("x: array", "{name: a, foreach: '${{ params.x }}', stages: []}"),
        ("x: map", "{name: a, run: \"y = len(${{ params.x }})\"}"),
        ("x: str", "{name: a, echo: 'is ${{ params.x }}'}"),
        ("x: int", "{name: a, uses: tasks/load@v1, with: {region: a, limit: '${{ params.x }}'}}"),
        ("x: int", "{name: a, run: 'y = ${{ params.x }}'}"),
        ("x: str", "{name: a, bash: ls, env: {DAY: '/${{ params.x | coalesce(1) }}'}}"),
        ("x: str", "{name: a, run: \"y = '${{ params.x }}'\", if: '${{ params.x != None }}'}"),
        ("x: str", "{name: a, run: \"y = '${{ params.x }}'\", if: '${{ params.x }}'}"),
    ],
)  # fmt: skip
def test_what_is_no_mistake(tmp_path: Path, params: str, stage: str) -> None:
    assert [each for each in messages(tmp_path, f"- {stage}", params) if "WF354" in each] == []  # fmt: skip


def test_a_schedule_that_sets_it(tmp_path: Path) -> None:
    stage = "- {name: a, run: \"y = '${{ params.x }}'\"}"
    schedule = 'cronjob: "30 2 * * *", params: {x: a}'
    assert messages(tmp_path, stage, "x: str", schedule) == []


def test_without_a_schedule_nothing_is_told(tmp_path: Path) -> None:
    stage = "- {name: a, run: \"y = '${{ params.x }}'\"}"
    assert lowered(tmp_path, job(stage, "params: {x: str}")).messages == []
