"""The options of an emitted module's command line."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from wfruntime.arguments import Arguments, UsageError, parse


def given(*words: str) -> dict[str, object]:
    """The options that differ from their defaults."""
    arguments, default = parse(words), Arguments()
    return {
        name: getattr(arguments, name)
        for name in Arguments.__slots__
        if getattr(arguments, name) != getattr(default, name)
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["--param", "a=1", "--param=b=x=y"], {"param": {"a": "1", "b": "x=y"}}),
        (["-p", "a=", "-p=b=2"], {"param": {"a": "", "b": "2"}}),
        (["--params", "p.json"], {"params": "p.json"}),
        (["--mode", "force", "-q"], {"mode": "force", "quiet": True}),
        (["--max-parallel=3", "--timeout=1.5"], {"max_parallel": 3, "timeout": 1.5}),
        (["--context", "-"], {"context": "-"}),
        (["-h"], {"help": True}),
        (["--scheduled"], {"scheduled": True}),
        (
            ["--release", "2024-01-31T02:30+02:00"],
            {"release": datetime(2024, 1, 31, 0, 30, tzinfo=timezone.utc)},
        ),
        (
            ["--release=2024-01-31"],
            {"release": datetime(2024, 1, 31, tzinfo=timezone.utc)},
        ),
    ],
)
def test_options(words: list[str], expected: dict[str, object]) -> None:
    assert given(*words) == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--parm", "a=1"], 'unknown option "--parm"; did you mean "--param"?'),
        (["--zzzzzz"], 'unknown option "--zzzzzz"; see --help'),
        (["-x"], 'unknown option "-x"; see --help'),
        (["a=1"], 'unexpected argument "a=1"; write --param a=1'),
        (["run"], 'unexpected argument "run"'),
        (["--param"], "--param needs a value: --param NAME=VALUE"),
        (["--param", "a"], '--param needs NAME=VALUE, not "a"'),
        (["-p", "a=1", "-p", "a=2"], '--param a is given twice, as "1" and as "2"'),
        (["-p", "token=1", "-p", "token=2"], "--param token is given twice"),
        (["--param", "=1"], '--param needs NAME=VALUE, not "=1"'),
        (["--quiet=yes"], "--quiet takes no value"),
        (
            ["--mode", "forced"],
            '--mode is one of normal, force, rerun, dryrun, not "forced"; '
            'did you mean "force"?',
        ),
        (
            ["--release", "today"],
            '--release needs a moment such as 2024-01-31T02:30, not "today"',
        ),
        (["--max-parallel", "0"], '--max-parallel needs a number from 1 on, not "0"'),
        (["--max-parallel=-1"], '--max-parallel needs a number from 1 on, not "-1"'),
        (["--timeout", "soon"], '--timeout needs a number of seconds, not "soon"'),
        (["--timeout", "nan"], '--timeout needs a number of seconds, not "nan"'),
    ],
)
def test_usage_errors(words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(words)
    assert str(caught.value) == message
