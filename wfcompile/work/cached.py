"""The work of a check as far as it is not known from the run before.

What is known of a file counts while its bytes are the same; what is known of its workflows, while
also nothing has changed of what was looked at beside the YAML (callers, filters, what they import,
and what was looked for in vain). Workflows that trigger others or name schedules are lowered again
when any YAML file has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from wfcompile.diagnostics import Diagnostic
from wfcompile.resolve.seen import Seen, digest
from wfcompile.settings import Settings
from wfcompile.source import SourceFile, relative, shown_path
from wfcompile.work.cache_file import CacheFile
from wfcompile.work.codec import (
    Files,
    Plain,
    Reader,
    plain_diagnostics,
    plain_facts,
    plain_lowered,
)
from wfcompile.work.facts import (
    Chosen,
    FileFacts,
    Lowered,
    Neighbours,
    Progress,
    Work,
)


class FreshWork(Work, Protocol):
    """Work that is really done, and knows what it has looked at."""

    @property
    def seen(self) -> Seen: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class _Known:
    """Attributes:
    digest: of the bytes of the file.
    lowered: workflow -> the project that it was lowered in ("" for any), and what came out.
    """

    digest: str
    facts: Plain
    lowered: dict[str, tuple[str, Plain]] = field(default_factory=dict)


class Cached:
    """One use; `close` keeps what is known now for the next run.

    Args:
        fresh: makes the one who does what is not known; loads the compiler.
    """

    def __init__(
        self,
        settings: Settings,
        cache: CacheFile,
        files: Files,
        fresh: Callable[[], FreshWork],
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._files = files
        self._make_fresh = fresh
        self._before = _Memory.of(cache.read())
        self._after = _Memory()
        self._texts: dict[Path, SourceFile | None] = {}
        self._is_changed = False

    def read(self, paths: Sequence[Path]) -> list[FileFacts]:
        digests = {path: _digest_of(path) for path in paths}
        known = {path: self._recalled(path, digests[path]) for path in paths}
        unknown = [path for path, facts in known.items() if facts is None]
        for facts in self._fresh.read(unknown) if unknown else ():
            self._is_changed = True
            known[facts.path] = facts
            self._after.files[facts.source] = _Known(
                digests[facts.path], plain_facts(facts)
            )
        found = [facts for facts in known.values() if facts is not None]
        self._texts |= {facts.path: facts.text for facts in found}
        return found

    def _recalled(self, path: Path, digest: str) -> FileFacts | None:
        source = relative(path, self._settings.root)
        before = self._before.files.get(source)
        if before is None or before.digest != digest or not digest:
            return None
        facts = Reader(shown_path(path), self._files).facts(path, source, before.facts)
        self._after.files[source] = _Known(digest, before.facts)
        return facts

    def lower(
        self,
        chosen: Sequence[Chosen],
        neighbours: Neighbours,
        progress: Progress | None,
    ) -> list[Lowered]:
        project = digest(
            f"{source}\0{known.digest}".encode()
            for source, known in sorted(self._after.files.items())
        )
        known = {each: self._remembered(each, project) for each in chosen}
        unknown = [each for each, lowered in known.items() if lowered is None]
        if unknown or not self._is_python_same:
            self._is_changed = True
            found = self._fresh.lower(unknown, neighbours, progress)
            known |= dict(zip(unknown, found, strict=True))
        for each, lowered in zip(unknown, map(known.get, unknown), strict=True):
            assert lowered is not None
            plain = plain_lowered(lowered, self._texts[each.path])
            self._keep(each, "" if each.is_alone else project, plain)
        return [lowered for lowered in known.values() if lowered is not None]

    def _remembered(self, chosen: Chosen, project: str) -> Lowered | None:
        source = relative(chosen.path, self._settings.root)
        before, now = self._before.files.get(source), self._after.files[source]
        if before is None or before.digest != now.digest or not self._is_python_same:
            return None
        in_project, plain = before.lowered.get(chosen.name, (None, None))
        if in_project != ("" if chosen.is_alone else project):
            return None
        self._keep(chosen, in_project, plain)
        return Reader(shown_path(chosen.path), self._files).lowered(plain)

    def _keep(self, chosen: Chosen, project: str, plain: Plain) -> None:
        source = relative(chosen.path, self._settings.root)
        self._after.files[source].lowered[chosen.name] = (project, plain)

    def found_in_filters(self) -> Sequence[Diagnostic]:
        """They are read for the first workflow, whatever it uses."""
        are_workflows = any(known.lowered for known in self._after.files.values())
        if are_workflows and self._is_python_same and self._before.in_filters:
            return Reader("", self._files).diagnostics(self._before.in_filters)
        return self._fresh.found_in_filters() if self._has_fresh else ()

    @property
    def seen(self) -> Seen:
        """Complete when it is closed."""
        return self._after.seen

    def close(self) -> None:
        if self._is_python_same:
            self._after.seen.add(self._before.seen.files, self._before.seen.folders)
        if self._has_fresh:
            seen = self._fresh.seen
            self._after.seen.add(seen.files, seen.folders)
        if self._is_changed or self._after.files.keys() != self._before.files.keys():
            self._after.in_filters = plain_diagnostics(self.found_in_filters(), None)
            self._cache.write(self._after.plain())
        if self._has_fresh:
            self._fresh.close()

    @cached_property
    def _is_python_same(self) -> bool:
        return self._before.seen.is_as_before()

    @cached_property
    def _fresh(self) -> FreshWork:
        return self._make_fresh()

    @property
    def _has_fresh(self) -> bool:
        return "_fresh" in self.__dict__


@dataclass(slots=True)
class _Memory:
    """What one run leaves to the next.

    Attributes:
        files: by the paths that emitted modules show.
        seen: what was looked at beside them.
        in_filters: what was found in modules of filters.
    """

    files: dict[str, _Known] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    in_filters: Plain = field(default_factory=list)

    @classmethod
    def of(cls, plain: Plain) -> _Memory:
        if plain is None:
            return cls()
        files = {
            source: _Known(
                bytes_, facts, {name: (where, what) for name, where, what in lowered}
            )
            for source, bytes_, facts, lowered in plain["files"]
        }
        return cls(files, Seen(*plain["seen"]), plain["in_filters"])

    def plain(self) -> Plain:
        return {
            "files": [
                [
                    source,
                    known.digest,
                    known.facts,
                    [[name, *lowered] for name, lowered in known.lowered.items()],
                ]
                for source, known in self.files.items()
            ],
            "seen": [self.seen.files, self.seen.folders],
            "in_filters": self.in_filters,
        }


def _digest_of(path: Path) -> str:
    """Empty for what cannot be read: that is told anew each time."""
    try:
        return digest([path.read_bytes()]) if path.is_file() else ""
    except OSError:
        return ""
