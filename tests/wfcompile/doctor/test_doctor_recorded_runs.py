"""Against what the interpreter did: where a recorded run differs, the doctor says that number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.case_files import HERE, Case, read_cases
from tests.conformance.projects import lay_out
from tests.wfcompile.doctor.projects import examined

NOT_IN_THE_YAML = {
    "bash_command_not_found": "the message of a failed script",
    "bash_failure": "what a failed script has printed is kept",
    "bash_killed_by_signal": "a signal comes at run time",
    "call_output_named_status": "the caller returns a bare dict",
    "call_returns_info_key": "the caller returns a bare dict",
    "call_template_injection": "the value comes at run time",
    "cancel_by_self_stop_status": "who executes it cancels it",
    "default_registry_caller": "the variable of the environment is not set",
    "env_in_param_value_is_expanded": "the value comes at run time",
    "foreach_item_dicts": "the items come at run time",
    "extras_bad_type": "who executes it passes them",
    "if_whole_template_boolean": "who executes it passes a param that is not declared",
    "job_status_refs": "the message of a job whose stage has an id",
    "release_logical_date": "a release without a schedule",
    "release_rerun_after_failure": "who releases it asks for the rerun",
    "rerun_after_failure": "who executes it asks for the rerun",
    "workflow_timeout_cancels_later_stages": "who executes it passes the timeout",
    "workflow_timeout_not_hit_by_running_job": "who executes it passes the timeout",
}
"""Case -> why nothing in the project tells of its difference."""

CASES = [
    case
    for folder in ("cases", "diverge")
    for case in read_cases(HERE / folder)
    if case.decision is not None
    and case.decision.rows
    and case.name not in NOT_IN_THE_YAML
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_number_is_told(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(case, tmp_path)
    examination = examined(tmp_path, monkeypatch, {}, case.environment)
    assert case.decision is not None
    told = {each.number for each in examination.findings}
    assert [row for row in case.decision.rows if row not in told] == []
