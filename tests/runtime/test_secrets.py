"""What is masked, in which forms, and which names are those of secrets."""

from __future__ import annotations

import json

import pytest
from wfruntime.secrets import MASK, is_secret_name, mask, register


def test_the_longest_secret_is_first() -> None:
    register("word-of-pass")
    register("word-of-passage")
    assert mask("word-of-passage word-of-pass word") == f"{MASK} {MASK} word"


def test_a_short_value_is_not_masked() -> None:
    register("xyz")
    assert mask("xyz") == "xyz"


def test_a_secret_of_several_lines_is_masked_line_by_line() -> None:
    register("-----BEGIN-----\nAAAABBBBCCCC\nshort\n-----END-----\n")
    text = "x AAAABBBBCCCC y\nshort\n-----END-----"
    assert mask(text) == f"x {MASK} y\nshort\n{MASK}"


@pytest.mark.parametrize("shown", [repr, json.dumps])
def test_a_secret_is_masked_in_literals(shown: object) -> None:
    secret = 'it\'s "quoted"\\ and\tünlike'
    register(secret)
    assert callable(shown)
    assert MASK in mask(f"before {shown(secret)} after")
    assert "unlike"[2:] not in mask(shown(secret))


def test_a_secret_with_a_line_end_is_masked_without_it() -> None:
    register("from-a-file\n")
    assert mask("<from-a-file>") == f"<{MASK}>"


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("API_ACCESS_REFRESH_TOKEN", True),
        ("AWS_ACCESS_CLIENT_SECRET", True),
        ("DB_PASSWORD", True),
        ("PASSWD", True),
        ("api-key", True),
        ("API_KEYS", True),
        ("GOOGLE_CREDENTIALS", True),
        ("PRIVATE_URL", True),
        ("AWS_ACCESS_CLIENT_ID", False),
        ("KEYBOARD", False),
        ("MONKEY", False),
        ("TOKENIZER", False),
        ("HOME", False),
        ("", False),
    ],
)
def test_names(name: str, is_secret: bool) -> None:
    assert is_secret_name(name) is is_secret
