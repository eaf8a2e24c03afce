"""`rewrite_shell`: the script, its variables, and the place of each mistake."""

from __future__ import annotations

import pytest
from expression_texts import scalar_of
from shell_rewrites import bad, codes, good, rewrite

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import (
    Reference,
    ShellScript,
    variable_name,
)

# --- what comes out ---


def test_samples() -> None:
    assert good(
        'mkdir -p "${LANDING}/${{ matrix.layer }}"\n'
        "find \"${LANDING}/${{ matrix.layer }}\" -name '*.${{ matrix.format }}' | wc -l\n"
    ) == (
        'mkdir -p "${LANDING}/${matrix_layer}"\n'
        'find "${LANDING}/${matrix_layer}" -name \'*.\'"${matrix_format}" | wc -l\n'
    )
    assert good(
        "printf '%s rows of %s\\n' ${{ stages.pull.outputs.rows }} '${{ item }}' >> x\n"
    ) == ('printf \'%s rows of %s\\n\' "${pull_rows}" "${item}" >> x\n')


def test_the_whole_result() -> None:
    text = "echo ${{ item }} $(( ${{ params.n }} )) '${{ item }}' # ${{ params.x }}\n"
    script, found = rewrite(text)
    assert found == []
    assert script is not None
    parsed = parse_text(scalar_of(text), Diagnostics(), env=False)
    assert script == ShellScript(
        'echo "${item}" $(( ${params_n} )) "${item}" # ${{ params.x }}\n',
        (("item", parsed.holes[0]), ("params_n", parsed.holes[1])),
        frozenset(["params_n"]),
        references=(
            Reference(5, 14, 5, 16),
            Reference(19, 30, 21, 36),
            Reference(34, 43, 40, 53),
            Reference(46, 61, 56, 71),
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        ("\n  echo $x ${x} $$ `date` \\\n\t'a'\n\n", []),
        ("case $x in\n if) echo;;\nesac | if a; then b; elif c; then d; fi", []),
        ("for ((;;)) { echo; }; for x; do { a; }; done; f() { echo fi; }", []),
        ("while ! a; do echo done; done < <(if b; then c; fi)", []),
        ("\n  echo 'a\n", ["WF520 8-9: single quote is not closed (close it with ')"]),
        (
            'cat <<EOF\n"unclosed $(',
            [
                'WF520 4-6: heredoc "EOF" has no line that ends it (write EOF alone on a line)'
            ],
        ),
        (
            "case ${ (( [[ {{ }} $${x} \u00a0\0",
            ['WF520 0-4: "case" is not closed (close it with in)'],
        ),
        ("if a; then b", ['WF520 0-2: "if" is not closed (close it with fi)']),
        (
            "for a in b\n c\ndone",
            ['WF520 0-3: "for" has no "do" (write "; do" at the end of the line)'],
        ),
        (
            "echo $(if a; b; fi)",
            ['WF520 7-9: "if" has no "then" (write "; then" at the end of the line)'],
        ),
        ("a\n}", ['WF520 2-3: "}" closes nothing (take it away)']),
        ("if a; then b; done", ['WF520 14-18: "done" closes nothing (take it away)']),
    ],
)
def test_a_script_without_holes_stays_as_it_is(text: str, said: list[str]) -> None:
    assert rewrite(text) == (ShellScript(text, is_closed=not said), said)


