"""Scripts with an environment of their own, made by a real uv that never goes online."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import sys
import threading
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from wfruntime.callers import CallerSecret
from wfruntime.cancel import CancelEvent
from wfruntime.errors import StageError
from wfruntime.graph import Job, Stage
from wfruntime.secrets import MASK, mask
from wfruntime.virtual import virtual_py

from tests.runtime.processes_of import has_ended
from tests.runtime.running import Recorder, run_jobs, stages_of

pytestmark = pytest.mark.usefixtures("runs", "uv")

MARKS = re.compile(r"^ +[~^]+\n", re.MULTILINE)
FOLDER = re.compile(r"/\S*/wfc-\w+/")


@pytest.fixture(scope="session")
def uv_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uv")


@pytest.fixture
def uv(uv_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bin = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(uv_cache))
    monkeypatch.setenv("UV_PYTHON", sys.executable)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def script(text: str, *deps: str) -> str:
    return f"\n# /// script\n# dependencies = {json.dumps(deps)}\n# ///\n{text}"


def printed(text: str, *deps: str, **values: object) -> str | None:
    return virtual_py(script(text, *deps), vars=values)["stdout"]


def error_of(text: str, *deps: str, **values: object) -> StageError:
    with pytest.raises(StageError) as raised:
        virtual_py(script(text, *deps), vars=values)
    return raised.value


def shown(error: StageError) -> str:
    """Its message without the private folder, and without the marks of newer Pythons."""
    return MARKS.sub("", FOLDER.sub("", str(error)))


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("wfc-*")]


# --- values and outputs ---


def test_outputs() -> None:
    assert virtual_py(
        script("import sys\nprint('a')\nprint('b', file=sys.stderr)")
    ) == {
        "return_code": 0,
        "stdout": "a",
        "stderr": "b",
    }


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -7,
        2**70,
        1.5,
        float("inf"),
        'it\'s "here"\n\\ ü日本 \ud800',
        [1, ["a", None]],
        {"date": "no tag", "": {}},
        {1: {date(2024, 1, 31): Decimal("1.50")}},
        datetime(2024, 1, 31, 1, 2, 3, 4),
        datetime(2024, 1, 31, tzinfo=timezone(timedelta(hours=7))),
    ],
    ids=repr,
)
def test_values_keep_their_types(value: object) -> None:
    assert printed("print(ascii(a))", a=value) == ascii(value)


def test_a_value_is_a_global_name() -> None:
    assert printed("def f():\n    return a\nprint(f(), __name__)", a=1) == "1 __main__"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({1, 2}, "is or holds a value of the type set"),
        ([{"b": (1,)}], "is or holds a value of the type tuple"),
        (10**5000, "is or holds a number of too many digits"),
    ],
    ids=["set", "tuple", "digits"],
)
def test_a_value_that_no_script_can_be_given(value: object, what: str) -> None:
    error = error_of("", first=1, rows=value)
    assert str(error) == f'variable "rows" {what}; no script can be given that'


def test_a_value_that_holds_itself() -> None:
    value: list[Any] = []
    value.append(value)
    error = error_of("", rows=value)
    assert str(error) == (
        'variable "rows" is nested too deeply; no script can be given that'
    )


def test_the_input_and_the_arguments_are_empty() -> None:
    assert printed("import sys\nprint(sys.argv[1:], repr(sys.stdin.read()))") == "[] ''"


def test_it_runs_in_the_working_folder_but_imports_nothing_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("decimal", "runpy", "polars"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    text = "import decimal, os\nprint(os.getcwd())\ntry:\n    import polars\n"
    text += "except ImportError as error:\n    print(error)"
    assert printed(text) == f"{tmp_path}\nNo module named 'polars'"


# --- packages ---


def wheel(folder: Path, name: str, source: str) -> None:
    """A package of one module."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


def test_a_package_of_the_header_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path, "wfc_test_dep", "def double(n): return 2 * n")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    text = "import sys, wfc_test_dep\nprint(wfc_test_dep.double(n), sys.prefix)"
    first, second = (printed(text, "wfc-test-dep>=1", n=n) for n in (4, 5))
    prefix = (first or "").split()[1]
    assert (first, second) == (f"8 {prefix}", f"10 {prefix}")
    # one environment for both runs: the folder of the script is not part of what it is kept by
    assert [str(path) for path in (tmp_path / "cache/environments-v2").iterdir()] == [
        prefix
    ]


def test_packages_of_this_environment_are_not_there() -> None:
    error = error_of("import pytest")
    assert shown(error) == (
        "exit code 1: Traceback (most recent call last):\n"
        '  File "block.py", line 1, in <module>\n'
        "    import pytest\n"
        "ModuleNotFoundError: No module named 'pytest'"
    )


def test_a_package_that_is_not_to_be_had() -> None:
    error = error_of("print(1)", "wfc-no-such-package")
    assert error.outputs["return_code"] == 1
    assert str(error).startswith(
        "exit code 1: error: No solution found when resolving script dependencies"
    )


# --- ends ---


