"""What libyaml says about broken YAML -> one diagnostic that says what to change.

libyaml reports where it could go no further; the mistake is often earlier. A rule takes one of its
complaints, looks at the text around, and names the mistake. Brackets and indentation have modules
of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from wfcompile.diagnostics import Diagnostic
from wfcompile.nodes import Scalar
from wfcompile.reader.brackets import explain_in_brackets, explain_open_bracket
from wfcompile.reader.indentation import (
    explain_colon_in_brackets,
    explain_key_in_value,
    explain_line_without_key,
    explain_misplaced,
)
from wfcompile.reader.problem import SyntaxProblem, named, quoted, short

_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}


def explain(broken: SyntaxProblem) -> Diagnostic:
    """WF004 to WF012, WF018."""
    for words, rule in _RULES:
        if words in broken.complaint:
            return rule(broken)
    return _unknown(broken)


def _unknown(broken: SyntaxProblem) -> Diagnostic:
    return broken.error(
        "WF004",
        f"this is not YAML: {broken.complaint}",
        broken.at,
        1,
        "put the value in quotes if it is text",
    )


# --- characters ---


def _tab(broken: SyntaxProblem) -> Diagnostic:
    end = broken.at
    while broken.text.startswith(("\t", " "), end):
        end += 1
    before = broken.text[broken.line_start(broken.at) : broken.at]
    place = "before a key or dash" if before.strip() else "in the indentation"
    return broken.error(
        "WF005",
        f"a tab stands {place}, where YAML takes only spaces",
        broken.at,
        end - broken.at,
        "write spaces in its place",
    )


def _first_character(broken: SyntaxProblem) -> Diagnostic:
    """A value that begins with a character that YAML keeps for itself."""
    is_named = "alphabetic" in broken.complaint
    start = broken.started if is_named else broken.at
    first = broken.text[start : start + 1]
    if first == "\t":
        return _tab(broken)
    meaning = {"*": ", which begins an alias", "&": ", which begins an anchor"}
    return broken.needs_quotes(
        f'a value without quotes cannot begin with "{first}"{meaning.get(first, "")}',
        start,
        broken.rest_of_value(start),
    )


def _tag(broken: SyntaxProblem) -> Diagnostic:
    written = broken.word(broken.started)
    return broken.error(
        "WF018",
        f'tag "{short(written)}" is not known here',
        broken.started,
        len(written),
        'remove it, or put the text in quotes if "!" belongs to it',
    )


def _directive(broken: SyntaxProblem) -> Diagnostic:
    line = broken.rest_of_line(broken.started)
    return broken.error(
        "WF004",
        f'"{short(line)}" is no directive of YAML',
        broken.started,
        len(line),
        "remove the line",
    )


# --- quotes ---


def _open_quote(broken: SyntaxProblem) -> Diagnostic:
    quote = broken.text[broken.started]
    return broken.error(
        "WF007",
        f"the text in {_quotes(quote)} that begins here has no end",
        broken.started,
        1,
        f"put {quote} behind its last character",
    )


def _quotes(quote: str) -> str:
    return "double quotes" if quote == '"' else "single quotes"


def _behind_quotes(broken: SyntaxProblem, last: Scalar) -> Diagnostic:
    """More text on the line where a text in quotes ends."""
    more = broken.word(broken.at)
    line = broken.line(last.span.start)
    if line != broken.line(last.span.end):
        return broken.error(
            "WF007",
            f"the text in {_quotes(last.style)} that begins here ends before {named(more)}",
            last.span.start,
            1,
            f"put {last.style} at the end of line {line} if it is missing there",
            broken.note("it ends here", broken.at),
        )
    inside = "' inside it twice" if last.style == "'" else '" inside it as \\"'
    help = f"put the whole value in quotes, and write {inside}"
    return broken.error(
        "WF007",
        f"the text in {_quotes(last.style)} ends before {named(more)}",
        broken.at,
        len(more),
        help,
        broken.note("it begins here", last.span.start),
    )


def _escape(broken: SyntaxProblem) -> Diagnostic:
    is_unknown = "unknown escape" in broken.complaint
    start = broken.at if is_unknown else broken.at - 2
    digits = _HEX_DIGITS.get(broken.text[start + 1 : start + 2], 0)
    found = re.compile(rf"\\.\w{{0,{digits}}}").match(broken.text, start)
    written = found.group() if found else "\\"
    if is_unknown:
        wrong = "is no escape in double quotes"
    elif "hexdecimal" in broken.complaint:
        wrong = f"lacks some of its {digits} hexadecimal digits"
    else:
        wrong = "is no character of Unicode"
    return broken.error(
        "WF011",
        f'"{written}" {wrong}',
        start,
        len(written),
        "write \\\\ for a backslash, or put the text in single quotes",
    )


# --- values ---


def _key_in_value(broken: SyntaxProblem) -> Diagnostic:
    """A ": " where a value has begun already."""
    last, at = broken.last, broken.at
    if last is None or broken.text[last.span.end : at].strip():
        return broken.error(
            "WF004",
            'a second ":" stands behind the key',
            at,
            1,
            "remove it, or put the value in quotes",
        )
    start = last.span.start
    if broken.line(start) != broken.line(at):
        return explain_key_in_value(broken, start)
    if last.style:
        return _behind_quotes(broken, last)
    message = 'a value without quotes cannot hold ": "'
    return broken.needs_quotes(message, start, broken.rest_of_value(start))


def _no_value(broken: SyntaxProblem) -> Diagnostic:
    found = broken.text[broken.at : broken.at + 1]
    if broken.bracket is not None and not found:
        return explain_open_bracket(broken, broken.bracket)
    if broken.text.startswith("...", broken.at):
        message = '"..." ends a document that has not begun'
        return broken.error("WF004", message, broken.at, 3, "remove the line")
    if broken.bracket is None:
        return _first_character(broken) if found else _unknown(broken)
    return broken.error(
        "WF004",
        f'a value is missing before "{found}"',
        broken.at,
        1,
        f'remove the "{found}", or write null before it',
    )


def _no_key(broken: SyntaxProblem) -> Diagnostic:
    """Something else than the next key or dash of a block, or than its end."""
    last, at = broken.last, broken.at
    if broken.begins_line(at):
        return explain_misplaced(broken)
    if last is not None and last.style and not broken.text[last.span.end : at].strip():
        return _behind_quotes(broken, last)
    more = broken.word(at)
    return broken.error(
        "WF004",
        f"the value ends before {named(more)}",
        at,
        len(more),
        "put the whole value in quotes if it is one text",
    )


def _list_on_line_of_key(broken: SyntaxProblem) -> Diagnostic:
    line = broken.rest_of_line(broken.at)
    return broken.error(
        "WF004",
        "a list cannot begin on the line of its key",
        broken.at,
        len(line),
        f"put it on lines of its own, or in quotes if it is text: {quoted(short(line))}",
    )


def _block_header(broken: SyntaxProblem) -> Diagnostic:
    more = broken.word(broken.at)
    indicator = broken.text[broken.started]
    return broken.error(
        "WF004",
        f'"{short(more)}" stands behind "{indicator}", which begins a text of several lines',
        broken.at,
        len(more),
        f'begin the text on the next line, or put the value in quotes if "{indicator}" '
        "belongs to it",
    )


def _second_document(broken: SyntaxProblem) -> Diagnostic:
    if not re.search(r"^\.\.\.", broken.text[: broken.at], re.MULTILINE):
        return _no_key(broken)
    return broken.error(
        "WF012",
        "a second document begins here, and a file holds one",
        broken.at,
        len(broken.word(broken.at)),
        "move what follows to a file of its own",
    )


# part of a complaint -> its rule; the first that fits is taken
_RULES: tuple[tuple[str, Callable[[SyntaxProblem], Diagnostic]], ...] = (
    ("cannot start any token", _first_character),
    ("found a tab character", _tab),
    ("directive", _directive),
    ("incompatible YAML", _directive),
    ("tag", _tag),
    ("expected alphabetic or numeric", _first_character),
    ("unexpected end of stream", _open_quote),
    ("unexpected document indicator", _open_quote),
    ("escape", _escape),
    ("hexdecimal", _escape),
    ("found unexpected ':'", explain_colon_in_brackets),
    ("expected ',' or", explain_in_brackets),
    ("expected node content", _no_value),
    ("mapping values are not allowed", _key_in_value),
    ("could not find expected ':'", explain_line_without_key),
    ("expected key", _no_key),
    ("expected '-' indicator", _no_key),
    ("block sequence entries are not allowed", _list_on_line_of_key),
    ("mapping keys are not allowed", _first_character),
    ("expected comment or line break", _block_header),
    ("indentation indicator equal to 0", _block_header),
    ("expected <document start>", _second_document),
)
