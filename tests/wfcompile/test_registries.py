"""Where callers and filters are found, tried on whole projects that are built and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CALLER = """\
from wfruntime import tag


@tag("v1")
def {name}(n: int) -> dict[str, int]:
    return {{"n": n + {more}}}
"""
FILTER = """\
from wfruntime import custom_filter


@custom_filter("shout")
def shout(value: str, mark: str = "!", *, times: int = 1) -> str:
    return value.upper() + mark * times
"""
WORKFLOWS = """\
one:
  type: Workflow
  jobs:
    a:
      stages:
        - {name: a, id: deep, uses: deep.load/pull@v1, with: {n: 1}}
        - {name: b, id: space, uses: inner.things/thing@v1, with: {n: 0x1F}}
        - {name: c, id: plain, uses: plain/plain@v1, with: {n: 1_000}}
        - name: Filters of a module
          id: words
          run: |
            default = "${{ 'hey' | shout }}"
            named = "${{ 'hey' | shout(mark='?') }}"
            both = "${{ 'a' | shout('.', times=3) }}"
two:
  type: Workflow
  params:
    on: {type: str, default: yes}
  jobs:
    a:
      stages:
        - {name: x, id: x, run: "v = '${{ params.on }}'"}
other: {type: Something, jobs: no}
"""
FILES = {
    "conf/two.yml": WORKFLOWS,
    "conf/.confignore": "# not yet\ndraft*.y?ml\nold/\n",
    "conf/drafts.yaml": "not: [valid",
    "conf/old/three.yml": "not: [valid",
    "conf/note.json": "{}",
    "src/acme/__init__.py": "",
    "src/acme/etl/__init__.py": "",
    "src/acme/etl/deep/__init__.py": "",
    "src/acme/etl/deep/load.py": CALLER.format(name="pull", more=0),
    "spaces/inner/things.py": CALLER.format(name="thing", more=1),
    "lib/plain.py": CALLER.format(name="plain", more=2),
    "lib/words.py": FILTER,
}
SETTINGS = """\
[tool.wfc]
callers = ["acme.etl", "spaces", "lib"]
filters = ["words", "ddeutil.workflow.reusables"]
"""
VARIABLES = {
    "WORKFLOW_CORE_REGISTRY_CALLER": "acme.etl, spaces ,lib,not.there",
    "WORKFLOW_CORE_REGISTRY_FILTER": "words,ddeutil.workflow.reusables,not.there",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(
    *words: str | Path, cwd: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def outputs(module: Path) -> dict[str, Any]:
    """Stage id -> what it has put out; run from elsewhere, without a variable."""
    done = run(module, "-q", "--context", "-", cwd=Path("/"), environment={})
    assert (done.returncode, done.stderr) == (0, "")
    stages = json.loads(done.stdout)["jobs"]["a"]["stages"]
    return {name: stage["outputs"] for name, stage in stages.items()}


@pytest.mark.parametrize("is_written", [True, False])
def test_packages_folders_and_the_namespaces_in_them(
    project: Path, is_written: bool
) -> None:
    if is_written:
        (project / "pyproject.toml").write_text(SETTINGS)
    environment = {} if is_written else VARIABLES
    done = run("-m", "wfcompile", "build", cwd=project, environment=environment)
    said = "2 workflows: 2 written, 0 unchanged, 0 removed -> build/\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert outputs(project / "build" / "one.py") == {
        "deep": {"n": 1},
        "space": {"n": 32},
        "plain": {"n": 1002},
        "words": {"default": "HEY!", "named": "HEY?", "both": "A..."},
    }
    assert outputs(project / "build" / "two.py") == {"x": {"v": "yes"}}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("shout(1)", 'filter "shout" takes str as "mark", found int'),
        ("shout(loud=1)", 'filter "shout" has no argument "loud"'),
        ("shot", 'no filter is called "shot"'),
    ],
)
def test_a_filter_is_checked_by_its_annotations(
    project: Path, call: str, message: str
) -> None:
    text = WORKFLOWS.replace("'hey' | shout }}", f"'hey' | {call} }}}}")
    (project / "conf" / "two.yml").write_text(text)
    done = run("-m", "wfcompile", "check", cwd=project, environment=VARIABLES)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if message in line]
