"""A page of the rules as plain text, for terminals and for programs that show no Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import fill, indent

from wfcompile.rules import Rule

_WIDTH = 88
_FENCES = re.compile(r"^```\w*\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
_HEADING = "## "
_SPAN = re.compile(r"`([^`]+)`")


def plain_page(rule: Rule, heading: Callable[[str], str] = str) -> str:
    """
    Args:
        heading: how a heading is set off.
    """
    title = heading(plain(f"{rule.code}: {rule.title}"))
    return "\n\n".join([title, *_blocks(rule.text, heading)]) + "\n"


def _blocks(text: str, heading: Callable[[str], str]) -> Iterator[str]:
    """Examples keep their lines, and paragraphs get the terminal's width."""
    # what the fences hold is every second part
    for number, part in enumerate(_FENCES.split(text)):
        if number % 2:
            yield indent(part, "    ")
            continue
        for each in filter(str.strip, part.split("\n\n")):
            yield _paragraph(each, heading)


def _paragraph(block: str, heading: Callable[[str], str]) -> str:
    text = plain(block.strip())
    if text.startswith(_HEADING):
        return heading(text.removeprefix(_HEADING))
    return fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def plain(text: str) -> str:
    """Words of code are in double quotes, as in the messages."""
    return _SPAN.sub(lambda found: _quoted(found[1]), text)


def _quoted(code: str) -> str:
    return code if '"' in code else f'"{code}"'
