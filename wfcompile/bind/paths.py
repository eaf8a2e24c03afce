"""A dotted path under a `Scope` -> typed expression, or a diagnostic at the segment at fault.

Adds WF310 to WF319 (names), WF361 (an empty matrix), and WF440 to WF442 (what a value holds).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from wfcompile import ir
from wfcompile.bind.advice import key_help, no_key
from wfcompile.bind.functions import attributes_of, methods_of
from wfcompile.bind.scope import STATUS, JobSymbol, Scope, StageSymbol
from wfcompile.bind.typed import POISON, Typed
from wfcompile.diagnostics import Diagnostics, Note, did_you_mean
from wfcompile.expressions.nodes import Path, Segment
from wfcompile.nodes import Scalar
from wfcompile.resolve.misfits import in_words
from wfcompile.source import Span
from wfcompile.types import (
    DATETIME,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    MapType,
    RecordType,
    Type,
    UnionType,
    UnknownType,
    is_optional,
    union,
    without_none,
)

_RECORD_KEYS = ("outputs", "status", "errors", "info")
_RECORD = MapType(STR, UNKNOWN)
_RELEASE_TYPES: dict[str, Type] = {
    "logical_date": DATETIME,
    "execute_date": DATETIME,
    "run_id": STR,
    "runs_metadata": _RECORD,
}


class PathBinder:
    """Binds the paths of one scalar; short-lived, one per text."""

    def __init__(self, scope: Scope, scalar: Scalar, diagnostics: Diagnostics) -> None:
        self.scope = scope
        self.scalar = scalar
        self.diagnostics = diagnostics

    def bind(self, path: Path) -> Typed:
        head, rest = path.segments[0], path.segments[1:]
        if head.name == "matrix" and "matrix" in self.scope.unread:
            return POISON
        if head.name not in self.scope.roots and not self._is_no_matrix(path):
            return self._unknown_root(head)
        binders: dict[str, Callable[[Path, Sequence[Segment]], Typed]] = {
            "params": self._params,
            "matrix": self._matrix,
            "stages": self._stages,
            "jobs": self._jobs,
            "release": self._release,
        }
        if head.name in binders:
            return binders[head.name](path, rest)
        return self._context_value(path, rest)

    # --- the roots ---

    def _is_no_matrix(self, path: Path) -> bool:
        """Whether it asks for the matrix as a whole, or perhaps for a key, where there is none."""
        head, rest = path.segments[0], path.segments[1:]
        if head.name != "matrix" or self.scope.matrix is None:
            return False
        return not rest or rest[0].optional

    def _unknown_root(self, head: Segment) -> Typed:
        where = {
            "matrix": 'give the job a "matrix" below "strategy": it has none',
            "item": "read it in the stages of a foreach or until",
            "loop": "read it in the stages of a foreach or until",
            "branch": "read it in the stages of a parallel",
            "case": "read it in the stages of a case",
            "retry": 'give the stage or its job a "retry": neither has one',
            "release": 'pass it as a param: read it below "params" of the schedule',
        }.get(head.name)
        return self._error(
            "WF310",
            f'"{head.name}" is not known here',
            head,
            help=where
            or did_you_mean(head.name, self.scope.roots)
            or f"names that are known here: {', '.join(self.scope.roots)}",
        )

    def _params(self, path: Path, rest: Sequence[Segment]) -> Typed:
        if not rest:
            return Typed(ir.Lookup(("params",)), MapType(STR, UNKNOWN))
        symbol = self.scope.params.get(rest[0].name)
        if symbol is None:
            if rest[0].optional:
                return Typed(ir.Const(None), NONE)
            if "params" in self.scope.unread:
                return POISON
            return self._error(
                "WF311",
                f'no param is called "{rest[0].name}"',
                rest[0],
                help=did_you_mean(rest[0].name, self.scope.params)
                or self._listing("the params are", self.scope.params)
                or "declare it below params",
            )
        return self._descend(
            Typed(ir.Param(symbol.attribute), symbol.type), path, rest[1:], rest[0]
        )

    def _matrix(self, path: Path, rest: Sequence[Segment]) -> Typed:
        matrix = self.scope.matrix or {}
        if not rest:
            return Typed(ir.Lookup(("matrix",)), MapType(STR, UNKNOWN))
        symbol = matrix.get(rest[0].name)
        if symbol is None:
            if rest[0].optional:
                return Typed(ir.Const(None), NONE)
            return self._error(
                "WF312",
                f'the matrix has no key "{rest[0].name}"',
                rest[0],
                help=did_you_mean(rest[0].name, matrix)
                or self._listing("its keys are", matrix),
            )
        if symbol.emptied_by is not None and not rest[0].optional:
            return self._no_combination(rest[0], symbol.emptied_by)
        value = Typed(ir.MatrixValue(rest[0].name), symbol.type)
        if rest[0].optional and not symbol.required:
            given = ir.Method(
                ir.ContextValue("matrix"), "get", (ir.Const(rest[0].name),)
            )
            value = Typed(given, union((symbol.type, NONE)))
        return self._descend(value, path, rest[1:], rest[0])

    def _no_combination(self, segment: Segment, emptied_by: Span) -> Typed:
        """Told once, where it comes from: the first reader is enough of a note."""
        read = self.scalar.span_of(segment.start, segment.end)
        self.diagnostics.error(
            "WF361",
            'with this row "exclude" leaves no combination of the matrix',
            emptied_by,
            notes=[Note(f'"{segment.name}" is read here', read)],
            help="leave fewer of them out",
        )
        return POISON

    def _context_value(self, path: Path, rest: Sequence[Segment]) -> Typed:
        name = path.segments[0].name
        types: dict[str, Type] = {"branch": STR, "loop": INT, "retry": INT}
        type_ = self.scope.item if name == "item" else types.get(name)
        value = Typed(ir.ContextValue(name), type_ if type_ is not None else UNKNOWN)
        return self._descend(value, path, rest, path.segments[0])

    def _release(self, path: Path, rest: Sequence[Segment]) -> Typed:
        if not rest or rest[0].name not in _RELEASE_TYPES:
            return self._error(
                "WF310",
                f'release has no "{rest[0].name}"' if rest else "release is no value",
                rest[0] if rest else path.segments[0],
                help=f"it has {', '.join(_RELEASE_TYPES)}",
            )
        value = Typed(ir.ReleaseValue(rest[0].name), _RELEASE_TYPES[rest[0].name])
        for segment in rest[:-1]:
            if segment.optional:
                return self._error(
                    "WF319",
                    '"?" can only stand at the end of a release path',
                    segment,
                    help="put it behind the last name",
                )
        if len(rest) == 1 or not rest[-1].optional:
            return self._descend(value, path, rest[1:], rest[0])
        above = self._descend(value, path, rest[1:-1], rest[0])
        if not isinstance(above.type, MapType | UnknownType):
            return self._descend(value, path, rest[1:], rest[0])
        given = ir.Method(above.expr, "get", (ir.Const(rest[-1].name),))
        return Typed(given, UNKNOWN)

    # --- stages and jobs ---

    def _stages(self, path: Path, rest: Sequence[Segment]) -> Typed:
        if not rest:
            return self._lookup(path, _RECORD)
        symbol = self.scope.stages.get(rest[0].name)
        if symbol is None:
            if self.scope.has_matrix_ids and rest[0].name not in self.scope.later:
                return self._lookup(path)
            return self._unknown_stage(rest[0])
        if len(rest) > 1 and rest[1].name == "errors" and not rest[1].optional:
            return self._no_errors(symbol, rest[1])
        return self._stage_record(path, symbol, rest)

    def _no_errors(self, symbol: StageSymbol, segment: Segment) -> Typed:
        """A list of stages ends with the first one that fails."""
        return self._error(
            "WF318",
            f'the record of stage "{symbol.id}" has no "errors" here: '
            "after a failure no later stage of its list runs",
            segment,
            help=(
                'write "outputs.errors"'
                if _has_key(symbol.outputs, "errors")
                else "read it in a job that needs this one, with trigger-rule: all_done"
            ),
        )

    def _unknown_stage(self, segment: Segment) -> Typed:
        if segment.name in self.scope.later:
            return self._error(
                "WF314",
                f'stage "{segment.name}" has not run yet at this place',
                segment,
                notes=[Note("it comes later, here", self.scope.later[segment.name])],
                help="move the stage that reads it behind it",
            )
        if segment.optional:
            return Typed(ir.Const(None), NONE)
        if "stages" in self.scope.unread:
            return POISON
        return self._error(
            "WF313",
            f'no stage before this one has the id "{segment.name}"',
            segment,
            help=did_you_mean(segment.name, self.scope.stages)
            or self._listing("ids that can be read here:", self.scope.stages)
            or "give the stage that is meant an id",
        )

    def _jobs(self, path: Path, rest: Sequence[Segment]) -> Typed:
        if not rest:
            return self._lookup(path, _RECORD)
        name = rest[0].name
        if name not in self.scope.job_spans and name in self.scope.upstream:
            return POISON  # an unknown need, which has been told
        if name not in self.scope.job_spans:
            return self._error(
                "WF315",
                f'no job is called "{name}"',
                rest[0],
                help=did_you_mean(name, self.scope.job_spans)
                or self._listing("the jobs are", self.scope.job_spans),
            )
        if name not in self.scope.upstream:
            if "jobs" in self.scope.unread and name != self.scope.job_id:
                return POISON
            return self._unreachable_job(rest[0])
        job = self.scope.jobs.get(name)
        if job is not None and not job.is_known:
            return POISON
        if job is None or len(rest) == 1:
            return self._lookup(path, _RECORD)
        return self._job_record(path, job, rest[1:])

    def _unreachable_job(self, segment: Segment) -> Typed:
        own = segment.name == self.scope.job_id
        return self._error(
            "WF316",
            f'job "{segment.name}" '
            + ("is this job itself" if own else "need not have run before this job"),
            segment,
            notes=[Note("it is defined here", self.scope.job_spans[segment.name])],
            help=(
                "read its own stages as stages.<id>"
                if own
                else f'add "{segment.name}" to the needs of "{self.scope.job_id}"'
            ),
        )

    def _job_record(self, path: Path, job: JobSymbol, rest: Sequence[Segment]) -> Typed:
        part = rest[0].name
        if part in ("status", "errors", "info", "strategies"):
            if part == "strategies" and not job.has_matrix:
                return self._error(
                    "WF317",
                    f'job "{job.id}" has no matrix, so it has no strategies',
                    rest[0],
                    help=f"read jobs.{job.id}.stages",
                )
            if part == "strategies":
                whole = Typed(ir.Lookup(("jobs", job.id, part)), job.strategies)
                checked = self._descend(whole, path, rest[1:], rest[0])
                return POISON if checked is POISON else self._lookup(path, checked.type)
            return self._part(path, rest)
        if part != "stages":
            return self._error(
                "WF317",
                f'a job has no "{part}"',
                rest[0],
                help=did_you_mean(part, ("stages", "strategies", "status", "errors"))
                or "it has stages, strategies, status, errors, info",
            )
        if job.has_matrix:
            return self._error(
                "WF317",
                f'job "{job.id}" has a matrix: its stages are below strategies.<id>',
                rest[0],
                help=f"read jobs.{job.id}.strategies",
            )
        if len(rest) == 1:
            return self._lookup(path, _RECORD)
        symbol = job.stages.get(rest[1].name)
        if symbol is None:
            if not job.is_complete:
                return POISON
            return self._error(
                "WF313",
                f'job "{job.id}" has no stage with the id "{rest[1].name}"',
                rest[1],
                notes=[Note("the job is defined here", job.span)],
                help=did_you_mean(rest[1].name, job.stages)
                or self._listing("its stage ids are", job.stages)
                or "give the stage that is meant an id",
            )
        return self._stage_record(path, symbol, rest[1:])

    def _stage_record(
        self, path: Path, symbol: StageSymbol, rest: Sequence[Segment]
    ) -> Typed:
        """`rest` begins with the stage's id."""
        if len(rest) == 1:
            return self._lookup(path, _RECORD)
        part = rest[1].name
        if part not in _RECORD_KEYS:
            return self._error(
                "WF318",
                f'the record of stage "{symbol.id}" has no "{part}"',
                rest[1],
                help=(
                    f'write "outputs.{part}"'
                    if _has_key(symbol.outputs, part)
                    else did_you_mean(part, _RECORD_KEYS)
                    or f"it has {', '.join(_RECORD_KEYS)}"
                ),
            )
        if part != "outputs":
            return self._part(path, rest[1:])
        outputs = rest[2:]
        optional = any(segment.optional for segment in path.segments)
        # those of a stage that was skipped are an empty map, which can be read as a whole
        is_whole = symbol.may_skip and not outputs
        if symbol.is_container or optional or is_whole:
            checked = self._descend(
                Typed(ir.Outputs(symbol.function), symbol.outputs),
                path,
                outputs,
                rest[1],
            )
            return POISON if checked is POISON else self._lookup(path, checked.type)
        typed = Typed(ir.Outputs(symbol.function), symbol.outputs)
        return self._descend(typed, path, outputs, rest[1])

    def _part(self, path: Path, rest: Sequence[Segment]) -> Typed:
        """`rest` begins with what a record holds beside its outputs."""
        part, *below = rest
        if part.name != "status":
            return self._lookup(path, UNKNOWN if below else _RECORD)
        status = Typed(ir.Lookup((part.name,), False), STATUS)
        checked = self._descend(status, path, below, part)
        return POISON if checked is POISON else self._lookup(path, checked.type)

    # --- below a value ---

    def _descend(
        self, value: Typed, path: Path, rest: Sequence[Segment], last: Segment
    ) -> Typed:
        """A way that may end early, at a `?`, is looked up in the context."""
        may_be_missing = is_looked_up = False
        for segment in rest:
            if last.optional and is_optional(value.type):
                may_be_missing = True
                value = Typed(value.expr, without_none(value.type))
            may_be_missing |= segment.optional and not _is_there(value.type, segment)
            # a map may have the number itself as its key (language.md 4.2)
            is_looked_up |= segment.name.isdigit() and not self.scope.in_release
            value = self._step(value, segment, last)
            if value is POISON:
                return POISON
            last = segment
        if may_be_missing or is_looked_up:
            return self._lookup(path, value.type)
        return value

    def _step(self, value: Typed, segment: Segment, last: Segment) -> Typed:
        if is_optional(value.type) and value.type != UNKNOWN:
            return self._error(
                "WF441",
                f'"{last.name}" may be None, so it cannot be asked for "{segment.name}"',
                segment,
                help=f'write "{last.name}?.{segment.name}"',
            )
        type_ = without_none(value.type)
        key = ir.Index(value.expr, ir.Const(segment.name))
        match type_:
            case RecordType():
                return self._field(value, type_, segment, last)
            case MapType(_, item):
                return Typed(key, item)
            case _ if type_ == UNKNOWN or _may_have_parts(type_):
                return Typed(key, UNKNOWN)
            case _ if segment.name in attributes_of(type_):
                return Typed(
                    ir.Attribute(value.expr, segment.name),
                    attributes_of(type_)[segment.name],
                )
        return self._error(
            "WF442",
            f'"{last.name}" is {in_words(type_)}, which has no "{segment.name}"',
            segment,
            help=_help_for_part(type_, segment.name),
        )

    def _field(
        self, value: Typed, record: RecordType, segment: Segment, last: Segment
    ) -> Typed:
        field = record.field(segment.name)
        if field is not None:
            return Typed(ir.Index(value.expr, ir.Const(segment.name)), field.type)
        if record.extra or segment.optional:
            return Typed(ir.Index(value.expr, ir.Const(segment.name)), UNKNOWN)
        keys = [each.key for each in record.fields]
        return self._error(
            "WF440",
            no_key(segment.name, last.name),
            segment,
            help=key_help(segment.name, keys, of=last.name),
        )

    # --- small parts ---

    def _lookup(self, path: Path, type_: Type = UNKNOWN) -> Typed:
        names = tuple(segment.name for segment in path.segments)
        optional = any(segment.optional for segment in path.segments)
        type_ = union((type_, NONE)) if optional else type_
        return Typed(ir.Lookup(names, optional), type_)

    def _listing(self, lead: str, names: Iterable[str]) -> str | None:
        shown = list(names)
        if not shown:
            return None
        more = f", ... ({len(shown)} in all)" if len(shown) > 8 else ""
        return f"{lead} {', '.join(shown[:8])}{more}"

    def _error(
        self,
        code: str,
        message: str,
        segment: Segment,
        *,
        notes: Iterable[Note] = (),
        help: str | None = None,
    ) -> Typed:
        span = self.scalar.span_of(segment.start, segment.end)
        self.diagnostics.error(code, message, span, notes=notes, help=help)
        return POISON


def _may_have_parts(type_: Type) -> bool:
    """Whether one of several types is a map."""
    return isinstance(type_, UnionType) and any(
        isinstance(each, MapType | RecordType) for each in type_.members
    )


def _has_key(type_: Type, key: str) -> bool:
    return isinstance(type_, RecordType) and type_.field(key) is not None


def _is_there(type_: Type, segment: Segment) -> bool:
    """Whether a value of this type has the part for sure."""
    if isinstance(type_, RecordType):
        field = type_.field(segment.name)
        return field is not None and field.required
    return segment.name in attributes_of(type_)


def _help_for_part(type_: Type, name: str) -> str | None:
    if isinstance(type_, ListType):
        return "read an element with getindex(0) or [0]"
    return f'call it: "{name}()"' if name in methods_of(type_) else None
