"""`wfc explain`: the page of a code, or the list of all codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from textwrap import fill, indent

from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import did_you_mean
from wfcompile.rules import RETIRED, Rule, codes, find_rule
from wfcompile.terminal import BOLD, coloured, has_colours, say

_WIDTH = 88
_CODE = re.compile(r"(?:WF)?(\d{1,3})", re.IGNORECASE)
_FENCES = re.compile(r"^```\w*\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
_HEADING = "## "
_SPAN = re.compile(r"`([^`]+)`")


def explain(written: str | None) -> int:
    """
    Args:
        written: a code, also in small letters or without its letters; None lists all.

    Raises:
        Refusal: when there is no such code.
    """
    if written is None:
        say("".join(map(_line, codes())), sys.stdout)
        return 0
    found = _CODE.fullmatch(written.strip())
    code = f"WF{found[1]:>03}" if found else written
    if code in RETIRED:
        say(f"{code} is retired: {RETIRED[code]}\n", sys.stdout)
        return 0
    rule = find_rule(code) if found else None
    if rule is None:
        help = did_you_mean(written.upper(), codes()) or 'run "wfc explain" for a list'
        raise Refusal(f'no diagnostic has the code "{written}"', help)
    say(_page(rule), sys.stdout)
    return 0


def _line(code: str) -> str:
    rule = find_rule(code)
    return f"{code}  {rule.title}\n" if rule else ""


def _page(rule: Rule) -> str:
    heading = _bold(_plain(f"{rule.code}: {rule.title}"))
    return "\n\n".join([heading, *_blocks(rule.text)]) + "\n"


def _blocks(text: str) -> Iterator[str]:
    """Examples keep their lines, and paragraphs get the terminal's width."""
    # what the fences hold is every second part
    for number, part in enumerate(_FENCES.split(text)):
        if number % 2:
            yield indent(part, "    ")
        else:
            yield from (_paragraph(each) for each in part.split("\n\n") if each.strip())


def _paragraph(block: str) -> str:
    text = _plain(block.strip())
    if text.startswith(_HEADING):
        return _bold(text.removeprefix(_HEADING))
    return fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _plain(text: str) -> str:
    """Words of code are in double quotes, as in the messages."""
    return _SPAN.sub(lambda found: _quoted(found[1]), text)


def _quoted(code: str) -> str:
    return code if '"' in code else f'"{code}"'


def _bold(text: str) -> str:
    return coloured(text, BOLD) if has_colours(sys.stdout) else text
