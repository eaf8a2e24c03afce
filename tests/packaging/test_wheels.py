"""Both distributions as wheels, in clean environments without the checkout and without a network.

An environment here is `venv` plus exactly the distributions that the wheels declare, directly and
through others, linked from the environment that runs the tests: what is not declared is missing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
OURS = {"wfcompile", "wfruntime"}

# one worker for all: the wheels and environments are made once
pytestmark = pytest.mark.xdist_group("wheels")

WORKFLOW = """\
greet:
  type: Workflow
  params:
    who: {type: str, default: world}
    times: {type: int, default: 2}
  jobs:
    hello:
      strategy:
        matrix: {language: [en, de]}
      stages:
        - name: Greet
          id: greet
          uses: greetings/greet@v1
          with:
            who: ${{ params.who }}
            language: ${{ matrix.language }}
            times: ${{ params.times }}
        - name: Say it
          id: say
          bash: echo ${{ stages.greet.outputs.text }}
"""

CALLERS = '''\
"""Callers that need the standard library alone."""

from typing import TypedDict

from wfruntime import tag

WORD = {"en": "hello", "de": "hallo"}


class Greeting(TypedDict):
    text: str


@tag("v1")
def greet(who: str, language: str, times: int) -> Greeting:
    return {"text": " ".join([f"{WORD[language]} {who}"] * times)}
'''


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Distribution name -> its wheel, built from the sdist as an index would hold it."""
    out = tmp_path_factory.mktemp("dist")
    for source in (ROOT, ROOT / "runtime"):
        call(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source)
    return {path.name.partition("-")[0]: path for path in out.glob("*.whl")}


@pytest.fixture(scope="module")
def compile_host(
    wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The bin folder of an environment with both wheels."""
    return environment(tmp_path_factory.mktemp("compile-host"), list(wheels.values()))


@pytest.fixture(scope="module")
def run_host(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with nothing but the runtime."""
    return environment(tmp_path_factory.mktemp("run-host"), [wheels["wfruntime"]])


def environment(folder: Path, wheels: list[Path]) -> Path:
    call(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    call(python, "-m", "pip", "install", "--no-index", "--no-deps", *wheels)
    site = next(folder.glob("lib/python*/site-packages"))
    for name in needed([wheel.name.partition("-")[0] for wheel in wheels]):
        link(distribution(name), site)
    call(python, "-m", "pip", "check")
    return folder / "bin"


def needed(names: list[str]) -> list[str]:
    """What the distributions require, directly and through others, for this Python."""
    seen: dict[str, None] = {}
    queue = [(name, "") for name in names]
    for name, extra in queue:
        for text in distribution(name).requires or []:
            requirement = Requirement(text)
            if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
                continue
            if requirement.name not in seen and requirement.name not in OURS:
                seen[requirement.name] = None
                queue.append((requirement.name, ""))
            queue += [
                (requirement.name, each)
                for each in requirement.extras
                if (requirement.name, each) not in queue
            ]
    return list(seen)


def link(installed: Distribution, site: Path) -> None:
    """Make the distribution's files, and so its metadata, visible in another site-packages."""
    for top in {file.parts[0] for file in installed.files or []} - {
        "..",
        "__pycache__",
    }:
        target = site / top
        if not target.exists():
            target.symlink_to(Path(str(installed.locate_file(top))))


def call(*command: object, cwd: Path | None = None) -> str:
    """Run to a good end, without the tests' own variables, and give back what it said."""
    done = attempt(*command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def attempt(
    *command: object, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    kept = {
        k: v for k, v in os.environ.items() if not re.match("PYTHON|WORKFLOW|WFC", k)
    }
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=110,
    )


def test_the_compiler_wheel_holds_the_templates(wheels: dict[str, Path]) -> None:
    names = zipfile.ZipFile(wheels["wfcompile"]).namelist()
    inside = {
        n.removeprefix("wfcompile/_templates/") for n in names if "_templates/" in n
    }
    templates = ROOT / "templates"
    ours = {str(p.relative_to(templates)) for p in templates.rglob("*") if p.is_file()}
    assert inside == ours
    assert ours
    assert "wfcompile/py.typed" in names


def test_the_compiler_wheel_explains_its_codes(
    compile_host: Path, tmp_path: Path
) -> None:
    pages = {path.stem for path in (ROOT / "wfcompile" / "rules").glob("*.md")}
    listed = call(compile_host / "wfc", "explain", cwd=tmp_path).splitlines()
    assert {line.partition(" ")[0] for line in listed} == pages
    page = call(compile_host / "wfc", "explain", "WF402", cwd=tmp_path)
    assert page.startswith("WF402: an unknown argument\n")
    assert "\nFixed\n" in page


def test_the_runtime_wheel_holds_the_runtime_alone(wheels: dict[str, Path]) -> None:
    names = zipfile.ZipFile(wheels["wfruntime"]).namelist()
    assert {name.partition("/")[0] for name in names} == {
        "wfruntime",
        "wfruntime-0.1.0.dist-info",
    }
    assert "wfruntime/py.typed" in names


def test_the_runtime_needs_nothing(wheels: dict[str, Path]) -> None:
    archive = zipfile.ZipFile(wheels["wfruntime"])
    assert (
        "Requires-Dist"
        not in archive.read("wfruntime-0.1.0.dist-info/METADATA").decode()
    )


def test_a_new_project_builds_checks_and_runs(
    compile_host: Path, tmp_path: Path
) -> None:
    project = tmp_path / "new"
    call(compile_host / "wfc", "init", project)
    call(compile_host / "wfc", "build", cwd=project)
    call(compile_host / "wfc", "check", cwd=project)
    call(compile_host / "wfc", "build", "--check", cwd=project)
    modules = sorted((project / "build").glob("*.py"))
    assert modules
    for module in modules:
        call(compile_host / "python", module, cwd=tmp_path)


def test_a_module_runs_where_only_the_runtime_is(
    compile_host: Path, run_host: Path, tmp_path: Path
) -> None:
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "greet.yml").write_text(WORKFLOW)
    (conf / "greetings.py").write_text(CALLERS)
    call(compile_host / "wfc", "build", "conf", cwd=tmp_path)

    compiler = attempt(run_host / "python", "-c", "import wfcompile", cwd=tmp_path)
    assert "No module named 'wfcompile'" in compiler.stderr
    context = tmp_path / "context.json"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    call(
        run_host / "python",
        tmp_path / "build" / "greet.py",
        "--param=who=moon",
        f"--context={context}",
        cwd=elsewhere,
    )
    told = context.read_text()
    assert "hello moon hello moon" in told
    assert "hallo moon hallo moon" in told
