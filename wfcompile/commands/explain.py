"""`wfc explain`: the page of a code, or the list of all codes."""

from __future__ import annotations

import re
import sys

from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import did_you_mean
from wfcompile.rules import RETIRED, codes, find_rule
from wfcompile.rules.plain import plain_page
from wfcompile.terminal import BOLD, coloured, has_colours, say

_CODE = re.compile(r"(?:WF)?(\d{1,3})", re.IGNORECASE)


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
    say(plain_page(rule, _bold), sys.stdout)
    return 0


def _line(code: str) -> str:
    rule = find_rule(code)
    return f"{code}  {rule.title}\n" if rule else ""


def _bold(text: str) -> str:
    return coloured(text, BOLD) if has_colours(sys.stdout) else text
