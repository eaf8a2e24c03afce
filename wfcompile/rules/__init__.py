"""What each code means: one page a code, which `wfc explain` prints.

A page is the file `WF402.md` beside this module: a title, what is wrong, an example and what is said
of it, what to do, the example mended. Its words are written here, the rest comes from the cases of
the tests; `docs/rules` is made of the same pages, and tells how a code is added.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wfcompile.diagnostics import Severity

RETIRED = {
    "WF209": "an empty condition is one that always holds, as in the interpreter",
    "WF269": 'the filter "words" is there; where it cannot stand is told by WF275',
}
"""Codes that nothing has any more, and why: they are never given to something else."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`text` is the page behind its title, in Markdown: headings, paragraphs, fences."""

    code: str
    title: str
    text: str

    @property
    def severity(self) -> Severity:
        """As in the example of the page: a code has one; a bug is an error."""
        is_warning = re.search(rf": warning {self.code}: ", self.text)
        return "warning" if is_warning else "error"

    @property
    def is_style(self) -> bool:
        """Whether it is told only where the project asks for it, which its page begins with."""
        return self.text.startswith("A rule of style: ")


def codes() -> list[str]:
    """Every code that has a page, in order."""
    names = (page.name for page in files(__package__).iterdir())
    return sorted(name.removesuffix(".md") for name in names if name.endswith(".md"))


@cache
def find_rule(code: str) -> Rule | None:
    page = files(__package__).joinpath(f"{code}.md")
    if not page.is_file():
        return None
    heading, _, text = page.read_text(encoding="utf-8").partition("\n")
    return Rule(code, heading.partition(": ")[2], text.strip("\n"))


@cache
def style_codes() -> frozenset[str]:
    """The rules that a project has to ask for."""
    rules = filter(None, map(find_rule, codes()))
    return frozenset(rule.code for rule in rules if rule.is_style)
