"""`wfc` as a process on real projects: from a new folder to a run, and through usual mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKFLOW = """\
{name}:
  type: Workflow
  params:
    who: {{type: str, default: world}}
  jobs:
    greet:
      stages:
        - name: Greet
          id: greet
          uses: greetings/greet@v1
          with:
            who: ${{{{ params.who }}}}
"""
CALLERS = """\
from typing import TypedDict

from wfruntime import tag


class Greeting(TypedDict):
    text: str


@tag("v1")
def greet(who: str) -> Greeting:
    return {"text": f"hello {who}"}
"""


def run(
    *words: str | Path, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WORKFLOW_", "WFC_", "TZ"))
    }
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env=kept | (environment or {}),
        capture_output=True,
        text=True,
        timeout=100,
    )


def wfc(*words: str | Path, cwd: Path) -> tuple[int, str, str]:
    done = run("-m", "wfcompile", *words, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two workflows, a and b, and their callers."""
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "greetings.py").write_text(CALLERS)
    for name in ("a", "b"):
        (conf / f"{name}.yml").write_text(WORKFLOW.format(name=f"hello-{name}"))
    return tmp_path


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `wfc init` makes, built."""
    folder = tmp_path_factory.mktemp("started") / "new"
    assert wfc("init", folder, cwd=folder.parent)[0] == 0
    assert wfc("build", cwd=folder) == (
        0,
        "1 workflow: 1 written, 0 unchanged, 0 removed -> build/\n",
        "",
    )
    return folder


def modules(project: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (project / "build").glob("*.py")}


# --- a new project ---


def test_a_new_project_is_clean(started: Path) -> None:
    assert wfc("check", cwd=started) == (0, "1 workflow: no errors\n", "")
    assert wfc("build", "--check", cwd=started) == (
        0,
        "1 workflow: build/ is up to date\n",
        "",
    )


def test_a_new_project_runs(started: Path, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    words = ["--param=name=moon", "--param=times=2", f"--context={context}"]
    done = run(started / "build" / "hello.py", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    jobs = json.loads(context.read_text())["jobs"]
    said = [
        each["stages"]["say"]["outputs"]["stdout"]
        for each in jobs["greet"]["strategies"].values()
    ]
    assert sorted(said) == [
        "de: hallo moon, hallo moon",
        "en: hello moon, hello moon",
        "th: สวัสดี moon, สวัสดี moon",
    ]
    assert jobs["report"]["status"] == "SUCCESS"


def test_a_new_project_passes_the_tools(started: Path) -> None:
    for tool in (
        ["black", "--check", "conf/greetings.py", "build/hello.py"],
        ["ruff", "check", "--isolated", "conf/greetings.py", "build/hello.py"],
        ["mypy", "--strict", "conf/greetings.py", "build/hello.py"],
    ):
        done = run("-m", *tool, cwd=started, environment={"MYPYPATH": "conf"})
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_project_has_a_crontab(started: Path) -> None:
    code, out, err = wfc("cron", "show", "--tz", "UTC", cwd=started)
    assert (code, err) == (0, "")
    python = os.path.abspath(sys.executable)
    path = f"PATH={os.path.dirname(python)}:/usr/local/bin:/usr/bin:/bin"
    assert out.splitlines()[3:5] == [
        '# hello (conf/hello.yml): "30 7 * * 1-5" UTC',
        f"30 7 * * 1-5 cd {started} && env {path} {python} {started}/build/hello.py "
        "--quiet --scheduled",
    ]


def test_a_scheduled_minute_is_a_release(started: Path, tmp_path: Path) -> None:
    module = started / "build" / "hello.py"
    friday, saturday = "2026-01-02T07:30Z", "2026-01-03T07:30Z"
    done = run(module, "--release", friday, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert " report/done: greeted world on 2026-01-02\n" in done.stdout
    again = run(module, "--release", friday, "--quiet", cwd=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    refused = run(module, "--release", saturday, "--quiet", cwd=tmp_path)
    assert refused.returncode != 0
    assert "is not on the schedule" in refused.stdout + refused.stderr


# --- build ---


def test_from_another_folder(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert wfc("build", project / "conf", cwd=elsewhere)[0] == 0
    assert wfc("build", "conf", "--check", cwd=project)[0] == 0
    assert sorted(modules(project)) == ["hello_a.py", "hello_b.py"]


def test_a_broken_file_stops_no_other_one(project: Path) -> None:
    wfc("build", cwd=project)
    before = modules(project)
    (project / "conf" / "a.yml").write_text("hello-a: [\n")
    b = project / "conf" / "b.yml"
    b.write_text(b.read_text().replace("world", "moon"))
    code, out, err = wfc("build", cwd=project)
    assert code == 1
    assert out == "1 workflow: 1 written, 0 unchanged, 0 removed -> build/; 1 error\n"
    assert err.startswith("conf/a.yml:")
    assert err.splitlines()[1].startswith("    ")
    after = modules(project)
    assert after["hello_a.py"] == before["hello_a.py"]
    assert after["hello_b.py"] == before["hello_b.py"].replace("world", "moon")


def test_the_module_of_a_workflow_that_is_gone_goes(project: Path) -> None:
    wfc("build", cwd=project)
    (project / "conf" / "a.yml").unlink()
    assert wfc("build", cwd=project) == (
        0,
        "1 workflow: 0 written, 1 unchanged, 1 removed -> build/\n",
        "",
    )
    assert sorted(modules(project)) == ["hello_b.py"]


def test_workflows_of_one_name_leave_the_module_as_it_was(project: Path) -> None:
    assert wfc("build", cwd=project)[0] == 0
    before = modules(project)
    other = WORKFLOW.format(name="hello-a").replace("world", "moon")
    (project / "conf" / "a2.yml").write_text(other)
    code, out, _ = wfc("build", cwd=project)
    assert (code, modules(project)) == (1, before)
    assert out.startswith("2 workflows: 0 written, 1 unchanged, 0 removed -> build/")


def test_one_file_is_compiled_alone(project: Path) -> None:
    wfc("build", cwd=project)
    before = modules(project)
    a = project / "conf" / "a.yml"
    a.write_text(a.read_text().replace("hello-a", "hello-c"))
    code, out, err = wfc("build", "conf/a.yml", "-o", "build", cwd=project)
    assert (code, err) == (0, "")
    assert out == "1 workflow: 1 written, 0 unchanged, 1 removed -> build/\n"
    assert sorted(modules(project)) == ["hello_b.py", "hello_c.py"]
    assert modules(project)["hello_b.py"] == before["hello_b.py"]


def test_no_module_of_another_conf_folder_is_written_over(project: Path) -> None:
    assert wfc("build", "conf", cwd=project)[0] == 0
    before = modules(project)
    (project / "other").mkdir()
    workflow = WORKFLOW.format(name="hello-a").replace("world", "moon")
    (project / "other" / "a.yml").write_text(workflow)
    (project / "other" / "greetings.py").write_text(CALLERS)
    assert wfc("build", "other", cwd=project) == (
        2,
        "",
        'wfc: "hello_a.py" in build/ is the module of a workflow in conf/a.yml; '
        "rename one of the two workflows, or name another folder with -o\n",
    )
    assert modules(project) == before


def test_two_projects_share_a_folder(tmp_path: Path) -> None:
    shared, folders = tmp_path / "shared", [tmp_path / "sun", tmp_path / "moon"]
    for folder in folders:
        (folder / "conf").mkdir(parents=True)
        (folder / "conf" / "greetings.py").write_text(CALLERS)
        workflow = WORKFLOW.format(name=folder.name)
        (folder / "conf" / f"{folder.name}.yml").write_text(workflow)
    for folder in (*folders, folders[0]):
        assert wfc("build", "-o", shared, cwd=folder)[0] == 0
    assert sorted(path.name for path in shared.glob("*.py")) == ["moon.py", "sun.py"]
    for folder in folders:
        assert wfc("build", "--check", "-o", shared, cwd=folder)[0] == 0


def test_an_edit_by_hand_is_found(project: Path) -> None:
    wfc("build", cwd=project)
    module = project / "build" / "hello_a.py"
    module.write_text(module.read_text().replace('"hello-a"', '"hello-z"'))
    code, out, err = wfc("build", "--check", cwd=project)
    assert (code, err) == (1, "")
    assert '-    "hello-z",\n+    "hello-a",\n' in out
    assert out.endswith('2 workflows: 1 stale in build/, run "wfc build"\n')


# --- check ---


def test_a_misspelt_argument_is_found_where_it_is(project: Path) -> None:
    a = project / "conf" / "a.yml"
    a.write_text(a.read_text().replace("who: ${{", "whoo: ${{"))
    code, out, err = wfc("check", cwd=project)
    assert (code, err) == (1, "")
    assert out.startswith(
        "conf/a.yml:12:13: error WF402: "
        'caller "greet@v1" has no argument "whoo"\n'
        "   12 |             whoo: ${{ params.who }}\n"
        "      |             ^^^^\n"
    )
    assert '   = help: did you mean "who"?\n' in out
    assert "\n2 workflows: " in out


def test_json_for_a_program(project: Path) -> None:
    a = project / "conf" / "a.yml"
    a.write_text(a.read_text().replace("params.who", "params.whoo"))
    code, out, err = wfc("check", "--format", "json", project / "conf", cwd=project)
    assert (code, err) == (1, "")
    (found,) = json.loads(out)
    assert found["code"] == "WF311"
    place = [found[key] for key in ("file", "line", "column", "end_line", "end_column")]
    assert place == ["conf/a.yml", 12, 29, 12, 33]


def test_a_file_is_named_from_the_working_folder(project: Path) -> None:
    (project / "conf" / "a.yml").write_text("a: [\n")
    (project / "below").mkdir()
    code, out, _ = wfc("check", "--format", "json", "../conf", cwd=project / "below")
    assert code == 1
    assert {each["file"] for each in json.loads(out)} == {"../conf/a.yml"}


def test_a_check_executes_nothing(project: Path) -> None:
    callers = project / "conf" / "greetings.py"
    callers.write_text(f"import a_heavy_dependency\n{CALLERS}\nraise SystemExit(3)\n")
    assert wfc("check", cwd=project)[:2] == (0, "2 workflows: no errors\n")


def test_a_check_loads_neither_templates_nor_formatter(project: Path) -> None:
    code = (
        "import sys; from wfcompile.cli import main\n"
        "sys.argv = ['wfc', 'check']\n"
        "try: main()\n"
        "except SystemExit as left: assert not left.code, left.code\n"
        "print(sorted({'black', 'jinja2', 'rich', 'wfcompile.emit'} & set(sys.modules)))\n"
    )
    done = run("-c", code, cwd=project)
    assert done.stdout == "2 workflows: no errors\n[]\n", done.stderr


def test_help_loads_no_pass(tmp_path: Path) -> None:
    code = (
        "import sys; from wfcompile.cli import main\n"
        "sys.argv = ['wfc', '--help']\n"
        "try: main()\n"
        "except SystemExit as left: assert not left.code, left.code\n"
        "print(sorted({'pydantic', 'yaml', 'griffe', 'rich'} & set(sys.modules)))\n"
    )
    done = run("-c", code, cwd=tmp_path)
    assert done.stdout.endswith("\n[]\n"), done.stderr


def test_filters_that_are_not_there_are_told_with_their_place(project: Path) -> None:
    (project / "wfc.toml").write_text('callers = ["."]\nfilters = [\n  "shout",\n]\n')
    done = run("-m", "wfcompile", "check", cwd=project)
    message = (
        'wfc: there is no module of filters "shout" (wfc.toml:3); '
        "name a module below a folder of the callers\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    (project / "shout.py").write_text("")
    done = run("-m", "wfcompile", "check", cwd=project)
    assert (done.returncode, done.stdout) == (0, "2 workflows: no errors\n")


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check"], "standard output cannot be written: no space left on device"),
        (["build"], "standard output cannot be written: no space left on device"),
        (["explain"], "standard output cannot be written: no space left on device"),
        (["--help"], "no space left on device"),
    ],
)
def test_a_full_disk_is_told_once(
    project: Path, words: list[str], message: str, buffered: str
) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [Path(sys.executable).with_name("wfc"), *words],
            cwd=project,
            env={**os.environ, "PYTHONUNBUFFERED": buffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (2, f"wfc: {message}\n")


def test_the_command_is_installed(project: Path) -> None:
    command = Path(sys.executable).with_name("wfc")
    done = subprocess.run(
        [command, "check"], cwd=project, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "2 workflows: no errors\n")