def test_all_else_stays() -> None:
    around = (
        ' \t"a $b `c` \\" \\\\"  \'d\'\\\n\r $"e" $\'f\\\'\' <(g)>h # "i\n\n{ j;}\n'
    )
    assert good(f"x{around}echo ${{{{ item }}}}{around}") == (
        f'x{around}echo "${{item}}"{around}'
    )


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("a ${{ item }}", 'a "${item}"'),
        ("a b${{ item }}c", 'a b"${item}"c'),
        ("a ${{ item }}${{ params.x }}", 'a "${item}${params_x}"'),
        ("a ${{ item }}'${{ params.x }}'", 'a "${item}${params_x}"'),
        ('a "${{ item }}"', 'a "${item}"'),
        ("a '${{ item }}'", 'a "${item}"'),
        ("a '${{ item }}b'", "a \"${item}\"'b'"),
        ("a 'b${{ item }}'", "a 'b'\"${item}\""),
        ("a 'b${{ item }}c'", "a 'b'\"${item}\"'c'"),
        ("a 'b${{ item }}${{ item }}c'", "a 'b'\"${item}${item}\"'c'"),
        ("a $'b${{ item }}c'", "a $'b'\"${item}\"$'c'"),
        ('a $"b${{ item }}"', 'a $"b${item}"'),
        ("a <<E\n${{ item }}\nE\n", "a <<E\n${item}\nE\n"),
        ("a <<< ${{ item }}", 'a <<< "${item}"'),
        ('a "$(b ${{ item }})"', 'a "$(b "${item}")"'),
        ('a "`b ${{ item }}`"', 'a "`b "${item}"`"'),
        ('a "`b \\"${{ item }}\\"`"', 'a "`b \\"${item}\\"`"'),
        ("a ${x:-${{ item }}}", 'a ${x:-"${item}"}'),
        ('a "${x:-${{ item }}}"', 'a "${x:-${item}}"'),
        ('a "${x#${{ item }}}"', 'a "${x#"${item}"}"'),
        ("x=${{ item }}", 'x="${item}"'),
        ("x=(${{ item }} [1]=${{ item }})", 'x=("${item}" [1]="${item}")'),
        ("[[ $x == ${{ item }}* ]]", '[[ $x == "${item}"* ]]'),
        ("[[ $x =~ ^(${{ item }}|b) ]]", '[[ $x =~ ^("${item}"|b) ]]'),
        ("case ${{ item }} in ${{ item }}) ;; esac", 'case "${item}" in "${item}") ;; esac'),
        ("a $((${{ params.n }}+1))", "a $((${params_n}+1))"),
        ("a > ${{ item }} 2>&${{ params.n }}", 'a > "${item}" 2>&"${params_n}"'),
        ("a # ${{ item |\n upper }} b\nc", "a # ${{ item | upper }} b\nc"),
        ("a `b # ${{ item }} c\n`", "a `b #  c\n`"),
    ],
)  # fmt: skip
def test_contexts(text: str, script: str) -> None:
    assert good(text) == script


# --- names ---


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("matrix.layer", "matrix_layer"),
        ("params.run-date", "params_run_date"),
        ("item", "item"),
        ("stages.pull.outputs.rows", "pull_rows"),
        ("stages.pull.outputs", "pull_outputs"),
        ("stages.pull.status", "pull_status"),
        ("jobs.a.stages.b.outputs.c", "b_c"),
        ("jobs.a.strategies.x1.stages.b.outputs.c", "b_c"),
        ("jobs.a.status", "a_status"),
        ("params.größe", "params_gr__e"),
        ("stages.1st.outputs.n", "_1st_n"),
        ("params.day | fmt('%Y')", "params_day"),
        ("1 + params.n", "params_n"),
        ("len(params.names) > 1", "params_names"),
        ("params.names[0]", "params_names_0"),
        ("params.map['a b']", "params_map_a_b"),
        ("(params.a | dict).b", "params_a_b"),
        ("'x'", "value"),
        ("stages.LD.outputs.PRELOAD", "ld_preload"),
        ("stages.http.outputs.proxy", "http_proxy_value"),
    ],
)
def test_variable_name(expression: str, name: str) -> None:
    text = parse_text(scalar_of(f"${{{{ {expression} }}}}"), Diagnostics())
    tree = text.holes[0].tree
    assert tree is not None
    assert variable_name(tree) == name


