"""Rewritten scripts under real shells: a value arrives as it is, and is never code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from expression_texts import scalar_of, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shell_contexts import (
    EVERYWHERE,
    IN_BASH,
    LONG,
    NUMBERS,
    NUMBERS_IN_BASH,
    VALUES,
    Seen,
    read_probes,
)
from wfruntime.errors import StageError
from wfruntime.stages import bash

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import ShellScript, rewrite_shell
from wfcompile.types import INT, STR, ListType, Type

# scripts into which a hole is put at any place
SNIPPETS = (
    "echo a b; A=1 echo \"$A\" 'x y' z",
    'echo "a $(echo b "c") `echo d`" \'e\' $\'f\\n\' $"g" "`echo \\"h\\"`"',
    'x=5; echo $x ${x:-d} "${x:-e}" ${x#5} "${x%5}" ${x/5/6} ${x:0:1} ${#x} ${x^^}',
    'a=(1 2 3); a[1]=5; a+=(4); echo ${a[0]} "${a[@]}" ${a[@]:1:2}',
    "declare -A m=([k]=v); m[z]=1; declare -i n=3; n=4; n+=1; export E=2",
    "declare -a l=5; x=(1); declare x=2; readonly R=3; typeset t=4; declare -n r=x",
    "((x = 3 + 4)); echo $((x * 2)) $[x+1] $(( (1+2)*3 )); let y=5 z=6",
    "[[ a == b && c =~ ^d$ || -n e || -v x || 1 -eq 2 ]]; [ -v x ]; test ! -v x; [ x y ]",
    "case abc in a*) echo x ;; b|c) echo y ;; (d) echo z ;; esac",
    "for i in 1 2; do echo $i; done; for ((i=0; i<2; i++)); do echo $i; done",
    "if true; then echo a; elif false; then echo b; else echo c; fi",
    'f() { echo "$1"; }; f x; function g { echo g; }; g',
    "( echo a; echo b ) | cat > out; { echo a; } 2>&1 >/dev/null",
    "cat < /dev/null > o 2> e; echo a >& o2; echo b &> o3; exec 5> o4; echo x >&5",
    "cat <<END\na $x ${x:-y} $(echo c) `echo d` \\$ \"q\" 'r'\nEND\necho e",
    "cat <<-END; cat <<'E'\n\ta b\n\tEND\nc\nE\necho d",
    "true && echo a || echo b; ! true; echo a & wait; echo c \\\n d # e",
    "printf '%s\\n' a; printf -v v %s x; read x y <<< 'a b'; unset x; mapfile -t b <<< a",
    "trap 'echo bye' EXIT; eval 'echo a'; bash -c 'echo a' b c; sh -c \"echo b\"",
    "source /dev/null; echo 'echo a' | bash; bash <<< 'echo a'; bash <<E\necho a\nE",
    "command echo a; env A=1 echo b; timeout 5 echo a; nice -n 5 echo b",
    "xargs sh -c 'echo a' x < /dev/null; find /dev/null -exec echo {} \\;",
    "echo $(( $(echo 1) + `echo 2` )) ${a[$(echo 0)]}; x=$((echo hi) | cat)",
    "echo {a,b} {1..3} ~ ~/x a*b ?c [ab]c; set -- a b; time -p echo $1",
    'x=5; y="$x"; eval "echo $y"; bash -c "echo $x"; echo $((x + 1)); [[ $x -gt 1 ]]; $x',
    'read l <<< a; eval "$l"; while read m; do eval "$m"; done <<< b; for f in c; do $f; done',
    "echo 'echo a' | tee o | sh; echo a | xargs -I{} sh -c 'echo {}'; echo b | xargs echo",
    'echo \'echo a\' > s.sh; sh s.sh; . ./s.sh; b=(echo b); "${b[@]}"; eval "${b[@]}"',
    'set -- c; eval "$1"; printf -v p %s c; eval "$p"; x=d; eval "y=${x@Q}"; echo ${!x}',
    "find . -maxdepth 0 -exec sh -c 'echo a' \\; -exec sed -n p o \\;",
    "sqlite3 :memory: 'select 1'; perl -lne 'print' < /dev/null; make -n d=5 -f /dev/null",
    "env GIT_PAGER=b git --version; sort -u /dev/null; tar cf a.tar s; ${SH:-sh} -c 'echo a'",
    "PS4=x; BASH_ENV=z; RANDOM=5; alias l=ls; compgen -W 'a b'; exec {fd}> o6",
    'f() { local x=$1; shift; "$@"; eval "$x"; }; f ls echo b; f "echo c" sh -c "echo d" e',
    'f() { for i in "$@"; do eval "$i"; done; }; f ls pwd; h() { echo "$1"; }; h ls | sh; $(h ls)',
    'k() { case $1 in a) shift; eval "$1";; b) eval "$2";; esac; }; k a ls; k b pwd; k c d',
    'echo ls > q; sh q; bash < q; . ./q; eval "$(cat q)"; while read l; do eval "$l"; done < q',
    'echo ls | tee q r; cat q | sh; cp q s; chmod +x s; ./s; xargs -I{} sh -c "{}" < r; mv q t; sh t',
    'f=q; echo ls > $f; sh "$f"; d=.; echo ls > $d/w; sh ./w; cat q w > v; head -1 v | sh',
    'sh -c \'eval "$1"\' sh ls a; bash -c \'f() { eval "$2"; }; f "$@"\' x y ls',
    'a=(sh -c ls b); "${a[@]}"; o=-c; bash $o ls; set -- ls a; eval "$1"; "$@"',
    't() { cat > "$1"; }; echo ls | t z; sh z; echo ls | { read x; eval "$x"; }; echo "${x@P}"',
)
# what each of them would leave, were it code
ATTACKS = (
    "a[$(echo > PWNED)]",
    "$(echo > PWNED)",
    "`echo > PWNED`",
    "; echo > PWNED; #",
    "($(echo > PWNED))",
    "\"; echo > PWNED; '",
    "'; echo > PWNED; \"",
    "x\necho > PWNED\n",
    "x=a[$(echo > PWNED)]",
    "1+a[$(echo > PWNED)]",
    "END\necho > PWNED\n",
    "./attack",
)

# lists whose later words would be run, where the first one ends or begins something
LISTS = (
    ["5", "./attack"],
    ["./attack"],
    ["-c", "echo > PWNED"],
    ["sh", "-c", "echo > PWNED"],
    ["a", ";", "-exec", "./attack", ";"],
    ["-exec", "./attack", ";"],
    ["-v", "a[$(echo > PWNED)]", "x"],
    ["a", "-a", "-v", "a[$(echo > PWNED)]"],
    ["-a", "a[$(echo > PWNED)]"],
    ["-e", 'system("echo > PWNED")'],
    ['BEGIN { system("echo > PWNED") }'],
    ["A=1", "./attack"],
    ["--", "echo > PWNED"],
)

COMMANDS = {"bash": ("bash", "-eo", "pipefail", "-c"), "sh": ("sh", "-e", "-c")}

# a probe writes how many arguments it is given, and these, each with a NUL behind it
PROBES = r"""
probe() { printf '%s\0' "$#" "$@"; }
tie() { printf '1\0'; cat; printf '\0'; }
case_() { printf '=%s\0' "$1"; }
"""


def rewritten(script: str, shell: str, type_: Type = STR) -> ShellScript:
    diagnostics = Diagnostics()
    scalar = scalar_of(script.replace("VALUE", "${{ params.v }}"))
    text = parse_text(scalar, diagnostics, env=False)
    result = rewrite_shell(
        scalar, text, diagnostics, type_of=lambda hole: type_, shell=shell
    )
    assert shown(diagnostics) == []
    assert result is not None
    return result


@cache
def all_cases(shell: str, type_: Type, *tables: str, without: str = "") -> ShellScript:
    """The scripts of the tables as one, in which each case tells its name first."""
    cases = [case for table in tables for case in globals()[table].items()]
    texts = (
        f"case_ '{name}'\n{script}\n"
        for name, (script, _) in cases
        if name not in without.split()
    )
    return rewritten("".join(texts), shell, type_)


def run(script: ShellScript, value: str, shell: str) -> dict[str, Seen]:
    """Case -> the arguments of each of its probes."""
    variables = {name: value for name, _ in script.holes}
    done = subprocess.run(
        [*COMMANDS[shell], PROBES + script.script],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables},
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode == 0
    return dict(read_probes(done.stdout.decode().split("\0")))


@pytest.mark.parametrize("value", VALUES)
def test_bash_sees_the_value_in_every_context(value: str) -> None:
    script = all_cases("bash", STR, "EVERYWHERE", "IN_BASH")
    cases = {**EVERYWHERE, **IN_BASH}
    seen = {name: expected(value) for name, (_, expected) in cases.items()}
    assert run(script, value, "bash") == seen


@pytest.mark.parametrize("value", VALUES)
def test_sh_sees_the_value_in_every_context(value: str) -> None:
    script = all_cases("sh", STR, "EVERYWHERE")
    seen = {name: expected(value) for name, (_, expected) in EVERYWHERE.items()}
    assert run(script, value, "sh") == seen


@pytest.mark.parametrize("shell", COMMANDS)
def test_a_long_value_in_every_context(shell: str) -> None:
    # shells need minutes to find a long text at an end of another one
    slow = "prefix suffix"
    tables = ("EVERYWHERE", "IN_BASH") if shell == "bash" else ("EVERYWHERE",)
    cases = {**EVERYWHERE, **(IN_BASH if shell == "bash" else {})}
    seen = {
        name: expected(LONG)
        for name, (_, expected) in cases.items()
        if name not in slow.split()
    }
    assert run(all_cases(shell, STR, *tables, without=slow), LONG, shell) == seen


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=20
) | st.text("$`'\"\\ \n\t*?[]{}()<>|&;#~!-=%:a1", max_size=20)


@settings(max_examples=25, deadline=None)
@given(value=texts)
def test_any_text_arrives(value: str) -> None:
    script = all_cases("bash", STR, "EVERYWHERE", "IN_BASH")
    cases = {**EVERYWHERE, **IN_BASH}
    seen = {name: expected(value) for name, (_, expected) in cases.items()}
    assert run(script, value, "bash") == seen


@pytest.mark.parametrize("value", [0, 7, -3, 10**12])
def test_bash_computes_with_numbers(value: int) -> None:
    script = all_cases("bash", INT, "NUMBERS", "NUMBERS_IN_BASH")
    cases = {**NUMBERS, **NUMBERS_IN_BASH}
    seen = {name: [expected(value)] for name, (_, expected) in cases.items()}
    assert run(script, str(value), "bash") == seen


@pytest.mark.parametrize("value", [0, 7, -3, 10**12])
def test_sh_computes_with_numbers(value: int) -> None:
    script = all_cases("sh", INT, "NUMBERS")
    seen = {name: [expected(value)] for name, (_, expected) in NUMBERS.items()}
    assert run(script, str(value), "sh") == seen


@pytest.mark.parametrize("shell", COMMANDS)
def test_a_program_sees_the_value(shell: str) -> None:
    program = "import sys; sys.stdout.write(ascii(sys.argv[1:]))"
    script = rewritten(
        f"'{sys.executable}' -c '{program}' VALUE 'a VALUE' \"VALUE b\" -- x\"$u\"VALUE",
        shell,
    )
    value = "-n 'a' \"b\" $(c) `d` \\ *\n é"
    done = subprocess.run(
        [*COMMANDS[shell], script.script],
        env={"PATH": os.environ["PATH"], "params_v": value, "u": "y"},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = [value, f"a {value}", f"{value} b", "--", f"xy{value}"]
    assert done.stdout == ascii(seen)


@pytest.mark.parametrize("shell", COMMANDS)
@pytest.mark.parametrize("value", ["a b", "-n", "$(c)", "*", "&1", "é\n'\"\\"])
def test_a_value_names_a_file(shell: str, value: str, tmp_path: Path) -> None:
    script = rewritten("echo x > VALUE; echo y >> ./VALUE; cat < VALUE > 1VALUE", shell)
    subprocess.run(
        [*COMMANDS[shell], script.script],
        env={"PATH": os.environ["PATH"], "params_v": value},
        cwd=tmp_path,
        check=True,
    )
    files = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert files == {value: "x\ny\n", f"1{value}": "x\ny\n"}


# commands that print the value and "|", put into each other
def wrappings(shell: str) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(
        [
            "printf '%s|' VALUE",
            'printf "%s|" "VALUE"',
            "printf %s 'VALUE|'",
            "printf '%s|' \"${u:-VALUE}\"",
            "printf %s ${u:-'VALUE'}\\|",
            'x=VALUE; printf %s "$x|"',
            'printf %s "$(cat <<V\nVALUE|\nV\n)"',
            "case VALUE in 'VALUE') printf '%s|' 'VALUE' ;; esac",
        ]
    )
    wraps = [
        'printf %s "$( INNER )"',
        'x=$( INNER ); printf %s "$x"',
        "( INNER )",
        "{ INNER\n}",
        "INNER | cat",
        "if true; then # (\nINNER; fi",
        "case a in (b) ;; a) INNER;; esac",
        "f() { INNER\n}; f",
        "for i in 1; do INNER; done 2>&1",
        'x=${u:-$( INNER )}; printf %s "$x"',
        "BACKTICKS",
        "QUOTED BACKTICKS",
        'printf %s "${u:-$( INNER )}"',
        "while :; do # it's \"\nINNER; break; done",
        'y() { printf %s "$1"; }; y "$( INNER )"',
        "! { INNER\n} || :",
        "HEREDOC",
    ]
    if shell == "bash":
        wraps.append("cat <( INNER )")
    return st.recursive(
        leaves,
        lambda inner: st.builds(wrapped, st.sampled_from(wraps), inner),
        max_leaves=60,
    )


def wrapped(wrapping: str, inner: str) -> str:
    if wrapping == "BACKTICKS":
        escaped = inner.replace("\\", "\\\\").replace("`", "\\`")
        return f'x=`{escaped}`; printf %s "$x"'
    if wrapping == "QUOTED BACKTICKS":
        escaped = re.sub(r'([\\`"])', r"\\\1", inner)
        return f'printf %s "`{escaped}`"'
    if wrapping == "HEREDOC":
        end = f"END{inner.count('END')}"
        return f'printf %s "$(cat <<{end}\n$( {inner} )\n{end}\n)"'
    return wrapping.replace("INNER", inner)


@pytest.mark.parametrize("shell", COMMANDS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_value_comes_out_of_any_nesting(shell: str, data: st.DataObject) -> None:
    command = data.draw(wrappings(shell))
    value = data.draw(st.sampled_from(VALUES))
    done = subprocess.run(
        [*COMMANDS[shell], rewritten(command, shell).script],
        env={"PATH": os.environ["PATH"], "params_v": value},
        capture_output=True,
        check=False,
    )
    assert (done.stdout.decode(), done.stderr) == (f"{value}|", b"")


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    shell=st.sampled_from(("bash", "sh")),
    snippet=st.sampled_from(SNIPPETS),
    attack=st.sampled_from(ATTACKS),
    data=st.data(),
)
def test_a_value_is_never_code(
    shell: str, snippet: str, attack: str, data: st.DataObject, tmp_path: Path
) -> None:
    at = data.draw(st.integers(0, len(snippet)))
    end = at + data.draw(st.integers(0, 1))
    script = scalar_of(f"{snippet[:at]}${{{{ params.v }}}}{snippet[end:]}\n")
    diagnostics = Diagnostics()
    text = parse_text(script, diagnostics, env=False)
    result = rewrite_shell(
        script, text, diagnostics, type_of=lambda hole: STR, shell=shell
    )
    assert (result is None) == diagnostics.has_errors
    if result is None:
        return
    program = tmp_path / "attack"
    program.write_text("#!/bin/sh\necho > PWNED\n")
    program.chmod(0o755)
    subprocess.run(
        [shell, "-c", result.script],
        env={"PATH": os.environ["PATH"], "params_v": attack},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert not (tmp_path / "PWNED").exists()


@pytest.mark.parametrize("shell", COMMANDS)
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_words_of_a_list_are_never_code(
    shell: str, snippet: str, tmp_path: Path
) -> None:
    program = tmp_path / "attack"
    program.write_text("#!/bin/sh\necho > PWNED\n")
    program.chmod(0o755)
    for result in scripts_with_a_list(snippet, shell):
        for values in LISTS:
            with suppress(StageError):
                words = {name: values for name, _ in result.words}
                bash(result.script, words=words, shell=shell, cwd=tmp_path)
            ran = (tmp_path / "PWNED").exists()
            assert (result.script, values, ran) == (result.script, values, False)


def scripts_with_a_list(snippet: str, shell: str) -> Iterator[ShellScript]:
    """The snippet with a list for one of its words, as far as that is accepted."""
    for match in re.finditer(r"(?<![^\s;|])[^\s;|<>()]+(?![^\s;|])", snippet):
        start, end = match.span()
        script = scalar_of(f"{snippet[:start]}${{{{ v | words }}}}{snippet[end:]}\n")
        diagnostics = Diagnostics()
        text = parse_text(script, diagnostics, env=False)
        result = rewrite_shell(
            script, text, diagnostics, type_of=lambda hole: ListType(STR), shell=shell
        )
        # a warning tells of options
        if result is not None and not list(diagnostics):
            yield result
