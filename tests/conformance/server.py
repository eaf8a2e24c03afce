"""The other side of forks.py: starts a process that answers, and asks it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.conformance.case_files import Case

ROOT = Path(__file__).parents[2]


class Server:
    """`with Server([python, "-m", MODULE]) as server:`, for as many requests as wanted."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)

    def ask(self, case: Case, folder: Path, **more: str) -> dict[str, Any]:
        """Args:
        folder: where the case is laid out.
        more: what else the process wants to know.
        """
        request: Mapping[str, Any] = {
            "folder": str(folder),
            "environment": {"PATH": os.environ["PATH"], **case.environment},
            "asked": case.asked,
            **more,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that answers has ended"
        reply: dict[str, Any] = json.loads(line)
        return reply
