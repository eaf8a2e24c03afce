"""Mistakes in what templates refer to, and in who may read what."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.mistakes.document import Document, Edit, entries, misspelt, span
from tests.mistakes.kinds import kind

# --- the parts of templates ---


def _part(
    d: Document, chance: random.Random, *before: str, root: str = ""
) -> Iterator[Edit]:
    """The part behind those; `*` is any one."""
    for template in d.templates:
        parts = template.parts
        if root and parts[0] != root or len(parts) <= len(before):
            continue
        if all(b in ("*", part) for b, part in zip(before, parts, strict=False)):
            start, end = template.place(len(before))
            if "?" not in template.whole[1]:
                for name in misspelt(d.text[start:end], chance):
                    yield d.replace(start, end, name)


@kind
def misspelt_param_in_a_template(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _part(d, chance, "params")


@kind
def misspelt_root_of_a_template(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _part(d, chance)


@kind
def misspelt_job_in_a_template(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _part(d, chance, "jobs")


@kind
def misspelt_part_of_a_job(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _part(d, chance, "jobs", "*")


@kind
def misspelt_stage_in_a_template(d: Document, chance: random.Random) -> Iterator[Edit]:
    yield from _part(d, chance, "stages")
    yield from _part(d, chance, "jobs", "*", "stages")


@kind
def misspelt_part_of_a_stage(d: Document, chance: random.Random) -> Iterator[Edit]:
    yield from _part(d, chance, "stages", "*")
    yield from _part(d, chance, "jobs", "*", "stages", "*")


@kind
def misspelt_output(d: Document, chance: random.Random) -> Iterator[Edit]:
    yield from _part(d, chance, "stages", "*", "outputs")
    yield from _part(d, chance, "jobs", "*", "stages", "*", "outputs")


@kind
def misspelt_matrix_key(d: Document, chance: random.Random) -> Iterator[Edit]:
    return _part(d, chance, "matrix")


@kind
def misspelt_filter(d: Document, chance: random.Random) -> Iterator[Edit]:
    for found in d.replace_all(r"(?<=\| )[a-z]{4,}(?=[^|\n]*\}\})", r"\g<0>"):
        for name in misspelt(found.new, chance):
            yield d.replace(found.start, found.end, name)


# --- who may read what ---


@kind
def need_of_itself(d: Document, chance: random.Random) -> Iterator[Edit]:
    for job in d.jobs:
        own = entries(job.value)
        if "needs" in own:
            yield d.set(own["needs"].value, f'["{job.name}"]')


@kind
def circle_of_needs(d: Document, chance: random.Random) -> Iterator[Edit]:
    for job in d.jobs:
        for needed in d.needs(job):
            target = next(each for each in d.jobs if each.name == needed)
            first = next(iter(entries(target.value).values()), None)
            if first is not None and not d.needs(target):
                for edit in d.add(first, f'needs: ["{job.name}"]'):
                    # the place to mend is either of the two
                    after_start, _ = span(entries(job.value)["needs"].value)
                    after = d.line(after_start)
                    further = after + edit.new.count("\n") * (edit.start < after_start)
                    yield Edit(edit.start, edit.end, edit.new, edit.lines | {further})


@kind
def reading_a_job_that_is_not_needed(
    d: Document, chance: random.Random
) -> Iterator[Edit]:
    for job in d.jobs:
        own = entries(job.value)
        for needed in d.needs(job):
            if len(d.needs(job)) == 1 and "stages" in own:
                pattern = rf"jobs\.{re.escape(needed)}\."
                begin = d.line(span(own["needs"].value)[0])
                for line in d.first(pattern, own["stages"].value):
                    yield from d.drop(own["needs"], line - (begin < line))


@kind
def reading_a_later_stage(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        later = [
            entries(each).get("id") for each in stage.siblings[stage.position + 1 :]
        ]
        named = [
            each.text for each in later if each is not None and each.text.isalpha()
        ]
        if "echo" in stage.entries and named:
            text = f'"${{{{ stages.{named[0]}.outputs }}}}"'
            yield d.set(stage.entries["echo"].value, text)
