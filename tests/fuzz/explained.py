"""The rows of docs/differences.md by which a module may do otherwise, each exactly.

A row takes out of the module's result what it decides, and only that; the rest must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tests.conformance.case_files import Case
from tests.conformance.compare import difference

Result = dict[str, Any]
_LETTERS = {"SUCCESS": "S", "FAILED": "F", "SKIP": "K"}
_OF_SHELLS = {"return_code", "stdout", "stderr"}
_RULE_NOT_MET = "Validate job trigger rule was failed with"


@dataclass(frozen=True)
class Explanation:
    """Attributes:
    rows: D numbers; empty when the interpreter's own races are enough.
    left: what they do not explain, as a diff.
    """

    rows: tuple[str, ...]
    left: str


def explain(case: Case, expected: Result, actual: Result) -> Explanation:
    rows = []
    for row, adapted in ROWS.items():
        before = actual
        actual = adapted(case, expected, before)
        if actual != before:
            rows.append(row)
    actual = _with_a_failed_job(expected, actual)
    return Explanation(tuple(rows), difference(expected, actual))


def runs(rule: str, statuses: Iterable[str]) -> bool:
    """Whether a job runs after such needs (S, F, K), as D1 to D3 have it."""
    found = set(statuses)
    if found == {"K"}:
        return rule == "all_done"
    return {
        "all_done": True,
        "all_success": found == {"S"},
        "all_failed": found == {"F"},
        "one_success": "S" in found,
        "one_failed": "F" in found,
        "none_failed": "F" not in found,
        "none_skipped": "K" not in found,
    }[rule]


def _rules(case: Case, expected: Result, actual: Result) -> Result:
    """D1, D2: the interpreter gave up; what it has of jobs must agree, the rules hold."""
    message = expected["context"].get("errors", {}).get("message", "")
    jobs = actual.get("context", {}).get("jobs", {})
    if not message.startswith(_RULE_NOT_MET) or not _rules_hold(case, jobs):
        return actual
    kept = {name: jobs[name] for name in expected["context"]["jobs"] if name in jobs}
    context = {**actual["context"], "jobs": kept}
    context |= _end_of(expected["context"])
    return {"status": expected["status"], "context": context}


def _rules_hold(case: Case, jobs: Mapping[str, Any]) -> bool:
    declared = _workflow(case).get("jobs", {})
    if set(declared) != set(jobs):
        return False
    return all(
        jobs[name]["status"] == "SKIP"
        or runs(
            job.get("trigger-rule", "all_success"),
            [_LETTERS.get(jobs[need]["status"], "C") for need in job["needs"]],
        )
        for name, job in declared.items()
        if "needs" in job
    )


def _all_skipped(case: Case, expected: Result, actual: Result) -> Result:
    """D3: a job with `all_done` that the interpreter skips, and those that need it."""
    declared = _workflow(case).get("jobs", {})
    there = expected["context"].get("jobs", {})
    here = actual.get("context", {}).get("jobs", {})
    others: set[str] = set()
    for name, job in declared.items():  # each behind those that it needs
        needs = job.get("needs", ())
        is_first = (
            job.get("trigger-rule") == "all_done"
            and there.get(name, {}).get("status") == "SKIP"
            and {there[need]["status"] for need in needs} == {"SKIP"}
        )
        if is_first or others.intersection(needs):
            others.add(name)
    if not others:
        return actual
    kept = {name: there.get(name) if name in others else here[name] for name in here}
    context = {**actual["context"], "jobs": kept}
    context.pop("errors", None)
    context |= _end_of(expected["context"])
    return {"status": expected["status"], "context": context}


def _end_of(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key: context[key] for key in ("status", "errors") if key in context}


def _defaults(case: Case, expected: Result, actual: Result) -> Result:
    """D4: params that are declared and were not passed."""
    context = actual.get("context", {})
    if "params" not in context:
        return actual
    filled = _workflow(case).get("params", {}).keys() - case.asked["params"].keys()
    kept = {
        name: item for name, item in context["params"].items() if name not in filled
    }
    return {**actual, "context": {**context, "params": kept}}


def _output_of_failed_shells(case: Case, expected: Result, actual: Result) -> Result:
    """D8: it is kept, which the interpreter loses."""
    adapted: Result = _without_output(expected, actual)
    return adapted


def _without_output(expected: Any, actual: Any) -> Any:
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        return actual
    outputs = actual.get("outputs")
    kept = expected.get("outputs")
    if (
        isinstance(kept, dict)
        and "errors" in expected
        and isinstance(outputs, dict)
        and set(outputs) == _OF_SHELLS | kept.keys()
        and outputs["return_code"] != 0
        and kept.keys() <= {"retry"}
    ):
        return {**actual, "outputs": kept}
    return {
        key: _without_output(expected.get(key), item) for key, item in actual.items()
    }


def _stopped(case: Case, expected: Result, actual: Result) -> Result:
    """D16, D36: what both have finished must agree; what fails stops other things in each."""
    text = case.conf["workflow.yml"]
    sets_event = "foreach:" in text or "fail-fast:" in text
    is_stopped = _has_cancelled(expected) or _has_cancelled(actual)
    if not sets_event or actual["status"] != "FAILED" or not is_stopped:
        return actual
    adapted: Result = _finished(expected, actual)
    return adapted


def _has_cancelled(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    is_cancelled = value.get("status") == "CANCEL"
    is_stopped = value.get("name") == "WorkflowCancelError"
    return is_cancelled or is_stopped or any(map(_has_cancelled, value.values()))


_LISTS = frozenset(["jobs", "stages", "strategies", "foreach", "parallel", "until"])


def _finished(expected: Any, actual: Any, key: str = "") -> Any:
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        return actual
    if "CANCEL" in (expected.get("status"), actual.get("status")):
        return expected
    adapted = {
        name: _finished(expected.get(name), item, name)
        for name, item in actual.items()
        if name in expected or key not in _LISTS
    }
    for name in _LISTS & expected.keys():
        adapted.setdefault(name, expected[name])
    if key in _LISTS:
        adapted |= {
            name: item
            for name, item in expected.items()
            if name not in actual and item.get("status") == "CANCEL"
        }
    adapted.pop("errors", None)
    return adapted | ({"errors": expected["errors"]} if "errors" in expected else {})


def _with_a_failed_job(expected: Result, actual: Result) -> Result:
    """The interpreter names the failed job that ended last, so any of several may be named."""
    error = expected["context"].get("errors")
    context = actual.get("context", {})
    failed = [
        name
        for name, job in context.get("jobs", {}).items()
        if job["status"] == "FAILED"
    ]
    told = "Job execution, '{}', was failed."
    if len(failed) < 2 or not error or "errors" not in context:
        return actual
    if error.get("message") not in [told.format(name) for name in failed]:
        return actual
    return {**actual, "context": {**context, "errors": error}}


def without_unused(document: Any) -> Any:
    """D14: the values of `vars` whose names stand nowhere in the block are empty texts."""
    if isinstance(document, list):
        return [without_unused(each) for each in document]
    if not isinstance(document, dict):
        return document
    inner = {key: without_unused(each) for key, each in document.items()}
    if isinstance(inner.get("vars"), dict) and isinstance(inner.get("run"), str):
        words = set(re.findall(r"\w+", inner["run"]))
        inner["vars"] = {
            name: value if name in words else ""
            for name, value in inner["vars"].items()
        }
    return inner


def _workflow(case: Case) -> Any:
    document = yaml.load(case.conf["workflow.yml"], yaml.CSafeLoader)
    return document[case.workflow]


ROWS: Mapping[str, Callable[[Case, Result, Result], Result]] = {
    "D1": _rules,
    "D3": _all_skipped,
    "D4": _defaults,
    "D8": _output_of_failed_shells,
    "D36": _stopped,
}
