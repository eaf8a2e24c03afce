"""`wfc doctor`: what it prints, and how it exits.

`readme` holds the example of the interpreter's README with its callers (their code is no `.py`
there, so that our linters are not asked about it); its source distribution has no other YAML.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wfcompile import cli

README = Path(__file__).parent / "readme"
CLEAN = "wf: {type: Workflow, jobs: {a: {stages: [{name: Hi, id: hi, echo: hi}]}}}\n"

Doctor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Doctor:
    """Runs in an empty folder; gives exit code, standard output, standard error."""
    for name in os.environ:
        if name.startswith(("WORKFLOW_", "WFC_")) or name == "NO_COLOR":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wfc", "doctor", *words])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        told = capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return caught.value.code, told.out, told.err

    return run


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def test_the_example_of_the_readme(doctor: Doctor, update: bool) -> None:
    name = "conf/run-py-local.yml"
    write(name, (README / name).read_text(encoding="utf-8"))
    for module in ("tasks", "main"):
        text = (README / f"{module}.txt").read_text(encoding="utf-8")
        write(f"{module}.py", text)
    code, out, err = doctor()
    expected = README / "expected.txt"
    if update:
        expected.write_text(out, encoding="utf-8")
    assert (code, err) == (1, "")
    assert out == expected.read_text(encoding="utf-8")


def test_nothing_to_change(doctor: Doctor) -> None:
    write("conf/a.yml", CLEAN)
    code, out, err = doctor("conf")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["1 workflow", "     1  as they are"]


def test_warnings_alone_need_no_change(doctor: Doctor) -> None:
    write("conf/a.yml", "wf: {type: Workflow, params: {name: str}}\n")
    code, out, _ = doctor("conf/a.yml")
    assert code == 0
    assert out.startswith("conf/a.yml:1:31: warning D4: a param that")


def test_what_cannot_be_read_is_told(doctor: Doctor) -> None:
    write("conf/a.yml", CLEAN)
    write("conf/b.yml", "wf: [\n")
    code, out, _ = doctor()
    assert code == 1
    assert out.startswith("conf/b.yml:1:5: error WF008: ")


def test_json_is_all_of_standard_output(doctor: Doctor) -> None:
    write("conf/a.yml", CLEAN)
    code, out, err = doctor("--format", "json")
    assert (code, err) == (0, "")
    assert list(json.loads(out)) == ["findings", "summary"]


def test_no_folder_is_usage(doctor: Doctor) -> None:
    assert doctor("nowhere") == (
        2,
        "",
        'wfc: there is no folder or file "nowhere"; '
        "name the folder of the workflows\n",
    )


def test_nothing_there_is_said(doctor: Doctor) -> None:
    Path("conf").mkdir()
    code, _, err = doctor()
    assert (code, err) == (0, 'wfc: warning: there is no workflow below "conf"\n')
