"""`${{ value | filter(args) }}`: the filters that there are.

The built-in ones are those of the runtime, read from its source; custom ones are functions with
`@custom_filter("name")` in the modules of the settings. A built-in one wins over a custom one
of its name, and the interpreter's own module of filters is built in (differences D23).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import griffe

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.resolve.annotations import TypeReader
from wfcompile.resolve.caller_reports import report_foreign
from wfcompile.resolve.callers import CallerRoot
from wfcompile.resolve.declarations import Signature
from wfcompile.resolve.filter_signatures import FilterSignature, Problem
from wfcompile.resolve.modules import FOREIGN, SourceError, SourceModule
from wfcompile.resolve.signatures import (
    Marked,
    marked_functions,
    read_signature,
    text_argument,
)
from wfcompile.resolve.sources import Definition, Scope, Sources

__all__ = ["FilterRegistry", "FilterSignature", "Problem"]

MARK = "custom_filter"
RUNTIME = "wfruntime"


class FilterRegistry:
    """The filters of a project; nothing is read before the first one is asked for.

    Args:
        filters: modules with custom filters; those that are not there are left out, as the
            interpreter leaves them out.
        diagnostics: takes WF411 (a module that cannot be read) and WF502 (an import from the
            interpreter's package).
        sources: those that the callers are read from, so that no file is read twice.
    """

    def __init__(
        self,
        roots: Sequence[CallerRoot],
        filters: Sequence[str],
        diagnostics: Diagnostics | None = None,
        *,
        sources: Sources | None = None,
    ) -> None:
        folders = tuple(dict.fromkeys(root.folder for root in roots))
        self.roots = tuple(roots)
        self.modules = tuple(filters)
        self.diagnostics = Diagnostics() if diagnostics is None else diagnostics
        self.sources = Sources(folders) if sources is None else sources
        self._mistakes = Diagnostics()

    def find(self, name: str) -> FilterSignature | None:
        return self._by_name.get(name)

    @property
    def mistakes(self) -> tuple[Diagnostic, ...]:
        """Why modules cannot be read: an unknown filter may be in one of them."""
        return tuple(self._mistakes) if self._by_name else ()

    def has_module(self, name: str) -> bool:
        """Whether it is there, be it sound or not; the interpreter's own is built in."""
        is_foreign = f"{name}.".startswith(f"{FOREIGN}.")
        return is_foreign or any(map(self.sources.has, self._candidates(name)))

    def names(self) -> list[str]:
        """All of them, in alphabetical order."""
        return sorted(self._by_name)

    @cached_property
    def _by_name(self) -> dict[str, FilterSignature]:
        by_name = dict(_built_in())
        for name in self.modules:
            module = self._module(name)
            if module is not None:
                for key, signature in _custom(module, self.sources):
                    by_name.setdefault(key, signature)
        return by_name

    def _candidates(self, name: str) -> list[str]:
        return [name, *(root.module(name) for root in self.roots)]

    def _module(self, name: str) -> SourceModule | None:
        """By its import name, or by its name below a package of callers."""
        if f"{name}.".startswith(f"{FOREIGN}."):
            return None
        for candidate in self._candidates(name):
            try:
                module = self.sources.module(candidate)
            except SourceError as error:
                message = f'filter module "{name}" cannot be read: {error}'
                self._mistakes.error("WF411", message, error.span, help="mend the file")
                self.diagnostics.extend(self._mistakes)
                return None
            if module is not None:
                report_foreign(module, self.diagnostics)
                return module
        return None


def _custom(
    module: SourceModule, sources: Sources
) -> Iterator[tuple[str, FilterSignature]]:
    types = TypeReader(sources, with_variables=True)
    for marked in marked_functions(module, MARK, sources):
        name = text_argument(marked, "name", 0, sources)
        if isinstance(name, str):
            source = marked.definition.module
            yield name, FilterSignature(
                source.name,
                marked.function.name,
                source.folder,
                _signatures(marked, types),
                types.declarations,
                marked.place,
            )


def _built_in() -> Iterator[tuple[str, FilterSignature]]:
    """From the source of the runtime: it is found, not imported."""
    spec = find_spec(RUNTIME)
    assert spec is not None and spec.submodule_search_locations is not None
    folder = Path(next(iter(spec.submodule_search_locations))).parent
    sources = Sources((folder,))
    module = sources.module(f"{RUNTIME}.filters")
    assert module is not None, "the runtime has no filters"
    types = TypeReader(sources, with_variables=True)
    for name, function in module.tree.members.items():
        if isinstance(function, griffe.Function) and not name.startswith("_"):
            definition = Definition(module, name, function)
            marked = Marked(definition, function, None, Scope(module))
            signatures = _signatures(marked, types)
            yield name, FilterSignature(
                None, name, None, signatures, types.declarations
            )


def _signatures(marked: Marked, types: TypeReader) -> tuple[Signature, ...]:
    """Those of the overloads where there are some."""
    functions = marked.function.overloads or [marked.function]
    return tuple(
        read_signature(
            Marked(marked.definition, each, marked.arguments, marked.scope), types
        )
        for each in functions
    )
