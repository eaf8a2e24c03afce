"""The files that `WORKFLOW_LOG_TRACE_HANDLERS` asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from running import Recorder, calling, put, raising, run_jobs, workflow
from wfruntime.graph import Job
from wfruntime.result import RunResult
from wfruntime.runner import run

VARIABLE = "WORKFLOW_LOG_TRACE_HANDLERS"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: Path) -> Path:
    handlers = [{"type": "console"}, {"type": "file", "path": str(tmp_path / "t")}]
    monkeypatch.setenv(VARIABLE, json.dumps(handlers))
    return tmp_path / "t"


def traced(folder: Path, result: RunResult, name: str) -> list[str]:
    """The lines, without what no two runs share."""
    text = (folder / f"run_id={result.run_id}" / f"{name}.txt").read_text()
    text = text.replace(f"{result.run_id[10:20]}{result.run_id[-8:]}", "ID")
    moment = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \( *\d+, *\d+\)"
    lines = re.sub(moment, "CLOCK", text, flags=re.MULTILINE).splitlines()
    return [re.sub(r" +\(", " (", line) for line in lines]


def logging(ctx: Any) -> dict[str, object]:
    ctx.result.trace.info("two\nlines")
    ctx.result.trace.error("bad")
    ctx.result.trace.debug("deep")
    return {}


def test_lines_of_a_run(folder: Path) -> None:
    recorder = Recorder()
    jobs = [
        Job("a", stages={"log": logging}),
        Job("b", stages={"fail": raising(ValueError("no"))}),
    ]
    wf = workflow(*jobs, lines={"a/log": 7, "b/fail": 9})
    result = run(wf, observer=recorder, max_parallel=1)
    assert traced(folder, result, "stdout") == [
        "CLOCK (ID) [WORKFLOW]: wf: start (conf/wf.yml:1)",
        "CLOCK (ID) [JOB]: a: start (conf/wf.yml:1)",
        "CLOCK (ID) [STAGE]: a/log: start (conf/wf.yml:7)",
        "CLOCK (ID) [STAGE]: a/log: two (conf/wf.yml:7)",
        "CLOCK (ID) lines (conf/wf.yml:7)",
        "CLOCK (ID) [STAGE]: a/log: deep (conf/wf.yml:7)",
        "CLOCK (ID) [STAGE]: a/log: SUCCESS (conf/wf.yml:7)",
        "CLOCK (ID) [JOB]: a: SUCCESS (conf/wf.yml:1)",
        "CLOCK (ID) [JOB]: b: start (conf/wf.yml:1)",
        "CLOCK (ID) [STAGE]: b/fail: start (conf/wf.yml:9)",
    ]
    assert traced(folder, result, "stderr") == [
        "CLOCK (ID) [STAGE]: a/log: bad (conf/wf.yml:7)",
        "CLOCK (ID) [STAGE]: b/fail: FAILED: ValueError: no (conf/wf.yml:9)",
        'CLOCK (ID) [JOB]: b: FAILED: JobError: stage "fail" failed: ValueError: no'
        " (conf/wf.yml:1)",
        'CLOCK (ID) [WORKFLOW]: wf: FAILED: WorkflowError: job "b" failed: stage "fail"'
        " failed: ValueError: no (conf/wf.yml:1)",
    ]
    assert recorder.told()[-1] == "run.end FAILED"


def test_metadata(folder: Path) -> None:
    result = run_jobs(Job("a", stages={"s": put(x=1)}))
    path = folder / f"run_id={result.run_id}" / "metadata.txt"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert path.stat().st_mode & 0o777 == 0o600
    (ended,) = [each for each in records if each["message"].endswith("a/s: SUCCESS")]
    assert ended.pop("duration_ms") >= 0
    for key in ("datetime", "process", "thread", "hostname", "python_version"):
        assert ended.pop(key)
    assert ended == {
        "cut_id": f"{result.run_id[10:20]}{result.run_id[-8:]}",
        "run_id": result.run_id,
        "parent_run_id": None,
        "filename": "conf/wf.yml",
        "tags": [],
        "memory_usage_mb": None,
        "cpu_usage_percent": None,
        "ip_address": None,
        "metric": None,
        "error_flag": False,
        "level": "info",
        "module": "STAGE",
        "message": "[STAGE]: a/s: SUCCESS",
        "lineno": 1,
    }


@pytest.mark.parametrize("word", ["false", "F", "no", "n", "0", "0.0", "x", "off", ""])
def test_debug_lines_can_be_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("WORKFLOW_LOG_DEBUG_MODE", word)
    result = run_jobs(Job("a", stages={"log": logging}))
    assert "deep" not in "".join(traced(folder, result, "stdout"))


@pytest.mark.parametrize("word", ["True", "t", "yes", "Y", "1", "1.0", "o", "on"])
def test_debug_lines_can_be_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("WORKFLOW_LOG_DEBUG_MODE", word)
    result = run_jobs(Job("a", stages={"log": logging}))
    assert "deep" in "".join(traced(folder, result, "stdout"))


def test_debug_mode_is_yes_or_no(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKFLOW_LOG_DEBUG_MODE", "2")
    result = run_jobs(Job("a", stages={"log": logging}))
    assert result.context["errors"] == {
        "name": "ConfigurationError",
        "message": "WORKFLOW_LOG_DEBUG_MODE is '2', expected true or false",
    }


def test_secrets_are_masked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "hunter22")
    result = run_jobs(Job("a", stages={"s": raising(ValueError("hunter22"))}))
    texts = [each.read_text() for each in folder.glob("*/*.txt")]
    assert len(texts) == 3 and not any("hunter22" in text for text in texts)
    assert result.status == "FAILED"


def test_a_triggered_run_is_in_the_files_of_the_run_around_it(folder: Path) -> None:
    inner = workflow(Job("i", stages={"log": logging}))
    result = run_jobs(Job("a", stages={"t": lambda ctx: ctx.trigger(inner)}))
    assert [path.name for path in folder.iterdir()] == [f"run_id={result.run_id}"]
    assert "[STAGE]: a/t: two" in "\n".join(traced(folder, result, "stdout"))


def test_extras_win_over_the_variable(folder: Path, tmp_path: Path) -> None:
    handlers = [{"type": "file", "path": str(tmp_path / "other")}]
    result = run_jobs(
        Job("a", stages={"s": put(x=1)}), extras={"trace_handlers": handlers}
    )
    assert len(traced(tmp_path / "other", result, "stdout")) == 6
    assert not folder.exists()


@pytest.mark.parametrize("value", ["", "[]", '[{"type": "console"}]'])
def test_no_files_are_asked_for(
    tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, value)
    assert run_jobs(Job("a", stages={"s": put(x=1)})).status == "SUCCESS"
    assert [*tmp_path.glob("**/*.txt")] == []


EXAMPLE = 'write [{"type": "file", "path": "./traces"}]'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "{",
            f"{VARIABLE} is not JSON: Expecting property name enclosed in double quotes:"
            f" line 1 column 2 (char 1); {EXAMPLE}",
        ),
        ('{"type": "file"}', f"{VARIABLE} is no list; {EXAMPLE}"),
        ("[1]", f'{VARIABLE} has a handler without "type"; {EXAMPLE}'),
        (
            '[{"type": "file"}]',
            f'{VARIABLE} has a handler "file" without a "path"; {EXAMPLE}',
        ),
        (
            '[{"type": "sqlite"}]',
            f'{VARIABLE} has a handler "sqlite"; there are "console" and "file"',
        ),
        (
            '[{"type": "file", "path": "/dev/null/x"}]',
            "the trace folder /dev/null/x/run_id=ID cannot be written: Not a directory",
        ),
    ],
)
def test_what_cannot_be_used(
    runs: Path, monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    monkeypatch.setenv(VARIABLE, value)
    began: list[int] = []
    result = run_jobs(Job("a", stages={"s": calling(lambda: began.append(1))}))
    found = result.context["errors"]
    found["message"] = found["message"].replace(result.run_id, "ID")
    assert found == {"name": "ConfigurationError", "message": message}
    assert (result.exit_code, began) == (2, [])


def test_extras_that_cannot_be_used(runs: Path) -> None:
    handlers = [{"type": "sqlite"}]
    result = run_jobs(
        Job("a", stages={"s": put(x=1)}), extras={"trace_handlers": handlers}
    )
    assert result.context["errors"] == {
        "name": "ConfigurationError",
        "message": 'extras "trace_handlers" has a handler "sqlite"; '
        'there are "console" and "file"',
    }
