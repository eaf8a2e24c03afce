"""The help of each diagnostic, followed: it compiles, and the value arrives as it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from expression_texts import scalar_of, shown

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.nodes import Hole
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import ShellScript, rewrite_shell
from wfcompile.types import INT, STR, Type

VALUE = (
    "-e 'a' \"b\" $(echo injected) `echo injected` \\n \\ * ; | & # ${HOME} é\t{c,d}"
)
BOTH = ("bash", "sh")
COMMANDS = {"bash": ("bash", "-eo", "pipefail", "-c"), "sh": ("sh", "-e", "-c")}
# a stand-in for a host where the login shell is bash
PROGRAMS = {"ssh": '#!/bin/sh\nshift\nexec bash -c "$*"\n'}

CASES = [
    # the refused script, its code, what the help says, the shells for which it is told
    ("VALUE a", "WF261", "case VALUE in -e*) printf %s VALUE ;; esac", BOTH),
    (". VALUE", "WF261", "case VALUE in a) . ./a ;; *) printf %s VALUE ;; esac", BOTH),
    (
        "eval 'printf %s VALUE'",
        "WF262",
        "value=VALUE\neval 'printf %s \"$value\"'",
        BOTH,
    ),
    (
        "trap 'printf %s VALUE' EXIT",
        "WF262",
        "value=VALUE\ntrap 'printf %s \"$value\"' EXIT",
        ("bash",),
    ),
    ("sh -c 'printf %s VALUE'", "WF262", "sh -c 'printf %s \"$1\"' sh VALUE", BOTH),
    (
        "x=VALUE; bash -c \"printf %s $x\"",
        "WF262",
        "x=VALUE; bash -c 'printf %s \"$1\"' bash \"$x\"",
        BOTH,
    ),
    (
        "sh <<E\nprintf %s VALUE\nE",
        "WF262",
        "sh -s -- VALUE <<'E'\nprintf %s \"$1\"\nE",
        BOTH,
    ),
    (
        "echo 'printf %s VALUE' | bash",
        "WF262",
        "echo 'printf %s \"$1\"' | bash -s -- VALUE",
        BOTH,
    ),
    (
        "find . -maxdepth 0 -exec sh -c 'printf %s VALUE' \\;",
        "WF262",
        "find . -maxdepth 0 -exec sh -c 'printf %s \"$1\"' sh VALUE \\;",
        BOTH,
    ),
    (
        "find . -maxdepth 0 -exec echo VALUE VALUE {} \\;",
        "WF262",
        "value=VALUE find . -maxdepth 0 -exec sh -c 'printf %s \"$value\"' sh {} \\;",
        BOTH,
    ),
    (
        'ssh h "printf %s VALUE"',
        "WF262",
        'ssh h "printf %s $(printf %q VALUE)"',
        ("bash",),
    ),
    (
        "ssh h 'printf %s VALUE'",
        "WF262",
        "ssh h 'printf %s '$(printf %q VALUE)",
        ("bash",),
    ),
    (
        "ssh h bash <<E\nprintf %s VALUE\nE",
        "WF262",
        "ssh h bash <<E\nprintf %s $(printf %q VALUE)\nE",
        ("bash",),
    ),
    (
        "python3 -c 'print(\"VALUE\", end=\"\")'",
        "WF262",
        "python3 -c 'import sys; print(sys.argv[1], end=\"\")' VALUE",
        BOTH,
    ),
    (
        "python3 <<E\nprint('VALUE', end='')\nE",
        "WF262",
        "python3 - VALUE <<'E'\nimport sys\nprint(sys.argv[1], end='')\nE",
        BOTH,
    ),
    (
        "perl -e 'print \"VALUE\"'",
        "WF262",
        "perl -e 'print $ARGV[0]' -- VALUE",
        BOTH,
    ),
    (
        'echo | awk \'{ printf "%s", "VALUE" }\'',
        "WF262",
        'echo | value=VALUE awk \'{ printf "%s", ENVIRON["value"] }\'',
        BOTH,
    ),
    (
        "printf @ | sed 's/@/VALUE/'",
        "WF262",
        "printf @ | value=VALUE awk '{ sub(/@/, \"\"); printf \"%s\", ENVIRON[\"value\"] }'",
        BOTH,
    ),
    (
        "make -s -f - x=VALUE <<'E'\nall:\n\t@printf %s '$(x)'\nE",
        "WF262",
        "value=VALUE make -s -f - <<'E'\nall:\n\t@printf %s \"$$value\"\nE",
        BOTH,
    ),
    (
        "printf 'VALUE'",
        "WF262",
        "printf '%s' VALUE",
        ("bash",),
    ),
    ("printf 'a: VALUE'", "WF274", "printf '%s' VALUE", BOTH),
    (
        "declare -a x=VALUE; printf %s \"${x[0]}\"",
        "WF262",
        "declare -a x=(VALUE); printf %s \"${x[0]}\"",
        ("bash",),
    ),
    (
        "cat <<'E'\nVALUE $a `b` \\c\nE",
        "WF263",
        "x=$(cat <<E\nVALUE \\$a \\`b\\` \\\\c\nE\n); printf %s \"${x%' $a `b` '*}\"",
        BOTH,
    ),
    ("cat <<VALUE\na\nVALUE", "WF264", "printf %s \"$(cat <<EOF\nVALUE\nEOF\n)\"", BOTH),
    (
        "declare -A m=([a]=b); m[VALUE]=c",
        "WF265",
        "declare -A m=([a]=b); key=VALUE; m[$key]=c\n"
        'for k in "${!m[@]}"; do [ "$k" = a ] || printf %s "$k"; done',
        ("bash",),
    ),
    ("printf %s VALUE >& VALUE", "WF265", "printf %s VALUE > VALUE 2>&1; cat < VALUE", BOTH),
    (
        "export VALUE=1",
        "WF266",
        "case VALUE in -e*) export A=VALUE ;; esac; printf %s \"$A\"",
        BOTH,
    ),
    ("printf %s \\VALUE", "WF267", "printf %s VALUE", BOTH),
    ("printf %s $VALUE", "WF267", "printf %s VALUE", BOTH),
    ("cd ~VALUE", "WF268", "cd ~; printf %s VALUE", BOTH),
    (
        "cat <<E\n${x#VALUE}\nE",
        "WF268",
        "x=VALUE1; y=${x%1}; z=${x#VALUE}\nprintf %s \"$y\"; cat <<E > /dev/null\n$z\nE",
        ("sh",),
    ),
    (
        'cat <<E\n`printf \\"VALUE\\"`\nE',
        "WF268",
        "printf %s \"$(cat <<E\n$(printf %s \"VALUE\")\nE\n)\"",
        BOTH,
    ),
    (
        "printf %s \"${u:-$'VALUE'}\"",
        "WF268",
        'printf %s "${u:-VALUE}"',
        BOTH,
    ),
    ("sort VALUE", "WF272", "printf %s VALUE > VALUE; sort -- VALUE | tr -d '\\n'", BOTH),
    (
        "find VALUE -type f",
        "WF272",
        "mkdir -- VALUE; printf %s VALUE > ./VALUE/a; cd -- VALUE && find . -type f -exec cat {} +",
        BOTH,
    ),
]  # fmt: skip


def rewritten(
    script: str, shell: str, type_: Type = STR
) -> tuple[ShellScript | None, list[str]]:
    def type_of(hole: Hole) -> Type:
        return INT if "| int" in text_of(hole) else type_

    def text_of(hole: Hole) -> str:
        return scalar.text[hole.start : hole.end]

    diagnostics = Diagnostics()
    scalar = scalar_of(script.replace("VALUE", "${{ params.v }}"))
    text = parse_text(scalar, diagnostics, env=False)
    result = rewrite_shell(scalar, text, diagnostics, type_of=type_of, shell=shell)
    return result, shown(diagnostics)


def run(script: ShellScript, value: str, shell: str, folder: Path) -> str:
    programs = folder / "programs"
    programs.mkdir()
    for name, text in PROGRAMS.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (folder / "work").mkdir()
    done = subprocess.run(
        [*COMMANDS[shell], script.script],
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            **{name: value for name, _ in script.holes},
        },
        cwd=folder / "work",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (done.stderr.decode(), done.returncode) == ("", 0)
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("refused", "code", "followed", "shell"),
    [(*case[:3], shell) for case in CASES for shell in case[3]],
)
def test_the_help_leads_to_the_value(
    refused: str, code: str, followed: str, shell: str, tmp_path: Path
) -> None:
    assert {each.partition(" ")[0] for each in rewritten(refused, shell)[1]} == {code}
    script, found = rewritten(followed, shell)
    assert found == []
    assert script is not None
    assert run(script, VALUE, shell, tmp_path) == VALUE


@pytest.mark.parametrize("shell", BOTH)
@pytest.mark.parametrize(
    ("refused", "code", "followed", "seen"),
    [
        ("echo $((VALUE + 1))", "WF265", "echo $((${{ params.v | int }} + 1))", "8\n"),
        ("echo x >&VALUE", "WF265", "echo x >&${{ params.v | int }}", ""),
    ],
)
def test_the_help_leads_to_the_number(
    refused: str, code: str, followed: str, seen: str, shell: str, tmp_path: Path
) -> None:
    assert {each.partition(" ")[0] for each in rewritten(refused, shell)[1]} == {code}
    script, found = rewritten(followed, shell)
    assert found == []
    assert script is not None
    assert run(script, "7" if seen else "1", shell, tmp_path) == (seen or "x\n")


def test_a_range_is_counted_by_seq(tmp_path: Path) -> None:
    assert rewritten("echo {1..VALUE}", "bash", INT)[0] is None
    script, found = rewritten("echo $(seq 1 VALUE)", "bash", INT)
    assert found == []
    assert script is not None
    assert run(script, "3", "bash", tmp_path) == "1 2 3\n"
