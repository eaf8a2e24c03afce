"""What shellcheck says -> diagnostics; adds WF580.

What it says of the references alone is left out: the author wrote templates, and what stands for
them is quoted as it must be. A script that is open somewhere is not asked about: that is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wfcompile.diagnostics import Diagnostic, Note
from wfcompile.shellcheck import CODE
from wfcompile.shellcheck.process import Comment, run
from wfcompile.shellcheck.texts import ShellText

_UNASSIGNED = 2154
_LONGEST_FIX = 60
_OF_TEMPLATES = {
    2066: 'write "| words" at the end of the template if its value is a list',
}
"""Codes that are about a template although they are told of what stands for it -> what to do."""
_OF_QUOTES = frozenset((1003, 2016, 2027, 2029, 2140))
"""Codes that the quotes around a reference bring about, or the `printf %q` that it needs."""
_OF_SYNTAX = range(1000, 2000)
_FOLLOWING = frozenset((1009, 1072, 1073))
"""Codes that say of a mistake in the syntax only where reading ended; 1072 may say more."""


def check_texts(
    workflows: Sequence[Sequence[ShellText]], root: Path
) -> list[list[Diagnostic]]:
    """WF580 of the texts of each workflow.

    Args:
        root: the project's folder.

    Raises:
        ShellcheckError: it is not installed, or cannot be used.
    """
    unique = {_key(each): each for texts in workflows for each in texts}
    asked = [each for each in unique.values() if _is_readable(each)]
    found = {
        _key(text): _diagnostics(text, comments)
        for text, comments in zip(asked, run(asked, root), strict=True)
    }
    return [
        [each for text in texts for each in found.get(_key(text), ())]
        for texts in workflows
    ]


def _key(text: ShellText) -> tuple[int, str, str]:
    return id(text.scalar), text.text, text.shell


def _diagnostics(text: ShellText, comments: Sequence[Comment]) -> list[Diagnostic]:
    told = (_diagnostic(text, each) for each in _told_once(comments))
    return [each for each in told if each is not None]


def _is_readable(text: ShellText) -> bool:
    """Whether a shell could follow it to its end, as far as is known."""
    return text.script.is_closed and "\0" not in text.text


def _told_once(comments: Sequence[Comment]) -> Sequence[Comment]:
    """Of what cannot be read one comment, the one that says most."""
    is_told = any(_is_unreadable(each) for each in comments)
    following = _FOLLOWING if is_told else _FOLLOWING - {1072}
    return [each for each in comments if each.code not in following]


def _is_unreadable(comment: Comment) -> bool:
    is_syntax = comment.code in _OF_SYNTAX and comment.code not in _FOLLOWING
    return is_syntax and comment.level == "error"


def _diagnostic(text: ShellText, comment: Comment) -> Diagnostic | None:
    is_reference = text.is_reference(comment.start, comment.end)
    if is_reference and comment.code not in _OF_TEMPLATES:
        return None
    touched = text.references_in(comment.start - 1, comment.end + 2)
    if comment.code in _OF_QUOTES and any(touched):
        return None
    if comment.code == _UNASSIGNED and _first_word(comment.message) in text.variables:
        return None
    message = f"SC{comment.code} ({comment.level}): {comment.message.strip('. ')}"
    note = Note(f"https://www.shellcheck.net/wiki/SC{comment.code}")
    span = text.span(comment.start, comment.end)
    help = _OF_TEMPLATES[comment.code] if is_reference else _help(text, comment)
    return Diagnostic(CODE, "warning", message, span, (note,), help)


def _first_word(message: str) -> str:
    return message.partition(" ")[0]


def _help(text: ShellText, comment: Comment) -> str | None:
    if fixed := _fixed(text, comment):
        return f"write {fixed}"
    if _is_unreadable(comment) or comment.code in _FOLLOWING:
        # no directive takes that away
        return None
    if "\n" in text.text.strip("\n"):
        directive = f"# shellcheck disable=SC{comment.code}"
        return f"change it, or write {directive} above the command"
    return f"change it, or write # wfc: ignore[{CODE}] and the reason at its line"


def _fixed(text: ShellText, comment: Comment) -> str:
    """The place after shellcheck's own fix; "" if there is none that fits into a line."""
    start = min([comment.start, *(each.start for each in comment.fix)])
    end = max([comment.end, *(each.end for each in comment.fix)])
    if not comment.fix or any(text.references_in(start, end)):
        return ""
    fixed = _replaced(text.text, start, end, comment)
    return fixed if "\n" not in fixed and len(fixed) <= _LONGEST_FIX else ""


def _replaced(source: str, start: int, end: int, comment: Comment) -> str:
    pieces: list[str] = []
    at = start
    for each in sorted(comment.fix, key=lambda each: (each.start, each.end)):
        pieces += [source[at : each.start], each.text]
        at = max(at, each.end)
    return "".join([*pieces, source[at:end]])
