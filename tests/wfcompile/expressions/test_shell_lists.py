"""`rewrite_shell`: lists that become several words, and values that may stand in code."""

from __future__ import annotations

import pytest
from shell_rewrites import codes, good, rewrite

# --- lists ---


@pytest.mark.parametrize(
    ("text", "script", "words"),
    [
        ("a ${{ x | words }} b", 'a "${x[@]}" b', ["x"]),
        ("a '${{ x | words }}'", 'a "${x[@]}"', ["x"]),
        ('a "${{ x | words }}"', 'a "${x[@]}"', ["x"]),
        ("a ${{ x | words }}; b ${{x|words}}", 'a "${x[@]}"; b "${x_2[@]}"', ["x", "x_2"]),
        ("a ${{ x }} ${{ x | words }}", 'a "${x}" "${x_2[@]}"', ["x_2"]),
        ("for i in 1 ${{ x | words }}; do a; done", 'for i in 1 "${x[@]}"; do a; done', ["x"]),
        ("y=(${{ x | words }} b)", 'y=("${x[@]}" b)', ["x"]),
        ("a $(b ${{ x | words }})", 'a $(b "${x[@]}")', ["x"]),
        ('a "`b \\"${{ x | words }}\\"`"', 'a "`b "${x[@]}"`"', ["x"]),
        ("f() { a ${{ x | words }}; }", 'f() { a "${x[@]}"; }', ["x"]),
        ("a # ${{ x | words }}", "a # ${{ x | words }}", []),
    ],
)  # fmt: skip
def test_a_list_is_several_words(text: str, script: str, words: list[str]) -> None:
    result, found = rewrite(text)
    assert found == []
    assert result is not None
    assert result.script == script
    assert [name for name, _ in result.words] == words


def test_sh_has_one_list() -> None:
    text = "set -eu; a ${{ x | words }} $0; for i in ${{ x | words }}; do b; done"
    result, found = rewrite(text, "sh")
    assert found == []
    assert result is not None
    assert result.script == 'set -eu; a "$@" $0; for i in "$@"; do b; done'
    assert [name for name, _ in result.words] == ["x"]


@pytest.mark.parametrize(
    "text",
    [
        "a ${{ y | words }} ${{ x | words }}",
        "f() { a; }; a ${{ x | words }}",
        "set -- b; a ${{ x | words }}",
        'a ${{ x | words }} "$1"',
        'a ${{ x | words }} "${#}" "${@}"',
        "a ${{ x | words }}; cat <<E\n$*\nE",
        "for y do b; done; a ${{ x | words }}",
        "shift; a ${{ x | words }}",
        "a ${{ x | words }}; while getopts ab y; do b; done",
    ],
)
def test_a_script_of_sh_has_arguments_of_its_own(text: str) -> None:
    assert codes(text, "sh")[-1] == "WF275 ${{ x | words }}"


@pytest.mark.parametrize(
    "text",
    [
        "a --b=${{ x | words }}",
        "y=${{ x | words }}",
        "a > ${{ x | words }}",
        "a <<E\n${{ x | words }}\nE",
        "a <<< ${{ x | words }}",
        "case ${{ x | words }} in a) ;; esac",
        "[[ -n ${{ x | words }} ]]",
        "a ${y:-${{ x | words }}}",
        "y=([1]=${{ x | words }})",
        "local y=${{ x | words }}",
    ],
)
def test_room_for_one_word(text: str) -> None:
    assert codes(text) == ["WF275 ${{ x | words }}"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("${{ x | words }}", "WF261"),
        ("timeout ${{ x | words }}", "WF261"),
        ("timeout ${{ x | words }} a", "WF261"),
        ("sudo ${{ x | words }} a", "WF261"),
        ("nice -n ${{ x | words }} a", "WF261"),
        ("env ${{ x | words }}", "WF261"),
        ("sh -c 'a' b; sh -c ${{ x | words }}", "WF262"),
        ("awk ${{ x | words }}", "WF262"),
        ("printf ${{ x | words }}", "WF262"),
        ("read ${{ x | words }}", "WF266"),
        ("find . -name a ${{ x | words }}", "WF262"),
        ("find . -exec a ${{ x | words }} {} +", "WF262"),
        ("[ -n a -a ${{ x | words }} ]", "WF266"),
        ("test ${{ x | words }}", "WF266"),
    ],
)
def test_each_word_of_a_list_is_looked_at(text: str, code: str) -> None:
    assert codes(text) == [f"{code} ${{{{ x | words }}}}"]


# --- values that are bound ---


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("eval a ${{ params.n }}", 'eval a "${params_n}"'),
        ("trap 'a ${{ params.one }}' EXIT", "trap 'a '\"${params_one}\" EXIT"),
        ("sed 's/a/${{ params.one }}/'", "sed 's/a/'\"${params_one}\"'/'"),
        ('ssh a "b ${{ params.f }}"', 'ssh a "b ${params_f}"'),
        ("bash ${{ params.one }}.sh", 'bash "${params_one}".sh'),
        ("./a/${{ params.one }}/b c", './a/"${params_one}"/b c'),
        ("./a-${{ params.one }}.sh c", './a-"${params_one}".sh c'),
        ("printf 'a ${{ params.n }}'", "printf 'a '\"${params_n}\""),
        (
            "declare -A m; a ${m[${{ params.one }}]}",
            "declare -A m; a ${m[${params_one}]}",
        ),
    ],
)
def test_a_bound_value_may_stand_in_code(text: str, script: str) -> None:
    assert good(text) == script


@pytest.mark.parametrize("text", ["${{ params.one }}", "./${{ params.one }} a"])
def test_a_bound_value_is_no_whole_command(text: str) -> None:
    assert codes(text) == ["WF261 ${{ params.one }}"]


def test_the_run_converts_what_no_type_tells() -> None:
    text = "(( ${{ params.unknown }} + ${{ params.either }} ))"
    script, found = rewrite(text)
    assert found == []
    assert script is not None
    assert script.numbers == {"params_unknown", "params_either"}
