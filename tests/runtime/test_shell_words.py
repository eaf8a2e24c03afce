"""Lists as words of a script: `words` of `rt.bash`."""

from __future__ import annotations

import re
from typing import Any

import pytest
from wfruntime.callers import CallerSecret
from wfruntime.errors import StageError
from wfruntime.secrets import MASK, mask
from wfruntime.stages import bash

WORDS = [
    "",
    "a b",
    "-n",
    "*",
    "$(id)",
    "`id`",
    'it\'s "c"',
    "\\",
    "x\n\n",
    "ü🙂",
    7,
    None,
]
SEEN = "".join(f"<{each}>" for each in WORDS)


def error_of(*args: Any, **options: Any) -> str:
    with pytest.raises(StageError) as raised:
        bash(*args, **options)
    return str(raised.value)


@pytest.mark.parametrize(
    ("shell", "name", "reference"),
    [
        ("bash", "files", '"${files[@]}"'),
        ("bash", "@", '"$@"'),
        ("sh", "files", '"$@"'),
        ("sh", "@", '"$@"'),
    ],
)
def test_each_value_is_a_word(shell: str, name: str, reference: str) -> None:
    script = f"\nset -u; printf '<%s>' {reference}"
    assert bash(script, words={name: WORDS}, shell=shell)["stdout"] == SEEN


def test_several_lists() -> None:
    script = 'echo "${#a[@]} ${#b[@]} ${#c[@]} $# ${c[1]} $0"'
    lists = {"a": ("x",), "b": [], "c": ["y", "z"]}
    assert bash(script, words=lists)["stdout"] == "1 0 2 0 z bash"


def test_an_empty_list_is_no_word() -> None:
    script = 'set -u; printf "%s" "${a[@]}"; echo "${#a[@]}"'
    assert bash(script, words={"a": []})["stdout"] == "0"
    assert bash('echo "$#"', words={"@": []}, shell="sh")["stdout"] == "0"


def test_lines_are_counted_as_without_lists() -> None:
    script = "\n\necho $LINENO ${a[0]}"
    assert bash(script, words={"a": ["b"]})["stdout"] == "2 b"


def test_a_long_script_has_them_too() -> None:
    long = "# a comment\n" * 20_000
    assert bash(f"{long}echo ${{a[1]}}", words={"a": [1, 2]})["stdout"] == "2"
    assert bash(f"{long}echo $2", words={"@": [1, 2]}, shell="sh")["stdout"] == "2"


def test_a_secret_is_real_in_the_script() -> None:
    script = 'printf %s "${a[@]}" | tr a-z b-za'
    assert bash(script, words={"a": [CallerSecret("hidden")]})["stdout"] == "ijeefo"


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_values_of_a_secret_list_are_masked(shell: str) -> None:
    values = [f"open-{shell}-sesame", f"close-{shell}-sesame"]
    bash("true", words={"api_tokens": values}, shell=shell)
    assert mask(" ".join(values)) == f"{MASK} {MASK}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"words": {"a": "text"}}, "a is str, expected a list"),
        ({"words": {"a": None}}, "a is None, expected a list"),
        ({"words": {"a": {"b": 1}}}, "a is dict, expected a list"),
        (
            {"words": {"a": ["b\0"]}},
            "a holds a NUL character, which no environment can",
        ),
        (
            {"words": {"a": [], "b": []}, "shell": "sh"},
            'the shell "sh" has no array "a"',
        ),
        ({"words": {"a b": []}}, 'the shell "bash" has no array "a b"'),
        (
            {"words": {"a": ["b", "x" * 200_000]}},
            "a word of a has 200000 bytes, and the system takes none of more than "
            "128 KiB; hand on the path of a file instead",
        ),
    ],
    ids=["text", "None", "map", "NUL", "sh", "name", "long"],
)
def test_what_is_no_list_of_words(options: dict[str, Any], message: str) -> None:
    assert error_of("true", **options) == message


def test_all_words_together_may_be_too_long() -> None:
    message = error_of("true", words={"a": ["x" * 100_000] * 100})
    assert re.sub(r"\d{8}", "SUM", message) == (
        "its variables have SUM bytes together, a word of a alone 100000, and the "
        "system does not take so many; hand on the path of a file instead"
    )
