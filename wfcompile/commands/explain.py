"""`wfc explain`: the page of a code, or the list of all codes."""

from __future__ import annotations

import re
import sys
from textwrap import fill, indent

from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import did_you_mean
from wfcompile.rules import Rule, codes, find_rule
from wfcompile.terminal import BOLD, coloured, has_colours, say

_WIDTH = 88
_CODE = re.compile(r"(?:WF)?(\d{1,3})", re.IGNORECASE)
_FENCE = "```"


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
    rule = find_rule(f"WF{found[1]:>03}") if found else None
    if rule is None:
        help = did_you_mean(written.upper(), codes()) or 'run "wfc explain" for a list'
        raise Refusal(f'no diagnostic has the code "{written}"', help)
    say(_page(rule), sys.stdout)
    return 0


def _line(code: str) -> str:
    rule = find_rule(code)
    return f"{code}  {rule.title}\n" if rule else ""


def _page(rule: Rule) -> str:
    heading = f"{rule.code}: {rule.title}"
    if has_colours(sys.stdout):
        heading = coloured(heading, BOLD)
    blocks = [heading, *map(_block, rule.text.split("\n\n"))]
    return "\n\n".join(blocks) + "\n"


def _block(block: str) -> str:
    """A paragraph of the terminal's width, or an example, which keeps its lines."""
    if block.startswith(_FENCE):
        _, *lines, _ = block.split("\n")
        return indent("\n".join(lines), "    ")
    return fill(block, _WIDTH, break_long_words=False, break_on_hyphens=False)
