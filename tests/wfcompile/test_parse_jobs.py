"""Jobs and their strategies: what they hold, and one clear error for each mistake."""

from __future__ import annotations

import pytest
from shape_texts import said, with_body, with_job, workflow

from wfcompile.models import Job, Strategy
from wfcompile.nodes import plain_value


def job(body: str) -> Job:
    (only,) = workflow(with_job(body)).jobs
    return only


def test_what_a_job_holds() -> None:
    found = job(
        "id: a\ndesc: b\nif: c\nneeds: [d]\ntrigger-rule: all_done\nretry: 1\n"
        "timeout: 2\nshell: bash\nworking-directory: e\nstages: [{name: f}]\nruns-on: local"
    )
    assert found.if_ is not None
    assert found.retry is not None
    assert found.runs_on is not None
    assert found.working_directory is not None
    assert (
        (found.id, found.id_span.line, found.desc, found.if_.text),
        ([need.text for need in found.needs], found.trigger_rule, found.retry.max),
        (found.timeout_s, found.shell, found.working_directory.text),
        ([stage.name for stage in found.stages], plain_value(found.runs_on)),
    ) == (
        ("a", 4, "b", "c"),
        (["d"], "all_done", 1),
        (2.0, "bash", "e"),
        (["f"], "local"),
    )


def test_what_a_bare_job_holds() -> None:
    found = job("desc: null\nruns-on: null\nif: null\nstages: []\nneeds: []")
    assert (
        (found.desc, found.runs_on, found.if_, found.needs, found.trigger_rule),
        (found.strategy, found.retry, found.timeout_s, found.shell, found.stages),
    ) == ((None, None, None, (), "all_success"), (None, None, None, None, ()))


@pytest.mark.parametrize("host", ["{type: local}", "{type: local, with: {a: b}}"])
def test_ways_to_write_local(host: str) -> None:
    assert said(with_job(f"runs-on: {host}")) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "needs: a",
            '5 `a`: WF106 "needs" is the text "a", expected a list of job ids (write'
            " it as a list: [a])",
        ),
        (
            "needs:",
            '5 ``: WF106 "needs" is empty, expected a list of job ids (write [] for'
            " none)",
        ),
        (
            "needs: [b, 1]",
            '5 `1`: WF106 item 2 of "needs" is the number 1, expected text (write it'
            ' in quotes: "1")',
        ),
        (
            "if: true",
            '5 `true`: WF106 "if" is the boolean true, expected the text of a'
            ' condition (write it in quotes: "True")',
        ),
        (
            "if: 5",
            '5 `5`: WF106 "if" is the number 5, expected the text of a condition',
        ),
        (
            "trigger-rule: all_sucess",
            '5 `all_sucess`: WF108 "trigger-rule" is the text "all_sucess", expected'
            " one of all_success, all_failed, all_done, one_success, one_failed,"
            ' none_failed, none_skipped (did you mean "all_success"?)',
        ),
        (
            "trigger-rule: always",
            '5 `always`: WF108 "trigger-rule" is the text "always", expected one of'
            " all_success, all_failed, all_done, one_success, one_failed, none_failed,"
            ' none_skipped (did you mean "all_done"?)',
        ),
        (
            "trigger_rule: all_done",
            '5 `trigger_rule`: WF104 job "a" has no key "trigger_rule" (did you mean'
            ' "trigger-rule"?)',
        ),
        (
            "runs-on: locl",
            '5 `locl`: WF108 "runs-on" is the text "locl", expected local (did you'
            ' mean "local"?)',
        ),
        (
            "runs-on: docker",
            '5 `docker`: WF112 "runs-on" is "docker", which is not available yet'
            " (write runs-on: local, or nothing)",
        ),
        (
            "runs-on: {type: container, with: {image: a}}",
            '5 `container`: WF112 "runs-on" is "container", which is not available yet'
            " (write runs-on: local, or nothing)",
        ),
        (
            "runs-on: {typ: local}",
            '5 `typ`: WF104 "runs-on" has no key "typ" (did you mean "type"?)',
        ),
        (
            "runs-on: {with: {}}",
            '5 `{with: {}}`: WF105 "runs-on" needs "type" (add type: local)',
        ),
        (
            "runs-on: {type: 5}",
            '5 `5`: WF106 "runs-on" is the number 5, expected local, or a mapping with'
            " the type local",
        ),
        (
            "runs-on: ubuntu-latest",
            '5 `ubuntu-latest`: WF108 "runs-on" is the text "ubuntu-latest", expected'
            " local (write runs-on: local, or nothing)",
        ),
        (
            "runs-on: [local]",
            '5 `[local]`: WF106 "runs-on" is a list, expected local, or a mapping with'
            " the type local",
        ),
        (
            "retry: 20",
            '5 `20`: WF107 "retry" is the number 20, expected a whole number from 0 to'
            " 19"
            " (write 19, or a smaller number)",
        ),
        (
            "timeout: 0",
            '5 `0`: WF107 "timeout" is the number 0, expected a number of seconds'
            " above 0"
            " (write how many seconds, such as 3600, or remove it)",
        ),
        (
            "id: b",
            '5 `b`: WF120 job "a" has another "id": the text "b" (remove "id": the key'
            " is the name) [its name is here: 4]",
        ),
        (
            "id: 5",
            '5 `5`: WF120 job "a" has another "id": the number 5 (remove "id": the key'
            " is the name) [its name is here: 4]",
        ),
        (
            "steps: []",
            '5 `steps`: WF104 job "a" has no key "steps" (did you mean "stages"?)',
        ),
        (
            "bash: ls",
            '5 `bash`: WF104 job "a" has no key "bash" ("bash" belongs to a stage: put'
            ' it in the list below "stages")',
        ),
        (
            "matrix: {b: [1]}",
            '5 `matrix`: WF104 job "a" has no key "matrix" ("matrix" belongs below'
            ' "strategy")',
        ),
        (
            "env: {A: b}",
            '5 `env`: WF104 job "a" has no key "env" ("env" is for stages with "bash")',
        ),
        (
            "name: b",
            '5 `name`: WF104 job "a" has no key "name" (a job is named by its key;'
            ' write what it is for as "desc")',
        ),
        (
            "colour: red",
            '5 `colour`: WF104 job "a" has no key "colour" (its keys are id, desc,'
            " runs-on, if, needs, trigger-rule, strategy, retry, timeout, shell,"
            " working-directory, stages)",
        ),
        (
            "desc: 5",
            '5 `5`: WF106 "desc" is the number 5, expected text (write it in quotes:'
            ' "5")',
        ),
        (
            "stages: text",
            '5 `text`: WF106 "stages" is the text "text", expected a list of stages'
            ' (begin each stage with "- ")',
        ),
        (
            "working-directory: 5",
            '5 `5`: WF106 "working-directory" is the number 5, expected text (write it'
            ' in quotes: "5")',
        ),
    ],
)
def test_a_wrong_job(body: str, expected: str) -> None:
    assert said(with_job(body)) == [expected]


