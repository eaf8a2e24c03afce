"""The help for a list that would be code, followed: it compiles, and each value arrives as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from expression_texts import scalar_of, shown
from wfruntime.stages import bash

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import ShellScript, rewrite_shell
from wfcompile.types import STR, ListType

VALUES = [
    "-e 'a' \"b\" $(echo injected) `c` \\n \\ * {d,e}",
    "; echo injected",
    "-exec",
]
BOTH = ("bash", "sh")
# a stand-in for a host where the login shell is bash
SSH = '#!/bin/sh\nshift\nexec bash -c "$*"\n'


CASES = [
    # the refused script, what the help says, the shells for which it is told
    (
        "eval VALUE",
        "for each in VALUE; do value=\"$each\"; eval 'printf %s \"$value\"'; done",
        BOTH,
    ),
    (
        "eval printf %s VALUE",
        "for each in VALUE; do value=\"$each\"; eval 'printf %s \"$value\"'; done",
        BOTH,
    ),
    (
        "sh -c VALUE",
        "for each in VALUE; do sh -c 'printf %s \"$1\"' sh \"$each\"; done",
        BOTH,
    ),
    (
        "ssh h printf %s VALUE",
        "for each in VALUE; do ssh h \"printf %s $(printf %q \"$each\")\"; done",
        ("bash",),
    ),
    (
        "python3 -c VALUE",
        "for each in VALUE; do\n"
        "python3 -c 'import sys; print(sys.argv[1], end=\"\")' \"$each\"\ndone",
        BOTH,
    ),
    (
        "awk VALUE",
        "for each in VALUE; do\n"
        "echo | value=\"$each\" awk '{ printf \"%s\", ENVIRON[\"value\"] }'\ndone",
        BOTH,
    ),
    (
        "find . -maxdepth 0 -exec echo VALUE \\;",
        "for each in VALUE; do find . -maxdepth 0 -exec printf %s \"$each\" \\;; done",
        BOTH,
    ),
    ("printf VALUE", "printf %s VALUE", ("bash",)),
    ("declare -a x=VALUE", "declare -a x=(VALUE); printf %s \"${x[@]}\"", ("bash",)),
    (
        "unset VALUE",
        "for each in VALUE; do case $each in a) unset a ;; *) printf %s \"$each\" ;; esac; done",
        BOTH,
    ),
    ("VALUE a", "for each in VALUE; do case $each in *) printf %s \"$each\" ;; esac; done", BOTH),
]  # fmt: skip


def rewritten(script: str, shell: str) -> tuple[ShellScript | None, list[str]]:
    diagnostics = Diagnostics()
    scalar = scalar_of(script.replace("VALUE", "${{ params.v | words }}"))
    text = parse_text(scalar, diagnostics, env=False)
    result = rewrite_shell(
        scalar, text, diagnostics, type_of=lambda hole: ListType(STR), shell=shell
    )
    return result, shown(diagnostics)


@pytest.mark.parametrize(
    ("refused", "followed", "shell"),
    [(*case[:2], shell) for case in CASES for shell in case[2]],
)
def test_the_help_leads_to_each_value(
    refused: str,
    followed: str,
    shell: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "ssh").write_text(SSH)
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert len(rewritten(refused, shell)[1]) == 1
    script, found = rewritten(followed, shell)
    assert found == []
    assert script is not None
    words = {name: VALUES for name, _ in script.words}
    outputs = bash(script.script, words=words, shell=shell, cwd=tmp_path)
    assert (outputs["stdout"], outputs["stderr"]) == ("".join(VALUES), None)
