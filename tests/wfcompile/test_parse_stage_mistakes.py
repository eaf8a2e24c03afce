"""Stages: one clear error for each way to get them wrong."""

from __future__ import annotations

import pytest
from shape_texts import said, with_job, with_stage


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "bahs: exit 1",
            '7 `bahs`: WF104 a bash stage has no key "bahs" (did you mean "bash"?)',
        ),
        (
            "bahs: exit 1\nenv: {A: b}\nshell: sh",
            '7 `bahs`: WF104 a bash stage has no key "bahs" (did you mean "bash"?)',
        ),
        (
            "env: {A: b}",
            '6 `name`: WF105 a bash stage needs "bash" (add "bash")',
        ),
        (
            "stages: []\nuntil_: a\nmax-loop: 3",
            '8 `until_`: WF104 an until stage has no key "until_" (did you mean'
            ' "until"?)',
        ),
        (
            "nmae: x",
            '7 `nmae`: WF104 an empty stage has no key "nmae" (did you mean "name"?)',
        ),
        (
            "BASH: ls",
            '7 `BASH`: WF104 a bash stage has no key "BASH" (did you mean "bash"?)',
        ),
        (
            "condition: a",
            '7 `condition`: WF104 an empty stage has no key "condition" (did you mean'
            ' "if"?)',
        ),
        (
            "uses: a/b@c\nargs: {a: 1}",
            '8 `args`: WF104 a call stage has no key "args" (did you mean "with"?)',
        ),
        (
            "echo: a\nenv: {A: b}",
            '8 `env`: WF104 an empty stage has no key "env" ("env" is for stages with'
            ' "bash")',
        ),
        (
            "echo: a\nneeds: [b]",
            '8 `needs`: WF104 an empty stage has no key "needs" ("needs" belongs to'
            " the job)",
        ),
        (
            "run: a\ncolour: red",
            '8 `colour`: WF104 a run stage has no key "colour" (its keys are name, id,'
            " desc, if, retry, timeout, run, vars)",
        ),
        (
            "foreach: [a]\nstages: []\nuse-index-as-key: true",
            '9 `use-index-as-key`: WF104 a foreach stage has no key "use-index-as-key"'
            ' (did you mean "use_index_as_key"?)',
        ),
        (
            "until: a\nmax_loop: 2\nstages: []",
            '8 `max_loop`: WF104 an until stage has no key "max_loop" (did you mean'
            ' "max-loop"?)',
        ),
        (
            "parallel: {}\nmax_workers: 3",
            '8 `max_workers`: WF104 a parallel stage has no key "max_workers" (did you'
            ' mean "max-workers"?)',
        ),
        (
            "run: a\n5: b",
            '8 `5`: WF104 a run stage has no key "5" (its keys are name, id, desc, if,'
            " retry, timeout, run, vars)",
        ),
        (
            "bash: a\nrun: b\nuses: c",
            '8 `run`: WF111 a stage has both "bash" and "run" (a stage does one thing:'
            ' make two stages of it) ["bash" is here: 7]',
        ),
        (
            "sleep: 1\nraise: b",
            '8 `raise`: WF111 a stage has both "sleep" and "raise" (a stage does one'
            ' thing: make two stages of it) ["sleep" is here: 7]',
        ),
        (
            "run: a\nversion: '3.12'",
            '8 `version`: WF104 a run stage has no key "version" (add "deps":'
            ' only a stage with "run" and "deps" has a version)',
        ),
        (
            "bash: a\ndeps: [b]",
            '8 `deps`: WF104 a bash stage has no key "deps" ("deps" is for stages with'
            ' "run")',
        ),
        (
            "deps: [b]",
            '6 `name`: WF105 a run stage with deps needs "run" (add "run")',
        ),
        (
            "run: a\ndeps: b",
            '8 `b`: WF106 "deps" is the text "b", expected a list of requirements'
            " (write it as a list: [b])",
        ),
        (
            "run: a\ndeps: [b, 1]",
            '8 `1`: WF106 item 2 of "deps" is the number 1, expected the text of a'
            ' requirement (write it in quotes: "1")',
        ),
        (
            "run: a\ndeps: []\nversion: 3.12",
            '9 `3.12`: WF106 "version" is the number 3.12, expected text (write it in'
            ' quotes: "3.12")',
        ),
        (
            "image: alpine",
            "7 `image`: WF112 a docker stage is not available yet (call docker in a"
            ' stage with "bash")',
        ),
    ],
)
def test_a_wrong_key_is_told_once(body: str, expected: str) -> None:
    assert said(with_stage(body)) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "run: 5",
            '7 `5`: WF106 "run" is the number 5, expected text (write it in quotes:'
            ' "5")',
        ),
        (
            "echo: {a: b}",
            '7 `{a: b}`: WF106 "echo" is a mapping, expected text',
        ),
        (
            "raise:",
            '7 ``: WF106 "raise" is empty, expected text',
        ),
        (
            "if: 5",
            '7 `5`: WF106 "if" is the number 5, expected text or a boolean',
        ),
        (
            "until: true\nstages: []",
            '7 `true`: WF106 "until" is the boolean true, expected the text of a'
            ' condition (write it in quotes: "True")',
        ),
        (
            'until: " "\nstages: []',
            '7 `" "`: WF106 "until" is an empty text, expected the text of a condition',
        ),
        (
            "sleep: 1800",
            '7 `1800`: WF107 "sleep" is the number 1800, expected a number of seconds'
            " from 0 to less than 1800"
            " (write fewer seconds, and let a schedule do longer waits)",
        ),
        (
            "sleep: .inf",
            '7 `.inf`: WF107 "sleep" is the number .inf, expected a number of seconds'
            " from 0 to less than 1800"
            " (write fewer seconds, and let a schedule do longer waits)",
        ),
        (
            "bash: a\nenv: [A]",
            '8 `[A]`: WF106 "env" is a list, expected a mapping of variables to text',
        ),
        (
            "run: a\nvars: {5: a}",
            "8 `5`: WF106 a key is the number 5, expected text (write it in quotes:"
            ' "5")',
        ),
        (
            "bash: a\nretry: 20",
            '8 `20`: WF107 "retry" is the number 20, expected a whole number from 0 to'
            " 19"
            " (write 19, or a smaller number)",
        ),
        (
            "bash: a\nretry: often",
            '8 `often`: WF106 "retry" is the text "often", expected a whole number'
            " from 0 to 19",
        ),
        (
            "bash: a\nretry: true",
            '8 `true`: WF106 "retry" is the boolean true, expected a whole number from'
            " 0 to 19",
        ),
        (
            "bash: a\nretry: [1]",
            '8 `[1]`: WF106 "retry" is a list, expected a whole number from 0 to 19',
        ),
        (
            "bash: a\nretry: {delay: 1}",
            '8 `delay`: WF105 a retry needs "max" (add "max")',
        ),
        (
            "bash: a\nretry: {max: 1, backoff: 0.5}",
            '8 `0.5`: WF107 "backoff" is the number 0.5, expected a factor of at least'
            " 1"
            " (write 2 to wait twice as long each time, or 1 for the same wait)",
        ),
        (
            "bash: a\nretry: {max: 1, on: OSError}",
            '8 `OSError`: WF106 "on" is the text "OSError", expected a list of error'
            " names (write it as a list: [OSError])",
        ),
        (
            "bash: a\ntimeout: soon",
            '8 `soon`: WF106 "timeout" is the text "soon", expected a number of'
            " seconds above 0",
        ),
        (
            "foreach: [1, b]\nstages: []",
            '7 `b`: WF117 an item of foreach is the text "b" among items of another'
            " kind (write all of them in quotes, or none)",
        ),
        (
            "foreach: [1.5]\nstages: []",
            "7 `1.5`: WF106 an item of foreach is the number 1.5, expected text or a"
            " whole number",
        ),
        (
            "foreach: {a: b}\nstages: []",
            '7 `{a: b}`: WF106 "foreach" is a mapping, expected a list of text or of'
            " whole numbers, or a template that gives a list",
        ),
        (
            "foreach: a,b\nstages: []",
            '7 `a,b`: WF106 "foreach" is the text "a,b", expected a list of text or of'
            " whole numbers, or a template that gives a list (write it as a list:"
            " [a,b])",
        ),
        (
            "foreach: [1, 2, 1]\nstages: []",
            '7 `1`: WF119 item "1" is in the list twice (remove one of them, or add'
            " use_index_as_key: true) [the first one is here: 7]",
        ),
        (
            "foreach: [a]\nstages: []\nconcurrent: 10",
            '9 `10`: WF107 "concurrent" is the number 10, expected a whole number from'
            " 1 to 9"
            " (write 9, or a smaller number)",
        ),
        (
            "foreach: [a]\nstages: []\nconcurrent: ${{ params.n }}",
            '9 `${{ params.n }}`: WF106 "concurrent" is the text "${{ params.n }}",'
            " expected a whole number from 1 to 9 (no template can stand here: write a"
            " constant)",
        ),
        (
            "foreach: [a]\nstages: []\nuse_index_as_key: maybe",
            '9 `maybe`: WF106 "use_index_as_key" is the text "maybe", expected true or'
            " false",
        ),
        (
            "foreach: [a]",
            '6 `name`: WF105 a foreach stage needs "stages" (add "stages")',
        ),
        (
            "foreach: [a]\nstages: {a: b}",
            '8 `{a: b}`: WF106 "stages" is a mapping, expected a list of stages (begin'
            ' each stage with "- ")',
        ),
        (
            "foreach: [a]\nstages:",
            '8 ``: WF106 "stages" is empty, expected a list of stages (write [] for'
            " none)",
        ),
        (
            "foreach: [a]\nstages: [b]",
            '8 `b`: WF106 a stage is the text "b", expected a mapping with a name and'
            " what the stage does (write - name: My stage, and below it echo, bash,"
            " run or uses)",
        ),
        (
            "until: a\nitem: [1]\nstages: []",
            '8 `[1]`: WF106 "item" is a list, expected text, a whole number or a'
            " boolean",
        ),
        (
            "until: a\nmax-loop: 100\nstages: []",
            '8 `100`: WF107 "max-loop" is the number 100, expected a whole number from'
            " 1 to 99"
            " (write 99, or a smaller number)",
        ),
        (
            "case: a",
            '6 `name`: WF105 a case stage needs "match" (add "match")',
        ),
        (
            "case: a\nmatch: {case: b}",
            '8 `{case: b}`: WF106 "match" is a mapping, expected a list of cases'
            ' (begin each item with "- ")',
        ),
        (
            "case: a\nmatch: [{case: true, stages: []}]",
            '8 `true`: WF106 "case" is the boolean true, expected text or a whole'
            ' number (write it in quotes: "true")',
        ),
        (
            "case: a\nmatch: [{case: b}]",
            '8 `case`: WF105 a case needs "stages", what it runs (add "stages")',
        ),
        (
            "case: a\nmatch: [{stages: []}]",
            '8 `stages`: WF105 a case needs "case", its value (add "case")',
        ),
        (
            "case: a\nmatch: [{cas: b, stages: []}]",
            '8 `cas`: WF104 a case has no key "cas" (did you mean "case"?)',
        ),
        (
            "case: a\nmatch: [{else: [], case: b}]",
            '8 `case`: WF114 a case has both "else" and "case" (remove "case": the'
            ' stages stand below "else")',
        ),
        (
            "case: a\nmatch: [{else: []}, {else: []}]",
            '8 `else`: WF115 "else" is in the list twice (remove one of them) [the'
            " first one is here: 8]",
        ),
        (
            "case: a\nmatch: [{else: []}, {case: _, stages: []}]",
            '8 `_`: WF115 "else" is in the list twice (remove one of them) [the first'
            " one is here: 8]",
        ),
        (
            "case: a\nmatch: [{case: b, stages: []}, {case: b, stages: []}]",
            '8 `b`: WF115 case "b" is in the list twice (remove one of them) [the'
            " first one is here: 8]",
        ),
        (
            "parallel: [a]",
            '7 `[a]`: WF106 "parallel" is a list, expected a mapping of branches to'
            " lists of stages",
        ),
        (
            "parallel: {a: {b: c}}",
            '7 `{b: c}`: WF106 branch "a" is a mapping, expected a list of stages'
            ' (begin each stage below it with "- ")',
        ),
        (
            "parallel: {1: []}",
            "7 `1`: WF106 the name of a branch is the number 1, expected text (write"
            ' it in quotes: "1")',
        ),
        (
            "parallel: {}\nmax-workers: 20",
            '8 `20`: WF107 "max-workers" is the number 20, expected a whole number'
            " from 1 to 19"
            " (write 19, or a smaller number)",
        ),
        (
            "parallel: {}\nmax-workers: '3'",
            '8 `\'3\'`: WF106 "max-workers" is the text "3", expected a whole number'
            " from 1 to 19, or a template",
        ),
    ],
)
def test_a_wrong_value(body: str, expected: str) -> None:
    assert said(with_stage(body)) == [expected]


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (
            "{}",
            '5 `{}`: WF105 an empty stage needs "name" (every stage has a name: say in'
            " a few words what it does)",
        ),
        (
            "{echo: a}",
            '5 `echo`: WF105 an empty stage needs "name" (every stage has a name: say'
            " in a few words what it does)",
        ),
        (
            "{name: 5}",
            '5 `5`: WF106 "name" is the number 5, expected text (write it in quotes:'
            ' "5")',
        ),
        (
            "{name: null}",
            '5 `null`: WF106 "name" is empty, expected text',
        ),
        (
            "{name: ' '}",
            "5 `' '`: WF109 \"name\" is an empty text, expected a name",
        ),
        (
            "a",
            '5 `a`: WF106 a stage is the text "a", expected a mapping with a name and'
            " what the stage does (write - name: My stage, and below it echo, bash,"
            " run or uses)",
        ),
        (
            "[a]",
            "5 `[a]`: WF106 a stage is a list, expected a mapping with a name and what"
            " the stage does (write - name: My stage, and below it echo, bash, run or"
            " uses)",
        ),
        (
            "null",
            "5 `null`: WF106 a stage is empty, expected a mapping with a name and what"
            " the stage does (write - name: My stage, and below it echo, bash, run or"
            " uses)",
        ),
        (
            "{name: x, id: 's-${{ params.x }}'}",
            '5 `\'s-${{ params.x }}\'`: WF109 "id" is "s-${{ params.x }}", but may'
            " hold matrix values only (write a constant name)",
        ),
        (
            "{name: a}, {name: b, id: a}",
            '5 `a`: WF113 stage "a" is in this list twice (give one of them another'
            " id) [the first one is here: 5]",
        ),
        (
            "{name: a, id: x}, {name: x}",
            '5 `x`: WF113 stage "x" is in this list twice (give one of them another'
            " id) [the first one is here: 5]",
        ),
    ],
)
def test_a_wrong_name(stages: str, expected: str) -> None:
    assert said(with_job(f"stages: [{stages}]")) == [expected]