@pytest.mark.parametrize(
    ("value", "found"), [("[b]", "a list"), ("", "empty"), ("b", 'the text "b"')]
)
def test_a_job_is_a_mapping(value: str, found: str) -> None:
    assert said(with_body(f"jobs:\n  a: {value}")) == [
        f'4 `{value}`: WF106 job "a" is {found}, expected a mapping (its keys are id,'
        " desc, runs-on, if, needs, trigger-rule, strategy, retry, timeout, shell,"
        " working-directory, stages)"
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "1",
            "3 `1`: WF106 a job's id is the number 1, expected text (write it in"
            ' quotes: "1")',
        ),
        (
            "''",
            "3 `''`: WF109 a job's id is an empty text, expected a name",
        ),
        (
            "'a-${{ x }}'",
            "3 `'a-${{ x }}'`: WF109 a job's id \"a-${{ x }}\" holds a template"
            " (write a constant name)",
        ),
    ],
)
def test_a_wrong_job_id(key: str, expected: str) -> None:
    assert said(with_body(f"jobs: {{{key}: {{}}}}")) == [expected]


# --- strategies ---


def strategy(body: str) -> Strategy:
    found = job(f"strategy: {body}").strategy
    assert found is not None
    return found


def test_what_a_strategy_holds() -> None:
    found = strategy(
        "{matrix: {b: [x, y], c: [1]}, include: [{b: z}], exclude: [{b: x, c: 1}],"
        " max-parallel: 2, fail-fast: yes}"
    )
    assert found.max_parallel is not None
    assert (
        [(key.name, key.values, key.span.line) for key in found.matrix],
        [row.values for row in found.include],
        [row.values for row in found.exclude],
        (plain_value(found.max_parallel), found.fail_fast),
    ) == (
        [("b", ("x", "y"), 5), ("c", (1,), 5)],
        [{"b": "z"}],
        [{"b": "x", "c": 1}],
        (2, True),
    )


def test_text_that_is_a_number_is_one_among_numbers() -> None:
    assert strategy('{matrix: {b: [1, "2"]}}').matrix[0].values == (1, 2)
    assert strategy('{matrix: {b: ["1", "2"]}}').matrix[0].values == ("1", "2")


@pytest.mark.parametrize("value", ["9", "'3'", "'${{ params.n }}'"])
def test_what_max_parallel_may_be(value: str) -> None:
    assert said(with_job(f"strategy: {{max-parallel: {value}}}")) == []


