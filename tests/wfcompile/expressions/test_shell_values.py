"""Rewritten scripts under real shells: a value arrives as it is, and is never code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from expression_texts import scalar_of, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import ShellScript, rewrite_shell
from wfcompile.types import INT, STR, Type

VALUES = (
    "",
    " ",
    "plain",
    "two words",
    " spaces around ",
    "tab\tand\nnewline",
    "\n\nlines\n\n",
    "'",
    '"',
    'it\'s "quoted"',
    "'; echo injected; '",
    '"; echo injected; "',
    "$(echo injected)",
    "`echo injected`",
    "$HOME ${HOME} $$ $1 $((1+1))",
    "\\",
    "\\n\\t\\\\ \\",
    "a\\'b",
    "*",
    "? [a-z] {a,b} !(x) ~ ~root",
    "-n",
    "--help",
    "-",
    "!",
    "!!",
    "(",
    ")",
    "a & b | c ; d > e < f",
    "a & b\\&c",
    "# no comment",
    "100% %s %d %n",
    "a=b",
    "[1]=x",
    "a[$(echo injected)]",
    "EOF",
    "\nEOF\necho injected\n",
    "größe 日本 🙂",
    "\r\x07\x1b[0m\x7f",
    "${{ params.v }}",
)

Seen = list[list[str]]
Expected = Callable[[str], Seen]


def each(*texts: str) -> Expected:
    """One probe that is given these arguments."""
    return lambda value: [[text.replace("VALUE", value) for text in texts]]


def probes(*texts: str) -> Expected:
    """Probes with one argument."""
    return lambda value: [[text.replace("VALUE", value)] for text in texts]


Case = tuple[str, Expected]

# name -> a script in which VALUE stands for the hole, and what its probes are given
EVERYWHERE: Mapping[str, Case] = {
    "bare": ("probe VALUE", each("VALUE")),
    "in a word": ("probe aVALUEbVALUEc", each("aVALUEbVALUEc")),
    "side by side": (
        "probe VALUEVALUE 'VALUEVALUE' 'VALUEVALUEx' 'xVALUEVALUE'",
        each("VALUEVALUE", "VALUEVALUE", "VALUEVALUEx", "xVALUEVALUE"),
    ),
    "several words": ("probe VALUE x VALUE", each("VALUE", "x", "VALUE")),
    "behind options": ("probe --n=VALUE -xVALUE", each("--n=VALUE", "-xVALUE")),
    "double quotes": (
        'probe "VALUE" "a VALUE b" "VALUE"VALUE',
        each("VALUE", "a VALUE b", "VALUEVALUE"),
    ),
    "single quotes": (
        "probe 'VALUE' 'a VALUE b' 'VALUE b' 'a VALUE'",
        each("VALUE", "a VALUE b", "VALUE b", "a VALUE"),
    ),
    "mixed quotes": ("probe a'b'VALUE\"c\"\\ d'VALUE'", each("abVALUEc dVALUE")),
    "escapes in front": (
        r'probe "\$VALUE \\VALUE" \$VALUE \\VALUE',
        each(r"$VALUE \VALUE", "$VALUE", r"\VALUE"),
    ),
    "literal signs": (r"probe '$VALUE \VALUE `VALUE`'", each(r"$VALUE \VALUE `VALUE`")),
    "beside a variable": (
        'x=1; probe "$xVALUE" $xVALUE "${x}VALUE"',
        each("1VALUE", "1VALUE", "1VALUE"),
    ),
    "continued line": ("probe a \\\n VALUE b\\\nVALUE", each("a", "VALUE", "bVALUE")),
    "comments": (
        "# VALUE '\nprobe x # VALUE \"\n\tprobe a#VALUE",
        probes("x", "a#VALUE"),
    ),
    "assignment": ('x=VALUE y=aVALUEb; probe "$x" "$y"', each("VALUE", "aVALUEb")),
    "export": ('export e1=VALUE e2="VALUE"; probe "$e1" "$e2"', each("VALUE", "VALUE")),
    "readonly": ('readonly r1=VALUE; probe "$r1"', each("VALUE")),
    "for one command": ("A=VALUE sh -c 'printf %s \"$A\"' | tie", each("VALUE")),
    "default": (
        'probe "${u:-VALUE}" ${u:-VALUE} "${u-aVALUEb}"',
        each("VALUE", "VALUE", "aVALUEb"),
    ),
    "quoted default": (
        'probe "${u:-\'VALUE\'}" ${u:-\'VALUE\'} "${u:-"VALUE"}" ${u:-"VALUE"}',
        each("'VALUE'", "VALUE", "VALUE", "VALUE"),
    ),
    "assigned default": ('probe "${d1:=VALUE}" "$d1"', each("VALUE", "VALUE")),
    "alternative": ('x=1; probe "${x:+VALUE}" ${x:+VALUE}', each("VALUE", "VALUE")),
    "prefix": (
        "x=VALUEtail; probe \"${x#VALUE}\" ${x#'VALUE'}",
        each("tail", "tail"),
    ),
    "suffix": (
        'x=headVALUE; probe "${x%"VALUE"}" "${x%VALUE}"',
        each("head", "head"),
    ),
    "case word": (
        "case VALUE in '') probe '';; *) probe VALUE;; esac",
        each("VALUE"),
    ),
    "case pattern": (
        "case VALUE in xVALUE) probe no;; (VALUE) probe yes;; esac",
        each("yes"),
    ),
    "case part": (
        "case xVALUEy in *VALUE*) probe yes ;; *) probe no; esac",
        each("yes"),
    ),
    "for": (
        'for i in VALUE "a VALUE"; do probe "$i"; done',
        probes("VALUE", "a VALUE"),
    ),
    "while": ("while [ VALUE != xVALUE ]; do probe VALUE; break; done", each("VALUE")),
    "if": ("if [ VALUE = VALUE ]; then probe VALUE; else probe; fi", each("VALUE")),
    "and or": ("false || true && probe VALUE", each("VALUE")),
    "function": ('f() { probe "$1" VALUE; }\nf VALUE', each("VALUE", "VALUE")),
    "groups": ("( probe VALUE ); { probe VALUE; }", probes("VALUE", "VALUE")),
    "positional": ('set -- VALUE b; probe "$@"', each("VALUE", "b")),
    "argument of sh -c": ("sh -c 'printf %s \"$1\"' sh VALUE | tie", each("VALUE")),
    "through env": ("env A=VALUE sh -c 'printf %s \"$A\"' | tie", each("VALUE")),
    "pipe": ("printf %s VALUE | cat | tie", each("VALUE")),
    "substitution": ('probe "$(printf "%s|" VALUE)"', each("VALUE|")),
    "quotes in substitution": (
        "probe \"a$(printf '%s|' \"VALUE\" 'VALUE')b\"",
        each("aVALUE|VALUE|b"),
    ),
    "nested substitution": (
        'probe "$(printf "%s|" "$(printf "%s;" VALUE)")"',
        each("VALUE;|"),
    ),
    "case in substitution": (
        "probe \"$(case a in a) printf '%s|' VALUE;; esac)\"",
        each("VALUE|"),
    ),
    "backticks": ("probe \"`printf '%s|' VALUE`\"", each("VALUE|")),
    "quotes in backticks": (
        'probe "`printf \\"%s|\\" \\"VALUE\\" \'VALUE\'`"',
        each("VALUE|VALUE|"),
    ),
    "nested backticks": (
        "x=`printf '%s|' \"\\`printf '%s;' VALUE\\`\"`; probe \"$x\"",
        each("VALUE;|"),
    ),
    "comment in backticks": ('x=`printf a # VALUE\n`; probe "$x"', each("a")),
    "heredoc": (
        "tie <<EOF\na VALUE b \"VALUE\" 'VALUE' \\$VALUE\nEOF",
        each("a VALUE b \"VALUE\" 'VALUE' $VALUE\n"),
    ),
    "heredoc without tabs": ("tie <<-EOF\n\t\tVALUE b\n\tEOF", each("VALUE b\n")),
    "two heredocs": (
        "tie <<A; tie <<B\na VALUE\nA\nb VALUE\nB",
        probes("a VALUE\n", "b VALUE\n"),
    ),
    "heredoc in substitution": (
        'probe "$(cat <<EOF\nVALUE|\nEOF\n)"',
        each("VALUE|"),
    ),
    "expansions in heredoc": (
        "tie <<EOF\n$(printf '%s|' VALUE)`printf '%s|' VALUE`${u:-VALUE}\nEOF",
        each("VALUE|VALUE|VALUE\n"),
    ),
    "joined lines in heredoc": (
        "tie <<EOF\na\\\nEOF\nVALUE\nEOF",
        each("aEOF\nVALUE\n"),
    ),
    "beside a quoted heredoc": (
        "tie <<'A'; tie <<B\n$x `\nA\nVALUE\nB",
        probes("$x `\n", "VALUE\n"),
    ),
    "redirected group": ("{ printf %s VALUE; } 2>/dev/null | tie", each("VALUE")),
}

IN_BASH: Mapping[str, Case] = {
    "array": (
        'a=(VALUE \'x VALUE\' [5]=VALUE # VALUE (\n "VALUE"); probe "${a[@]}"',
        each("VALUE", "x VALUE", "VALUE", "VALUE"),
    ),
    "grown array": (
        'b=(x); b+=(VALUE); b[7]=VALUE; probe "${b[@]}"',
        each("x", "VALUE", "VALUE"),
    ),
    "declared array": ('declare -a c=(VALUE b); probe "${c[@]}"', each("VALUE", "b")),
    "map": (
        'declare -A m=([k]=VALUE); m[l]=VALUE; probe "${m[k]}" "${m[l]}"',
        each("VALUE", "VALUE"),
    ),
    "declare": (
        'declare d2=VALUE "d3=VALUE"; probe "$d2" "$d3"',
        each("VALUE", "VALUE"),
    ),
    "local": (
        'g() { local l=VALUE k="a VALUE"; probe "$l" "$k"; }; g',
        each("VALUE", "a VALUE"),
    ),
    "function keyword": ("function h { probe VALUE; }; h", each("VALUE")),
    "ansi quotes": (
        r"probe $'a\t@VALUE\'b' $'VALUE' $'\\VALUE'",
        each("a\t@VALUE'b", "VALUE", r"\VALUE"),
    ),
    "locale quotes": ('probe $"a VALUE" $"VALUE"', each("a VALUE", "VALUE")),
    "here-string": ("tie <<< VALUE", each("VALUE\n")),
    "quoted here-string": ('tie <<< "a VALUE"', each("a VALUE\n")),
    "equality": (
        "[[ VALUE == VALUE && VALUE = 'VALUE' && ! VALUE != VALUE ]] && probe y",
        each("y"),
    ),
    "pattern": (
        "[[ xVALUEy == *VALUE* ]] && probe y; [[ VALUEz == VALUE ]] || probe n",
        probes("y", "n"),
    ),
    "regex": (
        "[[ xVALUEy =~ ^xVALUEy$ && xVALUE =~ ^(VALUE|xVALUE)$ ]] && probe y",
        each("y"),
    ),
    "order": ("[[ aVALUE < bVALUE ]] && probe y", each("y")),
    "process": ("tie < <(printf %s VALUE)", each("VALUE")),
    "replacement": (
        'x=abc; probe "${x/b/VALUE}" "${x//b/"VALUE"}"',
        each("aVALUEc", "aVALUEc"),
    ),
    "replaced": ('x=1:VALUE:2; probe "${x/:VALUE:/-}"', each("1-2")),
    "braces": ("probe {a,VALUE}b", each("ab", "VALUEb")),
    "into a variable": ('printf -v p %s VALUE; probe "$p"', each("VALUE")),
    "quoted for eval": (
        'eval "q=$(printf %q VALUE)"; probe "$q"',
        each("VALUE"),
    ),
    "timed": ("{ time -p probe VALUE; } 2> /dev/null", each("VALUE")),
    "fall through": (
        "case a in a) probe VALUE ;& b) probe VALUE ;; esac",
        probes("VALUE", "VALUE"),
    ),
}

# holes of type int
NUMBERS: Mapping[str, tuple[str, Callable[[int], list[str]]]] = {
    "expansion": (
        'probe $(( VALUE + 1 )) $((0 -VALUE)) "$((VALUE*2))" $(((VALUE)-1))',
        lambda n: [str(n + 1), str(-n), str(2 * n), str(n - 1)],
    ),
    "nested": ('probe "$((1+$(printf %s VALUE)))"', lambda n: [str(n + 1)]),
    "test": ("[ VALUE -eq VALUE ] && probe VALUE", lambda n: [str(n)]),
}
NUMBERS_IN_BASH: Mapping[str, tuple[str, Callable[[int], list[str]]]] = {
    "old expansion": ("probe $[VALUE+1]", lambda n: [str(n + 1)]),
    "command": ('((n = VALUE + 1)); probe "$n"', lambda n: [str(n + 1)]),
    "let": (
        'let "n=VALUE*2" "m=VALUE" 1; probe "$n" "$m"',
        lambda n: [str(2 * n), str(n)],
    ),
    "for": (
        'for ((i=VALUE; i<=VALUE; i++)); do probe "$i"; done',
        lambda n: [str(n)],
    ),
    "index": (
        "a[VALUE*0]=p; b=([VALUE*0+1]=q); probe ${a[VALUE*0]} ${b[1]}",
        lambda n: ["p", "q"],
    ),
    "part": ('x=abcdef; probe "${x:VALUE*0+1:VALUE*0+2}"', lambda n: ["bc"]),
    "comparison": ("[[ VALUE -le VALUE ]] && probe y", lambda n: ["y"]),
    "integer": ("declare -i k=VALUE; k+=VALUE; probe $k", lambda n: [str(2 * n)]),
}

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
def all_cases(shell: str, type_: Type, *tables: str) -> ShellScript:
    """The scripts of the tables as one, in which each case tells its name first."""
    cases = [case for table in tables for case in globals()[table].items()]
    texts = (f"case_ '{name}'\n{script}\n" for name, (script, _) in cases)
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


def read_probes(fields: list[str]) -> Iterator[tuple[str, Seen]]:
    rest = iter(fields[:-1])
    name = ""
    seen: Seen = []
    for field in rest:
        if field.startswith("="):
            if name:
                yield name, seen
            name, seen = field[1:], []
        else:
            seen.append(list(islice(rest, int(field))))
    yield name, seen


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
        "HEREDOC",
    ]
    if shell == "bash":
        wraps.append("cat <( INNER )")
    return st.recursive(
        leaves,
        lambda inner: st.builds(wrapped, st.sampled_from(wraps), inner),
        max_leaves=4,
    )


def wrapped(wrapping: str, inner: str) -> str:
    if wrapping == "BACKTICKS":
        escaped = inner.replace("\\", "\\\\").replace("`", "\\`")
        return f'x=`{escaped}`; printf %s "$x"'
    if wrapping == "HEREDOC":
        end = f"END{inner.count('END')}"
        return f'printf %s "$(cat <<{end}\n$( {inner} )\n{end}\n)"'
    return wrapping.replace("INNER", inner)


@pytest.mark.parametrize("shell", COMMANDS)
@settings(max_examples=60, deadline=None)
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
