"""What is told of exceptions: their place in the YAML and the user's frames."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from wfruntime import secrets
from wfruntime.errors import StageError
from wfruntime.graph import Job, Workflow
from wfruntime.runner import run

from tests.runtime.running import Recorder, put, raising

REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
MODULE = """\
import json

import callers


def a__calls(ctx):
    return callers.fetch(ctx.matrix["x"])


def a__block(ctx):
    total = sum([1])
    return {"rate": total / 0}


def a__parses(ctx):
    return json.loads("{")


def a__library(ctx):
    return callers.parse("{")


def a__request(ctx):
    return callers.request(ctx.matrix["x"])


def a__tasks(ctx):
    return callers.tasks(ctx.matrix["x"])
"""
CALLERS = """\
import asyncio
import json
import urllib.request


def fetch(x):
    return inner(x)


def inner(x):
    raise LookupError(f"no rows of {x}")


def parse(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise LookupError("not JSON") from error


def request(url):
    try:
        return urllib.request.urlopen(url)
    except OSError:
        raise LookupError("no rate")


def tasks(url):
    async def both():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(urllib.request.urlopen, url))

    asyncio.run(both())
"""


@pytest.fixture
def refusing() -> Iterator[str]:
    """A URL where nobody listens, and nobody else will as long as the test lasts."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: Path) -> ModuleType:
    """A module like an emitted one, and its callers."""
    for name, text in (("emitted_module.py", MODULE), ("callers.py", CALLERS)):
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("callers", "emitted_module"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import importlib

    return importlib.import_module("emitted_module")


def told_of(stage: Any, module: Any = None, **options: Any) -> dict[str, Any]:
    """The fields of the event of a stage that fails."""
    recorder = Recorder()
    job = Job("a", stages={"s": stage}, **options)
    wf = Workflow("wf", format=1, source="conf/wf.yml", jobs=[job], lines={"a/s": 40})
    wf.file = getattr(module, "__file__", None)
    run(wf, observer=recorder)
    (fields,) = recorder.of("stage.end", "a/s")
    return fields


def without_marks(traceback: str) -> str:
    """Without the lines that point into the line above, which Python 3.10 lacks."""
    return "\n".join(line for line in traceback.splitlines() if line.strip(" ^~"))


def test_the_frames_of_callers_and_the_place(
    module: ModuleType, tmp_path: Path
) -> None:
    told = told_of(module.a__calls, module, matrix={"x": ["raw"]})
    assert told["errors"] == {"name": "LookupError", "message": "no rows of raw"}
    assert without_marks(told["traceback"]) == (
        "Traceback (most recent call last):\n"
        f'  File "{tmp_path}/callers.py", line 7, in fetch\n'
        "    return inner(x)\n"
        f'  File "{tmp_path}/callers.py", line 11, in inner\n'
        '    raise LookupError(f"no rows of {x}")\n'
        "LookupError: no rows of raw\n"
        "at conf/wf.yml:40 (a/s {'x': 'raw'})"
    )


def test_a_block_of_the_module_is_shown(module: ModuleType, tmp_path: Path) -> None:
    told = told_of(module.a__block, module)
    assert without_marks(told["traceback"]) == (
        "Traceback (most recent call last):\n"
        f'  File "{tmp_path}/emitted_module.py", line 12, in a__block\n'
        '    return {"rate": total / 0}\n'
        "ZeroDivisionError: division by zero\n"
        "at conf/wf.yml:40 (a/s)"
    )


def test_frames_of_libraries_are_left_out(module: ModuleType, tmp_path: Path) -> None:
    told = told_of(module.a__parses, module)
    assert "json/" not in told["traceback"]
    assert f'  File "{tmp_path}/emitted_module.py", line 16' in told["traceback"]


def test_a_cause_is_shown_and_shortened_too(module: ModuleType, tmp_path: Path) -> None:
    traceback = told_of(module.a__library, module)["traceback"]
    files = [line.split('"')[1] for line in traceback.splitlines() if "  File" in line]
    assert files == [f"{tmp_path}/callers.py"] * 2
    assert "direct cause" in traceback


def test_causes_inside_a_library_are_their_messages(
    module: ModuleType, tmp_path: Path, refusing: str
) -> None:
    told = told_of(module.a__request, module, matrix={"x": [refusing]})
    assert without_marks(told["traceback"]) == (
        f"ConnectionRefusedError: {REFUSED}\n"
        "During handling of the above exception, another exception occurred:\n"
        "Traceback (most recent call last):\n"
        f'  File "{tmp_path}/callers.py", line 23, in request\n'
        "    return urllib.request.urlopen(url)\n"
        f"urllib.error.URLError: <urlopen error {REFUSED}>\n"
        "During handling of the above exception, another exception occurred:\n"
        "Traceback (most recent call last):\n"
        f'  File "{tmp_path}/callers.py", line 25, in request\n'
        '    raise LookupError("no rate")\n'
        "LookupError: no rate\n"
        f"at conf/wf.yml:40 (a/s {{'x': '{refusing}'}})"
    )


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="groups of exceptions came with Python 3.11"
)
def test_the_parts_of_a_group_are_shortened_too(
    module: ModuleType, tmp_path: Path, refusing: str
) -> None:
    told = told_of(module.a__tasks, module, matrix={"x": [refusing]})
    files = [
        line.split('"')[1] for line in told["traceback"].splitlines() if "File" in line
    ]
    assert set(files) == {f"{tmp_path}/callers.py"}
    refusals = [line for line in told["traceback"].splitlines() if "refused" in line]
    assert [line.strip(" |") for line in refusals] == [
        f"ConnectionRefusedError: {REFUSED}",
        f"urllib.error.URLError: <urlopen error {REFUSED}>",
    ]


def test_an_error_of_the_runtime_needs_no_traceback(runs: Path) -> None:
    told = told_of(raising(StageError("it broke")))
    assert told["errors"] == {"name": "StageError", "message": "it broke"}
    assert "traceback" not in told


def test_a_traceback_is_masked(runs: Path) -> None:
    secrets.register("hidden-in-text")
    told = told_of(raising(ValueError("it is hidden-in-text")))
    assert "hidden" not in json.dumps(told)


def test_the_note_stays_with_the_exception(runs: Path) -> None:
    error = KeyError("k")
    told_of(raising(error))
    told_of(raising(error))
    assert error.__notes__ == ["at conf/wf.yml:40 (a/s)"]  # type: ignore[attr-defined]


def test_a_note_of_the_callers_own_does_not_count_as_the_place(runs: Path) -> None:
    error = ValueError("no")
    error.__notes__ = ["at least it was tried"]  # type: ignore[attr-defined]
    told_of(raising(error))
    assert error.__notes__ == [  # type: ignore[attr-defined]
        "at least it was tried",
        "at conf/wf.yml:40 (a/s)",
    ]


def test_a_stage_that_succeeds_tells_no_error(runs: Path) -> None:
    assert told_of(put(x=1)).keys() == {"line", "status", "outputs", "duration"}
