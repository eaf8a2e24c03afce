"""`parse_file`: which entries of a file are workflows, and what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from shape_texts import said, said_by, with_body, workflow, workflows

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import plain_value
from wfcompile.parse import parse_file, parse_schedules
from wfcompile.reader import load, read
from wfcompile.source import SourceFile

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path",
    ["conf/fx-report.yml", "conf/housekeeping.yml", "conf/run-py-local.yml"],
)
def test_the_examples_have_no_mistakes(path: str) -> None:
    diagnostics = Diagnostics()
    file = load(ROOT / path, path, diagnostics)
    assert file is not None
    node = read(file, diagnostics)
    assert node is not None
    names = [each.name for each in parse_file(node, file, diagnostics)]
    assert (names, said_by(diagnostics)) == ([Path(path).stem], [])


# --- the entries of a file ---


def names(text: str) -> list[str]:
    diagnostics = Diagnostics()
    found = [each.name for each in workflows(text, diagnostics)]
    assert said_by(diagnostics) == []
    return found


def test_many_workflows_and_entries_of_another_type() -> None:
    text = "b: {type: Workflow}\na: {type: Workflow}\nc: {type: Flow, x: 1}\n"
    assert names(text) == ["b", "a"]


def test_a_file_with_a_name_is_one_workflow() -> None:
    assert names("type: Workflow\nname: wf\njobs: {}\n") == ["wf"]


def test_a_workflow_may_be_called_name() -> None:
    assert names("name: {type: Workflow}\n") == ["name"]


def test_an_empty_file_has_no_workflows() -> None:
    assert names("# nothing yet\n") == []
    assert names("null\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- a\n- b\n",
            '1 `- a`: WF101 file "conf/x.yml" is a list, expected a mapping of workflows'
            " (write the name of the workflow as a key, and its body below it)",
        ),
        (
            "wf: 5\n",
            '1 `5`: WF101 entry "wf" is the number 5, expected a mapping with a type'
            " (write type: Workflow below it, and what it does)",
        ),
        (
            "wf: {jobs: {}}\n",
            '1 `wf`: WF102 entry "wf" has no "type" (add type: Workflow)',
        ),
        (
            "name: wf\njobs: {}\n",
            '1 `wf`: WF102 entry "wf" has no "type" (add type: Workflow)',
        ),
        (
            "wf: {tpye: Workflow}\n",
            '1 `tpye`: WF102 entry "wf" has no "type" (did you mean "type"?)',
        ),
        (
            "wf: {type: workflow}\n",
            '1 `workflow`: WF103 entry "wf" is of type "workflow", which is not known'
            ' (did you mean "Workflow"?)',
        ),
        (
            "wf: {type: }\n",
            '1 ``: WF106 the type of entry "wf" is empty, expected text'
            " (write type: Workflow)",
        ),
        (
            "1: {type: Workflow}\n",
            "1 `1`: WF106 a workflow's name is the number 1, expected text"
            ' (write it in quotes: "1")',
        ),
        (
            '"": {type: Workflow}\n',
            '1 `""`: WF109 a workflow\'s name is an empty text, expected a name',
        ),
        (
            '"wf-${{ params.x }}": {type: Workflow}\n',
            '1 `"wf-${{ params.x }}"`: WF109 a workflow\'s name "wf-${{ params.x }}"'
            " holds a template (write a constant name)",
        ),
        (
            "wf: {type: Workflow, name: other}\n",
            '1 `other`: WF120 workflow "wf" has another "name": the text "other"'
            ' (remove "name": the key is the name) [its name is here: 1]',
        ),
    ],
)
def test_what_is_no_workflow(text: str, expected: str) -> None:
    assert said(text) == [expected]


def test_a_broken_workflow_hides_no_other_one() -> None:
    diagnostics = Diagnostics()
    text = "a: {type: Workflow, jbos: {x: {neds: [], stages: [{nam: y}]}}}\n"
    found = workflows(text + "b: {type: Workflow}\n", diagnostics)
    assert [(each.name, each.is_whole) for each in found] == [
        ("a", False),
        ("b", True),
    ]
    assert said_by(diagnostics) == [
        '1 `jbos`: WF104 workflow "a" has no key "jbos" (did you mean "jobs"?)',
        '1 `neds`: WF104 job "x" has no key "neds" (did you mean "needs"?)',
        '1 `nam`: WF104 an empty stage has no key "nam" (did you mean "name"?)',
    ]


# --- the body of a workflow ---


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("queue", ("queue", None)),
        ("{policy: cancel, group: a/b}", ("cancel", "a/b")),
        ("{group: a}", ("skip", "a")),
        ("{}", ("skip", None)),
    ],
)
def test_the_concurrency(written: str, expected: tuple[str, str | None]) -> None:
    found = workflow(with_body(f"concurrency: {written}")).concurrency
    assert found is not None
    assert (found.policy, found.group and found.group.text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("last", ("last", None)),
        ("skip", ("skip", None)),
        ("{policy: all, window: 2d}", ("all", 172_800.0)),
        ("{window: 90 m}", ("last", 5_400.0)),
        ("{window: 3600}", ("last", 3_600.0)),
        ('{window: "0.5"}', ("last", 0.5)),
        ("{window: 1w}", ("last", 604_800.0)),
        ("{}", ("last", None)),
    ],
)
def test_what_becomes_of_missed_slots(
    written: str, expected: tuple[str, float | None]
) -> None:
    body = f"on: [{{cronjob: 0 7 * * *}}]\nmissed: {written}"
    found = workflow(with_body(body)).missed
    assert found is not None
    assert (found.policy, found.window_s) == expected


def test_what_a_workflow_holds() -> None:
    found = workflow(
        with_body(
            "desc: |2\n\n\n    two\n      lines\ntags: [a, b]\nextras: {x: 1}\ntimeout: 5\n"
            "shell: sh\nworking-directory: /tmp\nname: wf\njobs: {a: {}, b: {}}\n"
        )
    )
    assert found.working_directory is not None
    assert found.extras is not None
    assert (
        found.name,
        found.desc,
        found.tags,
        plain_value(found.extras),
        found.timeout_s,
        found.shell,
        found.working_directory.text,
        [job.id for job in found.jobs],
    ) == ("wf", "two\n  lines\n", ("a", "b"), {"x": 1}, 5.0, "sh", "/tmp", ["a", "b"])
    assert (found.name_span.first.column, found.jobs[1].id_span.line) == (1, 14)


def test_what_a_bare_workflow_holds() -> None:
    found = workflow(with_body("desc: null"))
    assert (
        (found.desc, found.params, found.schedules, found.jobs, found.tags),
        (found.extras, found.timeout_s, found.shell, found.working_directory),
    ) == ((None, (), (), (), ()), (None, None, None, None))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "jobs: [a]",
            '3 `[a]`: WF106 "jobs" is a list, expected a mapping of job ids to jobs'
            ' (write each job below its id, without "- ")',
        ),
        (
            "params:\n  - a\n  - b",
            '4 `- a`: WF106 "params" is a list, expected a mapping of names to types'
            " (write each param as name: type)",
        ),
        (
            "description: x",
            '3 `description`: WF104 workflow "wf" has no key "description"'
            ' (did you mean "desc"?)',
        ),
        (
            "colour: red",
            '3 `colour`: WF104 workflow "wf" has no key "colour" (its keys are type, name,'
            " desc, on, params, jobs, tags, extras, timeout, concurrency, missed,"
            " on-failure, on-success, ping, shell, working-directory)",
        ),
        (
            "stages: []",
            '3 `stages`: WF104 workflow "wf" has no key "stages"'
            ' ("stages" belongs to a job: put it below "jobs" and a job id)',
        ),
        (
            "tags: a",
            '3 `a`: WF106 "tags" is the text "a", expected a list of text'
            " (write it as a list: [a])",
        ),
        (
            "tags: [a, 1]",
            '3 `1`: WF106 item 2 of "tags" is the number 1, expected text'
            ' (write it in quotes: "1")',
        ),
        ("extras: [a]", '3 `[a]`: WF106 "extras" is a list, expected a mapping'),
        (
            "desc: 2024-01-01",
            '3 `2024-01-01`: WF106 "desc" is the date 2024-01-01, expected text'
            ' (write it in quotes: "2024-01-01")',
        ),
        (
            "timeout: 0",
            '3 `0`: WF107 "timeout" is the number 0, expected a number of seconds above 0'
            " (write how many seconds, such as 3600, or remove it)",
        ),
        (
            "timeout: ${{ params.x }}",
            '3 `${{ params.x }}`: WF106 "timeout" is the text "${{ params.x }}", expected'
            " a number of seconds above 0"
            " (no template can stand here: write a constant)",
        ),
        (
            "shell: zsh",
            '3 `zsh`: WF108 "shell" is the text "zsh", expected one of bash, sh'
            ' (did you mean "sh"?)',
        ),
    ],
)
def test_a_wrong_workflow(body: str, expected: str) -> None:
    assert said(with_body(body)) == [expected]


# --- named schedules ---


def schedules(text: str) -> tuple[dict[str, str], list[str]]:
    """name -> cron expression or interval, and what is said."""
    file, diagnostics = SourceFile("conf/x.yml", text), Diagnostics()
    node = read(file, diagnostics)
    assert node is not None
    found = parse_schedules(node, file, diagnostics)
    texts = {
        name: scalar.text
        for name, each in found.items()
        if (scalar := each.cronjob or each.interval)
    }
    return texts, said_by(diagnostics)


def test_named_schedules() -> None:
    text = (
        'five: {type: Crontab, cronjob: "*/5 * * * *", tz: Asia/Bangkok}\n'
        'year: {type: CrontabYear, cronjob: "0 0 1 1 * 2030"}\n'
        "weekly: {type: CrontabValue, interval: weekly}\n"
        "wf: {type: Workflow, foo: 1}\nno-type: {}\n5: {type: Crontab}\n"
    )
    expected = {"five": "*/5 * * * *", "year": "0 0 1 1 * 2030", "weekly": "weekly"}
    assert schedules(text) == (expected, [])


def test_a_file_that_is_one_named_schedule() -> None:
    text = "name: daily\ntype: Crontab\ninterval: daily\n"
    assert schedules(text) == ({"daily": "daily"}, [])


def test_a_wrong_named_schedule() -> None:
    assert schedules("five: {type: Crontab, timezone: UTC}\n") == (
        {},
        [
            '1 `five`: WF105 schedule "five" needs "cronjob" or "interval"'
            ' (add one: cronjob: "30 2 * * *", or interval: daily)'
        ],
    )
