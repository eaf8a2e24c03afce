"""Text of a workflow -> text of a mutant: some changes of bytes, lines, tokens, values, templates.

Everything is drawn from the given generator, so that a seed number is one mutant for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

import yaml

from tests.robust.words import EXPRESSIONS, FILTERS, OPERATORS, TOKENS, VALUES

LARGEST = 900_000
"""Characters: the limits are for files below 1 MB."""
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_HOLE = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)

Mutation = Callable[[str, Random, Sequence[str]], str]
"""`mutation(text, random, other_texts)`."""


def mutant(text: str, random: Random, others: Sequence[str]) -> str:
    changes = 1
    while changes < 6 and random.random() < 0.45:
        changes += 1
    for _ in range(changes):
        change = random.choices(_MUTATIONS, _WEIGHTS)[0]
        text = change(text, random, others)[:LARGEST]
    return text


# --- characters and lines ---


def _characters(text: str, random: Random, others: Sequence[str]) -> str:
    start = random.randint(0, len(text))
    end = start + random.choice((0, 0, 1, 1, 2, 5, 20))
    return text[:start] + _any_text(random) + text[end:]


def _any_text(random: Random) -> str:
    if random.random() < 0.2:
        return ""
    size = random.choice((1, 1, 1, 2, 4))
    codes = (random.choice(_CODES) for _ in range(size))
    return "".join(chr(random.randint(*span)) for span in codes)


_CODES = ((32, 126), (32, 126), (0, 31), (127, 255), (0x2028, 0x2029), (0xD7F0, 0xD7FF))


def _lines(text: str, random: Random, others: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    size = random.choice((1, 1, 1, 2, 4, 8))
    some = lines[at : at + size]
    match random.randrange(6):
        case 0:
            lines[at : at + size] = []
        case 1:
            lines[at:at] = some
        case 2:
            to = random.randrange(len(lines))
            lines[at : at + size] = []
            lines[to:to] = some
        case 3:
            lines[at : at + size] = [" " * random.randint(1, 4) + each for each in some]
        case 4:
            cut = random.randint(1, 4)
            lines[at : at + size] = [each[min(cut, len(each)) :] for each in some]
        case _:
            foreign = random.choice(others).splitlines(keepends=True) or [""]
            start = random.randrange(len(foreign))
            lines[at:at] = foreign[start : start + size * 2]
    return "".join(lines)


def _tokens(text: str, random: Random, others: Sequence[str]) -> str:
    tokens = _TOKEN.findall(text) or [""]
    at = random.randrange(len(tokens))
    match random.randrange(5):
        case 0:
            tokens[at] = random.choice(TOKENS)
        case 1:
            tokens.insert(at, random.choice(TOKENS))
        case 2:
            del tokens[at]
        case 3:
            other = random.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case _:
            tokens[at:at] = tokens[at : at + random.choice((1, 3, 10))]
    return "".join(tokens)


# --- values ---


def _values(text: str, random: Random, others: Sequence[str]) -> str:
    """Another value in the place of a key's or an item's."""
    nodes = _nodes(text)
    if not nodes:
        return _tokens(text, random, others)
    start, end = random.choice(nodes)
    match random.randrange(5):
        case 0 | 1:
            new = random.choice(VALUES)
        case 2:
            first, last = random.choice(nodes)
            new = text[first:last]
        case 3:
            new = f"&a {text[start:end]}"
        case _:
            new = f"[{text[start:end]}]"
    return (
        f"{text[:start]}{new}\n{text[end:]}"
        if "\n" in new
        else _put(text, start, end, new)
    )


def _put(text: str, start: int, end: int, new: str) -> str:
    # the mark of a block is behind its last line end
    tail = "\n" if text[start:end].endswith("\n") else ""
    return text[:start] + new + tail + text[end:]


def _nodes(text: str) -> list[tuple[int, int]]:
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return []
    found: list[tuple[int, int]] = []
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        found.append((node.start_mark.index, node.end_mark.index))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return found


# --- templates ---


def _templates(text: str, random: Random, others: Sequence[str]) -> str:
    new = "${{ " + _expression(random, random.choice((1, 2, 2, 4, 8, 40))) + " }}"
    holes = [found.span() for found in _HOLE.finditer(text)]
    if holes and random.random() < 0.6:
        start, end = random.choice(holes)
    else:
        start = end = random.randint(0, len(text))
    return text[:start] + new + text[end:]


def _expression(random: Random, depth: int) -> str:
    if depth <= 0:
        return random.choice(EXPRESSIONS)
    inner = _expression(random, depth - 1)
    match random.randrange(8):
        case 0:
            return f"({inner})"
        case 1:
            return inner + random.choice(OPERATORS) + random.choice(EXPRESSIONS)
        case 2:
            return f"{inner} | {random.choice(FILTERS)}"
        case 3:
            return f"{inner}.{random.choice(('a', 'b-c', 'outputs', 'upper()', '?'))}"
        case 4:
            return f"[{inner}]"
        case 5:
            return f"not {inner}"
        case 6:
            return f"f({inner}, {random.choice(EXPRESSIONS)})"
        case _:
            return f"{random.choice(EXPRESSIONS)} if {inner} else None"


# --- much of something ---


def _much(text: str, random: Random, others: Sequence[str]) -> str:
    start = random.randint(0, len(text))
    kind = random.randrange(6)
    times = random.choice((20, 100, 100, 500, 3000))
    if kind < 2:
        size = random.choice((1, 5, 40, 400))
        piece = text[start : start + size]
        return text[:start] + piece * min(times, 200_000 // (size or 1)) + text[start:]
    if kind == 2:
        lines = text.splitlines(keepends=True) or [""]
        at = random.randrange(len(lines))
        size = random.choice((1, 2, 5))
        lines[at:at] = lines[at : at + size] * min(times, 500)
        return "".join(lines)
    if kind == 3:
        opener = random.choice(
            ("[", "{a: ", "- ", "(", "${{ (", "$(", "${", "not ", "- a: ")
        )
        return text[:start] + opener * times + text[start:]
    if kind == 4:
        nested = "x: &a0 [1, 2]\n" + "".join(
            f"x{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 12)
        )
        return nested + text
    return text[:start] + random.choice(TOKENS) * times + text[start:]


_MUTATIONS: tuple[Mutation, ...] = (
    *(_characters, _lines, _tokens, _values, _templates, _much),
)
_WEIGHTS = (20, 20, 25, 20, 12, 3)
