"""Imports of the interpreter's package: in Python files, in blocks, and where none must change."""

from __future__ import annotations

from pathlib import Path

import pytest
import wfruntime

from tests.wfcompile.doctor.projects import HEAD, examined, shown
from wfcompile.doctor.imports import OFFERED

EMPTY = {"conf/a.yml": HEAD}


def said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> list[str]:
    found = examined(folder, monkeypatch, {**EMPTY, **files}).findings
    return [f"{each.span.file.path}:{shown(each)}" for each in found]


def test_each_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from ddeutil.workflow import tag, Workflow, Job\n"
    assert said(tmp_path, monkeypatch, {"conf/tasks.py": text}) == [
        'conf/tasks.py:1:30 error WF502: "tag" is imported from "ddeutil.workflow" '
        "(write: from wfruntime import tag)",
        'conf/tasks.py:1:35 error WF502: "Workflow" is imported from '
        '"ddeutil.workflow" (import the compiled module, and call '
        "wfruntime.run(module.WORKFLOW, params) in place of "
        "Workflow.from_conf(...).execute(params))",
        'conf/tasks.py:1:45 error WF502: "Job" is imported from "ddeutil.workflow" '
        '(do without "Job": wfruntime has no such name)',
    ]


def test_a_block_imports_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = "{name: S, id: s, run: from ddeutil.workflow import Job}"
    text = f"{HEAD}  jobs:\n    a: {{stages: [{stage}]}}\n"
    assert said(tmp_path, monkeypatch, {"conf/a.yml": text}) == [
        'conf/a.yml:4:69 error WF502: "Job" is imported from "ddeutil.workflow" '
        '(do without "Job": wfruntime has no such name)'
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tasks.py", "from ddeutil.workflows import tag\n"),
        ("tasks.py", "import ddeutil\n"),
        (
            "tasks.py",
            "try:\n    from wfruntime import tag\n"
            "except ImportError:\n    from ddeutil.workflow import tag\n",
        ),
        ("build/old.py", "from ddeutil.workflow import tag\n"),
        (".venv/lib/x.py", "from ddeutil.workflow import tag\n"),
        ("broken.py", "from ddeutil.workflow import\n"),
    ],
)
def test_what_needs_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, text: str
) -> None:
    assert said(tmp_path, monkeypatch, {path: text}) == []


def test_the_runtime_has_what_is_offered() -> None:
    assert sorted(OFFERED - set(dir(wfruntime))) == []
