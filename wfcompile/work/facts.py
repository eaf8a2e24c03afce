"""What the whole project must know of a file and of a workflow, without its models.

Facts come from this process, from another one, or from the run before; the phases of the pipeline
cannot tell. What they are made of is plain: names, spans, diagnostics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wfcompile.diagnostics import Diagnostic
from wfcompile.source import SourceFile, Span

if TYPE_CHECKING:
    from wfcompile import ir
    from wfcompile.models import Workflow

Progress = Callable[[int, int, str], None]
"""Called as `progress(done, total, what)`."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class WorkflowFacts:
    """Attributes:
    name, name_span: its key.
    targets: the workflows that it triggers by names that are written out.
    is_alone: whether nothing of other workflows or of named schedules can matter to it.
    is_whole: False when it is not known what it takes and gives.
    """

    name: str
    name_span: Span
    targets: tuple[Name, ...]
    is_alone: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Attributes:
    path: where it is.
    source: its path as an emitted module shows it.
    text: None when it could not be opened or decoded.
    workflows: those whose shape is sound, in file order.
    schedules: the named ones.
    names: of all workflows, of the refused ones, too.
    is_sound: False when a part of it could not be read.
    read, parsed: what was found as text, and in the shape of the entries.
    hidden: the parts of the text that nothing may show.
    """

    path: Path
    source: str
    text: SourceFile | None
    workflows: tuple[WorkflowFacts, ...]
    schedules: tuple[Name, ...]
    names: frozenset[str]
    is_sound: bool
    read: tuple[Diagnostic, ...]
    parsed: tuple[Diagnostic, ...]
    hidden: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a workflow may refer to outside of its file.

    Attributes:
        workflows: name -> its file, of those that can be triggered.
        schedules: the files with named schedules, in order; of `elsewhere` one that has the same
            name as one of `schedules` does not count.
        unread: names of workflows that were refused where they stand.
        is_whole: False when a file could not be read: nobody knows what workflows it has.
    """

    workflows: Mapping[str, Path]
    schedules: tuple[Path, ...]
    elsewhere: tuple[Path, ...]
    unread: frozenset[str]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """A module of the users that is, or imports, a module of the top-level name `top`."""

    top: str
    module: str
    place: Span

    @property
    def is_own(self) -> bool:
        return self.module.partition(".")[0] == self.top


@dataclass(frozen=True, slots=True)
class Lowered:
    """Attributes:
    search_path: as in `ir.Module`; None when something about the workflow is an error.
    ir, workflow: only from this process.
    """

    search_path: tuple[str, ...] | None
    needed: tuple[Needed, ...]
    found: tuple[Diagnostic, ...]
    ir: ir.Module | None = None
    workflow: Workflow | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A workflow that is to be looked at."""

    path: Path
    name: str
    is_alone: bool


class Work(Protocol):
    """Reads files and lowers their workflows; results come in the order of what was given."""

    def read(self, paths: Sequence[Path]) -> list[FileFacts]: ...

    def lower(
        self,
        chosen: Sequence[Chosen],
        neighbours: Neighbours,
        progress: Progress | None,
    ) -> list[Lowered]:
        """
        Raises:
            SettingsError: a module of filters that the settings name is not there, a shellcheck
                that cannot be run.
        """
        ...

    def found_in_filters(self) -> Sequence[Diagnostic]:
        """What was found in modules of filters while workflows were lowered."""
        ...
