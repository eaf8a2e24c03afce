"""What is masked, in which forms, and which names are those of secrets."""

from __future__ import annotations

import json

import pytest
from wfruntime.secrets import (
    MASK,
    is_secret_name,
    mask,
    register,
    register_environment,
    register_named,
)


def test_the_longest_secret_is_first() -> None:
    register("word-of-pass")
    register("word-of-passage")
    assert mask("word-of-passage word-of-pass word") == f"{MASK} {MASK} word"


def test_a_short_value_is_not_masked() -> None:
    register("xyz")
    assert mask("xyz") == "xyz"


def test_a_secret_of_several_lines_is_masked_line_by_line() -> None:
    register("-----BEGIN-----\nAAAABBBBCCCC\n  fo-r\nxyz\n-----END-----\n")
    text = "x AAAABBBBCCCC y\n fo-r\nxyz\n-----END-----"
    assert mask(text) == f"x {MASK} y\n {MASK}\nxyz\n{MASK}"


@pytest.mark.parametrize("value", ["true", "False", "none", "null"])
def test_a_word_that_says_nothing_is_not_masked(value: str) -> None:
    register(value)
    assert mask(f"is {value}") == f"is {value}"


def test_the_secrets_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "pa55-of-postgres")
    monkeypatch.setenv("PGUSER", "user-of-postgres")
    register_environment()
    assert mask("pa55-of-postgres user-of-postgres") == f"{MASK} user-of-postgres"


def test_texts_by_name() -> None:
    register_named("auth", {"kind": "bear-it", "keys": ["first-k", ("second-k",)]})
    register_named("options", {"password": "in-a-map", "user": "in-the-open"})
    register_named("filter", {"key": "some-region"})
    register_named("max-tokens", 4096)
    shown = "bear-it first-k second-k in-a-map in-the-open 4096 some-region"
    assert mask(shown) == f"{MASK} {MASK} {MASK} {MASK} in-the-open 4096 some-region"


def test_a_circle_with_the_name_of_a_secret_ends() -> None:
    circle: list[object] = ["in-a-circle"]
    circle.append(circle)
    register_named("token", circle)
    assert mask("in-a-circle") == MASK


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
        ("PGPASSWORD", True),
        ("MYSQL_PWD", True),
        ("DB_PASS", True),
        ("dbPassword", True),
        ("APIKEY", True),
        ("apiKeys", True),
        ("BASIC_AUTH", True),
        ("aws.secretAccessKey", True),
        ("accountKey", True),
        ("sessionKey", True),
        ("storageKeys", True),
        ("userAuth", True),
        ("clientCred", True),
        ("PWD", False),
        ("OLDPWD", False),
        ("SSH_AUTH_SOCK", False),
        ("AUTHOR", False),
        ("BYPASS", False),
        ("COMPASS_URL", False),
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
