"""Mistakes between [ ] and { }: brackets left open, commas left out, templates without quotes."""

from __future__ import annotations

import re

from wfcompile.diagnostics import Diagnostic
from wfcompile.nodes import Scalar
from wfcompile.reader.problem import SyntaxProblem, named

_CLOSERS = {"[": "]", "{": "}"}
_ITEM_WITH_TEMPLATES = re.compile(r"(?:\$\{\{.*?\}\}|\$\{.*?\}|[^,\]}\r\n])*")


def explain_in_brackets(broken: SyntaxProblem) -> Diagnostic:
    """WF004, WF008, WF010: something else than a comma or the closing bracket."""
    at, opener, last = broken.at, broken.started, broken.last
    found = broken.text[at : at + 1]
    if found == "{" and broken.text[at - 1] == "$":
        return _template(broken)
    if found == "]" or found == "}":
        return _wrong_bracket(broken, opener, found)
    if _is_left_open(broken, opener):
        return explain_open_bracket(broken, opener)
    if found == ":" and last is not None:
        return _key_in_item(broken, last)
    return _no_comma(broken, at)


def explain_open_bracket(broken: SyntaxProblem, opener: int) -> Diagnostic:
    """WF008."""
    bracket = broken.text[opener]
    end = min(broken.at, len(broken.text.rstrip()))
    return broken.error(
        "WF008",
        f'"{bracket}" is not closed',
        opener,
        1,
        f'put "{_CLOSERS[bracket]}" behind the last item',
        broken.note("it is still open here", end, 0),
    )


def _is_left_open(broken: SyntaxProblem, opener: int) -> bool:
    """Whether the closing bracket is missing, and not a comma."""
    at = broken.at
    closer = _CLOSERS[broken.text[opener]]
    if broken.line(at) == broken.line(opener):
        return closer not in broken.rest_of_line(at)
    is_outside = broken.indent(at) <= broken.indent(opener)
    return is_outside or closer not in broken.text[at:]


def _wrong_bracket(broken: SyntaxProblem, opener: int, found: str) -> Diagnostic:
    bracket = broken.text[opener]
    return broken.error(
        "WF008",
        f'"{bracket}" is closed with "{found}"',
        broken.at,
        1,
        f'write "{_CLOSERS[bracket]}"',
        broken.note("it is opened here", opener),
    )


def _template(broken: SyntaxProblem) -> Diagnostic:
    """A "${", whose brace YAML takes for a mapping."""
    last, start = broken.last, broken.at - 1
    if last is not None and last.style == "" and last.span.end == broken.at:
        start = last.span.start
    found = _ITEM_WITH_TEMPLATES.match(broken.text, start)
    value = found.group().rstrip() if found else ""
    message = 'a value that holds "${" must stand in quotes between brackets'
    return broken.needs_quotes(message, start, value)


def _key_in_item(broken: SyntaxProblem, last: Scalar) -> Diagnostic:
    if broken.line(last.span.start) != broken.line(broken.at):
        # the item before and the key were taken for one text of two lines
        at = broken.line_start(broken.at) + broken.indent(broken.at)
        return _no_comma(broken, at)
    start = last.span.start
    message = 'a value without quotes cannot hold ": "'
    return broken.needs_quotes(message, start, broken.rest_of_value(start))


def _no_comma(broken: SyntaxProblem, at: int) -> Diagnostic:
    more = broken.word(at)
    return broken.error(
        "WF004",
        f'"," is missing before {named(more)}',
        at,
        len(more),
        'put "," between the items, or the whole item in quotes',
    )
