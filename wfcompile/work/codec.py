"""Facts <-> lists of plain values, as JSON and a pipe hold them.

A span is two offsets, with the file where it is not the one that the facts are about. What is read
back points into files that are there now: only facts whose files have not changed may be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from wfcompile.diagnostics import (
    Diagnostic,
    Diagnostics,
    Note,
    Replacement,
    Suggestion,
)
from wfcompile.reader import load
from wfcompile.source import SourceFile, Span, decoded_python
from wfcompile.work.facts import FileFacts, Lowered, Name, Needed, WorkflowFacts

Plain: TypeAlias = Any
"""Lists, texts, numbers, None."""


class Files:
    """The files that spans point into, each one read once."""

    def __init__(self) -> None:
        self._texts: dict[str, SourceFile] = {}
        self._empty: dict[str, SourceFile] = {}

    def put(self, file: SourceFile) -> None:
        self._texts[file.path] = file

    def get(self, shown: str, *, is_empty: bool = False) -> SourceFile:
        """
        Raises:
            OSError, ValueError: it is not what it was.
        """
        if is_empty:
            return self._empty.setdefault(shown, SourceFile(shown, ""))
        if shown not in self._texts:
            self._texts[shown] = _file(shown)
        return self._texts[shown]


def _file(shown: str) -> SourceFile:
    if shown.endswith(".py"):
        return SourceFile(shown, decoded_python(Path(shown).read_bytes()))
    found = Diagnostics()
    file = load(Path(shown), shown, found)
    # text that cannot be decoded is known to what is told of it
    return file or next(iter(found)).span.file


# --- to plain values ---


def plain_facts(facts: FileFacts) -> Plain:
    own = facts.text
    return [
        own is not None,
        [
            [
                each.name,
                _plain_span(each.name_span, own),
                [[name.text, _plain_span(name.span, own)] for name in each.targets],
                each.is_alone,
                each.is_whole,
            ]
            for each in facts.workflows
        ],
        [[name.text, _plain_span(name.span, own)] for name in facts.schedules],
        sorted(facts.names),
        facts.is_sound,
        plain_diagnostics(facts.read, own),
        plain_diagnostics(facts.parsed, own),
        facts.hidden,
    ]


def plain_lowered(lowered: Lowered, own: SourceFile | None) -> Plain:
    return [
        lowered.search_path,
        [
            [each.top, each.module, _plain_span(each.place, own)]
            for each in lowered.needed
        ],
        plain_diagnostics(lowered.found, own),
    ]


def plain_diagnostics(found: Sequence[Diagnostic], own: SourceFile | None) -> Plain:
    return [
        [
            each.code,
            each.severity,
            each.message,
            _plain_span(each.span, own),
            [
                [
                    note.message,
                    None if note.span is None else _plain_span(note.span, own),
                ]
                for note in each.notes
            ],
            _plain_help(each.help),
        ]
        for each in found
    ]


def _plain_help(help: str | None) -> Plain:
    if isinstance(help, Suggestion):
        return [help.given, help.meant, help.is_sure]
    if isinstance(help, Replacement):
        return [help, help.new]
    return help


def _plain_span(span: Span, own: SourceFile | None) -> Plain:
    if span.file is own:
        return [span.start, span.end]
    return [span.start, span.end, span.file.path, not span.file.text]


# --- and back ---


class Reader:
    """Reads the facts of one file, whose path is `shown` in diagnostics."""

    def __init__(self, shown: str, files: Files) -> None:
        self._shown = shown
        self._files = files

    def facts(self, path: Path, source: str, plain: Plain) -> FileFacts:
        is_text, workflows, schedules, names, is_sound, read, parsed, hidden = plain
        text = self._files.get(self._shown) if is_text else None
        if text is not None:
            for start, end in hidden:
                text.hide(start, end)
        return FileFacts(
            path,
            source,
            text,
            tuple(
                WorkflowFacts(name, self._span(span), self._names(targets), *flags)
                for name, span, targets, *flags in workflows
            ),
            self._names(schedules),
            frozenset(names),
            is_sound,
            self.diagnostics(read),
            self.diagnostics(parsed),
            tuple((start, end) for start, end in hidden),
        )

    def lowered(self, plain: Plain) -> Lowered:
        search_path, needed, found = plain
        return Lowered(
            None if search_path is None else tuple(search_path),
            tuple(Needed(top, name, self._span(place)) for top, name, place in needed),
            self.diagnostics(found),
        )

    def diagnostics(self, plain: Plain) -> tuple[Diagnostic, ...]:
        return tuple(
            Diagnostic(
                code,
                severity,
                message,
                self._span(span),
                tuple(
                    Note(text, None if place is None else self._span(place))
                    for text, place in notes
                ),
                _help(help),
            )
            for code, severity, message, span, notes, help in plain
        )

    def _names(self, plain: Plain) -> tuple[Name, ...]:
        return tuple(Name(text, self._span(span)) for text, span in plain)

    def _span(self, plain: Plain) -> Span:
        start, end, *other = plain
        if not other:
            return Span(self._files.get(self._shown), start, end)
        shown, is_empty = other
        return Span(self._files.get(shown, is_empty=is_empty), start, end)


def _help(plain: Plain) -> str | None:
    match plain:
        case [given, meant, is_sure]:
            return Suggestion.of(given, meant, is_sure=is_sure)
        case [line, new]:
            return Replacement.of(line, new)
        case str() | None:
            return plain
    raise ValueError(f"no help line: {plain}")
