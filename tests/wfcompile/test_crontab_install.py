"""`wfc cron install`, `remove` and `diff`, with a program crontab whose table is a file."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CRONTAB = """\
#!/bin/sh
case "$1" in
    -l) cat "$TABLE" 2>/dev/null || { echo "no crontab for me" >&2; exit 1; } ;;
    -) [ ! -e "$TABLE.locked" ] || { echo "$TABLE: Permission denied" >&2; exit 1; }
       cat > "$TABLE.new" && mv "$TABLE.new" "$TABLE" ;;
esac
"""
WORKFLOW = """\
nightly:
  type: Workflow
  on: {{cronjob: "{cronjob}"}}
  jobs: {{}}
"""
OTHERS = b"MAILTO=me\n0 1 * * * printf '50\\%\\\\n' \xff\n"


class Project:
    """A project whose workflow is scheduled, with a crontab of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "bin" / "crontab"
        program.parent.mkdir(parents=True)
        program.write_text(CRONTAB)
        program.chmod(0o755)
        (folder / "conf").mkdir()
        self.table = folder / "table"
        self.scratch = folder

    def wfc(
        self, *arguments: str, path: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": (
                path if path is not None else f"{self.folder / 'bin'}:/usr/bin:/bin"
            ),
            "TABLE": str(self.table),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(self.scratch),
        }
        command = [sys.executable, "-m", "wfcompile", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True
        )

    def scheduled(self, cronjob: str) -> Project:
        text = WORKFLOW.format(cronjob=cronjob)
        (self.folder / "conf" / "a.yml").write_text(text)
        return self

    def install(self, cronjob: str) -> subprocess.CompletedProcess[str]:
        self.scheduled(cronjob).wfc("build")
        return self.wfc("cron", "install", "--tz", "UTC")

    def times(self) -> list[str]:
        """The first fields of the lines of the table that start something of ours."""
        lines = self.table.read_text("utf-8", "surrogateescape").splitlines()
        return [line.partition(" cd ")[0] for line in lines if " cd " in line]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_the_first_block(project: Project) -> None:
    done = project.install("30 2 * * *")
    said = f"crontab: the block of {project.folder} is added, 1 line\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert project.times() == ["30 2 * * *"]


def test_a_block_is_replaced_and_removed_and_other_lines_stay(
    project: Project,
) -> None:
    project.table.write_bytes(OTHERS)
    project.install("30 2 * * *")
    done = project.install("30 3 * * *")
    assert done.stdout.endswith(" is replaced, 1 line\n")
    assert project.times() == ["30 3 * * *"]
    assert project.table.read_bytes().startswith(OTHERS)
    again = project.wfc("cron", "install", "--tz", "UTC")
    assert again.stdout.endswith(" was up to date, 1 line\n")
    removed = project.wfc("cron", "remove")
    assert removed.stdout == f"crontab: the block of {project.folder} is removed\n"
    assert project.table.read_bytes() == OTHERS
    nothing = project.wfc("cron", "remove")
    assert nothing.stdout == f"crontab: there is no block of {project.folder}\n"


def test_an_error_leaves_the_crontab_alone(project: Project) -> None:
    project.install("30 2 * * *")
    before = project.table.read_bytes()
    done = project.install("61 2 * * *")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("the crontab stays as it is\n")
    assert project.table.read_bytes() == before


def test_a_module_that_is_not_built_leaves_the_crontab_alone(project: Project) -> None:
    done = project.scheduled("30 2 * * *").wfc("cron", "install", "--tz", "UTC")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        'wfc: warning: "build/nightly.py" is not there yet, run "wfc build"\n'
        "the crontab stays as it is\n"
    )
    assert not project.table.exists()


def test_without_a_schedule_the_block_goes(project: Project) -> None:
    project.table.write_bytes(OTHERS)
    project.install("30 2 * * *")
    (project.folder / "conf" / "a.yml").write_text(
        "nightly: {type: Workflow, jobs: {}}\n"
    )
    done = project.wfc("cron", "install", "--tz", "UTC")
    assert (done.returncode, done.stderr) == (0, "no workflow has a schedule\n")
    assert project.table.read_bytes() == OTHERS


def test_a_dry_run_writes_nothing(project: Project) -> None:
    project.table.write_bytes(OTHERS)
    project.install("30 2 * * *")
    before = project.table.read_bytes()
    project.scheduled("45 2 * * *")
    done = project.wfc("cron", "install", "--tz", "UTC", "--dry-run")
    changed = [
        line[:11] for line in done.stdout.splitlines()[2:] if line[:1] in ("+", "-")
    ]
    assert changed[1::2] == ["-30 2 * * *"[:11], "+45 2 * * *"[:11]]
    removed = project.wfc("cron", "remove", "--dry-run")
    assert "-# BEGIN wfc" in removed.stdout
    assert project.table.read_bytes() == before