def test_names_twice_in_nested_lists_and_other_errors_beside_them() -> None:
    body = "parallel: {a: [{name: s}, {name: s}, {nam: t, bash: 5}], b: [{name: s}]}"
    assert said(with_stage(body)) == [
        '7 `s`: WF113 stage "s" is in this list twice'
        " (give one of them another id) [the first one is here: 7]",
        '7 `nam`: WF104 a bash stage has no key "nam" (did you mean "name"?)',
        '7 `5`: WF106 "bash" is the number 5, expected text (write it in quotes: "5")',
    ]


def test_all_that_is_wrong_with_an_environment() -> None:
    body = "bash: a\nenv: {A: 1, b-c: x, D: [1], E: , 5: y}"
    assert said(with_stage(body)) == [
        '8 `1`: WF106 environment variable "A" is the number 1, expected text'
        ' (write it in quotes: "1")',
        '8 `b-c`: WF109 environment variable "b-c" is no name that a shell can read'
        " (use letters, digits and _, and begin with a letter or _)",
        '8 `[1]`: WF106 environment variable "D" is a list, expected text',
        '8 ``: WF106 environment variable "E" is empty, expected text',
        '8 `5`: WF109 environment variable "5" is no name that a shell can read'
        " (use letters, digits and _, and begin with a letter or _)",
    ]


def test_a_kind_without_its_key_and_an_unknown_one() -> None:
    assert said(with_stage("loop: [1]\nstages: []\nconcurrent: 2")) == [
        '6 `name`: WF105 a foreach stage needs "foreach" (add "foreach")',
        '7 `loop`: WF104 a foreach stage has no key "loop" (its keys are name, id, desc,'
        " if, retry, timeout, foreach, stages, concurrent, use_index_as_key)",
    ]
