"""Safe fixes of what was found: misspelt names for which only one name is close, and quotes.

A fix is an edit of the source text, so comments and layout stay byte for byte. Of a file with
mistakes in its YAML only those are mended: what else stands where is not certain there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wfcompile.diagnostics import Diagnostic, Replacement, Suggestion
from wfcompile.source import SourceFile, Span

_PLAIN = re.compile(r"[A-Za-z_][\w.-]*")
"""A name that needs no quotes wherever the other one stands."""
_TAG = re.compile(r"(?:^|[\s\[{,])![^\s,\[\]{}]*\s+(?:&\S+\s+)?\Z")
_WORDS = frozenset(("true", "false", "null", "none"))


@dataclass(frozen=True, slots=True)
class Fix:
    """`new` for the text at the span."""

    span: Span
    new: str


def fixes_by_file(found: Iterable[Diagnostic]) -> dict[str, tuple[SourceFile, str]]:
    """Path -> the file that was read, and its text with one round of fixes."""
    by_path: dict[str, list[Fix]] = {}
    told = list(found)
    broken = broken_files(told)
    for each in told:
        path = each.span.file.path
        if (path not in broken or _is_of_yaml(each)) and (fix := _fix(each)):
            by_path.setdefault(path, []).append(fix)
    return {
        path: (fixes[0].span.file, _fixed(fixes)) for path, fixes in by_path.items()
    }


def broken_files(found: Iterable[Diagnostic]) -> set[str]:
    """Paths of the files that are no good YAML."""
    return {
        each.span.file.path
        for each in found
        if _is_of_yaml(each) and each.severity == "error"
    }


def _is_of_yaml(found: Diagnostic) -> bool:
    return found.code.startswith("WF0")


def _fix(found: Diagnostic) -> Fix | None:
    if not found.span.file.path.endswith((".yml", ".yaml")):
        return None
    if isinstance(found.help, Replacement):
        return None if _is_tagged(found.span) else Fix(found.span, found.help.new)
    if isinstance(found.help, Suggestion) and found.help.is_sure:
        return _spelt(found.span, found.help)
    return None


def _is_tagged(span: Span) -> bool:
    """`!!int 5` stays a number in quotes too."""
    return _TAG.search(span.file.text, max(0, span.start - 100), span.start) is not None


def _spelt(span: Span, help: Suggestion) -> Fix | None:
    is_plain = _PLAIN.fullmatch(help.meant) and help.meant.lower() not in _WORDS
    text = span.file.text[span.start : span.end]
    at = text.find(help.given)
    # the span may have the quotes with it; elsewhere the name must stand once
    if not is_plain or text.count(help.given) != 1:
        return None
    if text.strip("'\"") != help.given:
        return None
    start = span.start + at
    return Fix(Span(span.file, start, start + len(help.given)), help.meant)


def _fixed(fixes: Iterable[Fix]) -> str:
    """Of fixes that overlap, the first one; the other one is for the next round."""
    pieces: list[str] = []
    at = 0
    text = ""
    for fix in sorted(fixes, key=lambda each: each.span.start):
        text = fix.span.file.text
        if fix.span.start >= at:
            pieces += [text[at : fix.span.start], fix.new]
            at = fix.span.end
    return "".join([*pieces, text[at:]])
