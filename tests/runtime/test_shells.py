"""Shell stages with real shells: values, outputs, ends, what they leave behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from wfruntime import processes
from wfruntime.callers import CallerSecret
from wfruntime.cancel import CancelEvent
from wfruntime.errors import StageError
from wfruntime.graph import Job, Stage
from wfruntime.stages import bash

from tests.runtime.processes_of import has_ended
from tests.runtime.running import Recorder, run_jobs, stages_of

pytestmark = pytest.mark.usefixtures("runs")


def error_of(*args: Any, **options: Any) -> StageError:
    with pytest.raises(StageError) as raised:
        bash(*args, **options)
    return raised.value


# --- values and outputs ---


@pytest.mark.parametrize(
    ("script", "stdout", "stderr"),
    [
        ("echo out; echo err >&2", "out", "err"),
        ("printf '\\n\\na\\n b\\n\\n'", "a\n b", None),
        ("printf ''", None, None),
        ("printf '\\377a'", "\ufffda", None),
        ("printf 'a\\r\\n'", "a\r", None),
        ("printf 'a\\000b'", "a\0b", None),
    ],
)
def test_outputs(script: str, stdout: str | None, stderr: str | None) -> None:
    assert bash(script) == {"return_code": 0, "stdout": stdout, "stderr": stderr}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "it's",
        '"; rm -rf /',
        "$(id)",
        "`id`",
        "a\nb\n\nc",
        "*",
        "-n",
        "ü日本",
        "\\",
        7,
    ],
)
def test_values_come_as_they_are(value: object) -> None:
    script = 'printf "%s." "$V"; env -0 | grep -z "^V=" | tr -d "\\0"'
    assert bash(script, env={"V": value})["stdout"] == f"{value}.V={value}".strip("\n")


def test_values_are_exported_beside_the_own_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OWN", "mine")
    script = "sh -c 'echo \"$OWN $A $B\"'"
    assert bash(script, env={"A": True, "B": None})["stdout"] == "mine True None"


def test_a_secret_is_real_in_the_script() -> None:
    script = 'printf %s "$V" | tr a-z b-za'
    assert bash(script, env={"V": CallerSecret("hidden")})["stdout"] == "ijeefo"


def test_the_input_is_empty() -> None:
    assert bash("cat; echo $?")["stdout"] == "0"


def test_both_outputs_may_be_large() -> None:
    script = "yes a | head -c 3000000; yes b | head -c 3000000 >&2"
    outputs = bash(f"set +o pipefail; {script}")
    assert [len(outputs["stdout"] or ""), len(outputs["stderr"] or "")] == [
        2_999_999,
        2_999_999,
    ]


def test_sh() -> None:
    assert bash("echo $0 ${BASH_VERSION:-none}", shell="sh")["stdout"] == "sh none"


def test_the_working_folder(tmp_path: Path) -> None:
    folder = tmp_path / "-a folder's"
    folder.mkdir()
    assert bash("pwd; echo $PWD", cwd=folder)["stdout"] == f"{folder}\n{folder}"


def test_a_long_script_is_read_from_a_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script = "x=1\n" + "# a comment\n" * 60_000 + 'echo "$x $A"'
    for shell in ("bash", "sh"):
        assert bash(script, env={"A": 2}, shell=shell)["stdout"] == "1 2"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"env": {"A": "a\0b"}}, "A holds a NUL character, which no environment can"),
        (
            {"env": {"A": "x" * 200_000}},
            "the variable A has 200000 bytes, and the system takes none of more than "
            "128 KiB; hand on the path of a file instead",
        ),
        ({"env": {"A": "\ud800"}}, "A holds text that is not Unicode"),
        ({"shell": "zsh"}, 'the shell "zsh" is not "bash" or "sh"'),
        ({"cwd": "/no/such"}, 'the working folder "/no/such" is not there'),
    ],
    ids=["NUL", "long", "surrogate", "shell", "folder"],
)
def test_what_no_shell_can_take(options: dict[str, Any], message: str) -> None:
    assert str(error_of("true", **options)) == message


def test_all_variables_together_may_be_too_long() -> None:
    variables = {f"V{n}": "x" * 100_000 for n in range(100)} | {"W": "x" * 100_001}
    message = re.sub(r"\d{8}", "SUM", str(error_of("true", env=variables)))
    assert message == (
        "its variables have SUM bytes together, W alone 100001, and the system does not "
        "take so many; hand on the path of a file instead"
    )


def test_a_variable_may_be_as_long_as_the_system_takes() -> None:
    assert bash("echo ${#A}", env={"A": "x" * 131_069})["stdout"] == "131069"
    assert str(error_of("true", env={"A": "x" * 131_070})) == (
        "the variable A has 131070 bytes, and the system takes none of more than "
        "128 KiB; hand on the path of a file instead"
    )


def test_a_script_with_a_nul() -> None:
    error = error_of("echo a\0b")
    assert str(error) == "the script holds a NUL character, which no shell reads"


def test_a_shell_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(error_of("true")) == 'the shell "bash" is not installed'


# --- ends ---


@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        ("echo it broke >&2; exit 3", 3, "exit code 3: it broke"),
        ("false; echo never", 1, "exit code 1"),
        ("false | true", 1, "exit code 1"),
        ("kill -9 $$", -9, "killed by SIGKILL"),
        ("kill -SEGV $$", -11, "killed by SIGSEGV"),
    ],
)
def test_failures(script: str, code: int, message: str) -> None:
    error = error_of(f"echo before\n{script}")
    assert str(error) == message
    assert (error.outputs["return_code"], error.outputs["stdout"]) == (code, "before")


def test_the_last_lines_of_a_long_error() -> None:
    error = error_of("seq 100 >&2; exit 1")
    last = "\n".join(str(n) for n in range(81, 101))
    assert str(error) == f"exit code 1: ...\n{last}"


def test_sh_stops_at_a_failure() -> None:
    assert str(error_of("false; echo never", shell="sh")) == "exit code 1"


def test_a_failed_shell_keeps_its_outputs_in_the_record() -> None:
    def stage(ctx: Any) -> Any:
        return bash("\necho out\nnot-a-command-xyz\n")

    message = "exit code 127: a/s: line 2: not-a-command-xyz: command not found"
    assert stages_of(run_jobs(Job("a", stages={"s": stage}))) == {
        "s": {
            "outputs": {
                "return_code": 127,
                "stdout": "out",
                "stderr": "a/s: line 2: not-a-command-xyz: command not found",
            },
            "status": "FAILED",
            "errors": {"name": "StageError", "message": message},
        }
    }


def test_lines_are_events_of_their_stage() -> None:
    recorder = Recorder()
    script = "echo one; echo two >&2; printf three"
    stages = {"s": lambda ctx: bash(script)}
    run_jobs(Job("a", stages=stages), observer=recorder)
    lines: dict[str, str] = {"stdout": "", "stderr": ""}
    for fields in recorder.of("log", "a/s"):
        assert fields["level"] == "INFO"
        lines[fields["stream"]] += fields["message"] + "\n"
    assert lines == {"stdout": "one\nthree\n", "stderr": "two\n"}


def test_a_background_process_that_holds_the_output_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "DRAIN_S", 0.05)
    outputs = bash("sleep 300 & echo $!")
    pid = int(outputs["stdout"] or "")
    os.kill(pid, 0)  # it was started on purpose, so it lives on
    os.kill(pid, signal.SIGKILL)


def test_a_shell_that_closes_its_outputs_is_waited_for(tmp_path: Path) -> None:
    script = 'exec >&- 2>&-; read _ < "$FIFO"; exit 4'
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    threading.Thread(target=lambda: fifo.write_text("go\n")).start()
    assert str(error_of(script, env={"FIFO": fifo})) == "exit code 4"


def test_signals_that_python_ignores_are_not_ignored() -> None:
    with pytest.raises(StageError) as raised:
        bash("sh -c 'kill -PIPE $$; exit 0'")
    assert raised.value.outputs["return_code"] == -signal.SIGPIPE


def test_the_shell_leads_a_group_of_its_own() -> None:
    stdout = bash("ps -o pid= -o pgid= -o sid= -p $$")["stdout"]
    pid, group, session = (stdout or "").split()
    assert pid == group == session


def test_no_descriptors_are_left_open() -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    bash("true")
    before = count()
    for script in ("true", "exit 1", "x" * 200_000):
        try:
            bash(script)
        except StageError:
            continue
    error_of("true", cwd="/no/such")
    assert count() == before


CLOSED = """
import os, sys
sys.path[:0] = sys.argv[1:]
for n in (0, 1, 2):
    os.close(n)
