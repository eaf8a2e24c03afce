"""A project and what was checked in it -> all findings, by place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.discovery import find_files
from wfcompile.doctor.codes import findings_of
from wfcompile.doctor.finding import Finding
from wfcompile.doctor.ignored import hidden_files
from wfcompile.doctor.imports import imports_in, python_files
from wfcompile.doctor.places import WorkflowPlace, workflows_of
from wfcompile.doctor.rules import Known, look, look_at_all
from wfcompile.nodes import Node
from wfcompile.reader import load, read
from wfcompile.resolve.callers import CallerRegistry, CallerRoot
from wfcompile.settings import Settings, caller_roots
from wfcompile.source import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Examination:
    """Attributes:
    workflows: those of the project, whatever is wrong in them.
    findings: by file, position and number.
    """

    workflows: tuple[WorkflowPlace, ...]
    findings: tuple[Finding, ...]

    @property
    def must_change(self) -> bool:
        return any(found.must_change for found in self.findings)


def examine(settings: Settings, checked: Iterable[Diagnostic]) -> Examination:
    """Args:
    checked: what `pipeline.check_project` has said of the same settings.

    Raises:
        SettingsError: a folder or `.confignore` that cannot be read.
    """
    paths = find_files(settings.conf)
    trees = list(_read(paths))
    workflows = tuple(each for _, tree in trees for each in workflows_of(tree))
    files = {file.path: file for file, _ in trees}
    roots = [CallerRoot(folder, package) for folder, package in caller_roots(settings)]
    known = Known(CallerRegistry(roots), settings.filters)
    # the imports are looked for in all Python files, also in those that no workflow uses
    said = [_in_files(each, files) for each in checked if each.code != "WF502"]
    found = list(findings_of(said, workflows))
    for workflow in workflows:
        found += look(workflow, known)
    found += look_at_all(workflows)
    folder = settings.conf_folder or settings.conf
    found += hidden_files(folder, paths, f"{_shown(folder)}/")
    found += imports_in(python_files(_folders(settings, roots), settings.build))
    return Examination(workflows, tuple(_sorted(found)))


def _read(paths: Sequence[Path]) -> Iterator[tuple[SourceFile, Node]]:
    """What cannot be read is told by the checker."""
    for path in paths:
        file = load(path, _shown(path), Diagnostics())
        tree = read(file, Diagnostics()) if file else None
        if file is not None and tree is not None:
            yield file, tree


def _in_files(found: Diagnostic, files: Mapping[str, SourceFile]) -> Diagnostic:
    """The same with its place in the file as it was read here."""
    span = found.span
    file = files.get(span.file.path, span.file)
    return replace(found, span=Span(file, span.start, span.end))


def _folders(settings: Settings, roots: Sequence[CallerRoot]) -> list[Path]:
    callers = [root.folder.joinpath(*root.package.split(".")) for root in roots]
    return [settings.root, *callers]


def _shown(path: Path) -> str:
    return os.path.relpath(path).replace(os.sep, "/")


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    """Without doubles: an anchor brings one place to many, and a diagnostic says it better."""

    def key(each: Finding) -> tuple[str, int, str, str]:
        return each.span.file.path, each.span.start, each.label, each.message

    by_key = {key(each): each for each in found}
    coded = {(each.number, each.span) for each in by_key.values() if each.code}
    return [
        by_key[each]
        for each in sorted(by_key)
        if by_key[each].code or (by_key[each].number, by_key[each].span) not in coded
    ]
