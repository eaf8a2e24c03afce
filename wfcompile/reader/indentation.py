"""Lines that fit no block: indented wrongly, or without the space that makes a key or an item."""

from __future__ import annotations

import re

from wfcompile.diagnostics import Diagnostic
from wfcompile.reader.problem import SyntaxProblem, short

_NO_SPACE = (
    (re.compile(r"[\w.-]+:(?=[^\s:/])"), "colon"),
    (re.compile(r"-(?=[^\s-])"), "dash"),
)
_DASHES = re.compile(r"(?:- +)*")
_KEY = re.compile(r"""["']?[^\s"'#][^"'#]*["']?\s*:(?:\s|$)""")


def explain_key_in_value(broken: SyntaxProblem, start: int) -> Diagnostic:
    """WF004, WF006, WF009: a key below the value that begins at `start`."""
    missing = _missing_space(broken, start) if broken.begins_line(start) else None
    if missing is not None:
        return missing
    if start == broken.line_start(start) + broken.indent(start):
        return _no_colon(broken, start)
    key = broken.line_start(broken.at) + broken.indent(broken.at)
    word = broken.word(key)
    return broken.error(
        "WF009",
        f'"{short(word)}" stands below a value, where no key can be',
        key,
        len(word),
        _indent_help(broken, key),
        broken.note("the value begins here", start),
    )


def explain_line_without_key(broken: SyntaxProblem) -> Diagnostic:
    """WF004, WF006: a line among keys that holds no ": "."""
    start = broken.started
    return _missing_space(broken, start) or _no_colon(broken, start)


def explain_misplaced(broken: SyntaxProblem) -> Diagnostic:
    """WF009: neither a key nor a dash of the blocks that are open."""
    at = broken.at
    word = broken.word(at)
    column = at - broken.line_start(at)
    message = f'"{short(word)}" is indented by {column}, which fits nothing that is open above'
    help = _indent_help(broken, at)
    block = broken.started
    if block < at and column == block - broken.line_start(block):
        is_list = "'-'" in broken.complaint
        kind = "items of a list" if is_list else "keys"
        message = f'"{short(word)}" stands where only {kind} can'
        if is_list:
            help = f'begin it with "- ", or {help}'
    return broken.error(
        "WF009", message, at, len(word), _block_help(broken, column) + help
    )


def _block_help(broken: SyntaxProblem, column: int) -> str:
    """The way back into a text of several lines that ends just before."""
    last = broken.last
    if last is None or last.style not in ("|", ">") or not last.text.strip():
        return ""
    first = last.offsets[len(last.text) - len(last.text.lstrip())]
    inside = broken.indent(first)
    if column >= inside or broken.text[last.span.end : broken.at].strip():
        return ""
    return f"indent it by {inside} to keep it in the text above, or else "


# --- missing signs ---


def explain_colon_in_brackets(broken: SyntaxProblem) -> Diagnostic:
    """WF006: a ":" between brackets with neither a space nor text behind it."""
    key = broken.text[broken.started : broken.at]
    return broken.error(
        "WF006",
        f'"{short(key)}:" has no space behind the colon',
        broken.at,
        1,
        "put a space behind it",
    )


def _missing_space(broken: SyntaxProblem, start: int) -> Diagnostic | None:
    for pattern, sign in _NO_SPACE:
        found = pattern.match(broken.text, start)
        if found is not None:
            line = broken.rest_of_line(start)
            behind = found.end() - start
            spaced = f"{line[:behind]} {line[behind:]}"
            return broken.error(
                "WF006",
                f'"{short(line)}" has no space behind the {sign}',
                found.end() - 1,
                1,
                f'write "{short(spaced)}"',
            )
    return None


def _no_colon(broken: SyntaxProblem, start: int) -> Diagnostic:
    line = broken.rest_of_line(start)
    return broken.error(
        "WF004",
        f'"{short(line)}" stands among keys and has no colon',
        start,
        len(line),
        "write a colon behind it if it is a key, or indent it as the text that it belongs to",
    )


# --- what a line could be aligned with ---


def _indent_help(broken: SyntaxProblem, at: int) -> str:
    choices = _fitting(broken, at)
    if not choices:
        return "indent it as the line that it belongs to"
    shown = [
        f'by {indent} as "{short(broken.word(place))}" on line {broken.line(place)}'
        for indent, place in choices
    ]
    return f"indent it {', or '.join(shown)}"


def _fitting(broken: SyntaxProblem, at: int) -> list[tuple[int, int]]:
    """The next deeper and the next shallower block above: indentation, and offset of its sign."""
    own = broken.indent(at)
    deeper: list[tuple[int, int]] = []
    lowest: int | None = None
    end = broken.line_start(at)
    while end > 0:
        start = broken.line_start(end - 1)
        for column, place in _signs(broken, start, end):
            # what is indented deeper than a line below it has ended there
            if lowest is not None and column >= lowest:
                continue
            lowest = column
            if column > own:
                deeper = [(column, place)]
            elif column < own:
                return [*deeper, (column, place)]
        end = start
    return deeper


def _signs(broken: SyntaxProblem, start: int, end: int) -> list[tuple[int, int]]:
    """The key and the dashes that a line begins with, the innermost first."""
    first = start + broken.indent(start)
    line = broken.text[first:end]
    dashes = _DASHES.match(line)
    key = dashes.end() if dashes else 0
    found = [(first + at - start, first + at) for at in range(key) if line[at] == "-"]
    if _KEY.match(line, key):
        found.append((first + key - start, first + key))
    return found[::-1]