def test_one_variable_for_one_expression() -> None:
    script, _ = rewrite(
        "a ${{ params.x }} ${{params.x}} ${{  params.x\n}} ${{ params.x | upper }}"
        " ${{params.x | upper}} ${{ params.x | lower }} ${{ params.x_2 }}"
    )
    assert script is not None
    assert script.script == (
        'a "${params_x}" "${params_x}" "${params_x}" "${params_x_2}"'
        ' "${params_x_2}" "${params_x_3}" "${params_x_2_2}"'
    )
    assert [name for name, _ in script.holes] == [
        "params_x",
        "params_x_2",
        "params_x_3",
        "params_x_2_2",
    ]


@pytest.mark.parametrize(
    "use",
    [
        "echo $item",
        "echo ${item}",
        'echo "${#item}"',
        "echo ${!item}",
        "item=1",
        "item+=1",
        "item[0]=1",
        "item=(1)",
        "export item",
        "read -r item",
        "for item in 1; do :; done",
        "local x item",
        "printf -v item x",
        "echo $(( item + 1 ))",
        "(( x = item ))",
        "sh -c 'item=1'",
    ],
)
def test_names_of_the_script_are_left_alone(use: str) -> None:
    assert good(f"echo ${{{{ item }}}}\n{use}\n") == f'echo "${{item_2}}"\n{use}\n'


def test_words_that_are_no_variables_do_not_count() -> None:
    text = "echo item --item=x 'a?item=' ${{ item }}"
    assert good(text) == "echo item --item=x 'a?item=' \"${item}\""


def test_names_of_the_stage_are_left_alone() -> None:
    assert good("a ${{ item }}", taken=("item", "item_2")) == 'a "${item_3}"'


# --- what has no safe form ---


