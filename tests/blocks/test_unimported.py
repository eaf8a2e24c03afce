"""Modules whose callers cannot be imported: which stage needs them, a journal, exit code 1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.blocks.projects import Project, line_of, project
from tests.runtime.test_failures import without_marks

CALLERS = """\
from wfruntime import tag

{more}

@tag("demo")
def fetch(x: int) -> dict[str, int]:
    return {{"x": x}}


@tag("demo")
def save(x: int) -> dict[str, int]:
    return {{"x": x}}
"""
WORKFLOWS = """\
w:
  type: Workflow
  params:
    x: {type: int, default: 1}
    how: {type: choice, options: [fetch, save]}
  jobs:
    first:
      stages:
        - name: Nothing
          echo: hello
        - name: Each
          id: each
          foreach: [1, 2]
          stages:
            - name: Route
              id: route
              case: ${{ item }}
              match:
                - case: 3
                  stages: [{name: No, echo: no}]
                - else:
                    - name: Fetch
                      id: fetch
                      uses: callers/fetch@demo
                      with: {x: "${{ item }}"}
    second:
      stages:
        - name: One of them
          id: one
          uses: callers/${{ params.how }}@demo
          with: {x: 1}
outer:
  type: Workflow
  jobs:
    only:
      stages:
        - name: Hand on
          id: hand
          trigger: w
          params: {x: 1}
"""
FETCH = "conf/w.yml:22: first/each/route/else/fetch"
ONE_MORE = "    and 1 more stage needs it"


def broken(folder: Path, more: str) -> Project:
    """Compiled with callers that were good then."""
    made = project(folder, {"w.yml": WORKFLOWS, "callers.py": CALLERS.format(more="")})
    assert made.said == ""
    (folder / "conf" / "callers.py").write_text(CALLERS.format(more=more))
    return made


def said(made: Project, *words: str, module: str = "w.py") -> tuple[int, str]:
    """The exit code, and what the process says, its time and its journal put aside."""
    done = made.run(*words, module=module)
    assert done.stdout == ""
    text = done.stderr.replace(str(made.folder), "FOLDER")
    text = re.sub(r"^\S+ \S+ (ERROR .*) \S+$", r"\1 JOURNAL", text, flags=re.MULTILINE)
    return done.returncode, without_marks(text)


def test_the_stages_that_need_it_are_named_and_a_journal_is_left(
    tmp_path: Path,
) -> None:
    made = broken(tmp_path, "import no_such_module")
    message = 'module "callers" cannot be imported: ModuleNotFoundError: '
    message += "No module named 'no_such_module'"
    assert said(made) == (
        1,
        f"{FETCH}: {message}\n{ONE_MORE}\n"
        '      File "FOLDER/conf/callers.py", line 3, in <module>\n'
        "        import no_such_module\n"
        "ERROR   w: FAILED, journal JOURNAL",
    )
    start, end = made.journal
    assert (start["event"], start["workflow"], start["source"]) == (
        "run.start",
        "w",
        "conf/w.yml",
    )
    assert (end["event"], end["status"]) == ("run.end", "FAILED")
    assert end["errors"] == {"name": "WorkflowError", "message": message}
    assert 'conf/callers.py", line 3, in <module>' in end["traceback"]


def test_callers_that_are_gone(tmp_path: Path) -> None:
    made = broken(tmp_path, "")
    (tmp_path / "conf" / "callers.py").unlink()
    assert said(made, "--param", "x=3") == (
        1,
        f'{FETCH}: module "callers" cannot be imported: ModuleNotFoundError: '
        f"No module named 'callers'\n{ONE_MORE}\n"
        "ERROR   w: FAILED, journal JOURNAL",
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("limit = {}['limit']", "KeyError: there is no key 'limit'"),
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("x = = 1", "SyntaxError: invalid syntax (callers.py, line 3)"),
    ],
)
def test_callers_that_raise(tmp_path: Path, more: str, message: str) -> None:
    code, text = said(broken(tmp_path, more))
    first = f'{FETCH}: module "callers" cannot be imported: {message}'
    assert (code, text.splitlines()[0]) == (1, first)


def test_a_triggered_workflow_whose_callers_are_gone(tmp_path: Path) -> None:
    made = broken(tmp_path, "")
    (tmp_path / "conf" / "callers.py").unlink()
    why = "cannot be imported: ModuleNotFoundError: No module named 'callers'"
    line = line_of(made.texts["w.py"], "import callers")
    assert said(made, module="outer.py") == (
        1,
        f'conf/w.yml:37: only/hand: module "w" {why}\n'
        f'{FETCH}: module "callers" {why}\n{ONE_MORE}\n'
        f'      File "FOLDER/build/w.py", line {line}, in <module>\n'
        "        import callers\n"
        "ERROR   outer: FAILED, journal JOURNAL",
    )


def test_asked_for_help_it_leaves_no_journal(tmp_path: Path) -> None:
    made = broken(tmp_path, "raise ValueError(1)")
    code, text = said(made, "--help")
    assert (code, text.splitlines()[0]) == (
        1,
        f'{FETCH}: module "callers" cannot be imported: ValueError: 1',
    )
    assert not (tmp_path / ".wfruns").exists()


def test_a_secret_in_the_error_is_masked(tmp_path: Path) -> None:
    made = broken(tmp_path, "import os\nraise ValueError(os.environ['DB_PASSWORD'])")
    done = made.run(DB_PASSWORD="hunter2hunter2")
    assert "ValueError: ***" in done.stderr
    assert "hunter2" not in done.stderr + str(made.journal)


def test_other_errors_of_a_module_are_pythons_own(tmp_path: Path) -> None:
    made = broken(tmp_path, "")
    path = tmp_path / "build" / "w.py"
    path.write_text(path.read_text() + "    raise ValueError('by hand')\n")
    text = path.read_text().replace("raise SystemExit(rt.main(WORKFLOW))", "pass")
    path.write_text(text)
    done = made.run()
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("ValueError: by hand\n")


def test_a_program_that_imports_a_module_gets_the_error_itself(tmp_path: Path) -> None:
    made = broken(tmp_path, "raise ValueError(1)")
    program = "import sys, wfruntime\nassert sys.excepthook is sys.__excepthook__\n"
    program += "try:\n    import w\nexcept ValueError:\n    print('caught')\n"
    (tmp_path / "program.py").write_text(program)
    done = made.run("-m", "program", PYTHONPATH=str(tmp_path / "build"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "caught\n", "")
