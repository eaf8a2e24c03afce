"""`wfc cron next`: what it prints is what the emitted module will run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "schedules.md"
NIGHTLY = """\
nightly:
  type: Workflow
  on: {cronjob: "30 2 * * *", timezone: Europe/Berlin%s}
  jobs: {}
"""


def next_runs(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wfcompile", "cron", "next", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def project(folder: Path, text: str) -> Path:
    (folder / "conf").mkdir()
    (folder / "conf" / "a.yml").write_text(text)
    return folder


def test_the_example_of_the_page(tmp_path: Path) -> None:
    _, after = PAGE.read_text().split("```console\n$ wfc cron next ")
    options, expected = after.split("```")[0].split("\n", 1)
    done = next_runs(project(tmp_path, NIGHTLY % ""), *options.split())
    assert (done.stdout, done.stderr, done.returncode) == (expected, "", 0)


@pytest.mark.parametrize(
    ("policies", "begin", "utc_and_notes"),
    [
        (", gap: skip", "2026-03-28", ["28T01:30", "30T00:30"]),
        (
            "",
            "2026-10-24",
            ["24T00:30", "25T00:30 the first time that the clock shows it"],
        ),
        (
            ", fold: both",
            "2026-10-25",
            [
                "25T00:30 the first time that the clock shows it",
                "25T01:30 the second time that the clock shows it",
            ],
        ),
    ],
)
def test_runs_where_the_clock_changes(
    policies: str, begin: str, utc_and_notes: list[str], tmp_path: Path
) -> None:
    folder = project(tmp_path, NIGHTLY % policies)
    done = next_runs(folder, "-n", "2", "--from", begin, "--tz", "Europe/Berlin")
    found = []
    for line in done.stdout.splitlines()[1:]:
        before, _, note = line.partition("(Europe/Berlin)")
        found.append(f"{before.split()[6][8:]} {note.strip()}".strip())
    assert found == utc_and_notes


def test_the_runs_of_all_workflows_are_in_order(tmp_path: Path) -> None:
    text = 'a: {type: Workflow, on: [{cronjob: "0 5 * * *"}], jobs: {}}\n'
    text += 'b: {type: Workflow, on: [{cronjob: "0 4,6 * * *"}], jobs: {}}\n'
    done = next_runs(project(tmp_path, text), "--from", "2026-01-01", "-n3", "--tz=UTC")
    names = [line.split()[7] for line in done.stdout.splitlines()[1:]]
    assert names == ["b", "a", "b"]


def test_what_there_is_not(tmp_path: Path) -> None:
    folder = project(tmp_path, "a: {type: Workflow, jobs: {}}\n")
    done = next_runs(folder, "--tz", "UTC")
    assert (done.stdout, done.stderr) == ("", "no workflow has a schedule\n")
    done = next_runs(folder, "--tz", "Europe/Berln")
    assert done.returncode == 2
    assert 'did you mean "Europe/Berlin"?' in done.stderr
    text = 'b: {type: Workflow, on: [{cronjob: "0 0 1 1 * 2020"}], jobs: {}}\n'
    (folder / "conf" / "b.yml").write_text(text)
    done = next_runs(folder, "--tz", "UTC")
    assert (done.stdout, done.stderr) == ("", "no run is to come\n")


def test_verify_proves_the_block(tmp_path: Path) -> None:
    folder = project(tmp_path, NIGHTLY % "")
    done = subprocess.run(
        [sys.executable, "-m", "wfcompile", "cron", "verify", "--tz", "UTC"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, len(lines)) == (0, "", 3)
    assert lines[0] == 'nightly (conf/a.yml): "30 2 * * *" Europe/Berlin'
    assert lines[1].endswith("extra but guarded, 0 lost, 0 doubled")
    assert lines[2].startswith("0 lost, 0 doubled: ") and "tzdata" in lines[2]
