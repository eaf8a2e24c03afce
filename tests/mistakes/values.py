"""Mistakes in values: params, arguments, matrices, schedules, loops."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from yaml.nodes import MappingNode

from tests.mistakes.document import Document, Edit, entries, span
from tests.mistakes.kinds import kind, planted, replaced

# --- params ---

replaced("text for an int", r"(?<=type: int, default: )-?\d+", "three")
replaced("text for a float", r"(?<=type: float, default: )[\d.]+", "much")
replaced("no day of the calendar", r"(?<=default: )2024-0[12]-\d\d(?=\})", "2024-02-30")
replaced("text for an array", r"(?<=type: array, default: )\[.*?\]", "eu")
replaced("text for a map", r"(?<=type: map, default: )\{a: 1\}", "a")
replaced("no list of options", r"options: \[.*?\]", "options: full")
replaced("empty list of options", r"(?<=options: )\[.*?\]", "[]")
replaced("options of another type", r"(?<=type: )choice(?=, options)", "str")
replaced("choice without options", r"\{type: choice, options: \[.*?\]\}", "choice")
replaced("no option as a default", r"(options: \[[^]]*\])\}", r"\1, default: no-such}")
replaced("no truth value", r"(?<=required: )true", "always")
replaced(
    "template in a default", r"(?<=type: str, default: )[a-zA-Z-]+", '"${{ params.x }}"'
)


@kind
def precision_of_a_text(d: Document, chance: random.Random) -> Iterator[Edit]:
    for param in d.params:
        own = entries(param.value)
        if "type" in own and own["type"].text in ("str", "int", "date"):
            yield from d.add(own["type"], "precision: 2")


# --- arguments ---

_REQUIRED = {
    "read-positions": ("path", "desks"),
    "convert": ("positions", "currency", "rates"),
    "write-report": ("path", "day", "headline", "report"),
    "defaults": ("a",),
    "takes-models": ("person", "window", "target"),
    "takes-plain": ("whole", "moment", "flag", "names"),
    "pull-${{ params.mode }}": ("region", "day"),
    "get-api-with-oauth-to-s3": ("method", "url"),
}


@kind
def missing_argument(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        if "uses" in stage.entries and "with" in stage.entries:
            caller = stage.entries["uses"].text.partition("/")[2].partition("@")[0]
            given = entries(stage.entries["with"].value)
            told = d.line(stage.entries["uses"].key.start_mark.index)
            for name in _REQUIRED.get(caller, ()):
                if name in given and len(given) > 1:
                    yield from d.drop(given[name], told)


@kind
def no_arguments(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        if "with" in stage.entries:
            node = stage.entries["with"].value
            own = d.line(stage.entries["uses"].key.start_mark.index)
            takes_any = "any-" in stage.entries["uses"].text
            if isinstance(node, MappingNode) and node.flow_style and not takes_any:
                yield d.set(node, "{}", own)


@kind
def argument_that_the_runtime_gives(
    d: Document, chance: random.Random
) -> Iterator[Edit]:
    for stage in d.stages:
        if "uses" in stage.entries and "with" in stage.entries:
            for entry in entries(stage.entries["with"].value).values():
                yield from d.add(entry, "result: mine")


replaced("text for a number in an argument", r'(?<=whole: )"12"', "twelve")
replaced("text for seconds", r"(?<=seconds: )0", "soon")
replaced("word for a day in an argument", r'(?<=day: )"2024-01-31"', '"yesterday"')
replaced("no value of an enum", r"(?<=colour: )red", "purple")
replaced("no value of a literal", r"(?<=mode: )full$", "fulll")
replaced("text for a list in an argument", r"(?<=names: )\[a, b\]", "7")
replaced("list for a number in an argument", r"(?<=with: )\{a: 1\}", "{a: [1]}")
replaced(
    "template of another type",
    r"(?<=desks: )\$\{\{ params.desks \}\}",
    "${{ params.min-amount }}",
)
replaced("text for a mapping of arguments", r"(?<=rates: ).+", "${{ params.title }}")
replaced("misspelt field of a model", r"street(?=: Main)", "streat")
replaced("param of a trigger of another type", r"(?<=rows: )[23]$", "many")


@kind
def missing_param_of_a_trigger(d: Document, chance: random.Random) -> Iterator[Edit]:
    for stage in d.stages:
        if "trigger" in stage.entries and "params" in stage.entries:
            told = d.line(stage.entries["trigger"].key.start_mark.index)
            params = entries(stage.entries["params"].value)
            if "region" in params and len(params) > 1:
                start = params["region"].key.start_mark.index
                following = list(params.values())[1].key.start_mark.index
                yield Edit(start, following, "", frozenset({told}))


# --- jobs and matrices ---

replaced("need that is a text", r"(?<=needs: )\[([\w-]+)\]", r"{\1: true}")
replaced("no stage list", r"(?<=stages: )\[.*?\]$", "none")
replaced("scalar in a matrix", r"(?<=^          )([\w-]+: )\[.*\]$", r"\1 one")
replaced("empty list in a matrix", r"(?<=matrix: \{)(\w+: )\[.*?\]", r"\1[]")
replaced("unknown key of an exclusion", r"(?<=- \{)(layer|a-key)(?=: \w+, )", "colour")
replaced("exclusion of no row", r"(?<=- \{layer: )raw(?=, format: csv)", "rwa")
replaced("no parallel jobs", r"(?<=max-parallel: )\d", "0")
replaced("text for a truth value", r"(?<=fail-fast: )true", "often")
replaced("text for a truth value in a case", r"(?<=skip-not-match: )true", "sometimes")
replaced("unknown place to run on", r"(?<=runs-on: )local", "moon")
replaced(
    "matrix read without a matrix",
    r"\$\{\{ params\.[\w-]+ \}\}(?=[^\n]*$)",
    "${{ matrix.zone }}",
)


@kind
def exclusion_of_everything(d: Document, chance: random.Random) -> Iterator[Edit]:
    for job in d.jobs:
        strategy = entries(job.value).get("strategy")
        own = entries(strategy.value) if strategy else {}
        keys = entries(own["matrix"].value) if "matrix" in own else {}
        if own.keys() & {"include", "exclude"} or not keys:
            continue
        name, values = next(iter(keys.items()))
        start, end = span(values.value)
        if own["matrix"].owner.flow_style or "\n" in d.text[start:end]:
            continue
        written = d.text[start + 1 : end - 1].split(", ")
        rows = ", ".join(f"{{{name}: {value}}}" for value in written)
        at = own["matrix"].key.start_mark.index
        indent = " " * own["matrix"].key.start_mark.column
        line = f"exclude: [{rows}]\n{indent}"
        yield Edit(at, at, line, frozenset({d.line(at)}))


# --- stages ---

planted("retry that is a text", "run: x = 1", "retry: often", at=2)
planted("negative retry", "run: x = 1", "retry: -1", at=2)
planted("negative timeout", "run: x = 1", "timeout: -5", at=2)
planted("sleep that is a text", "echo: a", "sleep: long", at=2)
planted("empty stage with an unknown key", "eho: hello", at=1)
planted("two kinds in a stage", "run: x = 1", "bash: echo 1", at=2)
planted("environment that is a list", "bash: env", "env: [A, B]", at=2)
planted("name of a variable", "bash: env", "env: {a-b: c}", at=2)
planted("needs in a stage", "echo: a", "needs: [b]", at=2)
planted("foreach over a number", "foreach: 5", "stages: [{name: a}]", at=1)
planted("foreach without stages", "foreach: [1, 2]", at=1)
planted("foreach over a value", "foreach: ${{ 1 + 1 }}", "stages: [{name: a}]", at=1)
planted(
    "foreach over a key",
    "foreach: [1]",
    "stages: [{name: a, echo: '${{ item.b }}'}]",
    at=2,
)
planted("no workers", "parallel: {a: [{name: a}]}", "max-workers: 0", at=2)
planted("no concurrency", "foreach: [1]", "concurrent: 0", "stages: [{name: a}]", at=2)
planted("until that never ends", "until: 1 == 2", "stages: [{name: a}]", at=1)
planted("until without stages", "until: ${{ loop }} > 1", at=1)
planted(
    "no rounds", "until: ${{ loop }} > 1", "max-loop: 0", "stages: [{name: a}]", at=2
)
planted("case without match", "case: a", at=1)
planted("match without case", "match: [{case: a, stages: [{name: a}]}]", at=1)
planted("item outside of a loop", "echo: ${{ item }}", at=1)
planted("branch outside of a branch", "echo: ${{ branch }}", at=1)
planted("trigger of nothing", "trigger: no-such-workflow", at=1)
planted("uses without a module", "uses: do-it@v1", at=1)
planted("deps without a block", "deps: [requests]", at=1)
planted("raise with a list", "raise: [a]", at=1)
replaced("no option in a case", r"(?<=- case: )(full|delta)$", r"\1s")
replaced(
    "no option in a comparison", r'(?<=params.mode \}\} == ")(full|delete)', r"\1s"
)
replaced("no status in a comparison", r'(?<=== ")(SUCCES|SKI)[SP]"', r'\1"')
replaced("number compared with a text", r"(?<=\}\} [<>] )\d+", '"many"')

# --- what never happens ---

planted("condition that never holds", "echo: a", "if: 1 > 2", at=2)
planted("condition that always holds", "echo: a", "if: true", at=2)
planted(
    "item that never comes",
    "foreach: [a, b]",
    "stages: [{name: a, if: '${{ item }} in [\"c\"]'}]",
    at=2,
)
planted(
    "stage behind a raise",
    "foreach: [1]",
    "stages: [{name: a, raise: b}, {name: c}]",
    at=2,
)
planted(
    "until beyond its rounds", "until: ${{ loop }} > 20", "stages: [{name: a}]", at=1
)


planted(
    "output of a stage that may be skipped",
    "foreach: [1]",
    "stages:",
    '- {name: a, id: may-be, if: \'"${A:b}" == "c"\', bash: echo a}',
    "- {name: b, echo: '${{ stages.may-be.outputs.stdout }}'}",
    at=4,
)


replaced(
    "matrix value twice", r"^(          [\w-]+: \[)(\w+)(?=[^\n]*\]$)", r"\1\2, \2"
)


@kind
def trigger_rule_without_needs(d: Document, chance: random.Random) -> Iterator[Edit]:
    job = "jobs:\n    first: {trigger-rule: one_failed, stages: [{name: a}]}"
    for found in re.finditer("(?<=^  )jobs:$", d.text, re.MULTILINE):
        told = d.line(found.start()) + 1
        yield Edit(found.start(), found.end(), job, frozenset({told}))


@kind
def need_without_stages(d: Document, chance: random.Random) -> Iterator[Edit]:
    planted = "jobs:\n    first: {}\n    second: {needs: [first], stages: [{name: a}]}"
    for found in re.finditer("(?<=^  )jobs:$", d.text, re.MULTILINE):
        told = d.line(found.start()) + 2
        yield Edit(found.start(), found.end(), planted, frozenset({told}))


# --- schedules ---

replaced("four cron fields", r"(?<=cronjob: [\"'])(\S+ \S+ \S+) \S+ ", r"\1 ")
replaced("minute out of range", r"(?<=cronjob: [\"'])\S+", "61")
replaced("hour out of range", r"(?<=cronjob: [\"'])(\S+) \S+", r"\1 24")
replaced("step of nothing", r"(?<=cronjob: [\"'])\S+", "*/0")
replaced("range backwards", r"(?<=cronjob: [\"'])\S+", "30-10")
replaced("unknown weekday", r"(?<=cronjob: [\"'])(\S+ \S+ \S+ \S+) [^\"']+", r"\1 MOO")
replaced("day that never comes", r"(?<=cronjob: [\"'])(\S+ \S+) \S+ \S+", r"\1 31 2")
replaced("unknown zone", r"(?<=timezone: )\"?(?:Europe|Asia)/\w+\"?$", "Europe/Berlim")
replaced("short name of a zone", r"(?<=timezone: )\"?(?:Europe|Asia)/\w+\"?$", "CEST")
replaced("unknown interval", r"(?<=interval: )\w+", "sometimes")
replaced("unknown day of the week", r"(?<=^    day: )(?:sun|mon|fri)day", "someday")
replaced("no time of the day", r"(?<=time: )\"\d\d:\d\d\"", '"25:00"')
replaced("time without quotes", r"(?<=time: )\"\d\d:\d\d\"", "14:05")


@kind
def unknown_param_in_a_schedule(d: Document, chance: random.Random) -> Iterator[Edit]:
    return d.replace_all(r"(?<=^        params:\n          )[\w-]+(?=: )", "no-such")


@kind
def schedule_beside_another(d: Document, chance: random.Random) -> Iterator[Edit]:
    for found in re.finditer(r"^( *- )cronjob: [^\n{}]+$", d.text, re.MULTILINE):
        at, line = found.start(), d.line(found.start())
        new = f'{found[1]}cronjob: "* * * * *"\n'
        yield Edit(at, at, new, frozenset({line, line + 1, line + 2}))


replaced(
    "schedule in the sleep of its run",
    r"^  jobs:$",
    '  on: [{cronjob: "* * * * *"}]\n  jobs:\n    sleeps: {stages: [{name: a, sleep: 100}]}',
)
