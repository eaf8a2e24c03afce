"""Tests and assignments with too few or too many spaces, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered


def told(folder: Path, script: str) -> list[str]:
    lines = script.replace("\n", "\n    ")
    messages = lowered(folder, job(f"- name: a\n  bash: |\n    {lines}\n")).messages
    return [each for each in messages if each.startswith("WF27")]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("[ -f x", 'WF277 8:13: "[" has no "]" as its last word (write "]" at its end)'),
        ("! [ x]", 'WF277 8:15: "[" has no "]" as its last word (write a space in front of "]")'),
        ("[-f x ]", 'WF277 8:13: "[-f" is no command (write a space behind "[")'),
        ("[! -f x ]", 'WF277 8:13: "[!" is no command (write a space behind "[")'),
        ("n = 5", 'WF278 8:13: "n" is run as a command here, with "=" as an argument (write no spaces around "=": name=value)'),
        ("n =5", 'WF278 8:13: "n" is run as a command here, with "=" as an argument (write no spaces around "=": name=value)'),
        ("n= 5", 'WF278 8:16: "5" is run as a command here, and nothing is assigned (write no spaces around "=": name=value)'),
    ],
)  # fmt: skip
def test_a_slip(tmp_path: Path, script: str, message: str) -> None:
    assert told(tmp_path, script) == [message]


@pytest.mark.parametrize(
    "script",
    [
        '[ "$a" = b ] && echo',
        '[ "$(cat x)" = "]" ]',
        "[[ $a == b ]]",
        "[[ -f $a && -d b ]] || exit 1",
        "n= ls",
        "IFS= read -r line",
        "test a = b",
        "expr 1 = 2",
        'let "a = 5"',
        "((a = 5))",
        "a=(1 2)\na[1]=5",
        "for ((i = 0; i < 3; i++)); do echo; done",
        "case $a in [ab]) echo;; esac",
        "ls [-a]* [a-z]*",
        "while [ $n -lt 5 ]; do n=$((n + 1)); done",
        "sh -c '[ -f y'",
        "echo = x",
    ],
)
def test_no_slip(tmp_path: Path, script: str) -> None:
    assert told(tmp_path, script) == []
