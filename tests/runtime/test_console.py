"""The displays: frames as text, a real terminal for the live one, plain lines elsewhere."""

from __future__ import annotations

import pytest
from wfruntime import terminal
from wfruntime.live import frame_of
from wfruntime.progress import Progress, duration


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