def test_rows_without_a_matrix_do_nothing() -> None:
    assert said(with_job("strategy: {max-parallel: 3, include: [{b: 1}]}")) == [
        '5 `{b: 1}`: warning WF121 the strategy of job "a" has rows but no matrix, so'
        ' they do nothing (add a "matrix", or remove them)'
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "strategy: [a]",
            "5 `[a]`: WF106 a strategy is a list, expected a mapping (its keys are"
            " matrix, include, exclude, max-parallel, fail-fast)",
        ),
        (
            "strategy: {matrx: {b: [1]}}",
            '5 `matrx`: WF104 a strategy has no key "matrx" (did you mean "matrix"?)',
        ),
        (
            "strategy: {max_parallel: 2}",
            '5 `max_parallel`: WF104 a strategy has no key "max_parallel" (did you'
            ' mean "max-parallel"?)',
        ),
        (
            "strategy: {fail_fast: true}",
            '5 `fail_fast`: WF104 a strategy has no key "fail_fast" (did you mean'
            ' "fail-fast"?)',
        ),
        (
            "strategy: {max-parallel: 0}",
            '5 `0`: WF107 "max-parallel" is the number 0, expected a whole number from'
            " 1 to 9"
            " (write 1, or a larger number)",
        ),
        (
            "strategy: {max-parallel: '10'}",
            '5 `\'10\'`: WF107 "max-parallel" is the text "10", expected a whole'
            " number from 1 to 9"
            " (write 9, or a smaller number)",
        ),
        (
            "strategy: {max-parallel: many}",
            '5 `many`: WF106 "max-parallel" is the text "many", expected a whole'
            " number from 1 to 9",
        ),
        (
            "strategy: {fail-fast: maybe}",
            '5 `maybe`: WF106 "fail-fast" is the text "maybe", expected true or false',
        ),
        (
            "strategy: {matrix: [b]}",
            '5 `[b]`: WF106 "matrix" is a list, expected a mapping of keys to lists of'
            " values",
        ),
        (
            "strategy: {matrix: {b: 1}}",
            '5 `1`: WF106 matrix key "b" is the number 1, expected a list of text or'
            " of whole numbers (write it as a list: b: [first, second])",
        ),
        (
            "strategy: {matrix: {b: []}}",
            '5 `[]`: WF116 matrix key "b" is an empty list, expected a value'
            " (write its values: b: [first, second], or remove the key)",
        ),
        (
            "strategy: {matrix: {b: [true]}}",
            '5 `true`: WF106 a value of matrix key "b" is the boolean true, expected'
            ' text or a whole number (write it in quotes: "true")',
        ),
        (
            "strategy: {matrix: {b: [1.5]}}",
            '5 `1.5`: WF106 a value of matrix key "b" is the number 1.5, expected text'
            ' or a whole number (write it in quotes: "1.5")',
        ),
        (
            "strategy: {matrix: {b: [1, c]}}",
            '5 `c`: WF117 a value of matrix key "b" is the text "c", expected a whole'
            " number like the others (write all of them in quotes, or none)",
        ),
        (
            "strategy:\n  matrix:\n    b: ${{ params.x }}",
            '7 `${{ params.x }}`: WF106 matrix key "b" is the text "${{ params.x }}",'
            " expected a list of text or of whole numbers (write constants, or use"
            " foreach for values that the run computes)",
        ),
        (
            "strategy: {matrix: {b: ['${{ params.x }}']}}",
            "5 `'${{ params.x }}'`: WF106 a matrix value is the text \"${{ params.x"
            ' }}", expected a constant (write constants, or use foreach for values'
            " that the run computes)",
        ),
        (
            "strategy: {matrix: {5: [b]}}",
            "5 `5`: WF106 a matrix key is the number 5, expected text (write it in"
            ' quotes: "5")',
        ),
        (
            "strategy: {matrix: {b: [1], include: [{b: 2}]}}",
            '5 `include`: WF106 matrix key "include" holds rows, expected text or'
            ' whole numbers ("include" stands beside "matrix", not below it)',
        ),
        (
            "strategy: {matrix: {bcd: [1]}, exclude: [{bdc: 1}]}",
            '5 `bdc`: WF118 matrix key "bdc" is in "exclude" but not in the matrix'
            ' (did you mean "bcd"?)',
        ),
        (
            "strategy: {matrix: {b: [1]}, include: [{c: 1}]}",
            '5 `c`: WF118 matrix key "c" is in "include" but not in the matrix (the'
            " matrix has b)",
        ),
        (
            "strategy: {matrix: {b: [1]}, include: {b: 2}}",
            '5 `{b: 2}`: WF106 "include" is a mapping, expected a list of matrix rows'
            ' (begin each item with "- ")',
        ),
        (
            "strategy: {matrix: {b: [1]}, include: [b]}",
            '5 `b`: WF106 a matrix row is the text "b", expected a mapping of matrix'
            " keys to values",
        ),
        (
            "strategy: {matrix: {b: [1]}, include: [{b: [2]}]}",
            '5 `[2]`: WF106 matrix key "b" is a list, expected text or a whole number',
        ),
        (
            "strategy: {matrix: {b: [1]}, include: [{b: '${{ params.x }}'}]}",
            "5 `'${{ params.x }}'`: WF106 a matrix value is the text \"${{ params.x"
            ' }}", expected a constant (write constants, or use foreach for values'
            " that the run computes)",
        ),
    ],
)
def test_a_wrong_strategy(body: str, expected: str) -> None:
    assert said(with_job(body)) == [expected]