def test_messages() -> None:
    def messages(*texts: str) -> list[str]:
        return [line.partition(": ")[2] for text in texts for line in bad(text)]

    assert messages(
        "${{ item }} x",
        "source ${{ item }}",
        'eval "a ${{ item }}"',
        "sh -c 'a ${{ item }}'",
        "bash <<E\n${{ item }}\nE",
        'python3 -c "a ${{ item }}"',
        'ssh host "a ${{ item }}"',
        "declare -a x=${{ item }}",
        "cat <<'EOF'\n${{ item }}\nEOF",
        "cat <<E${{ item }}\n",
        "(( ${{ item }} ))",
        "(( ${{ params.f }} ))",
        "declare -A m; a ${m[${{ item }}]}",
        "a >& ${{ item }}",
        "a >& ${{ params.unknown }}",
        "read ${{ item }}",
        'a "\\${{ item }}"',
        'a "$${{ item }}"',
        "a ~${{ item }}",
        "a {1..${{ item }}}",
        'printf "${{ item }}"',
        "a b${{ item | words }}",
    ) == [
        "template names a command, expected a command that is written out"
        ' (write the command here, or choose with "case ${{ item }} in")',
        'template names the file that "source" runs, expected one that is written out'
        ' (write the file here, or choose with "case ${{ item }} in")',
        'template stands in text that "eval" runs as code (put it into a variable,'
        ' value=${{ item }}, and write "$value" between single quotes)',
        'template stands in text that "sh" runs as code'
        " (pass it as an argument, sh -c '...' sh ${{ item }}, and use \"$1\")",
        'template stands in text that "bash" runs as code'
        ' (pass it as an argument, bash -s -- ${{ item }}, and use "$1")',
        'template stands in text that "python3" runs as code'
        " (pass it as an argument, python3 -c '...' ${{ item }}, and read that)",
        'template stands in text that "ssh" runs as code'
        " (write $(printf %q ${{ item }}) there, outside single quotes)",
        'template stands in a value that "declare -a" reads as code of a list'
        " (write the list in parentheses, (${{ item }}))",
        'template stands in the quoted heredoc "EOF", which takes no values'
        ' (write <<EOF without quotes, and "\\" in front of each other "$", "`" and "\\")',
        "template stands in the word that ends a heredoc, expected a plain word"
        " (write a word such as EOF)",
        "template of type str stands in arithmetic, expected int"
        ' (convert it with "| int")',
        "template of type float stands in arithmetic, expected int"
        ' (a shell has whole numbers only: convert it with "| int")',
        "template of type str stands in an array index, expected int"
        " (for a key of a map write key=${{ item }} before, and [$key])",
        "template of type str stands in a file descriptor, expected int"
        " (write > ${{ item }} 2>&1 for a file)",
        "template whose type is not known before the run stands in a file descriptor,"
        " expected int (write > ${{ params.unknown }} 2>&1 for a file)",
        "template names a variable, expected a name that is written out"
        ' (write the name here, or choose with "case ${{ item }} in")',
        'template stands behind "\\", which escapes the sign that follows'
        ' (write "\\\\" for a backslash, or take it away)',
        'template stands behind "$", which makes a name of what follows'
        ' (write "\\$" for a dollar sign, or take it away)',
        'template stands behind "~", which is replaced before values are put in'
        " (write the path of the folder)",
        'template stands in "{a..b}", which is replaced before values are put in'
        " (use seq, as in $(seq 1 ${{ item }}))",
        'template stands in text that "printf" runs as code'
        " (write %s there, and ${{ item }} as an argument behind the format)",
        'filter "words" stands where there is room for one word alone'
        ' (write the template as an argument of its own, or take "| words" away)',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "${{ x }}",
        '"./bin/${{ x }}" a',
        "a; ${{ x }}",
        "a | ${{ x }}",
        "a && b || ${{ x }}",
        "a & ${{ x }}",
        "a\n${{ x }}",
        "! ${{ x }}",
        "if ${{ x }}; then a; fi",
        "if a; then ${{ x }}; fi",
        "while a; do ${{ x }}; done",
        "while (a) do ${{ x }}; done",
        "for i in 1; do ${{ x }}; done",
        "for ((;;)) { ${{ x }}; }",
        "case a in a) ${{ x }} ;; esac",
        "case a in a) b ;; esac; ${{ x }}",
        "( ${{ x }} )",
        "{ ${{ x }}; }",
        "f() { ${{ x }}; }",
        "function f { ${{ x }}; }",
        "coproc N { ${{ x }}; }",
        "a $( ${{ x }} )",
        'a "`${{ x }}`"',
        "a <( ${{ x }} )",
        "a <<E\n$( ${{ x }} )\nE",
        "A=1 B=2 ${{ x }}",
        "< a 2> b ${{ x }}",
        "$(echo ${{ x }}) a",
        "time -p ${{ x }}",
        "exec ${{ x }}",
        "command -p ${{ x }}",
        "sudo -E -u root ${{ x }}",
        "env -i -u A B=1 ${{ x }}",
        "nice -n 5 ${{ x }}",
        "timeout -k 1 5 ${{ x }}",
        "sudo timeout 5 nohup ${{ x }}",
        "xargs -r -n1 -I{} ${{ x }}",
        "find . -name a -exec ${{ x }} {} +",
        "${{ x }}() { a; }",
        "bash ${{ x }}",
        "bash -eu -o pipefail ${{ x }} a",
        ". ${{ x }} a",
    ],
)
def test_no_value_is_run(text: str) -> None:
    assert codes(text) == ["WF261 ${{ x }}"]


