"""What the compiler says about a workflow: `Diagnostic` and the collection the passes add to.

Passes never raise for a mistake of the user: they add a diagnostic and go on with `Unknown`, so
that one mistake is told once and hides no other. Rendering is in `report.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from wfcompile.intervals import Intervals
from wfcompile.source import Span

Severity = Literal["error", "warning"]

_CLOSE = 0.7
_SHORT = 2
_SHOWN = 8
"""So many names does a help line list."""
_USED = "it is used here"
_MOST_USES = 3
_MOST_ALIASES = 5000
"""In a file with more nobody wants to know which one it was."""
_LONGEST = 40
"""Characters of a text that a message repeats."""


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that explains the first; `span` may lie in another file."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` is one clause in lower case without a full stop that names the thing in double
    quotes, then what was found and what was expected. `help` is an order that can be followed.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    notes: tuple[Note, ...] = ()
    help: str | None = None

    def used_in(self, region: Span) -> Diagnostic:
        """With notes to the aliases of a region that it comes from, when it is not there itself."""
        notes = tuple(uses_in(self.span, region, self.notes))
        return replace(self, notes=(*self.notes, *notes)) if notes else self

    def sort_key(self) -> tuple[str, int, str, str]:
        return (self.span.file.path, self.span.start, self.code, self.message)


class Suggestion(str):
    """A help line for a misspelt name: the name that was `given`, and the one that was `meant`.

    `is_sure`: no other name is close.
    """

    given: str
    meant: str
    is_sure: bool

    @classmethod
    def of(cls, given: str, meant: str, *, is_sure: bool) -> Suggestion:
        made = cls(f'did you mean "{meant}"?')
        made.given, made.meant, made.is_sure = given, meant, is_sure
        return made


class Replacement(str):
    """A help line that says what to write: `new` for all that the diagnostic's span shows."""

    new: str

    @classmethod
    def of(cls, line: str, new: str) -> Replacement:
        made = cls(line)
        made.new = new
        return made


def uses_in(found: Span, region: Span, notes: Iterable[Note]) -> Iterator[Note]:
    """A note for each alias of a region that leads to what was found outside of it.

    None when `notes` has one there already: an inner region knows better which one it is.
    """
    aliases = found.file.aliases
    is_known = any(note.span and region.holds(note.span) for note in _uses(notes))
    if is_known or region.holds(found) or len(aliases) > _MOST_ALIASES:
        return
    leading = [found]
    for alias, target in aliases:
        # what an alias repeats stands before it, with the aliases in it
        if any(target.holds(each) for each in leading):
            leading.append(alias)
    here = [each for each in leading[1:] if region.holds(each)]
    yield from (Note(_USED, each) for each in here[:_MOST_USES])


def _uses(notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if note.message == _USED]


class Diagnostics:
    """Collects, sorts, and drops doubles; the only mutable thing that the passes share."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], Diagnostic] = {}
        self._settled: dict[str, Intervals] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """What has been found at another use of an alias is told once, with both uses."""
        settled = self._settled.get(diagnostic.span.file.path)
        if settled is not None and diagnostic.span.start in settled:
            return
        key = diagnostic.sort_key()
        first = self._found.setdefault(key, diagnostic)
        if first is not diagnostic and _uses(diagnostic.notes):
            further = set(_uses(diagnostic.notes)).difference(first.notes)
            notes = [each for each in diagnostic.notes if each in further]
            room = max(0, _MOST_USES - len(_uses(first.notes)))
            self._found[key] = replace(first, notes=(*first.notes, *notes[:room]))

    def settle(self, span: Span) -> None:
        """From now on nothing is told that begins there: it would follow from what was."""
        settled = self._settled.setdefault(span.file.path, Intervals())
        settled.add(span.start, max(span.end, span.start + 1))

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        notes: Iterable[Note] = (),
        help: str | None = None,
    ) -> None:
        self.add(Diagnostic(code, "error", message, span, tuple(notes), help))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        notes: Iterable[Note] = (),
        help: str | None = None,
    ) -> None:
        self.add(Diagnostic(code, "warning", message, span, tuple(notes), help))

    def extend(self, others: Iterable[Diagnostic]) -> None:
        for diagnostic in others:
            self.add(diagnostic)

    def remove(self, others: Iterable[Diagnostic]) -> None:
        """Takes out what has been added."""
        for diagnostic in others:
            self._found.pop(diagnostic.sort_key(), None)

    def replace(self, old: str, new: str) -> None:
        """In the texts of all that has been added; their places stay."""
        changed = [_replaced(each, old, new) for each in self._found.values()]
        self._found = {each.sort_key(): each for each in changed}

    @property
    def has_errors(self) -> bool:
        return any(found.severity == "error" for found in self._found.values())

    def __iter__(self) -> Iterator[Diagnostic]:
        """By file, position, code."""
        return iter(sorted(self._found.values(), key=Diagnostic.sort_key))

    def __len__(self) -> int:
        return len(self._found)


def _replaced(found: Diagnostic, old: str, new: str) -> Diagnostic:
    texts = [found.message, found.help or "", *(each.message for each in found.notes)]
    if not any(old in text for text in texts):
        return found
    notes = (
        replace(each, message=each.message.replace(old, new)) for each in found.notes
    )
    return replace(
        found,
        message=found.message.replace(old, new),
        notes=tuple(notes),
        help=found.help and found.help.replace(old, new),
    )


def close_match(name: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that a typing mistake would explain, or None.

    >>> close_match("writing_mode", ["writing_node", "url"])
    'writing_node'
    """
    matches = _close_matches(name, candidates)
    return matches[0] if matches else None


def _close_matches(name: str, candidates: Iterable[str]) -> list[str]:
    """The closest first; a short name with two letters swapped is close too."""
    names = sorted(set(candidates))
    close = get_close_matches(name, names, n=2, cutoff=_CLOSE)
    if not close and len(name) > _SHORT:
        close = [each for each in names if each != name and _is_swap(name, each)]
    return close


def _is_swap(name: str, other: str) -> bool:
    """
    >>> _is_swap("dya", "day"), _is_swap("dya", "ayd"), _is_swap("day", "dax")
    (True, False, False)
    """
    pairs = zip(name, other, strict=False)
    wrong = [index for index, (left, right) in enumerate(pairs) if left != right]
    if len(name) != len(other) or len(wrong) != 2:
        return False
    first, second = wrong
    return (
        second == first + 1
        and name[first] + name[second] == other[second] + other[first]
    )


def listing(lead: str, names: Iterable[str]) -> str | None:
    """A help line with what there is, of many names the first; None when there are none.

    >>> listing("the jobs are", ["load", "report"])
    'the jobs are load, report'
    """
    given = list(names)
    if not given:
        return None
    more = f", ... ({len(given)} in all)" if len(given) > _SHOWN else ""
    return f"{lead} {', '.join(given[:_SHOWN])}{more}"


def did_you_mean(name: str, candidates: Iterable[str]) -> Suggestion | None:
    """A help line for a misspelt name, or None when nothing is close."""
    matches = _close_matches(name, candidates)
    if not matches:
        return None
    return Suggestion.of(name, matches[0], is_sure=len(matches) == 1)


def shortened(text: str) -> str:
    """The first line of a text, cut when it is long."""
    first, *more = text.strip().split("\n", 1)
    if len(first) > _LONGEST:
        return first[: _LONGEST - 3] + "..."
    return f"{first}..." if more else first
