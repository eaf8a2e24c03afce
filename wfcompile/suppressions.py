"""`# wfc: ignore[WF303] reason`: warnings that somebody has looked at and wants to keep.

A comment is about its line, or about the next one when it stands alone, and about the whole value
that begins there; `ignore-file` is about the file. Only warnings can be ignored: with an error
there is no module.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.reader.comments import Comment, comments
from wfcompile.reader.python_comments import python_comments
from wfcompile.rules import find_rule
from wfcompile.source import SourceFile, Span

_FORM = re.compile(
    r"#[ \t]*wfc:[ \t]*(?P<word>ignore(?:-file)?)[ \t]*"
    r"\[(?P<codes>[^\[\]]*)\](?P<reason>.*)"
)
_CODE = re.compile(r"[^\s,]+")
_OWN = frozenset({"WF510", "WF511", "WF512", "WF513", "WF514"})


@dataclass(frozen=True, slots=True)
class _Ignore:
    """One code of a comment; `lines` is None for the whole file."""

    code: str
    span: Span
    lines: range | None

    def covered(self, warnings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
        """Those of the warnings, which have the code and are in order, that it is about."""
        if self.lines is None:
            return warnings
        first = bisect_left(warnings, self.lines.start, key=_line)
        return warnings[first : bisect_left(warnings, self.lines.stop, key=_line)]


def _line(found: Diagnostic) -> int:
    return found.span.line


def ignore_warnings(
    files: Iterable[SourceFile],
    diagnostics: Diagnostics,
    *,
    is_whole: bool,
    style: Collection[str] = (),
    unasked: Collection[str] = (),
) -> None:
    """Takes out what the comments of the files ignore, and tells what is wrong with them.

    The comments of a caller module count for what is told of the module.

    Adds WF510 (no such form), WF511 (no reason), WF512 (no such code), WF513 (a code that cannot
    be ignored), WF514 (nothing to ignore).

    Args:
        is_whole: whether all that there is was found; what has an error is not looked at
            further, and then nobody knows what is unused.
        style: the rules of style that were asked for: others have not been looked for.
        unasked: codes of other rules that nobody has looked for this time.
    """
    tells_unused = is_whole and not diagnostics.has_errors
    for module in _python_files(diagnostics):
        # it is read as far as workflows use it: nobody knows what is unused
        _ignore_in(module, python_comments(module), diagnostics)
    for file in files:
        for unused in _ignore_in(file, comments(file), diagnostics):
            is_looked_for = _is_looked_for(unused.code, style)
            if tells_unused and is_looked_for and unused.code not in unasked:
                _report_unused(unused, diagnostics)


def _python_files(diagnostics: Diagnostics) -> list[SourceFile]:
    """The modules of callers that have warnings."""
    files = {id(each.span.file): each.span.file for each in diagnostics}
    return [file for file in files.values() if file.path.endswith(".py")]


def _ignore_in(
    file: SourceFile, written: Sequence[Comment], diagnostics: Diagnostics
) -> list[_Ignore]:
    """Takes out what is ignored; returns what ignores nothing."""
    by_code: dict[str, list[Diagnostic]] = {}
    for each in diagnostics if written else ():
        if each.span.file.path == file.path and each.severity == "warning":
            by_code.setdefault(each.code, []).append(each)
    unused = []
    for comment in written:
        for ignore in _ignores(comment, diagnostics):
            covered = ignore.covered(by_code.get(ignore.code, ()))
            diagnostics.remove(covered)
            if not covered:
                unused.append(ignore)
    return unused


def _is_looked_for(code: str, style: Collection[str]) -> bool:
    rule = find_rule(code)
    return code in style or rule is None or not rule.is_style


def _ignores(comment: Comment, diagnostics: Diagnostics) -> Iterator[_Ignore]:
    form = _FORM.fullmatch(comment.text)
    if form is None or not _CODE.search(form["codes"]):
        _report_form(comment, diagnostics)
        return
    if not re.search(r"\w", form["reason"]):
        _report_no_reason(comment, diagnostics)
    lines = comment.lines if form["word"] == "ignore" else None
    base = comment.span.start + form.start("codes")
    for code in _CODE.finditer(form["codes"]):
        span = Span(comment.span.file, base + code.start(), base + code.end())
        if _is_ignorable(code.group(), span, diagnostics):
            yield _Ignore(code.group(), span, lines)


def _is_ignorable(code: str, span: Span, diagnostics: Diagnostics) -> bool:
    rule = find_rule(code) if re.fullmatch(r"WF\d{3}", code) else None
    if rule is None:
        diagnostics.warning(
            "WF512",
            f'"{code}" is no code of a diagnostic',
            span,
            help='write the code of a warning, or remove it; "wfc explain" lists all',
        )
        return False
    if rule.severity == "error":
        message = f"{code} is an error, and only warnings can be ignored"
        help = "remove the code, and correct what the error says where it is told"
        diagnostics.warning("WF513", message, span, help=help)
        return False
    if code in _OWN:
        message = f"{code} is about comments such as this one, and cannot be ignored"
        help = "correct or remove the comment that it is about"
        diagnostics.warning("WF513", message, span, help=help)
        return False
    return True


def _report_form(comment: Comment, diagnostics: Diagnostics) -> None:
    diagnostics.warning(
        "WF510",
        'this comment is not understood, expected "ignore[CODE]" or "ignore-file[CODE]"',
        comment.span,
        help="write it as # wfc: ignore[CODE] and the reason, or without the wfc:",
    )


def _report_no_reason(comment: Comment, diagnostics: Diagnostics) -> None:
    diagnostics.warning(
        "WF511",
        "the reason is missing behind what is ignored",
        comment.span,
        help='write behind the "]" why the warning may stay',
    )


def _report_unused(ignore: _Ignore, diagnostics: Diagnostics) -> None:
    place = "the file" if ignore.lines is None else "this place"
    diagnostics.warning(
        "WF514",
        f"{ignore.code} is ignored, and {place} has no such warning",
        ignore.span,
        help="remove the code, or the whole comment if it is the only one",
    )
