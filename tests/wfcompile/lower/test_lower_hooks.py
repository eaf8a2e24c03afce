"""Hooks: what they hold, what the module says, one clear error for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from lowering import lowered

from wfcompile import ir

JOBS = """\
  jobs:
    a:
      stages:
        - name: b
          echo: c
"""


def workflow(hooks: str, params: str = "") -> str:
    lines = "".join(f"  {line}\n" for line in hooks.splitlines())
    return f"w:\n  type: Workflow\n{lines}{params}{JOBS}"


def test_a_text_is_a_command_and_one_hook_a_list(tmp_path: Path) -> None:
    hooks = lowered(tmp_path, workflow("on-failure: ./notify.sh\non-success: {run: x}"))
    assert hooks.messages == []
    assert hooks.only.hooks == ir.Hooks(
        (ir.RunHook("ON_FAILURE", "./notify.sh"),), (ir.RunHook("ON_SUCCESS", "x"),)
    )


def test_addresses_and_their_options(tmp_path: Path) -> None:
    text = (
        "on-success: [{url: https://a.b/c, retry: 0}, x]\n"
        "ping: {url: ' https://a.b/${ID} ', timeout: 5}"
    )
    found = lowered(tmp_path, workflow(text))
    assert found.messages == []
    url = ir.Join((ir.Const("https://a.b/"), ir.Env("ID", None)))
    assert found.only.hooks == ir.Hooks(
        (),
        (
            ir.UrlHook("on-success", "", ir.Const("https://a.b/c"), 0),
            ir.RunHook("ON_SUCCESS", "x"),
        ),
        ir.UrlHook("ping", "ping_url", url, None, 5.0),
        (("ID", 4),),
    )
    assert found.only.env_lines == ()


def test_no_name_is_taken_twice(tmp_path: Path) -> None:
    text = workflow("on-failure: |\n  a\n  b\nping: ${PING_URL}").replace(
        "    a:", "    ping-url:"
    )
    assert "rt.Ping(ping_url)" in lowered(tmp_path, text).text


@pytest.mark.parametrize(
    ("hooks", "message"),
    [
        (
            "on-failure: {url: https://a.b, run: x}",
            'WF114 3:16: a hook with a "run" has no "url" '
            "(write two hooks, as items of a list)",
        ),
        (
            "on-failure: {run: x, retry: 2}",
            'WF114 3:24: a hook with a "run" has no "retry" '
            "(let the command itself try again, or take it away)",
        ),
        (
            "on-failure: {timeout: 2}",
            'WF105 3:16: a hook needs "run" or "url" '
            '(add one: run: ./notify.sh, or url: "https://hooks.example/...")',
        ),
        (
            "on-failure: {rum: x}",
            'WF104 3:16: a hook has no key "rum" (its keys are run, url, retry, timeout)',
        ),
        (
            "on-failures: x",
            'WF104 3:3: workflow "w" has no key "on-failures" '
            '(did you mean "on-failure"?)',
        ),
        (
            "on-failure: https://a.b/c",
            'WF106 3:15: a hook is the text "https://a.b/c", expected a command '
            '(write it as "url": {url: "https://a.b/c"})',
        ),
        (
            "on-failure: ''",
            "WF106 3:15: a hook is an empty text, expected a command",
        ),
        (
            "on-failure: [5]",
            "WF106 3:16: a hook is the number 5, " "expected a command or a mapping",
        ),
        (
            "ping: hc-ping.com/x",
            'WF106 3:9: "ping" is the text "hc-ping.com/x", expected an address that '
            "begins with https:// (write all of it, such as "
            "https://hooks.example/${HOOK_TOKEN})",
        ),
        (
            "ping: {retry: 20, url: https://a.b}",
            'WF107 3:17: "retry" is the number 20, expected a whole number from 0 to 19 '
            "(write 19, or a smaller number)",
        ),
    ],
)
def test_mistakes(tmp_path: Path, hooks: str, message: str) -> None:
    assert lowered(tmp_path, workflow(hooks)).messages == [message]


@pytest.mark.parametrize("hooks", ["on-failure: echo X", "ping: https://a.b/X"])
def test_a_value_of_the_run_is_refused(tmp_path: Path, hooks: str) -> None:
    text = workflow(hooks.replace("X", "${{ params.x }}"), "  params: {x: str}\n")
    (message,) = lowered(tmp_path, text).messages
    assert message.startswith("WF106 3:")
    assert "expected a constant (no value of the run can stand here" in message


def test_shell_text_is_checked(tmp_path: Path) -> None:
    text = workflow('on-failure:\n  - "echo \'open"\n  - echo $API_TOKEN')
    messages = lowered(tmp_path, text).messages
    codes = [each.partition(": ")[0] for each in messages]
    assert codes == ["WF520 4:13", "WF571 5:12"]


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("http://hooks.example/x", True),
        ("HTTP://hooks.example", True),
        ("https://hooks.example/x", False),
        ("http://localhost:8080/x", False),
        ("http://127.0.0.1/x", False),
        ("http://127.0.0.1.example/x", True),
        ("http://[::1]:80/x", False),
        ("${HOOK_URL}", False),
    ],
)
def test_an_address_without_tls(tmp_path: Path, url: str, is_told: bool) -> None:
    messages = lowered(tmp_path, workflow(f'ping: "{url}"')).messages
    assert [each[:5] for each in messages] == ["WF577"] * is_told
