"""The contexts of shell text, and values that a shell would take for something else.

A context is a script in which VALUE stands for the hole, with what its probes must be given: the
value as it is, in one word. Where a shell itself makes another text of it, the table says so:
`$( )` and backticks take newlines off the end (hence the "|" in most of them), a heredoc and a
here-string put one there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

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
    "~",
    "~/x",
    "{a,b}",
    "{1..3}",
    "[a-z]*",
    "$HOME",
    "${X}",
    "$$",
    "$@",
    "`",
    "\\\\",
    "\\n",
    "\\c",
    "%s",
    ";",
    "&",
    "|",
    ">",
    "<",
    "#",
    "=",
    "esac",
    "done",
    "[[",
    "]]",
    ";;",
    "}",
    "é",
    "🙂",
    "\t",
    "\n",
    "\r\n",
    "line\r\nline\r\n",
    "\n-n",
    "--",
    "-e a",
    "-va[$(echo injected)]",
    "A",
    "\tEOF",
    "EOF\n",
    "\\",
    "a\\\nb",
    "\u00a0\u2028",
)
LONG = "a 'b' $c \n" * 10_000

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
    "without newlines at the end": (
        'probe "$(printf %s VALUE)" "`printf %s \'VALUE\'`"',
        lambda value: [[value.rstrip("\n")] * 2],
    ),
    "continued line in quotes": ('probe "a\\\nVALUE\\\nb"', each("aVALUEb")),
    "quoted case pattern": (
        "case xVALUE in 'y'VALUE|\"x\"'VALUE') probe yes;; *) probe no;; esac",
        each("yes"),
    ),
    "elif and until": (
        'until [ VALUE = "VALUE" ]; do :; done\n'
        "if false; then :; elif [ -n 'xVALUE' ]; then probe VALUE; fi",
        each("VALUE"),
    ),
    "all arguments of a function": (
        "k() { probe \"$@\"; }; k VALUE 'VALUE b' -VALUE",
        each("VALUE", "VALUE b", "-VALUE"),
    ),
    "required": ('x=1; probe "${x:?VALUE}" ${x?VALUE}', each("1", "1")),
    "heredoc with quotes in a default": (
        "tie <<EOF\n${u:-'VALUE'} ${u:-VALUE}\nEOF",
        each("'VALUE' VALUE\n"),
    ),
    "heredoc behind a pipe": ("cat <<EOF |\nVALUE\nEOF\ntie", each("VALUE\n")),
    "heredoc of a loop": (
        'while read -r l; do probe "$l" VALUE; done <<EOF\nx$(printf %.0s VALUE)\nEOF',
        each("x", "VALUE"),
    ),
    "heredoc in backticks": (
        'x=`cat <<EOF\nVALUE|\nEOF\n`; probe "$x"',
        each("VALUE|"),
    ),
    "backticks in substitution in heredoc": (
        "tie <<EOF\n$(printf %s \"`printf '%s|' 'VALUE'`\")\nEOF",
        each("VALUE|\n"),
    ),
    "substitution in backticks in double quotes": (
        'probe "`printf %s "$(printf \'%s|\' VALUE)"`"',
        each("VALUE|"),
    ),
    "substitution in a default": (
        'probe "${u:-$(printf \'%s|\' "VALUE")}"',
        each("VALUE|"),
    ),
    "in the background": ("probe VALUE & wait", each("VALUE")),
    "other redirections": ("probe VALUE 3>&1 3>&- 2>&1", each("VALUE")),
    "evaluated later": ("later=VALUE; eval 'probe \"$later\"'", each("VALUE")),
    "through xargs": (
        "printf '%s\\0' VALUE | xargs -0 sh -c 'printf %s \"$1\"' sh | tie",
        each("VALUE"),
    ),
    # a word that is ";" would end the command of find
    "through find": (
        "find / -maxdepth 0 -exec sh -c 'printf %s \"$1\"' sh xVALUE \\; | tie",
        each("xVALUE"),
    ),
    "through awk": (
        "printf '%s' VALUE | awk 'BEGIN { ORS = \"\"; RS = \"\\001\" } { print }' | tie",
        each("VALUE"),
    ),
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
    "lines of an array": (
        'z=(\n  VALUE\n  # VALUE\n  $\'VALUE\' "VALUE b"\n)\nprobe "${z[@]}"',
        each("VALUE", "VALUE", "VALUE b"),
    ),
    "appended": ('x=a; x+=VALUE; probe "$x"', each("aVALUE")),
    "replaced at an end": (
        'x=VALUE1; y=2VALUE; probe "${x/#VALUE/a}" "${y/%VALUE/b}"',
        each("a1", "2b"),
    ),
    "ansi quotes in substitution": (
        "probe \"$(printf %s $'VALUE\\174')\"",
        each("VALUE|"),
    ),
    "words of select": (
        'select i in VALUE; do probe "$i"; break; done 2> /dev/null <<< 1',
        each("VALUE"),
    ),
    "read": ("IFS= read -r -d '' w <<< VALUE || probe \"$w\"", each("VALUE\n")),
    "mapfile": (
        "mapfile -d '' -t q < <(printf '%s\\0' VALUE x); probe \"${q[@]}\"",
        each("VALUE", "x"),
    ),
    "tests": (
        "[[ -n xVALUE && ( -z VALUE || -n VALUE ) ]] && probe VALUE",
        each("VALUE"),
    ),
    "both outputs": ("printf %s VALUE |& tie", each("VALUE")),
    "here-string in substitution": ('probe "$(tr a a <<< VALUE"|")"', each("VALUE|")),
    "readonly local": ('j() { local -r l=VALUE; probe "$l"; }; j', each("VALUE")),
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


def read_probes(fields: list[str]) -> Iterator[tuple[str, Seen]]:
    """What the probes wrote, cut at each NUL: `=name` of a case, or a count and so many texts."""
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