def test_a_traceback_has_the_lines_of_the_block() -> None:
    text = "print('before')\ndef f():\n    raise ValueError('no')\n\nf()"
    error = error_of(text)
    assert shown(error) == (
        "exit code 1: Traceback (most recent call last):\n"
        '  File "block.py", line 5, in <module>\n'
        "    f()\n"
        '  File "block.py", line 3, in f\n'
        "    raise ValueError('no')\n"
        "ValueError: no"
    )
    assert (error.outputs["return_code"], error.outputs["stdout"]) == (1, "before")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("raise SystemExit(3)", 3, "exit code 3"),
        ("raise SystemExit('no rows')", 1, "exit code 1: no rows"),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            137,
            "exit code 137",
        ),
    ],
)
def test_failures(text: str, code: int, message: str) -> None:
    error = error_of(text)
    assert (error.outputs["return_code"], str(error)) == (code, message)


def test_the_last_lines_of_a_long_error() -> None:
    text = "import sys\nfor n in range(100): print(n, file=sys.stderr)\nraise SystemExit(2)"
    last = "\n".join(str(n) for n in range(80, 100))
    assert str(error_of(text)) == f"exit code 2: ...\n{last}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            script("a\0b"),
            "the script holds a NUL character, which no Python reads",
        ),
        ("print(1)", 'the script does not begin with "# /// script"'),
    ],
)
def test_what_is_no_script(text: str, message: str) -> None:
    with pytest.raises(StageError) as raised:
        virtual_py(text)
    assert str(raised.value) == message


# --- uv ---


def without_uv_in_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bin").mkdir()
    (folder / "bin" / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(folder / "bin"))


def test_uv_may_be_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_uv_in_path(tmp_path, monkeypatch)
    assert printed("print(1)") == "1"


def test_uv_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_uv_in_path(tmp_path, monkeypatch)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert str(error_of("print(1)")) == (
        'uv, which stages with "deps" need, is not installed; '
        "install it with: pip install uv"
    )


# --- secrets and what is left ---

PROCESSES = """
import os
pid, seen = os.getpid(), ""
for _ in range(2):  # Python, and uv around it
    for name in ("cmdline", "environ"):
        seen += open(f"/proc/{pid}/{name}").read()
    pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
print("uv" in seen, value in seen, os.listdir(os.path.dirname(__file__)))
"""


def test_values_are_in_no_command_line_and_no_environment() -> None:
    files = "['block.py', 'launcher']"
    text = PROCESSES.replace("os.listdir", "sorted(os.listdir").replace("))\n", ")))\n")
    assert printed(text, value="very-hidden") == f"True False {files}"


def test_the_folder_and_its_files_are_private(tmp_path: Path) -> None:
    text = "import os\nfolder = os.path.dirname(__file__)\n"
    text += (
        "print(oct(os.stat(folder).st_mode), oct(os.stat(__file__).st_mode), folder)"
    )
    folder, file, path = (printed(text) or "").split()
    assert (folder, file, Path(path).parent) == ("0o40700", "0o100600", tmp_path)


def test_a_secret_is_real_in_the_script_and_masked_outside() -> None:
    text = "print(token[::-1], token, key)"
    values = {"token": CallerSecret("t0ken-of-v"), "key": "k3y-of-v"}
    found = printed(text, **values) or ""
    assert found == "v-fo-nek0t t0ken-of-v k3y-of-v"
    assert mask(found) == f"v-fo-nek0t {MASK} {MASK}"


def test_lines_are_events_of_their_stage() -> None:
    recorder = Recorder()
    text = script("import sys\nprint('one')\nprint('two', file=sys.stderr)")
    run_jobs(Job("a", stages={"s": lambda ctx: virtual_py(text)}), observer=recorder)
    lines = {(f["stream"], f["message"]) for f in recorder.of("log", "a/s")}
    assert lines == {("stdout", "one"), ("stderr", "two")}


@pytest.mark.parametrize("text", ["print(1)", "raise SystemExit(1)"])
def test_nothing_is_left(text: str, tmp_path: Path) -> None:
    try:
        virtual_py(script(text))
    except StageError as error:
        assert str(error) == "exit code 1"
    assert left_behind(tmp_path) == []


# --- stops ---

SLEEPING = """
import os, subprocess, time
child = subprocess.Popen(["sleep", "300"])
print("begun", os.getpid(), child.pid)
time.sleep(300)
"""


def test_a_cancel_ends_the_whole_group_and_leaves_nothing(tmp_path: Path) -> None:
    cancel = CancelEvent()

    class Cancelling(Recorder):
        def event(self, kind: str, path: str, fields: Any) -> None:
            super().event(kind, path, fields)
            if kind == "log" and "begun" in fields["message"]:
                threading.Thread(target=cancel.set).start()

    stages = {"s": lambda ctx: virtual_py(script(SLEEPING))}
    result = run_jobs(Job("a", stages=stages), cancel=cancel, observer=Cancelling())
    record = stages_of(result)["s"]
    assert (result.status, record["errors"]) == (
        "CANCEL",
        {
            "name": "StageCancelError",
            "message": "its script was stopped: the run was cancelled",
        },
    )
    assert all(has_ended(int(pid)) for pid in record["outputs"]["stdout"].split()[1:])
    assert left_behind(tmp_path) == []


def test_a_timeout_ends_the_script_and_fails_the_stage(tmp_path: Path) -> None:
    stage = Stage(lambda ctx: virtual_py(script(SLEEPING)), timeout=0.5)
    record = stages_of(run_jobs(Job("a", stages={"s": stage})))["s"]
    assert record["errors"] == {
        "name": "StageTimeoutError",
        "message": "it took longer than 0.5 s",
    }
    assert record["outputs"]["return_code"] in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert left_behind(tmp_path) == []
