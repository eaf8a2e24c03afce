"""The types of the records that stages and jobs leave in the context (language.md 4.2 and 6).

Their keys are known to the compiler alone: in the module they are maps of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wfcompile import ir
from wfcompile.bind.scope import STATUS, JobSymbol, StageSymbol
from wfcompile.types import (
    STR,
    UNKNOWN,
    Field,
    MapType,
    RecordType,
    Type,
    map_of,
)

_TOLD = (
    Field("errors", UNKNOWN, required=False),
    Field("info", UNKNOWN, required=False),
)


def stages_map(symbols: Iterable[StageSymbol], *, extra: bool = False) -> RecordType:
    """id -> record, of the stages of one list.

    Args:
        extra: some of them have ids that the matrix decides.
    """
    fields = [
        Field(each.id, _stage_record(each), required=not each.may_skip)
        for each in symbols
    ]
    return map_of(fields, extra=extra)


def _stage_record(symbol: StageSymbol) -> RecordType:
    return map_of(
        (Field("outputs", symbol.outputs), Field("status", STATUS), *_TOLD),
    )


def nested_record(stages: Type, **own: Type) -> RecordType:
    """The record of an item, a round, a branch or a strategy, with what is its own."""
    values = (Field(name, type_) for name, type_ in own.items())
    return map_of((Field("status", STATUS), *values, Field("stages", stages), *_TOLD))


def strategies_map(matrix: ir.Matrix, stages: Type) -> MapType:
    """Strategy id -> record, of a job with a matrix."""
    values = map_of(Field(e.key, e.type, e.required) for e in matrix.fields)
    return MapType(STR, nested_record(stages, matrix=values))


def jobs_map(jobs: Mapping[str, JobSymbol]) -> RecordType:
    """id -> record, of the jobs of a workflow."""
    return map_of(Field(job.id, _job_record(job)) for job in jobs.values())


def _job_record(job: JobSymbol) -> RecordType:
    is_whole = job.is_complete and job.is_known
    own = (
        Field("strategies", job.strategies)
        if job.has_matrix
        else Field("stages", stages_map(job.stages.values(), extra=not is_whole))
    )
    return map_of((Field("status", STATUS), own, *_TOLD), extra=not is_whole)
