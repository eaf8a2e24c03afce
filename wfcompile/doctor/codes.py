"""What `wfc check` says -> what it means for somebody who comes from the interpreter.

The table is code -> number of the difference. A code that is not here says something that the
interpreter refuses as well, or that only a compiler cares for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wfcompile.diagnostics import Diagnostic
from wfcompile.doctor.finding import Finding, Kind
from wfcompile.doctor.places import (
    StagePlace,
    WorkflowPlace,
    entries_of,
    text_of,
)
from wfcompile.nodes import Entry, MappingNode, Scalar
from wfcompile.source import Span


def _all(number: str, codes: str) -> dict[str, str]:
    return {f"WF{code}": number for code in codes.split()}


NUMBER_OF: Mapping[str, str] = {
    **_all("D4", "381"),
    **_all("D6", "351 353"),
    **_all("D7", "211 241 242 244 245 261 262 263 264 265 266 267 268"),
    **_all("D7", "271 272 273 274 501"),
    **_all("D10", "013 102 103 104 111 114 115 116 117 118 120 342"),
    **_all("D10", "201 202 203 204 205 206 207 208 212 405"),
    **_all("D11", "119 210 240 243 260 310 311 312 313 314 315 317 320 321 380 382"),
    **_all(
        "D11", "383 401 402 403 404 406 407 408 409 410 411 413 414 416 420 421 422"
    ),
    **_all("D11", "430 431 432 433 434 435 440 441 442"),
    **_all("D12", "302 384"),
    **_all("D14", "246 249 250"),
    **_all("D18", "318"),
    **_all("D19", "360"),
    **_all("D22", "336 337 338 340 343 349"),
    **_all("D24", "304"),
    **_all("D28", "316"),
    **_all("D34", "253"),
}
"""Code -> the difference that it is the diagnostic of, wherever it is told."""

_SHAPES = frozenset(("WF105", "WF106", "WF107", "WF108", "WF109"))
"""The interpreter makes an empty stage of them (language.md H-1); elsewhere it refuses them."""
_COMMON_KEYS = frozenset(("name", "id", "desc", "if"))
"""Keys of the empty stage too: both refuse a mistake in them, but in a nested stage it
makes the stage around an empty one there."""
_AT_RUN_TIME = frozenset(("foreach", "max-workers"))
"""Keys that may hold any text there, which then fails."""
_TOLD_BY_RULES = frozenset(("WF254",))
_UNSUPPORTED = frozenset(("WF112",))
_HOSTS = frozenset(("docker", "self_hosted", "container", "aws_batch", "gcp_batch"))
"""What the interpreter loads as `{type: ...}` below `runs-on`."""
_UNCHECKED_DEFAULTS = frozenset(("str", "int", "float", "decimal"))
_SMALL_LANGUAGES = re.compile(r'text that "(awk|gawk|mawk|nawk|sed|gsed)" runs')
_SHORT_FILTER = re.compile(r'no filter is called "\w{1,2}"')


def findings_of(
    diagnostics: Iterable[Diagnostic], workflows: Sequence[WorkflowPlace]
) -> Iterator[Finding]:
    """What the checker has said, with the number of the difference where it is one."""
    for found in diagnostics:
        if found.code in _TOLD_BY_RULES:
            continue
        kind, number = _meaning(found, workflows)
        yield Finding(
            kind,
            number,
            found.code,
            found.severity == "error",
            found.message,
            found.span,
            found.notes,
            found.help,
        )


def _meaning(
    found: Diagnostic, workflows: Sequence[WorkflowPlace]
) -> tuple[Kind, str | None]:
    workflow = next((each for each in workflows if each.holds(found.span)), None)
    if found.code in _UNSUPPORTED:
        return "unsupported", "D25" if _is_loaded_host(found.span, workflow) else None
    number = NUMBER_OF.get(found.code)
    if number == "D11" and found.severity == "warning":
        number = None  # it runs in both, and does the same
    if found.code == "WF262" and _SMALL_LANGUAGES.search(found.message):
        number = "D31"
    elif found.code == "WF430" and found.notes:
        number = "D40"  # against the hints of a custom filter, which may well work
    elif found.code == "WF384" and found.message.endswith("triggers itself"):
        number = "D11"  # the interpreter fails at its own name, and recurses by others
    elif found.code == "WF320" and _SHORT_FILTER.search(found.message):
        number = "D10"  # no expression to the interpreter, so it stays in the text
    elif number is None and workflow is not None:
        number = _number_by_place(found, workflow)
    return ("difference" if number else "mistake"), number


def _number_by_place(found: Diagnostic, workflow: WorkflowPlace) -> str | None:
    around = [each for each in workflow.stages if _begins_in(found.span, each)]
    if found.code in _SHAPES and around:
        return _of_stage(found.span, around[-1])
    if found.code == "WF107":
        return _of_workers(found.span, workflow)
    if found.code == "WF113":
        # in a nested list the later one wins, in the list of a job it is refused
        return "D10" if around and around[-1].is_nested else None
    if found.code == "WF350":
        param = _entry_at(found.span, workflow.node.get("params"))
        type_ = _type(param) if param else ""
        return "D10" if type_ in _UNCHECKED_DEFAULTS else None
    return None


def _begins_in(span: Span, stage: StagePlace) -> bool:
    return span.begins_in(stage.node.span)


def _of_stage(span: Span, stage: StagePlace) -> str | None:
    """The number of a value with the wrong shape; None when both refuse it."""
    entry = _entry_at(span, stage.node)
    key = entry.key.text if entry and entry.key.span != span else ""
    if stage.text("name") is None or key in _COMMON_KEYS:
        return "D10" if stage.is_nested else None
    if key in _AT_RUN_TIME and entry and not _is_whole(entry.value):
        return "D11"
    return "D10"


def _is_whole(node: object) -> bool:
    return isinstance(node, Scalar) and not isinstance(node.value, str)


def _of_workers(span: Span, workflow: WorkflowPlace) -> str | None:
    """`max-parallel`: too many fail at run time, none leave no record."""
    for job in workflow.jobs:
        strategy = job.node.get("strategy")
        entry = _entry_at(span, strategy)
        if entry is not None and entry.key.text == "max-parallel":
            return "D11" if entry.value.span == span and _is_many(entry) else "D10"
    return None


def _is_many(entry: Entry) -> bool:
    node = entry.value
    return (
        isinstance(node, Scalar)
        and node.text.strip("+").isdigit()
        and (int(node.text) > 0)
    )


def _entry_at(span: Span, node: object) -> Entry | None:
    """The entry of a mapping that a place lies in."""
    if not isinstance(node, MappingNode) or not span.begins_in(node.span):
        return None
    before = [each for each in entries_of(node) if each.key.span.start <= span.start]
    return before[-1] if before else None


def _type(param: Entry) -> str:
    type_ = param.value
    if isinstance(type_, MappingNode):
        scalar = text_of(type_, "type")
        return scalar.text if scalar else ""
    return type_.text if isinstance(type_, Scalar) else ""


def _is_loaded_host(span: Span, workflow: WorkflowPlace | None) -> bool:
    for job in workflow.jobs if workflow else ():
        runs_on = job.node.get("runs-on")
        if isinstance(runs_on, MappingNode) and span.begins_in(runs_on.span):
            host = text_of(runs_on, "type")
            if host is None or host.text not in _HOSTS:
                return False
            # without its address it is refused there too
            return host.text != "self_hosted" or runs_on.get("with") is not None
    return False
