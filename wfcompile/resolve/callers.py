"""`uses: module/function@tag` -> the caller with its signature, read from the sources.

Nothing is imported: the modules are read as text (language.md 6, call; design.md section 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import Scalar
from wfcompile.resolve import caller_reports as reports
from wfcompile.resolve.block_names import SourceNames
from wfcompile.resolve.caller_modules import (
    CallerModule,
    Catalog,
    Entry,
    modules_with_marks,
)
from wfcompile.resolve.caller_patterns import (
    ANY,
    FORM,
    UsesPattern,
    module_paths,
    uses_pattern,
)
from wfcompile.resolve.declarations import Declarations, Parameter
from wfcompile.resolve.modules import SourceError
from wfcompile.resolve.signatures import read_signature
from wfcompile.resolve.sources import Sources
from wfcompile.source import Span
from wfcompile.types import Type


@dataclass(frozen=True, slots=True)
class CallerRoot:
    """`folder` goes on the path; the callers are below `package`, "" for the folder itself."""

    folder: Path
    package: str

    def module(self, path: str) -> str:
        """The import name of what `uses` calls `path`."""
        return f"{self.package}.{path}" if self.package else path

    @property
    def start(self) -> Path:
        """Where the modules lie that `uses` calls by one name."""
        return self.folder.joinpath(*filter(None, self.package.split(".")))

    def folder_of(self, path: str) -> Path:
        """Where the module that `uses` calls `path` would lie."""
        return self.folder.joinpath(*self.module(path).split(".")[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """A function that `uses` can name.

    Attributes:
        module: its import name, once `root` is on the path.
        function: its name in the source.
        key: its name in `uses`, `function@tag`.
        parameters: without `*args` and `**kwargs`.
        keywords: the type of what `**kwargs` takes, None without.
        returns_exactly: `returns` is spelled as the source spells it.
        declarations: what is known of the types in it.
        place: the head of the function.
        is_annotated: False when nothing in it has a type, so that mypy does not look at it.
        rest: the type of what `*args` takes, None without.
        is_sure: False when a decorator may have changed what is taken.
    """

    module: str
    function: str
    key: str
    root: Path
    parameters: tuple[Parameter, ...]
    keywords: Type | None
    returns: Type
    returns_exactly: bool
    is_async: bool
    declarations: Declarations
    place: Span
    is_annotated: bool = True
    rest: Type | None = None
    is_sure: bool = True


class CallerRegistry:
    """The callers of a project; modules that no workflow uses are not read."""

    def __init__(self, roots: Sequence[CallerRoot]) -> None:
        self.roots = tuple(roots)
        self.sources = Sources(tuple(dict.fromkeys(root.folder for root in roots)))
        self._catalog = Catalog(self.sources)
        self._callers: dict[Entry, Caller] = {}
        self.names = SourceNames(self._catalog.types)

    def find(self, uses: Scalar, diagnostics: Diagnostics) -> Caller | None:
        """The caller, or None when there is none that can be called.

        Adds WF401 (no such module, function or tag), WF408 (two callers of one name), WF410
        (another form), WF411 (a module that cannot be read), WF412 (one that cannot be
        imported), WF414 (a mark that marks nothing), WF502 (an import from the interpreter's
        package).
        """
        parts = _parse(uses)
        if parts is not None:
            return self._find(parts, diagnostics)
        text = uses.text.strip()
        reports.report_form(text, uses.span, diagnostics, meant=self._meant(text))
        return None

    def _meant(self, text: str) -> str | None:
        """The caller that a text in another form names, with the tag that it has."""
        words = re.findall(r"[\w-]+", text)
        for at in range(1, len(words)):
            path, name = ".".join(words[:at]), words[at].replace("_", "-")
            try:
                modules = list(self._modules_called(path))
            except SourceError:
                continue
            entries = [each for module in modules for each in module.entries.values()]
            named = [entry for entry in entries if entry.name == name]
            tagged = [entry for entry in named if entry.tag in words[at + 1 :]]
            for entry in (*tagged, *named):
                return f"{path}/{entry.key}"
        return None

    def find_rendered(
        self, text: str, uses: Scalar, diagnostics: Diagnostics
    ) -> Caller | None:
        """As `find`, for a text that `uses` can become; what is said has its place there."""
        found = FORM.fullmatch(text)
        if found is None:
            reports.report_form(text, uses.span, diagnostics)
            return None
        parts = _at(uses.span, found[1], found[2], found[3])
        return self._find(parts, diagnostics)

    def has(self, text: str) -> bool:
        """Whether there is a caller of this name, or a module that may hold it."""
        found = FORM.fullmatch(text)
        if found is None:
            return False
        try:
            modules = list(self._modules_called(found[1]))
        except SourceError:
            return True
        return any((found[2], found[3]) in module.entries for module in modules)

    def matching(
        self, parts: Sequence[str | None], uses: Scalar, diagnostics: Diagnostics
    ) -> list[str]:
        """The callers that a text may mean, None in it stands for a template; and others.

        Adds WF401 (no module of the name), WF410, WF411.
        """
        pattern = uses_pattern(parts)
        if pattern is None:
            reports.report_form(uses.text.strip(), uses.span, diagnostics)
            return []
        found = []
        for path in self._paths(pattern):
            place = _at(uses.span, path, pattern.name, pattern.tag)
            modules = self._modules(place, diagnostics)
            entries = [entry for module in modules for entry in module.entries.values()]
            found += [f"{path}/{entry.key}" for entry in entries]
        return found

    def modules_of(self, parts: Sequence[str | None]) -> set[str]:
        """The import names of the modules whose callers a text with templates may mean."""
        pattern = uses_pattern(parts) or UsesPattern(ANY, ANY, ANY)
        return {
            root.module(path) for path in self._paths(pattern) for root in self.roots
        }

    def _paths(self, pattern: UsesPattern) -> list[str]:
        if pattern.has_fixed_path:
            return [pattern.path]
        paths = (
            path
            for root in self.roots
            for path in module_paths(root.start, pattern.path, self.sources.seen)
        )
        return list(dict.fromkeys(paths))

    def _find(self, parts: reports.Uses, diagnostics: Diagnostics) -> Caller | None:
        modules = self._modules(parts, diagnostics)
        for module in modules:
            reports.report_module(module, diagnostics)
            entry = module.entries.get((parts.name, parts.tag))
            if entry is not None:
                return self._usable(entry, module, parts, diagnostics)
        if modules:
            reports.report_unknown(parts, modules, diagnostics)
        return None

    def _modules(
        self, uses: reports.Uses, diagnostics: Diagnostics
    ) -> list[CallerModule]:
        """All modules that `uses` may mean; without any the reason is reported."""
        try:
            found = list(self._modules_called(uses.path))
        except SourceError as error:
            reports.report_unreadable(error, uses, diagnostics)
            return []
        if not found:
            self._report_missing(uses, diagnostics)
        return found

    def _modules_called(self, path: str) -> Iterator[CallerModule]:
        """
        Raises:
            SourceError: one of them cannot be read as Python.
        """
        for name in dict.fromkeys(root.module(path) for root in self.roots):
            module = self._catalog.module(name)
            if module is not None:
                yield module

    def _report_missing(self, uses: reports.Uses, diagnostics: Diagnostics) -> None:
        above = uses.path.rpartition(".")[0]
        names = {
            f"{above}.{name}".lstrip("."): None
            for root in self.roots
            for name in modules_with_marks(
                self.sources.seen.look_into(root.folder_of(uses.path))
            )
        }
        folders = {root.folder_of(uses.path): None for root in self.roots}
        reports.report_missing(uses, list(names), list(folders), diagnostics)

    def _usable(
        self,
        entry: Entry,
        module: CallerModule,
        uses: reports.Uses,
        diagnostics: Diagnostics,
    ) -> Caller | None:
        reports.report_foreign(entry.marked.definition.module, diagnostics)
        is_double = any(entry is first for first, _ in module.doubles)
        if is_double or not reports.is_callable(entry, uses, diagnostics):
            return None
        if entry not in self._callers:
            self._callers[entry] = self._caller(entry)
        return self._callers[entry]

    def _caller(self, entry: Entry) -> Caller:
        signature = read_signature(entry.marked, self._catalog.types)
        source = entry.marked.definition.module
        return Caller(
            source.name,
            entry.marked.function.name,
            entry.key,
            source.folder,
            signature.parameters,
            signature.keywords,
            signature.returns,
            signature.returns_exactly,
            signature.is_async,
            self._catalog.types.declarations,
            entry.marked.place,
            signature.is_annotated,
            signature.rest,
            signature.is_sure,
        )


def _parse(uses: Scalar) -> reports.Uses | None:
    found = FORM.fullmatch(uses.text.strip())
    if found is None:
        return None
    indent = len(uses.text) - len(uses.text.lstrip())
    path, name, tag = (
        uses.span_of(found.start(part) + indent, found.end(part) + indent)
        for part in (1, 2, 3)
    )
    return reports.Uses(found[1], found[2], found[3], path, name, tag)


def _at(span: Span, path: str, name: str, tag: str) -> reports.Uses:
    """The parts of a text that stands nowhere: all have the place of the template."""
    return reports.Uses(path, name, tag, span, span, span)
