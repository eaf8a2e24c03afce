"""Answers requests: a mapping a line in, an answer a line out, all as JSON.

Each request is answered in a fork of its own, so with fresh modules, its own working folder and
environment, and yet without the start of a Python. What takes too long is `{"hang": true}`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PATIENCE_S = 20.0

Request = Mapping[str, Any]
Reply = dict[str, Any]
Answer = Callable[[Request], Reply]


def serve(answer: Answer, *, patience_s: float = PATIENCE_S) -> None:
    """Until standard input ends. A request has a `folder`, which gets what is printed."""
    for line in sys.stdin:
        reply = _in_child(answer, json.loads(line), patience_s)
        print(json.dumps(reply), flush=True)


def _in_child(answer: Answer, request: Request, patience_s: float) -> Reply:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _answer(answer, request, write)
    os.close(write)
    try:
        return json.loads(_received(read, patience_s)) or {"died": _printed(request)}
    except TimeoutError:
        return {"hang": True}
    finally:
        os.close(read)
        _end(child)


def _answer(answer: Answer, request: Request, write: int) -> None:
    """Never returns: the child ends here."""
    os.setsid()
    output = os.open(f"{request['folder']}/printed.txt", os.O_CREAT | os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        text = json.dumps(answer(request))
    except BaseException:
        text = json.dumps({"died": traceback.format_exc()})
    with os.fdopen(write, "w") as pipe:
        pipe.write(text)
    os._exit(0)


def _received(read: int, patience_s: float) -> bytes:
    """All that the child writes; `null` if it died before."""
    deadline = time.monotonic() + patience_s
    received = b""
    while True:
        ready, _, _ = select.select(
            [read], [], [], max(0.0, deadline - time.monotonic())
        )
        if not ready:
            raise TimeoutError
        chunk = os.read(read, 1 << 16)
        if not chunk:
            return received or b"null"
        received += chunk


def _end(child: int) -> None:
    """With the processes of its stages."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # it had no time to make its group
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _printed(request: Request) -> str:
    return Path(request["folder"], "printed.txt").read_text(errors="replace")
