"""What is said is the same with and without the cache, whatever has changed since the last check."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.robust.mutations import mutant
from tests.robust.seeds import ROOT, Seed, seeds
from wfcompile.commands import check as checking
from wfcompile.work import cache_file, shared

SEEDS = seeds()
TEXTS = [seed.text for seed in SEEDS]
PROJECTS = list({seed.project: seed for seed in SEEDS}.values())
STEP = 4
"""Of so many projects one is taken: the others differ in what is said alone."""
WORKFLOW = """\
{name}:
  type: Workflow
  jobs:
    load:
      stages:
        - name: Start
          {body}
"""
TASKS = """\
from wfruntime import tag


@tag("v1")
def copy_rows({parameters}) -> dict[str, int]:
    return {{}}
"""

TEXT = checking.Asked()

Check = Callable[[], str]
"""Checks the project in the working directory; all that is said."""


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Fails where the cache makes a difference."""

    def run(*, is_cache_used: bool = True) -> str:
        said = ""
        for format in ("text", "json"):
            asked = checking.Asked(format, is_cache_used=is_cache_used)
            code = checking.check(None, asked)
            out, err = capsys.readouterr()
            said += f"{code}\n{out}\n{err}"
        return said

    def compared() -> str:
        said = run()
        assert said == run(is_cache_used=False)
        return said

    return compared


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("CONF_PATH", "REGISTRY_CALLER", "REGISTRY_FILTER"):
        monkeypatch.delenv(f"WORKFLOW_CORE_{variable}", raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the workflows that were lowered, one after the other."""
    lowered: list[str] = []
    lower = shared.Shared.lower

    def noted(self, chosen, neighbours, progress):  # type: ignore[no-untyped-def]
        lowered.extend(each.name for each in chosen)
        return lower(self, chosen, neighbours, progress)

    monkeypatch.setattr(shared.Shared, "lower", noted)
    return lowered


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def echo(name: str) -> str:
    return WORKFLOW.format(name=name, body=f"echo: {name}")


# --- the same is said ---


@pytest.mark.parametrize("seed", PROJECTS[::STEP], ids=lambda seed: seed.name)
def test_a_case_after_edits_of_its_file(
    seed: Seed, project: Path, check: Check
) -> None:
    file = seed.copied_to(project / "copy")
    for part in (project / "copy").iterdir():
        part.rename(project / part.name)
    file = project / seed.file
    text = file.read_bytes()
    check()
    check()
    for number in range(2):
        changed = mutant(seed.text, Random(f"{seed.name} {number}"), TEXTS)
        file.write_bytes(changed.encode("utf-8", "surrogatepass"))
        check()
    file.write_bytes(text)
    check()


@pytest.mark.parametrize(
    "seed",
    [each for each in PROJECTS if list((each.project / "conf").glob("*.py"))][::3],
    ids=lambda seed: seed.name,
)
def test_a_case_after_edits_of_its_callers(
    seed: Seed, project: Path, check: Check
) -> None:
    shutil.copytree(seed.project / "conf", project / "conf")
    check()
    for path in sorted((project / "conf").glob("*.py")):
        text = path.read_text(encoding="utf-8", errors="replace")
        path.write_text(text.replace("def ", "def a_"), encoding="utf-8")
        check()
        path.rename(path.with_suffix(".away"))
        check()
        path.write_text(text, encoding="utf-8")
        check()


@pytest.fixture
def many(project: Path) -> Path:
    """The cases as one project, with all that their names have to do with each other."""
    for number, seed in enumerate(PROJECTS[::3]):
        if seed.project != ROOT:
            shutil.copytree(
                seed.project / "conf", project / "conf" / str(number), symlinks=True
            )
    return project


def test_several_processes_say_the_same(
    many: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = check()
    shutil.rmtree(many / cache_file.FOLDER)
    monkeypatch.setattr(shared, "_WORTH", 10)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    assert check() == alone
    assert check() == alone


def test_a_process_that_fails_is_replaced(
    many: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = check()
    shutil.rmtree(many / cache_file.FOLDER)
    monkeypatch.setattr(shared, "_WORTH", 10)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    monkeypatch.setattr(shared, "_lower", None)
    assert check() == alone


def test_what_happens_to_other_files(project: Path, check: Check) -> None:
    write("conf/a.yml", WORKFLOW.format(name="a", body="trigger: b"))
    write("conf/b.yml", echo("b"))
    write("conf/c.yml", echo("c"))
    clean = check()
    write("conf/b.yml", echo("renamed"))
    assert "WF380" in check()
    write("conf/b.yml", WORKFLOW.format(name="b", body="trigger: a"))
    assert "trigger each other in a circle" in check()
    write("conf/b.yml", echo("b"))
    write("conf/c.yml", echo("b"))
    assert '"b" is defined twice' in check()
    Path("conf/c.yml").unlink()
    assert check() != clean
    write("conf/c.yml", echo("c"))
    assert check() == clean
    write("conf/.confignore", "b.yml\n")
    assert "WF380" in check()


def test_what_happens_to_a_named_schedule(project: Path, check: Check) -> None:
    write("conf/a.yml", echo("a") + "  on: nightly\n")
    write("conf/times.yml", "nightly:\n  type: Crontab\n  cronjob: '0 2 * * *'\n")
    clean = check()
    write("conf/times.yml", "nightly:\n  type: Crontab\n  cronjob: '0 25 * * *'\n")
    assert check() != clean
    Path("conf/times.yml").unlink()
    assert 'no schedule is called "nightly"' in check()


def test_what_happens_to_modules(project: Path, check: Check) -> None:
    body = "uses: tasks/copy-rows@v1\n          with: {number: 1}"
    write("conf/a.yml", WORKFLOW.format(name="a", body=body))
    assert "WF401" in check()
    write("conf/tasks.py", TASKS.format(parameters="number: int"))
    assert "1 workflow: no errors" in check()
    write("conf/tasks.py", TASKS.format(parameters="other: int"))
    assert "WF402" in check()
    write("conf/tasks.py", "from more import *\n")
    write("conf/more.py", TASKS.format(parameters="number: int"))
    check()
    write("conf/more.py", TASKS.format(parameters="number: str"))
    check()
    write("conf/more.py", TASKS.format(parameters="number: float"))
    assert "1 workflow: no errors" in check()
    write("conf/select.py", "")
    assert "hides the Python module" in check()


def test_what_happens_to_modules_of_a_pattern(project: Path, check: Check) -> None:
    body = "uses: ${{ params.source }}/copy-rows@v1"
    text = WORKFLOW.format(name="a", body=body) + "  params: {source: str}\n"
    write("conf/a.yml", text)
    nothing = check()
    write("conf/tasks.py", TASKS.format(parameters=""))
    something = check()
    assert something != nothing
    write("conf/tasks.py", TASKS.format(parameters="number: int"))
    assert check() != something


def test_what_happens_to_the_settings(project: Path, check: Check) -> None:
    write("conf/a.yml", WORKFLOW.format(name="a", body="uses: tasks/copy-rows@v1"))
    write("lib/tasks.py", TASKS.format(parameters=""))
    assert "WF401" in check()
    write("wfc.toml", 'callers = ["lib"]\n')
    assert "1 workflow: no errors" in check()


# --- and no more is done than must be ---


def test_only_what_has_changed_is_lowered(project: Path, loads: list[str]) -> None:
    for name in "abc":
        write(f"conf/{name}.yml", echo(name))
    write("conf/d.yml", WORKFLOW.format(name="d", body="trigger: a"))
    assert checking.check(None, TEXT) == 0
    assert loads == ["a", "b", "c", "d"]
    loads.clear()
    assert checking.check(None, TEXT) == 0
    assert loads == []
    write("conf/b.yml", echo("b") + "# changed\n")
    assert checking.check(None, TEXT) == 0
    assert loads == ["b", "d"]


@pytest.fixture
def cache(project: Path) -> Iterator[Path]:
    write("conf/a.yml", WORKFLOW.format(name="a", body="echo: ${{ params.x }}"))
    assert checking.check(None, TEXT) == 1
    (path,) = (project / cache_file.FOLDER).glob("check-*")
    yield path
    assert checking.check(None, TEXT) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content.replace(b"WF3", b"WF4"),
        lambda content: b"\xff" + content,
        lambda content: content.replace(b"\n", b""),
    ],
)
def test_a_damaged_cache_is_no_cache(
    damage: Callable[[bytes], bytes], cache: Path, check: Check
) -> None:
    content = cache.read_bytes()
    cache.write_bytes(damage(content))
    assert "WF3" in check()
    assert json.loads(cache.read_bytes().split(b"\n", 1)[1]) == json.loads(
        content.split(b"\n", 1)[1]
    )


def test_a_cache_that_cannot_be_written_is_no_mistake(
    project: Path, check: Check
) -> None:
    write(cache_file.FOLDER, "a file")
    write("conf/a.yml", echo("a"))
    assert "1 workflow: no errors" in check()


def test_nothing_is_left_beside_a_lone_file(project: Path) -> None:
    write("somewhere/a.yml", echo("a"))
    assert checking.check(Path("somewhere"), TEXT) == 0
    assert checking.check(Path("somewhere/a.yml"), TEXT) == 0
    assert [path.name for path in project.iterdir()] == ["somewhere"]


def test_the_folder_is_left_alone_by_git_and_backups(project: Path) -> None:
    write("conf/a.yml", echo("a"))
    assert checking.check(None, TEXT) == 0
    folder = project / cache_file.FOLDER
    names = sorted(path.name for path in folder.iterdir())
    assert names[:2] == [".gitignore", "CACHEDIR.TAG"]
    assert (folder / ".gitignore").read_text().splitlines()[-1] == "*"
