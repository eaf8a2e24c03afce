"""The command of the README that puts the block into the crontab, with a crontab that is a file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.findall(r"```sh\n(new=.*?)```", (ROOT / "README.md").read_text(), re.S)[0]

CRONTAB = """\
#!/bin/sh
case "$1" in
    -l) cat "$TABLE" 2>/dev/null || { echo "no crontab for me" >&2; exit 1; } ;;
    -) cat > "$TABLE.new" && mv "$TABLE.new" "$TABLE" ;;
esac
"""
WFC = f'#!/bin/sh\nexec "{sys.executable}" -m wfcompile "$@" --tz UTC\n'
WORKFLOW = """\
nightly:
  type: Workflow
  on: {{cronjob: "{cronjob}"}}
  jobs: {{}}
"""
OTHERS = ("MAILTO=me\n", "0 1 * * * printf '50\\%\\\\n'\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made(tmp_path)


def made(folder: Path) -> Path:
    for name, text in (("crontab", CRONTAB), ("wfc", WFC)):
        command = folder / "bin" / name
        command.parent.mkdir(exist_ok=True, parents=True)
        command.write_text(text)
        command.chmod(0o755)
    (folder / "conf").mkdir()
    return folder


def install(project: Path, cronjob: str) -> int:
    (project / "conf" / "a.yml").write_text(WORKFLOW.format(cronjob=cronjob))
    environment = {
        "PATH": f"{project / 'bin'}:/usr/bin:/bin",
        "TABLE": str(project / "table"),
        "PYTHONPATH": str(ROOT),
    }
    command = ["sh", "-c", COMMAND]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True
    ).returncode


def lines(project: Path) -> list[str]:
    """What runs, and the lines that are not ours."""
    table = (project / "table").read_text().splitlines(keepends=True)
    return [
        re.sub(r" cd .*", " ...", line)
        for line in table
        if line in OTHERS or re.match(r"[\d*]", line)
    ]


def test_the_first_block(project: Path) -> None:
    assert install(project, "30 2 * * *") == 0
    assert lines(project) == ["30 2 * * * ...\n"]


def test_a_block_is_replaced_and_other_lines_stay(project: Path) -> None:
    (project / "table").write_text("".join(OTHERS))
    install(project, "30 2 * * *")
    assert install(project, "30 3 * * *") == 0
    assert lines(project) == [*OTHERS, "30 3 * * * ...\n"]


def test_an_error_leaves_the_crontab_alone(project: Path) -> None:
    install(project, "30 2 * * *")
    before = (project / "table").read_text()
    assert install(project, "61 2 * * *") == 1
    assert (project / "table").read_text() == before


@pytest.mark.parametrize("name", ["a|b", "a[b", "a b", "a.*b", "a\\\\b"])
def test_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    project = made(tmp_path / name)
    (project / "table").write_text("".join(OTHERS))
    for cronjob in ("30 2 * * *", "31 2 * * *"):
        assert install(project, cronjob) == 0
    assert lines(project) == [*OTHERS, "31 2 * * * ...\n"]
