"""Mistakes in names: keys, types, callers, ids."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator

from yaml.nodes import ScalarNode, SequenceNode

from tests.mistakes.document import Document, Edit, Entry, entries, misspelt, span
from tests.mistakes.kinds import kind

_ALIASES = ("trigger-rule", "max-parallel", "fail-fast", "max-workers", "max-loop")
_INNER = ("params", "with", "env", "parallel", "vars")


def _keys(
    document: Document, found: Iterable[Entry], chance: random.Random
) -> Iterator[Edit]:
    for entry in found:
        for name in misspelt(entry.name, chance):
            yield document.set(entry.key, name)


def _scalar(
    document: Document, node: object, chance: random.Random, *others: int
) -> Iterator[Edit]:
    if isinstance(node, ScalarNode) and not node.style:
        for name in misspelt(str(node.value), chance):
            yield document.set(node, name, *others)


@kind
def misspelt_key_of_a_workflow(d: Document, chance: random.Random) -> Iterator[Edit]:
    found = (each for w in d.workflows for each in entries(w.value).values())
    return _keys(d, (each for each in found if each.name != "type"), chance)


@kind
def misspelt_key_of_a_job(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _keys(d, (e for job in d.jobs for e in entries(job.value).values()), chance)


def _strategies(d: Document) -> Iterator[dict[str, Entry]]:
    for job in d.jobs:
        own = entries(job.value)
        if "strategy" in own:
            yield entries(own["strategy"].value)


@kind
def misspelt_key_of_a_strategy(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _keys(d, (each for s in _strategies(d) for each in s.values()), chance)


@kind
def misspelt_key_of_a_stage(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _keys(d, (each for s in d.stages for each in s.entries.values()), chance)


@kind
def misspelt_key_of_a_param(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _keys(d, (e for p in d.params for e in entries(p.value).values()), chance)


@kind
def misspelt_key_of_a_schedule(d: Document, chance: random.Random) -> Iterator[Edit]:
    for workflow in d.workflows:
        on = entries(workflow.value).get("on")
        if on is not None and isinstance(on.value, SequenceNode):
            for item in on.value.value:
                yield from _keys(d, entries(item).values(), chance)


@kind
def underscores_in_a_key(d: Document, chance: random.Random) -> Iterator[Edit]:
    for job in d.jobs:
        own = entries(job.value)
        inner = entries(own["strategy"].value) if "strategy" in own else {}
        for name, entry in (*own.items(), *inner.items()):
            if name in _ALIASES:
                yield d.set(entry.key, name.replace("-", "_"))


@kind
def capital_in_a_key(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        for name, entry in stage.entries.items():
            yield d.set(entry.key, name.capitalize())


@kind
def misspelt_type_of_a_param(d: Document, chance: random.Random) -> Iterator[Edit]:
    for param in d.params:
        own = entries(param.value)
        node = own["type"].value if "type" in own else param.value
        yield from _scalar(d, node, chance)


@kind
def misspelt_type_of_a_workflow(d: Document, chance: random.Random) -> Iterator[Edit]:
    return d.replace_all(r"(?<=^  type: )Workflow$", "Worklfow")


@kind
def misspelt_trigger_rule(d: Document, chance: random.Random) -> Iterator[Edit]:
    for job in d.jobs:
        own = entries(job.value)
        if "trigger-rule" in own:
            yield from _scalar(d, own["trigger-rule"].value, chance)


@kind
def misspelt_need(d: Document, chance: random.Random) -> Iterator[Edit]:
    for job in d.jobs:
        own = entries(job.value)
        if "needs" in own and isinstance(own["needs"].value, SequenceNode):
            for node in own["needs"].value.value:
                yield from _scalar(d, node, chance)


@kind
def misspelt_caller(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _in_uses(d, r"(?<=/)[\w-]+(?=@)", lambda name: misspelt(name, chance))


@kind
def misspelt_module_of_callers(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _in_uses(d, r"\w+(?=/)", lambda name: misspelt(name, chance))


@kind
def unknown_tag_of_a_caller(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _in_uses(d, r"(?<=@)\w+", lambda name: [f"{name}0"])


@kind
def caller_without_a_tag(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _in_uses(d, r"@\w+", lambda _: [""])


def _in_uses(
    d: Document, pattern: str, spellings: Callable[[str], Iterable[str]]
) -> Iterator[Edit]:
    for edit in d.replace_all(r"(?<=uses: )[^\s,}]+", r"\g<0>"):
        for part in d.replace_all(pattern, r"\g<0>"):
            if edit.start <= part.start and part.end <= edit.end:
                for name in spellings(part.new):
                    yield d.replace(part.start, part.end, name)


@kind
def misspelt_argument(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        if "uses" in stage.entries and "with" in stage.entries:
            inner = entries(stage.entries["with"].value)
            # the other ones take arguments of any name
            if not re.search("any-|numbers|shows", stage.entries["uses"].text):
                yield from _keys(d, inner.values(), chance)


@kind
def misspelt_workflow_of_a_trigger(
    d: Document, chance: random.Random
) -> Iterator[Edit]:
    for stage in d.stages:
        if "trigger" in stage.entries:
            yield from _scalar(d, stage.entries["trigger"].value, chance)


@kind
def misspelt_param_of_a_trigger(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        if "trigger" in stage.entries and "params" in stage.entries:
            inner = entries(stage.entries["params"].value)
            yield from _keys(d, inner.values(), chance)


# --- ids ---


@kind
def id_twice(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        for other in stage.siblings[: stage.position]:
            first = entries(other).get("id")
            if first is not None and stage.id:
                own = stage.entries["id"]
                yield d.set(own.value, d.text[slice(*span(first.value))])


@kind
def job_twice(d: Document, chance: random.Random) -> Iterator[Edit]:
    for first, second in zip(d.jobs, d.jobs[1:], strict=False):
        if first.owner is second.owner:
            yield d.set(second.key, d.text[slice(*span(first.key))])


@kind
def key_of_a_stage_twice(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        if "id" in stage.entries:
            yield from d.add(stage.entries["id"], "id: another")