def test_the_difference_from_the_crontab_or_a_file(project: Project) -> None:
    project.install("30 2 * * *")
    same = project.wfc("cron", "diff", "--tz", "UTC")
    assert (same.returncode, same.stdout) == (0, "")
    saved = project.folder / "saved.txt"
    saved.write_bytes(OTHERS)
    other = project.wfc("cron", "diff", "--tz", "UTC", "--crontab", "saved.txt")
    assert other.returncode == 1
    assert "+30 2 * * * cd" in other.stdout
    gone = project.wfc("cron", "diff", "--tz", "UTC", "--crontab", "none.txt")
    assert (gone.returncode, gone.stderr) == (
        2,
        'wfc: "none.txt": no such file or directory\n',
    )


@pytest.mark.parametrize(
    "name", ["a|b", "a[b", "a b", "a.*b", "a\\\\b", "a'b", "größe"]
)
def test_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    project = Project(tmp_path / name)
    project.table.write_bytes(OTHERS)
    for cronjob in ("30 2 * * *", "31 2 * * *"):
        assert project.install(cronjob).returncode == 0
    assert project.times() == ["31 2 * * *"]


def test_a_project_below_another_one_has_a_block_of_its_own(project: Project) -> None:
    project.install("30 2 * * *")
    below = Project(project.folder / "below")
    below.table = project.table
    below.install("31 2 * * *")
    assert project.times() == ["30 2 * * *", "31 2 * * *"]
    project.wfc("cron", "remove")
    assert project.times() == ["31 2 * * *"]


@pytest.mark.parametrize("command", ["install", "remove"])
def test_damaged_marks_are_refused(project: Project, command: str) -> None:
    project.install("30 2 * * *")
    kept = project.table.read_text().replace("# END wfc", "# ENDE wfc")
    project.table.write_text(kept)
    done = project.wfc("cron", command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f'wfc: line 1 of the crontab begins a block of "{project.folder}" that does not '
        "end, so nothing was changed; mend the lines that begin with # BEGIN wfc and "
        "# END wfc: crontab -e\n"
    )
    assert project.table.read_text() == kept


def test_a_zone_above_the_block_is_asked_about(project: Project) -> None:
    project.scheduled("30 2 * * *").wfc("build")
    project.table.write_text("CRON_TZ=Europe/Berlin\n")
    done = project.wfc("cron", "install")
    assert done.returncode == 2
    assert 'line 1 of the crontab sets CRON_TZ to "Europe/Berlin"' in done.stderr
    assert project.wfc("cron", "install", "--tz", "Europe/Berlin").returncode == 0


def test_a_spool_that_cannot_be_written(project: Project) -> None:
    project.install("30 2 * * *")
    before = project.table.read_bytes()
    project.table.with_name("table.locked").touch()
    done = project.install("31 2 * * *")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'wfc: "crontab -" failed, and the crontab is as it was: '
        f"{project.table}: Permission denied\n"
    )
    assert project.table.read_bytes() == before


def test_without_a_program_crontab(project: Project) -> None:
    project.scheduled("30 2 * * *").wfc("build")
    done = project.wfc("cron", "install", "--tz", "UTC", path=os.devnull)
    assert (done.returncode, done.stderr) == (
        2,
        "wfc: there is no program crontab here; install a cron, or put what "
        "wfc cron show prints where it belongs\n",
    )


def test_projects_that_are_installed_at_once_wait_for_each_other(
    tmp_path: Path,
) -> None:
    projects = [Project(tmp_path / str(number)) for number in range(4)]
    for each in projects:
        each.table, each.scratch = tmp_path / "table", tmp_path
        each.scheduled("30 2 * * *").wfc("build")
    with ThreadPoolExecutor() as pool:
        done = pool.map(
            lambda each: each.wfc("cron", "install", "--tz", "UTC"), projects
        )
        assert [each.returncode for each in done] == [0, 0, 0, 0]
    assert projects[0].times() == ["30 2 * * *"] * 4


def test_one_file_is_not_the_project(project: Project) -> None:
    project.install("30 2 * * *")
    done = project.wfc("cron", "install", "conf/a.yml", "--tz", "UTC")
    assert done.returncode == 2
    assert done.stderr.startswith('wfc: "conf/a.yml" is one file')