from wfruntime.stages import bash
outputs = bash("echo out; echo err >&2; cat")
wanted = {"return_code": 0, "stdout": "out", "stderr": "err"}
os._exit(0 if outputs == wanted else 1)
"""


def test_standard_streams_may_be_closed() -> None:
    folder = str(Path(processes.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", CLOSED, folder], timeout=60)
    assert done.returncode == 0


# --- stops ---


def started(script: str) -> tuple[str, Recorder, CancelEvent]:
    """A script that says when it has begun, and an event that is set by that."""
    cancel = CancelEvent()

    class Cancelling(Recorder):
        def event(self, kind: str, path: str, fields: Any) -> None:
            super().event(kind, path, fields)
            if kind == "log" and "begun" in fields["message"]:
                threading.Thread(target=cancel.set).start()

    return f"{script}", Cancelling(), cancel


def test_a_cancel_ends_the_whole_group() -> None:
    script, observer, cancel = started("sleep 300 & echo begun $!; sleep 300")
    result = run_jobs(
        Job("a", stages={"s": lambda ctx: bash(script), "t": lambda ctx: {}}),
        cancel=cancel,
        observer=observer,
    )
    record = stages_of(result)["s"]
    assert (result.status, record["status"]) == ("CANCEL", "CANCEL")
    assert record["errors"] == {
        "name": "StageCancelError",
        "message": "its shell was stopped: the run was cancelled",
    }
    stdout = record["outputs"]["stdout"]
    assert stdout.startswith("begun ")
    assert has_ended(int(stdout.split()[1]))


def test_a_shell_may_end_in_order_when_it_is_cancelled() -> None:
    trap = "trap 'echo tidy; exit 0' TERM; sleep 300 & echo begun; wait"
    script, observer, cancel = started(trap)
    stages = {"s": lambda ctx: bash(script)}
    result = run_jobs(Job("a", stages=stages), cancel=cancel, observer=observer)
    record = stages_of(result)["s"]
    assert record["status"] == "CANCEL"
    assert record["outputs"] == {
        "return_code": 0,
        "stdout": "begun\ntidy",
        "stderr": None,
    }


def test_a_shell_that_does_not_listen_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "GRACE_S", 0.1)
    trap = "trap '' TERM; echo begun; sleep 300; sleep 300"
    script, observer, cancel = started(trap)
    stages = {"s": lambda ctx: bash(script)}
    result = run_jobs(Job("a", stages=stages), cancel=cancel, observer=observer)
    assert stages_of(result)["s"]["outputs"]["return_code"] == -signal.SIGKILL


def test_a_timeout_ends_the_shell_and_fails_the_stage() -> None:
    stage = Stage(lambda ctx: bash("echo begun; sleep 300"), timeout=0.2)
    record = stages_of(run_jobs(Job("a", stages={"s": stage})))["s"]
    assert record == {
        "outputs": {"return_code": -signal.SIGTERM, "stdout": "begun", "stderr": None},
        "status": "FAILED",
        "errors": {
            "name": "StageTimeoutError",
            "message": "it took longer than 0.2 s",
        },
    }


# --- where there is no waitid ---

WITHOUT_WAITID = """
import json, os, sys
del os.waitid
import threading
from wfruntime import errors, processes, stages
from wfruntime.cancel import Stop
from wfruntime.context import RunState, Scope, enter, make_context

