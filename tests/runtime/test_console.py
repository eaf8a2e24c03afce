"""The displays as text: live frames, plain lines, the table and the errors."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import pytest
from wfruntime import secrets, terminal
from wfruntime.console import Console
from wfruntime.graph import Job, Workflow
from wfruntime.live import frame_of
from wfruntime.progress import Progress, duration
from wfruntime.result import RunResult
from wfruntime.summary import table


def progress_of(
    *events: tuple[float, str, str, str], jobs: str = "load report"
) -> Progress:
    """The progress after events (time, kind, path, status)."""
    progress = Progress(jobs.split())
    progress.event("run.start", "", {}, 0.0)
    for now, kind, path, status in events:
        progress.event(kind, path, {"status": status}, now)
    return progress


def frame(progress: Progress, columns: int = 80, lines: int = 24) -> list[str]:
    return [line for line, _ in frame_of("wf", progress, columns, lines, 10.0)]


def test_a_frame() -> None:
    progress = progress_of(
        (1.0, "job.start", "load", ""),
        (1.0, "stage.start", "load/regions", ""),
        (2.0, "stage.start", "load/regions/pull", ""),
        (2.0, "stage.start", "load/regions/pull", ""),
        (3.0, "job.start", "report", ""),
        (3.5, "job.end", "report", "SKIP"),
        jobs="load report late",
    )
    assert frame(progress) == [
        "RUNNING  load      9.0s  regions/pull and 1 more",
        "SKIP     report    0.5s",
        "WAITING  late",
        "wf: 1 RUNNING, 1 SKIP, 1 WAITING 10.0s",
    ]


def test_a_stage_that_ended_is_not_shown() -> None:
    progress = progress_of(
        (1.0, "job.start", "load", ""),
        (1.0, "stage.start", "load/a", ""),
        (2.0, "stage.end", "load/a", "SUCCESS"),
        jobs="load",
    )
    assert frame(progress) == ["RUNNING  load    9.0s", "wf: 1 RUNNING 10.0s"]


def test_long_names_are_cut_to_the_terminal() -> None:
    progress = progress_of(
        (1.0, "job.start", "x" * 90, ""),
        (1.0, "stage.start", "x" * 90 + "/" + "日" * 60, ""),
        jobs="x" * 90,
    )
    for columns in (20, 40, 80):
        lines = frame(progress, columns=columns)
        assert all(terminal.width(line) < columns for line in lines)
        assert lines[0].startswith("RUNNING  x")


def test_many_jobs_on_a_low_terminal() -> None:
    names = [f"job-{number:02}" for number in range(30)]
    events = [(1.0, "job.start", name, "") for name in names[:28]]
    events += [
        (2.0 + i, "job.end", name, "SUCCESS") for i, name in enumerate(names[:20])
    ]
    events.append((3.0, "job.end", "job-25", "FAILED"))
    lines = frame(progress_of(*events, jobs=" ".join(names)), lines=16)
    assert [line.split()[1] for line in lines[:-2]] == [
        *("job-19", "job-20", "job-21", "job-22", "job-23"),
        *("job-24", "job-25", "job-26", "job-27"),
    ]
    assert lines[-2:] == [
        "         and 21 more",
        "wf: 20 SUCCESS, 7 RUNNING, 1 FAILED, 2 WAITING 10.0s",
    ]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, ""), (0, "0.0s"), (59.94, "59.9s"), (59.96, "1m00s"), (3599.6, "1h00m")],
)
def test_duration(seconds: float | None, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcdef", 5, "ab..."),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日..."),
        ("abc", 2, ".."),
        ("abc", 0, ""),
        ("e\u0301a", 2, "e\u0301a"),
    ],
)
def test_cut(text: str, columns: int, expected: str) -> None:
    assert terminal.cut(text, columns) == expected
    assert terminal.width(terminal.padded(text, columns)) == columns


def test_plain_takes_out_what_a_terminal_obeys() -> None:
    assert terminal.plain("a\x1b[2J\rb\x9bc\td日") == "a[2Jbc    d日"


# --- plain lines ---

Event = tuple[str, str, dict[str, Any]]
START: Event = ("run.start", "", {"run_id": "R1", "mode": "normal"})


def failed(path: str, name: str = "ValueError", **fields: Any) -> Event:
    errors = {"name": name, "message": fields.pop("message", "no")}
    kind = "stage.end" if "/" in path else "job.end"
    return kind, path, {"status": "FAILED", "errors": errors, **fields}


def ended(path: str, status: str = "SUCCESS", **fields: Any) -> Event:
    kind = "stage.end" if "/" in path else "job.end"
    return kind, path, {"status": status, **fields}


def log(message: str, level: str = "INFO", path: str = "load/pull") -> Event:
    return "log", path, {"level": level, "message": message}


def workflow() -> Workflow[Any]:
    return Workflow(
        "wf",
        format=1,
        source="conf/wf.yml",
        jobs=[Job("load", stages={}), Job("report", stages={})],
        lines={"load/pull": 10, "load/each/pull": 20},
    )


def printed(events: Sequence[Event], *, quiet: bool = False) -> list[str]:
    """The lines while the run lasts, without their times."""
    stream = io.StringIO()
    console = Console(workflow(), stream, quiet=quiet)
    for event in events:
        console.event(*event)
    return [
        re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", "", line)
        for line in stream.getvalue().splitlines()
    ]


def error_lines(
    *events: Event, status: str = "FAILED", errors: dict[str, str] | None = None
) -> list[str]:
    """What stands between the empty lines of the end."""
    stream = io.StringIO()
    console = Console(workflow(), stream)
    for event in events:
        console.event(*event)
    stream.truncate(0)
    stream.seek(0)
    context = {"status": status} | ({"errors": errors} if errors else {})
    console.finish(
        RunResult(
            status=status, context=context, run_id="R1", journal=None, exit_code=1
        )
    )
    first, *lines, empty, _ = stream.getvalue().splitlines()
    assert (first, empty) == ("", "")
    return lines


def test_the_start_tells_what_is_run() -> None:
    slot = datetime(2024, 1, 31, 2, 30, tzinfo=timezone.utc)
    params = {
        "day": slot.date(),
        "name": "a b",
        "empty": "",
        "long": "x" * 90,
        "map": {"a": [1]},
        "none": None,
    }
    fields = {"run_id": "R1", "mode": "force", "release": slot, "params": params}
    assert printed([("run.start", "", fields)]) == [
        "INFO    wf: run R1 started for release 2024-01-31T02:30+00:00, mode force, "
        f"day=2024-01-31, name='a b', empty='', long='{'x' * 76}..., "
        "map={'a': [1]}, none=None"
    ]


def test_each_event_is_a_line() -> None:
    events = [
        START,
        ("job.start", "load", {}),
        ("stage.start", "load/pull", {"line": 10}),
        log("one\ntwo\x1b[2J"),
        log("unseen", "DEBUG"),
        ended("load/pull", duration=75.0, matrix={"layer": "raw"}, item=3),
        ended("load/each/pull", duration=1.0),
        failed("load/each/pull", duration=1.0, message="no\nand why"),
        ended("load/other", "SKIP", duration=0.1),
        failed("load", "JobError", duration=80.0, message='stage "each" failed: no'),
        ended("report", "SKIP", reason="load is FAILED"),
        log("the audit is lost", "ERROR", ""),
    ]
    assert printed(events) == [
        "INFO    wf: run R1 started",
        "INFO    load/pull: one",
        "INFO    load/pull: two[2J",
        "INFO    load/pull (layer='raw', item=3): SUCCESS 1m15s",
        "ERROR   load/each/pull: FAILED 1.0s: ValueError: no",
        "INFO    load/other: SKIP",
        'ERROR   load: FAILED 1m20s: stage "each" failed: no',
        "INFO    report: SKIP: load is FAILED",
        "ERROR   wf: the audit is lost",
    ]
    assert printed(events, quiet=True) == ["ERROR   wf: the audit is lost"]


def test_what_failed_by_a_stage_inside_it_names_the_stage() -> None:
    events = [
        failed("load/each/pull", matrix={"x": 1}, item=3, message="no 3"),
        failed("load/each/pull", matrix={"x": 2}, item=3, message="no 3"),
        failed(
            "load/each",
            "StageError",
            matrix={"x": 2},
            message='item 3: stage "pull" failed: ValueError: no 3',
        ),
        failed("load/check", matrix={"x": 1}, message="no check"),
        failed("load/all", "StageError", message="found nothing"),
        failed(
            "load", "JobError", message='stage "check" failed: ValueError: no check'
        ),
        failed("report", "JobError", message="its if failed: ValueError: no 3"),
    ]
    assert printed(events) == [
        "ERROR   load/each/pull (x=1, item=3): FAILED: ValueError: no 3",
        "ERROR   load/each/pull (x=2, item=3): FAILED: ValueError: no 3",
        "ERROR   load/each (x=2): FAILED: see load/each/pull (x=2, item=3)",
        "ERROR   load/check (x=1): FAILED: ValueError: no check",
        "ERROR   load/all: FAILED: StageError: found nothing",
        "ERROR   load: FAILED: see load/check (x=1)",
        "ERROR   report: FAILED: its if failed: ValueError: no 3",
    ]


def test_secrets_are_masked_before_lines_are_cut() -> None:
    secrets.register("first-pa55\nsecond-pa55")
    assert printed([log("a first-pa55\nsecond-pa55 b")]) == [
        "INFO    load/pull: a ********** b"
    ]


def test_a_stream_that_breaks_is_left_alone() -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    console = Console(workflow(), Broken())
    console.event(*START)
    assert console.stream is None
    console.event(*START)


# --- errors at the end ---


def test_an_error_is_told_where_it_arose() -> None:
    traceback = (
        'Traceback (most recent call last):\n  File "x.py", line 3, in f\n    g()\n'
        "ValueError: no\nask\nat conf/wf.yml:20 (load/each/pull)"
    )
    assert error_lines(
        failed("load/each/pull", item="us", message="no\nask", traceback=traceback),
        failed("load/each", "StageError", message='stage "pull" failed'),
        failed("load", "JobError", message='stage "each" failed'),
        errors={"name": "WorkflowError", "message": 'job "load" failed'},
    ) == [
        "conf/wf.yml:20: load/each/pull (item='us'): ValueError: no",
        "    ask",
        "    Traceback (most recent call last):",
        '      File "x.py", line 3, in f',
        "        g()",
    ]


def test_equal_errors_are_told_once() -> None:
    assert error_lines(
        failed("load/pull", matrix={"layer": "raw"}),
        failed("load/pull", matrix={"layer": "gold"}),
        failed("load/pull", matrix={"layer": "tin"}, message="other"),
        failed("load"),
    ) == [
        "conf/wf.yml:10: load/pull (layer='raw'): ValueError: no",
        "    and 1 more like this",
        "conf/wf.yml:10: load/pull (layer='tin'): ValueError: other",
    ]


def test_many_errors_are_cut() -> None:
    events = [failed("load/pull", message=f"no {n}") for n in range(30)]
    lines = error_lines(*events, failed("load"))
    assert lines[19:] == [
        "conf/wf.yml:10: load/pull: ValueError: no 19",
        "and 10 more errors; the journal has all",
    ]


def test_a_job_may_fail_by_itself() -> None:
    assert error_lines(
        failed("load/pull"),
        ended("load"),
        failed("report", "JobError", message="max-parallel is a number"),
        errors={"name": "WorkflowError", "message": 'job "report" failed'},
    ) == ["conf/wf.yml: report: JobError: max-parallel is a number"]


def test_a_run_may_fail_by_itself() -> None:
    errors = {"name": "WorkflowTimeoutError", "message": "took longer\nthan 3 s"}
    assert error_lines(errors=errors) == [
        "conf/wf.yml: WorkflowTimeoutError: took longer",
        "    than 3 s",
    ]
    assert error_lines(failed("load/pull"), failed("load"), errors=errors) == [
        "conf/wf.yml:10: load/pull: ValueError: no",
        "conf/wf.yml: WorkflowTimeoutError: took longer",
        "    than 3 s",
    ]


# --- the table ---


def test_the_table() -> None:
    progress = Progress(["load", "a-job-with-a-long-name", "report", "late"])
    for now, kind, path, fields in [
        (0.0, "run.start", "", {}),
        (1.0, "job.start", "load", {}),
        (3.0, "job.end", "load", {"status": "SUCCESS"}),
        (3.0, "job.start", "a-job-with-a-long-name", {}),
        (4.0, "job.end", "a-job-with-a-long-name", {"status": "FAILED"}),
        (4.0, "job.end", "report", {"status": "SKIP", "reason": "x" * 50}),
        (4.0, "run.end", "", {"status": "FAILED"}),
    ]:
        progress.event(kind, path, fields, now)
    assert table(progress, colours=False, columns=60) == [
        "STATUS   JOB                       TIME",
        "SUCCESS  load                      2.0s",
        "FAILED   a-job-with-a-long-name    1.0s",
        "SKIP     report                          xxxxxxxxxxxxxxx...",
        "not run  late",
    ]
    coloured = table(progress, colours=True, columns=60)
    assert coloured[2] == ("\x1b[31mFAILED\x1b[0m   a-job-with-a-long-name    1.0s")


def test_no_table_of_a_run_that_did_not_begin() -> None:
    assert table(Progress(["load"]), colours=True, columns=80) == []
