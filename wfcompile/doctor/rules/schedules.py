"""D21 and D22: when a workflow runs by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wfcompile.diagnostics import Note
from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import WorkflowPlace, entries_of, items_of, text_of
from wfcompile.doctor.rules.known import Known
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode

_UTC = frozenset(("UTC", "Etc/UTC"))


def zones(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D21: the zone of an entry; in UTC the two agree."""
    for entry in _scheduled(workflow):
        zone = _text(entry, "timezone") or _text(entry, "tz")
        if zone is not None and zone.text not in _UTC:
            yield differs(
                "D21",
                f'a release is checked in the zone "{zone.text}"; '
                "the interpreter checks it in UTC",
                zone.span,
                help="pass the time of a release with its offset",
            )


def releases(workflows: Sequence[WorkflowPlace]) -> Iterator[Finding]:
    """D21: what holds for every workflow that has releases, told once a project."""
    found = [
        on.key.span
        for workflow in workflows
        if (on := workflow.node.entry("on")) is not None and _scheduled(workflow)
    ]
    if not found:
        return
    told = differs(
        "D21",
        "a release that failed may run again, and a slot is a minute; "
        "the interpreter skips it, and a slot is a second",
        found[0],
        help="look whether the stages may run twice for one slot",
    )
    others = "" if len(found) == 2 else "s"
    note = Note(f"so it is for {len(found) - 1} more workflow{others} with a schedule")
    yield replace(told, notes=(note,)) if len(found) > 1 else told


def shapes(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D22: forms of `on` that the interpreter refuses or does not see."""
    on = workflow.node.entry("on")
    if on is None:
        return
    if isinstance(on.value, SequenceNode):
        there = "the interpreter refuses a list"
    elif isinstance(on.value, Scalar):
        there = "the interpreter refuses a name"
    elif isinstance(on.value, MappingNode) and on.value.get("schedule") is None:
        there = "the interpreter sees no schedule in it"
    else:
        return
    if _entries(on.value):
        yield differs(
            "D22", f'"on" has a schedule; {there}', on.key.span, help="keep it"
        )


def intervals(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D22: `time` of an interval, unless hour and minute are the same number."""
    for entry in _scheduled(workflow):
        time = _text(entry, "time")
        if time is None or _text(entry, "interval") is None:
            continue
        hour, _, minute = time.text.partition(":")
        if hour.isdigit() and minute.isdigit() and int(hour) != int(minute):
            yield differs(
                "D22",
                f'"{time.text}" is hour and minute; the interpreter swaps them',
                time.span,
                help="keep it if it is the time of the day that is meant",
            )


def searches(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D22: `?`, months and years, with which the interpreter's next run is wrong."""
    for entry in _scheduled(workflow):
        cronjob = _text(entry, "cronjob")
        fields = cronjob.text.split() if cronjob else []
        if cronjob is None or len(fields) not in (5, 6):
            continue
        there = ""
        if "?" in fields:
            there = 'finds no next run where there is a "?"'
        elif fields[3] != "*" or len(fields) == 6:
            there = "finds a wrong one when a year ends before it"
        if there:
            yield differs(
                "D22",
                f"the next run is that of cron; the interpreter {there}",
                cronjob.span,
                help="keep it",
            )


def clock_changes(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D22: a zone with summer time; every hour of the day fires in both."""
    for entry in _scheduled(workflow):
        cronjob = _text(entry, "cronjob")
        zone = _text(entry, "timezone") or _text(entry, "tz")
        fields = cronjob.text.split() if cronjob else []
        if zone is None or fields[1:2] in ([], ["*"]) or not _changes(zone.text):
            continue
        if any(field.startswith("*") for field in fields[:2]):
            what = (
                "times that the clock leaves out do not fire, and those that it shows "
                "twice fire twice; the interpreter has each once"
            )
        else:
            what = (
                "a time that the clock leaves out fires right behind the gap; the "
                "interpreter has it as if the clock had not changed"
            )
        help = "take times that no change of the clock moves, or UTC"
        yield differs("D22", what, zone.span, help=help)


def _changes(zone: str) -> bool:
    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    months = (datetime(_ANY_YEAR, month, 1, tzinfo=info) for month in range(1, 13))
    return len({month.utcoffset() for month in months}) > 1


_ANY_YEAR = 2024


def entry_params(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D22: `params` of an entry, a key that the interpreter does not have."""
    for entry in _scheduled(workflow):
        params = entry.entry("params") if isinstance(entry, MappingNode) else None
        if params is not None and entries_of(params.value):
            yield differs(
                "D22",
                "the runs of this schedule get these params; the interpreter ignores them",
                params.key.span,
                help="keep them if they are meant",
            )


def _scheduled(workflow: WorkflowPlace) -> tuple[Node, ...]:
    """The entries that the interpreter reads too."""
    on = workflow.node.get("on")
    return items_of(on.get("schedule")) if isinstance(on, MappingNode) else ()


def _entries(on: Node | None) -> tuple[Node, ...]:
    if isinstance(on, SequenceNode):
        return on.items
    if not isinstance(on, MappingNode):
        return (on,) if isinstance(on, Scalar) and on.value is not None else ()
    schedule = on.get("schedule")
    if schedule is not None:
        return items_of(schedule)
    is_entry = any(on.get(key) is not None for key in ("cronjob", "interval"))
    return (on,) if is_entry else ()


def _text(entry: Node, key: str) -> Scalar | None:
    return text_of(entry, key) if isinstance(entry, MappingNode) else None
