"""Outputs of stages that may be skipped, read where that is not asked for; adds WF546.

The read is told of only where nothing makes the stage run for sure: neither a condition that holds
at the place of the read, nor the trigger rules of the jobs between. Who looks at the record of the
stage, at its status or with a `?`, knows what may come.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wfcompile import ir
from wfcompile.checks.guards import Guards, Read, implied, lookups, reads
from wfcompile.checks.places import JobPlace, StagePlace
from wfcompile.diagnostics import Diagnostics, Note
from wfcompile.expressions.nodes import Path
from wfcompile.expressions.parser import parse_condition, parse_text
from wfcompile.lower.shell_values import paths_of
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode
from wfcompile.source import Span

_DECIDES = re.compile(r"\b(?:if|try|and|or|while|for|def|lambda|match)\b")
"""Words of a block that may keep a template of it from being read."""
_NEVER_SKIPPED = frozenset(["all_success", "none_skipped", "all_failed"])
_INSIDE = frozenset(["stages", "match", "parallel"])


@dataclass(frozen=True, slots=True)
class _Source:
    """A stage with a condition, or in a job that may be skipped."""

    job: JobPlace
    stage: StagePlace


@dataclass(frozen=True, slots=True)
class _Reader:
    """`ran`: the jobs that were not skipped when this one runs."""

    job: JobPlace
    stage: StagePlace
    ran: Collection[str]

    @property
    def guards(self) -> Guards:
        own = self.stage.ir.condition
        return self.stage.guards if own is None else (*self.stage.guards, own)

    def reads(self) -> Iterator[Read]:
        own, body = self.stage.ir.condition, self.stage.ir.body
        yield from reads(own, self.stage.guards)
        if _decides_itself(body):
            return
        # what a condition reads is there when it holds
        there = {read.function for guard in self.guards for read in reads(guard, ())}
        for read in reads((body, self.stage.ir.id), self.guards):
            if read.function not in there:
                yield read

    def may_miss(self, read: Read, source: _Source) -> bool:
        if self._asks_for(source):
            return False
        return not all(
            each is not None and implied(each, read.guards, self.stage.domain)
            for each in _conditions(source, source.job.model.id in self.ran)
        )

    def _asks_for(self, source: _Source) -> bool:
        """Whether it looks at the record of the stage, or of its job."""
        record, job = self.record(source), ("jobs", source.job.model.id)
        return any(
            path[: len(record)] == record
            or (self.job is not source.job and path[:2] == job)
            for path in lookups((self.stage.ir.body, *self.guards))
        )

    def paths(self, function: str) -> Iterator[tuple[Scalar, Path]]:
        """Those of its templates, or only of its condition where that reads the outputs."""
        model, own = self.stage.model, reads(self.stage.ir.condition, ())
        if model.if_ is not None and any(read.function == function for read in own):
            return _paths(model.if_, "if")
        return _paths(model.node, "")

    def record(self, source: _Source) -> tuple[str, ...]:
        """Where the record of the stage is for this one."""
        own = ("stages", source.stage.ir.key)
        return own if self.job is source.job else ("jobs", source.job.model.id, *own)


def report_skipped_outputs(
    places: Sequence[JobPlace], diagnostics: Diagnostics
) -> None:
    jobs = {place.model.id: place for place in places}
    sources = {
        stage.ir.function: _Source(job, stage)
        for job in places
        for stage in job.all_stages()
    }
    for job in places:
        ran = _never_skipped(job, jobs)
        for stage in job.all_stages():
            reader = _Reader(job, stage, ran)
            told = dict.fromkeys(
                read.function
                for read in reader.reads()
                if reader.may_miss(read, sources[read.function])
            )
            for function in told:
                _report(reader, sources[function], diagnostics)


def _never_skipped(job: JobPlace, jobs: Mapping[str, JobPlace]) -> set[str]:
    """The jobs that were not skipped when this one runs."""
    found = {job.model.id}
    waiting = [job]
    while waiting:
        each = waiting.pop()
        rule, needs = each.ir.trigger_rule, each.ir.needs
        is_sure = rule in _NEVER_SKIPPED or (len(needs) == 1 and rule != "all_done")
        for need in needs if is_sure else ():
            if need not in found:
                found.add(need)
                waiting.append(jobs[need])
    return found


def _decides_itself(body: ir.Body) -> bool:
    if not isinstance(body, ir.BlockBody):
        return False
    return any(_DECIDES.search(line.text) for line in body.lines)


def _conditions(source: _Source, job_ran: bool) -> Iterator[ir.Expr | None]:
    """What must hold for the stage to run; None for what no condition says."""
    if source.stage.ir.condition is not None:
        yield source.stage.ir.condition
    if job_ran:
        return
    if source.job.ir.condition is not None:
        yield source.job.ir.condition
    elif source.job.ir.needs and source.job.ir.trigger_rule != "all_done":
        yield None


# --- what is said ---


def _report(reader: _Reader, source: _Source, diagnostics: Diagnostics) -> None:
    prefix = (*reader.record(source), "outputs")
    for scalar, path in reader.paths(source.stage.ir.function):
        names = tuple(segment.name for segment in path.segments)
        is_optional = any(segment.optional for segment in path.segments)
        if names[: len(prefix)] == prefix and names != prefix and not is_optional:
            span = scalar.span_of(path.start, path.end)
            _say(names[len(prefix)], span, source, diagnostics)


def _say(name: str, span: Span, source: _Source, diagnostics: Diagnostics) -> None:
    stage, job = source.stage, source.job
    is_own = stage.ir.condition is not None
    what = f'stage "{stage.model.name}"' if is_own else f'job "{job.model.id}"'
    condition = stage.model.if_ if is_own else job.model.if_
    diagnostics.warning(
        "WF546",
        f'{what} may be skipped, and then there is no "{name}"',
        span,
        notes=[Note("it runs on this condition", condition.span)] if condition else [],
        help=f'write "{name}? | coalesce(...)", or give both the same "if"',
    )


def _paths(node: Node, key: str) -> Iterator[tuple[Scalar, Path]]:
    """Those of a stage's own templates, without stages inside it."""
    match node:
        case Scalar():
            yield from ((node, path) for path in _scalar_paths(node, key))
        case SequenceNode(items):
            for item in items:
                yield from _paths(item, "")
        case MappingNode():
            for entry in node:
                if entry.key.text not in _INSIDE:
                    yield from _paths(entry.value, entry.key.text)


def _scalar_paths(scalar: Scalar, key: str) -> Iterator[Path]:
    if not isinstance(scalar.value, str):
        return iter(())
    if key in ("if", "until"):
        return paths_of(parse_condition(scalar, Diagnostics()))
    text = parse_text(scalar, Diagnostics(), env=False)
    return paths_of(tuple(hole.tree for hole in text.holes))
