"""The commands: what they print on which stream, what they write, how they exit.

What the passes give is set by each test; `test_cli_end_to_end.py` has real projects.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wfcompile import cli, ir, pipeline
from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.header import header
from wfcompile.settings import Settings, SettingsError
from wfcompile.source import SourceFile, Span


@dataclass
class Passes:
    """Stands in for the passes: source file -> what is in it."""

    clean: dict[str, tuple[str, ...]] = field(default_factory=dict)
    broken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    schedules: tuple[ir.Schedule, ...] = ()
    error: BaseException | None = None

    def check_project(
        self,
        settings: Settings,
        diagnostics: Diagnostics,
        *,
        progress: pipeline.Progress | None = None,
        work: object = None,
    ) -> list[pipeline.CheckedWorkflow]:
        if self.error is not None:
            raise self.error
        diagnostics.extend(self.diagnostics)
        return [
            pipeline.CheckedWorkflow(name, name, source, self.ir_of(name, source))
            for source, names in self.clean.items()
            for name in names
        ] + [
            pipeline.CheckedWorkflow(name, name, source, None)
            for source, names in self.broken.items()
            for name in names
        ]

    def compile_project(
        self,
        settings: Settings,
        diagnostics: Diagnostics,
        *,
        progress: pipeline.Progress | None = None,
    ) -> pipeline.Compilation:
        checked = self.check_project(settings, diagnostics)
        compiled = tuple(
            pipeline.CompiledWorkflow(
                each.name, each.module, each.source, each.ir, text_of(each.source)
            )
            for each in checked
            if each.ir is not None
        )
        broken = tuple(each.module for each in checked if each.ir is None)
        return pipeline.Compilation(compiled, broken, len(checked))

    def ir_of(self, name: str, source: str) -> ir.Module:
        return ir.Module(
            name, name, source, None, (), self.schedules, None, (), (), (), ()
        )


def text_of(source: str, body: str = "x = 1\n") -> str:
    return f"{header(source)}\n{body}"


def found(path: str, severity: str = "error") -> Diagnostic:
    file = SourceFile(path, "a: 1\n")
    span = Span(file, 3, 4)
    if severity == "error":
        return Diagnostic("WF500", "error", "no good", span)
    return Diagnostic("WF500", "warning", "no good", span)


REPORT = """\
conf/a.yml:1:4: error WF500: no good
    1 | a: 1
      |    ^
"""


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Passes:
    passes = Passes()
    monkeypatch.setattr(pipeline, "check_project", passes.check_project)
    monkeypatch.setattr(pipeline, "compile_project", passes.compile_project)
    return passes


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with conf/ and nothing else."""
    for name in os.environ:
        if name.startswith(("WORKFLOW_", "WFC_")) or name in ("NO_COLOR", "TZ"):
            monkeypatch.delenv(name)
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.yml").write_text("a: 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str = ""
    err: str = ""


@pytest.fixture
def wfc(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Outcome]]:
    def run(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["wfc", *words])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        told = capsys.readouterr()
        code = caught.value.code or 0
        assert isinstance(code, int)
        return Outcome(code, told.out, told.err)

    yield run


Wfc = Callable[..., Outcome]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- build ---


def test_a_build_says_what_it_did(passes: Passes, wfc: Wfc, project: Path) -> None:
    passes.clean = {"conf/a.yml": ("a", "b")}
    assert wfc("build") == Outcome(
        0, "2 workflows: 2 written, 0 unchanged, 0 removed -> build/\n"
    )
    assert names(project / "build") == ["a.py", "b.py"]
    passes.clean = {"conf/a.yml": ("a",)}
    assert wfc("build") == Outcome(
        0, "1 workflow: 0 written, 1 unchanged, 1 removed -> build/\n"
    )
    assert names(project / "build") == ["a.py"]


