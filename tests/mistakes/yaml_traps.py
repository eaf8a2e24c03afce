"""Mistakes in the YAML itself."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.mistakes.document import Document, Edit, entries, span
from tests.mistakes.kinds import kind, planted, replaced

replaced("tab for an indent", r"^ {8}(?=- name: )", "\t")
replaced("key without a space", r"(?<=^  type):\s", ":")
replaced("key without a colon", r"(?<=^  type):", "")
replaced("colon in a text", r"(?<=          echo: )([a-z]+)", r"\1: more")
replaced("anchor that is not there", r"(?<=          echo: )[a-z]", "*all ")
replaced("reserved character", r"(?<=          echo: )[a-z]", "@a")
replaced("percent sign", r"(?<=          echo: )[a-z]", "%a")
replaced("unquoted brace", r"(?<=          echo: )[a-z]", "{{ a")
replaced("bracket in YAML that is not closed", r"(?<=needs: )\[([\w-]+)\]$", r"[\1")
replaced("quote in YAML that is not closed", r"(?<=- name: )(\w+)$", r'"\1')
replaced("quote in the midst", r"(?<=- name: )(\w+)$", r'"\1" more')
replaced("unknown escape", r"(?<=- name: )(\w+)$", r'"\\\1\\q"')
replaced(
    "list for jobs",
    r"(?<=^  jobs:\n)    (?=[\w-]+:\n(      .*\n|\s*\n)*(?=\S|\Z))",
    "  - ",
)
replaced("stage that is a text", r"^( +)- name: (\w+)$", r"\1- text\n\g<0>")
planted("number for an echo", "echo: 5.10", at=1)
planted("truth value for a command", "bash: true", at=1)
planted("number for a block", "run: 5", at=1)
planted("mapping for a text", "echo: {a: b}", at=1)
planted("number in an environment", "bash: env", "env: {A: {b: 1}}", at=2)
planted("octal number", "echo: a", "sleep: 0o10", at=2)


@kind
def wrong_indent_of_a_key(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        found = list(stage.entries.values())
        for first, entry in zip(found, found[1:], strict=False):
            if not entry.owner.flow_style:
                start, _ = span(entry.key)
                yield d.replace(start, start, " ", d.line(span(first.key)[0]))


@kind
def too_little_indent(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        for entry in list(stage.entries.values())[1:]:
            if not entry.owner.flow_style:
                start, _ = span(entry.key)
                yield d.replace(start - 1, start, "")


@kind
def null_for_a_value(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        for name in ("run", "bash", "uses", "foreach", "until", "trigger"):
            entry = stage.entries.get(name)
            if entry is not None and d.line(span(entry.value)[0]) == d.line(
                span(entry.value)[1]
            ):
                yield d.set(entry.value, "")


@kind
def name_left_out(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        name = stage.entries.get("name")
        following = list(stage.entries.values())[1:2]
        if name is not None and following:
            start = name.key.start_mark.index
            end = following[0].key.start_mark.index
            yield Edit(start, end, "", frozenset({d.line(start)}))


@kind
def jobs_left_out(d: Document, chance: random.Random) -> Iterator[Edit]:
    for workflow in d.workflows:
        jobs = entries(workflow.value).get("jobs")
        if jobs is not None:
            yield d.set(jobs.key, "job")
