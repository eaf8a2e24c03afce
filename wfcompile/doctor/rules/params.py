"""D4, D13, D33, D39: what a run is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import WorkflowPlace, entries_of, text_of
from wfcompile.doctor.rules.known import Known
from wfcompile.models.values import flag_value
from wfcompile.nodes import Entry, MappingNode, Node, Scalar


def absent_params(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D4: params that need not be passed, told once a workflow.

    The interpreter leaves them out, default or not.
    """
    absent = [entry for entry in _params(workflow) if not _is_required(entry)]
    if not absent:
        return
    filled: dict[str, list[str]] = {}
    for entry in absent:
        filled.setdefault(_filled(entry), []).append(entry.key.text)
    told = "; ".join(f"{_listed(names)} {what}" for what, names in filled.items())
    refused = [entry.key.text for entry in absent if _is_refused(entry)]
    there = f", and refuses a run without {_listed(refused)}" if refused else ""
    yield differs(
        "D4",
        f"a param that is not passed is filled in: {told}; "
        f"the interpreter leaves it out{there}",
        absent[0].key.span,
        help='add "required: true" to those that every run must pass',
    )


def _listed(names: Sequence[str]) -> str:
    *most, last = (f'"{name}"' for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def offsets(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D13: params of type datetime."""
    for entry in _params(workflow):
        if _type(entry) == "datetime":
            yield differs(
                "D13",
                f'param "{entry.key.text}" converts a time with an offset to UTC; '
                "the interpreter drops the offset of a text",
                entry.key.span,
                help="pass times in UTC, or without an offset, to get the same",
            )


def decimals(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D33: params of type decimal, which a float may be given for."""
    for entry in _params(workflow):
        if _type(entry) == "decimal":
            yield differs(
                "D33",
                f'param "{entry.key.text}" takes a float by its digits; '
                "the interpreter takes its binary value, and may round otherwise",
                entry.key.span,
                help="pass the number as text to get the same",
            )


def defaults(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D39: defaults that the interpreter takes as they are written, or not at all."""
    for entry in _params(workflow):
        body = entry.value
        default = body.get("default") if isinstance(body, MappingNode) else None
        told = _otherwise(_type(entry), default) if default is not None else None
        if default is not None and told is not None:
            yield differs(
                "D39",
                f'the default of param "{entry.key.text}" is read as a value of the run '
                f"is; the interpreter {told}",
                default.span,
                help="write it as the type has it, or nothing",
            )


def _otherwise(type_: str, default: Node) -> str | None:
    """What the interpreter makes of a default that it does not read as a value."""
    if type_ == "choice":
        return "takes the first option"
    if type_ == "datetime":
        return "gives it no zone"
    if type_ not in _CLASSES or not isinstance(default, Scalar):
        return None
    is_one = isinstance(default.value, _CLASSES[type_])
    return None if is_one else "takes it as it is written"


_CLASSES: Mapping[str, type | tuple[()]] = {
    "str": str,
    "int": int,
    "float": float,
    "decimal": (),
}
"""Of which class a default of a param is when YAML gives what the param gives."""


def _params(workflow: WorkflowPlace) -> tuple[Entry, ...]:
    return entries_of(workflow.node.get("params"))


def _type(entry: Entry) -> str:
    body = entry.value
    type_ = text_of(body, "type") if isinstance(body, MappingNode) else body
    return type_.text if isinstance(type_, Scalar) else ""


def _is_required(entry: Entry) -> bool:
    """Only one that says so."""
    return bool(flag_value(_written_required(entry)))


def _is_refused(entry: Entry) -> bool:
    """By the interpreter: a choice must be passed unless it says no."""
    return _type(entry) == "choice" and _written_required(entry) is None


def _written_required(entry: Entry) -> Node | None:
    body = entry.value
    return body.get("required") if isinstance(body, MappingNode) else None


def _filled(entry: Entry) -> str:
    body, type_ = entry.value, _type(entry)
    default = body.get("default") if isinstance(body, MappingNode) else None
    if default is not None:
        return "its default"
    return {
        "date": "the day of the run's start",
        "datetime": "the run's start",
        "choice": "its first option",
        "map": "an empty map",
        "array": "an empty list",
    }.get(type_, "None")
