"""What stage functions call besides shells, and how it is told when they misuse it."""

from __future__ import annotations

from typing import Any

import pytest
from wfruntime.errors import EnvError, StageError, StageSkipError
from wfruntime.graph import Job, Retry
from wfruntime.matrix import combinations
from wfruntime.retry import is_tried_again, wait_before
from wfruntime.secrets import MASK, mask
from wfruntime.stages import echo, env, fail, skip_unless

from tests.runtime.running import Recorder, run_jobs


def test_skip_unless() -> None:
    skip_unless(True)
    with pytest.raises(StageSkipError):
        skip_unless(False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1 (int)"),
        ("true", "'true' (str)"),
        (None, "None (None)"),
        ([], "[] (list)"),
    ],
)
def test_skip_unless_needs_a_bool(value: Any, shown: str) -> None:
    with pytest.raises(StageError) as raised:
        skip_unless(value)
    assert str(raised.value) == f"a condition is True or False, not {shown}"


def test_fail() -> None:
    with pytest.raises(StageError, match="^it broke$"):
        fail("it broke")


def test_env(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE", "a value")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("NOT_HERE", raising=False)
    assert env("HERE") == env("HERE", "default") == "a value"
    assert env("EMPTY") == env("EMPTY", "default") == ""
    assert env("NOT_HERE", "default") == "default"
    with pytest.raises(EnvError) as raised:
        env("NOT_HERE")
    assert str(raised.value) == "environment variable NOT_HERE is not set"


def test_env_masks_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "my-own-token")
    assert env("MY_TOKEN") == "my-own-token"
    assert mask("<my-own-token>") == f"<{MASK}>"


def test_echo_without_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert (echo("hello"), echo(), echo("", sleep=0.001)) == ({}, {}, {})
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.usefixtures("runs")
def test_echo_in_a_run() -> None:
    recorder = Recorder()
    stages = {"s": lambda ctx: echo("two\nlines"), "t": lambda ctx: echo()}
    run_jobs(Job("a", stages=stages), observer=recorder)
    assert recorder.of("log") == [{"level": "INFO", "message": "two\nlines"}]


# --- waits ---


@pytest.mark.parametrize(
    ("retry", "waits"),
    [
        (Retry(9), [1.2, 1.44, 1.728]),
        (Retry(9, delay=5), [5, 5, 5]),
        (Retry(9, delay=1, backoff=3), [1, 3, 9]),
        (Retry(9, backoff=2), [2, 4, 8]),
        (Retry(9, delay=1, backoff=3, max_delay=5), [1, 3, 5]),
        (Retry(9, delay=0), [0, 0, 0]),
    ],
)
def test_waits(retry: Retry, waits: list[float]) -> None:
    found = [wait_before(retry, number) for number in (1, 2, 3)]
    assert found == pytest.approx(waits)


def test_jitter_makes_a_wait_longer_but_not_than_the_longest() -> None:
    found = {wait_before(Retry(1, delay=1.0, jitter=0.5), 1) for _ in range(50)}
    assert len(found) > 1 and min(found) >= 1.0 and max(found) <= 1.5
    assert wait_before(Retry(1, delay=1.0, jitter=9.0, max_delay=1.0), 1) == 1.0


@pytest.mark.parametrize(
    ("retry", "number", "again"),
    [
        (Retry(1), 0, True),
        (Retry(1), 1, False),
        (Retry(0), 0, False),
        (Retry(1, on=["KeyError"]), 0, True),
        (Retry(1, on=["LookupError"]), 0, True),
        (Retry(1, on=["ValueError", "OSError"]), 0, False),
    ],
)
def test_what_is_tried_again(retry: Retry, number: int, again: bool) -> None:
    assert is_tried_again(retry, number, KeyError("k")) is again


# --- combinations ---


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({}, [(1, "a"), (1, "b"), (2, "a"), (2, "b")]),
        ({"exclude": [{"x": 1, "y": "a"}]}, [(1, "b"), (2, "a"), (2, "b")]),
        ({"exclude": [{"x": 1}]}, [(2, "a"), (2, "b")]),
        ({"exclude": [{"x": 1}, {"x": 2}]}, [()]),
        (
            {"exclude": [{"x": 1}], "include": [{"x": 1, "y": "a"}]},
            [(2, "a"), (2, "b"), (1, "a")],
        ),
        (
            {
                "exclude": [{"x": 1}],
                "include": [{"x": 2, "y": "a"}, {"x": 4}, {"x": 4}],
            },
            [(2, "a"), (2, "b"), (4,)],
        ),
    ],
)
def test_combinations(options: Any, rows: list[tuple[object, ...]]) -> None:
    found = combinations({"x": [1, 2], "y": ["a", "b"]}, **options)
    assert [tuple(row.values()) for row in found] == rows


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"exclude": [{"z": 1}]}, 'exclude has "z", which no combination has'),
        ({"include": [{"x": 1, "z": 1}]}, 'include has "z", which no combination has'),
        (
            {"exclude": [{"x": 1}], "include": [{"x": 3}]},
            'include has "x", which no combination has',
        ),
    ],
)
def test_combinations_with_foreign_keys(options: Any, message: str) -> None:
    from wfruntime.errors import JobError

    with pytest.raises(JobError) as raised:
        combinations({"x": [1]}, **options)
    assert str(raised.value) == message
