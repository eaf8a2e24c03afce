"""What a dotted path of a `${{ }}` means at one place of a workflow.

A `Scope` is the compiler's picture of the interpreter's context map (language.md 4.2): params,
matrix, item and loop, the stages that ran before, the jobs that are needed. It is built by
`lower` as it walks the jobs, so the types of earlier outputs are known. Differences D11 and D28:
a name that cannot exist, or need not exist yet, is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wfcompile.source import Span
from wfcompile.types import STR, UNKNOWN, LiteralType, MapType, Type

STATUS = LiteralType(("SUCCESS", "FAILED", "SKIP", "CANCEL", "WAIT"))
"""How a job or stage can end."""


@dataclass(frozen=True, slots=True)
class ParamSymbol:
    attribute: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class StageSymbol:
    """A stage with an id.

    Attributes:
        outputs: what the YAML author may read below `outputs`.
        spelled: the type that the emitted function is annotated with, when it is wider (a model
            that is dumped is `dict[str, Any]` for mypy, but its keys are known here).
        is_container: foreach, until, case, parallel, trigger: read through the result context.
        may_skip: it has a condition.
    """

    id: str
    function: str
    outputs: Type
    spelled: Type
    span: Span
    is_container: bool = False
    may_skip: bool = False


@dataclass(frozen=True, slots=True)
class JobSymbol:
    id: str
    span: Span
    has_matrix: bool
    stages: Mapping[str, StageSymbol]
    is_complete: bool = True
    """False when an id of a stage could not be read: an unknown id in it is no error then."""
    is_known: bool = True
    """False when it could not be read whether it has a matrix."""
    strategies: Type = MapType(STR, UNKNOWN)
    """Of a job with a matrix: strategy id -> its record."""


@dataclass(frozen=True, slots=True)
class MatrixSymbol:
    """Attributes:
    values: all that it has in the rows that run, in the order of the YAML.
    emptied_by: the row of `exclude` that leaves no combination.
    """

    type: Type
    required: bool
    values: tuple[str | int, ...] = ()
    emptied_by: Span | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Attributes:
    upstream: the jobs that this one needs, directly or through others.
    job_spans: every job of the workflow -> its place.
    stages: stages that ran before this one: earlier siblings and those around.
    later: stages of the same lists that run after this one -> their place.
    matrix: empty in the stages of a job without a matrix, None outside of stages.
    rows: the combinations of its values that run.
    item: the type of `item`, None outside foreach and until.
    is_item_written: all its values stand in the YAML.
    names: further context names that exist here: loop, branch, case, retry.
    has_matrix_ids: some of those stages have ids that the matrix decides.
    unread: roots below which something could not be read: an unknown name there is no error.
    in_release: True for `params:` of a schedule: only `release.*` exists.
    """

    params: Mapping[str, ParamSymbol] = field(default_factory=dict)
    job_id: str = ""
    upstream: frozenset[str] = frozenset()
    job_spans: Mapping[str, Span] = field(default_factory=dict)
    jobs: Mapping[str, JobSymbol] = field(default_factory=dict)
    stages: Mapping[str, StageSymbol] = field(default_factory=dict)
    later: Mapping[str, Span] = field(default_factory=dict)
    matrix: Mapping[str, MatrixSymbol] | None = None
    rows: Sequence[Mapping[str, str | int]] = ()
    item: Type | None = None
    is_item_written: bool = False
    names: frozenset[str] = frozenset()
    in_release: bool = False
    has_matrix_ids: bool = False
    unread: frozenset[str] = frozenset()

    @property
    def roots(self) -> list[str]:
        """The first names that a path may have here."""
        if self.in_release:
            return ["release"]
        roots = ["params", "jobs", "stages"]
        if self.matrix:
            roots.append("matrix")
        if self.item is not None:
            roots.append("item")
        return roots + sorted(self.names)
