"""What callers print: events of their stages on the command line, as it is elsewhere."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from command_runs import Project, Terminal
from wfruntime import secrets
from wfruntime.console import Console
from wfruntime.context import enter
from wfruntime.graph import ForEach, Job, Until
from wfruntime.printed import Line, Printed
from wfruntime.printing import Printing

from tests.runtime.running import Recorder, run_jobs, workflow

IMPORT = "at the import\n"
START = "CLOCK INFO    talks: run RUN started\n"
END = """\
CLOCK INFO    only/talk: SUCCESS 0.0s
CLOCK INFO    only: SUCCESS 0.0s
CLOCK INFO    talks: SUCCESS 0.0s, journal PROJECT/.wfruns/talks/RUN.jsonl
"""
SAYS = "CLOCK INFO    only/talk: "


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


# --- as processes ---


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (
            "lines",
            [
                "one **********",
                "two",
                "three",
                "to stderr",
                "half a line",
                "20%",
            ],
        ),
        ("octets", ["größer", "also"]),
        ("logs", ["WARNING with **********"]),
        ("asks", ["False True utf-8"]),
    ],
)
def test_what_a_stage_prints_are_events_of_it(
    project: Project, way: str, said: list[str]
) -> None:
    project.environment |= {"TALK": way, "PYTHONUTF8": "1"}
    done = project.run("talks")
    assert (done.returncode, done.stderr) == (0, "")
    told = "".join(f"{SAYS}{line}\n" for line in said)
    assert project.told(done.stdout) == f"{IMPORT}{START}{told}{END}"
    quiet = project.run("talks", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, IMPORT, "")
    context = project.run("talks", "--context", "-")
    assert json.loads(context.stdout)["status"] == "SUCCESS"
    assert project.told(context.stderr) == f"{IMPORT}{START}{told}{END}"
    lines = [
        line
        for event in project.journals("talks")[0]
        if event["event"] == "log"
        for line in event["message"].splitlines()
    ]
    assert lines == said


def test_the_events_of_what_a_stage_prints(project: Project) -> None:
    project.environment["TALK"] = "lines"
    project.run("talks", "-q")
    (events,) = project.journals("talks")
    logs = [event for event in events if event["event"] == "log"]
    common = {"event": "log", "path": "only/talk", "line": 3, "level": "INFO"}
    assert [{k: v for k, v in event.items() if k != "ts"} for event in logs] == [
        {**common, "message": "one **********", "stream": "stdout"},
        {**common, "message": "two\nthree", "stream": "stdout"},
        {**common, "message": "", "stream": "stdout"},
        {**common, "message": "to stderr", "stream": "stderr"},
        {**common, "message": "half a line", "stream": "stdout"},
        {**common, "message": "20%", "stream": "stdout"},
    ]


def test_what_is_printed_outside_any_stage_goes_on(project: Project) -> None:
    project.environment["TALK"] = "outside"
    done = project.run("talks")
    assert (done.returncode, done.stderr) == (0, "")
    start, rest = f"{IMPORT}{START}", END.splitlines(keepends=True)
    said = "from **********\n"
    assert project.told(done.stdout) == "".join(
        [start, said, *rest[:2], "no end", rest[2]]
    )
    context = project.run("talks", "-q", "--context", "-")
    assert json.loads(context.stdout)["status"] == "SUCCESS"
    assert context.stderr == f"{IMPORT}{said}no end"


def test_processes_that_a_stage_starts_do_not_write_into_the_context(
    project: Project,
) -> None:
    project.environment["TALK"] = "processes"
    context = project.run("talks", "-q", "--context", "-")
    assert json.loads(context.stdout)["status"] == "SUCCESS"
    assert context.stderr == f"{IMPORT}inherits\nis given\n"
    done = project.run("talks", "-q")
    assert (done.returncode, done.stderr) == (0, "is given\n")
    assert done.stdout.splitlines() == ["inherits", "at the import"]


def test_what_is_printed_outside_a_stage_goes_above_the_lines(project: Project) -> None:
    project.environment["TALK"] = "outside"
    terminal = Terminal(project, "talks")
    assert terminal.exit_code() == 0
    assert project.told("\n".join(terminal.screen())) == """\
