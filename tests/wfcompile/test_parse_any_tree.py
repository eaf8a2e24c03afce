"""Any tree of YAML is parsed without an exception, and what is refused says why and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shape_texts import workflows

from wfcompile.diagnostics import Diagnostics
from wfcompile.lower import Project, lower_workflow
from wfcompile.resolve.callers import CallerRegistry
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.resolve.imports import ImportGraph

_CALLERS = CallerRegistry([])
PROJECT = Project(
    build=Path("build"),
    roots=(),
    callers=_CALLERS,
    filters=FilterRegistry([], (), Diagnostics(), sources=_CALLERS.sources),
    imports=ImportGraph(_CALLERS.sources),
)
KEYS = [
    *(
        "args",
        "bahs",
        "bash",
        "case",
        "concurrent",
        "cronjob",
        "day",
        "default",
        "deps",
    ),
    *("desc", "else", "env", "exclude", "fail-fast", "foreach", "id", "if", "include"),
    *("interval", "item", "jbos", "jobs", "match", "matrix", "max", "max-loop"),
    *("max-parallel", "max-workers", "max_loop", "name", "needs", "nmae", "on"),
    *("options", "parallel", "params", "precision", "raise", "release", "retry", "run"),
    *("runs-on", "schedule", "shell", "skip-not-match", "sleep", "stages", "stagse"),
    *("strategy", "tags", "timeout", "timezone", "trigger", "trigger-rule", "type"),
    *("tz", "until", "use_index_as_key", "uses", "vars", "with"),
]
TEXTS = [
    *(
        "",
        " ",
        "a",
        "_",
        "local",
        "docker",
        "choice",
        "int",
        "all_done",
        "bash",
        "daily",
    ),
    *("${{ params.x }}", "${{ matrix.x }}", "${HOME}", "1", "yes", "[1]", "Workflow"),
]
scalars = (
    st.sampled_from(TEXTS)
    | st.none()
    | st.booleans()
    | st.integers(-2, 25)
    | st.sampled_from([0.5, float("inf"), 10**400])
    | st.dates()
)
keys = (
    st.sampled_from(KEYS) | st.sampled_from(KEYS) | st.sampled_from([1, True, "", None])
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)
bodies = st.dictionaries(keys, trees, max_size=6)


def wrapped_stages(stages: list[Any]) -> dict[str, Any]:
    return {"jobs": {"a": {"stages": stages}}}


stages = st.lists(bodies, max_size=3).map(wrapped_stages)
jobs = bodies.map(lambda body: {"jobs": {"a": body}})


@given((bodies | jobs | stages).map(lambda body: {"wf": {**body, "type": "Workflow"}}))
@settings(max_examples=600, deadline=None)
def test_any_tree(tree: dict[str, Any]) -> None:
    text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
    diagnostics = Diagnostics()
    found = workflows(text, diagnostics)
    assert [each.is_whole for each in found] == [not diagnostics.has_errors]
    for each in diagnostics:
        said = f"{each.message} {each.help}"
        assert "\0" not in said
        assert "None" not in each.message or "None" in text
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert "\n" not in text[each.span.start : each.span.end]


named = st.fixed_dictionaries(
    {"name": st.sampled_from(["n", "m"]), "id": st.sampled_from(["a", "b", "${{ x }}"])}
)
named_stages = st.lists(
    st.tuples(named, bodies).map(lambda pair: {**pair[1], **pair[0]}) | bodies,
    min_size=1,
    max_size=3,
)
schedules = st.lists(bodies, max_size=2).map(lambda on: {"on": on, "jobs": {}})
params = st.dictionaries(keys, trees, max_size=3).map(lambda each: {"params": each})


@given(
    st.tuples(
        bodies | jobs | schedules | params,
        named_stages.map(wrapped_stages) | bodies,
        params | schedules | st.just({}),
    )
)
@settings(max_examples=120, deadline=None, phases=[Phase.generate])
def test_what_is_left_of_any_tree_is_lowered(parts: tuple[dict[str, Any], ...]) -> None:
    """No part that could not be read makes a later pass fail."""
    tree = {"wf": {**parts[0], **parts[1], **parts[2], "type": "Workflow"}}
    text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
    diagnostics = Diagnostics()
    for workflow in workflows(text, diagnostics):
        module = lower_workflow(workflow, "conf/x.yml", PROJECT, {}, diagnostics)
        assert (module is None) == diagnostics.has_errors
    for each in diagnostics:
        assert 0 <= each.span.start <= each.span.end <= len(each.span.file.text)
