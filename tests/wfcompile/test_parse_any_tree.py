"""Any tree of YAML is parsed without an exception, and what is refused says why and where."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from shape_texts import workflows

from wfcompile.diagnostics import Diagnostics

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