@pytest.mark.parametrize(
    "text",
    [
        "eval a ${{ x }}",
        "eval '${{ x }}'",
        'eval "$(echo ${{ x }})"',
        'eval "$(cat <<E\n${{ x }}\nE\n)"',
        "trap 'a ${{ x }}' EXIT",
        "alias a=${{ x }}",
        "bash -c ${{ x }}",
        "/bin/bash -euo pipefail -c 'a ${{ x }}'",
        "sudo -u a sh -ec 'a ${{ x }}'",
        "xargs -n1 sh -c 'a ${{ x }}' _",
        "find . -exec sh -c 'a ${{ x }}' _ {} \\;",
        "docker exec -it a bash -lc 'a ${{ x }}'",
        "su - a -c 'a ${{ x }}'",
        "ssh -p 22 a@b a ${{ x }}",
        "watch -n 5 a ${{ x }}",
        "perl -ne 'a ${{ x }}' f",
        "node --eval=${{ x }}",
        "echo a ${{ x }} | sh",
        "echo a ${{ x }} | sudo bash -s",
        "{ echo a; printf %s ${{ x }}; } 2>&1 | bash",
        "for i in 1; do echo ${{ x }}; done | bash",
        "(echo ${{ x }}) | python3 -",
        "cat <<E | bash\n${{ x }}\nE",
        "bash <<'E'\n${{ x }}\nE",
        "bash <<< 'a ${{ x }}'",
        "ssh a <<E\n${{ x }}\nE",
        "ssh a bash -s <<E\n${{ x }}\nE",
        "docker exec -i a sh <<E\n${{ x }}\nE",
        "source <(echo ${{ x }})",
        "PS4=${{ x }}",
        "export BASH_ENV=${{ x }}",
        "declare -A x=${{ x }}",
        "a=(1); declare a=${{ x }}",
        "mapfile -C 'a ${{ x }}' y",
        "compgen -W ${{ x }}",
        "sed -n 's/${{ x }}/b/p' f",
        "sudo sed -i -e 's/a/b/' -e 's/${{ x }}/b/' f",
        'awk -F, "{ print \\$1, ${{ x }} }" f',
    ],
)
def test_no_value_is_code(text: str) -> None:
    code = "WF261" if text.startswith("source") else "WF262"
    assert codes(text) == [f"{code} ${{{{ x }}}}"]


@pytest.mark.parametrize(
    "text",
    [
        "a $(( ${{ x }} ))",
        'a "$((1+${{ x }}))"',
        "a $(( $(echo ${{ x }}) ))",
        "a $(( ${y:-${{ x }}} ))",
        "a $[ ${{ x }} ]",
        "(( y = ${{ x }} ))",
        "for ((i=0; i<${{ x }}; i++)); do a; done",
        "let y=${{ x }}",
        "a[${{ x }}]=1",
        "a[ 1 + ${{ x }} ]=1",
        "a=([${{ x }}]=1)",
        'a ${y[${{ x }}]} "b"',
        "a ${y:${{ x }}:1}",
        "a ${y:1:${{ x }}}",
        "[[ $y -gt ${{ x }} ]]",
        "[[ a == b && ( ${{ x }} -eq 1 ) ]]",
        "declare -i y=${{ x }}",
        "declare -i y; y=${{ x }}",
        "RANDOM=${{ x }}",
        "a >&${{ x }}",
        "a 2>& 'b${{ x }}'",
        "a <&${{ x }}",
        "(( ${{ params.b }} ))",
    ],
)
def test_only_whole_numbers_are_computed(text: str) -> None:
    places = codes(text)
    assert [place.partition(" ")[0] for place in places] == ["WF265"]
    for whole in ("params.n", "params.one", "params.n | int"):
        name = f"${{{{ {whole} }}}}"
        assert rewrite(text.replace(places[0].partition(" ")[2], name))[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "a ${${{ x }}}",
        "a ${y${{ x }}}",
        "a ${!${{ x }}}",
        "${{ x }}=1",
        "export ${{ x }}=1",
        "declare -n y=${{ x }}",
        "unset ${{ x }}",
        "read -r -p 'a' ${{ x }}",
        "read -a ${{ x }}",
        "mapfile -t ${{ x }}",
        "getopts ab ${{ x }}",
        "printf -v ${{ x }} a",
        "for ${{ x }} in 1; do a; done",
        "[ -v ${{ x }} ]",
        "test ! -v ${{ x }}",
        "[[ -n a && -v ${{ x }} ]]",
        "exec {a[${{ x }}]}> b",
    ],
)
def test_no_value_names_a_variable(text: str) -> None:
    assert codes(text) == ["WF266 ${{ x }}"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a \\${{ x }}", "WF267 ${{ x }}"),
        ("a $'\\${{ x }}'", "WF267 ${{ x }}"),
        ("a <<E\n\\${{ x }}\nE", "WF267 ${{ x }}"),
        ("a `b \\\\${{ x }}`", "WF267 ${{ x }}"),
        ("a $${{ x }}", "WF267 ${{ x }}"),
        ("x=~${{ x }}/y", "WF268 ${{ x }}"),
        ("for i in {1..${{ params.n }}}; do a; done", "WF268 ${{ params.n }}"),
        ("a \"${y:-$'${{ x }}'}\"", "WF268 ${{ x }}"),
        ('a <<E\n`b \\"${{ x }}\\"`\nE', "WF268 ${{ x }}"),
        ("a <<'E' <<F\n${{ x }}\nE\nF", "WF263 ${{ x }}"),
        ("a <<\\E\n${{ x }}\nE", "WF263 ${{ x }}"),
        ("a <<'${{ x }}'\n", "WF264 ${{ x }}"),
    ],
)
def test_signs_that_change_the_value(text: str, place: str) -> None:
    assert codes(text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a <<E\n${y#${{ x }}}\nE", "WF268 ${{ x }}"),
        ("a $'b\\'c' ${{ x }}", "WF268 \\'"),
        ("[[ a && ${{ x }} ]]", "WF261 ${{ x }}"),
        ("[[ ${{ x }} -eq 1 ]]", "WF265 ${{ x }}"),
        ("a &> b ${{ x }}", "WF261 ${{ x }}"),
    ],
)
def test_what_dash_reads_in_another_way(text: str, place: str) -> None:
    assert codes(text, "sh") == [place]


