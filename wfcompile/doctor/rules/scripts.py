"""D7, D8, D34: shell text, variables in Python text, and scripts with dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wfcompile.doctor.finding import Finding, differs, wrong
from wfcompile.doctor.places import StagePlace, WorkflowPlace, entries_of
from wfcompile.doctor.rules.commands import Statement, read_commands
from wfcompile.doctor.rules.known import Known
from wfcompile.doctor.rules.words import is_one_word, is_shell_word
from wfcompile.doctor.texts import parsed, rendered, scripts
from wfcompile.expressions.nodes import Hole
from wfcompile.nodes import Scalar

_REFERENCE = re.compile(r"(?<!\$)\$\{(?!\{) *([^{}:]+?) *(?::([^{}]*))?\}(?!\})")
_SHELL_DEFAULT = re.compile(r"[-=?+]")
_NUMBERS = re.compile(r" *-?[0-9]+(?::-?[0-9]+)?")
_CODE_KEYS = ("if", "until", "env")
_STOPS = re.compile(r"\s*set\s+-[a-z]*e")


def split_values(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D7: a value outside quotes, which may be several words there."""
    for _, script in _shell(workflow):
        for hole in read_commands(script).bare:
            if not is_shell_word(hole, workflow):
                yield differs(
                    "D7",
                    "the value is one word here; the interpreter pastes it, so that the "
                    "shell splits it, expands it and runs what is code in it",
                    script.span_of(hole.start, hole.end),
                    help="use a foreach, or split it in the script, where it holds a list",
                )


def pasted_values(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D7: values in quotes, once a text: they differ when they hold quotes or signs of code."""
    texts = [scalar for _, scalar in scripts(workflow)]
    texts += [each.scalar for each in rendered(workflow) if each.key in _CODE_KEYS]
    variables = {each.scalar for each in rendered(workflow) if each.key == "env"}
    shell = {script for _, script in _shell(workflow)} | variables
    whole_is_code = {*texts} - variables
    for scalar in sorted(texts, key=lambda each: each.span.start):
        bare = {hole.start for hole in _bare_holes(scalar, workflow)}
        is_same = is_shell_word if scalar in shell else is_one_word
        free = [
            hole
            for hole in parsed(scalar, env=False).holes
            if hole.start not in bare and not is_same(hole, workflow)
        ]
        if free and not (parsed(scalar).whole and scalar in whole_is_code):
            stays = "this value stays what it is, with whatever it holds"
            if len(free) > 1:
                stays = f"this value and {len(free) - 1} more here stay what they are"
            yield differs(
                "D7",
                f"{stays}; the interpreter pastes, so that quotes and code in it count",
                scalar.span_of(free[0].start, free[0].end),
                help="keep it if the value is data",
            )


def _bare_holes(scalar: Scalar, workflow: WorkflowPlace) -> tuple[Hole, ...]:
    """Those of shell text, which `split_values` tells of."""
    is_shell = any(script is scalar for _, script in _shell(workflow))
    return read_commands(scalar).bare if is_shell else ()


def python_variables(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D7: `${NAME}` in a block, which is the author's own text here."""
    for stage, script in scripts(workflow):
        if stage.action != "run" or stage.has_deps:
            continue
        for match in _REFERENCE.finditer(script.text):
            if "\n" in match.group():
                continue
            yield wrong(
                "D7",
                f'"{match.group()}" stays as it is in a block; '
                "the interpreter puts the value of the variable there",
                script.span_of(*match.span()),
                help='read it below "vars", and use that name in the block',
            )


def own_scripts(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D34: `run` with `deps`."""
    for stage, _ in scripts(workflow):
        if stage.action == "run" and stage.has_deps:
            yield differs(
                "D34",
                "the script stands in a folder of its own and gets values as names; the "
                "interpreter writes it to the working folder and pastes them",
                stage.action_span,
                help="import nothing of the working folder in it",
            )


def shell_variables(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D8: `${NAME}` in a script."""
    for _, script in _shell(workflow):
        for match in _REFERENCE.finditer(script.text):
            span = script.span_of(*match.span())
            name, default = match.group(1), match.group(2)
            is_colon = bool(default) and not _NUMBERS.fullmatch(default)
            if is_colon and not _SHELL_DEFAULT.match(default):
                yield wrong(
                    "D8",
                    f'"{match.group()}" is a part of a text to the shell; '
                    f'to the interpreter "{default}" is the default of "{name}"',
                    span,
                    help=f'write "${{{name}:-{default}}}"',
                )
            else:
                yield differs(
                    "D8",
                    f'"{match.group()}" is read by the shell; the interpreter pastes the '
                    'variable of its environment before, or the text "null"',
                    span,
                    help="keep it if the shell is meant to read it",
                )


def stops_at_failures(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D8: `-e` and `pipefail`, where a failure was passed over."""
    for _, script in _shell(workflow):
        statements = read_commands(script).statements
        stopping = [each for each in statements if each.goes_on]
        if stopping and not _STOPS.match(script.text):
            yield _stop(
                script, stopping[0], f"a failure here ends the script{_more(stopping)}"
            )
        piped = [each for each in statements if each.is_piped]
        if piped:
            message = f"a failure here fails the pipeline{_more(piped)}"
            yield _stop(script, piped[0], message)


def exported(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D8: `env` reaches the programs that the script starts."""
    for stage, _ in _shell(workflow):
        entry = stage.node.entry("env")
        if entry is not None and entries_of(entry.value):
            yield differs(
                "D8",
                'the variables of "env" are exported to the programs of the script; '
                "the interpreter keeps them in the shell",
                entry.key.span,
                help="rename one that a program would take for a setting of its own",
            )


def shell_keys(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D8: keys that the interpreter does not have, so that what is written there now counts."""
    nodes = [workflow.node, *(job.node for job in workflow.jobs)]
    nodes += [stage.node for stage in workflow.stages]
    for node in nodes:
        for key in ("shell", "working-directory"):
            entry = node.entry(key)
            if entry is not None:
                yield differs(
                    "D8",
                    f'"{key}" is a key here; the interpreter ignores it',
                    entry.key.span,
                    help="keep it if it is meant to count",
                )


def _shell(workflow: WorkflowPlace) -> Iterator[tuple[StagePlace, Scalar]]:
    for stage, script in scripts(workflow):
        if stage.action == "bash":
            yield stage, script


def _more(statements: list[Statement]) -> str:
    """
    >>> _more([])
    ''
    """
    more = len(statements) - 1
    return f", and {more} more like it" if more > 0 else ""


def _stop(script: Scalar, statement: Statement, message: str) -> Finding:
    return differs(
        "D8",
        f"{message}; the interpreter looks at the last command only",
        script.span_of(statement.start, statement.end),
        help='write "|| true" behind a command that may fail',
    )