processes.GRACE_S = 0.05
found = [stages.bash("echo out; echo err >&2")]
try:
    stages.bash("kill -KILL $$")
except errors.StageError as error:
    found.append(error.outputs)
found.append(stages.bash("sleep 600 & echo $!"))
stop = Stop()
enter(make_context(Scope(RunState(), None, stop), None, stop))
os.mkfifo("ready")
def cancel():
    with open("ready") as file:
        file.read()
    stop.set("the test")
threading.Thread(target=cancel).start()
script = "trap '' TERM; (sleep 600 & echo $!); echo $$; echo > ready; sleep 600; sleep 600"
try:
    stages.bash(script)
except errors.StageCancelError as error:
    found.append(error.outputs)
print(json.dumps(found))
"""


def test_without_waitid_shells_run_and_end_as_well(tmp_path: Path) -> None:
    folder = str(Path(processes.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_WAITID],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": folder},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    well, killed, left, stopped = json.loads(done.stdout)
    assert well == {"return_code": 0, "stdout": "out", "stderr": "err"}
    assert killed == {"return_code": -signal.SIGKILL, "stdout": None, "stderr": None}
    assert left["return_code"] == 0
    os.kill(int(left["stdout"]), signal.SIGKILL)  # nobody has asked it to end
    assert stopped["return_code"] == -signal.SIGKILL
    assert all(has_ended(int(pid)) for pid in stopped["stdout"].split())


# --- memory ---


def test_an_output_is_held_once() -> None:
    chunk = b"x" * 65_535 + b"\n"
    size = 200 * len(chunk)
    output = processes.Output(lambda lines: None)
    tracemalloc.start()
    try:
        for _ in range(200):
            output.take(chunk)
        output.take(b"")
        while_it_runs, _ = tracemalloc.get_traced_memory()
        text = output.text()
        at_the_end, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(text) == size - 1
    assert while_it_runs < 1.1 * size
    assert at_the_end < 1.1 * size
    assert peak < 2.1 * size


@pytest.mark.parametrize(
    ("chunks", "text"),
    [
        ([], ""),
        ([b"\n", b"\n\n"], ""),
        ([b"\n", b"\na\n", b"\nb\n", b"\n"], "a\n\nb"),
        ([b"\n a \n"], " a "),
    ],
)
def test_the_line_breaks_at_the_ends_are_cut(chunks: list[bytes], text: str) -> None:
    output = processes.Output(lambda lines: None)
    for chunk in [*chunks, b""]:
        output.take(chunk)
    assert (output.text(), output.text()) == (text, "")


def test_a_script_that_kills_its_shell_does_not_kill_the_run() -> None:
    with pytest.raises(StageError) as caught:
        bash('sh -c "kill -9 \\$PPID"')
    assert str(caught.value) == "killed by SIGKILL"
    assert caught.value.outputs["return_code"] == -9