@pytest.mark.parametrize(
    "text",
    [
        "command -v ${{ x }}",
        "sudo -u ${{ x }} -g ${{ x }} a",
        "env -u ${{ x }} A=${{ x }} a ${{ x }}",
        "timeout -s ${{ x }} ${{ x }} a",
        "nice -n ${{ x }} a",
        "xargs -I ${{ x }} a",
        "find ./${{ x }} -exec a ${{ x }} {} +",
        "bash -c 'a \"$1\"' _ ${{ x }}",
        "bash a.sh ${{ x }}",
        "bash -s -- ${{ x }} <<'E'\na\nE",
        "ssh -i ${{ x }} -- ${{ x }}",
        "ssh a <<E\nb $(printf %q ${{ x }})\nE",
        "ssh a cat <<E\n${{ x }}\nE",
        "eval \"a=$(printf '%q' ${{ x }})\"",
        "echo ${{ x }} | a",
        "echo ${{ x }} | bash a.sh",
        "echo ${{ x }} | python3 a.py",
        "a ${{ x }} | bash",
        "trap 'a' ${{ x }}",
        ". a.sh ${{ x }}",
        "python3 -c 'a' ${{ x }}",
        "python3 -m a ${{ x }}",
        "grep bash -c ${{ x }}",
        "echo sh -c ${{ x }}",
        "printf -- ${{ params.n }}",
        "read -p ${{ x }} -t ${{ x }} y",
        "[ ${{ x }} -eq 1 ]",
        "test ${{ x }} = -v",
        "a >& 2 ${{ x }}",
        "x=$((a) | b ${{ x }})",
        "a {b,${{ x }}}",
        "a http://b/~${{ x }}",
        "echo if ${{ x }}; echo then ${{ x }}",
        "a#b ${{ x }}",
        "while read l; do a ${{ x }}; done < ${{ x }}",
        "awk -F, -v y=b '{ print y }' ${{ x }}",
        "gawk -f a.awk ${{ x }}; sed -i.old -e 's/a/b/' -- ${{ x }}",
    ],
)
def test_plain_arguments(text: str) -> None:
    assert rewrite(text)[1] == []
