"""Hooks of runs in this process: real servers, real shells."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hook_servers import CLOSE, DRIBBLE, HANG, serving
from running import put, raising, workflow
from wfruntime import posts
from wfruntime.graph import Job, Workflow
from wfruntime.hooks import Ping, RunHook, UrlHook
from wfruntime.journal import read_journal
from wfruntime.result import RunResult
from wfruntime.runner import run
from wfruntime.stages import env

pytestmark = pytest.mark.usefixtures("runs")
OURS = ("WFC_RUNS_DIR", "WFC_NO_CACHE")  # of the tests
GOOD = Job("good", stages={"one": put()})
BAD = Job("bad", stages={"one": raising(ValueError("no such\nthing"))})


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "FIRST_WAIT_S", 0.05)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def hooked(*jobs: Job, **options: Any) -> Workflow[Any]:
    return workflow(*jobs, lines={"bad/one": 7}, **options)


def hook_events(result: RunResult) -> list[dict[str, Any]]:
    """Those of the journal, without what differs from run to run."""
    assert result.journal is not None
    events = list(read_journal(result.journal))
    for event in events:
        assert event.pop("ts") > 0
    told = [event for event in events if event["event"] == "hook"]
    for event in told:
        assert event.pop("duration") >= 0
        assert (event.pop("event"), event.pop("path")) == ("hook", "")
    return told


# --- commands ---


def test_a_command_has_the_result_in_its_environment(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    hook = RunHook(f'\nenv -0 > "{seen}"\n')
    result = run(hooked(GOOD, BAD, on_failure=[hook]))
    lines = dict(each.split("=", 1) for each in seen.read_text().split("\0") if each)
    told = {k: v for k, v in lines.items() if k.startswith("WFC_") and k not in OURS}
    assert 0 <= float(told.pop("WFC_DURATION")) < 60
    assert told == {
        "WFC_WORKFLOW": "wf",
        "WFC_RUN_ID": result.run_id,
        "WFC_STATUS": "FAILED",
        "WFC_SLOT": "",
        "WFC_ERROR": 'job "bad" failed: stage "one" failed: ValueError: no such',
        "WFC_ERROR_PLACE": "conf/wf.yml:7",
        "WFC_JOURNAL": result.journal,
        "WFC_SOURCE": "conf/wf.yml",
    }
    assert hook_events(result) == [
        {"hook": "on-failure", "kind": "run", "attempts": 1, "outcome": "done"}
    ]


def test_a_value_is_no_code(tmp_path: Path) -> None:
    text = f'$(touch {tmp_path}/bad) `touch {tmp_path}/bad` "; touch {tmp_path}/bad'
    hook = RunHook('echo "$WFC_ERROR"')
    bad = Job("bad", stages={"one": raising(ValueError(text))})
    (told,) = hook_events(run(hooked(bad, on_failure=[hook])))
    assert text in told["output"]
    assert list(tmp_path.glob("bad")) == []


def test_only_the_hooks_of_the_outcome_are_called(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hooks: dict[str, Any] = {
        "on_failure": [RunHook("echo failed")],
        "on_success": [RunHook("echo good"), RunHook("echo >&2 twice")],
    }
    told = [
        (each["hook"], each["output"])
        for job in (GOOD, BAD)
        for each in hook_events(run(hooked(job, **hooks)))
    ]
    assert told == [
        ("on-success[0]", "good"),
        ("on-success[1]", "twice"),
        ("on-failure", "failed"),
    ]
    assert capsys.readouterr().err == ""


def test_a_command_that_fails_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    hook = RunHook("echo before; echo it broke >&2; exit 3")
    result = run(hooked(GOOD, on_success=[hook]))
    assert (result.status, result.exit_code) == ("SUCCESS", 0)
    assert hook_events(result) == [
        {
            "hook": "on-success",
            "kind": "run",
            "attempts": 1,
            "outcome": "failed",
            "error": "exit code 3",
            "output": "before\nit broke",
        }
    ]
    err = [line[20:] for line in capsys.readouterr().err.splitlines()]
    assert err == [
        "WARNING wf: on-success failed: exit code 3",
        "WARNING wf: on-success: before",
        "WARNING wf: on-success: it broke",
    ]


def test_a_command_ends_at_its_timeout_with_what_it_has_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    hook = RunHook(f'sleep 60 & echo $! > "{pid}"; wait', timeout=0.5)
    begin = time.monotonic()
    (told,) = hook_events(run(hooked(BAD, on_failure=[hook])))
    assert time.monotonic() - begin < 10
    assert told["error"] == "it took longer than 0.5 s"
    with pytest.raises(ProcessLookupError):
        while time.monotonic() - begin < 10:  # until init has reaped it
            os.kill(int(pid.read_text()), 0)


def test_of_much_output_the_last_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    script = "seq 30000 | sed s/.*/$(printf %100s | tr ' ' x)/; echo end; false"
    hook = RunHook(script)
    (told,) = hook_events(run(hooked(BAD, on_failure=[hook])))
    lines = told["output"].splitlines()
    assert (lines[0], lines[-1]) == ("...", "end")
    assert set(lines[1:-1]) == {"x" * 100}
    assert 15_000 < len(told["output"]) < 20_000
    err = capsys.readouterr().err.splitlines()
    assert (len(err), err[1][20:]) == (22, "WARNING wf: on-failure: ...")


def test_the_half_of_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "s" * 40_000)
    (told,) = hook_events(
        run(hooked(BAD, on_failure=[RunHook('echo "$SOME_TOKEN"; echo end')]))
    )
    assert told["output"] == "...\nend"


def test_without_bash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = run(hooked(BAD, on_failure=[RunHook("true")]))
    assert result.exit_code == 1
    assert hook_events(result)[0]["error"] == 'the shell "bash" is not installed'
    assert "not installed" in capsys.readouterr().err


def test_secrets_are_masked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "hunter2-and-more")
    result = run(hooked(BAD, on_failure=[RunHook('echo "$SOME_TOKEN"; false')]))
    (told,) = hook_events(result)
    assert told["output"] == "**********"
    assert "hunter2" not in capsys.readouterr().err


# --- addresses ---


def test_an_address_gets_the_result_and_is_tried_again() -> None:
    with serving(500, 429, 200) as server:
        hook = UrlHook(f"{server.url}/hook/secret?token=secret")
        result = run(hooked(BAD, on_failure=[hook]))
    assert [(method, path) for method, path, _ in server.requests] == [
        ("POST", "/hook/secret?token=secret")
    ] * 3
    body = json.loads(server.requests[-1][2])
    assert 0 <= body.pop("duration") < 60
    assert body == {
        "workflow": "wf",
        "run_id": result.run_id,
        "status": "FAILED",
        "slot": "",
        "error": 'job "bad" failed: stage "one" failed: ValueError: no such',
        "error_place": "conf/wf.yml:7",
        "journal": result.journal,
        "source": "conf/wf.yml",
    }
    assert hook_events(result) == [
        {
            "hook": "on-failure",
            "kind": "url",
            "url": f"{server.url}/**********",
            "attempts": 3,
            "outcome": "done",
        }
    ]


@pytest.mark.parametrize(
    ("statuses", "attempts", "error"),
    [
        ((404,), 1, "HTTP 404 Not Found"),
        ((301,), 1, "HTTP 301 Moved Permanently"),
        ((503,), 3, "HTTP 503 Service Unavailable"),
        ((CLOSE,), 3, "no answer: Remote end closed connection without response"),
        ((HANG,), 3, "no answer within 0.3 s"),
        ((DRIBBLE,), 3, "no answer within 0.3 s"),
    ],
)
def test_a_server_that_does_not_take_it_changes_nothing(
    statuses: tuple[int, ...],
    attempts: int,
    error: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(*statuses) as server:
        hook = UrlHook(f"{server.url}/secret", timeout=0.3)
        begin = time.monotonic()
        result = run(hooked(GOOD, on_success=[hook]))
        assert time.monotonic() - begin < 5
    assert (result.status, result.exit_code) == ("SUCCESS", 0)
    (told,) = hook_events(result)
    assert (told["attempts"], told["error"]) == (attempts, error)
    after = f" after {attempts} tries" if attempts > 1 else ""
    said = f"on-success ({server.url}/**********) failed{after}: {error}\n"
    assert capsys.readouterr().err.endswith(said)


def test_nobody_listens_and_no_such_host() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        hooks = [
            UrlHook(f"http://127.0.0.1:{port}/", retry=1),
            UrlHook("https://no-such-host.invalid/secret", retry=0),
            UrlHook("ftp://127.0.0.1/secret"),
            UrlHook("https://exa mple/sec ret\n", retry=0),
        ]
        result = run(hooked(BAD, on_failure=hooks))
    told = hook_events(result)
    assert [(each["attempts"], each["outcome"]) for each in told] == [
        (2, "failed"),
        (1, "failed"),
        (0, "failed"),
        (1, "failed"),
    ]
    assert told[0]["error"] == "no connection: Connection refused"
    assert "secret" not in str(told) and "sec ret" not in str(told)


def test_an_address_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving() as server:
        monkeypatch.setenv("HOOK_TOKEN", "t0ken-of-hook")
        hook = UrlHook(lambda: f"{server.url}/{env('HOOK_TOKEN')}")
        result = run(hooked(BAD, on_failure=[hook], hook_env={"HOOK_TOKEN": 3}))
    assert server.paths == ["/t0ken-of-hook"]
    assert "t0ken" not in Path(str(result.journal)).read_text()
    monkeypatch.delenv("HOOK_TOKEN")
    result = run(hooked(GOOD, BAD, on_failure=[hook], hook_env={"HOOK_TOKEN": 3}))
    assert (result.status, result.exit_code) == ("FAILED", 1)
    unset = "environment variable HOOK_TOKEN is not set"
    assert [each["error"] for each in hook_events(result)] == [unset]
    first, last = (line[20:] for line in capsys.readouterr().err.splitlines())
    assert first == f"WARNING wf: {unset} (conf/wf.yml:3): its hook will fail"
    assert last == f"WARNING wf: on-failure failed: {unset}"


# --- pings ---


def test_pings_of_a_good_and_of_a_bad_run() -> None:
    with serving() as server:
        good = run(hooked(GOOD, ping=Ping(f"{server.url}/uuid")))
        bad = run(hooked(BAD, ping=Ping(f"{server.url}/uuid/?create=1")))
    paths = [path.partition("?") for path in server.paths]
    assert [path for path, _, _ in paths] == [
        "/uuid/start",
        "/uuid",
        "/uuid/start",
        "/uuid/fail",
    ]
    rids = [query.rpartition("rid=")[2] for _, _, query in paths]
    assert rids[0] == rids[1] != rids[2] == rids[3]
    assert UUID(rids[0]).version == 5
    assert paths[3][2].startswith("create=1&rid=")
    method, _, body = server.requests[-1]
    assert method == "POST"
    assert body == 'job "bad" failed: stage "one" failed: ValueError: no such'
    for result, ending in ((good, "ping.success"), (bad, "ping.fail")):
        told = [(each["hook"], each["outcome"]) for each in hook_events(result)]
        assert told == [("ping.start", "done"), (ending, "done")]


def test_the_start_delays_no_run_and_comes_first() -> None:
    ended: list[float] = []
    job = Job("good", stages={"one": lambda ctx: ended.append(time.monotonic()) or {}})
    with serving(HANG, 200) as server:
        begin = time.monotonic()
        result = run(hooked(job, ping=Ping(f"{server.url}/u", timeout=0.5)))
        server.released.set()
    assert ended[0] - begin < 0.4
    assert [path.partition("?")[0] for path in server.paths] == ["/u/start", "/u"]
    start, end = hook_events(result)
    assert (start["error"], start["attempts"]) == ("no answer within 0.5 s", 1)
    assert end["outcome"] == "done"


def test_a_start_that_was_given_up_sends_nothing_later() -> None:
    """The server takes the connection, and the request may wait in the thread till then."""
    gate = posts._Gate()
    with (
        serving() as server,
        socket.create_connection(server.server_address[:2]) as one,
    ):
        gate.close()
        gate.enter(one)
        with pytest.raises(OSError, match=r".*"):
            one.sendall(b"GET /late HTTP/1.0\r\n\r\n")
    assert server.requests == []


# --- when they are called ---


def test_not_in_a_dry_run_nor_in_a_triggered_one() -> None:
    inner = hooked(BAD, on_failure=[RunHook("echo inner")])
    outer = Job("outer", stages={"call": lambda ctx: dict(ctx.trigger(inner))})
    hooks = [RunHook("echo outer")]
    result = run(hooked(outer, on_failure=hooks))
    assert [each["output"] for each in hook_events(result)] == ["outer"]
    folder = Path(str(result.journal)).parent
    assert sum('"event":"hook"' in p.read_text() for p in folder.glob("*")) == 1
    assert hook_events(run(hooked(BAD, on_failure=hooks), mode="dryrun")) == []


def test_a_run_that_cannot_begin() -> None:
    unset = hooked(
        GOOD, on_failure=[RunHook('echo "$WFC_ERROR_PLACE"')], env={"NOT_SET": 4}
    )
    (told,) = hook_events(run(unset))
    assert told["output"] == "conf/wf.yml:4"


def test_a_cancelled_run_has_failed() -> None:
    cancel = threading.Event()
    cancel.set()
    hooks = [RunHook('echo "$WFC_STATUS"')]
    (told,) = hook_events(run(hooked(GOOD, on_failure=hooks), cancel=cancel))
    assert told["output"] == "CANCEL"


def test_without_a_journal(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs.write_text("a file where the folder should be")
    seen = tmp_path / "seen"
    hook = RunHook(f'echo "$WFC_JOURNAL|$WFC_ERROR" > "{seen}"')
    result = run(hooked(GOOD, on_failure=[hook]))
    assert (result.status, result.journal, result.exit_code) == ("FAILED", None, 2)
    assert seen.read_text().startswith("|the journal ")


def test_they_come_behind_the_end_of_the_run() -> None:
    hook = RunHook('grep -c run.end "$WFC_JOURNAL"')
    result = run(hooked(GOOD, on_success=[hook]))
    assert hook_events(result)[0]["output"] == "1"
    kinds = [event["event"] for event in read_journal(str(result.journal))]
    assert kinds[-2:] == ["run.end", "hook"]
