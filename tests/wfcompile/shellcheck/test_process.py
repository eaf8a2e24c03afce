"""Where shellcheck is looked for, when it is asked, and what is said where it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfcompile.cli import app
from wfcompile.commands.refusal import Refusal

WORKFLOW = """\
report:
  type: Workflow
  jobs:
    load:
      stages:
        - name: Load
          bash: echo $1
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of each test."""
    folder = tmp_path / "project"
    (folder / "conf").mkdir(parents=True)
    (folder / "conf" / "report.yml").write_text(WORKFLOW)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder where programs are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path / "scripts"))
    return folder


def check(*options: str) -> None:
    app(
        ["check", "--format", "concise", *options],
        prog_name="wfc",
        standalone_mode=False,
    )


def told(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """The codes of shellcheck that `wfc check` prints."""
    check(*options)
    lines = capsys.readouterr().out.splitlines()
    return [line.split("WF580: ")[1].split(" ")[0] for line in lines]


# --- when ---


def test_it_is_asked_when_the_flag_or_the_settings_say_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys) == []
    assert told(capsys, "--shellcheck") == ["SC2086"]
    (project / "wfc.toml").write_text("shellcheck = true\n")
    assert told(capsys) == ["SC2086"]
    assert told(capsys, "--no-shellcheck") == []


def test_a_build_does_not_ask(
    project: Path, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "wfc.toml").write_text("shellcheck = true\n")
    app(["build"], prog_name="wfc", standalone_mode=False)
    assert capsys.readouterr().out == (
        "1 workflow: 1 written, 0 unchanged, 0 removed -> build/\n"
    )


def test_an_ignored_code_is_unused_only_when_it_was_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "conf" / "report.yml"
    path.write_text(WORKFLOW.replace("$1", '"$1"  # wfc: ignore[WF580] why'))
    check()
    assert capsys.readouterr().out == ""
    check("--shellcheck")
    assert capsys.readouterr().out == (
        "conf/report.yml:7:42: warning WF514: WF580 is ignored, "
        "and this place has no such warning\n"
    )


# --- where ---


def test_it_says_what_to_do_where_it_is_missing(programs: Path) -> None:
    with pytest.raises(Refusal) as caught:
        check("--shellcheck")
    assert str(caught.value) == (
        "shellcheck is asked for and not installed; "
        'install it with pip install "wfcompile[shellcheck]", or check with --no-shellcheck'
    )


def test_it_says_so_when_the_program_gives_no_answer(programs: Path) -> None:
    program = programs / "shellcheck"
    program.write_text("#!/bin/sh\necho 'no such format: json1' >&2\nexit 4\n")
    program.chmod(0o755)
    with pytest.raises(Refusal) as caught:
        check("--shellcheck")
    assert str(caught.value) == (
        "shellcheck ended with 4 and without an answer: no such format: json1; "
        'install the one that is tested: pip install "wfcompile[shellcheck]"'
    )


def test_it_is_one_process_for_all_scripts(
    project: Path, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = programs / "shellcheck"
    calls = project / "calls"
    program.write_text(
        f"#!/bin/sh\necho \"$@\" >> '{calls}'\necho '{{\"comments\": []}}'\n"
    )
    program.chmod(0o755)
    stages = "".join(
        f"        - {{name: n{n}, shell: {shell}, bash: echo {n}}}\n"
        for n, shell in enumerate(["bash", "sh", "bash"])
    )
    path = project / "conf" / "report.yml"
    path.write_text(WORKFLOW + stages)
    assert told(capsys, "--shellcheck") == []
    assert calls.read_text() == (
        "--norc --format=json1 --exclude=SC1090,SC1091,SC1128 0 1 2 3\n"
    )
