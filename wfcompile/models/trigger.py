"""`Schedule` and `On`: when a workflow runs by itself.

The cron fields, intervals and zones stay scalars; `resolve/schedules.py` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Final, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field

from wfcompile.diagnostics import Diagnostic
from wfcompile.models.base import (
    KEY,
    NODE,
    Anything,
    Given,
    NodeModel,
    known_keys,
    meant_key,
)
from wfcompile.models.shape_error import ShapeError, unexpected
from wfcompile.models.values import (
    From,
    Text,
    TextScalar,
    items,
    mapping_of,
    optional,
    word,
)
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode

Gap: TypeAlias = Literal["next", "skip"]
Fold: TypeAlias = Literal["first", "both"]
DayMatch: TypeAlias = Literal["any", "all"]

_REFERENCE: Final = "\0reference"
_MISTAKES: Final = "\0mistakes"


def _weekday(node: Node) -> Scalar:
    """Text; which one is looked at where the schedule is made."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node
    raise unexpected(
        node, "a day of the week", help="write one such as monday, or a cronjob"
    )


_day_match = word(*get_args(DayMatch), also={"either": "any", "both": "all"})


class Schedule(NodeModel):
    """One entry of `on`, or a named schedule (language.md section 9, differences D22).

    Attributes:
        key: the name of a named schedule.
        cronjob, timezone, interval, day, time: text; either `cronjob` or `interval` is there.
        gap: what becomes of a time that the zone's clock leaves out, `fold` of one that it shows
            twice; None is the default of each.
        day_match: whether any or all of two restricted day fields must fit.
        reference: the name of a named schedule; then all others are None.
        extras: options for how the interpreter prints the entry; not used.
        mistakes: what was found in a named schedule; then there is nothing else.
    """

    noun: ClassVar[str] = "schedule"
    synonyms: ClassVar[Mapping[str, str]] = {"tz": "timezone"}

    key: TextScalar | None = Field(None, alias=KEY)
    node: Anything = Field(alias=NODE)
    cronjob: TextScalar | None = Field(None, alias="cronjob")
    interval: TextScalar | None = Field(None, alias="interval")
    day: Annotated[Scalar | None, From(optional(_weekday))] = Field(None, alias="day")
    time: TextScalar | None = Field(None, alias="time")
    timezone: TextScalar | None = Field(None, alias="timezone")
    gap: Annotated[Gap | None, From(word(*get_args(Gap)))] = Field(None, alias="gap")
    fold: Annotated[Fold | None, From(word(*get_args(Fold)))] = Field(
        None, alias="fold"
    )
    day_match: Annotated[DayMatch | None, From(_day_match)] = Field(
        None, alias="day-match"
    )
    params: Annotated[
        MappingNode | None, From(mapping_of("a mapping of params to values"))
    ] = Field(None, alias="params")
    extras: Anything | None = Field(None, alias="extras")
    reference: TextScalar | None = Field(None, alias=_REFERENCE)
    mistakes: Annotated[tuple[Diagnostic, ...], From(lambda found: found)] = Field(
        (), alias=_MISTAKES
    )

    @classmethod
    def broken(cls, entry: Entry, mistakes: tuple[Diagnostic, ...]) -> Schedule:
        """What stands for a named schedule with mistakes where it is named."""
        return cls.model_construct(key=entry.key, node=entry.value, mistakes=mistakes)

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        """A text is the name of a named schedule."""
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return {_REFERENCE: node}
        return None

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF105 (neither kind), WF114 (both, or a key of the other one)."""
        if "cronjob" not in given and "interval" not in given:
            yield ShapeError(
                "WF105",
                'needs "cronjob" or "interval"',
                given.span,
                subject=given.subject,
                help='add one: cronjob: "30 2 * * *", or interval: daily',
            )
        for key in ("interval", "day", "time") if "cronjob" in given else ():
            entry = node.entry(key)
            if entry is not None:
                yield ShapeError(
                    "WF114",
                    f'with a "cronjob" has no "{key}"',
                    entry.key.span,
                    subject=given.subject,
                    help="say all of it in the cronjob, or use an interval",
                )


class On(NodeModel):
    """`on` in all its forms: a list, a name, one entry, `{schedule: [...], release: [...]}`."""

    noun: ClassVar[str] = "on block"
    elsewhere: ClassVar[Mapping[str, str]] = dict.fromkeys(
        known_keys(Schedule), 'put it into an entry of the list below "schedule"'
    )

    node: Anything = Field(alias=NODE)
    schedule: Annotated[
        tuple[Schedule, ...], BeforeValidator(items("a list of schedules"))
    ] = Field((), alias="schedule")
    release: Annotated[
        tuple[Text, ...], BeforeValidator(items("a list of workflow names"))
    ] = Field((), alias="release")

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        if isinstance(node, SequenceNode):
            return {"schedule": node}
        if _is_entry(node):
            return {"schedule": SequenceNode((node,), node.span)}
        if isinstance(node, Scalar):
            help = 'write - cronjob: "30 2 * * *" below it'
            raise unexpected(node, "a list of schedules", help=help)
        return None


def _is_entry(node: Node) -> bool:
    """Whether the schedule stands there by itself, without a list around it."""
    if not isinstance(node, MappingNode):
        return isinstance(node, Scalar) and isinstance(node.value, str)
    keys = [entry.key.text for entry in node]
    if any(meant_key(key, known_keys(On)) for key in keys):
        return False
    return any(meant_key(key, known_keys(Schedule)) for key in keys)