def test_a_broken_workflow_stops_no_other_one(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    passes.clean = {"conf/a.yml": ("a",), "conf/b.yml": ("b",)}
    wfc("build")
    passes.clean = {"conf/b.yml": ("b", "c")}
    passes.broken = {"conf/a.yml": ("a",)}
    passes.diagnostics = [found("conf/a.yml")]
    assert wfc("build") == Outcome(
        1,
        "3 workflows: 1 written, 1 unchanged, 0 removed -> build/; 1 error\n",
        f"{REPORT}\n",
    )
    assert names(project / "build") == ["a.py", "b.py", "c.py"]


def test_nothing_clean_makes_no_folder(passes: Passes, wfc: Wfc, project: Path) -> None:
    passes.broken = {"conf/a.yml": ("a",)}
    passes.diagnostics = [found("conf/a.yml")]
    assert wfc("build") == Outcome(
        1,
        "1 workflow: 0 written, 0 unchanged, 0 removed -> build/; 1 error\n",
        f"{REPORT}\n",
    )
    assert names(project) == ["conf"]


def test_a_file_that_cannot_be_read_keeps_its_modules(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    passes.clean = {"conf/a.yml": ("a",), "conf/gone.yml": ("gone",)}
    wfc("build")
    passes.clean, passes.diagnostics = {}, [found("conf/a.yml")]
    assert wfc("build") == Outcome(
        1,
        "no workflow could be read: "
        "0 written, 0 unchanged, 1 removed -> build/; 1 error\n",
        f"{REPORT}\n",
    )
    assert names(project / "build") == ["a.py"]


def test_one_file_leaves_the_modules_of_others_alone(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    (project / "conf" / "b.yml").write_text("b: 1\n")
    passes.clean = {"conf/a.yml": ("a", "old"), "conf/b.yml": ("b",)}
    wfc("build", "conf", "-o", "build")
    passes.clean = {"conf/a.yml": ("a",)}
    outcome = wfc("build", "conf/a.yml", "-o", "build")
    assert outcome == Outcome(
        0, "1 workflow: 0 written, 1 unchanged, 1 removed -> build/\n"
    )
    assert names(project / "build") == ["a.py", "b.py"]


def test_warnings_are_told_and_stop_nothing(passes: Passes, wfc: Wfc) -> None:
    passes.clean = {"conf/a.yml": ("a",)}
    passes.diagnostics = [found("conf/a.yml", "warning")]
    assert wfc("build") == Outcome(
        0,
        "1 workflow: 1 written, 0 unchanged, 0 removed -> build/; 1 warning\n",
        REPORT.replace("error", "warning") + "\n",
    )


def test_what_somebody_else_wrote_is_refused(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    (project / "build").mkdir()
    (project / "build" / "a.py").write_text("import os\n")
    passes.clean = {"conf/a.yml": ("a",)}
    assert wfc("build") == Outcome(
        2,
        "",
        'wfc: "a.py" is there already and was not generated (build/a.py); '
        "move it away, or rename the workflow\n",
    )


def test_a_folder_that_cannot_be_written_is_one_line(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    (project / "build").write_text("")
    passes.clean = {"conf/a.yml": ("a",)}
    assert wfc("build") == Outcome(
        2, "", 'wfc: "build" is no folder (build); name another with -o\n'
    )


def test_the_build_is_compared(passes: Passes, wfc: Wfc, project: Path) -> None:
    passes.clean = {"conf/a.yml": ("a", "b")}
    wfc("build")
    assert wfc("build", "--check") == Outcome(0, "2 workflows: build/ is up to date\n")
    (project / "build" / "b.py").write_text(text_of("conf/a.yml", "x = 2\n"))
    path = f"{project.as_posix()}/build/b.py"
    assert wfc("build", "--check") == Outcome(
        1,
        f"--- {path}\n"
        f"+++ {path} (compiled)\n"
        "@@ -1,2 +1,2 @@\n"
        f" {header('conf/a.yml')}\n"
        "-x = 2\n"
        "+x = 1\n"
        '2 workflows: 1 stale in build/, run "wfc build"\n',
    )
    assert (project / "build" / "b.py").read_text().endswith("x = 2\n")


def test_a_compared_build_tells_what_is_missing_and_left(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    passes.clean = {"conf/a.yml": ("old",)}
    wfc("build")
    passes.clean = {"conf/a.yml": ("new",)}
    outcome = wfc("build", "--check")
    assert outcome.code == 1
    assert outcome.out.splitlines()[-1] == (
        '1 workflow: 1 missing, 1 orphan in build/, run "wfc build"'
    )
    assert names(project / "build") == ["old.py"]


# --- check ---


def test_a_clean_check(passes: Passes, wfc: Wfc, project: Path) -> None:
    passes.clean = {"conf/a.yml": ("a", "b")}
    assert wfc("check") == Outcome(0, "2 workflows: no errors\n")
    assert names(project) == ["conf"]


def test_a_check_with_errors(passes: Passes, wfc: Wfc) -> None:
    passes.broken = {"conf/a.yml": ("a",)}
    passes.diagnostics = [found("conf/a.yml")]
    assert wfc("check") == Outcome(1, f"{REPORT}\n1 workflow: 1 error\n")


def test_a_check_with_warnings_alone_is_clean(passes: Passes, wfc: Wfc) -> None:
    passes.clean = {"conf/a.yml": ("a",)}
    passes.diagnostics = [found("conf/a.yml", "warning")]
    assert wfc("check").code == 0


def test_json_is_all_of_standard_output(passes: Passes, wfc: Wfc) -> None:
    passes.broken = {"conf/a.yml": ("a",)}
    passes.diagnostics = [found("conf/a.yml")]
    outcome = wfc("check", "--format", "json")
    assert (outcome.code, outcome.err) == (1, "")
    assert [each["file"] for each in json.loads(outcome.out)] == ["conf/a.yml"]
    passes.diagnostics = []
    assert wfc("check", "--format", "json") == Outcome(0, "[]\n")


@pytest.mark.parametrize("words", [["build"], ["check"], ["cron", "show"]])
def test_no_conf_is_one_line(passes: Passes, wfc: Wfc, words: list[str]) -> None:
    assert wfc(*words, "nowhere") == Outcome(
        2,
        "",
        'wfc: there is no folder or file "nowhere"; '
        "name the folder of the workflows\n",
    )


def test_settings_that_are_found_wrong_later(passes: Passes, wfc: Wfc) -> None:
    passes.error = SettingsError('"conf" cannot be read: permission denied')
    assert wfc("check") == Outcome(
        2, "", 'wfc: "conf" cannot be read: permission denied\n'
    )


# --- cron show ---


def test_the_block_is_all_of_standard_output(
    passes: Passes, wfc: Wfc, project: Path
) -> None:
    passes.clean = {"conf/a.yml": ("a",)}
    passes.schedules = (ir.Schedule("30 7 * * *", "UTC"),)
    wfc("build")
    outcome = wfc("cron", "show", "--tz", "UTC")
    python = os.path.abspath(sys.executable)
    path = f"PATH={os.path.dirname(python)}:/usr/local/bin:/usr/bin:/bin"
    assert outcome == Outcome(
        0,
        f"# BEGIN wfc {project}\n"
        "# written by wfc cron for a cron in the time zone UTC\n"
        "\n"
        '# a (conf/a.yml): "30 7 * * *" UTC\n'
        f"30 7 * * * cd {project} && env {path} {python} {project}/build/a.py "
        "--quiet --scheduled\n"
        "\n"
        f"# END wfc {project}\n",
    )


def test_what_the_block_lacks_is_told(passes: Passes, wfc: Wfc) -> None:
    passes.clean = {"conf/b.yml": ("b",)}
    passes.diagnostics = [found("conf/a.yml")]
    passes.schedules = (ir.Schedule("30 7 * * *", "UTC"),)
    outcome = wfc("cron", "show", "--tz", "UTC")
    assert outcome.code == 1
    assert outcome.err == (
        f"{REPORT}\n" 'wfc: warning: "build/b.py" is not there yet, run "wfc build"\n'
    )
    assert outcome.out.splitlines()[2] == (
        "# left out: the workflows of conf/a.yml, which has errors"
    )


def test_nothing_scheduled_is_said(passes: Passes, wfc: Wfc) -> None:
    passes.clean = {"conf/a.yml": ("a",)}
    assert wfc("cron", "show") == Outcome(0, "", "no workflow has a schedule\n")


def test_a_schedule_with_an_error_is_not_said_to_be_none(
    passes: Passes, wfc: Wfc
) -> None:
    passes.broken, passes.diagnostics = {"conf/a.yml": ("a",)}, [found("conf/a.yml")]
    assert wfc("cron", "show") == Outcome(
        1, "", f"{REPORT}\nno workflow without errors has a schedule\n"
    )


def test_a_zone_that_is_none(passes: Passes, wfc: Wfc) -> None:
    assert wfc("cron", "show", "--tz", "Europe/Berlim") == Outcome(
        2,
        "",
        'wfc: there is no time zone "Europe/Berlim"; did you mean "Europe/Berlin"?\n',
    )


# --- init ---


def test_a_new_project_says_what_comes_next(wfc: Wfc) -> None:
    outcome = wfc("init", "my project")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "new project in my project/\n"
        "  README.md\n"
        "  wfc.toml\n"
        "  .gitignore\n"
        "  conf/hello.yml\n"
        "  conf/greetings.py\n"
        "\n"
        "next:\n"
        "  cd 'my project'\n"
        "  wfc build\n"
        "  python build/hello.py\n"
    )


def test_a_project_that_is_there_stays(wfc: Wfc, project: Path) -> None:
    (project / "wfc.toml").write_text("")
    assert wfc("init") == Outcome(
        2, "", 'wfc: "wfc.toml" is there already; name another folder\n'
    )
    assert names(project) == ["conf", "wfc.toml"]


# --- the command line itself ---


def test_the_version(wfc: Wfc) -> None:
    outcome = wfc("--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("wfc 0.")


def test_a_misspelt_command_has_a_suggestion(wfc: Wfc) -> None:
    outcome = wfc("chekc")
    assert (outcome.code, outcome.out) == (2, "")
    assert "Did you mean 'check'?" in outcome.err


@pytest.mark.parametrize(
    "words", [["check", "--format", "xml"], ["build", "--chek"], ["check", "a", "b"]]
)
def test_what_there_is_not_is_usage(wfc: Wfc, words: list[str]) -> None:
    outcome = wfc(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"Try 'wfc {words[0]} -h' for help." in outcome.err


@pytest.mark.parametrize(
    "words",
    [[], ["build"], ["check"], ["doctor"], ["init"], ["cron"], ["cron", "show"]],
)
def test_help(wfc: Wfc, words: list[str]) -> None:
    outcome = wfc(*words, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"Usage: {' '.join(['wfc', *words])} ")
    assert max(map(len, outcome.out.splitlines())) <= 80


# --- when something goes wrong ---


def test_a_bug_of_ours_is_called_one(
    passes: Passes, wfc: Wfc, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(project))
    passes.error = KeyError("stage")
    outcome = wfc("check")
    (saved,) = project.glob("wfc-bug-*.txt")
    assert outcome == Outcome(
        70,
        "",
        "wfc: error WF901: this is a bug in wfcompile: KeyError: 'stage'\n"
        f"   = help: please report it with the file {saved}; "
        "WFC_DEBUG=1 shows the traceback here\n",
    )
    assert saved.read_text().endswith("\nKeyError: 'stage'\n")


@pytest.mark.parametrize("words", [["--debug", "check"], ["check"]])
def test_debug_shows_the_traceback(
    passes: Passes, wfc: Wfc, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "--debug" not in words:
        monkeypatch.setenv("WFC_DEBUG", "1")
    passes.error = KeyError("stage")
    outcome = wfc(*words)
    assert outcome.code == 70
    assert "\nTraceback (most recent call last):\n" in outcome.err
    assert outcome.err.endswith("\nKeyError: 'stage'\n")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), Outcome(130)),
        (Refusal("no", "do"), Outcome(2, "", "wfc: no; do\n")),
        (
            OSError(28, "No space left on device", "x.yml"),
            Outcome(2, "", 'wfc: "x.yml": no space left on device\n'),
        ),
    ],
)
def test_other_ends(
    passes: Passes, wfc: Wfc, error: BaseException, expected: Outcome
) -> None:
    passes.error = error
    assert wfc("check") == expected