at the import
from **********
no end
STATUS   JOB     TIME
SUCCESS  only    0.0s
talks: SUCCESS 0.0s, journal PROJECT/.wfruns/talks/RUN.jsonl
"""


# --- in this process ---


class Shown(io.StringIO):
    """Where a console writes."""


def printing(*jobs: Job, recorder: Any = None, quiet: bool = False) -> Shown:
    """Run the jobs as the command line does; what the console has written."""
    shown = Shown()
    wf = workflow(*jobs)
    console = Console(wf, shown, quiet=quiet)
    with Printing(shown, console.pass_on, reserved=False):
        run_jobs(*jobs, observer=recorder or console)
    return shown


def say(text: str) -> Any:
    """A stage that prints."""

    def stage(ctx: Any) -> dict[str, object]:
        print(text)
        return {}

    return stage


def messages(recorder: Recorder) -> list[tuple[str, str]]:
    """(path, message) of each log event."""
    return [
        (path, fields["message"])
        for kind, path, fields in recorder.events
        if kind == "log"
    ]


def test_a_run_from_python_leaves_the_streams_alone(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[object] = []

    def stage(ctx: Any) -> dict[str, object]:
        seen.append(sys.stdout)
        print("mine")
        return {}

    recorder = Recorder()
    run_jobs(Job("a", stages={"s": stage}), observer=recorder)
    assert (seen, capsys.readouterr().out) == ([sys.stdout], "mine\n")
    assert messages(recorder) == []


def test_the_streams_are_put_back(runs: Path) -> None:
    before = (sys.stdout, sys.stderr)
    printing(Job("a", stages={"s": say("x")}))
    printing(Job("a", stages={}))
    assert (sys.stdout, sys.stderr) == before


def test_a_stream_that_a_caller_has_put_there_stays(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    own = io.StringIO()

    def stage(ctx: Any) -> dict[str, object]:
        print("to the stand-in")
        sys.stdout = own
        print("to its own")
        return {}

    recorder = Recorder()
    printing(Job("a", stages={"s": stage}), recorder=recorder)
    assert sys.stdout is own
    assert own.getvalue() == "to its own\n"
    assert messages(recorder) == [("a/s", "to the stand-in")]


def test_lines_of_stages_that_run_together_are_not_mixed(runs: Path) -> None:
    both = threading.Barrier(2)

    def stage(ctx: Any) -> dict[str, object]:
        for part in range(3):
            both.wait(30)
            print(ctx.item, part, end=" ")
        both.wait(30)
        print("end")
        return {}

    recorder = Recorder()
    each = ForEach(lambda ctx: ["a", "b"], concurrent=2, stages={"s": stage})
    printing(Job("j", stages={"e": each}), recorder=recorder)
    told = recorder.of("log", "j/e/s")
    assert {(fields["item"], fields["message"]) for fields in told} == {
        ("a", "a 0 a 1 a 2 end"),
        ("b", "b 0 b 1 b 2 end"),
    }


def test_the_functions_of_a_container_print_as_the_container(runs: Path) -> None:
    def items(ctx: Any) -> list[int]:
        print("which")
        return [1]

    def done(ctx: Any) -> bool:
        print("whether")
        return True

    recorder = Recorder()
    inner = {"s": say("inside")}
    stages: Any = {"e": ForEach(items, stages=inner), "u": Until(done, stages=inner)}
    printing(Job("j", stages=stages), recorder=recorder)
    assert messages(recorder) == [
        ("j/e", "which"),
        ("j/e/s", "inside"),
        ("j/u/s", "inside"),
        ("j/u", "whether"),
    ]


class Chatty:
    """Prints whenever it is shown."""

    def __repr__(self) -> str:
        print("I am shown")
        return "chatty"


def test_what_prints_while_it_is_shown_blocks_nothing(runs: Path) -> None:
    def stage(ctx: Any) -> dict[str, object]:
        return {"item": ctx.item}

    each = ForEach(lambda ctx: [Chatty()], stages={"s": stage, "t": say("later")})
    shown = printing(Job("j", stages={"e": each}))
    assert "j/e/t (item=chatty): later" in shown.getvalue()


def test_handlers_of_logs_are_turned_and_turned_back(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("test-printed")
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    handlers = [logging.StreamHandler(stream), logging.StreamHandler(io.StringIO())]
    late: list[logging.StreamHandler[Any]] = []
    monkeypatch.setattr(logger, "handlers", [*handlers])

    def stage(ctx: Any) -> dict[str, object]:
        late.append(logging.StreamHandler())
        logger.handlers.append(late[0])
        logger.error("it broke")
        return {}

    recorder = Recorder()
    printing(Job("a", stages={"s": stage}), recorder=recorder)
    assert messages(recorder) == [("a/s", "it broke"), ("a/s", "it broke")]
    assert handlers[1].stream.getvalue() == "it broke\n"
    assert [handlers[0].stream, late[0].stream] == [stream, stream]


def test_what_is_printed_after_the_stage_has_ended_is_dropped(runs: Path) -> None:
    seen: list[Any] = []

    def stage(ctx: Any) -> dict[str, object]:
        seen.append(ctx)
        return {}

    def later(ctx: Any) -> dict[str, object]:
        enter(seen[0])  # as a thread that was abandoned still has it
        print("too late")
        return {}

    recorder = Recorder()
    stages = {"s": stage, "t": later, "u": say("in time")}
    shown = printing(Job("a", stages=stages), recorder=recorder)
    assert (messages(recorder), shown.getvalue()) == ([("a/u", "in time")], "")


def test_half_a_line_of_a_stage_that_fails_is_told_before_its_end(runs: Path) -> None:
    def stage(ctx: Any) -> dict[str, object]:
        print("half", end="")
        sys.stderr.write("more")
        raise ValueError("no")

    recorder = Recorder()
    printing(Job("a", stages={"s": stage}), recorder=recorder)
    assert recorder.told()[2:6] == [
        "stage.start a/s",
        "log a/s",
        "log a/s",
        "stage.end a/s FAILED",
    ]
    assert sorted(messages(recorder)) == [("a/s", "half"), ("a/s", "more")]


# --- the parts ---


def taken(*texts: str) -> tuple[list[str | None], str]:
    """What becomes whole with each text, and what is left."""
    line = Line()
    return [line.take(text) for text in texts], line.shown()


@pytest.mark.parametrize(
    ("texts", "whole", "rest"),
    [
        (["a\n"], ["a"], ""),
        (["a", "b\nc\nd", "e"], [None, "ab\nc", None], "de"),
        (["\n", ""], ["", None], ""),
        (["a\r\n", "b\r", "\n"], ["a", None, "b"], ""),
        (["1%\r2%\r", "3%"], [None, None], "3%"),
        (["1%\r", "2%\n"], [None, "2%"], ""),
        (["\r1%", "\r2%", "\r3%"], [None, None, None], "3%"),
    ],
)
def test_lines(texts: list[str], whole: list[str | None], rest: str) -> None:
    assert taken(*texts) == (whole, rest)


def test_a_progress_bar_takes_no_room() -> None:
    line = Line()
    for percent in range(1000):
        line.take(f"\r{percent}")
    assert line._parts == ["999"]


def stand_in(target: Any) -> tuple[Printed, list[str]]:
    told: list[str] = []
    printed = Printed(
        "stdout", target, lambda _, text: told.append(text), pid=os.getpid()
    )
    return printed, told


def test_the_stand_in_is_a_text_stream(tmp_path: Path) -> None:
    with open(tmp_path / "out", "w", encoding="latin-1") as file:
        printed, told = stand_in(file)
        assert (printed.fileno(), printed.buffer.fileno()) == (file.fileno(),) * 2
        assert (printed.encoding, printed.name) == ("latin-1", file.name)
    assert isinstance(printed, io.TextIOBase)
    assert (printed.isatty(), printed.writable(), printed.readable()) == (
        False,
        True,
        False,
    )
    assert (printed.write("ab\nc"), printed.buffer.write(b"d\n")) == (4, 2)
    printed.close()
    print("e", end="", file=printed, flush=True)
    assert told == ["ab\n", "cd\n", "e"]
    with pytest.raises(TypeError, match="write\\(\\) takes a str, not int"):
        printed.write(3)  # type: ignore[arg-type]


def test_without_a_stream_behind_it() -> None:
    printed, told = stand_in(None)
    assert (printed.encoding, printed.isatty()) == ("utf-8", False)
    with pytest.raises(io.UnsupportedOperation):
        printed.fileno()
    print("a", file=printed)
    assert told == ["a\n"]


def test_a_secret_in_parts_is_masked() -> None:
    secrets.register("pa55-of-printed")
    shown = io.StringIO()
    console = Console(workflow(), shown)
    with Printing(shown, console.pass_on, reserved=False):
        for part in ("is pa55", "-of-", "printed", "\n"):
            sys.stdout.write(part)
    assert shown.getvalue() == "is **********\n"
