"""`wfc check --watch` as a process of its own, while files are edited."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

WORKFLOW = """\
a:
  type: Workflow
  jobs:
    load:
      stages:
        - name: Copy
          uses: tasks/copy-rows@v1
          with: {{number: {number}}}
"""
TASKS = """\
from wfruntime import tag


@tag("v1")
def copy_rows(number: {type}) -> dict[str, int]:
    return {{}}
"""
LIMIT_S = 90.0
CLEAN = "1 workflow: no errors"


class Watching:
    """The command; `said` waits until it has checked once more."""

    def __init__(self, folder: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wfcompile", "check", "--watch"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        # a test that waits for ever says nothing
        self._limit = Timer(LIMIT_S, self.process.kill)
        self._limit.start()

    def said(self) -> str:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            if re.fullmatch(r"\d\d:\d\d:\d\d checked in .* waiting .*\n", line):
                break
            lines.append(line)
        return "".join(lines)

    def interrupted(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate()
        return self.process.returncode, out

    def close(self) -> None:
        self._limit.cancel()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.yml").write_text(WORKFLOW.format(number=1))
    (tmp_path / "conf" / "tasks.py").write_text(TASKS.format(type="int"))
    return tmp_path


@pytest.fixture
def watching(project: Path, default_signals: None) -> Iterator[Watching]:
    found = Watching(project)
    yield found
    found.close()


def test_it_follows_what_is_edited(project: Path, watching: Watching) -> None:
    conf = project / "conf"
    assert CLEAN in watching.said()
    (conf / "a.yml").write_text(WORKFLOW.format(number="many"))
    assert "WF404" in watching.said()
    (conf / "tasks.py").write_text(TASKS.format(type="str"))
    assert CLEAN in watching.said()
    (conf / "b.yml").write_text("b: {type: Workflow, jobs: 1}\n")
    assert "b.yml:1:27: error" in watching.said()
    (conf / ".confignore").write_text("b.yml\n")
    assert CLEAN in watching.said()
    (project / "wfc.toml").write_text('callers = ["lib"]\n')
    assert 'the callers "lib"' in watching.said()
    (project / "lib").mkdir()
    (project / "wfc.toml").write_text('callers = ["lib"] \n')
    assert "WF401" in watching.said()
    (project / "lib" / "tasks.py").write_text(TASKS.format(type="str"))
    assert CLEAN in watching.said()
    (conf / "below").mkdir()
    (conf / "below" / "c.yml").write_text("c: {type: Workflow, jobs: 1}\n")
    assert "c.yml:1:27: error" in watching.said()
    assert watching.interrupted() == (130, "")


def test_a_file_that_an_editor_keeps_is_no_change(
    project: Path, watching: Watching
) -> None:
    conf = project / "conf"
    assert CLEAN in watching.said()
    (conf / ".a.yml.swp").write_text("")
    (conf / "a.yml").write_text(WORKFLOW.format(number="many"))
    assert "WF404" in watching.said()
    (conf / ".a.yml.swp").unlink()
    (conf / "a.yml").write_text(WORKFLOW.format(number=1))
    assert CLEAN in watching.said()
    assert watching.interrupted() == (130, "")
