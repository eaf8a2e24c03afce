"""Stages: the kinds with their fields."""

from __future__ import annotations

import pytest
from shape_texts import said, with_stage, workflow

from wfcompile.models import (
    BashStage,
    CallStage,
    CaseStage,
    EmptyStage,
    ForEachStage,
    ParallelStage,
    PyStage,
    RaiseStage,
    Retry,
    Stage,
    UntilStage,
    VirtualPyStage,
)
from wfcompile.nodes import Scalar, plain_value


def stage(body: str) -> Stage:
    (only,) = workflow(with_stage(body)).jobs[0].stages
    return only


def text(scalar: Scalar | None) -> str | None:
    return scalar.text if scalar else None


# --- the kinds ---


def test_what_all_stages_have() -> None:
    found = stage("id: y\ndesc: z\nif: 1 == 1\nretry: 2\ntimeout: 1.5")
    assert found.retry is not None
    assert found.if_ is not None
    assert (
        (found.name, found.id, found.desc, plain_value(found.if_)),
        (found.retry.max, found.timeout_s, found.name_node.span.line),
    ) == (("x", "y", "z", "1 == 1"), (2, 1.5, 6))


def test_what_is_not_written() -> None:
    found = stage("id:\ndesc:\nif:\nretry: 0")
    assert (found.id, found.id_node, found.desc, found.if_) == (None,) * 4
    assert (found.retry, found.timeout_s) == (None, None)


@pytest.mark.parametrize("word", ["true", "false"])
def test_a_condition_may_be_a_boolean(word: str) -> None:
    found = stage(f"if: {word}")
    assert found.if_ is not None
    assert plain_value(found.if_) is (word == "true")


def test_an_empty_stage() -> None:
    found = stage('echo: hi\nsleep: "0.5"')
    assert isinstance(found, EmptyStage)
    assert (text(found.echo), text(found.sleep)) == ("hi", "0.5")
    assert isinstance(stage(""), EmptyStage)


def test_a_bash_stage() -> None:
    found = stage("bash: ls\nenv: {A: b}\nshell: sh\nworking-directory: /tmp")
    assert isinstance(found, BashStage)
    assert found.env is not None
    assert (
        (found.bash.text, plain_value(found.env), found.shell),
        text(found.working_directory),
    ) == (("ls", {"A": "b"}, "sh"), "/tmp")


def test_a_py_stage() -> None:
    found = stage("run: x = a\nvars: {a: [1]}")
    assert isinstance(found, PyStage)
    assert found.vars is not None
    assert (found.run.text, plain_value(found.vars)) == ("x = a", {"a": [1]})


def test_a_py_stage_with_deps() -> None:
    found = stage("run: a\ndeps: [b>1, ' c ']\nversion: '3.12'\nvars: {d: 1}")
    assert isinstance(found, VirtualPyStage)
    assert found.vars is not None
    assert (found.run.text, found.deps, found.version, plain_value(found.vars)) == (
        "a",
        ("b>1", "c"),
        "3.12",
        {"d": 1},
    )


def test_a_py_stage_without_packages_or_version() -> None:
    found = stage("deps: []\nrun: a\nversion:")
    assert isinstance(found, VirtualPyStage)
    assert (found.deps, found.version, found.vars) == ((), None, None)


def test_a_call_stage() -> None:
    found = stage("uses: a/b@c\nwith: {d: 1}")
    assert isinstance(found, CallStage)
    assert found.with_ is not None
    assert (found.uses.text, plain_value(found.with_)) == ("a/b@c", {"d": 1})


def test_a_raise_stage() -> None:
    found = stage("raise: stop")
    assert isinstance(found, RaiseStage)
    assert found.raise_.text == "stop"


def test_a_foreach_stage() -> None:
    found = stage("foreach: [1, 2]\nconcurrent: 2\nstages:\n  - name: y")
    assert isinstance(found, ForEachStage)
    assert (
        (plain_value(found.foreach), found.concurrent, found.use_index_as_key),
        [each.name for each in found.stages],
    ) == (([1, 2], 2, False), ["y"])


@pytest.mark.parametrize(
    "items",
    ["${{ params.x }}", "'[1, 2]'", "[a, '${{ params.x }}']", "[]", "${ITEMS}"],
)
def test_what_foreach_may_be(items: str) -> None:
    assert said(with_stage(f"foreach: {items}\nstages: []")) == []


def test_items_may_be_there_twice_when_the_index_is_the_key() -> None:
    found = stage("foreach: [a, a]\nuse_index_as_key: yes\nstages: []")
    assert isinstance(found, ForEachStage)
    assert found.use_index_as_key


def test_an_until_stage() -> None:
    found = stage("until: a\nitem: 0\nmax-loop: 99\nstages: []")
    assert isinstance(found, UntilStage)
    assert (found.until.text, text(found.item), found.max_loop, found.stages) == (
        *("a", "0", 99),
        (),
    )


def test_a_case_stage() -> None:
    found = stage(
        "case: a\nskip-not-match: true\nmatch:\n  - {case: 1, stages: [{name: p}]}\n"
        "  - {case: '1', stages: []}\n  - else: [{name: q}]"
    )
    assert isinstance(found, CaseStage)
    assert found.otherwise is not None
    assert (
        [(arm.value, arm.span.line, len(arm.stages)) for _, arm in found.match],
        [each.name for each in found.otherwise],
        found.skip_not_match,
    ) == ([(1, 10, 1), ("1", 11, 0)], ["q"], True)


def test_a_lone_underscore_is_the_else_of_a_case() -> None:
    found = stage("case: a\nmatch:\n  - {case: _, stages: [{name: q}]}")
    assert isinstance(found, CaseStage)
    assert found.otherwise is not None
    assert (found.match, [each.name for each in found.otherwise]) == ((), ["q"])
    without = stage("case: a\nmatch: []")
    assert isinstance(without, CaseStage)
    assert without.otherwise is None


def test_a_parallel_stage() -> None:
    found = stage("max-workers: ${{ params.n }}\nparallel:\n  a: [{name: p}]\n  b: []")
    assert isinstance(found, ParallelStage)
    assert found.max_workers is not None
    assert (
        [(each.name, each.span.line, len(each.stages)) for each in found.branches],
        plain_value(found.max_workers),
    ) == ([("a", 9, 1), ("b", 10, 0)], "${{ params.n }}")


def test_all_of_retry() -> None:
    found = stage(
        "retry: {max: 3, delay: 1, backoff: 1.5, max-delay: 9, jitter: 0, on: [OSError]}"
    )
    assert isinstance(found.retry, Retry)
    assert (
        (found.retry.max, found.retry.delay, found.retry.backoff),
        (found.retry.max_delay, found.retry.jitter, found.retry.on),
    ) == ((3, 1.0, 1.5), (9.0, 0.0, ("OSError",)))
