"""What a plain scalar means: YAML 1.1 as PyYAML's safe loader reads it, but only true and false.

In goes the text of a scalar, out comes str, int, float, bool, None, date or datetime. The patterns
and conversions are PyYAML's own, so that `1_000`, `0x1F`, `190:20:30` and time stamps mean here
what they mean to the interpreter (ddeutil-workflow; `yes`, `no`, `on`, `off` stay text there).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

TAG_PREFIX = "tag:yaml.org,2002:"
SCALAR_TAGS = ("str", "int", "float", "bool", "null", "timestamp")

_LOADER = yaml.constructor.SafeConstructor()
_CONSTRUCTORS: Mapping[str, Callable[[object, yaml.ScalarNode], object]] = {
    tag: _LOADER.yaml_constructors[TAG_PREFIX + tag] for tag in SCALAR_TAGS
}


def _patterns() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """First character -> the tags that a text may have, in the order they are tried."""
    only_true_and_false = re.compile(r"true|True|TRUE|false|False|FALSE")
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    resolvers: dict[str, Any] = yaml.resolver.Resolver.yaml_implicit_resolvers
    for first, candidates in resolvers.items():
        for full_tag, pattern in candidates:
            tag = full_tag.removeprefix(TAG_PREFIX)
            if tag == "bool":
                pattern = only_true_and_false
            if tag in SCALAR_TAGS:
                found.setdefault(first, []).append((tag, pattern))
    return {first: tuple(each) for first, each in found.items()}


_PATTERNS = _patterns()
# a plain scalar that begins otherwise is text
FIRST_CHARACTERS = frozenset(_PATTERNS)


def resolve(text: str) -> object:
    """The value of a plain scalar without a tag.

    Raises:
        ValueError: its pattern fits and it is none all the same, as `2024-02-30`; holds what it
            should be ("int", "date", ...).

    >>> resolve("1_000"), resolve("0o17"), resolve("on"), resolve("TRUE"), resolve("~")
    (1000, '0o17', 'on', True, None)
    """
    for tag, pattern in _PATTERNS.get(text[:1], ()):
        if pattern.fullmatch(text):
            return construct(tag, text)
    return text


def construct(tag: str, text: str) -> object:
    """The value of a scalar whose tag is one of `SCALAR_TAGS`.

    Raises:
        ValueError: the text does not fit the tag; holds what it should be.
    """
    node = yaml.ScalarNode(TAG_PREFIX + tag, text)
    try:
        return _CONSTRUCTORS[tag](_LOADER, node)
    except (ValueError, LookupError, AttributeError, OverflowError) as error:
        # PyYAML trusts its patterns: a text that a written tag forces on it fails anyhow
        raise ValueError("date" if tag == "timestamp" else tag) from error
