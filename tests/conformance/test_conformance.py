"""Each golden case is compiled, its module is run, and the result held to one of three rules.

same: what the interpreter gave. earlier: the interpreter failed for a reason that is visible before
the run, and the compiler refuses at the cause. difference: a row of docs/differences.md decides
otherwise, and the case says how.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.case_files import DIVERGE, FURTHER, GOLDEN, Case
from tests.conformance.compare import difference
from tests.conformance.projects import Compiled, Projects
from tests.conformance.server import Server
from tests.conformance.summary import PROPERTY


def each(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


@each(GOLDEN)
def test_a_case_conforms(
    case: Case,
    projects: Projects,
    worker: Server,
    record_property: Callable[[str, object], None],
) -> None:
    record_property(PROPERTY, f"conformance/{case.rule}")
    check(case, projects, worker)


@each(DIVERGE)
def test_a_case_that_must_not_be_copied_is_as_decided(
    case: Case,
    projects: Projects,
    worker: Server,
    record_property: Callable[[str, object], None],
) -> None:
    record_property(PROPERTY, f"conformance, not to be copied/{case.rule}")
    check(case, projects, worker)


@each(FURTHER)
def test_a_further_case_conforms(
    case: Case,
    projects: Projects,
    worker: Server,
    record_property: Callable[[str, object], None],
) -> None:
    record_property(PROPERTY, f"further cases/{case.rule}")
    check(case, projects, worker)


def check(case: Case, projects: Projects, worker: Server) -> None:
    compiled = projects.compiled(case)
    decision = case.decision
    if decision is not None and decision.is_refusal:
        assert compiled.errors == decision.content, compiled.said
        return
    if compiled.errors:
        pytest.fail(f"the compiler refuses it\n\n{compiled.said}", pytrace=False)
    expected = case.expect if decision is None else decision.content
    actual = _known(case, compiled)
    if actual is None:
        folder, module = projects.folder / case.name, compiled.modules[case.workflow]
        actual = worker.ask(case, folder, module=module)
    if found := difference(expected, actual):
        pytest.fail(f"{found}\n\n{compiled.said}", pytrace=False)


def _known(case: Case, compiled: Compiled) -> dict[str, Any] | None:
    """What is asked, if it is known without a run."""
    if case.workflow not in compiled.modules:
        return {"load": "error"}
    if case.asked.get("action") == "load":
        return {"load": "ok", "stage_types": compiled.kinds[case.workflow]}
    return None


def test_the_readme_tells_of_all_cases() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text()
    lines = re.findall(r"^(?:conformance|further cases).*: (.*) failing$", text, re.M)
    told = [sum(map(int, re.findall(r"\d+", line))) for line in lines]
    assert told == [len(GOLDEN), len(DIVERGE), len(FURTHER)]
    assert f"with {len(FURTHER)} further ones" in text
