"""`Workflow`: the body of a top-level entry with `type: Workflow`.

Source: language.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field

from wfcompile.models.base import (
    KEY,
    NODE,
    Anything,
    Given,
    Here,
    NodeModel,
    other_name,
)
from wfcompile.models.concurrency import Concurrency
from wfcompile.models.hooks import Hooks, Ping
from wfcompile.models.job import Job
from wfcompile.models.missed import Missed
from wfcompile.models.param import Param
from wfcompile.models.shape_error import ShapeError
from wfcompile.models.stage import Shell
from wfcompile.models.trigger import On, Schedule
from wfcompile.models.values import (
    Description,
    From,
    Seconds,
    Text,
    TextScalar,
    entries,
    items,
    mapping,
    name_of,
)
from wfcompile.nodes import MappingNode, Scalar
from wfcompile.source import Span

_WHOLE: Final = "\0whole"


class Workflow(NodeModel):
    """One workflow.

    Attributes:
        is_whole: False when its shape has errors: parts of it are missing then.
    """

    noun: ClassVar[str] = "workflow"
    elsewhere: ClassVar[Mapping[str, str]] = {
        "stages": '"stages" belongs to a job: put it below "jobs" and a job id',
        "needs": '"needs" belongs to a job',
        "strategy": '"strategy" belongs to a job',
        "schedule": '"schedule" belongs below "on"',
        "group": '"group" belongs below "concurrency"',
        "window": '"window" belongs below "missed"',
        "cronjob": '"cronjob" belongs below "on"',
        "env": '"env" is for stages with "bash"',
    }

    key: Annotated[Scalar, From(name_of("a workflow's name"))] = Field(alias=KEY)
    node: Here = Field(alias=NODE)
    type: Anything = Field(alias="type")
    written_name: Anything | None = Field(None, alias="name")
    desc: Description = Field(None, alias="desc")
    on: On | None = Field(None, alias="on")
    params: Annotated[
        tuple[Param, ...],
        BeforeValidator(
            entries(
                "a mapping of names to types",
                help="write each param as name: type",
            )
        ),
    ] = Field((), alias="params")
    jobs: Annotated[
        tuple[Job, ...],
        BeforeValidator(
            entries(
                "a mapping of job ids to jobs",
                help='write each job below its id, without "- "',
                with_doubles=True,
            )
        ),
    ] = Field((), alias="jobs")
    tags: Annotated[tuple[Text, ...], BeforeValidator(items("a list of text"))] = Field(
        (), alias="tags"
    )
    extras: Annotated[MappingNode | None, From(mapping("a mapping"))] = Field(
        None, alias="extras"
    )
    timeout_s: Seconds | None = Field(None, alias="timeout")
    concurrency: Concurrency | None = Field(None, alias="concurrency")
    missed: Missed | None = Field(None, alias="missed")
    on_failure: Hooks = Field((), alias="on-failure")
    on_success: Hooks = Field((), alias="on-success")
    ping: Ping | None = Field(None, alias="ping")
    shell: Shell | None = Field(None, alias="shell")
    working_directory: TextScalar | None = Field(None, alias="working-directory")
    is_whole: Annotated[bool, From(lambda value: value)] = Field(True, alias=_WHOLE)

    @property
    def name(self) -> str:
        return self.key.text

    @property
    def name_span(self) -> Span:
        return self.key.span

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        return self.on.schedule if self.on else ()

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF114: nothing can be missed, or each catch-up is cancelled by the next start."""
        yield from other_name("name", given)
        missed = node.entry("missed")
        if missed is None:
            return
        if "on" not in given:
            yield ShapeError(
                "WF114",
                'without "on" has no "missed"',
                missed.key.span,
                subject=given.subject,
                help="remove it, or add a schedule: what has none misses nothing",
            )
            return
        policies = _policy(node, "missed"), _policy(node, "concurrency")
        if policies == ("all", "cancel"):
            yield ShapeError(
                "WF114",
                'with the concurrency "cancel" has no "missed: all"',
                missed.key.span,
                subject=given.subject,
                help="each start would cancel what the one before catches up: write "
                "missed: last, or concurrency: queue",
            )


def _policy(node: MappingNode, key: str) -> str | None:
    """That of `key: policy`, or of `key: {policy: ...}`."""
    entry = node.entry(key)
    value = None if entry is None else entry.value
    if isinstance(value, MappingNode):
        entry = value.entry("policy")
        value = None if entry is None else entry.value
    return value.text if isinstance(value, Scalar) else None
